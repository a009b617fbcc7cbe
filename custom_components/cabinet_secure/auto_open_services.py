"""The action that keeps a door from opening by itself for a while."""

from datetime import timedelta
from typing import Final

from homeassistant.core import HomeAssistant, ServiceCall, callback
from homeassistant.exceptions import ServiceValidationError
from homeassistant.helpers import config_validation as cv
import voluptuous as vol

from .const import ATTR_MINUTES, CONF_DOOR, DOMAIN
from .coordinator import CabinetSecureConfigEntry
from .people import async_actor
from .practice.auto_open.events import AutoOpenSuspended

SERVICE_SUSPEND: Final = "suspend_auto_open"
_SUSPEND = vol.Schema(
    {
        vol.Required(CONF_DOOR): vol.All(cv.ensure_list, [cv.string]),
        vol.Required(ATTR_MINUTES): vol.All(vol.Coerce(int), vol.Range(min=1, max=720)),
    }
)


@callback
def async_setup_auto_open_services(hass: HomeAssistant) -> None:
    """Register the action."""

    async def suspend(call: ServiceCall) -> None:
        """Keep doors, by their devices, from opening by themselves for some minutes.

        Raises ServiceValidationError for what is no door that opens by itself.
        """
        entries: list[CabinetSecureConfigEntry] = (
            hass.config_entries.async_loaded_entries(DOMAIN)
        )
        actor = await async_actor(hass, call.context)
        doors = {
            entry.runtime_data.devices[door]: (entry.runtime_data, door)
            for entry in entries
            for door in entry.runtime_data.doors
        }
        for device in call.data[CONF_DOOR]:
            if device not in doors:
                raise ServiceValidationError(
                    translation_domain=DOMAIN, translation_key="no_such_door"
                )
            coordinator, door = doors[device]
            await coordinator.async_request(
                AutoOpenSuspended(
                    actor=actor,
                    door=door,
                    duration=timedelta(minutes=call.data[ATTR_MINUTES]),
                )
            )

    hass.services.async_register(DOMAIN, SERVICE_SUSPEND, suspend, schema=_SUSPEND)
