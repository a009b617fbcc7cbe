"""A device in virtual time: what a log reader meets in days, in milliseconds."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
import heapq
import itertools

from custom_components.cabinet_secure.equipment.two_n.errors import (
    MalformedAnswer,
    MissingPrivilege,
    Refused,
    Unreachable,
    WrongCredentials,
)
from custom_components.cabinet_secure.equipment.two_n.events import LogEvent
from custom_components.cabinet_secure.equipment.two_n.models import SystemStatus

LATENCY = 0.01
EPOCH = 1_700_000_000


@dataclass(slots=True)
class Logged:
    """What really happened, to compare with what was heard."""

    boot: int
    at: float
    event: LogEvent
    live: bool = False
    """It went out in a pull that was held open for it."""


@dataclass(slots=True)
class VirtualDevice:
    """Follows a plan of actions at times; ends with `WrongCredentials`."""

    status_known: bool = True
    drift: float = 0.0
    now: float = 1000.0
    wall_shift: float = 0.0
    boot: int = 0
    logged: list[Logged] = field(default_factory=list)
    subscriptions: list[tuple[float, int | None]] = field(default_factory=list)
    _booted_at: float = 0.0
    _offline_until: float = 0.0
    _lose_answer: int | None = None
    _garble: bool = False
    _plan: list[tuple[float, int, Callable[[], None]]] = field(default_factory=list)
    _order: itertools.count[int] = field(default_factory=itertools.count)
    _ids: itertools.count[int] = field(default_factory=lambda: itertools.count(1))
    _history: list[Logged] = field(default_factory=list)
    _channel: int | None = None
    _channels: itertools.count[int] = field(default_factory=itertools.count)
    _names: frozenset[str] = frozenset()
    _queue: list[Logged] = field(default_factory=list)

    # What a test plans

    def at(self, when: float, action: Callable[[], None]) -> None:
        """Do something at a time."""
        heapq.heappush(self._plan, (when, next(self._order), action))

    def log(self, name: str = "KeyPressed", **params: str) -> None:
        """Log an event, unless there is no power."""
        if self._booted_at > self.now:
            return
        up_time = self._up_time(self.now)
        event = LogEvent.from_json(
            {
                "id": next(self._ids),
                "event": name,
                "upTime": up_time,
                "utcTime": int(EPOCH + self.wall_shift + self.now),
                "params": params,
            }
        )
        logged = Logged(boot=self.boot, at=self.now, event=event)
        self.logged.append(logged)
        self._history.append(logged)
        if self._channel is not None and name in self._names:
            self._queue.append(logged)

    def go_offline(self, seconds: float) -> None:
        """Answer nobody for a while."""
        self._offline_until = max(self._offline_until, self.now + seconds)

    def expire(self) -> None:
        """Close the channel."""
        self._channel = None

    def lose_answer(self, after: int = 0) -> None:
        """Lose an answer that holds events: the next, or one after it."""
        self._lose_answer = after

    def garble(self) -> None:
        """Give one answer that makes no sense."""
        self._garble = True

    def step_clock(self, seconds: float) -> None:
        """Set the wall clock."""
        self.wall_shift += seconds

    def reboot(self, downtime: float, *, forget_time: bool = False) -> None:
        """Lose power, and be back after a while."""
        self._channel = None
        self._history.clear()
        self._queue.clear()
        self._lose_answer = None
        self._garble = False
        self._booted_at = self.now + downtime
        self.go_offline(downtime)
        self.boot += 1
        self._ids = itertools.count(1)
        if forget_time:
            self.wall_shift = -EPOCH - self._booted_at
        self.at(self._booted_at, lambda: self.log("DeviceState", state="startup"))

    # What a reader asks

    async def system_status(self) -> SystemStatus:
        """Return the clocks."""
        self._answer()
        if not self.status_known:
            raise MissingPrivilege("system")
        return SystemStatus(system_time=None, up_time=self._up_time(self.now))

    async def log_caps(self) -> frozenset[str]:
        """Return the events."""
        self._answer()
        return frozenset({"KeyPressed", "DeviceState", "Other"})

    async def log_subscribe(
        self, events: Iterable[str], *, since: int | None = None
    ) -> int:
        """Open a channel."""
        self._answer()
        self._names = frozenset(events)
        self.subscriptions.append((self.now, since))
        self._queue = [
            one
            for one in self._history
            if since is not None
            and one.at >= self.now - since
            and one.event.name in self._names
        ]
        self._channel = next(self._channels)
        return self._channel

    async def log_pull(
        self,
        channel: int,
        timeout: int = 0,  # noqa: ASYNC109 -- the device's own parameter
    ) -> list[LogEvent]:
        """Give what is queued, or wait for it."""
        self._answer()
        if channel != self._channel:
            raise Refused(12, param="id")
        held = not self._queue
        until = self.now + timeout
        while not self._queue and self.now < until:
            due = self._plan[0][0] if self._plan else None
            if due is None:
                raise WrongCredentials("the plan is over")
            self.advance_to(min(due, until))
            self._check_reachable()
            if channel != self._channel:
                raise Refused(12, param="id")
        batch, self._queue = self._queue[:128], self._queue[128:]
        if batch and self._lose_answer is not None:
            self._lose_answer -= 1
            if self._lose_answer < 0:
                self._lose_answer = None
                raise Unreachable("the answer was lost")
        for one in batch:
            one.live = held
        return [one.event for one in batch]

    async def log_unsubscribe(self, channel: int) -> None:
        """Close a channel."""
        self._answer()

    async def sleep(self, seconds: float) -> None:
        """Let time pass."""
        self.advance_to(self.now + seconds)

    def advance_to(self, when: float) -> None:
        """Let time pass, and do what is planned in it."""
        while self._plan and self._plan[0][0] <= when:
            due, _, action = heapq.heappop(self._plan)
            self.now = max(self.now, due)
            action()
        self.now = max(self.now, when)

    def _answer(self) -> None:
        self.advance_to(self.now + LATENCY)
        self._check_reachable()
        if self._garble:
            self._garble = False
            raise MalformedAnswer("garbled")

    def _check_reachable(self) -> None:
        if self.now < self._offline_until:
            raise Unreachable("offline")

    def _up_time(self, now: float) -> int:
        return int((now - self._booted_at) * (1 + self.drift))
