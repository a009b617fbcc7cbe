"""Binary sensors of Home Assistant as the sensors of the alarm.

A sensor is known by its identifier in the entity registry, so that it may be renamed,
or by its entity identifier where it is not in the registry.
"""

from collections.abc import Callable, Iterable
from typing import Any

from homeassistant.const import STATE_OFF, STATE_ON
from homeassistant.core import (
    CALLBACK_TYPE,
    Event,
    EventStateChangedData,
    HomeAssistant,
    State,
    callback,
)
from homeassistant.helpers import entity_registry as er
from homeassistant.helpers.event import (
    async_track_entity_registry_updated_event,
    async_track_state_change_event,
)

from .practice.intrusion.events import (
    SensorEvent,
    SensorLost,
    SensorRestored,
    SensorTripped,
)


class AlarmSensors:
    """Lets the practice hear what its sensors tell."""

    def __init__(
        self,
        hass: HomeAssistant,
        sensors: Iterable[str],
        hear: Callable[[SensorEvent], None],
    ) -> None:
        self._hass = hass
        self._sensors = tuple(sensors)
        self._hear = hear
        self._by_entity: dict[str, str] = {}
        self._stop: list[CALLBACK_TYPE] = []

    @callback
    def start(self) -> None:
        """Tell how every sensor is, and what changes from now on."""
        self._by_entity = {
            entity: sensor
            for sensor in self._sensors
            if (entity := self.entity_id(sensor)) is not None
        }
        entities = list(self._by_entity)
        self._stop = [
            async_track_state_change_event(self._hass, entities, self._changed),
            async_track_entity_registry_updated_event(
                self._hass, entities, self._updated
            ),
        ]
        for sensor in self._sensors:
            entity = self.entity_id(sensor)
            self._tell(sensor, self._hass.states.get(entity) if entity else None)

    @callback
    def stop(self) -> None:
        """Tell nothing any more."""
        while self._stop:
            self._stop.pop()()

    def entity_id(self, sensor: str) -> str | None:
        """Return the entity of a sensor, or None for one that is gone."""
        return er.async_resolve_entity_id(er.async_get(self._hass), sensor)

    def entity_ids(self, sensors: Iterable[str]) -> list[str]:
        """Return the entities of sensors; one that is gone goes by its identifier."""
        return [self.entity_id(sensor) or sensor for sensor in sensors]

    def name(self, sensor: str) -> str:
        """Return what people call a sensor."""
        entity = self.entity_id(sensor)
        state = self._hass.states.get(entity) if entity else None
        return state.name if state else entity or sensor

    @callback
    def _changed(self, event: Event[EventStateChangedData]) -> None:
        new, old = event.data["new_state"], event.data["old_state"]
        if new is None or old is None or new.state != old.state:
            self._tell(self._by_entity[event.data["entity_id"]], new)

    @callback
    def _updated(self, event: Event[er.EventEntityRegistryUpdatedData]) -> None:
        changes: Any = event.data.get("changes", {})
        if "entity_id" in changes:
            self.stop()
            self.start()

    def _tell(self, sensor: str, state: State | None) -> None:
        told = state.state if state else None
        if told == STATE_ON:
            self._hear(SensorTripped(sensor=sensor))
        elif told == STATE_OFF:
            self._hear(SensorRestored(sensor=sensor))
        else:
            self._hear(SensorLost(sensor=sensor))
