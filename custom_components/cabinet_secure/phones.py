"""The phones of people: companion apps registered with Home Assistant."""

from typing import Final

from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers import device_registry as dr

# As the integration mobile_app names them. Importing it would need its own
# requirements, also where nobody uses a companion app.
_MOBILE_APP: Final = "mobile_app"
_USER_ID: Final = "user_id"


@callback
def async_phones_of(hass: HomeAssistant, user_id: str) -> list[str]:
    """Return the device identifiers of the companion apps that a user signed in with."""
    registry = dr.async_get(hass)
    return [
        device.id
        for entry in hass.config_entries.async_entries(_MOBILE_APP)
        if entry.data.get(_USER_ID) == user_id
        for device in dr.async_entries_for_config_entry(registry, entry.entry_id)
    ]
