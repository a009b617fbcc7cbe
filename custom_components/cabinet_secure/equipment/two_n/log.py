"""Hearing what a 2N device has to tell, for as long as it takes.

The reader opens a channel for the events that are wanted, by name, and keeps one
pull open on it (2N HTTP API, log/*). Channel and history live in the device's
memory, so after a gap it asks for the history of the gap, leaves out what it has
told before, and marks what comes from there as late.
"""

import asyncio
from collections.abc import Awaitable, Callable, Iterable
import contextlib
from dataclasses import dataclass
from datetime import UTC, datetime
import logging
import math
import random
import time
from typing import Final, Never, Protocol

from .client import BATCH, LONGEST_HISTORY
from .clock import DeviceClock
from .errors import (
    MalformedAnswer,
    MissingPrivilege,
    Refused,
    ServiceDisabled,
    TwoNError,
    Unsupported,
    WrongCredentials,
)
from .events import DEVICE_STATE, LogEvent
from .ledger import EventLedger
from .models import SystemStatus

_LOGGER = logging.getLogger(__name__)

LATE: Final = 10.0
"""Seconds after which an event is late."""

_CHANNEL_GONE = 12
_PULL = 25
_FIRST_DELAY = 0.5
_LONGEST_DELAY = 30.0
_SETTLED = 1.0
"""Seconds after which a connection has proven itself."""
_HISTORY_SLACK = 5
_CLOCK_READING_EVERY = 900.0
_SHORTEST_HELD_PULL = 0.5
_FAREWELL = 2.0


@dataclass(frozen=True, slots=True, kw_only=True)
class HeardEvent:
    """An event of the device, told once."""

    event: LogEvent
    boot: int
    """Counts the device's boots since the reader began."""
    received_at: datetime
    device_time: datetime | None
    """When it happened by the device's own clock, which may be wrong."""
    age: float | None
    """Seconds since it happened, by the device's uptime; None if not known."""
    resumed: bool
    """It was in the history before we came back after a gap."""
    late: bool
    """It is resumed or older than 10 s: to be recorded, not acted on."""


class LogSource(Protocol):
    """The part of `TwoNClient` that a reader needs."""

    async def system_status(self) -> SystemStatus:
        """Return the device's clocks."""
        ...

    async def log_caps(self) -> frozenset[str]:
        """Return the names of the events that the device can report."""
        ...

    async def log_subscribe(
        self, events: Iterable[str], *, since: int | None = None
    ) -> int:
        """Open a channel, with so many seconds of history; return its number."""
        ...

    async def log_pull(self, channel: int, timeout: int = 0) -> list[LogEvent]:  # noqa: ASYNC109 -- the device's own parameter
        """Take up to 128 events out of a channel, or wait for the first."""
        ...

    async def log_unsubscribe(self, channel: int) -> None:
        """Close a channel."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class _Moment:
    """A moment on both clocks: one stops while we are suspended, one can jump."""

    monotonic: float
    wall: float


class LogReader:
    """Tells every wanted event of one device once, in the device's order."""

    def __init__(
        self,
        client: LogSource,
        wanted: Iterable[str],
        *,
        history: int | None = None,
        clock: Callable[[], float] = time.time,
        monotonic: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        """Prepare; nothing is sent before `run`.

        `history` is how many seconds before now the first channel begins: what
        happened while Home Assistant restarted is then heard, late. None begins
        with what happens from now on.
        """
        self._client = client
        self._wanted = frozenset(wanted)
        self._clock = clock
        self._monotonic = monotonic
        self._sleep = sleep
        self._device_clock = DeviceClock()
        self._names: frozenset[str] | None = None
        self._channel: int | None = None
        self._opened_at = 0.0
        self._resumed = False
        self._status_up_time: int | None = None
        self._clock_read_at = 0.0
        self._caught_up: _Moment | None = None
        if history is not None:
            now = self._now()
            self._caught_up = _Moment(
                monotonic=now.monotonic - history, wall=now.wall - history
            )
        self._ledger = EventLedger()
        self._trouble: tuple[type[TwoNError], str | None] | None = None

    async def run(
        self,
        on_event: Callable[[HeardEvent], None],
        on_connection: Callable[[bool, TwoNError | None], None],
    ) -> Never:
        """Listen until cancelled; raise `WrongCredentials` and nothing else.

        `on_connection(True, None)` comes after every subscription, also where no
        loss was noticed: states may have changed unheard and should be read
        again. `on_connection(False, error)` comes at a loss, and again only when
        the kind of trouble changes. Both callbacks return soon; what they raise is
        logged by its type and stops nothing.
        """
        failures = 0
        try:
            while True:
                try:
                    self._channel = await self._subscribe()
                    await self._listen(self._channel, on_event, on_connection)
                except WrongCredentials as err:
                    self._lost(err, on_connection)
                    raise
                except TwoNError as err:
                    trouble = err
                except Exception as err:  # noqa: BLE001 -- the bell must be heard again
                    trouble = MalformedAnswer(f"unexpected {type(err).__name__}")
                    _LOGGER.error("Reading the log raised %s", type(err).__name__)
                lived = 0.0
                if self._channel is not None:
                    lived = self._monotonic() - self._opened_at
                    self._channel = None
                if lived >= _SETTLED:
                    failures = 0
                    if isinstance(trouble, Refused) and trouble.code == _CHANNEL_GONE:
                        continue
                self._names = None
                self._lost(trouble, on_connection)
                await self._sleep(_delay(failures, trouble))
                failures += 1
        finally:
            await self._farewell()

    async def _subscribe(self) -> int:
        await self._read_clock()
        if self._names is None:
            try:
                supported = await self._client.log_caps()
            except Unsupported:
                supported = self._wanted | {DEVICE_STATE}
            self._names = (self._wanted | {DEVICE_STATE}) & supported
        if not self._names & self._wanted:
            raise Unsupported("the device reports none of the wanted events")
        now = self._now()
        since: int | None = None
        if self._caught_up is not None:
            gap = max(
                now.monotonic - self._caught_up.monotonic,
                now.wall - self._caught_up.wall,
            )
            since = min(
                max(1, math.ceil(gap) + _HISTORY_SLACK),
                LONGEST_HISTORY,
            )
        channel = await self._client.log_subscribe(self._names, since=since)
        self._opened_at = self._monotonic()
        self._resumed = since is not None
        self._caught_up = self._caught_up or now
        return channel

    async def _read_clock(self) -> None:
        asked = self._monotonic()
        self._status_up_time = None
        self._clock_read_at = asked
        try:
            status = await self._client.system_status()
        except (MissingPrivilege, Refused, ServiceDisabled, Unsupported) as err:
            # Events alone then tell the time, and what was known may be of a boot
            # that is over.
            _LOGGER.debug("The device's uptime is not known: %s", err)
            self._device_clock.forget()
            return
        if status.up_time is None:
            self._device_clock.forget()
            return
        self._status_up_time = status.up_time
        if self._device_clock.learn(
            status.up_time, asked=asked, answered=self._monotonic()
        ):
            self._ledger.begin_boot()

    async def _listen(
        self,
        channel: int,
        on_event: Callable[[HeardEvent], None],
        on_connection: Callable[[bool, TwoNError | None], None],
    ) -> Never:
        wait = 0
        draining = self._resumed
        greeted = False
        while True:
            asked = self._now()
            events = await self._client.log_pull(channel, wait)
            now = self._now()
            if not greeted:
                greeted = True
                self._connected(on_connection)
            for event in events:
                self._hear(event, now, draining, on_event)
            if len(events) < BATCH:
                self._caught_up = asked
            draining = draining and bool(events)
            held = now.monotonic - asked.monotonic
            if not events and wait and held < _SHORTEST_HELD_PULL:
                # It does not hold pulls open: do not ask in a tight loop.
                await self._sleep(_SHORTEST_HELD_PULL)
            wait = 0 if draining else _PULL
            if now.monotonic - self._clock_read_at > _CLOCK_READING_EVERY:
                await self._read_clock()

    def _hear(
        self,
        event: LogEvent,
        now: _Moment,
        draining: bool,  # noqa: FBT001 -- called for every event
        on_event: Callable[[HeardEvent], None],
    ) -> None:
        replayed = draining and not self._after_status(event)
        boot = self._ledger.boot
        if not self._ledger.enter(event, replayed=replayed):
            return
        if self._ledger.boot != boot and (not draining or self._status_up_time is None):
            # What is known of the clock is of the boot before.
            self._device_clock.forget()
        if event.name not in self._wanted:
            return
        age = self._device_clock.age(event.up_time, now.monotonic, replayed=replayed)
        heard = HeardEvent(
            event=event,
            boot=self._ledger.boot,
            received_at=datetime.fromtimestamp(now.wall, UTC),
            device_time=event.device_time,
            age=age,
            resumed=replayed,
            late=replayed or (age is not None and age > LATE),
        )
        try:
            on_event(heard)
        except Exception as err:  # noqa: BLE001 -- one bad event must not silence the rest
            _LOGGER.error("Handling %s raised %s", event.name[:64], type(err).__name__)

    def _after_status(self, event: LogEvent) -> bool:
        """Whether an event in the history is of the second we came back, or later."""
        return (
            self._status_up_time is not None
            and event.up_time is not None
            and event.up_time >= self._status_up_time
        )

    def _connected(
        self, on_connection: Callable[[bool, TwoNError | None], None]
    ) -> None:
        self._trouble = None
        _tell(on_connection, None)

    def _lost(
        self,
        error: TwoNError,
        on_connection: Callable[[bool, TwoNError | None], None],
    ) -> None:
        trouble = (type(error), getattr(error, "service", None))
        if trouble != self._trouble:
            self._trouble = trouble
            _tell(on_connection, error)

    async def _farewell(self) -> None:
        """Close the channel if that goes quickly; else the device does it itself."""
        if self._channel is None:
            return
        channel, self._channel = self._channel, None
        with contextlib.suppress(TwoNError, TimeoutError):
            async with asyncio.timeout(_FAREWELL):
                await self._client.log_unsubscribe(channel)

    def _now(self) -> _Moment:
        return _Moment(monotonic=self._monotonic(), wall=self._clock())


def _delay(failures: int, trouble: TwoNError) -> float:
    """Return the seconds to wait: at most 0.5 at first, 30 in the end."""
    limit = _LONGEST_DELAY
    if not isinstance(trouble, MissingPrivilege | ServiceDisabled | Unsupported):
        limit = min(limit, _FIRST_DELAY * 2 ** min(failures, 10))
    return limit * random.uniform(0.5, 1.0)  # noqa: S311 -- spreads load, no secret


def _tell(
    on_connection: Callable[[bool, TwoNError | None], None], error: TwoNError | None
) -> None:
    try:
        on_connection(error is None, error)
    except Exception as err:  # noqa: BLE001 -- the reader must go on
        _LOGGER.error("Handling the connection raised %s", type(err).__name__)
