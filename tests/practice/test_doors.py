"""What is known of a door: who released it, who holds it, what it reports."""

from collections.abc import Callable
from typing import Any

import pytest

from custom_components.cabinet_secure.practice.access import CONTACT_REPORTS_WITHIN
from custom_components.cabinet_secure.practice.config import STRIKE_REPORTS_WITHIN
from custom_components.cabinet_secure.practice.effects import (
    AnnounceDoor,
    DoorEventKind,
    Effect,
    HoldStrike,
    Refusal,
    SecureStrike,
)
from custom_components.cabinet_secure.practice.events import (
    AccessDenied,
    AccessGranted,
    BellPressed,
    DoorEvent,
    DoorForced,
    DoorHeldOpen,
    ExitButtonPressed,
    Originator,
    StrikeReleased,
)
from custom_components.cabinet_secure.practice.people import (
    AUTOMATION,
    Actor,
    ActorKind,
)

from .builders import CLEANER, DOCTOR, ENTRANCE, SECRETARY, STATIONS, STRANGER, Story

type Ask = Callable[[Story, Actor, str], list[Effect]]

STRIKE = STRIKE_REPORTS_WITHIN.total_seconds()
CONTACT = 5 + CONTACT_REPORTS_WITHIN.total_seconds()


def _failures(story: Story) -> list[tuple[Actor | None, str | None]]:
    return [
        (told.by, told.reason)
        for told in story.done(AnnounceDoor)
        if told.kind is DoorEventKind.OPEN_FAILED
    ]


# --- releases by others --------------------------------------------------------------


@pytest.mark.parametrize(
    "originator",
    [originator for originator in Originator if originator is not Originator.CODE],
)
def test_a_release_by_another_is_on_record(
    story: Story, originator: Originator
) -> None:
    story.release(originator=originator)

    (granted,) = story.done(AnnounceDoor)
    assert (granted.kind, granted.method) == (DoorEventKind.GRANTED, originator)
    assert story.state.door(ENTRANCE).changed_by == granted.by
    assert story.state.door(ENTRANCE).released is True


def test_a_release_by_a_code_is_on_record_once(story: Story) -> None:
    story.release(originator=Originator.CODE)
    assert story.effects == []
    story.hear(
        AccessGranted(
            equipment=STATIONS[ENTRANCE], door=ENTRANCE, label="Locum", method="card"
        )
    )

    (granted,) = story.done(AnnounceDoor)
    assert (granted.kind, granted.method) == (DoorEventKind.GRANTED, "card")
    assert granted.by == Actor(kind=ActorKind.CODE, name="Locum")
    assert story.state.door(ENTRANCE).changed_by == granted.by


def test_a_repeated_report_does_not_change_who_opened(story: Story) -> None:
    story.ask_to_open(DOCTOR)
    story.release()

    assert story.release() == []
    assert story.state.door(ENTRANCE).changed_by == DOCTOR


# --- holds ---------------------------------------------------------------------------


def test_a_hold_keeps_the_strike_released_and_names_who_asked(story: Story) -> None:
    story.ask_to_hold(DOCTOR)

    (opening,) = story.state.openings
    assert story.effects == [HoldStrike(door=ENTRANCE, opening=opening.id)]
    assert story.state.door(ENTRANCE).held_by == DOCTOR
    story.release()
    assert story.state.openings == ()
    assert story.state.door(ENTRANCE).held_by == DOCTOR


def test_a_hold_that_follows_a_pulse_is_not_waiting_for_the_contact(
    story: Story,
) -> None:
    story.ask_to_open(SECRETARY)
    story.release()
    story.door_opens()
    story.door_closes()
    story.ask_to_hold(DOCTOR)

    assert story.tick(CONTACT) == []
    assert story.state.door(ENTRANCE).held_by == DOCTOR


def test_an_opening_of_a_held_door_is_not_waiting_for_the_contact(
    story: Story,
) -> None:
    story.ask_to_hold(DOCTOR)
    story.release()
    story.ask_to_open(SECRETARY)

    assert story.state.openings == ()


def test_a_hold_that_failed_is_no_hold(story: Story) -> None:
    story.ask_to_hold(DOCTOR)
    story.fail()

    assert story.state.door(ENTRANCE).held_by is None
    assert _failures(story) == [(DOCTOR, "unreachable")]


def test_an_opening_that_failed_ends_no_hold(story: Story) -> None:
    story.ask_to_hold(DOCTOR)
    story.release()
    story.look(released=None)
    story.ask_to_open(DOCTOR)
    story.fail()

    assert story.state.door(ENTRANCE).held_by == DOCTOR


def test_a_hold_that_the_device_ended_is_over(story: Story) -> None:
    story.ask_to_hold(DOCTOR)
    story.release()
    story.secured()

    assert story.state.door(ENTRANCE).held_by is None
    assert story.state.door(ENTRANCE).released is False


def test_a_strike_that_is_seen_secured_is_not_held(story: Story) -> None:
    story.ask_to_hold(DOCTOR)
    story.release()
    story.look(released=False)

    assert story.state.door(ENTRANCE).held_by is None


def test_the_end_of_an_earlier_pulse_does_not_end_a_hold_that_begins(
    story: Story,
) -> None:
    story.ask_to_hold(DOCTOR)
    story.secured()
    assert story.state.door(ENTRANCE).held_by == DOCTOR
    story.look(released=False)
    assert story.state.door(ENTRANCE).held_by == DOCTOR


def test_a_late_report_that_the_strike_is_secured_changes_nothing(
    story: Story,
) -> None:
    story.ask_to_hold(DOCTOR)
    story.release()
    before = story.state
    story.secured(late=True)

    assert story.state is before


@pytest.mark.parametrize(
    "actor", [DOCTOR, CLEANER, STRANGER, AUTOMATION], ids=lambda actor: actor.name
)
def test_anybody_may_lock_a_door(story: Story, actor: Actor) -> None:
    story.ask_to_hold(DOCTOR)
    story.release()
    story.ask_to_lock(actor)

    assert story.effects == [SecureStrike(door=ENTRANCE)]
    assert story.state.door(ENTRANCE).held_by is None
    assert story.state.door(ENTRANCE).changed_by == actor


def test_a_hold_that_was_locked_before_it_reported_has_not_failed(
    story: Story,
) -> None:
    story.ask_to_hold(DOCTOR)
    story.ask_to_lock(SECRETARY)

    assert story.tick(STRIKE) == []


def test_locking_leaves_the_visitor_who_is_let_in_alone(story: Story) -> None:
    story.press()
    story.answer(DOCTOR)
    story.ask_to_lock(SECRETARY)

    assert len(story.state.openings) == 1


def test_a_door_that_does_not_exist_is_not_locked(story: Story) -> None:
    story.ask_to_lock(DOCTOR, "cellar")
    assert story.refusals == [Refusal.UNKNOWN_DOOR]


# --- what the device reports ---------------------------------------------------------


def _entrance[T: DoorEvent](kind: type[T], **fields: Any) -> T:
    return kind(equipment=STATIONS[ENTRANCE], door=ENTRANCE, **fields)


@pytest.mark.parametrize("late", [False, True])
@pytest.mark.parametrize(
    ("event", "kind"),
    [
        (DoorForced, DoorEventKind.FORCED),
        (DoorHeldOpen, DoorEventKind.HELD_OPEN),
        (ExitButtonPressed, DoorEventKind.EXIT_BUTTON),
    ],
)
def test_what_a_door_reports_is_announced_even_when_late(
    story: Story, event: type[DoorEvent], kind: DoorEventKind, *, late: bool
) -> None:
    story.hear(_entrance(event, late=late))

    (told,) = story.done(AnnounceDoor)
    assert (told.kind, told.door, told.late) == (kind, ENTRANCE, late)


@pytest.mark.parametrize(
    ("label", "by"),
    [("Locum", Actor(kind=ActorKind.CODE, name="Locum")), ("", None)],
)
def test_whoever_the_device_refused_is_on_record(
    story: Story, label: str, by: Actor | None
) -> None:
    story.hear(_entrance(AccessDenied, label=label, reason="invalid_time"))

    (denied,) = story.done(AnnounceDoor)
    assert (denied.kind, denied.by, denied.reason) == (
        DoorEventKind.DENIED,
        by,
        "invalid_time",
    )


def test_access_granted_long_ago_does_not_change_who_opened_last(story: Story) -> None:
    story.ask_to_open(DOCTOR)
    story.release()
    story.hear(_entrance(AccessGranted, label="Locum", method="card", late=True))

    assert story.door_events == [DoorEventKind.GRANTED]
    assert story.state.door(ENTRANCE).changed_by == DOCTOR


def test_a_door_is_held_open_until_it_closes(story: Story) -> None:
    story.door_opens()
    story.hear(_entrance(DoorHeldOpen))
    assert story.state.door(ENTRANCE).held_open is True
    story.door_closes(late=True)
    assert story.state.door(ENTRANCE).held_open is True
    story.door_closes()
    assert story.state.door(ENTRANCE).held_open is False


def test_a_door_that_was_held_open_long_ago_is_not_held_open_now(
    story: Story,
) -> None:
    story.hear(_entrance(DoorHeldOpen, late=True))
    assert story.state.door(ENTRANCE).held_open is False


def test_a_door_that_is_seen_closed_is_not_held_open(story: Story) -> None:
    story.hear(_entrance(DoorHeldOpen))
    story.look(contact_open=None)
    assert story.state.door(ENTRANCE).held_open is True
    story.look(contact_open=False)
    assert story.state.door(ENTRANCE).held_open is False


def test_an_event_of_a_door_that_means_nothing_yet_is_left_alone(story: Story) -> None:
    before = story.state
    assert story.hear(_entrance(DoorEvent)) == []
    assert story.state is before


@pytest.mark.parametrize("kind", [BellPressed, DoorForced])
def test_a_door_of_the_station_that_the_practice_does_not_have_is_not_heard(
    story: Story, kind: type[DoorEvent]
) -> None:
    before = story.state
    assert story.hear(kind(equipment=STATIONS[ENTRANCE], door="garage")) == []
    assert story.state is before


def test_a_strike_of_another_door_of_the_station_is_not_heard(story: Story) -> None:
    released = StrikeReleased(
        equipment=STATIONS[ENTRANCE], door="garage", originator=Originator.REQUEST
    )
    assert story.hear(released) == []
