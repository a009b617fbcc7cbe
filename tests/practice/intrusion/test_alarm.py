"""From a sensor that trips to the end of the alarm."""

from dataclasses import replace
from datetime import timedelta

import pytest

from custom_components.cabinet_secure.practice.effects import Refusal
from custom_components.cabinet_secure.practice.intrusion.effects import IntrusionEvent
from custom_components.cabinet_secure.practice.intrusion.events import SensorTripped
from custom_components.cabinet_secure.practice.intrusion.state import (
    AlarmPhase,
    ArmMode,
)
from custom_components.cabinet_secure.practice.people import AUTOMATION, SYSTEM, Actor
from custom_components.cabinet_secure.practice.sirens.config import SirenConfig
from custom_components.cabinet_secure.practice.sirens.effects import (
    SilenceSiren,
    SoundSiren,
)
from custom_components.cabinet_secure.practice.sirens.events import SirenCommanded

from ..builders import CLEANER, COURTYARD, DOCTOR, ENTRANCE, SECRETARY, STRANGER
from .builders import (
    ALARM,
    DOOR,
    HALL,
    ROOM,
    SENSORS,
    STORE,
    WINDOW,
    AlarmStory,
    delays,
)

SIRENS = {
    "siren": SirenConfig(equipment="front_station", longest=timedelta(seconds=180))
}


def test_the_way_in_waits_for_the_entry_delay(story: AlarmStory) -> None:
    story.leave()
    story.trip(DOOR)
    assert story.phase is AlarmPhase.PENDING
    (pending,) = story.announced
    assert pending.event is IntrusionEvent.PENDING
    assert pending.sensors == (DOOR,)
    assert pending.until == story.now + timedelta(seconds=30)
    story.trip(HALL)
    assert story.effects == []
    story.tick(29.9)
    assert story.phase is AlarmPhase.PENDING
    story.tick(0.1)
    (triggered,) = story.announced
    assert triggered.event is IntrusionEvent.TRIGGERED
    assert triggered.sensors == (DOOR, HALL)
    assert triggered.audible


@pytest.mark.parametrize("sensor", [HALL, WINDOW, ROOM, STORE])
def test_every_other_way_triggers_at_once(story: AlarmStory, sensor: str) -> None:
    story.leave()
    story.trip(sensor)
    assert story.phase is AlarmPhase.TRIGGERED
    assert story.alarm_events == [IntrusionEvent.TRIGGERED]
    assert story.announced[0].sensors == (sensor,)
    assert story.announced[0].was is AlarmPhase.ARMED


def test_leaving_the_way_in_triggers_before_the_entry_delay_is_over(
    story: AlarmStory,
) -> None:
    story.leave()
    story.trip(DOOR)
    story.trip(ROOM)
    assert story.phase is AlarmPhase.TRIGGERED


def test_without_an_entry_delay_the_way_in_triggers_at_once() -> None:
    story = AlarmStory(intrusion=replace(ALARM, **delays(entry_delay=0)))
    story.leave()
    story.trip(DOOR)
    assert story.alarm_events == [IntrusionEvent.TRIGGERED]


def test_inside_nothing_counts_while_staff_are_there(story: AlarmStory) -> None:
    story.arm(mode=ArmMode.HOME)
    story.trip(HALL)
    story.trip(ROOM)
    assert story.phase is AlarmPhase.ARMED
    story.trip(DOOR)
    assert story.phase is AlarmPhase.PENDING
    story.trip(WINDOW)
    assert story.phase is AlarmPhase.TRIGGERED


def test_disarmed_only_what_counts_day_and_night_does(story: AlarmStory) -> None:
    for sensor in (DOOR, HALL, WINDOW, ROOM):
        story.trip(sensor)
        assert story.effects == []
    story.trip(STORE)
    assert story.phase is AlarmPhase.TRIGGERED
    story.tick(180)
    assert story.phase is AlarmPhase.DISARMED
    (ended,) = story.announced
    assert (ended.event, ended.by) == (IntrusionEvent.DISARMED, SYSTEM)
    # It stands open still, and has been acted on.
    story.trip(STORE)
    assert story.phase is AlarmPhase.DISARMED
    story.restore_sensor(STORE)
    story.trip(STORE)
    assert story.phase is AlarmPhase.TRIGGERED


def test_what_counts_day_and_night_counts_while_people_leave(story: AlarmStory) -> None:
    story.arm()
    story.trip(STORE)
    assert story.phase is AlarmPhase.TRIGGERED
    story.tick(180)
    assert story.phase is AlarmPhase.ARMED
    assert story.alarm.armed_at == story.now


def test_it_is_armed_again_after_its_time_and_triggers_anew(story: AlarmStory) -> None:
    story.leave()
    story.trip(WINDOW)
    story.tick(179)
    assert story.phase is AlarmPhase.TRIGGERED
    story.tick(1)
    assert story.phase is AlarmPhase.ARMED
    assert story.announced[0].reason == "rearmed"
    # The window is open still.
    story.trip(WINDOW)
    assert story.phase is AlarmPhase.ARMED
    story.restore_sensor(WINDOW)
    story.trip(WINDOW)
    assert story.phase is AlarmPhase.TRIGGERED


def test_sirens_sound_a_limited_number_of_times(story: AlarmStory) -> None:
    story.leave()
    audible = []
    for _ in range(5):
        story.trip(ROOM)
        audible.append(story.announced[0].audible)
        story.restore_sensor(ROOM)
        story.tick(180)
    assert audible == [True, True, True, False, False]
    story.disarm()
    story.leave()
    story.trip(ROOM)
    assert story.announced[0].audible


def test_sirens_sound_while_it_is_triggered_and_fall_silent_with_it() -> None:
    story = AlarmStory(sirens=SIRENS)
    story.leave()
    story.trip(ROOM)
    assert [each.siren for each in story.done(SoundSiren)] == ["siren"]
    assert story.announced[0].session == story.alarm.session
    story.disarm()
    assert [each.siren for each in story.done(SilenceSiren)] == ["siren"]
    assert story.announced[0].session is not None
    assert story.alarm.session is None


def test_sirens_sound_anew_for_each_time_and_no_longer_than_they_may() -> None:
    story = AlarmStory(sirens=SIRENS)
    story.leave()
    sounded = []
    for _ in range(4):
        story.trip(ROOM)
        sounded.append(len(story.done(SoundSiren)))
        story.hear(SirenCommanded(siren="siren", sound=True, accepted=True))
        silenced = 0
        for _ in range(36):
            story.tick(5)
            silenced += len(story.done(SilenceSiren))
            story.hear(SirenCommanded(siren="siren", sound=False, accepted=True))
        assert silenced == sounded[-1]
        assert story.phase is AlarmPhase.ARMED
        story.restore_sensor(ROOM)
    assert sounded == [1, 1, 1, 0]


def test_what_counts_day_and_night_falls_silent_too() -> None:
    story = AlarmStory(sirens=SIRENS)
    story.trip(STORE)
    assert story.done(SoundSiren)
    story.tick(180)
    assert story.done(SilenceSiren)


def test_somebody_who_goes_through_the_rooms_is_followed(story: AlarmStory) -> None:
    story.leave()
    story.trip(WINDOW)
    story.wait(10)
    story.trip(ROOM)
    (followed,) = story.announced
    assert followed.sensors == (ROOM,)
    story.restore_sensor(ROOM)
    story.trip(ROOM)
    assert story.effects == []
    story.disarm()
    (ended,) = story.announced
    assert ended.sensors == (WINDOW, ROOM)
    assert ended.was is AlarmPhase.TRIGGERED


@pytest.mark.parametrize("actor", [DOCTOR, SECRETARY])
def test_somebody_who_may_open_disarms(story: AlarmStory, actor: Actor) -> None:
    story.leave()
    story.disarm(actor)
    assert story.phase is AlarmPhase.DISARMED
    assert story.announced[0].by == actor
    assert story.alarm.changed_by == actor
    story.disarm(actor)
    assert story.effects == []


@pytest.mark.parametrize("actor", [CLEANER, STRANGER, AUTOMATION])
def test_nobody_else_disarms(story: AlarmStory, actor: Actor) -> None:
    story.leave()
    story.disarm(actor)
    assert story.refusals == [Refusal.NOT_ALLOWED]
    assert story.phase is AlarmPhase.ARMED


def test_an_automation_disarms_where_automations_may_open() -> None:
    story = AlarmStory(automations_may_open=True)
    story.leave()
    story.disarm(AUTOMATION)
    assert story.phase is AlarmPhase.DISARMED


def test_a_code_may_be_needed_of_everybody() -> None:
    story = AlarmStory(intrusion=replace(ALARM, code_always=True))
    story.leave()
    story.disarm(DOCTOR)
    assert story.refusals == [Refusal.CODE_NEEDED]
    assert story.phase is AlarmPhase.ARMED


@pytest.mark.parametrize("actor", [CLEANER, AUTOMATION])
def test_an_intrusion_may_be_reported_whatever_is_armed(
    story: AlarmStory, actor: Actor
) -> None:
    story.report_intrusion(actor)
    assert story.phase is AlarmPhase.TRIGGERED
    assert story.announced[0].by == actor
    story.report_intrusion(actor)
    assert story.effects == []


def test_an_intrusion_is_not_reported_by_somebody_without_a_role(
    story: AlarmStory,
) -> None:
    story.report_intrusion(STRANGER)
    assert story.refusals == [Refusal.NOT_ALLOWED]


# --- restarts, clocks, and what happened meanwhile -----------------------------------


def test_a_restart_goes_on_with_what_is_left_of_a_delay(story: AlarmStory) -> None:
    story.arm()
    story.restart(20)
    story.look_around()
    story.tick(39)
    assert story.phase is AlarmPhase.ARMING
    story.tick(1)
    assert story.phase is AlarmPhase.ARMED
    story.trip(DOOR)
    story.restart(20)
    assert story.phase is AlarmPhase.PENDING
    story.tick(10)
    assert story.phase is AlarmPhase.TRIGGERED


def test_an_entry_delay_that_ended_meanwhile_triggers_for_its_whole_time(
    story: AlarmStory,
) -> None:
    story.leave()
    story.trip(DOOR)
    story.restart(3600)
    story.tick()
    assert story.phase is AlarmPhase.TRIGGERED
    assert story.alarm.until == story.now + timedelta(seconds=180)


def test_a_sensor_found_open_after_a_restart_counts(story: AlarmStory) -> None:
    story.leave()
    story.restart(600)
    story.look_around(WINDOW)
    assert story.phase is AlarmPhase.TRIGGERED


def test_a_sensor_that_was_acted_on_does_not_count_again_after_a_restart(
    story: AlarmStory,
) -> None:
    story.leave()
    story.trip(WINDOW)
    story.tick(180)
    story.restart(600)
    story.look_around(WINDOW)
    assert story.phase is AlarmPhase.ARMED


def test_a_door_that_opened_and_closed_while_nobody_listened_counts(
    story: AlarmStory,
) -> None:
    story.leave()
    story.restart(600)
    story.look_around()
    then = story.now - timedelta(seconds=300)
    story.door_opens(ENTRANCE, late=True, device_time=then)
    assert story.phase is AlarmPhase.PENDING
    # Its contact is closed, so that it can open again.
    assert story.alarm.counted == frozenset()


@pytest.mark.parametrize("ago", [None, 601, 3600])
def test_a_door_that_opened_before_it_was_armed_does_not_count(
    story: AlarmStory, ago: float | None
) -> None:
    story.leave()
    story.restart(600)
    story.look_around()
    then = None if ago is None else story.now - timedelta(seconds=ago)
    story.door_opens(ENTRANCE, late=True, device_time=then)
    assert story.phase is AlarmPhase.ARMED


def test_other_reports_of_doors_do_not_count(story: AlarmStory) -> None:
    story.leave()
    story.wait(60)
    story.door_opens(COURTYARD, late=True, device_time=story.now)
    story.door_closes(ENTRANCE, late=True, device_time=story.now)
    story.door_opens(ENTRANCE, device_time=story.now)
    assert story.phase is AlarmPhase.ARMED


def test_a_clock_that_is_set_back_makes_no_delay_longer(story: AlarmStory) -> None:
    story.leave()
    story.trip(DOOR)
    story.wait(-7200)
    story.tick()
    assert story.alarm.until == story.now + timedelta(seconds=30)
    story.tick(30)
    assert story.phase is AlarmPhase.TRIGGERED


def test_a_sensor_that_was_taken_away_is_forgotten(story: AlarmStory) -> None:
    story.trip(WINDOW)
    story.arm(bypass=True)
    story.tick(60)
    story.trip(ROOM)
    story.lose_sensor(HALL)
    left = {sensor: SENSORS[sensor] for sensor in (DOOR, STORE)}
    story.restart(intrusion=replace(ALARM, sensors=left))
    assert story.alarm.bypassed == story.alarm.counted == frozenset()
    assert story.alarm.tripped == ()
    assert story.alarm.losses == ()
    story.hear(SensorTripped(sensor=ROOM))
    assert story.effects == []


# --- sensors that tell nothing -------------------------------------------------------


def test_a_sensor_that_is_lost_is_announced_once_and_triggers_nothing(
    story: AlarmStory,
) -> None:
    story.leave()
    story.lose_sensor(WINDOW)
    story.lose_sensor(WINDOW)
    story.tick(119)
    assert story.effects == []
    story.tick(1)
    assert story.alarm_events == [IntrusionEvent.SENSOR_LOST]
    assert story.announced[0].sensors == (WINDOW,)
    assert story.phase is AlarmPhase.ARMED
    story.tick(60)
    assert story.effects == []
    story.restore_sensor(WINDOW)
    assert story.alarm_events == [IntrusionEvent.SENSOR_RESTORED]
    story.trip(WINDOW)
    assert story.phase is AlarmPhase.TRIGGERED


def test_a_sensor_that_is_back_in_time_is_not_spoken_of(story: AlarmStory) -> None:
    story.lose_sensor(WINDOW)
    story.lose_sensor(ROOM)
    story.tick(60)
    story.restore_sensor(WINDOW)
    story.restore_sensor(ROOM)
    story.tick(600)
    assert story.effects == []


def test_a_sensor_that_is_back_and_open_counts(story: AlarmStory) -> None:
    story.leave()
    story.lose_sensor(WINDOW)
    story.trip(WINDOW)
    assert story.phase is AlarmPhase.TRIGGERED


def test_a_sensor_lost_before_the_clock_was_set_back_is_announced(
    story: AlarmStory,
) -> None:
    story.lose_sensor(WINDOW)
    story.wait(-7200)
    story.tick()
    story.tick(120)
    assert story.alarm_events == [IntrusionEvent.SENSOR_LOST]
