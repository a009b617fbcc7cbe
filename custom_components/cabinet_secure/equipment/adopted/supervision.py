"""What is wrong with adopted entities, within 180 s (DOMAIN: *Alarm*)."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any, Protocol

from homeassistant.components.binary_sensor.const import BinarySensorDeviceClass
from homeassistant.const import ATTR_DEVICE_CLASS, STATE_ON, STATE_UNAVAILABLE
from homeassistant.core import CALLBACK_TYPE, Event, HomeAssistant, State, callback
from homeassistant.helpers import entity_registry as er
from homeassistant.helpers.event import (
    async_track_state_change_event,
    async_track_time_interval,
)
from homeassistant.util import dt as dt_util

from ...practice.events import Fault
from ..base import Trouble, TroubleKind
from .source import Source

# A source that is away for less is not worth waking anybody.
AWAY_ANNOUNCED_AFTER = timedelta(seconds=60)
_LOOKED_AT_EVERY = timedelta(seconds=30)
# Per cent, of what tells how full a battery is.
BATTERY_LOW = 15


class Report(Protocol):
    """Takes a fault that begins or is over."""

    def __call__(self, fault: Fault, *, wrong: bool) -> None:
        """Take it."""


class Supervision:
    """Looks after the sources of one equipment, and says what is wrong with them.

    `away` names the fault of each source whose absence is not that of the equipment
    itself. `devices` are those whose batteries and signs of life count.
    """

    def __init__(
        self,
        hass: HomeAssistant,
        sources: tuple[Source, ...],
        away: Mapping[Fault, Source],
        check_in: timedelta | None,
        devices: Callable[[], set[str]],
    ) -> None:
        self._hass = hass
        self._sources = sources
        self._away = away
        self._check_in = check_in
        self._devices = devices
        self._absent_since: dict[Source, datetime] = {}
        self._raised: dict[Fault, bool] = {}
        self._report: Report = _nobody_hears
        self._troubled: Callable[[frozenset[Trouble]], None] = _nobody_looks
        self._stops: list[CALLBACK_TYPE] = []
        self._untrack: CALLBACK_TYPE | None = None
        self._batteries: frozenset[str] = frozenset()
        self._started_at = dt_util.utcnow()

    @callback
    def start(
        self,
        report: Report,
        troubled: Callable[[frozenset[Trouble]], None],
    ) -> None:
        """Look now and every 30 s. `report` is told of faults that begin and end."""
        self._report, self._troubled = report, troubled
        self._started_at = dt_util.utcnow()
        self._stops = [
            async_track_time_interval(self._hass, self.look, _LOOKED_AT_EVERY),
            self._hass.bus.async_listen(er.EVENT_ENTITY_REGISTRY_UPDATED, self.look),
        ]
        self.look()

    @callback
    def stop(self) -> None:
        """Look no more."""
        for stop in self._stops:
            stop()
        if self._untrack is not None:
            self._untrack()
        self._stops, self._untrack, self._batteries = [], None, frozenset()

    @callback
    def look(self, _what: datetime | Event[Any] | None = None) -> None:
        """See what is wrong now."""
        if not self._stops:
            return
        now = dt_util.utcnow()
        for source in self._sources:
            if source.state is not None:
                self._absent_since.pop(source, None)
            else:
                since = self._absent_since.setdefault(source, now)
                if since > now:
                    self._absent_since[source] = now
        for fault, source in self._away.items():
            self._tell(fault, wrong=self._is_long_absent(source, now))
        self._follow_batteries()
        self._tell(Fault.BATTERY, wrong=any(map(_is_low, self._states_of_batteries())))
        if self._check_in is not None:
            silence = now - self._last_heard()
            self._tell(Fault.NO_CHECK_IN, wrong=silence > self._check_in)
        self._troubled(
            frozenset(
                Trouble(kind=TroubleKind.SOURCE_GONE, subject=source.name)
                for source in self._sources
                if source.entity_id is None
                or (
                    self._hass.is_running
                    and not source.exists
                    and self._is_long_absent(source, now)
                )
            )
        )

    def _tell(self, fault: Fault, *, wrong: bool) -> None:
        # At first either way: an earlier run may have left it raised.
        if self._raised.get(fault) is not wrong:
            self._raised[fault] = wrong
            self._report(fault, wrong=wrong)

    def _is_long_absent(self, source: Source, now: datetime) -> bool:
        since = self._absent_since.get(source)
        return since is not None and now - since >= AWAY_ANNOUNCED_AFTER

    # --- batteries and signs of life ---------------------------------------------------

    def _entities(self) -> list[er.RegistryEntry]:
        registry = er.async_get(self._hass)
        return [
            entry
            for device_id in self._devices()
            for entry in er.async_entries_for_device(registry, device_id)
        ]

    def _follow_batteries(self) -> None:
        batteries = frozenset(
            entry.entity_id
            for entry in self._entities()
            if (state := self._hass.states.get(entry.entity_id)) is not None
            and state.attributes.get(ATTR_DEVICE_CLASS)
            == BinarySensorDeviceClass.BATTERY
        )
        if batteries == self._batteries:
            return
        if self._untrack is not None:
            self._untrack()
            self._untrack = None
        self._batteries = batteries
        if batteries:
            self._untrack = async_track_state_change_event(
                self._hass, batteries, self.look
            )

    def _states_of_batteries(self) -> list[State]:
        return [
            state
            for battery in self._batteries
            if (state := self._hass.states.get(battery)) is not None
        ]

    def _last_heard(self) -> datetime:
        """Return when anything of it was heard last, since we look."""
        heard = [
            state.last_reported
            for name in {
                *(entry.entity_id for entry in self._entities()),
                *(source.entity_id for source in self._sources if source.entity_id),
            }
            if (state := self._hass.states.get(name)) is not None
            and state.state != STATE_UNAVAILABLE
        ]
        return max(heard, default=self._started_at)


def _is_low(state: State) -> bool:
    if state.state == STATE_ON:
        return True
    try:
        return float(state.state) <= BATTERY_LOW
    except ValueError:
        return False


def _nobody_hears(fault: Fault, *, wrong: bool) -> None:
    """Take a fault before `start` and after `stop`."""


def _nobody_looks(troubles: frozenset[Trouble]) -> None:
    """Take a change before `start` and after `stop`."""
