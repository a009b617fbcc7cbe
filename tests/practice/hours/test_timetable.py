"""Hours that everybody can check by hand, at the edges of the calendar."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from custom_components.cabinet_secure.practice.hours.config import Hours, OnCall, Window
from custom_components.cabinet_secure.practice.hours.state import (
    ExceptionalPeriod,
    FollowedSchedule,
)
from custom_components.cabinet_secure.practice.hours.timetable import (
    Timetable,
    instant,
    overlaps,
)
from custom_components.cabinet_secure.practice.state import Mode

PARIS = ZoneInfo("Europe/Paris")
WEEK = tuple(
    Window(weekday=day, begin=begin, end=end)
    for day in range(5)
    for begin, end in ((time(8, 30), time(12)), (time(14), time(18, 30)))
)
HOURS = Hours(zone=PARIS, windows=WEEK, on_call=OnCall())


def paris(text: str, fold: int = 0) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=PARIS, fold=fold)


def exception(mode: Mode, begin: str, end: str, name: str = "e") -> ExceptionalPeriod:
    return ExceptionalPeriod(id=name, mode=mode, begin=paris(begin), end=paris(end))


@pytest.mark.parametrize(
    ("at", "mode"),
    [
        ("2026-03-02T08:29:59", Mode.CLOSED),
        ("2026-03-02T08:30", Mode.OPEN),
        ("2026-03-02T12:00", Mode.STAFF_ONLY),
        ("2026-03-02T14:00", Mode.OPEN),
        ("2026-03-02T18:30", Mode.CLOSED),
        ("2026-03-02T20:00", Mode.ON_CALL),
        ("2026-03-03T07:59", Mode.ON_CALL),
        ("2026-03-07T10:00", Mode.CLOSED),  # Saturday
        ("2026-03-08T10:00", Mode.ON_CALL),  # Sunday
    ],
)
def test_a_week_of_a_practice(at: str, mode: Mode) -> None:
    assert Timetable(hours=HOURS).mode_at(paris(at)) is mode


def test_a_holiday_is_on_call_and_so_is_one_on_a_sunday_just_once() -> None:
    hours = Hours(
        zone=PARIS,
        windows=(*WEEK, Window(weekday=6, begin=time(9), end=time(12))),
        holidays=frozenset({date(2026, 5, 1), date(2026, 11, 1)}),
        on_call=OnCall(sundays=False),
    )
    table = Timetable(hours=hours)
    assert table.mode_at(paris("2026-05-01T10:00")) is Mode.ON_CALL
    assert table.mode_at(paris("2026-11-01T10:00")) is Mode.ON_CALL
    assert table.mode_at(paris("2026-11-08T10:00")) is Mode.OPEN


def test_a_window_over_midnight_belongs_to_the_day_on_which_it_begins() -> None:
    hours = Hours(
        zone=PARIS,
        windows=(Window(weekday=3, begin=time(22), end=time(2)),),
        holidays=frozenset({date(2026, 5, 1)}),
    )
    table = Timetable(hours=hours)
    # Friday is a holiday; what began on Thursday goes on into it.
    assert table.mode_at(paris("2026-05-01T01:59")) is Mode.OPEN
    assert table.mode_at(paris("2026-05-01T02:00")) is Mode.CLOSED


def test_a_window_from_midnight_to_midnight_is_the_whole_day() -> None:
    hours = Hours(zone=PARIS, windows=(Window(weekday=0, begin=time(), end=time()),))
    assert Timetable(hours=hours).next_change(paris("2026-03-02T00:00")) == (
        paris("2026-03-03T00:00"),
        Mode.CLOSED,
    )


def test_a_time_that_spring_leaves_out_counts_when_the_clock_has_leapt() -> None:
    leap = datetime(2026, 3, 29, 1, tzinfo=UTC)
    for wall in (time(2), time(2, 30), time(2, 59), time(3)):
        assert instant(date(2026, 3, 29), wall, PARIS) == leap
    assert instant(date(2026, 3, 29), time(1, 59), PARIS) == leap - timedelta(minutes=1)


def test_a_time_that_autumn_shows_twice_counts_the_first_time() -> None:
    first = datetime(2026, 10, 25, 0, 30, tzinfo=UTC)
    assert instant(date(2026, 10, 25), time(2, 30), PARIS) == first
    table = Timetable(
        hours=Hours(
            zone=PARIS, windows=(Window(weekday=6, begin=time(1), end=time(2, 30)),)
        )
    )
    assert table.mode_at(paris("2026-10-25T02:29")) is Mode.OPEN
    assert table.mode_at(paris("2026-10-25T02:29", fold=1)) is Mode.CLOSED


def test_a_day_that_a_zone_skips_begins_with_the_next() -> None:
    samoa = ZoneInfo("Pacific/Apia")
    assert instant(date(2011, 12, 30), time(10), samoa) == datetime(
        2011, 12, 30, 10, tzinfo=UTC
    )


def test_midnight_may_be_what_is_left_out() -> None:
    cairo = ZoneInfo("Africa/Cairo")
    assert instant(date(2026, 4, 24), time(), cairo) == datetime(
        2026, 4, 23, 22, tzinfo=UTC
    )


def test_the_29th_of_february_has_hours_like_any_tuesday() -> None:
    table = Timetable(hours=HOURS)
    assert table.mode_at(paris("2028-02-29T09:00")) is Mode.OPEN
    assert table.next_change(paris("2028-02-28T20:00")) == (
        paris("2028-02-29T08:00"),
        Mode.CLOSED,
    )


def test_the_more_particular_exception_counts() -> None:
    table = Timetable(
        hours=HOURS,
        exceptions=(
            exception(Mode.CLOSED, "2026-08-03T00:00", "2026-08-17T00:00"),
            exception(Mode.OPEN, "2026-08-05T09:00", "2026-08-05T12:00"),
        ),
    )
    assert table.mode_at(paris("2026-08-04T09:00")) is Mode.CLOSED
    assert table.mode_at(paris("2026-08-05T09:00")) is Mode.OPEN
    assert table.next_change(paris("2026-08-05T12:00")) == (
        paris("2026-08-17T00:00"),
        Mode.ON_CALL,
    )


def test_of_two_exceptions_for_the_same_time_the_careful_one_counts() -> None:
    same = ("2026-08-03T08:00", "2026-08-03T12:00")
    for modes in ((Mode.OPEN, Mode.CLOSED), (Mode.CLOSED, Mode.OPEN)):
        table = Timetable(
            hours=HOURS, exceptions=tuple(exception(mode, *same) for mode in modes)
        )
        assert table.mode_at(paris("2026-08-03T09:00")) is Mode.CLOSED


def test_hours_that_never_change_have_no_next_change() -> None:
    table = Timetable(hours=Hours(zone=PARIS))
    assert table.mode_at(paris("2026-03-02T09:00")) is Mode.CLOSED
    assert table.next_change(paris("2026-03-02T09:00")) is None


def test_what_never_changes_but_for_an_exception_of_its_own_kind_never_changes() -> (
    None
):
    always = OnCall(begin=time(), end=time())
    table = Timetable(
        hours=Hours(zone=PARIS, on_call=always),
        exceptions=(exception(Mode.ON_CALL, "2026-03-02T08:00", "2026-03-02T09:00"),),
    )
    assert table.next_change(paris("2026-03-02T08:30")) is None


def test_a_schedule_that_is_followed_opens_for_as_long_as_it_says() -> None:
    followed = FollowedSchedule(
        is_open=True, seen_at=paris("2026-03-02T09:00"), until=paris("2026-03-02T12:00")
    )
    hours = Hours(zone=PARIS, follows=True, windows=WEEK)
    table = Timetable(hours=hours, followed=followed)
    assert table.mode_at(paris("2026-03-02T11:59")) is Mode.OPEN
    assert table.next_change(paris("2026-03-02T09:00")) == (
        paris("2026-03-02T12:00"),
        Mode.CLOSED,
    )
    # Its own windows do not count any more, and silence is not an opening.
    assert table.mode_at(paris("2026-03-02T15:00")) is Mode.CLOSED
    assert Timetable(hours=hours).mode_at(paris("2026-03-02T09:00")) is Mode.CLOSED
    for said in (
        FollowedSchedule(is_open=False, seen_at=paris("2026-03-02T09:00")),
        FollowedSchedule(is_open=True, seen_at=paris("2026-03-02T10:00")),
    ):
        assert (
            Timetable(hours=hours, followed=said).mode_at(paris("2026-03-02T09:30"))
            is Mode.CLOSED
        )


def test_a_schedule_that_is_followed_does_not_open_on_a_holiday() -> None:
    table = Timetable(
        hours=Hours(zone=PARIS, follows=True, holidays=frozenset({date(2026, 5, 1)})),
        followed=FollowedSchedule(is_open=True, seen_at=paris("2026-04-30T20:00")),
    )
    assert table.mode_at(paris("2026-04-30T23:59")) is Mode.OPEN
    assert table.mode_at(paris("2026-05-01T00:00")) is Mode.CLOSED
    assert table.mode_at(paris("2026-05-02T00:00")) is Mode.OPEN


@pytest.mark.parametrize(
    ("windows", "overlapping"),
    [
        ((), False),
        (((0, 8, 12), (0, 12, 18)), False),
        (((0, 8, 12), (0, 11, 18)), True),
        (((0, 20, 2), (1, 1, 8)), True),
        (((0, 20, 2), (1, 2, 8)), False),
        (((6, 20, 2), (0, 1, 8)), True),
        (((0, 0, 0), (1, 0, 0)), False),
    ],
)
def test_windows_that_run_into_each_other_are_found(
    windows: tuple[tuple[int, int, int], ...], overlapping: bool
) -> None:
    assert (
        overlaps(
            [
                Window(weekday=day, begin=time(begin), end=time(end))
                for day, begin, end in windows
            ]
        )
        is overlapping
    )
