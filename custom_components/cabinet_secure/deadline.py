"""The next deadline of the practice, as a timer of Home Assistant."""

from collections.abc import Callable
from datetime import datetime

from homeassistant.core import CALLBACK_TYPE, HassJob, HomeAssistant, callback
from homeassistant.helpers.event import async_call_later
from homeassistant.util import dt as dt_util


class Deadline:
    """Calls once the next deadline has passed; it waits for one at a time."""

    def __init__(self, hass: HomeAssistant, passed: Callable[[], None]) -> None:
        self._hass = hass
        self._passed = passed
        self._due: datetime | None = None
        self._cancel: CALLBACK_TYPE | None = None

    @callback
    def wait_for(self, due: datetime | None) -> None:
        """Wait for this one instead of the one before; None waits for nothing."""
        if due == self._due:
            return
        self.cancel()
        self._due = due
        if due is not None:
            # By a clock that nobody sets: the practice looks at the other one.
            self._cancel = async_call_later(
                self._hass,
                max(0.0, (due - dt_util.utcnow()).total_seconds()),
                HassJob(self._call, "practice deadline"),
            )

    @callback
    def cancel(self) -> None:
        """Wait no more."""
        if self._cancel is not None:
            self._cancel()
        self._cancel = self._due = None

    @callback
    def _call(self, _now: datetime) -> None:
        self._cancel = self._due = None
        self._passed()
