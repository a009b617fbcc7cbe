"""Calls of the station ("2N HTTP API, api/call")."""

from dataclasses import dataclass
from enum import StrEnum
import itertools

from .clock import StationClock, Timer
from .config import Json
from .errors import ApiError, ErrorCode
from .log import EventLog


class CallState(StrEnum):
    """Where a call is."""

    CONNECTING = "connecting"
    RINGING = "ringing"
    CONNECTED = "connected"
    TERMINATED = "terminated"


class Direction(StrEnum):
    """Who began a call, seen from the station."""

    INCOMING = "incoming"
    OUTGOING = "outgoing"


REASONS = frozenset(
    {
        "normal",
        "busy",
        "rejected",
        "noanswer",
        "noresponse",
        "completed_elsewhere",
        "failure",
    }
)


@dataclass(slots=True)
class Call:
    """One call; sessions and calls are counted apart, as on a device."""

    session: int
    id: int
    direction: Direction
    state: CallState
    peer: str
    timer: Timer | None = None


class Calls:
    """The running calls; an unanswered one ends by itself after `ring_limit_s`."""

    def __init__(
        self, clock: StationClock, log: EventLog, *, ring_limit_s: float
    ) -> None:
        self.running: dict[int, Call] = {}
        self._clock = clock
        self._log = log
        self._ring_limit_s = ring_limit_s
        self._sessions = itertools.count(1)
        self._calls = itertools.count(1)

    def dial(self, peer: str) -> Call:
        """Call somebody: connecting, then ringing at the other end."""
        call = self._begin(Direction.OUTGOING, CallState.CONNECTING, peer)
        self._enter(call, CallState.RINGING)
        return call

    def ring_in(self, peer: str) -> Call:
        """Let somebody call the station."""
        return self._begin(Direction.INCOMING, CallState.RINGING, peer)

    def connect(self, call: Call) -> None:
        """Let somebody answer."""
        if call.timer is not None:
            call.timer.cancel()
        self._enter(call, CallState.CONNECTED)

    def end(self, call: Call, reason: str) -> None:
        """End a call for one of `REASONS`; raises ValueError for another."""
        if reason not in REASONS:
            raise ValueError(f"no such reason: {reason}")
        if self.running.pop(call.session, None) is None:
            return
        if call.timer is not None:
            call.timer.cancel()
        call.state = CallState.TERMINATED
        self._report(call, reason)

    def find(self, session: int) -> Call:
        """Return a running call; raises ApiError 12."""
        if (call := self.running.get(session)) is None:
            raise ApiError(ErrorCode.INVALID, "session")
        return call

    def answer(self, session: int) -> None:
        """Do what call/answer asks; raises ApiError 14 where nothing rings in."""
        call = self.find(session)
        if call.direction is not Direction.INCOMING or call.state is not (
            CallState.RINGING
        ):
            raise ApiError(ErrorCode.PROCESSING)
        self.connect(call)

    def latest(self) -> Call | None:
        """Return the call that began last."""
        return next(reversed(self.running.values()), None)

    def status(self, session: int | None = None) -> list[Json]:
        """Return the sessions as call/status does."""
        chosen = self.running.values() if session is None else [self.find(session)]
        return [
            {
                "session": call.session,
                "direction": call.direction.value,
                "state": call.state.value,
                "calls": [
                    {"id": call.id, "state": call.state.value, "peer": call.peer}
                ],
            }
            for call in chosen
        ]

    def lose_power(self) -> None:
        """Drop every call; nobody hears of it."""
        for call in self.running.values():
            if call.timer is not None:
                call.timer.cancel()
        self.running.clear()

    def _begin(self, direction: Direction, state: CallState, peer: str) -> Call:
        call = Call(next(self._sessions), next(self._calls), direction, state, peer)
        self.running[call.session] = call
        call.timer = self._clock.call_later(
            self._ring_limit_s, lambda: self.end(call, "noanswer")
        )
        self._report(call)
        return call

    def _enter(self, call: Call, state: CallState) -> None:
        call.state = state
        self._report(call)

    def _report(self, call: Call, reason: str | None = None) -> None:
        params: Json = {
            "direction": call.direction.value,
            "state": call.state.value,
            "peer": call.peer,
            "session": call.session,
            "call": call.id,
        }
        if reason is not None:
            params["reason"] = reason
        self._log.emit("CallStateChanged", params)
