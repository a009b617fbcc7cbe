"""The course of a ring: one visitor, one session, one end."""

from datetime import timedelta

import pytest

from custom_components.cabinet_secure.practice.effects import (
    AnnounceBell,
    AnnounceRing,
    ForgetVisitor,
    HangUp,
    PulseStrike,
    RingEvent,
    ShowVisitor,
)
from custom_components.cabinet_secure.practice.events import Originator
from custom_components.cabinet_secure.practice.people import DESK_PHONE
from custom_components.cabinet_secure.practice.state import Answer, Mode, RingPhase

from .builders import COURTYARD, DOCTOR, ENTRANCE, SECRETARY, Story, kinds

LIFE = 120.0

# --- the visitor ---------------------------------------------------------------------


def test_a_press_shows_the_visitor_and_announces_the_ring(story: Story) -> None:
    story.choose(DOCTOR, Mode.OPEN)
    story.press()

    assert kinds(story.effects) == [AnnounceBell, ShowVisitor, AnnounceRing]
    assert story.ring_events == [RingEvent.STARTED]
    assert story.ring.phase is RingPhase.RINGING
    assert story.ring.mode is Mode.OPEN
    assert story.ring.expires_at == story.now + timedelta(seconds=LIFE)
    assert set(story.tokens()) == set(Answer)


def test_a_burst_of_presses_is_one_ring(story: Story) -> None:
    story.press()
    story.wait(3)
    assert story.press() == []
    assert story.press() == []

    assert len(story.state.rings) == 1
    assert story.ring.presses == 3


def test_the_call_of_a_press_joins_the_ring(story: Story) -> None:
    story.press()
    assert story.call() == []

    assert len(story.state.rings) == 1
    assert story.ring.call == "1"


def test_the_press_of_a_call_joins_the_ring(story: Story) -> None:
    story.call()
    assert story.ring_events == [RingEvent.STARTED]
    assert story.press() == []


def test_two_doors_ring_apart(story: Story) -> None:
    story.press(ENTRANCE)
    story.press(COURTYARD)

    assert [ring.door for ring in story.state.rings] == [ENTRANCE, COURTYARD]


def test_the_call_of_a_ring_that_was_refused_at_once_is_hung_up(story: Story) -> None:
    story.press()
    story.wait(1)
    story.answer(SECRETARY, Answer.REFUSE)
    story.wait(1)

    assert story.call() == [HangUp(door=ENTRANCE, call="1", refused=True)]
    assert story.call() == []
    assert len(story.state.rings) == 1


def test_the_call_of_the_next_visitor_rings(story: Story) -> None:
    story.press()
    story.answer(SECRETARY, Answer.REFUSE)
    story.wait(6)
    story.call()

    assert story.ring_events == [RingEvent.STARTED]


def test_a_call_rings_though_the_clock_was_set_back_since_the_last_ring(
    story: Story,
) -> None:
    story.press()
    story.answer(SECRETARY, Answer.REFUSE)
    story.wait(-3600)
    story.call()

    assert story.ring_events == [RingEvent.STARTED]


def test_a_call_rings_though_an_old_press_was_just_put_on_record(story: Story) -> None:
    story.press(late=True)
    story.wait(1)
    story.call()

    assert story.ring_events == [RingEvent.STARTED]


def test_a_late_press_is_a_missed_ring_that_asks_nobody(story: Story) -> None:
    story.press(late=True, device_time=story.now - timedelta(minutes=10))

    (missed,) = story.done(AnnounceRing)
    assert kinds(story.effects) == [AnnounceRing]
    assert (missed.event, missed.reason) == (RingEvent.MISSED, "late")
    assert missed.actions == {}
    assert story.ring.started_at == story.now - timedelta(minutes=10)
    assert story.ring.tokens == ()


def test_a_late_burst_of_presses_is_one_missed_ring(story: Story) -> None:
    rang_at = story.now - timedelta(minutes=10)
    story.press(late=True, device_time=rang_at)
    story.press(late=True, device_time=rang_at + timedelta(seconds=4))

    assert story.effects == []
    assert story.ring.presses == 2


def test_two_late_visitors_are_two_missed_rings(story: Story) -> None:
    rang_at = story.now - timedelta(minutes=10)
    story.press(late=True, device_time=rang_at)
    story.press(late=True, device_time=rang_at + timedelta(minutes=3))
    story.press(COURTYARD, late=True, device_time=rang_at)

    assert len(story.state.rings) == 3


def test_a_late_press_adds_nothing_to_a_ring_that_goes_on(story: Story) -> None:
    story.press()
    before = story.state
    assert story.press(late=True) == []
    assert story.state is before


def test_a_late_call_rings_nowhere(story: Story) -> None:
    assert story.call(late=True) == []
    assert story.state.rings == ()


# --- the desk phone ------------------------------------------------------------------


def test_a_call_taken_on_the_desk_phone_answers_the_ring(story: Story) -> None:
    story.press()
    story.call()
    story.wait(10)
    story.pick_up()

    (answered,) = story.done(AnnounceRing)
    assert (answered.event, answered.by) == (RingEvent.ANSWERED, DESK_PHONE)
    assert story.ring.phase is RingPhase.ANSWERED
    assert story.ring.expires_at == story.now + timedelta(seconds=LIFE)


def test_a_call_that_was_taken_ends_the_ring_when_it_is_over(story: Story) -> None:
    story.press()
    story.call()
    story.pick_up()
    story.put_down()

    assert story.ring_events == [RingEvent.ENDED]
    assert story.ring.phase is RingPhase.ENDED
    assert story.done(HangUp) == []
    assert story.done(ForgetVisitor) == [ForgetVisitor(door=ENTRANCE)]


def test_a_desk_phone_that_nobody_takes_leaves_the_ring_to_the_others(
    story: Story,
) -> None:
    story.press()
    story.call()

    assert story.put_down() == []
    assert story.ring.phase is RingPhase.RINGING
    assert story.ring.call is None


def test_a_ring_goes_on_after_the_call_for_whoever_took_it_over(story: Story) -> None:
    story.press()
    story.call()
    story.pick_up()
    story.answer(SECRETARY, Answer.TAKE)

    assert story.put_down() == []
    assert story.ring.phase is RingPhase.ANSWERED
    assert story.ring.answered_by == SECRETARY


def test_a_late_or_unknown_call_answers_nothing(story: Story) -> None:
    story.press()
    story.call()

    assert story.pick_up(late=True) == []
    assert story.pick_up(call="2") == []
    assert story.put_down(call="2") == []
    assert story.ring.phase is RingPhase.RINGING


def test_the_desk_phone_does_not_take_a_ring_from_a_person(story: Story) -> None:
    story.press()
    story.call()
    story.answer(SECRETARY, Answer.TAKE)

    assert story.pick_up() == []
    assert story.ring.answered_by == SECRETARY


def test_equal_numbers_of_calls_at_two_stations_are_two_calls(story: Story) -> None:
    story.call(ENTRANCE, "1")
    story.call(COURTYARD, "1")
    story.pick_up(COURTYARD, "1")
    story.put_down(COURTYARD, "1")

    entrance, courtyard = story.state.rings
    assert entrance.phase is RingPhase.RINGING
    assert courtyard.phase is RingPhase.ENDED


# --- the door ------------------------------------------------------------------------


def test_a_door_opened_from_the_desk_phone_ends_the_ring(story: Story) -> None:
    story.press()
    story.call()
    story.pick_up()
    story.release(originator=Originator.PHONE)

    assert story.ring_events == [RingEvent.OPENED, RingEvent.ENDED]
    assert story.ring.answered_by == DESK_PHONE
    assert story.done(HangUp) == [HangUp(door=ENTRANCE, call="1", refused=False)]


@pytest.mark.parametrize(
    "originator",
    [originator for originator in Originator if originator is not Originator.PHONE],
)
def test_somebody_who_passes_meanwhile_leaves_the_visitor_ringing(
    story: Story, originator: Originator
) -> None:
    story.press()
    story.release(originator=originator)

    assert story.ring.phase is RingPhase.RINGING


def test_a_door_opened_beside_the_ring_ends_it_too(story: Story) -> None:
    story.press()
    story.ask_to_open(SECRETARY)
    assert story.ring.phase is RingPhase.RINGING
    story.release()

    assert story.ring_events == [RingEvent.OPENED, RingEvent.ENDED]
    assert story.ring.answered_by == SECRETARY


@pytest.mark.parametrize("late", [False, True])
def test_a_strike_report_without_a_ring_ends_none(story: Story, *, late: bool) -> None:
    story.release(originator=Originator.PHONE, late=late)
    assert story.ring_events == []


def test_a_late_strike_report_ends_no_ring(story: Story) -> None:
    story.press()
    assert story.release(late=True, originator=Originator.PHONE) == []
    assert story.ring_events == []
    story.answer(SECRETARY)

    assert story.release(late=True) == []
    assert story.ring.phase is RingPhase.OPENING


def test_no_visitor_opens_a_door(story: Story) -> None:
    story.press()
    story.call()
    story.pick_up()
    story.put_down()
    story.press(late=True)

    assert not any(isinstance(effect, PulseStrike) for effect in story.told)
