"""The alarm of the practice."""

from typing import Any, Final, override

from homeassistant.components.alarm_control_panel import (
    AlarmControlPanelEntity,
    AlarmControlPanelEntityDescription,
)
from homeassistant.components.alarm_control_panel.const import (
    AlarmControlPanelEntityFeature,
    AlarmControlPanelState,
    CodeFormat,
)
from homeassistant.core import HomeAssistant
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from .coordinator import CabinetSecureConfigEntry
from .entity import PracticeEntity
from .listeners import ALARM as ALARM_TOPIC
from .people import async_actor
from .practice.intrusion.events import ArmRequested, DisarmRequested, TriggerRequested
from .practice.intrusion.obstacles import left_open
from .practice.intrusion.state import AlarmPhase, ArmMode

PARALLEL_UPDATES = 0

ALARM = AlarmControlPanelEntityDescription(key="alarm", translation_key="alarm")

_PHASES: Final = {
    AlarmPhase.DISARMED: AlarmControlPanelState.DISARMED,
    AlarmPhase.ARMING: AlarmControlPanelState.ARMING,
    AlarmPhase.PENDING: AlarmControlPanelState.PENDING,
    AlarmPhase.TRIGGERED: AlarmControlPanelState.TRIGGERED,
}


async def async_setup_entry(
    hass: HomeAssistant,
    entry: CabinetSecureConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Set up the alarm of the practice."""
    async_add_entities([AlarmPanel(entry.runtime_data, ALARM)])


class AlarmPanel(PracticeEntity, AlarmControlPanelEntity):
    """The alarm. It is disarmed by a code, or without one by somebody who may open."""

    _topic = ALARM_TOPIC
    _attr_code_arm_required = False
    _attr_supported_features = (
        AlarmControlPanelEntityFeature.ARM_AWAY
        | AlarmControlPanelEntityFeature.ARM_HOME
        | AlarmControlPanelEntityFeature.ARM_CUSTOM_BYPASS
        | AlarmControlPanelEntityFeature.TRIGGER
    )
    _unrecorded_attributes = frozenset(
        {"open_sensors", "bypassed_sensors", "tripped_sensors"}
    )

    @property
    @override
    def alarm_state(self) -> AlarmControlPanelState:
        alarm = self.coordinator.state.intrusion
        if alarm.phase is not AlarmPhase.ARMED:
            return _PHASES[alarm.phase]
        if alarm.arm_mode is ArmMode.HOME:
            return AlarmControlPanelState.ARMED_HOME
        if alarm.bypassed:
            return AlarmControlPanelState.ARMED_CUSTOM_BYPASS
        return AlarmControlPanelState.ARMED_AWAY

    @property
    @override
    def code_format(self) -> CodeFormat | None:
        return CodeFormat.NUMBER if self.coordinator.codes.book else None

    @property
    @override
    def changed_by(self) -> str | None:
        changed_by = self.coordinator.state.intrusion.changed_by
        return changed_by.name if changed_by is not None else None

    @property
    @override
    def extra_state_attributes(self) -> dict[str, Any]:
        coordinator = self.coordinator
        alarm = coordinator.state.intrusion
        sensors = coordinator.alarm_sensors
        return {
            "open_sensors": sensors.entity_ids(left_open(coordinator.config, alarm)),
            "bypassed_sensors": sensors.entity_ids(sorted(alarm.bypassed)),
            "tripped_sensors": sensors.entity_ids(alarm.tripped),
            "until": alarm.until.isoformat() if alarm.until else None,
        }

    @override
    async def async_alarm_disarm(self, code: str | None = None) -> None:
        actor = await async_actor(self.hass, self._context)
        await self._ask(DisarmRequested(actor=actor), code)

    @override
    async def async_alarm_arm_away(self, code: str | None = None) -> None:
        await self.async_arm(ArmMode.AWAY, code=code)

    @override
    async def async_alarm_arm_home(self, code: str | None = None) -> None:
        await self.async_arm(ArmMode.HOME, code=code)

    @override
    async def async_alarm_arm_custom_bypass(self, code: str | None = None) -> None:
        await self.async_arm(ArmMode.AWAY, bypass=True, code=code)

    @override
    async def async_alarm_trigger(self, code: str | None = None) -> None:
        actor = await async_actor(self.hass, self._context)
        await self.coordinator.async_request(TriggerRequested(actor=actor))

    async def async_arm(
        self, mode: str, *, bypass: bool = False, code: str | None = None
    ) -> None:
        """Arm; `bypass` leaves out what is open and may be left out.

        Raises ServiceValidationError where the caller may not, where the code is wrong,
        or where something stands in the way.
        """
        actor = await async_actor(self.hass, self._context)
        await self._ask(
            ArmRequested(actor=actor, mode=ArmMode(mode), bypass=bypass), code
        )

    async def _ask(
        self, wish: ArmRequested | DisarmRequested, code: str | None
    ) -> None:
        if code:
            await self.coordinator.codes.present(wish.actor, code, wish)
        else:
            await self.coordinator.async_request(wish)
