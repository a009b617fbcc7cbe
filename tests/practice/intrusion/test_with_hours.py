"""The alarm and the hours: closing arms, and who disarms is the first one in."""

from dataclasses import replace
from datetime import datetime, time
from zoneinfo import ZoneInfo

import pytest

from custom_components.cabinet_secure.practice.hours.config import Hours, OnCall, Window
from custom_components.cabinet_secure.practice.intrusion.events import CodeHolder
from custom_components.cabinet_secure.practice.intrusion.state import AlarmPhase
from custom_components.cabinet_secure.practice.people import AUTOMATION, Actor
from custom_components.cabinet_secure.practice.state import Mode

from ..builders import SECRETARY, STRANGER
from .builders import ALARM, LOCUM, AlarmStory

PARIS = ZoneInfo("Europe/Paris")
HOURS = Hours(
    zone=PARIS,
    windows=(Window(weekday=0, begin=time(8), end=time(18)),),
    on_call=OnCall(),
    first_person_in=True,
    not_staff=frozenset({"cleaning"}),
)


class Day(AlarmStory):
    """A Monday of a practice that opens at eight and closes at six."""

    def __init__(self) -> None:
        super().__init__(intrusion=replace(ALARM, arm_when_closed=True), hours=HOURS)
        self.at("05:00")

    def at(self, text: str) -> None:
        """Go on to a time of that Monday, as deadlines pass."""
        until = datetime.fromisoformat(f"2026-03-02T{text}").replace(tzinfo=PARIS)
        self.now = min(self.now, until)
        while (due := self.practice.next_deadline()) and due <= until:
            self.now = max(due, self.now)
            self.tick()
        self.now = until
        self.tick()

    def arm_before_the_day(self) -> None:
        """Arm while it is still night."""
        self.arm()
        self.at("05:02")
        assert self.phase is AlarmPhase.ARMED


def test_closing_time_arms_and_opening_time_disarms_nothing() -> None:
    day = Day()
    day.arm_before_the_day()
    day.at("08:30")
    assert day.state.mode is Mode.STAFF_ONLY
    assert day.phase is AlarmPhase.ARMED
    day.disarm()
    assert day.state.mode is Mode.OPEN
    day.at("17:59")
    assert day.phase is AlarmPhase.DISARMED
    day.at("18:01")
    assert day.state.mode is Mode.CLOSED
    assert day.phase is AlarmPhase.ARMED


def test_a_code_tells_that_somebody_is_there() -> None:
    day = Day()
    day.arm_before_the_day()
    day.at("08:30")
    day.enter_code(STRANGER, LOCUM)
    assert day.state.mode is Mode.OPEN


@pytest.mark.parametrize("label", ["Cleaning", "cleaning"])
def test_a_code_that_is_not_of_the_staff_opens_no_practice(label: str) -> None:
    day = Day()
    day.arm_before_the_day()
    day.at("08:30")
    day.enter_code(STRANGER, CodeHolder(label=label))
    assert day.phase is AlarmPhase.DISARMED
    assert day.state.mode is Mode.STAFF_ONLY


@pytest.mark.parametrize(
    ("actor", "mode"), [(SECRETARY, Mode.OPEN), (AUTOMATION, Mode.STAFF_ONLY)]
)
def test_an_automation_that_disarms_stands_for_nobody(actor: Actor, mode: Mode) -> None:
    day = Day()
    day.arm_before_the_day()
    day.practice.config = replace(day.config, automations_may_open=True)
    day.at("08:30")
    day.disarm(actor)
    assert day.phase is AlarmPhase.DISARMED
    assert day.state.mode is mode
