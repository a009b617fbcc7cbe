"""What releases an adopted door: a lock, a button, a switch, a gate.

Whatever is moved for one visitor is moved back by us, where it can be: in time, when
the practice stops, and after a restart that came between.
"""

from abc import ABC, abstractmethod
from collections.abc import Callable
from datetime import datetime, timedelta
import logging
from typing import override

from homeassistant.components.cover import CoverEntityFeature, CoverState
from homeassistant.components.lock.const import LockEntityFeature, LockState
from homeassistant.const import (
    ATTR_SUPPORTED_FEATURES,
    SERVICE_CLOSE_COVER,
    SERVICE_LOCK,
    SERVICE_OPEN,
    SERVICE_OPEN_COVER,
    SERVICE_TURN_OFF,
    SERVICE_TURN_ON,
    SERVICE_UNLOCK,
    STATE_OFF,
    STATE_ON,
)
from homeassistant.core import CALLBACK_TYPE, State
from homeassistant.helpers.event import async_call_later

from ...practice.config import STRIKE_REPORTS_WITHIN
from ..base import EquipmentError, Failure
from .calls import call
from .settings import DoorSettings
from .source import Source

_LOGGER = logging.getLogger(__name__)

# Motors take their time.
_MOTOR_REPORTS_WITHIN = timedelta(seconds=30)
# Seconds after which what could not be moved back is tried again.
_RETRY_AFTER = 5


class Opener(ABC):
    """Releases one door."""

    can_hold = False
    reports = True
    reports_within = STRIKE_REPORTS_WITHIN

    def __init__(self, source: Source, settings: DoorSettings) -> None:
        self.source = source
        self._open_for = settings.open_for
        self._moved: Callable[[], None] = _nobody_notes
        self._moved_back: Callable[[], None] = _nobody_notes
        self._back: CALLBACK_TYPE | None = None
        self._complained = False

    def released(self, state: State) -> bool | None:
        """Say whether the door is released by what the entity shows; None: unknown."""
        return None

    def is_moving(self, state: State) -> bool:
        """Whether it is under way, and will tell again."""
        return False

    @abstractmethod
    async def pulse(self) -> None:
        """Release the door for one visitor. Raises EquipmentError."""

    async def hold(self) -> None:
        """Keep the door released. Raises EquipmentError."""
        raise EquipmentError(Failure.UNSUPPORTED)

    @abstractmethod
    async def secure(self) -> None:
        """Move back at once. Raises EquipmentError where that fails; it is tried again."""

    def start(self, moved: Callable[[], None], moved_back: Callable[[], None]) -> None:
        """Begin to call `moved` when it has to be moved back, `moved_back` when it is."""
        self._moved, self._moved_back = moved, moved_back

    async def stop(self) -> None:
        """Move back what we moved."""
        if self._back is not None:
            await self._move_back()
            # What could not be moved back is left to our next start.
            self._forget_back()
        self._moved = self._moved_back = _nobody_notes

    def found(self, *, moved: bool) -> None:
        """Look at it for the first time; `moved` by an earlier run of ours."""
        if moved:
            self._later(0)

    def _later(self, delay: float) -> None:
        self._forget_back()
        self._moved()
        self._back = async_call_later(self.source.hass, delay, self._time_is_up)

    def _forget_back(self) -> None:
        if self._back is not None:
            self._back()
            self._back = None

    async def _time_is_up(self, _now: datetime) -> None:
        self._back = None
        if self._may_move_back():
            await self._move_back()
        else:
            self._later(_RETRY_AFTER)

    def _may_move_back(self) -> bool:
        return True

    async def _move_back(self) -> None:
        try:
            await self.secure()
        except EquipmentError as err:
            if not self._complained:
                _LOGGER.warning("%s is not secured yet: %s", self.source.name, err)
            self._complained = True
        else:
            self._complained = False


class ButtonOpener(Opener):
    """A button that makes the device open. It never tells whether the door is locked."""

    reports = False

    @override
    async def pulse(self) -> None:
        await call(self.source, "press")

    @override
    async def secure(self) -> None:
        """Do nothing: a button holds nothing open."""


class SwitchOpener(Opener):
    """A relay that is switched on, and off again by us."""

    def __init__(self, source: Source, settings: DoorSettings) -> None:
        super().__init__(source, settings)
        self.reports = settings.tells

    @override
    def released(self, state: State) -> bool | None:
        if not self.reports:
            return None
        return {STATE_ON: True, STATE_OFF: False}.get(state.state)

    @override
    async def pulse(self) -> None:
        # Its end is arranged before it begins, and comes even if it seems to fail.
        self._later(self._open_for.total_seconds())
        await call(self.source, SERVICE_TURN_ON)

    @override
    async def secure(self) -> None:
        self._later(_RETRY_AFTER)
        await call(self.source, SERVICE_TURN_OFF)
        self._forget_back()
        self._moved_back()

    @override
    def found(self, *, moved: bool) -> None:
        # Whoever left it on is not there to switch it off.
        state = self.source.known
        super().found(moved=moved or (state is not None and state.state == STATE_ON))


class LockOpener(Opener):
    """A lock: opened where it can be, else unlocked; locked again where asked for."""

    can_hold = True
    reports_within = _MOTOR_REPORTS_WITHIN

    def __init__(
        self, source: Source, settings: DoorSettings, is_open: Callable[[], bool]
    ) -> None:
        super().__init__(source, settings)
        self._lock_again = settings.lock_again
        self._held = False
        # Whether the contact shows the door open: a bolt must not shoot out then.
        self._is_open = is_open

    @override
    def released(self, state: State) -> bool | None:
        return {
            LockState.LOCKED.value: False,
            LockState.UNLOCKED.value: True,
            LockState.OPEN.value: True,
        }.get(state.state)

    @override
    def is_moving(self, state: State) -> bool:
        return state.state in (
            LockState.LOCKING,
            LockState.UNLOCKING,
            LockState.OPENING,
        )

    @override
    async def pulse(self) -> None:
        state = self.source.known
        was_released = state is not None and self.released(state) is True
        if self._lock_again and not was_released and not self._held:
            self._later(self._open_for.total_seconds())
        await call(
            self.source,
            SERVICE_OPEN
            if state is not None and _can(state, LockEntityFeature.OPEN)
            else SERVICE_UNLOCK,
        )

    @override
    async def hold(self) -> None:
        self._forget_back()
        self._moved()
        self._held = True
        try:
            await call(self.source, SERVICE_UNLOCK)
        except EquipmentError:
            self._held = False
            raise

    @override
    async def secure(self) -> None:
        self._held = False
        self._later(_RETRY_AFTER)
        await call(self.source, SERVICE_LOCK)
        self._forget_back()
        self._moved_back()

    @override
    async def stop(self) -> None:
        # The lock has no lease: nobody holds a door when we are gone.
        if self._held:
            await self._move_back()
        await super().stop()

    @override
    def _may_move_back(self) -> bool:
        return not self._is_open()


class GateOpener(Opener):
    """A gate. It is never closed by itself: somebody may stand in its way."""

    reports_within = _MOTOR_REPORTS_WITHIN

    @override
    def released(self, state: State) -> bool | None:
        return {
            CoverState.CLOSED.value: False,
            CoverState.OPEN.value: True,
            CoverState.OPENING.value: True,
        }.get(state.state)

    @override
    def is_moving(self, state: State) -> bool:
        return state.state == CoverState.CLOSING

    @override
    async def pulse(self) -> None:
        await call(self.source, SERVICE_OPEN_COVER)

    @override
    async def secure(self) -> None:
        state = self.source.known
        if (
            state is None
            or self.released(state) is False
            or not _can(state, CoverEntityFeature.CLOSE)
        ):
            return
        await call(self.source, SERVICE_CLOSE_COVER)


def _can(state: State, feature: LockEntityFeature | CoverEntityFeature) -> bool:
    return bool(state.attributes.get(ATTR_SUPPORTED_FEATURES, 0) & feature)


def opener_of(
    source: Source, settings: DoorSettings, domain: str, is_open: Callable[[], bool]
) -> Opener:
    """Return what releases a door by an entity of this domain."""
    match domain:
        case "lock":
            return LockOpener(source, settings, is_open)
        case "button":
            return ButtonOpener(source, settings)
        case "switch":
            return SwitchOpener(source, settings)
        case "cover":
            return GateOpener(source, settings)
    raise ValueError(f"{domain} opens no door")


def _nobody_notes() -> None:
    """Take a move before `start` and after `stop`."""
