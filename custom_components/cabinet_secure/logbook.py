"""What happened in a practice, in the words of Home Assistant's logbook."""

from collections.abc import Callable
from typing import Any

from homeassistant.components.logbook.const import (
    LOGBOOK_ENTRY_MESSAGE,
    LOGBOOK_ENTRY_NAME,
)
from homeassistant.const import ATTR_NAME
from homeassistant.core import Event, HomeAssistant, callback
from homeassistant.helpers.translation import async_get_cached_translations

from .const import DOMAIN, LANGUAGES
from .logbook_events import ATTR_WHAT, EVENT_LOGGED


@callback
def async_describe_events(
    hass: HomeAssistant,
    async_describe_event: Callable[
        [str, str, Callable[[Event[Any]], dict[str, str]]], None
    ],
) -> None:
    """Describe what `logbook_events` fires."""

    @callback
    def describe(event: Event[Any]) -> dict[str, str]:
        what = event.data[ATTR_WHAT]
        language = hass.config.language
        texts = async_get_cached_translations(
            hass,
            language if language in LANGUAGES else LANGUAGES[0],
            "selector",
            DOMAIN,
        )
        return {
            LOGBOOK_ENTRY_NAME: event.data[ATTR_NAME],
            LOGBOOK_ENTRY_MESSAGE: texts.get(
                f"component.{DOMAIN}.selector.logbook.options.{what}", what
            ),
        }

    async_describe_event(DOMAIN, EVENT_LOGGED, describe)
