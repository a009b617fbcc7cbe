"""Actions on the hours: a mode until a given time, and exceptional hours."""

from datetime import datetime
from typing import Any, Final

from homeassistant.core import HomeAssistant, ServiceCall, callback
from homeassistant.exceptions import ServiceValidationError
from homeassistant.helpers import config_validation as cv
from homeassistant.util import dt as dt_util
import voluptuous as vol

from .const import ATTR_FOR_GOOD, ATTR_PRACTICE, ATTR_UNTIL, CONF_MODE, DOMAIN
from .coordinator import CabinetSecureConfigEntry, PracticeCoordinator
from .people import async_actor
from .practice.events import ModeChosen
from .practice.hours.events import PeriodAdded
from .practice.state import Mode

SERVICE_SET_MODE: Final = "set_mode"
SERVICE_ADD_PERIOD: Final = "add_exceptional_hours"
ATTR_BEGIN: Final = "begin"
ATTR_END: Final = "end"

_MODES = [mode.value for mode in Mode]
_PRACTICE = {vol.Optional(ATTR_PRACTICE): cv.string}
_SET_MODE = vol.Schema(
    _PRACTICE
    | {
        vol.Required(CONF_MODE): vol.In(_MODES),
        vol.Exclusive(ATTR_UNTIL, "how_long"): cv.datetime,
        vol.Exclusive(ATTR_FOR_GOOD, "how_long"): cv.boolean,
    }
)
_ADD_PERIOD = vol.Schema(
    _PRACTICE
    | {
        vol.Required(CONF_MODE): vol.In(
            [mode for mode in _MODES if mode != Mode.LOCKDOWN]
        ),
        vol.Required(ATTR_BEGIN): cv.datetime,
        vol.Required(ATTR_END): cv.datetime,
    }
)


@callback
def async_setup_hours_services(hass: HomeAssistant) -> None:
    """Register the actions on the hours."""

    async def set_mode(call: ServiceCall) -> None:
        """Choose the mode until a time, for good, or until the next boundary.

        Raises ServiceValidationError where the caller may not, or the time is over.
        """
        until = _time(call.data, ATTR_UNTIL)
        if until is not None and until <= dt_util.utcnow():
            raise ServiceValidationError(
                translation_domain=DOMAIN, translation_key="time_is_over"
            )
        await async_practice(hass, call).async_request(
            ModeChosen(
                actor=await async_actor(hass, call.context),
                mode=Mode(call.data[CONF_MODE]),
                until=until,
                for_good=call.data.get(ATTR_FOR_GOOD, False),
            )
        )

    async def add_period(call: ServiceCall) -> None:
        """Enter an exceptional closure or opening.

        Raises ServiceValidationError where the caller may not, or it is over already.
        """
        await async_practice(hass, call).async_request(
            PeriodAdded(
                actor=await async_actor(hass, call.context),
                mode=Mode(call.data[CONF_MODE]),
                begin=_utc(call.data[ATTR_BEGIN]),
                end=_utc(call.data[ATTR_END]),
            )
        )

    hass.services.async_register(DOMAIN, SERVICE_SET_MODE, set_mode, schema=_SET_MODE)
    hass.services.async_register(
        DOMAIN, SERVICE_ADD_PERIOD, add_period, schema=_ADD_PERIOD
    )


def _time(data: dict[str, Any], name: str) -> datetime | None:
    return _utc(data[name]) if name in data else None


def _utc(time: datetime) -> datetime:
    return dt_util.as_utc(time)


@callback
def async_practice(hass: HomeAssistant, call: ServiceCall) -> PracticeCoordinator:
    """Return the practice that a call is about; the only one need not be named.

    Raises ServiceValidationError where that is none.
    """
    entries: list[CabinetSecureConfigEntry] = hass.config_entries.async_loaded_entries(
        DOMAIN
    )
    if not entries:
        raise ServiceValidationError(
            translation_domain=DOMAIN, translation_key="no_practice"
        )
    wanted: str | None = call.data.get(ATTR_PRACTICE)
    found = [entry for entry in entries if wanted in (None, entry.entry_id)]
    if len(found) != 1:
        raise ServiceValidationError(
            translation_domain=DOMAIN, translation_key="which_practice"
        )
    return found[0].runtime_data
