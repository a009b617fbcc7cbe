"""What the logbook is told of: what happened and where, and never who did it.

Home Assistant keeps these events with its history; who acted is in the register alone.
A panic is not told: its silent path shows nothing on any screen of the practice.
"""

from typing import Any, Final

from homeassistant.config_entries import ConfigEntry
from homeassistant.const import ATTR_DEVICE_ID, ATTR_NAME
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers.dispatcher import async_dispatcher_connect

from .announcements import SIGNAL_ANNOUNCEMENT, Announcement
from .const import DOMAIN
from .coordinator import PracticeCoordinator
from .practice.effects import (
    AnnounceDoor,
    AnnounceEquipment,
    AnnounceMode,
    AnnounceRing,
    DoorEventKind,
    Effect,
    RingEvent,
)
from .register.incident import Cause, Incident

EVENT_LOGGED: Final = f"{DOMAIN}_logged"
# Which text says what happened, among those of the selector `logbook`.
ATTR_WHAT: Final = "what"

_DOOR_EVENTS: Final = frozenset(
    {
        DoorEventKind.GRANTED,
        DoorEventKind.DENIED,
        DoorEventKind.FORCED,
        DoorEventKind.HELD_OPEN,
        DoorEventKind.OPEN_FAILED,
        DoorEventKind.TAMPERED,
    }
)
_RING_EVENTS: Final = frozenset(
    {RingEvent.STARTED, RingEvent.OPENED, RingEvent.REFUSED, RingEvent.MISSED}
)


@callback
def async_tell_logbook(
    hass: HomeAssistant, entry: ConfigEntry, coordinator: PracticeCoordinator
) -> None:
    """Tell the logbook of what a practice announces, until its entry is unloaded."""

    @callback
    def announced(announcement: Announcement) -> None:
        if announcement.coordinator is coordinator and (
            told := _told(coordinator, announcement.effect)
        ):
            what, place = told
            _fire(hass, coordinator, what, place)

    entry.async_on_unload(
        async_dispatcher_connect(hass, SIGNAL_ANNOUNCEMENT, announced)
    )


@callback
def async_tell_logbook_of_incident(
    hass: HomeAssistant, coordinator: PracticeCoordinator, incident: Incident
) -> None:
    """Tell the logbook that an incident is new or different."""
    if incident.cause is Cause.PANIC:
        return
    what = "corrected" if incident.corrections else "opened"
    _fire(hass, coordinator, f"incident_{what}", None)


def _told(
    coordinator: PracticeCoordinator, effect: Effect
) -> tuple[str, str | None] | None:
    """Return which text says it, and the place that it is about."""
    match effect:
        case AnnounceDoor(kind=kind, door=door) if kind in _DOOR_EVENTS:
            return f"door_{kind}", door
        case AnnounceRing(event=event, ring=ring) if ring and event in _RING_EVENTS:
            return f"ring_{event}", ring.door
        case AnnounceMode(to_mode=mode):
            return f"mode_{mode}", None
        case AnnounceEquipment(kind=kind, equipment=equipment):
            return f"equipment_{kind}", equipment
    return None


@callback
def _fire(
    hass: HomeAssistant,
    coordinator: PracticeCoordinator,
    what: str,
    place: str | None,
) -> None:
    entry = coordinator.entry
    known = coordinator.records.places.get(place) if place else None
    data: dict[str, Any] = {
        ATTR_WHAT: what,
        ATTR_NAME: known.name if known else entry.title,
        ATTR_DEVICE_ID: coordinator.devices.get(place or entry.entry_id),
    }
    hass.bus.async_fire(EVENT_LOGGED, data)
