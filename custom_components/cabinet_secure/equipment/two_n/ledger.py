"""Which events of a 2N device were told already.

An event is known by its boot and its id, since ids begin anew with every boot. A
new boot shows in one of these ways: the uptime in system/status is younger than it
could be; an event has an id that was told with another content; ids, uptimes and
times contradict each other. Each alone is enough, because telling a late event
twice is harmless and losing a panic is not.
"""

from .events import LogEvent

_REMEMBERED = 1024
_UPTIME_SLACK = 2


class EventLedger:
    """Remembers the latest events of the boot that is running."""

    __slots__ = ("_last", "_told", "boot")

    def __init__(self) -> None:
        self.boot = 0
        self._last: LogEvent | None = None
        self._told: dict[int, int] = {}

    def begin_boot(self) -> None:
        """Expect ids from the beginning."""
        self.boot += 1
        self._last = None
        self._told.clear()

    def enter(self, event: LogEvent, *, replayed: bool) -> bool:
        """Enter an event; return whether it is to be told.

        `replayed` is one from the history: it may be known, or be from before we
        first listened. Others come once by themselves.
        """
        content = hash((event.name, event.utc_time, event.up_time))
        told = self._told.get(event.id)
        if told == content:
            return False
        last = self._last
        if last is not None:
            if told is not None or _is_other_boot(event, last, replayed=replayed):
                self.begin_boot()
            elif replayed and event.id <= last.id:
                return False
        if self._last is None or event.id > self._last.id:
            self._last = event
        self._told[event.id] = content
        if len(self._told) > _REMEMBERED:
            del self._told[next(iter(self._told))]
        return True


def _is_other_boot(event: LogEvent, last: LogEvent, *, replayed: bool) -> bool:
    """Whether an event that was not told cannot be of the last one's boot."""
    if event.is_startup and not replayed:
        return True
    if event.id > last.id or not replayed:
        return _later(last.up_time, event.up_time, by=_UPTIME_SLACK)
    # A clock set back between the two looks the same; that tells late events twice
    # at worst.
    return _later(event.up_time, last.up_time) or _later(
        _booted_at(event), _booted_at(last), by=1
    )


def _booted_at(event: LogEvent) -> int | None:
    """Return when the device started, by its wall clock, give or take a second."""
    if event.utc_time is None or event.up_time is None:
        return None
    return event.utc_time - event.up_time


def _later(one: int | None, other: int | None, *, by: int = 0) -> bool:
    return one is not None and other is not None and one > other + by
