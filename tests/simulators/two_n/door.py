"""The door leaf with its contact: forced and left open are noticed."""

from collections.abc import Callable

from .clock import StationClock, Timer
from .log import EventLog


class Door:
    """Open or closed; `released` says whether the strike lets it be opened now."""

    def __init__(
        self,
        clock: StationClock,
        log: EventLog,
        *,
        released: Callable[[], bool],
        open_limit_s: float,
    ) -> None:
        self.is_open = False
        self.forced = False
        self.open_too_long = False
        self._clock = clock
        self._log = log
        self._released = released
        self._open_limit_s = open_limit_s
        self._timer: Timer | None = None

    @property
    def state(self) -> str:
        """Return `opened` or `closed`."""
        return "opened" if self.is_open else "closed"

    def move(self, *, is_open: bool) -> None:
        """Open or close the leaf; without a release it counts as forced."""
        if self.is_open == is_open:
            return
        self.is_open = is_open
        self._log.emit("DoorStateChanged", {"state": self.state})
        if is_open:
            self.forced = not self._released()
            if self.forced:
                self._log.emit("UnauthorizedDoorOpen", {"state": "in"})
            self._timer = self._clock.call_later(self._open_limit_s, self._left_open)
            return
        self._stop_timer()
        if self.forced:
            self.forced = False
            self._log.emit("UnauthorizedDoorOpen", {"state": "out"})
        if self.open_too_long:
            self.open_too_long = False
            self._log.emit("DoorOpenTooLong", {"state": "out"})

    def lose_power(self) -> None:
        """Forget what was being watched; the leaf stays where it is."""
        self._stop_timer()
        self.forced = self.open_too_long = False

    def _left_open(self) -> None:
        self._timer = None
        self.open_too_long = True
        self._log.emit("DoorOpenTooLong", {"state": "in"})

    def _stop_timer(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
