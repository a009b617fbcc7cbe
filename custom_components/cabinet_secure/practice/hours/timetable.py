"""Which mode is due at an instant, and when that changes.

The clock on the wall decides: a window begins at the first instant of its day at which
the clock shows its time or a later one. So a time that daylight saving leaves out counts
when the clock has leapt over it, and one that comes twice counts the first time.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from itertools import pairwise

from ..modes import Mode
from .config import Hours, Window
from .state import ExceptionalPeriod, FollowedSchedule

_DAY = timedelta(days=1)
# Days that are looked at in one go for the next change, and at most.
_STRETCH = 4
_HORIZON = 400

# Of periods that overlap, the later one counts.
_PRECEDENCE = (Mode.ON_CALL, Mode.STAFF_ONLY, Mode.OPEN)
# Of exceptional periods that begin and end together, the more careful one counts.
_CAREFUL = (Mode.OPEN, Mode.STAFF_ONLY, Mode.ON_CALL, Mode.CLOSED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Period:
    """A mode that is due for a time; the end does not belong to it."""

    mode: Mode
    begin: datetime
    end: datetime


def instant(day: date, wall: time, zone: tzinfo) -> datetime:
    """Return the first instant (UTC) of a day at which the clock shows `wall` or more."""
    before = datetime.combine(day, wall, zone).astimezone(UTC)
    shown = before.astimezone(zone).replace(tzinfo=None)
    if shown == datetime.combine(day, wall):
        return before
    # The clock leaps over this time: find the leap, which is between the two readings.
    early = datetime.combine(day, wall, zone).replace(fold=1).astimezone(UTC)
    offset = early.astimezone(zone).utcoffset()
    late = before
    while late - early > timedelta(seconds=1):
        middle = early + (late - early) // 2
        middle -= timedelta(microseconds=middle.microsecond)
        if middle.astimezone(zone).utcoffset() == offset:
            early = middle
        else:
            late = middle
    return late


@dataclass(frozen=True, slots=True, kw_only=True)
class Timetable:
    """Hours with what is exceptional, and what a followed schedule says."""

    hours: Hours
    exceptions: tuple[ExceptionalPeriod, ...] = ()
    followed: FollowedSchedule | None = None

    def mode_at(self, now: datetime) -> Mode:
        """Return the mode that is due."""
        day = self._day(now)
        return self._due(now, list(self._regular(day - _DAY, day + _DAY)))

    def next_change(self, now: datetime) -> tuple[datetime, Mode] | None:
        """Return when another mode is due, and which; None if not in the next year."""
        current = self.mode_at(now)
        first = self._day(now) - _DAY
        for start in range(0, _HORIZON, _STRETCH):
            begin = first + start * _DAY
            # A window over midnight, or a clock set back over it: a day more each way.
            regular = list(self._regular(begin - _DAY, begin + (_STRETCH + 1) * _DAY))
            since = max(now, self._start(begin))
            until = self._start(begin + _STRETCH * _DAY)
            for edge in sorted({*self._edges(regular)}):
                if not (edge > now and since <= edge < until):
                    continue
                if (mode := self._due(edge, regular)) is not current:
                    return edge, mode
        return None

    def periods(self, begin: datetime, end: datetime) -> list[Period]:
        """Return what is due in between, but for `closed` of every day."""
        regular = list(self._regular(self._day(begin) - _DAY, self._day(end) + _DAY))
        edges = [
            begin,
            *sorted({t for t in self._edges(regular) if begin < t < end}),
            end,
        ]
        periods: list[Period] = []
        for since, until in pairwise(edges):
            mode = self._due(since, regular)
            if periods and periods[-1].mode is mode:
                periods[-1] = replace(periods[-1], end=until)
            else:
                periods.append(Period(mode=mode, begin=since, end=until))
        return [period for period in periods if period.mode is not Mode.CLOSED]

    def _day(self, now: datetime) -> date:
        return now.astimezone(self.hours.zone).date()

    def _start(self, day: date) -> datetime:
        return instant(day, time(), self.hours.zone)

    def _edges(self, regular: Sequence[Period]) -> Iterator[datetime]:
        for begin, end in (
            *((period.begin, period.end) for period in regular),
            *((period.begin, period.end) for period in self.exceptions),
        ):
            yield begin
            yield end

    def _due(self, now: datetime, regular: Sequence[Period]) -> Mode:
        exceptional = [e for e in self.exceptions if e.begin <= now < e.end]
        if exceptional:
            # The one that begins last is the more particular, and so is the shorter.
            return max(
                exceptional,
                key=lambda e: (e.begin, -e.end.timestamp(), _CAREFUL.index(e.mode)),
            ).mode
        due = {period.mode for period in regular if period.begin <= now < period.end}
        return max(due, key=_PRECEDENCE.index, default=Mode.CLOSED)

    def _regular(self, first: date, last: date) -> Iterator[Period]:
        """Yield the periods that begin on these days."""
        for number in range((last - first).days + 1):
            day = first + number * _DAY
            holiday = day in self.hours.holidays
            if not holiday:
                yield from self._opening(day)
            yield from self._on_call(day, holiday=holiday)

    def _opening(self, day: date) -> Iterator[Period]:
        if self.hours.follows:
            yield from self._followed(day)
            return
        opened = [
            self._period(day, Mode.OPEN, window.begin, window.end)
            for window in self.hours.windows
            if window.weekday == day.weekday()
        ]
        yield from opened
        if len(opened) > 1:
            # Between the windows of one day the staff are there: the lunch break.
            yield Period(
                mode=Mode.STAFF_ONLY,
                begin=min(period.begin for period in opened),
                end=max(period.end for period in opened),
            )

    def _followed(self, day: date) -> Iterator[Period]:
        said = self.followed
        if said is None or not said.is_open:
            return
        begin = max(said.seen_at, self._start(day))
        end = self._start(day + _DAY)
        if said.until is not None:
            end = min(end, said.until)
        if begin < end:
            yield Period(mode=Mode.OPEN, begin=begin, end=end)

    def _on_call(self, day: date, *, holiday: bool) -> Iterator[Period]:
        if (on_call := self.hours.on_call) is None:
            return
        yield self._period(day, Mode.ON_CALL, on_call.begin, on_call.end)
        sunday = day.weekday() == 6
        if (sunday and on_call.sundays) or (holiday and on_call.holidays):
            yield self._period(day, Mode.ON_CALL, time(), time())

    def _period(self, day: date, mode: Mode, begin: time, end: time) -> Period:
        zone = self.hours.zone
        last = day if end > begin else day + _DAY
        return Period(
            mode=mode, begin=instant(day, begin, zone), end=instant(last, end, zone)
        )


def overlaps(windows: Sequence[Window]) -> bool:
    """Whether windows of one day run into each other, or into the next day's."""
    minutes = sorted(
        (
            window.weekday * 1440 + window.begin.hour * 60 + window.begin.minute,
            (window.weekday + (window.end <= window.begin)) * 1440
            + window.end.hour * 60
            + window.end.minute,
        )
        for window in windows
    )
    if not minutes:
        return False
    # The week begins again: Sunday's late window meets Monday's early one.
    around = [*minutes, (minutes[0][0] + 7 * 1440, 0)]
    return any(earlier[1] > later[0] for earlier, later in pairwise(around))
