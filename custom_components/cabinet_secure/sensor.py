"""The ring, the next mode and the incidents, as sensors of the practice."""

from datetime import datetime
from typing import Any, override

from homeassistant.components.sensor import (
    SensorDeviceClass,
    SensorEntity,
    SensorEntityDescription,
    SensorStateClass,
)
from homeassistant.const import EntityCategory
from homeassistant.core import HomeAssistant
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from .coordinator import CabinetSecureConfigEntry
from .entity import PracticeEntity
from .incident_entities import LastIncident, RecentIncidents
from .practice.panic import chain
from .practice.panic.chain import ChainStatus
from .practice.state import Mode, RingPhase

PARALLEL_UPDATES = 0

IDLE = "idle"
RINGING = "ringing"
ANSWERED = "answered"

RING = SensorEntityDescription(
    key="ring",
    translation_key="ring",
    device_class=SensorDeviceClass.ENUM,
    options=[IDLE, RINGING, ANSWERED],
)
NEXT_MODE_CHANGE = SensorEntityDescription(
    key="next_mode_change",
    translation_key="next_mode_change",
    device_class=SensorDeviceClass.TIMESTAMP,
)
INCIDENTS_30_DAYS = SensorEntityDescription(
    key="incidents_30_days",
    translation_key="incidents_30_days",
    state_class=SensorStateClass.MEASUREMENT,
)
LAST_INCIDENT = SensorEntityDescription(
    key="last_incident",
    translation_key="last_incident",
    device_class=SensorDeviceClass.TIMESTAMP,
)

PANIC_CHAIN = SensorEntityDescription(
    key="panic_chain",
    translation_key="panic_chain",
    device_class=SensorDeviceClass.ENUM,
    options=[status.value for status in ChainStatus],
    entity_category=EntityCategory.DIAGNOSTIC,
)


async def async_setup_entry(
    hass: HomeAssistant,
    entry: CabinetSecureConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Set up the sensors of the practice."""
    coordinator = entry.runtime_data
    async_add_entities(
        [
            RingSensor(coordinator, RING),
            NextModeChange(coordinator, NEXT_MODE_CHANGE),
            RecentIncidents(coordinator, INCIDENTS_30_DAYS),
            LastIncident(coordinator, LAST_INCIDENT),
            PanicChain(coordinator, PANIC_CHAIN),
        ]
    )


class RingSensor(PracticeEntity, SensorEntity):
    """Whether anybody is at a door: a ring that nobody answered comes first."""

    @property
    @override
    def native_value(self) -> str:
        phases = {
            ring.phase
            for ring in self.coordinator.state.rings
            if not ring.phase.is_over
        }
        if RingPhase.RINGING in phases:
            return RINGING
        return ANSWERED if phases else IDLE


class PanicChain(PracticeEntity, SensorEntity):
    """Whether a call for help would reach somebody, as far as that is known."""

    @property
    @override
    def native_value(self) -> str:
        return chain.status(self.coordinator.state.panic)

    @property
    @override
    def extra_state_attributes(self) -> dict[str, Any]:
        panic = self.coordinator.state.panic
        return {
            "problems": [
                {"problem": problem.trouble.value, "subject": problem.subject}
                for problem in panic.problems
            ],
            "walked_at": panic.walked_at,
            "proven_at": panic.proven_at,
            "drilled_at": panic.drilled_at,
        }


class NextModeChange(PracticeEntity, SensorEntity):
    """When the mode changes next by itself; unknown where nothing foresees that."""

    @property
    def _next(self) -> tuple[datetime, Mode | None] | None:
        state = self.coordinator.state
        scheduled, choice = state.hours.scheduled, state.hours.choice
        if state.mode is Mode.LOCKDOWN:
            return None
        if choice is not None and choice.until is None:
            return None
        if choice is not None and choice.until is not None:
            after = scheduled.changes_to if scheduled else Mode.STAFF_ONLY
            if scheduled and choice.until != scheduled.changes_at:
                after = None
            return choice.until, after
        if scheduled is None or scheduled.changes_at is None:
            return None
        return scheduled.changes_at, scheduled.changes_to

    @property
    @override
    def native_value(self) -> datetime | None:
        change = self._next
        return change[0] if change else None

    @property
    @override
    def extra_state_attributes(self) -> dict[str, Any]:
        """Return the mode that comes, where it is known."""
        change = self._next
        return {"mode": change[1].value if change and change[1] else None}
