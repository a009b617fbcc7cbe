"""Sensors that Home Assistant has, as what ends a lockdown in a fire."""

from homeassistant.const import STATE_OFF, STATE_ON
from homeassistant.core import Event, EventStateChangedData, State, callback
from homeassistant.helpers.event import async_track_state_change_event

from .const import CONF_FIRE_SENSORS
from .coordinator import PracticeCoordinator
from .practice.lockdown.events import FireReported


@callback
def async_follow_fire_sensors(coordinator: PracticeCoordinator) -> None:
    """Let the practice hear of fires. What is unknown is neither one nor its end."""
    sensors: list[str] = coordinator.entry.options.get(CONF_FIRE_SENSORS, [])
    if not sensors:
        return

    @callback
    def look(state: State | None) -> None:
        if state is not None and state.state in (STATE_ON, STATE_OFF):
            coordinator.hear(
                FireReported(
                    equipment=state.entity_id,
                    source=state.entity_id,
                    active=state.state == STATE_ON,
                )
            )

    @callback
    def changed(event: Event[EventStateChangedData]) -> None:
        look(event.data["new_state"])

    coordinator.entry.async_on_unload(
        async_track_state_change_event(coordinator.hass, sensors, changed)
    )
    for sensor in sensors:
        look(coordinator.hass.states.get(sensor))
