"""Any hours, at any time of two years, in four zones: as a slow, plain reference has it."""

from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
import os
from zoneinfo import ZoneInfo

from hypothesis import HealthCheck, given, settings, strategies as st

from custom_components.cabinet_secure.practice.hours.config import Hours, OnCall, Window
from custom_components.cabinet_secure.practice.hours.state import ExceptionalPeriod
from custom_components.cabinet_secure.practice.hours.timetable import Timetable
from custom_components.cabinet_secure.practice.state import Mode

from .reference import slow_mode

EXAMPLES = os.environ.get("HOURS_EXAMPLES")

# Paris; half an hour of daylight saving; midnight left out in spring; a year's end that
# comes first, and no daylight saving.
ZONES = ("Europe/Paris", "Australia/Lord_Howe", "Africa/Cairo", "Pacific/Kiritimati")
# Two years, with a leap day and both changes of the clock in each zone.
BEGIN = datetime(2027, 1, 1, tzinfo=UTC)
MINUTES = 2 * 366 * 24 * 60
# Around the changes of the clock in each of the zones (UTC).
CHANGES = (
    datetime(2027, 3, 28, 1, tzinfo=UTC),
    datetime(2027, 10, 31, 1, tzinfo=UTC),
    datetime(2027, 4, 3, 15, tzinfo=UTC),
    datetime(2027, 10, 2, 15, 30, tzinfo=UTC),
    datetime(2027, 4, 29, 22, tzinfo=UTC),
    datetime(2027, 10, 28, 21, tzinfo=UTC),
    datetime(2028, 2, 29, 0, tzinfo=UTC),
)

times = st.builds(time, st.integers(0, 23), st.sampled_from([0, 15, 30, 45])) | (
    st.sampled_from([time(), time(2), time(2, 30), time(3), time(1, 59)])
)
moments = st.integers(0, MINUTES - 1).map(lambda n: BEGIN + timedelta(minutes=n)) | (
    st.builds(
        lambda change, minutes: change + timedelta(minutes=minutes),
        st.sampled_from(CHANGES),
        st.integers(-180, 180) | st.integers(-2000, 2000),
    )
)


@st.composite
def stories(draw: st.DrawFn) -> tuple[Timetable, datetime]:
    """Return hours and exceptional periods, and a moment that is near some of them."""
    now = draw(moments)
    zone = ZoneInfo(draw(st.sampled_from(ZONES)))
    today = now.astimezone(zone).date()
    windows = draw(
        st.lists(
            st.builds(Window, weekday=st.integers(0, 6), begin=times, end=times),
            max_size=10,
        )
    )
    near: st.SearchStrategy[date] = st.integers(-2, 6).map(
        lambda days: today + timedelta(days=days)
    )
    on_call = draw(
        st.none()
        | st.builds(
            OnCall,
            begin=times,
            end=times,
            sundays=st.booleans(),
            holidays=st.booleans(),
        )
    )
    exceptions = []
    for number in range(draw(st.integers(0, 3))):
        begin = now + timedelta(minutes=draw(st.integers(-3000, 3000)))
        exceptions.append(
            ExceptionalPeriod(
                id=str(number),
                mode=draw(st.sampled_from([m for m in Mode if m is not Mode.LOCKDOWN])),
                begin=begin,
                end=begin + timedelta(minutes=draw(st.integers(1, 5000))),
            )
        )
    hours = Hours(
        zone=zone,
        windows=tuple(windows),
        holidays=frozenset(draw(st.lists(near, max_size=3))),
        on_call=on_call,
    )
    return Timetable(hours=hours, exceptions=tuple(exceptions)), now


thorough = settings(
    max_examples=int(EXAMPLES or 250),
    derandomize=EXAMPLES is None,
    deadline=None,
    database=None,
    suppress_health_check=list(HealthCheck),
)


@thorough
@given(story=stories())
def test_the_mode_that_is_due_is_what_a_clock_on_the_wall_says(
    story: tuple[Timetable, datetime],
) -> None:
    table, now = story
    assert table.mode_at(now) == slow_mode(table.hours, table.exceptions, now)


@thorough
@given(story=stories())
def test_nothing_changes_before_the_next_change_and_then_it_does(
    story: tuple[Timetable, datetime],
) -> None:
    table, now = story
    current = table.mode_at(now)
    change = table.next_change(now)
    end = change[0] if change else now + timedelta(days=30)
    assert end > now
    at, step = now, timedelta(minutes=7)
    while at < min(end, now + timedelta(days=9)):
        assert table.mode_at(at) == current
        at += step
    if change is not None:
        assert table.mode_at(end - timedelta(seconds=1)) == current
        assert table.mode_at(end) == change[1] != current


@thorough
@given(story=stories(), minutes=st.integers(1, 4000))
def test_a_calendar_shows_exactly_what_is_due(
    story: tuple[Timetable, datetime], minutes: int
) -> None:
    table, begin = story
    end = begin + timedelta(minutes=minutes)
    periods = table.periods(begin, end)
    for before, after in pairwise(periods):
        assert before.end <= after.begin
    at = begin
    while at < end:
        shown = [p.mode for p in periods if p.begin <= at < p.end]
        assert shown == [m for m in [table.mode_at(at)] if m is not Mode.CLOSED]
        at += timedelta(minutes=11)
