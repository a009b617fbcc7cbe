"""Presses on a bell or a panic button, heard from whatever tells of them."""

from abc import ABC, abstractmethod
from collections.abc import Callable
from datetime import datetime, timedelta
import logging
from typing import Any, Final, override

from homeassistant.components.binary_sensor.const import DOMAIN as BINARY_SENSOR
from homeassistant.components.event.const import ATTR_EVENT_TYPE, DOMAIN as EVENT
from homeassistant.const import STATE_OFF, STATE_ON
from homeassistant.core import CALLBACK_TYPE, HomeAssistant, State, callback
from homeassistant.helpers import entity_registry as er
from homeassistant.helpers.event import async_call_later
from homeassistant.helpers.trigger import (
    async_initialize_triggers,
    async_validate_trigger_config,
)
from homeassistant.util import dt as dt_util

from ...const import DOMAIN
from .freshness import SETTLES_WITHIN, Sighting
from .settings import PressSource
from .source import Source

_LOGGER = logging.getLogger(__name__)

# Between what a source calls the time of a press and the writing of its state.
_WRITTEN_WITHIN: Final = timedelta(seconds=1)
# Seconds after which a trigger that could not be attached is tried again.
_ATTACHED_AGAIN_AFTER = 30

type Pressed = Callable[[Sighting], None]


class Presses(ABC):
    """What tells of presses. `pressed` is called with every one, old ones too."""

    @property
    @abstractmethod
    def sources(self) -> tuple[Source, ...]:
        """The entities that have to answer for a press to be heard."""

    @property
    @abstractmethod
    def device_id(self) -> str | None:
        """The device that it belongs to, where it does."""

    @abstractmethod
    def start(
        self, pressed: Pressed, released: Callable[[], None], seen: Callable[[], None]
    ) -> None:
        """Listen; `seen` is called whenever the source tells anything."""

    @abstractmethod
    def stop(self) -> None:
        """Listen no more."""


def presses_of(hass: HomeAssistant, chosen: PressSource) -> Presses:
    """Return what listens to a chosen source."""
    if chosen.entity is None:
        return TriggeredPresses(hass, dict(chosen.trigger or {}))
    return EntityPresses(Source(hass, chosen.entity), chosen)


class EntityPresses(Presses):
    """Presses that an entity tells of by its state."""

    def __init__(self, source: Source, chosen: PressSource) -> None:
        self.source = source
        self._types = chosen.types
        self._active = STATE_OFF if chosen.normally_closed else STATE_ON
        self._pressed: Pressed = _nobody_hears
        self._released: Callable[[], None] = _nobody_looks
        self._seen: Callable[[], None] = _nobody_looks
        self._looking_first = True

    @property
    @override
    def sources(self) -> tuple[Source, ...]:
        return (self.source,)

    @property
    @override
    def device_id(self) -> str | None:
        return self.source.device_id

    @property
    def active(self) -> bool:
        """Whether a loop stands pressed now; what tells of moments never does."""
        state = self.source.known
        return _is_loop(state) and state is not None and state.state == self._active

    @override
    def start(
        self, pressed: Pressed, released: Callable[[], None], seen: Callable[[], None]
    ) -> None:
        self._pressed, self._released, self._seen = pressed, released, seen
        self._looking_first = True
        self.source.start(self._look)
        self._looking_first = False

    @override
    def stop(self) -> None:
        self.source.stop()

    @callback
    def _look(self) -> None:
        state = self.source.known
        if state is not None:
            if _is_loop(state) and state.state != self._active:
                self._released()
            elif (sighting := self._sighting(state)) is not None:
                self._pressed(sighting)
        self._seen()

    def _sighting(self, state: State) -> Sighting | None:
        settling = self.source.settling
        if _is_loop(state):
            pressed_at = state.last_changed
        elif state.domain == EVENT and not self._is_chosen(state):
            return None
        else:
            moment = dt_util.parse_datetime(state.state)
            if moment is None or moment.tzinfo is None:
                return None
            pressed_at = moment
            if self._looking_first:
                # Written as it happened, it was not restored: we came, not the source.
                settling = state.last_changed - pressed_at > _WRITTEN_WITHIN
        return Sighting(
            pressed_at=pressed_at, settling=settling, first=self.source.first
        )

    def _is_chosen(self, state: State) -> bool:
        kind = state.attributes.get(ATTR_EVENT_TYPE)
        return kind is not None and (not self._types or kind in self._types)


class TriggeredPresses(Presses):
    """Presses that a device tells of by a trigger, and by nothing else.

    A trigger says when it fires, and nothing of the past; one that fires while it is
    being attached repeats what a broker has kept, and so does one that fires just when
    the entities of the device come back.
    """

    def __init__(self, hass: HomeAssistant, trigger: dict[str, Any]) -> None:
        self._hass = hass
        self._trigger = trigger
        self._settling = False
        self._pressed: Pressed = _nobody_hears
        self._seen: Callable[[], None] = _nobody_looks
        self._detach: CALLBACK_TYPE | None = None
        self._later: CALLBACK_TYPE | None = None
        self._running = False
        self._attached = False
        # What else the device tells, which says whether it is there.
        self._signs: tuple[Source, ...] = ()

    @property
    def available(self) -> bool:
        """Whether the trigger is offered, and its device is there as far as it tells."""
        return self._attached and (
            not self._signs or any(sign.state is not None for sign in self._signs)
        )

    @property
    @override
    def sources(self) -> tuple[Source, ...]:
        return ()

    @property
    @override
    def device_id(self) -> str | None:
        device_id: str | None = self._trigger.get("device_id")
        return device_id

    @override
    def start(
        self, pressed: Pressed, released: Callable[[], None], seen: Callable[[], None]
    ) -> None:
        self._pressed, self._seen = pressed, seen
        self._running = True
        self._signs = tuple(
            Source(self._hass, entry.id)
            for entry in er.async_entries_for_device(
                er.async_get(self._hass), self.device_id or ""
            )
        )
        for sign in self._signs:
            sign.start(seen)
        self._hass.async_create_background_task(
            self._attach(), f"trigger of {self.device_id}"
        )

    @override
    def stop(self) -> None:
        self._running = self._attached = False
        for sign in self._signs:
            sign.stop()
        for cancel in (self._detach, self._later):
            if cancel is not None:
                cancel()
        self._detach = self._later = None

    async def _attach(self) -> None:
        self._settling = True
        try:
            (valid,) = await async_validate_trigger_config(self._hass, [self._trigger])
            detach = await async_initialize_triggers(
                self._hass,
                [valid],
                self._fired,
                DOMAIN,
                str(self.device_id),
                _LOGGER.log,
            )
        except Exception:
            # Whatever another integration raises, its trigger is not there yet.
            _LOGGER.debug("A trigger cannot be attached", exc_info=True)
            detach = None
        if not self._running:
            if detach is not None:
                detach()
            return
        self._detach = detach
        self._attached = detach is not None
        self._later = async_call_later(
            self._hass,
            SETTLES_WITHIN.total_seconds() if self._attached else _ATTACHED_AGAIN_AFTER,
            self._settle,
        )
        self._seen()

    async def _settle(self, _now: datetime) -> None:
        self._later = None
        if self._attached:
            self._settling = False
        else:
            await self._attach()

    async def _fired(self, _variables: dict[str, Any], _context: object = None) -> None:
        settling = self._settling or any(sign.settling for sign in self._signs)
        self._pressed(
            Sighting(pressed_at=dt_util.utcnow(), settling=settling, first=settling)
        )


def _is_loop(state: State | None) -> bool:
    return state is not None and state.domain == BINARY_SENSOR


def _nobody_hears(sighting: Sighting) -> None:
    """Take a press before `start` and after `stop`."""


def _nobody_looks() -> None:
    """Take a change before `start` and after `stop`."""
