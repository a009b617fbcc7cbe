"""Which mode is due, worked out slowly and plainly: by watching a clock, minute by minute.

Nothing here knows of offsets, folds or gaps. It asks a clock on the wall what it shows
at each minute, and takes the first minute at which it shows what was set up.
"""

from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, time, timedelta, tzinfo

from custom_components.cabinet_secure.practice.hours.config import Hours
from custom_components.cabinet_secure.practice.hours.state import ExceptionalPeriod
from custom_components.cabinet_secure.practice.state import Mode

MINUTE = timedelta(minutes=1)
DAY = timedelta(days=1)


def minutes_around(now: datetime, zone: tzinfo) -> list[tuple[datetime, datetime]]:
    """Return every minute of three days before and after, and what the clock shows."""
    first = now.astimezone(UTC).replace(second=0, microsecond=0) - 3 * DAY
    return [
        (minute, minute.astimezone(zone).replace(tzinfo=None))
        for minute in (first + number * MINUTE for number in range(6 * 24 * 60))
    ]


def slow_mode(
    hours: Hours, exceptions: Sequence[ExceptionalPeriod], now: datetime
) -> Mode:
    """Return the mode that is due at a whole minute."""
    due = [period for period in exceptions if period.begin <= now < period.end]
    if due:
        last = max(period.begin for period in due)
        due = [period for period in due if period.begin == last]
        short = min(period.end for period in due)
        careful = {period.mode for period in due if period.end == short}
        for mode in (Mode.CLOSED, Mode.ON_CALL, Mode.STAFF_ONLY, Mode.OPEN):
            if mode in careful:
                return mode
    clock = minutes_around(now, hours.zone)

    def shows(day: date, wall: time) -> datetime:
        return next(at for at, shown in clock if shown >= datetime.combine(day, wall))

    def lasts(day: date, begin: time, end: time) -> bool:
        end_day = day if end > begin else day + DAY
        return shows(day, begin) <= now < shows(end_day, end)

    today = now.astimezone(hours.zone).date()
    days = [today - DAY, today, today + DAY]
    for day in days:
        for window in windows_of(hours, day):
            if lasts(day, window[0], window[1]):
                return Mode.OPEN
    for day in days:
        windows = list(windows_of(hours, day))
        if len(windows) > 1:
            begins = min(shows(day, begin) for begin, _ in windows)
            ends = max(
                shows(day if end > begin else day + DAY, end) for begin, end in windows
            )
            if begins <= now < ends:
                return Mode.STAFF_ONLY
    if hours.on_call is not None:
        for day in days:
            sunday = day.isoweekday() == 7 and hours.on_call.sundays
            holiday = day in hours.holidays and hours.on_call.holidays
            if lasts(day, hours.on_call.begin, hours.on_call.end) or (
                (sunday or holiday) and lasts(day, time(), time())
            ):
                return Mode.ON_CALL
    return Mode.CLOSED


def windows_of(hours: Hours, day: date) -> Iterator[tuple[time, time]]:
    """Yield the windows that begin on a day."""
    if day not in hours.holidays:
        for window in hours.windows:
            if window.weekday == day.weekday():
                yield window.begin, window.end
