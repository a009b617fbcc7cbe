"""An entity of another integration, followed through renames, losses and returns."""

from collections.abc import Callable
from typing import Any

from homeassistant.components.binary_sensor.const import DOMAIN as BINARY_SENSOR
from homeassistant.const import STATE_UNAVAILABLE, STATE_UNKNOWN
from homeassistant.core import (
    CALLBACK_TYPE,
    Event,
    EventStateChangedData,
    HomeAssistant,
    State,
    callback,
)
from homeassistant.helpers import entity_registry as er
from homeassistant.helpers.event import async_call_later, async_track_state_change_event
from homeassistant.util import dt as dt_util

from .freshness import SETTLES_WITHIN


class Source:
    """One entity. It is followed between `start` and `stop`."""

    def __init__(self, hass: HomeAssistant, reference: str) -> None:
        self.hass = hass
        self.reference = reference
        # None: the registry knows it no more.
        self.entity_id: str | None = None
        # It came back less than 3 s ago, and whether it told something known since.
        self.settling = False
        self.first = False
        self._seen: Callable[[], None] = _nobody_looks
        self._stops: list[CALLBACK_TYPE] = []
        self._untrack: CALLBACK_TYPE | None = None
        self._settled: CALLBACK_TYPE | None = None

    @property
    def state(self) -> State | None:
        """What it tells now; None where it is not there or unavailable."""
        if self.entity_id is None:
            return None
        state = self.hass.states.get(self.entity_id)
        if state is None or state.state == STATE_UNAVAILABLE:
            return None
        return state

    @property
    def known(self) -> State | None:
        """What it tells now, where it tells anything."""
        state = self.state
        return None if state is None or state.state == STATE_UNKNOWN else state

    @property
    def exists(self) -> bool:
        """Whether Home Assistant has it at all, be it unavailable."""
        return (
            self.entity_id is not None
            and self.hass.states.get(self.entity_id) is not None
        )

    @property
    def name(self) -> str:
        """What it is called where people look for it."""
        return self.entity_id or self.reference

    @property
    def device_id(self) -> str | None:
        """The device that it belongs to, where it does."""
        registry = er.async_get(self.hass)
        entry = registry.async_get(self.entity_id) if self.entity_id else None
        return entry.device_id if entry else None

    @callback
    def start(self, seen: Callable[[], None]) -> None:
        """Follow it, and call `seen` now and whenever it tells something."""
        self._seen = seen
        self._stops.append(
            self.hass.bus.async_listen(
                er.EVENT_ENTITY_REGISTRY_UPDATED, self._registry_changed
            )
        )
        self._track()
        if (state := self.state) is not None:
            self._returned()
        self._tell()
        if state is not None and self.hass.is_running and _stood(state):
            self.settling = False

    @callback
    def stop(self) -> None:
        """Follow it no more."""
        for stop in self._stops:
            stop()
        self._stops.clear()
        for cancel in (self._untrack, self._settled):
            if cancel is not None:
                cancel()
        self._untrack = self._settled = None
        self._seen = _nobody_looks

    def _track(self) -> None:
        if self._untrack is not None:
            self._untrack()
            self._untrack = None
        self.entity_id = er.async_resolve_entity_id(
            er.async_get(self.hass), self.reference
        )
        if self.entity_id is not None:
            self._untrack = async_track_state_change_event(
                self.hass, self.entity_id, self._state_changed
            )

    @callback
    def _registry_changed(self, _event: Event[Any]) -> None:
        resolved = er.async_resolve_entity_id(er.async_get(self.hass), self.reference)
        if resolved != self.entity_id:
            self._track()
            if self.state is not None:
                self._returned()
            self._tell()

    @callback
    def _state_changed(self, event: Event[EventStateChangedData]) -> None:
        old = event.data["old_state"]
        if (old is None or old.state == STATE_UNAVAILABLE) and self.state is not None:
            self._returned()
        self._tell()

    def _returned(self) -> None:
        self.settling = self.first = True
        if self._settled is not None:
            self._settled()
        # By a clock that nobody sets, as it may be set just when all come back.
        self._settled = async_call_later(
            self.hass, SETTLES_WITHIN.total_seconds(), self._settle
        )

    @callback
    def _settle(self, _now: object) -> None:
        self.settling = False
        self._settled = None

    def _tell(self) -> None:
        self._seen()
        state = self.state
        # What tells of moments says by `unknown` that there was none; a loop says nothing.
        if state is not None and not (
            state.domain == BINARY_SENSOR and state.state == STATE_UNKNOWN
        ):
            self.first = False


def _stood(state: State) -> bool:
    """Whether it has been there for longer than a source needs to settle."""
    return dt_util.utcnow() - state.last_changed > SETTLES_WITHIN


def _nobody_looks() -> None:
    """Take a change before `start` and after `stop`."""
