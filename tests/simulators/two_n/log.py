"""The event log: history, channels and held pulls ("2N HTTP API, api/log")."""

import asyncio
from collections import deque
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
import itertools
import random
from types import MappingProxyType

from .clock import StationClock, Timer
from .config import Json, Privilege
from .errors import ApiError, ErrorCode

HISTORY_LIMIT = 10_000
BATCH_LIMIT = 128

# Types that an account sees only with a privilege; all others need none.
EVENT_PRIVILEGE: Mapping[str, Privilege] = MappingProxyType(
    {
        "KeyPressed": Privilege.KEYBOARD_MONITORING,
        "KeyReleased": Privilege.KEYBOARD_MONITORING,
        "CodeEntered": Privilege.KEYBOARD_MONITORING,
        "DtmfEntered": Privilege.KEYBOARD_MONITORING,
        "CardEntered": Privilege.CARD_MONITORING,
        "CardHeld": Privilege.CARD_MONITORING,
        "MobKeyEntered": Privilege.CARD_MONITORING,
        "FingerEntered": Privilege.ACCESS_MONITORING,
        "UserAuthenticated": Privilege.ACCESS_MONITORING,
        "UserRejected": Privilege.ACCESS_MONITORING,
        "ApiAccessRequested": Privilege.ACCESS_MONITORING,
        "InputChanged": Privilege.IO_MONITORING,
        "OutputChanged": Privilege.IO_MONITORING,
        "SwitchStateChanged": Privilege.IO_MONITORING,
        "CallStateChanged": Privilege.CALL_MONITORING,
        "RegistrationStateChanged": Privilege.CALL_MONITORING,
    }
)

EVENT_TYPES: tuple[str, ...] = (
    "KeyPressed",
    "KeyReleased",
    "InputChanged",
    "OutputChanged",
    "CardEntered",
    "CardHeld",
    "CallStateChanged",
    "AudioLoopTest",
    "CodeEntered",
    "DeviceState",
    "RegistrationStateChanged",
    "MotionDetected",
    "NoiseDetected",
    "SwitchStateChanged",
    "TamperSwitchActivated",
    "UnauthorizedDoorOpen",
    "DoorOpenTooLong",
    "LoginBlocked",
    "UserAuthenticated",
    "UserRejected",
    "SilentAlarm",
    "AccessLimited",
    "ApLockStateChanged",
    "AccessBlocked",
    "ApiAccessRequested",
    "DoorStateChanged",
    "RexActivated",
    "SwitchesBlocked",
    "DtmfEntered",
    "FingerEntered",
    "MobKeyEntered",
)


@dataclass(frozen=True, slots=True)
class Record:
    """One event of the history; `boot` counts the station's starts."""

    boot: int
    id: int
    at: float
    event: str
    body: Json


@dataclass(slots=True)
class Channel:
    """One subscription with its own queue."""

    id: int
    duration_s: float
    allowed: frozenset[str] | None
    hidden: frozenset[str]
    queue: deque[Record] = field(default_factory=lambda: deque(maxlen=HISTORY_LIMIT))
    waiters: deque[asyncio.Future[bool]] = field(default_factory=deque)
    pulling: int = 0
    expiry: Timer | None = None
    closed: bool = False

    def wants(self, event: str) -> bool:
        """Say whether an event type belongs in this channel."""
        if event in self.hidden:
            return False
        return self.allowed is None or event in self.allowed

    def wake(self) -> None:
        """Let every held pull look again."""
        while self.waiters:
            waiter = self.waiters.popleft()
            if not waiter.done():
                waiter.set_result(True)


class EventLog:
    """History and channels live in memory: `forget` is what a power cut does."""

    def __init__(
        self, clock: StationClock, *, tz_shift_min: int, named_only: frozenset[str]
    ) -> None:
        self.clock = clock
        self.boot = 0
        self.booted_at = clock.monotonic()
        self.types: list[str] = list(EVENT_TYPES)
        self.history: deque[Record] = deque(maxlen=HISTORY_LIMIT)
        self.channels: dict[int, Channel] = {}
        self.listeners: list[asyncio.Queue[Record]] = []
        self._tz_shift_min = tz_shift_min
        self._named_only = named_only
        self._ids = itertools.count(1)

    @property
    def uptime_s(self) -> int:
        """Return whole seconds since the station started."""
        return int(self.clock.monotonic() - self.booted_at)

    def start(self) -> None:
        """Begin a new life: ids count from one again."""
        self.boot += 1
        self.booted_at = self.clock.monotonic()
        self._ids = itertools.count(1)

    def forget(self) -> None:
        """Lose history and channels, as a power cut does."""
        self.history.clear()
        for channel in list(self.channels.values()):
            self._close(channel)

    def emit(self, event: str, params: Json) -> Record:
        """Record an event that the station makes."""
        return self.inject({"event": event, "params": params})

    def inject(self, raw: Json) -> Record:
        """Record an event as it is given; what it leaves out is filled in."""
        now = self.clock.time()
        body: Json = {
            "id": next(self._ids),
            "tzShift": self._tz_shift_min,
            "utcTime": int(now),
            "upTime": self.uptime_s,
            "event": "",
            "params": {},
            **raw,
        }
        record = Record(self.boot, body["id"], now, str(body["event"]), body)
        self.history.append(record)
        for channel in self.channels.values():
            if channel.wants(record.event):
                channel.queue.append(record)
                channel.wake()
        for listener in self.listeners:
            if listener.full():
                listener.get_nowait()
            listener.put_nowait(record)
        return record

    def subscribe(
        self,
        *,
        include: str,
        names: Iterable[str] | None,
        duration_s: float,
        privileges: frozenset[Privilege],
    ) -> Channel:
        """Open a channel.

        `include` is `new`, `all`, or `-t`: the history of the last t seconds. Raises
        ApiError 12 for anything else and for a type that the station does not have.
        """
        allowed = None if names is None else frozenset(names)
        if allowed is not None and not allowed <= set(self.types):
            raise ApiError(ErrorCode.INVALID, "filter")
        hidden = frozenset(
            event
            for event, privilege in EVENT_PRIVILEGE.items()
            if privilege not in privileges
        )
        if allowed is None:
            hidden |= self._named_only
        channel_id = random.randrange(1, 2**32)
        while channel_id in self.channels:
            channel_id = random.randrange(1, 2**32)
        channel = Channel(channel_id, duration_s, allowed, hidden)
        channel.queue.extend(
            record for record in self._history(include) if channel.wants(record.event)
        )
        self.channels[channel_id] = channel
        self._watch(channel)
        return channel

    async def pull(self, channel_id: int, timeout_s: float) -> list[Record]:
        """Take at most 128 events, waiting up to `timeout_s` for the first.

        Raises ApiError 12 when the channel is gone, also while waiting for it.
        """
        channel = self.channels.get(channel_id)
        if channel is None:
            raise ApiError(ErrorCode.INVALID, "id")
        channel.pulling += 1
        if channel.expiry is not None:
            channel.expiry.cancel()
        try:
            if not channel.queue and timeout_s > 0:
                await self._wait(channel, timeout_s)
            if channel.closed:
                raise ApiError(ErrorCode.INVALID, "id")
            count = min(BATCH_LIMIT, len(channel.queue))
            return [channel.queue.popleft() for _ in range(count)]
        finally:
            channel.pulling -= 1
            if not channel.pulling and not channel.closed:
                self._watch(channel)

    def unsubscribe(self, channel_id: int) -> None:
        """Close a channel; raises ApiError 12 when there is none of that id."""
        channel = self.channels.get(channel_id)
        if channel is None:
            raise ApiError(ErrorCode.INVALID, "id")
        self._close(channel)

    def expire(self) -> None:
        """Close every channel, as if all their durations had passed."""
        for channel in list(self.channels.values()):
            self._close(channel)

    async def _wait(self, channel: Channel, timeout_s: float) -> None:
        waiter: asyncio.Future[bool] = asyncio.get_running_loop().create_future()

        def give_up() -> None:
            if not waiter.done():
                waiter.set_result(False)

        timer = self.clock.call_later(timeout_s, give_up)
        channel.waiters.append(waiter)
        try:
            await waiter
        finally:
            timer.cancel()
            if waiter in channel.waiters:
                channel.waiters.remove(waiter)

    def _history(self, include: str) -> list[Record]:
        match include:
            case "new":
                return []
            case "all":
                return list(self.history)
        if not include.startswith("-") or not include[1:].isdecimal():
            raise ApiError(ErrorCode.INVALID, "include")
        since = self.clock.time() - int(include[1:])
        return [record for record in self.history if record.at >= since]

    def _watch(self, channel: Channel) -> None:
        if channel.expiry is not None:
            channel.expiry.cancel()
        channel.expiry = self.clock.call_later(
            channel.duration_s, lambda: self._close(channel)
        )

    def _close(self, channel: Channel) -> None:
        if channel.expiry is not None:
            channel.expiry.cancel()
        channel.closed = True
        self.channels.pop(channel.id, None)
        channel.wake()
