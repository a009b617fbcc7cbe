"""A schedule or calendar that the user already has, as the hours of the practice."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from homeassistant.const import STATE_OFF, STATE_ON
from homeassistant.core import (
    CoreState,
    Event,
    EventStateChangedData,
    HomeAssistant,
    callback,
)
from homeassistant.helpers.event import async_track_state_change_event
from homeassistant.helpers.start import async_at_started
from homeassistant.util import dt as dt_util

from .const import CONF_FOLLOWED_ENTITY, CONF_HOURS_KIND, HOURS_FOLLOWED
from .coordinator import PracticeCoordinator
from .hours_setup import hours_options
from .practice.hours.events import FollowedScheduleSeen

# When it says something else: a schedule by the first, a calendar by the second.
_UNTIL = ("next_event", "end_time")


@callback
def async_follow_schedule(coordinator: PracticeCoordinator) -> None:
    """Let the practice hear of its schedule, now and whenever it changes.

    Before Home Assistant has started, a schedule that is not there yet says nothing;
    afterwards it says that nothing is known, and the practice does not open.
    """
    option = hours_options(coordinator.entry)
    entity = option.get(CONF_FOLLOWED_ENTITY)
    if option[CONF_HOURS_KIND] != HOURS_FOLLOWED or entity is None:
        return

    @callback
    def look(hass: HomeAssistant) -> None:
        state = hass.states.get(entity)
        known = state is not None and state.state in (STATE_ON, STATE_OFF)
        if state is not None and known:
            coordinator.hear(
                FollowedScheduleSeen(
                    is_open=state.state == STATE_ON, until=_until(state.attributes)
                )
            )
        elif hass.state is CoreState.running:
            coordinator.hear(FollowedScheduleSeen(is_open=None))

    @callback
    def changed(_event: Event[EventStateChangedData]) -> None:
        look(coordinator.hass)

    on_unload = coordinator.entry.async_on_unload
    on_unload(async_track_state_change_event(coordinator.hass, [entity], changed))
    look(coordinator.hass)
    on_unload(async_at_started(coordinator.hass, look))


def _until(attributes: Mapping[str, Any]) -> datetime | None:
    for name in _UNTIL:
        match attributes.get(name):
            case datetime() as time:
                return time
            case str(text):
                parsed = dt_util.parse_datetime(text)
                return dt_util.as_local(parsed) if parsed else None
    return None
