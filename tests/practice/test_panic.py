"""Calls for help: who is told, for how long, and who ends it."""

from dataclasses import replace
from datetime import timedelta

import pytest

from custom_components.cabinet_secure.practice.effects import (
    AnnounceMode,
    Refusal,
    SecureStrike,
)
from custom_components.cabinet_secure.practice.panic.course import (
    OPEN_PANICS,
    TOKENS_KEPT,
)
from custom_components.cabinet_secure.practice.panic.effects import PanicEvent
from custom_components.cabinet_secure.practice.panic.state import PanicKind, PanicPhase
from custom_components.cabinet_secure.practice.people import AUTOMATION, SYSTEM, Actor
from custom_components.cabinet_secure.practice.state import Mode

from .builders import CLEANER, DOCTOR, ENTRANCE, SECRETARY, STRANGER
from .panic_story import DESK, LOUD, ROOM, STORE, PanicStory

EVERYBODY = [DOCTOR, SECRETARY, CLEANER, STRANGER, AUTOMATION]


@pytest.fixture
def story() -> PanicStory:
    return PanicStory()


def test_help_is_called_at_once_with_what_and_where(story: PanicStory) -> None:
    story.push(DESK)
    assert story.one.event is PanicEvent.RAISED
    assert story.one.actions.keys() == {"acknowledge"}
    assert story.panic.kind is PanicKind.HOLD_UP
    assert story.panic.location == "Desk"
    assert story.panic.by.name == "Desk"
    assert story.one.stored_at_once


@pytest.mark.parametrize("actor", EVERYBODY)
def test_nobody_is_refused_help(story: PanicStory, actor: Actor) -> None:
    story.cry(actor)
    assert story.panic_events == [PanicEvent.RAISED]
    assert story.panic.by == actor


def test_it_is_told_again_and_again_until_somebody_acknowledges(
    story: PanicStory,
) -> None:
    story.push(DESK)
    steps = []
    for _ in range(10):
        due = story.practice.next_deadline()
        assert due is not None
        story.tick((due - story.now).total_seconds())
        assert story.one.event is PanicEvent.ESCALATED
        assert story.one.reason == "unanswered"
        steps.append(story.panic.step)
    assert steps == [2, 2, 3, 3, 3, 3, 3, 3, 3, 3]
    story.take_care(SECRETARY)
    assert story.panic_events == [PanicEvent.ACKNOWLEDGED]
    assert story.practice.next_deadline() is None
    story.tick(3600)
    assert story.effects == []
    assert story.panic.phase is PanicPhase.ACKNOWLEDGED


@pytest.mark.parametrize("repeat", [15, 60])
def test_no_more_than_its_repeat_passes_between_two_announcements(repeat: int) -> None:
    story = PanicStory(
        repeat=timedelta(seconds=repeat), escalation=(timedelta(seconds=600),)
    )
    story.push(DESK)
    for _ in range(5):
        story.tick(repeat - 1)
        assert story.panic_events == []
        story.tick(1)
        assert story.panic_events == [PanicEvent.ESCALATED]


@pytest.mark.parametrize("actor", [CLEANER, STRANGER, AUTOMATION])
def test_only_a_named_person_of_the_practice_acknowledges(
    story: PanicStory, actor: Actor
) -> None:
    story.push(DESK)
    story.take_care(actor)
    assert story.refusals == [Refusal.NOT_ALLOWED]
    assert story.panic_events == [PanicEvent.ANSWER_REJECTED]
    assert story.panic.phase is PanicPhase.RAISED


@pytest.mark.parametrize("actor", [SECRETARY, CLEANER, STRANGER, AUTOMATION])
def test_only_who_manages_the_practice_resets(story: PanicStory, actor: Actor) -> None:
    story.push(DESK)
    story.reset(actor)
    assert story.refusals == [Refusal.NOT_ALLOWED]
    assert not story.panic.is_over


def test_acknowledging_is_not_resetting(story: PanicStory) -> None:
    story.push(DESK)
    story.take_care(SECRETARY, story.panic)
    assert not story.panic.is_over
    story.reset(DOCTOR, story.panic)
    assert story.panic_events == [PanicEvent.RESET]
    assert story.panic.is_over
    story.reset(DOCTOR, story.panic)
    assert story.refusals == [Refusal.PANIC_OVER]
    story.take_care(DOCTOR, story.panic)
    assert story.refusals == [Refusal.PANIC_OVER]


def test_who_comes_second_is_told_who_takes_care(story: PanicStory) -> None:
    story.push(DESK)
    story.take_care(SECRETARY, story.panic)
    story.take_care(DOCTOR, story.panic)
    assert story.refusals == [Refusal.ANSWERED]
    story.take_care(SECRETARY, story.panic)
    assert story.effects == []


def test_what_nobody_knows_of_cannot_be_answered(story: PanicStory) -> None:
    story.take_care(DOCTOR)
    assert story.refusals == [Refusal.UNKNOWN_PANIC]
    story.push(DESK)
    story.reset(DOCTOR, replace(story.panic, id="unknown"))
    assert story.refusals == [Refusal.UNKNOWN_PANIC]


def test_two_places_are_kept_apart(story: PanicStory) -> None:
    story.push(DESK)
    desk = story.panic
    story.push(ROOM, times=1)
    room = story.panic
    assert story.panic_events == [PanicEvent.RAISED]
    story.take_care(DOCTOR, desk)
    assert story.state.panic.panic(room.id) == room
    story.take_care(SECRETARY)
    assert [p.acknowledged_by for p in story.state.panic.open] == [DOCTOR, SECRETARY]
    story.reset(DOCTOR)
    assert story.panic_events == [PanicEvent.RESET] * 2


def test_two_people_who_say_no_place_are_kept_apart(story: PanicStory) -> None:
    story.cry(SECRETARY)
    story.cry(CLEANER)
    assert len(story.state.panic.open) == 2
    story.cry(CLEANER)
    assert len(story.state.panic.open) == 2


def test_presses_at_one_place_are_one_panic(story: PanicStory) -> None:
    story.push(DESK)
    story.push(DESK, times=4)
    story.cry(SECRETARY, location=" desk".strip())
    assert story.panic_events == []
    assert story.panic.presses == 4
    assert story.panic.sources == (DESK, "asked-hold_up")


def test_a_press_after_the_acknowledgement_raises_it_again(story: PanicStory) -> None:
    story.push(DESK)
    story.take_care(SECRETARY)
    story.wait(20)
    story.push(DESK)
    assert story.one.event is PanicEvent.ESCALATED
    assert story.one.reason == "pressed_again"
    assert story.panic.phase is PanicPhase.RAISED
    assert story.panic.step == 1
    assert story.panic.acknowledged_by is None
    story.tick(30)
    assert story.panic.step == 2


def test_what_is_graver_takes_the_place_of_the_other(story: PanicStory) -> None:
    story.cry(SECRETARY, PanicKind.ASSISTANCE, location="Desk")
    story.push(DESK)
    assert story.one.event is PanicEvent.ESCALATED
    assert story.one.reason == "graver"
    assert story.panic.kind is PanicKind.HOLD_UP
    story.cry(SECRETARY, PanicKind.DURESS, location="Desk")
    assert story.effects == []
    assert story.panic.kind is PanicKind.HOLD_UP


def test_too_many_places_join_the_newest_call_and_none_is_lost(
    story: PanicStory,
) -> None:
    for number in range(OPEN_PANICS):
        story.cry(STRANGER, location=str(number))
    story.cry(STRANGER, location="one more")
    assert len(story.state.panic.open) == OPEN_PANICS
    assert story.panic.presses == 2


# --- notifications -------------------------------------------------------------------


def test_a_tap_acknowledges_and_proves_the_chain(story: PanicStory) -> None:
    story.push(DESK)
    story.tap(SECRETARY, story.acknowledgement())
    assert story.one.event is PanicEvent.ACKNOWLEDGED
    assert story.one.by == SECRETARY
    assert story.state.panic.proven_at == story.now
    record = story.state.panic.record(DESK)
    assert record is not None
    assert record.tested_at == story.now


def test_any_of_the_notifications_acknowledges(story: PanicStory) -> None:
    story.push(DESK)
    first = story.acknowledgement()
    story.tick(30)
    assert story.acknowledgement() != first
    story.restart(5)
    story.tap(DOCTOR, first)
    assert story.panic.acknowledged_by == DOCTOR


def test_a_tap_of_somebody_without_a_role_does_not_count_and_uses_nothing_up(
    story: PanicStory,
) -> None:
    story.push(DESK)
    token = story.acknowledgement()
    story.tap(CLEANER, token)
    assert story.refusals == [Refusal.NOT_ALLOWED]
    assert story.one.event is PanicEvent.ANSWER_REJECTED
    assert story.state.panic.proven_at is None
    story.tap(DOCTOR, token)
    assert story.panic.acknowledged_by == DOCTOR


def test_a_used_tap_does_not_acknowledge_the_next_press(story: PanicStory) -> None:
    story.push(DESK)
    token = story.acknowledgement()
    story.tap(DOCTOR, token)
    story.tap(DOCTOR, token)
    assert story.panic_events == []
    story.wait(1)
    story.push(DESK)
    story.tap(DOCTOR, token)
    assert story.refusals == [Refusal.USED]
    assert story.panic.phase is PanicPhase.RAISED


def test_a_tap_on_yesterdays_notification_is_too_late(story: PanicStory) -> None:
    story.push(DESK)
    token = story.acknowledgement()
    story.wait(24 * 3600)
    story.tap(DOCTOR, token)
    assert Refusal.EXPIRED in story.refusals


def test_a_tap_after_the_reset_says_that_it_is_over(story: PanicStory) -> None:
    story.push(DESK)
    token = story.acknowledgement()
    story.reset(DOCTOR)
    story.tap(SECRETARY, token)
    assert story.refusals == [Refusal.PANIC_OVER]


def test_a_forged_tap_says_nothing_of_a_panic(story: PanicStory) -> None:
    story.push(DESK)
    story.tap(DOCTOR, "forged")
    assert story.panic_events == []
    assert story.refusals == [Refusal.UNKNOWN_RING]


def test_answers_do_not_pile_up_without_end(story: PanicStory) -> None:
    story.push(DESK)
    for _ in range(TOKENS_KEPT + 10):
        story.tick(30)
    assert len(story.panic.tokens) == TOKENS_KEPT
    story.reset(DOCTOR)
    assert len(story.panic.tokens) == 10


# --- doors ---------------------------------------------------------------------------


@pytest.mark.parametrize("kind", [PanicKind.HOLD_UP, PanicKind.DURESS])
def test_a_threat_ends_holds_and_opens_nothing(
    story: PanicStory, kind: PanicKind
) -> None:
    story.look()
    story.ask_to_hold(DOCTOR)
    story.release()
    story.cry(SECRETARY, kind)
    assert [effect.door for effect in story.done(SecureStrike)] == [ENTRANCE]
    assert story.state.mode is Mode.STAFF_ONLY


def test_assistance_leaves_the_doors_as_they_are(story: PanicStory) -> None:
    story.ask_to_hold(DOCTOR)
    story.push(ROOM, times=1)
    assert story.done(SecureStrike) == []


def test_an_attack_locks_the_entry_and_a_manager_ends_that(story: PanicStory) -> None:
    story.cry(SECRETARY, PanicKind.ATTACK)
    (changed,) = story.done(AnnounceMode)
    assert changed.by == SECRETARY
    assert story.state.mode is Mode.LOCKDOWN
    story.reset(DOCTOR)
    assert story.state.mode is Mode.LOCKDOWN


def test_an_attack_need_not_lock_the_entry() -> None:
    story = PanicStory(attack_locks_down=False)
    story.ask_to_hold(DOCTOR)
    story.cry(SECRETARY, PanicKind.ATTACK)
    assert story.state.mode is Mode.STAFF_ONLY
    assert len(story.done(SecureStrike)) == 1


# --- drills --------------------------------------------------------------------------


def test_a_drill_is_marked_and_ends_by_itself(story: PanicStory) -> None:
    story.drill(DOCTOR, kind=PanicKind.ATTACK, location="Desk")
    assert story.panic.drill
    assert story.state.mode is Mode.STAFF_ONLY
    assert story.state.panic.real == ()
    assert story.state.panic.drilled_at == story.now
    story.take_care(SECRETARY)
    due = story.practice.next_deadline()
    assert due is not None
    story.tick((due - story.now).total_seconds())
    assert story.one.event is PanicEvent.RESET
    assert story.one.by == SYSTEM
    assert story.now == story.panic.raised_at + timedelta(seconds=600)


def test_a_drill_that_nobody_acknowledges_escalates_and_ends(
    story: PanicStory,
) -> None:
    story.drill(DOCTOR)
    story.tick(30)
    assert story.panic_events == [PanicEvent.ESCALATED]
    story.tick(570)
    assert story.panic_events == [PanicEvent.RESET]


def test_a_drill_ends_when_the_clock_is_set_back(story: PanicStory) -> None:
    story.drill(DOCTOR)
    story.tick(-3600)
    assert story.panic.is_over


def test_a_real_press_during_a_drill_is_real(story: PanicStory) -> None:
    story.drill(DOCTOR, location="Desk")
    story.push(DESK)
    assert story.panic_events == [PanicEvent.RESET, PanicEvent.RAISED]
    assert not story.panic.drill
    assert len(story.state.panic.real) == 1


@pytest.mark.parametrize("actor", [SECRETARY, CLEANER, AUTOMATION])
def test_only_who_manages_the_practice_holds_drills(
    story: PanicStory, actor: Actor
) -> None:
    story.drill(actor)
    assert story.refusals == [Refusal.NOT_ALLOWED]
    assert story.state.panic.panics == ()


def test_no_drill_begins_beside_a_panic(story: PanicStory) -> None:
    story.push(DESK)
    story.drill(DOCTOR)
    assert story.refusals == [Refusal.PANIC_ACTIVE]


# --- time and restarts ---------------------------------------------------------------


def test_a_panic_survives_a_restart_and_goes_on_at_once(story: PanicStory) -> None:
    story.push(LOUD)
    before = story.panic
    story.restart(45)
    assert story.panic == before
    story.tick()
    assert story.panic_events == [PanicEvent.ESCALATED]
    assert story.panic.step == 2


def test_what_was_reset_does_not_come_back(story: PanicStory) -> None:
    story.push(DESK)
    story.reset(DOCTOR)
    story.restart(5)
    story.tick(60)
    assert story.panic_events == []
    story.wait(24 * 3600)
    story.cry(SECRETARY)
    story.reset(DOCTOR)
    assert len(story.state.panic.panics) == 1


@pytest.mark.parametrize("back", [-30, -3600])
def test_a_clock_that_is_set_back_does_not_silence_a_panic(
    story: PanicStory, back: float
) -> None:
    story.push(DESK)
    story.wait(back)
    story.tick(60)
    assert story.panic_events == [PanicEvent.ESCALATED]
    story.tick(30)
    assert story.panic_events == [PanicEvent.ESCALATED]


def test_buttons_that_are_gone_are_forgotten_and_their_panic_is_not(
    story: PanicStory,
) -> None:
    story.push(DESK)
    story.restart(panic=replace(story.config.panic, sources={}))
    assert story.state.panic.sources == ()
    assert len(story.state.panic.open) == 1


def test_a_long_press_puts_the_practice_in_lockdown(story: PanicStory) -> None:
    story.push(STORE, times=1)
    story.tick(2)
    assert story.panic.kind is PanicKind.ATTACK
    assert story.state.mode is Mode.LOCKDOWN


# --- what dashboards may tell --------------------------------------------------------


def test_a_silent_call_is_not_shown_at_the_place_unless_that_is_wanted() -> None:
    story = PanicStory()
    story.push(DESK)
    assert not story.config.panic.is_shown(story.panic)
    assert replace(story.config.panic, silent_is_shown=True).is_shown(story.panic)
    story.push(LOUD)
    assert story.config.panic.is_shown(story.panic)
    assert not story.config.panic.is_shown(replace(story.panic, drill=True))
