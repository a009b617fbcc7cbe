"""What a practice was told about its hours."""

from dataclasses import dataclass
from datetime import date, time, timedelta, tzinfo


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """Opening hours on a day of the week, by the clock on the wall.

    `weekday` is 0 for Monday. An end that is not after the beginning is the next day's:
    a window over midnight belongs to the day on which it begins.
    """

    weekday: int
    begin: time
    end: time


@dataclass(frozen=True, slots=True, kw_only=True)
class OnCall:
    """When somebody is on call while the practice is closed (DOMAIN: garde)."""

    begin: time = time(20)
    end: time = time(8)
    sundays: bool = True
    holidays: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Hours:
    """The hours of a practice, where it was told any."""

    zone: tzinfo
    windows: tuple[Window, ...] = ()
    # Whether a schedule or calendar that the user has takes the place of the windows.
    follows: bool = False
    # Days on which the practice does not open by itself.
    holidays: frozenset[date] = frozenset()
    on_call: OnCall | None = None
    # Whether the scheduled opening waits for the first of the staff.
    first_person_in: bool = False
    nobody_came_after: timedelta = timedelta(minutes=15)
    # Names of codes and cards that say nothing about staff: the cleaner's, a delivery's.
    not_staff: frozenset[str] = frozenset()
