"""The practice as a whole: what is urgent, what is due, and what a restart leaves."""

from dataclasses import replace
from datetime import timedelta

import pytest

from custom_components.cabinet_secure.practice.effects import (
    AnnouncePanicPress,
    DoorEventKind,
    Effect,
    HangUp,
    HoldStrike,
    PulseStrike,
    RingEvent,
    SecureStrike,
    Urgency,
)
from custom_components.cabinet_secure.practice.events import (
    Event,
    Fault,
    FaultRaised,
    PanicPressed,
)
from custom_components.cabinet_secure.practice.state import (
    Answer,
    Mode,
    PracticeState,
    RingPhase,
)

from .builders import (
    COURTYARD,
    DOCTOR,
    ENTRANCE,
    SECRETARY,
    STATIONS,
    Story,
    decoded,
    encoded,
)

ONLY_ENTRANCE = {ENTRANCE: Story().config.doors[ENTRANCE]}


# --- effects -------------------------------------------------------------------------


def test_what_protects_people_comes_first_and_courtesy_last(story: Story) -> None:
    story.press()
    story.call()
    story.answer(SECRETARY)
    story.release()
    urgencies = [effect.urgency for effect in story.effects]

    assert urgencies == sorted(urgencies)
    assert urgencies[-1] is Urgency.COURTESY


@pytest.mark.parametrize("effect", [PulseStrike, HoldStrike])
def test_what_opens_a_door_is_stored_before_it_is_done(effect: type[Effect]) -> None:
    assert effect.stored_first


@pytest.mark.parametrize("effect", [SecureStrike, HangUp, AnnouncePanicPress])
def test_what_opens_nothing_waits_for_no_disk(effect: type[Effect]) -> None:
    assert not effect.stored_first


@pytest.mark.parametrize("late", [False, True])
def test_a_panic_press_is_passed_on_however_late(story: Story, *, late: bool) -> None:
    pressed = PanicPressed(equipment=STATIONS[ENTRANCE], button="desk", late=late)
    assert story.hear(pressed) == [AnnouncePanicPress(button="desk", late=late)]


def test_an_event_that_means_nothing_to_the_practice_changes_nothing(
    story: Story,
) -> None:
    before = story.state
    assert story.hear(Event()) == []
    assert story.state is before


# --- deadlines -----------------------------------------------------------------------


def test_a_practice_where_nothing_happens_waits_for_nothing(story: Story) -> None:
    assert story.practice.next_deadline() is None


def test_a_ring_waits_for_its_steps_and_then_for_its_end(story: Story) -> None:
    story.press()
    start = story.now
    due = []
    while (deadline := story.practice.next_deadline()) is not None:
        due.append((deadline - start).total_seconds())
        story.now = deadline
        story.tick()

    assert due == [20, 45, 120]


def test_a_ring_that_was_taken_waits_for_its_end_alone(story: Story) -> None:
    story.press()
    story.answer(DOCTOR, Answer.TAKE)

    assert story.practice.next_deadline() == story.now + timedelta(seconds=120)


def test_the_nearest_of_all_deadlines_is_the_next(story: Story) -> None:
    story.press(COURTYARD)
    story.lose(ENTRANCE)
    assert story.practice.next_deadline() == story.now + timedelta(seconds=20)
    story.answer(DOCTOR)
    assert story.practice.next_deadline() == story.now + timedelta(seconds=5)
    story.tick(5)
    story.tick(40)
    assert story.practice.next_deadline() == story.now + timedelta(seconds=15)
    story.tick(15)
    assert story.practice.next_deadline() == story.now + timedelta(seconds=60)


def test_what_is_due_is_settled_before_an_event_is_looked_at(story: Story) -> None:
    story.press()
    story.wait(3600)
    story.press()

    assert story.ring_events == [
        RingEvent.MISSED,
        RingEvent.ENDED,
        RingEvent.STARTED,
    ]


# --- restarts ------------------------------------------------------------------------


def test_a_ring_goes_on_after_a_restart_without_ringing_again(story: Story) -> None:
    story.press()
    ring = story.ring
    story.restart(10)
    assert story.tick() == []
    assert story.ring == ring
    story.press()
    assert story.effects == []
    assert story.ring.presses == 2


def test_a_ring_whose_time_ran_out_during_a_restart_is_missed(story: Story) -> None:
    story.press()
    story.restart(3600)
    story.tick()

    assert story.ring_events == [RingEvent.MISSED, RingEvent.ENDED]


def test_a_restart_repeats_no_command_and_owns_up_to_what_is_not_proven(
    story: Story,
) -> None:
    story.press()
    story.answer(DOCTOR)
    story.restart(10)
    story.tick()

    assert story.done(PulseStrike) == []
    assert story.door_events == [DoorEventKind.OPEN_FAILED]
    assert story.ring.phase is RingPhase.RINGING


def test_a_strike_that_reports_after_a_short_restart_opens_the_ring(
    story: Story,
) -> None:
    story.press()
    story.answer(DOCTOR)
    story.restart(2)
    story.release()

    assert story.ring_events == [RingEvent.OPENED, RingEvent.ENDED]


def test_nothing_is_known_of_a_door_after_a_restart_but_who_used_it_last(
    story: Story,
) -> None:
    story.ask_to_hold(DOCTOR)
    story.release()
    story.restart()

    door = story.state.door(ENTRANCE)
    assert (door.released, door.contact_open, door.held_by) == (None, None, None)
    assert door.changed_by == DOCTOR


def test_doors_and_equipment_that_were_removed_are_forgotten(story: Story) -> None:
    story.look(COURTYARD)
    story.lose(COURTYARD)
    story.hear(FaultRaised(equipment=STATIONS[COURTYARD], fault=Fault.SERVICE))
    story.lose(ENTRANCE)
    story.hear(FaultRaised(equipment=STATIONS[ENTRANCE], fault=Fault.SERVICE))
    story.restart(doors=ONLY_ENTRANCE, equipment=frozenset({STATIONS[ENTRANCE]}))

    assert [door.door for door in story.state.doors] == [ENTRANCE]
    assert [loss.equipment for loss in story.state.losses] == [STATIONS[ENTRANCE]]
    assert [fault.equipment for fault in story.state.faults] == [STATIONS[ENTRANCE]]


def test_an_opening_of_a_door_that_was_removed_comes_to_its_end(story: Story) -> None:
    story.press(COURTYARD)
    story.answer(DOCTOR)
    story.restart(1, doors=ONLY_ENTRANCE)
    story.answer(SECRETARY, Answer.OPEN)
    assert story.done(PulseStrike) == []
    story.answer(SECRETARY, Answer.REFUSE)
    assert story.ring_events == [RingEvent.ANSWER_REJECTED]
    story.tick(4)

    assert story.ring.phase is RingPhase.MISSED
    assert story.practice.next_deadline() is None


def test_everything_that_is_remembered_survives_the_disk(story: Story) -> None:
    story.choose(DOCTOR, Mode.ON_CALL)
    story.press(COURTYARD)
    story.answer(SECRETARY, Answer.TAKE)
    story.press(ENTRANCE)
    story.answer(DOCTOR)
    story.ask_to_hold(SECRETARY, COURTYARD)
    story.lose(COURTYARD)
    story.hear(FaultRaised(equipment=STATIONS[ENTRANCE], fault=Fault.TAMPER))

    assert decoded(encoded(story.state)) == story.state


def test_a_person_who_lost_the_right_cannot_use_it_any_more(story: Story) -> None:
    story.press()
    token = story.tokens()[Answer.OPEN]
    secretary = story.config.people["secretary"]
    story.practice.config = replace(
        story.config, people={"secretary": replace(secretary, may_open=False)}
    )
    story.tap(SECRETARY, token)

    assert story.done(PulseStrike) == []


def test_an_empty_memory_is_a_new_practice() -> None:
    assert decoded("{}") == PracticeState()
