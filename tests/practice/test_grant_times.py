"""When access is valid: by the clock of the practice, whatever it is set to."""

from datetime import UTC, datetime, time, timedelta

from hypothesis import given, strategies as st
import pytest

from custom_components.cabinet_secure.practice.grants.model import (
    Grant,
    GrantPhase,
    GrantRole,
    Means,
    WeeklyWindow,
)
from custom_components.cabinet_secure.practice.grants.times import (
    is_valid_at,
    stretch_of,
)

from .builders import DOCTOR, ENTRANCE
from .grant_story import PARIS, GrantStory, at

WORK = WeeklyWindow(days=(0, 1, 2, 3, 4), start=time(8), end=time(19))
NIGHT = WeeklyWindow(days=(4,), start=time(22), end=time(2))
ALWAYS = WeeklyWindow(days=tuple(range(7)), start=time(), end=time())


def grant_with(*windows: WeeklyWindow, begins: datetime, ends: datetime) -> Grant:
    return Grant(
        id="G",
        label="Cleaner",
        role=GrantRole.CLEANER,
        means=Means.CODE,
        digest="d",
        doors=(ENTRANCE,),
        valid_from=begins,
        valid_to=ends,
        windows=windows,
        granted_by=DOCTOR,
        granted_at=begins,
    )


MONTH = {"begins": at(2, 10), "ends": at(31, 12)}


@pytest.mark.parametrize(
    ("windows", "now", "stretch"),
    [
        ((), at(1, 0), (at(2, 10), at(31, 12))),
        ((WORK,), at(1, 0), (at(2, 10), at(2, 19))),
        ((WORK,), at(2, 18, 59), (at(2, 10), at(2, 19))),
        ((WORK,), at(2, 19), (at(3, 8), at(3, 19))),
        ((WORK,), at(7, 12), (at(9, 8), at(9, 19))),
        ((WORK,), at(31, 9), (at(31, 8), at(31, 12))),
        ((WORK,), at(31, 12), None),
        ((NIGHT,), at(7, 1), (at(6, 22), at(7, 2))),
        ((WORK, NIGHT), at(6, 20), (at(6, 22), at(7, 2))),
        # Windows that touch are one.
        (
            (WORK, WeeklyWindow(days=(1,), start=time(19), end=time(20))),
            at(3, 9),
            (at(3, 8), at(3, 20)),
        ),
    ],
)
def test_the_stretch_of_now_or_next(
    windows: tuple[WeeklyWindow, ...],
    now: datetime,
    stretch: tuple[datetime, datetime] | None,
) -> None:
    assert stretch_of(grant_with(*windows, **MONTH), now, PARIS) == stretch


def test_a_window_keeps_to_the_clock_when_it_is_put_forward() -> None:
    grant = grant_with(WORK, begins=at(2, 0), ends=at(30, 0, month=4))
    before = stretch_of(grant, at(27, 7), PARIS)
    after = stretch_of(grant, at(30, 7), PARIS)
    assert before is not None
    assert after is not None
    assert before[0].astimezone(UTC).hour == 7
    assert after[0].astimezone(UTC).hour == 6


def test_a_stretch_that_never_ends_is_one_of_some_days() -> None:
    grant = grant_with(ALWAYS, **MONTH)
    stretch = stretch_of(grant, at(10, 12), PARIS)
    assert stretch is not None
    assert stretch[0] <= at(10, 12)
    assert timedelta(days=7) <= stretch[1] - at(10, 12) <= timedelta(days=9)


@given(
    minutes=st.integers(0, 60 * 24 * 30),
    days=st.sets(st.integers(0, 6), min_size=1),
    start=st.times().map(lambda t: t.replace(second=0, microsecond=0)),
    length=st.integers(1, 24 * 60),
)
def test_valid_now_is_what_the_clock_on_the_wall_says(
    minutes: int, days: set[int], start: time, length: int
) -> None:
    # Without a change of the clock, in March before the 29th.
    now = at(2, 0) + timedelta(minutes=minutes % (60 * 24 * 24))
    end = (datetime.combine(now, start) + timedelta(minutes=length)).time()
    window = WeeklyWindow(days=tuple(days), start=start, end=end)
    grant = grant_with(window, begins=at(1, 0), ends=at(28, 0))
    expected = any(
        began <= now < began + timedelta(minutes=length)
        for ago in (0, 1)
        for day in [now.date() - timedelta(days=ago)]
        for began in [datetime.combine(day, start, PARIS)]
        if day.weekday() in days and began + timedelta(minutes=length) > at(1, 0)
    )
    assert is_valid_at(grant, now, PARIS) is expected


def test_the_device_is_told_of_one_window_at_a_time_and_of_the_next_in_time() -> None:
    story = GrantStory()
    grant = story.given(windows=(WORK,), lasts=timedelta(days=30))
    assert story.wanted()[grant.id].valid_to == at(2, 19)
    story.now = at(2, 19).astimezone(UTC)
    story.tick()
    assert story.is_written
    assert story.wanted()[grant.id].valid_from == at(3, 8)
    assert story.wanted()[grant.id].valid_to == at(3, 19)


def test_without_a_further_window_nothing_is_left_on_the_device() -> None:
    story = GrantStory()
    grant = story.given(windows=(NIGHT,), lasts=timedelta(days=1))
    assert story.wanted() == {}
    assert story.now_of(grant).ended is None
    assert not is_valid_at(grant, story.now, PARIS)
    story.revoke(grant)
    assert story.now_of(grant).ended is GrantPhase.REVOKED
    assert stretch_of(story.now_of(grant), story.now, PARIS) is None
