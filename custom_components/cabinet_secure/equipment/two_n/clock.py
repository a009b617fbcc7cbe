"""How old an event is, whatever the device's wall clock says.

A 2N device without a time server may live in the year 2000, and its clock jumps
when it finds one. What does not jump is the uptime that each event carries. One
offset, our monotonic clock minus the device's uptime, therefore dates every event
of one boot to about a second.

The offset is learnt from system/status, and lowered by every event that arrives
sooner than it allows: an event cannot be heard before it happened. Crystals drift
(some seconds a day), so between two readings the offset is let rise slowly, or
after days every live event would look old.
"""

from typing import Final

_LEAK: Final = 1e-4
"""Seconds per second that the offset may rise: more than any crystal drifts."""
_SLACK: Final = 3.0
"""Seconds by which two readings of one boot may differ: whole seconds, latency."""


class DeviceClock:
    """The device's uptime against our monotonic clock. All values in seconds."""

    __slots__ = ("_offset", "_read_at")

    def __init__(self) -> None:
        self._offset: float | None = None
        self._read_at = 0.0

    def learn(self, up_time: int, *, asked: float, answered: float) -> bool:
        """Take a reading of system/status; return whether the device restarted.

        Had it not, it could not have begun later than we knew. The reading was
        made at some moment between the question and the answer.
        """
        known = self._leaked(asked)
        restarted = known is not None and asked - up_time - known > _SLACK
        self._offset, self._read_at = answered - up_time, answered
        return restarted

    def forget(self) -> None:
        """Drop what was learnt, since another boot began."""
        self._offset = None

    def age(self, up_time: int | None, now: float, *, replayed: bool) -> float | None:
        """Return how long ago an event happened, or None where that is not known.

        A replayed event teaches nothing about the offset.
        """
        if up_time is None:
            return None
        offset = self._leaked(now)
        heard = now - up_time
        if not replayed and (offset is None or heard < offset):
            self._offset, self._read_at = heard, now
            return 0.0
        return None if offset is None else max(0.0, heard - offset)

    def _leaked(self, now: float) -> float | None:
        if self._offset is None:
            return None
        return self._offset + _LEAK * (now - self._read_at)
