"""Doors that open after the attempt was given up, and doors that tell nothing."""

from dataclasses import replace

import pytest

from custom_components.cabinet_secure.practice.access import UNCONFIRMED
from custom_components.cabinet_secure.practice.config import STRIKE_REPORTS_WITHIN
from custom_components.cabinet_secure.practice.effects import (
    AnnounceDoor,
    DoorEventKind,
    HoldStrike,
    Refusal,
    SecureStrike,
)
from custom_components.cabinet_secure.practice.events import (
    CommandFailed,
    DoorOpened,
    Originator,
    ReleaseAccepted,
    StrikeReleased,
)
from custom_components.cabinet_secure.practice.late_effects import LATE_EFFECT_WITHIN

from .builders import CONFIG, COURTYARD, DOCTOR, ENTRANCE, STATIONS, Story

STRIKE = STRIKE_REPORTS_WITHIN.total_seconds()
LATE = LATE_EFFECT_WITHIN.total_seconds()


def secured(story: Story) -> list[str]:
    """Return the doors that were secured just now."""
    return [effect.door for effect in story.done(SecureStrike)]


@pytest.fixture
def given_up(story: Story) -> Story:
    """Return a practice in which the entrance did not open in time."""
    story.ask_to_open(DOCTOR)
    story.tick(STRIKE)
    assert story.door_events == [DoorEventKind.OPEN_FAILED]
    return story


def report(story: Story, originator: Originator, door: str = ENTRANCE) -> None:
    """Let the strike report that it is released."""
    story.hear(
        StrikeReleased(equipment=STATIONS[door], door=door, originator=originator)
    )


@pytest.mark.parametrize("originator", [Originator.REQUEST, Originator.UNKNOWN])
def test_a_strike_that_is_released_late_is_announced_and_secured(
    given_up: Story, originator: Originator
) -> None:
    given_up.tick(60)
    report(given_up, originator)
    assert given_up.door_events == [DoorEventKind.OPENED_LATE]
    assert secured(given_up) == [ENTRANCE]
    assert given_up.state.door(ENTRANCE).released is True
    assert given_up.state.given_up == ()


def test_it_is_said_who_had_asked(given_up: Story) -> None:
    report(given_up, Originator.REQUEST)
    (told,) = given_up.done(AnnounceDoor)
    assert told.by == DOCTOR


def test_somebody_with_a_code_is_no_late_effect(given_up: Story) -> None:
    report(given_up, Originator.CODE)
    assert secured(given_up) == []
    assert len(given_up.state.given_up) == 1


def test_another_door_is_no_late_effect(given_up: Story) -> None:
    report(given_up, Originator.REQUEST, COURTYARD)
    assert given_up.door_events == [DoorEventKind.GRANTED]
    assert secured(given_up) == []


def test_after_two_minutes_it_is_something_else(given_up: Story) -> None:
    given_up.tick(LATE)
    assert given_up.state.given_up == ()
    report(given_up, Originator.REQUEST)
    assert given_up.door_events == [DoorEventKind.GRANTED]


def test_a_clock_that_was_set_back_forgets_it(given_up: Story) -> None:
    given_up.tick(-3600)
    assert given_up.state.given_up == ()


def test_a_door_that_opens_late_while_its_strike_is_unknown_is_announced(
    given_up: Story,
) -> None:
    given_up.look(released=None)
    given_up.door_opens()
    assert given_up.door_events == [DoorEventKind.OPENED_LATE, DoorEventKind.OPENED]
    assert secured(given_up) == [ENTRANCE]


def test_a_door_whose_strike_is_secured_opens_for_another_reason(
    given_up: Story,
) -> None:
    given_up.door_opens()
    assert given_up.door_events == [DoorEventKind.OPENED]


def test_a_new_attempt_takes_the_place_of_the_old_one(given_up: Story) -> None:
    given_up.ask_to_open(DOCTOR)
    assert given_up.state.given_up == ()
    given_up.release()
    assert given_up.door_events == [DoorEventKind.GRANTED]
    assert secured(given_up) == []


def test_a_door_that_is_held_is_not_secured_for_an_old_attempt(story: Story) -> None:
    story.ask_to_hold(DOCTOR)
    story.release()
    story.look(released=None)
    story.ask_to_open(DOCTOR)
    story.tick(STRIKE)
    report(story, Originator.UNKNOWN)
    assert DoorEventKind.OPENED_LATE not in story.door_events
    assert secured(story) == []


@pytest.mark.parametrize("may_have_worked", [True, False])
def test_a_command_that_may_have_worked_is_remembered(
    story: Story, may_have_worked: bool
) -> None:
    story.ask_to_open(DOCTOR)
    (opening,) = story.state.openings
    story.hear(
        CommandFailed(
            opening=opening.id, reason="unreachable", may_have_worked=may_have_worked
        )
    )
    assert len(story.state.given_up) == may_have_worked


# --- doors that tell nothing of their strike -----------------------------------------------


@pytest.fixture
def silent() -> Story:
    """Return a practice whose doors neither tell of their strikes nor can be held."""
    return Story(
        doors={
            door: replace(config, strike_reports=False, can_hold=False)
            for door, config in CONFIG.doors.items()
        }
    )


def accept(story: Story, door: str) -> None:
    """Let the device take the command."""
    story.hear(ReleaseAccepted(equipment=STATIONS[door], door=door))


def test_without_a_contact_an_opening_is_unconfirmed(silent: Story) -> None:
    silent.ask_to_open(DOCTOR, COURTYARD)
    accept(silent, COURTYARD)
    (told,) = silent.done(AnnounceDoor)
    assert (told.kind, told.by, told.reason) == (
        DoorEventKind.GRANTED,
        DOCTOR,
        UNCONFIRMED,
    )
    assert silent.state.openings == ()
    assert silent.state.door(COURTYARD).released is None


def test_with_a_contact_the_door_has_to_open(silent: Story) -> None:
    silent.look(released=None, contact_open=False)
    silent.ask_to_open(DOCTOR)
    accept(silent, ENTRANCE)
    (told,) = silent.done(AnnounceDoor)
    assert (told.kind, told.reason) == (DoorEventKind.GRANTED, None)
    silent.tick(20)
    assert silent.door_events == [DoorEventKind.OPEN_FAILED]
    assert silent.state.door(ENTRANCE).released is None


def test_a_ring_ends_when_the_device_took_the_command(silent: Story) -> None:
    silent.press(COURTYARD)
    ring = silent.state.ring_at(COURTYARD)
    assert ring is not None
    silent.answer(DOCTOR, ring=ring)
    accept(silent, COURTYARD)
    assert silent.state.ring_at(COURTYARD) is None


def test_what_nobody_asked_for_proves_nothing(silent: Story) -> None:
    accept(silent, COURTYARD)
    assert silent.effects == []


def test_a_door_that_cannot_be_held_is_not_unlocked(silent: Story) -> None:
    silent.ask_to_hold(DOCTOR)
    assert silent.refusals == [Refusal.CANNOT_HOLD]
    assert silent.done(HoldStrike) == []
    assert silent.state.door(ENTRANCE).held_by is None


def test_a_late_door_that_was_opened_before_is_not_announced_late(story: Story) -> None:
    story.hear(DoorOpened(equipment=STATIONS[ENTRANCE], door=ENTRANCE, late=True))
    assert story.door_events == [DoorEventKind.OPENED]
