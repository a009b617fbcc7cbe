"""The station's clock: real time that a test can push forward."""

import asyncio
from collections.abc import Callable
import heapq
import itertools
import time

# The event loop may wake a timer early by less than its own resolution.
_RESOLUTION_S = 0.001


class Timer:
    """One call that is due at a time of the clock."""

    def __init__(self, due: float, callback: Callable[[], None]) -> None:
        self.due = due
        self.callback = callback
        self.cancelled = False

    def cancel(self) -> None:
        """Never make the call; harmless after it was made."""
        self.cancelled = True


class StationClock:
    """Follows real time plus whatever `advance` has added.

    Everything in the simulator that lasts (a released strike, a hold, a channel, a
    nonce, a blocked login) is measured with it, so a test need not wait.
    """

    def __init__(self) -> None:
        self._offset = 0.0
        self._timers: list[tuple[float, int, Timer]] = []
        self._sequence = itertools.count()
        self._wake: asyncio.TimerHandle | None = None

    def monotonic(self) -> float:
        """Return seconds that never go back."""
        return time.monotonic() + self._offset

    def time(self) -> float:
        """Return seconds since the epoch."""
        return time.time() + self._offset

    def call_later(self, delay: float, callback: Callable[[], None]) -> Timer:
        """Make a call after `delay` seconds of this clock."""
        timer = Timer(self.monotonic() + delay, callback)
        heapq.heappush(self._timers, (timer.due, next(self._sequence), timer))
        self._schedule()
        return timer

    def advance(self, seconds: float) -> None:
        """Push the clock forward; calls that fall due are made in order, at their time."""
        if seconds < 0:
            raise ValueError("a clock only goes forward")
        target = self.monotonic() + seconds
        while self._timers and self._timers[0][0] <= target:
            self._offset += max(0.0, self._timers[0][0] - self.monotonic())
            self._run_due()
        self._offset += max(0.0, target - self.monotonic())
        self._schedule()

    def stop(self) -> None:
        """Forget every pending call."""
        self._timers.clear()
        self._schedule()

    def _run_due(self) -> None:
        now = self.monotonic() + _RESOLUTION_S
        while self._timers and self._timers[0][0] <= now:
            _, _, timer = heapq.heappop(self._timers)
            if not timer.cancelled:
                timer.callback()

    def _on_wake(self) -> None:
        self._wake = None
        self._run_due()
        self._schedule()

    def _schedule(self) -> None:
        if self._wake is not None:
            self._wake.cancel()
            self._wake = None
        while self._timers and self._timers[0][2].cancelled:
            heapq.heappop(self._timers)
        if self._timers:
            delay = max(0.0, self._timers[0][0] - self.monotonic())
            self._wake = asyncio.get_running_loop().call_later(delay, self._on_wake)
