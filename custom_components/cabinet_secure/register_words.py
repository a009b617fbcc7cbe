"""The words of what is printed and exported, as Home Assistant keeps translations."""

from homeassistant.core import HomeAssistant
from homeassistant.helpers.translation import async_get_translations
from homeassistant.util import dt as dt_util

from .const import DOMAIN
from .register.words import Words

_PREFIX = f"component.{DOMAIN}.selector."


async def async_words(hass: HomeAssistant, language: str) -> Words:
    """Return the words of a language in which the integration is translated."""
    texts = await async_get_translations(hass, language, "selector", {DOMAIN})
    return Words(
        language,
        {key.removeprefix(_PREFIX): text for key, text in texts.items()},
        dt_util.get_default_time_zone(),
    )
