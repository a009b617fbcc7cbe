"""Who may open which door, and whether it opened."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from custom_components.cabinet_secure.practice.access import (
    CONTACT_REPORTS_WITHIN,
    DOOR_NOT_OPENED,
    STRIKE_NOT_REPORTED,
)
from custom_components.cabinet_secure.practice.config import STRIKE_REPORTS_WITHIN
from custom_components.cabinet_secure.practice.effects import (
    AnnounceDoor,
    DoorEventKind,
    Effect,
    PulseStrike,
    Refusal,
    RingEvent,
)
from custom_components.cabinet_secure.practice.events import CommandFailed
from custom_components.cabinet_secure.practice.people import (
    AUTOMATION,
    DESK_PHONE,
    SYSTEM,
    Actor,
)
from custom_components.cabinet_secure.practice.state import Mode

from .builders import CLEANER, COURTYARD, DOCTOR, ENTRANCE, SECRETARY, STRANGER, Story

type Ask = Callable[[Story, Actor, str], list[Effect]]

STRIKE = STRIKE_REPORTS_WITHIN.total_seconds()
CONTACT = 5 + CONTACT_REPORTS_WITHIN.total_seconds()


def _failures(story: Story) -> list[tuple[Actor | None, str | None]]:
    return [
        (told.by, told.reason)
        for told in story.done(AnnounceDoor)
        if told.kind is DoorEventKind.OPEN_FAILED
    ]


# --- who may -------------------------------------------------------------------------


@pytest.mark.parametrize("door", [ENTRANCE, COURTYARD])
@pytest.mark.parametrize("actor", [DOCTOR, SECRETARY], ids=lambda actor: actor.name)
def test_whoever_may_open_releases_the_strike_once(
    story: Story, actor: Actor, door: str
) -> None:
    story.ask_to_open(actor, door)

    (opening,) = story.state.openings
    assert story.effects == [PulseStrike(door=door, opening=opening.id)]
    assert story.practice.next_deadline() == story.now + STRIKE_REPORTS_WITHIN


@pytest.mark.parametrize(
    "actor",
    [CLEANER, STRANGER, AUTOMATION, DESK_PHONE, SYSTEM],
    ids=lambda actor: actor.name,
)
def test_nobody_else_opens_or_holds_a_door(story: Story, actor: Actor) -> None:
    for ask in (story.ask_to_open, story.ask_to_hold):
        before = story.state
        ask(actor)
        assert story.refusals == [Refusal.NOT_ALLOWED]
        (denied,) = story.done(AnnounceDoor)
        assert (denied.kind, denied.by, denied.reason) == (
            DoorEventKind.DENIED,
            actor,
            "not_allowed",
        )
        assert len(story.effects) == 2
        assert story.state is before


def test_automations_open_where_they_may() -> None:
    story = Story(automations_may_open=True)
    story.ask_to_open(AUTOMATION)
    assert len(story.done(PulseStrike)) == 1


@pytest.mark.parametrize("ask", [Story.ask_to_open, Story.ask_to_hold])
def test_a_door_that_does_not_exist_is_not_opened(story: Story, ask: Ask) -> None:
    ask(story, DOCTOR, "cellar")

    assert story.refusals == [Refusal.UNKNOWN_DOOR]
    assert len(story.effects) == 1


@pytest.mark.parametrize("ask", [Story.ask_to_open, Story.ask_to_hold])
def test_nobody_opens_during_a_lockdown(story: Story, ask: Ask) -> None:
    story.choose(DOCTOR, Mode.LOCKDOWN)
    ask(story, DOCTOR, ENTRANCE)

    assert story.refusals == [Refusal.LOCKDOWN]
    assert story.state.openings == ()


@pytest.mark.parametrize("ask", [Story.ask_to_open, Story.ask_to_hold])
def test_nobody_opens_a_door_whose_station_does_not_answer(
    story: Story, ask: Ask
) -> None:
    story.lose(ENTRANCE)
    ask(story, DOCTOR, ENTRANCE)
    assert story.refusals == [Refusal.EQUIPMENT_LOST]
    ask(story, DOCTOR, COURTYARD)
    assert story.refusals == []


# --- whether it opened ---------------------------------------------------------------


def test_a_strike_that_reports_proves_the_opening_of_a_door_without_contact(
    story: Story,
) -> None:
    story.ask_to_open(DOCTOR, COURTYARD)
    story.release(COURTYARD)

    (granted,) = story.done(AnnounceDoor)
    assert (granted.kind, granted.by, granted.method, granted.ring) == (
        DoorEventKind.GRANTED,
        DOCTOR,
        "request",
        None,
    )
    assert story.state.openings == ()
    assert story.state.door(COURTYARD).released is True
    assert story.state.door(COURTYARD).changed_by == DOCTOR


def test_a_strike_that_does_not_report_in_time_has_failed(story: Story) -> None:
    story.ask_to_open(DOCTOR, COURTYARD)
    story.tick(STRIKE - 0.1)
    assert story.effects == []
    story.tick(0.1)

    assert _failures(story) == [(DOCTOR, STRIKE_NOT_REPORTED)]
    assert story.state.openings == ()


def test_a_strike_that_is_seen_released_proves_the_opening_as_a_report_does(
    story: Story,
) -> None:
    story.press(COURTYARD)
    story.answer(DOCTOR)
    story.look(COURTYARD, released=True)

    assert story.ring_events == [RingEvent.OPENED, RingEvent.ENDED]
    assert story.door_events == [DoorEventKind.GRANTED]
    assert story.state.openings == ()


def test_a_late_report_of_the_strike_proves_nothing(story: Story) -> None:
    story.ask_to_open(DOCTOR, COURTYARD)
    story.release(COURTYARD, late=True)
    assert story.effects == []
    story.tick(STRIKE)

    assert _failures(story) == [(DOCTOR, STRIKE_NOT_REPORTED)]


def test_the_contact_proves_that_somebody_came_in(story: Story) -> None:
    story.ask_to_open(DOCTOR)
    story.release()
    (opening,) = story.state.openings
    assert opening.released
    story.door_opens()

    assert story.state.openings == ()
    assert story.door_events == [DoorEventKind.OPENED]
    assert story.tick(CONTACT) == []


def test_a_door_that_nobody_opens_has_failed(story: Story) -> None:
    story.ask_to_open(DOCTOR)
    story.release()
    story.secured()
    story.tick(CONTACT - 0.1)
    assert story.effects == []
    story.tick(0.1)

    assert _failures(story) == [(DOCTOR, DOOR_NOT_OPENED)]


def test_a_late_contact_proves_nothing_and_is_told_as_late(story: Story) -> None:
    story.ask_to_open(DOCTOR)
    story.release()
    device_time = story.now - timedelta(minutes=1)
    story.door_opens(late=True, device_time=device_time)

    (opened,) = story.done(AnnounceDoor)
    assert (opened.late, opened.device_time) == (True, device_time)
    assert len(story.state.openings) == 1
    assert story.state.door(ENTRANCE).contact_open is False


def test_a_contact_before_the_strike_reports_proves_nothing_yet(story: Story) -> None:
    story.ask_to_open(DOCTOR)
    story.door_opens()
    (opening,) = story.state.openings
    assert not opening.released
    story.release()
    assert story.state.openings == ()


@pytest.mark.parametrize("contact_open", [True, None])
def test_a_door_that_stands_open_or_is_unknown_is_not_waited_for(
    story: Story, *, contact_open: bool | None
) -> None:
    story.look(contact_open=contact_open)
    story.ask_to_open(DOCTOR)
    story.release()

    assert story.state.openings == ()


def test_a_door_that_was_seen_open_in_the_end_has_not_failed(story: Story) -> None:
    story.ask_to_open(DOCTOR)
    story.release()
    story.look(contact_open=True)

    assert story.tick(CONTACT) == []
    assert story.state.openings == ()


def test_a_contact_that_cannot_be_heard_any_more_is_no_failure(story: Story) -> None:
    story.ask_to_open(DOCTOR)
    story.release()
    story.lose()

    assert story.tick(CONTACT) == []


def test_a_restart_while_the_contact_is_waited_for_is_no_failure(story: Story) -> None:
    story.ask_to_open(DOCTOR)
    story.release()
    story.restart(60)

    assert story.tick() == []
    assert story.state.openings == ()


def test_an_opening_whose_strike_had_not_reported_at_a_restart_has_failed(
    story: Story,
) -> None:
    story.ask_to_open(DOCTOR)
    story.restart(60)
    story.tick()

    assert _failures(story) == [(DOCTOR, STRIKE_NOT_REPORTED)]
    assert story.done(PulseStrike) == []


def test_a_command_that_failed_is_announced_with_its_reason(story: Story) -> None:
    story.ask_to_open(DOCTOR)
    story.fail("refused by the station")

    assert _failures(story) == [(DOCTOR, "refused by the station")]
    assert story.state.openings == ()


def test_a_command_that_failed_twice_is_announced_once(story: Story) -> None:
    story.ask_to_open(DOCTOR)
    failed = CommandFailed(opening=story.state.openings[0].id, reason="gone")
    story.hear(failed)

    assert story.hear(failed) == []


def test_one_report_proves_every_attempt_that_waits_for_it(story: Story) -> None:
    story.ask_to_open(DOCTOR, COURTYARD)
    story.ask_to_open(SECRETARY, COURTYARD)
    story.release(COURTYARD)

    assert [told.by for told in story.done(AnnounceDoor)] == [DOCTOR, SECRETARY]
    assert story.state.openings == ()


def test_a_report_of_one_door_proves_nothing_of_another(story: Story) -> None:
    story.ask_to_open(DOCTOR, ENTRANCE)
    story.release(COURTYARD)

    assert len(story.state.openings) == 1


def test_of_several_attempts_the_one_that_answers_a_ring_opens_it(
    story: Story,
) -> None:
    story.press()
    story.ask_to_open(DOCTOR)
    story.answer(SECRETARY)
    story.release()

    assert story.ring.answered_by == SECRETARY


@pytest.mark.parametrize("ask", [Story.ask_to_open, Story.ask_to_hold])
def test_a_strike_that_is_released_already_proves_itself_and_ends_the_ring(
    story: Story, ask: Ask
) -> None:
    story.look(COURTYARD, released=True)
    story.press(COURTYARD)
    ask(story, DOCTOR, COURTYARD)

    assert story.ring_events == [RingEvent.OPENED, RingEvent.ENDED]
    assert story.state.openings == ()


def test_an_opening_after_the_clock_was_set_back_is_given_up(story: Story) -> None:
    story.ask_to_open(DOCTOR)
    story.tick(-3600)

    assert _failures(story) == [(DOCTOR, STRIKE_NOT_REPORTED)]
