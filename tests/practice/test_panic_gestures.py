"""What it takes to call for help with a button, and what leaves doubt."""

import pytest

from custom_components.cabinet_secure.practice.effects import AnnouncePanicPress
from custom_components.cabinet_secure.practice.panic.effects import PanicEvent
from custom_components.cabinet_secure.practice.panic.state import PanicKind

from .builders import CLEANER, DOCTOR, SECRETARY
from .panic_story import (
    DESK,
    INDOORS,
    LEFT,
    LOUD,
    OUTDOORS,
    RIGHT,
    ROOM,
    STORE,
    PanicStory,
)

RAISED = [PanicEvent.RAISED]


@pytest.fixture
def story() -> PanicStory:
    return PanicStory()


def test_one_press_on_a_hold_up_button_calls_nobody(story: PanicStory) -> None:
    story.push(DESK, times=1)
    assert story.panic_events == []
    assert [press.button for press in story.done(AnnouncePanicPress)] == [DESK]
    story.tick(60)
    assert story.state.panic.presses == ()
    assert story.practice.next_deadline() is None


@pytest.mark.parametrize(("gap", "raised"), [(0, True), (3, False), (2.9, True)])
def test_two_presses_within_three_seconds_do(
    story: PanicStory, gap: float, raised: bool
) -> None:
    story.push(DESK, times=1)
    story.wait(gap)
    story.push(DESK, times=1)
    assert (story.panic_events == RAISED) is raised


def test_the_second_press_may_come_after_a_restart(story: PanicStory) -> None:
    story.push(DESK, times=1)
    story.restart(2)
    story.push(DESK, times=1)
    assert story.panic_events == RAISED


def test_two_buttons_together_call_for_help_and_one_does_not(
    story: PanicStory,
) -> None:
    story.push(LEFT, times=2)
    assert story.panic_events == []
    story.push(DESK, times=1)
    story.wait(1)
    story.push(RIGHT, times=1)
    assert story.panic_events == RAISED
    assert story.panic.location == "Office"
    # What was pressed is used up.
    story.push(LEFT, times=1)
    assert story.panic_events == []


def test_a_long_press_calls_for_help_while_it_is_still_held(story: PanicStory) -> None:
    story.push(STORE, times=1)
    story.tick(1.9)
    assert story.panic_events == []
    story.tick(0.1)
    assert story.panic_events == RAISED
    assert story.panic.certain
    story.let_go()
    assert story.effects == []


def test_a_button_that_is_let_go_too_early_calls_nobody(story: PanicStory) -> None:
    story.push(STORE, times=1)
    story.wait(1)
    story.let_go()
    story.tick(10)
    assert story.state.panic.panics == ()
    story.let_go(DESK)
    assert story.effects == []


def test_a_long_press_that_nobody_saw_the_end_of_is_doubtful(
    story: PanicStory,
) -> None:
    story.push(STORE, times=1)
    story.restart(60)
    story.tick()
    assert story.panic_events == RAISED
    assert not story.panic.certain


def test_buttons_on_the_screen_take_two_presses_but_for_assistance(
    story: PanicStory,
) -> None:
    story.cry(SECRETARY, PanicKind.ATTACK, confirmed=False)
    assert story.panic_events == []
    story.cry(SECRETARY, PanicKind.HOLD_UP, confirmed=False)
    assert story.panic_events == []
    story.cry(SECRETARY, PanicKind.ASSISTANCE, confirmed=False)
    assert story.panic_events == RAISED
    story.cry(SECRETARY, PanicKind.HOLD_UP, confirmed=False)
    assert story.one.reason == "graver"


def test_two_people_who_press_the_same_button_on_their_screens_mean_it(
    story: PanicStory,
) -> None:
    story.cry(SECRETARY, confirmed=False)
    story.wait(1)
    story.cry(CLEANER, confirmed=False)
    assert story.panic_events == RAISED


# --- doubt ---------------------------------------------------------------------------


@pytest.mark.parametrize("age", [11, 120, 3000])
def test_a_late_press_alerts_staff_and_makes_no_noise(
    story: PanicStory, age: float
) -> None:
    story.push(LOUD, **story.late(age))
    assert story.panic_events == RAISED
    assert not story.panic.certain
    assert not story.panic.audible
    assert story.sounded == set()


def test_a_late_press_that_was_only_one_calls_nobody(story: PanicStory) -> None:
    story.push(LOUD, times=1, **story.late(60))
    story.push(LOUD, times=1, **story.late(30))
    assert story.panic_events == []


def test_a_press_through_a_broken_wire_needs_no_second_one(story: PanicStory) -> None:
    story.push(LOUD, times=1, doubt=True)
    assert story.panic_events == RAISED
    assert not story.panic.certain
    assert story.sounded == set()


def test_certainty_brings_the_noise(story: PanicStory) -> None:
    story.push(LOUD, times=1, doubt=True)
    story.wait(10)
    story.push(LOUD)
    assert story.panic_events == []
    assert story.panic.certain
    assert story.panic.audible
    assert story.sounded == {OUTDOORS, INDOORS}


def test_an_attack_that_is_doubtful_locks_nobody_out(story: PanicStory) -> None:
    story.push(STORE, times=1, doubt=True)
    assert story.panic_events == RAISED
    assert story.state.mode == "staff_only"


def test_a_late_long_press_counts_by_when_it_ended(story: PanicStory) -> None:
    story.push(STORE, times=1, **story.late(60))
    story.let_go(**story.late(59))
    story.tick(10)
    assert story.state.panic.panics == ()
    story.push(STORE, times=1, **story.late(40))
    story.let_go(**story.late(37))
    assert story.panic_events == RAISED
    assert not story.panic.certain


def test_a_late_long_press_that_nobody_heard_the_end_of_is_believed(
    story: PanicStory,
) -> None:
    story.push(STORE, times=1, **story.late(60))
    story.tick(5)
    assert story.panic_events == RAISED


# --- what was heard before -----------------------------------------------------------


def test_a_press_that_is_reported_twice_is_told_once(story: PanicStory) -> None:
    story.push(ROOM, times=1)
    late = story.late(0)
    story.wait(20)
    story.push(ROOM, times=1, **late)
    assert story.panic_events == []
    assert len(story.state.panic.open) == 1


def test_a_late_press_from_before_the_reset_does_not_raise_it_again(
    story: PanicStory,
) -> None:
    story.cry(SECRETARY, location="Room 2")
    late = story.late(0)
    story.wait(10)
    story.reset(DOCTOR)
    story.wait(30)
    story.push(ROOM, times=1, **late)
    assert story.effects == []
    story.push(ROOM, times=1, **story.late(20))
    assert story.panic_events == RAISED


def test_a_late_press_from_before_the_acknowledgement_is_a_part_of_it(
    story: PanicStory,
) -> None:
    story.cry(SECRETARY, PanicKind.ASSISTANCE, location="Room 2")
    story.wait(20)
    story.take_care(DOCTOR)
    story.push(ROOM, times=1, **story.late(15))
    assert story.panic_events == []
    assert story.panic.presses == 2
    assert story.panic.acknowledged_by == DOCTOR


def test_a_late_press_without_a_time_is_taken_for_new(story: PanicStory) -> None:
    story.push(ROOM, times=1, late=True)
    assert story.panic_events == RAISED


def test_a_button_that_nobody_described_is_taken_seriously(story: PanicStory) -> None:
    story.push("unknown")
    assert story.panic_events == RAISED
    assert story.panic.kind is PanicKind.HOLD_UP
    assert story.panic.by.name == "unknown"
