"""Who arms, what stands in the way, and what is left out."""

from dataclasses import replace

import pytest

from custom_components.cabinet_secure.practice.effects import Refusal, Refused
from custom_components.cabinet_secure.practice.intrusion.config import IntrusionConfig
from custom_components.cabinet_secure.practice.intrusion.effects import IntrusionEvent
from custom_components.cabinet_secure.practice.intrusion.events import ArmRequested
from custom_components.cabinet_secure.practice.intrusion.state import (
    AlarmPhase,
    ArmMode,
)
from custom_components.cabinet_secure.practice.people import AUTOMATION, Actor
from custom_components.cabinet_secure.practice.state import Mode

from ..builders import CLEANER, COURTYARD, DOCTOR, SECRETARY, STRANGER
from .builders import (
    ALARM,
    DOOR,
    HALL,
    LOCUM,
    ROOM,
    SENSORS,
    STORE,
    WINDOW,
    AlarmStory,
    delays,
)


def test_it_is_armed_when_the_exit_delay_is_over(story: AlarmStory) -> None:
    story.arm()
    assert story.phase is AlarmPhase.ARMING
    assert story.announced == []
    story.trip(DOOR)
    story.trip(HALL)
    story.trip(ROOM)
    story.restore_sensor(DOOR)
    story.tick(59.9)
    assert story.phase is AlarmPhase.ARMING
    story.tick(0.1)
    assert story.phase is AlarmPhase.ARMED
    (armed,) = story.announced
    assert armed.event is IntrusionEvent.ARMED
    assert armed.arm_mode is ArmMode.AWAY
    assert armed.by == SECRETARY
    # What still moves is not left open.
    assert armed.sensors == ()


def test_without_an_exit_delay_it_is_armed_at_once() -> None:
    story = AlarmStory(intrusion=replace(ALARM, **delays(exit_delay=0)))
    story.trip(DOOR)
    story.arm()
    assert story.refusals == [Refusal.NOT_CLOSED]
    story.restore_sensor(DOOR)
    story.arm()
    assert story.phase is AlarmPhase.ARMED


def test_with_staff_inside_it_is_armed_at_once(story: AlarmStory) -> None:
    story.trip(ROOM)
    story.arm(mode=ArmMode.HOME)
    assert story.phase is AlarmPhase.ARMED
    assert story.alarm_events == [IntrusionEvent.ARMED]


@pytest.mark.parametrize("actor", [DOCTOR, SECRETARY, CLEANER, AUTOMATION])
def test_everybody_with_a_role_arms_and_so_do_automations(
    story: AlarmStory, actor: Actor
) -> None:
    story.arm(actor)
    assert story.phase is AlarmPhase.ARMING


def test_somebody_without_a_role_does_not_arm(story: AlarmStory) -> None:
    story.arm(STRANGER)
    assert story.refusals == [Refusal.NOT_ALLOWED]
    assert story.alarm_events == [IntrusionEvent.ARM_REFUSED]
    assert story.phase is AlarmPhase.DISARMED


def test_a_right_code_arms_whoever_enters_it(story: AlarmStory) -> None:
    wish = ArmRequested(actor=STRANGER, mode=ArmMode.AWAY)
    story.enter_code(STRANGER, LOCUM, wish)
    assert story.phase is AlarmPhase.ARMING
    assert story.alarm.changed_by is not None
    assert story.alarm.changed_by.name == "Locum"


def test_an_alarm_without_sensors_is_not_armed() -> None:
    story = AlarmStory(intrusion=IntrusionConfig())
    story.arm()
    assert story.refusals == [Refusal.NO_SENSORS]


def test_an_open_window_is_named_and_not_armed_with(story: AlarmStory) -> None:
    story.trip(WINDOW)
    story.arm()
    (refused,) = story.done(Refused)
    assert refused.refusal is Refusal.NOT_CLOSED
    assert refused.parts == (WINDOW,)
    (announced,) = story.announced
    assert announced.event is IntrusionEvent.ARM_REFUSED
    assert announced.sensors == (WINDOW,)
    assert announced.reason == Refusal.NOT_CLOSED
    assert story.phase is AlarmPhase.DISARMED


def test_an_open_window_may_be_left_out_on_request(story: AlarmStory) -> None:
    story.trip(WINDOW)
    story.arm(bypass=True)
    story.tick(60)
    assert story.alarm.bypassed == {WINDOW}
    assert story.announced[0].bypassed == {WINDOW}
    story.restore_sensor(WINDOW)
    story.trip(WINDOW)
    assert story.phase is AlarmPhase.ARMED
    story.trip(ROOM)
    assert story.phase is AlarmPhase.TRIGGERED


def test_what_may_not_be_left_out_is_not_left_out(story: AlarmStory) -> None:
    story.trip(WINDOW)
    story.trip(STORE)
    story.disarm()
    story.restart()
    story.look_around(WINDOW, STORE)
    story.tick(180)
    story.arm(bypass=True)
    (refused,) = story.done(Refused)
    assert refused.parts == (WINDOW, STORE)


def test_a_sensor_that_tells_nothing_stands_in_the_way(story: AlarmStory) -> None:
    story.lose_sensor(HALL)
    story.arm()
    assert story.refusals == [Refusal.NOT_CLOSED]
    story.arm(mode=ArmMode.HOME)
    assert story.phase is AlarmPhase.ARMED


def test_no_sensor_has_told_anything_just_after_a_restart(story: AlarmStory) -> None:
    story.restart()
    story.arm()
    (refused,) = story.done(Refused)
    assert set(refused.parts) == set(SENSORS)


def test_a_door_that_is_kept_unlocked_stands_in_the_way_of_leaving(
    story: AlarmStory,
) -> None:
    story.ask_to_hold(DOCTOR, COURTYARD)
    story.arm()
    (refused,) = story.done(Refused)
    assert refused.parts == (COURTYARD,)
    assert story.announced[0].doors == (COURTYARD,)
    story.arm(mode=ArmMode.HOME)
    assert story.phase is AlarmPhase.ARMED


def test_a_door_left_open_at_the_end_is_told_and_counts_once_it_was_closed(
    story: AlarmStory,
) -> None:
    story.arm()
    story.trip(DOOR)
    story.trip(WINDOW)
    story.tick(60)
    assert story.phase is AlarmPhase.ARMED
    assert story.announced[0].sensors == (DOOR, WINDOW)
    story.restore_sensor(WINDOW)
    story.trip(WINDOW)
    assert story.phase is AlarmPhase.TRIGGERED


def test_arming_again_changes_nothing(story: AlarmStory) -> None:
    story.arm()
    until = story.alarm.until
    story.wait(10)
    story.arm(DOCTOR)
    assert story.alarm.until == until
    story.tick(60)
    story.arm(DOCTOR)
    assert story.effects == []
    assert story.alarm.changed_by == SECRETARY


def test_the_perimeter_stays_armed_while_people_leave(story: AlarmStory) -> None:
    story.arm(mode=ArmMode.HOME)
    story.arm(AUTOMATION)
    assert story.phase is AlarmPhase.ARMING
    story.trip(DOOR)
    story.trip(ROOM)
    assert story.phase is AlarmPhase.ARMING
    story.trip(WINDOW)
    assert story.phase is AlarmPhase.TRIGGERED


def test_leaving_takes_no_new_perimeter_when_arming_changes_twice(
    story: AlarmStory,
) -> None:
    story.arm(mode=ArmMode.HOME)
    story.arm()
    story.arm(mode=ArmMode.HOME)
    assert story.phase is AlarmPhase.ARMED
    story.arm()
    assert story.alarm.before is ArmMode.HOME


@pytest.mark.parametrize("actor", [CLEANER, AUTOMATION])
def test_guarding_less_takes_the_right_to_disarm(
    story: AlarmStory, actor: Actor
) -> None:
    story.leave()
    story.arm(actor, ArmMode.HOME)
    assert story.refusals == [Refusal.NOT_ALLOWED]
    assert story.alarm.arm_mode is ArmMode.AWAY
    story.arm(SECRETARY, ArmMode.HOME)
    assert story.alarm.arm_mode is ArmMode.HOME


def test_nothing_is_armed_while_the_alarm_runs(story: AlarmStory) -> None:
    story.leave()
    story.trip(DOOR)
    story.arm(DOCTOR, ArmMode.HOME)
    assert story.refusals == [Refusal.ALARM_RUNNING]
    assert story.phase is AlarmPhase.PENDING


# --- the mode of the practice --------------------------------------------------------


def test_closing_arms_where_that_is_wanted() -> None:
    story = AlarmStory(intrusion=replace(ALARM, arm_when_closed=True))
    story.choose(CLEANER, Mode.CLOSED)
    assert story.phase is AlarmPhase.DISARMED
    story.choose(SECRETARY, Mode.CLOSED)
    assert story.phase is AlarmPhase.ARMING


def test_closing_arms_nothing_by_itself(story: AlarmStory) -> None:
    story.choose(SECRETARY, Mode.CLOSED)
    assert story.phase is AlarmPhase.DISARMED


def test_closing_with_an_open_window_closes_and_says_what_is_open() -> None:
    story = AlarmStory(intrusion=replace(ALARM, arm_when_closed=True))
    story.trip(WINDOW)
    story.choose(SECRETARY, Mode.CLOSED)
    assert story.state.mode is Mode.CLOSED
    assert story.refusals == []
    assert story.alarm_events == [IntrusionEvent.ARM_REFUSED]
    assert story.announced[0].sensors == (WINDOW,)


def test_closing_time_passes_while_nothing_runs_and_it_is_armed_afterwards() -> None:
    story = AlarmStory(intrusion=replace(ALARM, arm_when_closed=True))
    story.restart()
    story.choose(SECRETARY, Mode.CLOSED)
    assert story.phase is AlarmPhase.ARMING
    story.look_around(WINDOW)
    story.tick(60)
    assert story.announced[0].event is IntrusionEvent.ARMED
    assert story.announced[0].sensors == (WINDOW,)


def test_closing_a_practice_without_sensors_is_not_refused() -> None:
    story = AlarmStory(intrusion=IntrusionConfig(arm_when_closed=True))
    story.choose(SECRETARY, Mode.CLOSED)
    assert story.alarm_events == []


def test_staff_alone_arm_the_perimeter_where_that_is_wanted() -> None:
    story = AlarmStory(intrusion=replace(ALARM, arm_home_when_staff_only=True))
    story.choose(SECRETARY, Mode.OPEN)
    story.choose(SECRETARY, Mode.STAFF_ONLY)
    assert story.alarm.arm_mode is ArmMode.HOME


def test_staff_alone_do_not_lower_what_is_armed() -> None:
    story = AlarmStory(intrusion=replace(ALARM, arm_home_when_staff_only=True))
    story.leave()
    story.choose(AUTOMATION, Mode.CLOSED)
    story.choose(AUTOMATION, Mode.STAFF_ONLY)
    assert story.alarm.arm_mode is ArmMode.AWAY


def test_a_person_who_opens_the_practice_disarms(story: AlarmStory) -> None:
    story.leave()
    story.choose(SECRETARY, Mode.OPEN)
    assert story.phase is AlarmPhase.DISARMED
    assert IntrusionEvent.DISARMED in story.alarm_events


def test_an_automation_that_opens_the_practice_disarms_nothing(
    story: AlarmStory,
) -> None:
    story.leave()
    story.choose(AUTOMATION, Mode.OPEN)
    assert story.phase is AlarmPhase.ARMED


def test_opening_the_practice_disarms_nothing_where_a_code_is_always_needed() -> None:
    story = AlarmStory(intrusion=replace(ALARM, code_always=True))
    story.leave()
    story.choose(SECRETARY, Mode.OPEN)
    assert story.phase is AlarmPhase.ARMED
