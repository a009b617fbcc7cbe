"""Conditions: how the practice is at the moment, for automations."""

from typing import Any, ClassVar, Final, Unpack, override

from homeassistant.const import CONF_OPTIONS
from homeassistant.core import HomeAssistant
from homeassistant.helpers import config_validation as cv
from homeassistant.helpers.condition import (
    Condition,
    ConditionCheckParams,
    ConditionConfig,
)
from homeassistant.helpers.typing import ConfigType
import voluptuous as vol

from .const import CONF_DOOR, CONF_DRILL, CONF_KIND, CONF_MODE, DOMAIN
from .coordinator import CabinetSecureConfigEntry, PracticeCoordinator
from .practice.panic.state import PanicKind
from .practice.state import Mode

_DOOR: Final[dict[vol.Marker, Any]] = {
    vol.Optional(CONF_DOOR, default=list): vol.All(cv.ensure_list, [cv.string])
}
_MODE: Final[dict[vol.Marker, Any]] = {
    vol.Required(CONF_MODE): vol.All(
        cv.ensure_list, vol.Length(min=1), [vol.In([mode.value for mode in Mode])]
    )
}


class PracticeCondition(Condition):
    """True where it is true of any practice that is set up."""

    options: ClassVar[dict[vol.Marker, Any]]

    @override
    @classmethod
    async def async_validate_config(
        cls, hass: HomeAssistant, config: ConfigType
    ) -> ConfigType:
        schema = vol.Schema({vol.Required(CONF_OPTIONS, default=dict): cls.options})
        validated: ConfigType = schema(config)
        return validated

    def __init__(self, hass: HomeAssistant, config: ConditionConfig) -> None:
        """Remember what is asked."""
        super().__init__(hass, config)
        self._options: dict[str, Any] = config.options or {}

    @override
    def _async_check(self, **kwargs: Unpack[ConditionCheckParams]) -> bool:
        entries: list[CabinetSecureConfigEntry] = (
            self._hass.config_entries.async_loaded_entries(DOMAIN)
        )
        return any(self._holds(entry.runtime_data) for entry in entries)

    def _holds(self, coordinator: PracticeCoordinator) -> bool:
        raise NotImplementedError


class ModeCondition(PracticeCondition):
    """The practice is in one of these modes."""

    options = _MODE

    @override
    def _holds(self, coordinator: PracticeCoordinator) -> bool:
        return coordinator.state.mode in self._options[CONF_MODE]


class RingPendingCondition(PracticeCondition):
    """Somebody is at a door, and nobody has settled it yet."""

    options = _DOOR

    @override
    def _holds(self, coordinator: PracticeCoordinator) -> bool:
        doors = self._options.get(CONF_DOOR)
        return any(
            not doors or coordinator.devices.get(ring.door) in doors
            for ring in coordinator.state.rings
            if not ring.phase.is_over
        )


class PanicActiveCondition(PracticeCondition):
    """Somebody called for help, and it was not reset; drills count only if asked for."""

    options: ClassVar[dict[vol.Marker, Any]] = {
        vol.Optional(CONF_KIND, default=list): vol.All(
            cv.ensure_list, [vol.In([kind.value for kind in PanicKind])]
        ),
        vol.Optional(CONF_DRILL, default=False): cv.boolean,
    }

    @override
    def _holds(self, coordinator: PracticeCoordinator) -> bool:
        kinds = self._options[CONF_KIND]
        return any(
            (not kinds or panic.kind in kinds)
            and (self._options[CONF_DRILL] or not panic.drill)
            for panic in coordinator.state.panic.open
        )


CONDITIONS: dict[str, type[Condition]] = {
    "mode": ModeCondition,
    "panic_active": PanicActiveCondition,
    "ring_pending": RingPendingCondition,
}


async def async_get_conditions(hass: HomeAssistant) -> dict[str, type[Condition]]:
    """Return the conditions of practices."""
    return CONDITIONS
