"""The mode of the practice: who chooses it, and what a lockdown does."""

import pytest

from custom_components.cabinet_secure.practice.effects import (
    AnnounceMode,
    Refusal,
    Refused,
    SecureStrike,
)
from custom_components.cabinet_secure.practice.lockdown.effects import (
    BlockEntry,
    FreeEntry,
)
from custom_components.cabinet_secure.practice.people import (
    AUTOMATION,
    DESK_PHONE,
    SYSTEM,
    Actor,
)
from custom_components.cabinet_secure.practice.state import Mode

from .builders import CLEANER, COURTYARD, DOCTOR, ENTRANCE, SECRETARY, STRANGER, Story


def test_a_new_practice_is_for_staff_only() -> None:
    assert Story().state.mode is Mode.STAFF_ONLY


@pytest.mark.parametrize(
    "actor", [DOCTOR, SECRETARY, AUTOMATION], ids=lambda actor: actor.name
)
def test_staff_and_automations_choose_the_mode(story: Story, actor: Actor) -> None:
    story.choose(actor, Mode.OPEN)

    assert story.state.mode is Mode.OPEN
    assert story.effects == [
        AnnounceMode(from_mode=Mode.STAFF_ONLY, to_mode=Mode.OPEN, by=actor)
    ]


@pytest.mark.parametrize(
    "actor", [CLEANER, STRANGER, DESK_PHONE, SYSTEM], ids=lambda actor: actor.name
)
@pytest.mark.parametrize("mode", Mode)
def test_nobody_else_does(story: Story, actor: Actor, mode: Mode) -> None:
    story.choose(actor, mode)

    assert story.effects == [Refused(refusal=Refusal.NOT_ALLOWED)]
    assert story.state.mode is Mode.STAFF_ONLY


def test_choosing_the_mode_that_is_changes_nothing(story: Story) -> None:
    assert story.choose(DOCTOR, Mode.STAFF_ONLY) == []


def test_a_lockdown_ends_every_hold_before_it_is_announced(story: Story) -> None:
    story.ask_to_hold(SECRETARY, COURTYARD)
    story.release(COURTYARD)
    story.choose(SECRETARY, Mode.LOCKDOWN)

    assert story.effects == [
        SecureStrike(door=ENTRANCE),
        SecureStrike(door=COURTYARD),
        BlockEntry(door=ENTRANCE),
        BlockEntry(door=COURTYARD),
        AnnounceMode(from_mode=Mode.STAFF_ONLY, to_mode=Mode.LOCKDOWN, by=SECRETARY),
    ]
    assert story.state.door(COURTYARD).held_by is None


@pytest.mark.parametrize(
    "actor", [SECRETARY, CLEANER, AUTOMATION], ids=lambda actor: actor.name
)
def test_only_whoever_manages_ends_a_lockdown(story: Story, actor: Actor) -> None:
    story.choose(actor=DOCTOR, mode=Mode.LOCKDOWN)
    story.choose(actor, Mode.OPEN)
    assert story.refusals == [Refusal.NOT_ALLOWED]
    assert story.state.mode is Mode.LOCKDOWN

    assert story.choose(DOCTOR, Mode.OPEN) == [
        FreeEntry(door=ENTRANCE),
        FreeEntry(door=COURTYARD),
        AnnounceMode(from_mode=Mode.LOCKDOWN, to_mode=Mode.OPEN, by=DOCTOR),
    ]


def test_a_lockdown_survives_a_restart(story: Story) -> None:
    story.choose(DOCTOR, Mode.LOCKDOWN)
    story.restart(3600)

    assert story.state.mode is Mode.LOCKDOWN
