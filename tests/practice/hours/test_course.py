"""The hours as time goes by: what is due, what was chosen, who is there."""

from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from custom_components.cabinet_secure.practice.effects import (
    AnnounceMode,
    Refusal,
    SecureStrike,
)
from custom_components.cabinet_secure.practice.events import AccessGranted, ModeChosen
from custom_components.cabinet_secure.practice.hours.config import Hours, OnCall, Window
from custom_components.cabinet_secure.practice.hours.effects import (
    AnnounceHours,
    HoursEventKind,
)
from custom_components.cabinet_secure.practice.hours.events import (
    FollowedScheduleSeen,
    PeriodAdded,
    PeriodRemoved,
)
from custom_components.cabinet_secure.practice.hours.periods import MOST_PERIODS
from custom_components.cabinet_secure.practice.people import (
    AUTOMATION,
    SCHEDULE,
    Actor,
    ActorKind,
)
from custom_components.cabinet_secure.practice.state import Mode

from ..builders import CLEANER, DOCTOR, ENTRANCE, SECRETARY, STATIONS, STRANGER, Story

PARIS = ZoneInfo("Europe/Paris")
WEEK = tuple(
    Window(weekday=day, begin=begin, end=end)
    for day in range(5)
    for begin, end in ((time(8), time(12)), (time(14), time(19)))
)
HOURS = Hours(zone=PARIS, windows=WEEK, on_call=OnCall())


def paris(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=PARIS)


class Day(Story):
    """A Monday of a practice with hours: from 08:00 to 12:00 and from 14:00 to 19:00."""

    def __init__(self, at: str = "06:00", **changes: Any) -> None:
        settings = {
            name: changes.pop(name)
            for name in ("automations_may_open",)
            if name in changes
        }
        hours = Hours(
            **{"zone": PARIS, "windows": WEEK, "on_call": OnCall(), **changes}
        )
        super().__init__(hours=hours, **settings)
        self.at(at)

    def at(self, text: str) -> list[Any]:
        """Go on to a time of that Monday, or to any other, as deadlines pass."""
        until = paris(text if "T" in text else f"2026-03-02T{text}")
        if until < self.now:
            self.now = until
        told: list[Any] = []
        while (due := self.practice.next_deadline()) and due <= until:
            self.now = max(due, self.now)
            told += self.tick()
        self.now = until
        told += self.tick()
        self.effects = told
        return told

    def enter(self, label: str = "Dr", *, late: bool = False) -> None:
        self.hear(
            AccessGranted(
                equipment=STATIONS[ENTRANCE],
                door=ENTRANCE,
                label=label,
                method="code",
                late=late,
            )
        )

    @property
    def mode(self) -> Mode:
        return self.state.mode

    @property
    def hours_told(self) -> list[HoursEventKind]:
        return [told.kind for told in self.done(AnnounceHours)]


def test_the_hours_run_the_practice_through_its_day() -> None:
    day = Day()
    seen = []
    for at in ("07:59", "08:00", "12:00", "14:00", "19:00", "20:00"):
        day.at(at)
        seen.append(day.mode)
    assert seen == [
        Mode.ON_CALL,
        Mode.OPEN,
        Mode.STAFF_ONLY,
        Mode.OPEN,
        Mode.CLOSED,
        Mode.ON_CALL,
    ]
    day.at("2026-03-03T08:00")
    assert day.done(AnnounceMode) == [
        AnnounceMode(from_mode=Mode.ON_CALL, to_mode=Mode.OPEN, by=SCHEDULE)
    ]


def test_the_mode_is_right_before_the_first_event_after_a_night_without_power() -> None:
    day = Day("18:00")
    assert day.mode is Mode.OPEN
    day.restart(6 * 3600)
    day.press()
    assert day.state.mode is Mode.ON_CALL
    assert day.ring.mode is Mode.ON_CALL


def test_a_choice_holds_until_the_next_boundary() -> None:
    day = Day("10:00")
    day.choose(SECRETARY, Mode.CLOSED)
    day.at("11:59")
    assert day.mode is Mode.CLOSED
    day.at("12:00")
    assert day.mode is Mode.STAFF_ONLY


def test_a_choice_holds_until_the_time_that_was_given() -> None:
    day = Day("10:00")
    day.hear(
        ModeChosen(actor=DOCTOR, mode=Mode.STAFF_ONLY, until=paris("2026-03-02T15:30"))
    )
    day.at("15:29")
    assert day.mode is Mode.STAFF_ONLY
    day.at("15:30")
    assert day.mode is Mode.OPEN


def test_a_choice_for_good_holds_until_it_is_changed() -> None:
    day = Day("10:00")
    day.hear(ModeChosen(actor=DOCTOR, mode=Mode.CLOSED, for_good=True))
    day.at("2026-03-09T10:00")
    assert day.mode is Mode.CLOSED
    day.choose(DOCTOR, Mode.OPEN)
    day.at("2026-03-09T12:00")
    assert day.mode is Mode.STAFF_ONLY


def test_a_choice_survives_a_restart_and_ends_when_it_should_have() -> None:
    day = Day("10:00")
    day.choose(DOCTOR, Mode.CLOSED)
    day.restart(3600)
    day.tick()
    assert day.mode is Mode.CLOSED
    day.restart(2 * 3600)
    day.tick()
    assert day.mode is Mode.STAFF_ONLY


def test_a_choice_made_in_the_future_counts_no_more_when_the_clock_is_set_back() -> (
    None
):
    day = Day("10:00")
    day.now = paris("2030-03-04T10:00")
    day.choose(DOCTOR, Mode.OPEN)
    day.now = paris("2026-03-02T22:00")
    day.tick()
    assert day.mode is Mode.ON_CALL


def test_without_hours_a_choice_holds_and_one_with_an_end_leaves_staff_only() -> None:
    story = Story()
    story.choose(DOCTOR, Mode.CLOSED)
    story.tick(100 * 3600)
    assert story.state.mode is Mode.CLOSED
    story.hear(
        ModeChosen(actor=DOCTOR, mode=Mode.OPEN, until=story.now + timedelta(hours=1))
    )
    story.tick(3600)
    assert story.state.mode is Mode.STAFF_ONLY


def test_the_hours_neither_begin_nor_end_a_lockdown() -> None:
    day = Day("10:00")
    day.hear(
        ModeChosen(actor=DOCTOR, mode=Mode.LOCKDOWN, until=paris("2026-03-02T10:05"))
    )
    day.at("2026-03-04T10:00")
    assert day.mode is Mode.LOCKDOWN
    day.choose(DOCTOR, Mode.OPEN)
    day.at("2026-03-04T12:00")
    assert day.mode is Mode.STAFF_ONLY


def test_closing_locks_what_somebody_held_open() -> None:
    day = Day("18:00")
    day.ask_to_hold(SECRETARY)
    day.release()
    day.at("19:00")
    assert day.done(SecureStrike) == [SecureStrike(door=ENTRANCE)]
    assert day.state.door(ENTRANCE).held_by is None


def test_hours_that_are_set_up_anew_count_at_once() -> None:
    day = Day("10:00")
    day.restart(hours=Hours(zone=PARIS))
    day.tick()
    assert day.mode is Mode.CLOSED


def test_hours_without_any_change_are_looked_at_again_all_the_same() -> None:
    story = Story(hours=Hours(zone=PARIS))
    story.tick()
    due = story.practice.next_deadline()
    assert due is not None
    story.now = due
    story.tick()
    assert story.practice.next_deadline() > due  # type: ignore[operator]


def test_a_clock_that_is_set_back_has_the_hours_worked_out_again() -> None:
    day = Day("13:00")
    assert day.mode is Mode.STAFF_ONLY
    day.now = paris("2026-03-02T11:00")
    day.tick()
    assert day.mode is Mode.OPEN


# --- the first person in ---------------------------------------------------------------


def test_the_opening_waits_for_the_first_of_the_staff() -> None:
    day = Day(first_person_in=True)
    day.at("08:10")
    assert day.mode is Mode.STAFF_ONLY
    day.enter()
    assert day.mode is Mode.OPEN
    assert day.hours_told == [HoursEventKind.STAFF_CAME]


def test_whoever_came_before_the_opening_is_there_until_the_day_ends() -> None:
    day = Day("06:30", first_person_in=True)
    day.enter()
    for at, mode in (
        ("08:00", Mode.OPEN),
        ("12:30", Mode.STAFF_ONLY),
        ("14:00", Mode.OPEN),
        ("19:00", Mode.CLOSED),
        ("2026-03-03T09:00", Mode.STAFF_ONLY),
    ):
        day.at(at)
        assert day.mode is mode


@pytest.mark.parametrize("label", ["", "Cleaner"])
def test_a_code_that_is_not_of_the_staff_opens_no_practice(label: str) -> None:
    day = Day("08:10", first_person_in=True, not_staff=frozenset({"cleaner"}))
    day.enter(label)
    assert day.mode is Mode.STAFF_ONLY


def test_who_came_in_at_night_or_is_heard_of_late_opens_no_practice() -> None:
    day = Day("05:00", first_person_in=True)
    day.enter()
    day.at("08:10")
    day.enter(late=True)
    assert day.mode is Mode.STAFF_ONLY


def test_a_person_who_says_so_opens_the_practice_and_an_automation_does_not_stand_for_one() -> (
    None
):
    day = Day("08:10", first_person_in=True)
    day.choose(AUTOMATION, Mode.STAFF_ONLY)
    assert day.state.hours.presence is None
    day.choose(SECRETARY, Mode.OPEN)
    assert day.mode is Mode.OPEN
    day.at("14:30")
    assert day.mode is Mode.OPEN


def test_nobody_came_is_told_once_and_the_practice_stays_for_staff_only() -> None:
    day = Day("08:00", first_person_in=True, nobody_came_after=timedelta(minutes=20))
    day.at("08:19")
    assert day.hours_told == []
    day.at("08:20")
    assert day.hours_told == [HoursEventKind.NOBODY_CAME]
    day.at("11:00")
    assert day.hours_told == []
    assert day.mode is Mode.STAFF_ONLY
    day.at("14:30")
    assert day.hours_told == [HoursEventKind.NOBODY_CAME]


def test_waiting_begins_again_when_the_clock_is_set_back() -> None:
    day = Day("08:15", first_person_in=True)
    day.now = paris("2026-03-02T08:01")
    day.tick()
    assert day.state.hours.waiting_since == day.now


def test_nobody_is_waited_for_once_somebody_chose_the_mode() -> None:
    day = Day("08:05", first_person_in=True)
    day.choose(DOCTOR, Mode.CLOSED)
    assert day.at("11:00") == []


def test_staff_are_gone_when_somebody_closes() -> None:
    day = Day("08:00")
    day.enter()
    assert day.state.hours.presence is not None
    day.choose(DOCTOR, Mode.CLOSED)
    assert day.state.hours.presence is None


def test_staff_who_open_on_a_sunday_are_there_while_their_choice_holds() -> None:
    day = Day()
    day.at("2026-03-08T10:00")
    day.hear(ModeChosen(actor=DOCTOR, mode=Mode.OPEN, until=paris("2026-03-08T12:00")))
    assert day.state.hours.presence is not None
    assert day.state.hours.presence.until == paris("2026-03-08T12:00")
    day.hear(ModeChosen(actor=DOCTOR, mode=Mode.OPEN, for_good=True))
    assert day.state.hours.presence.until == day.now + timedelta(hours=16)


def test_presence_never_outlasts_sixteen_hours() -> None:
    always = tuple(Window(weekday=day, begin=time(), end=time()) for day in range(7))
    day = Day("10:00", windows=always)
    day.enter()
    assert day.state.hours.presence is not None
    assert day.state.hours.presence.until == day.now + timedelta(hours=16)
    day = Day(
        "10:00", windows=(*always[:1], Window(weekday=1, begin=time(), end=time(1)))
    )
    day.enter()
    assert day.state.hours.presence is not None
    assert day.state.hours.presence.until == paris("2026-03-03T01:00")


def test_presence_from_a_future_that_never_was_is_none() -> None:
    day = Day("10:00")
    day.enter()
    day.now = paris("2026-03-02T09:00")
    day.tick()
    assert day.state.hours.presence is None


# --- a schedule that is followed -------------------------------------------------------


def test_a_schedule_of_the_users_runs_the_practice() -> None:
    day = Day("09:00", follows=True)
    assert day.mode is Mode.CLOSED
    day.hear(FollowedScheduleSeen(is_open=True, until=paris("2026-03-02T12:00")))
    assert day.mode is Mode.OPEN
    day.enter()
    assert day.state.hours.presence is not None
    assert day.state.hours.presence.until == paris("2026-03-03T00:00")
    day.restart(60)
    day.tick()
    assert day.mode is Mode.OPEN
    day.hear(FollowedScheduleSeen(is_open=None))
    assert day.mode is Mode.CLOSED


def test_a_schedule_without_an_end_is_not_believed_after_a_restart() -> None:
    day = Day("09:00", follows=True)
    day.hear(FollowedScheduleSeen(is_open=True))
    assert day.mode is Mode.OPEN
    day.restart(60)
    day.tick()
    assert day.mode is Mode.CLOSED


# --- exceptional closures and openings ---------------------------------------------------


def period(actor: Actor, mode: Mode, begin: str, end: str) -> PeriodAdded:
    return PeriodAdded(
        actor=actor,
        mode=mode,
        begin=paris(f"2026-03-02T{begin}"),
        end=paris(f"2026-03-02T{end}"),
    )


def test_a_closure_closes_at_once_and_its_removal_opens_again() -> None:
    day = Day("10:00")
    day.hear(period(AUTOMATION, Mode.CLOSED, "09:00", "11:00"))
    assert day.mode is Mode.CLOSED
    assert day.hours_told == [HoursEventKind.PERIOD_ADDED]
    (entered,) = day.state.hours.exceptions
    day.hear(PeriodRemoved(actor=SECRETARY, period=entered.id))
    assert day.mode is Mode.OPEN
    assert day.hours_told == [HoursEventKind.PERIOD_REMOVED]


def test_a_period_that_is_over_is_forgotten() -> None:
    day = Day("10:00")
    day.hear(period(DOCTOR, Mode.OPEN, "12:00", "13:00"))
    day.at("12:30")
    assert day.mode is Mode.OPEN
    day.at("13:00")
    assert day.mode is Mode.STAFF_ONLY
    assert day.state.hours.exceptions == ()


@pytest.mark.parametrize(
    ("asked", "refusal"),
    [
        (period(AUTOMATION, Mode.OPEN, "20:00", "21:00"), Refusal.NOT_ALLOWED),
        (period(SECRETARY, Mode.OPEN, "20:00", "21:00"), Refusal.NOT_ALLOWED),
        (period(CLEANER, Mode.CLOSED, "20:00", "21:00"), Refusal.NOT_ALLOWED),
        (period(DOCTOR, Mode.CLOSED, "21:00", "21:00"), Refusal.INVALID_PERIOD),
        (period(DOCTOR, Mode.CLOSED, "08:00", "09:00"), Refusal.INVALID_PERIOD),
        (period(DOCTOR, Mode.LOCKDOWN, "20:00", "21:00"), Refusal.INVALID_PERIOD),
        (PeriodRemoved(actor=DOCTOR, period="?"), Refusal.UNKNOWN_PERIOD),
        (PeriodRemoved(actor=STRANGER, period="?"), Refusal.NOT_ALLOWED),
    ],
)
def test_what_may_not_be_entered_is_refused(
    asked: PeriodAdded | PeriodRemoved, refusal: Refusal
) -> None:
    day = Day("10:00")
    day.hear(asked)
    assert day.refusals == [refusal]
    assert day.state.hours.exceptions == ()


def test_a_practice_without_hours_has_no_exceptions_to_them() -> None:
    story = Story()
    story.hear(period(DOCTOR, Mode.CLOSED, "20:00", "21:00"))
    assert story.refusals == [Refusal.NO_HOURS]


def test_there_is_an_end_to_what_is_entered() -> None:
    day = Day("10:00")
    for _ in range(MOST_PERIODS):
        day.hear(period(DOCTOR, Mode.CLOSED, "20:00", "21:00"))
    day.hear(period(DOCTOR, Mode.CLOSED, "20:00", "21:00"))
    assert day.refusals == [Refusal.INVALID_PERIOD]


def test_a_holiday_closes_and_who_is_a_code_is_known_by_name() -> None:
    day = Day("10:00", holidays=frozenset({date(2026, 3, 2)}))
    assert day.mode is Mode.ON_CALL
    day = Day("10:00")
    day.enter("Dr")
    assert day.state.hours.presence is not None
    assert day.state.hours.presence.by == Actor(kind=ActorKind.CODE, name="Dr")
