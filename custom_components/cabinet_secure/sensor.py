"""The ring, as a sensor of the practice."""

from typing import override

from homeassistant.components.sensor import (
    SensorDeviceClass,
    SensorEntity,
    SensorEntityDescription,
)
from homeassistant.core import HomeAssistant
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from .coordinator import CabinetSecureConfigEntry
from .entity import PracticeEntity
from .practice.state import RingPhase

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


async def async_setup_entry(
    hass: HomeAssistant,
    entry: CabinetSecureConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Set up the sensors of the practice."""
    async_add_entities([RingSensor(entry.runtime_data, RING)])


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
