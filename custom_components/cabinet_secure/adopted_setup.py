"""From the subentries of adopted entities to equipment."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from homeassistant.config_entries import ConfigSubentry
from homeassistant.const import CONF_DOMAIN
from homeassistant.core import HomeAssistant

from .const import (
    CONF_BELL,
    CONF_CAMERA,
    CONF_CHECK_IN,
    CONF_CONTACT,
    CONF_LOCK_AGAIN,
    CONF_LONGEST,
    CONF_MEDIA,
    CONF_NORMALLY_CLOSED,
    CONF_OPEN_FOR,
    CONF_OPENER,
    CONF_OPENER_TELLS,
    CONF_PRESS,
    CONF_PRESS_TYPES,
    CONF_SIREN,
    CONF_SWITCHES_OFF,
    CONF_TAMPER,
    CONF_TONE,
    CONF_TRIGGER,
    CONF_VOLUME,
)
from .equipment.adopted import AdoptedDoor, AdoptedPanicButton, AdoptedSiren
from .equipment.adopted.settings import (
    DoorSettings,
    PanicButtonSettings,
    PressSource,
    SirenSettings,
)
from .panic_setup import panic_source

# In what is stored of a source of presses.
CONF_ENTITY = "entity"


def create_door(hass: HomeAssistant, subentry: ConfigSubentry) -> AdoptedDoor:
    """Return a door made of entities."""
    data = subentry.data
    return AdoptedDoor(
        hass,
        subentry.subentry_id,
        subentry.title,
        data[CONF_DOMAIN],
        DoorSettings(
            opener=data[CONF_OPENER],
            open_for=timedelta(seconds=data[CONF_OPEN_FOR]),
            lock_again=data[CONF_LOCK_AGAIN],
            tells=data[CONF_OPENER_TELLS],
            switches_off=data[CONF_SWITCHES_OFF],
            bell=_press(data[CONF_BELL]) if data[CONF_BELL] else None,
            contact=data[CONF_CONTACT],
            tamper=data[CONF_TAMPER],
            camera=data[CONF_CAMERA],
            check_in=_check_in(data),
        ),
    )


def create_panic_button(
    hass: HomeAssistant, subentry: ConfigSubentry
) -> AdoptedPanicButton:
    """Return a panic button of any brand."""
    data = subentry.data
    return AdoptedPanicButton(
        hass,
        subentry.subentry_id,
        subentry.title,
        PanicButtonSettings(
            press=_press(data[CONF_PRESS]),
            source=panic_source(data),
            check_in=_check_in(data),
        ),
    )


def create_siren(hass: HomeAssistant, subentry: ConfigSubentry) -> AdoptedSiren:
    """Return a siren, or what serves as one."""
    data = subentry.data
    volume: float | None = data[CONF_VOLUME]
    media: Mapping[str, Any] = data[CONF_MEDIA] or {}
    return AdoptedSiren(
        hass,
        subentry.subentry_id,
        subentry.title,
        data[CONF_DOMAIN],
        SirenSettings(
            entity=data[CONF_SIREN],
            longest=timedelta(seconds=data[CONF_LONGEST]),
            tone=data[CONF_TONE],
            volume=None if volume is None else volume / 100,
            media_id=media.get("media_content_id"),
            media_type=media.get("media_content_type"),
            check_in=_check_in(data),
        ),
    )


def _press(stored: Mapping[str, Any]) -> PressSource:
    return PressSource(
        entity=stored[CONF_ENTITY],
        types=frozenset(stored[CONF_PRESS_TYPES]),
        normally_closed=stored[CONF_NORMALLY_CLOSED],
        trigger=stored[CONF_TRIGGER],
    )


def _check_in(data: Mapping[str, Any]) -> timedelta | None:
    hours: float | None = data[CONF_CHECK_IN]
    return None if hours is None else timedelta(hours=hours)
