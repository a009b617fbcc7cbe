"""Sirens: for whom they sound, for how long, and that they fall silent."""

from dataclasses import replace
from datetime import timedelta

import pytest

from custom_components.cabinet_secure.practice.effects import AnnounceEquipment, Refusal
from custom_components.cabinet_secure.practice.events import Fault
from custom_components.cabinet_secure.practice.panic.events import RaisePanic
from custom_components.cabinet_secure.practice.panic.state import PanicKind
from custom_components.cabinet_secure.practice.sirens.effects import (
    SirenEffect,
    SoundSiren,
)
from custom_components.cabinet_secure.practice.sirens.events import SirenCommanded

from .builders import COURTYARD, DOCTOR, ENTRANCE, SECRETARY
from .panic_story import DESK, INDOORS, LOUD, OUTDOORS, SIRENS, PanicStory

BOTH = {OUTDOORS, INDOORS}


@pytest.fixture
def story() -> PanicStory:
    return PanicStory()


def run_out(story: PanicStory) -> float:
    """Let the practice look whenever it wants to; return when the outdoor one ends."""
    began = story.now
    while OUTDOORS not in story.silenced:
        due = story.practice.next_deadline()
        assert due is not None
        story.tick((due - story.now).total_seconds())
    return (story.now - began).total_seconds()


# --- for whom ------------------------------------------------------------------------


def test_a_call_that_may_be_heard_sounds_the_sirens_before_anything_else(
    story: PanicStory,
) -> None:
    story.push(LOUD)
    assert story.sounded == BOTH


def test_the_commands_of_sirens_go_out_before_all_else_that_a_call_brings(
    story: PanicStory,
) -> None:
    call = RaisePanic(
        actor=DOCTOR, kind=PanicKind.HOLD_UP, location="", confirmed=True, audible=True
    )
    effects = story.practice.handle(call, story.now)
    assert {type(effect) for effect in effects[:2]} == {SoundSiren}
    assert len(effects) > 2
    assert not any(isinstance(effect, SirenEffect) for effect in effects[2:])


def test_a_silent_call_sounds_nothing(story: PanicStory) -> None:
    story.push(DESK)
    story.tick(600)
    assert story.state.sirens == ()


@pytest.mark.parametrize("kind", [PanicKind.DURESS, PanicKind.ATTACK])
def test_duress_and_attack_are_never_heard(story: PanicStory, kind: PanicKind) -> None:
    story.cry(SECRETARY, kind, audible=True)
    assert story.sounded == set()
    assert not story.panic.audible


def test_only_the_sirens_that_were_chosen_sound() -> None:
    story = PanicStory()
    story.practice.config = replace(
        story.config,
        panic=replace(story.config.panic, sirens=frozenset({INDOORS, "gone"})),
    )
    story.push(LOUD)
    assert story.sounded == {INDOORS}


# --- for how long --------------------------------------------------------------------


def test_a_siren_falls_silent_by_itself_though_the_panic_goes_on(
    story: PanicStory,
) -> None:
    story.push(LOUD)
    story.obey()
    assert run_out(story) == 180
    assert not story.panic.is_over
    story.obey()
    assert story.siren().proven


def test_each_siren_has_its_own_limit(story: PanicStory) -> None:
    story = PanicStory(siren_time=timedelta(seconds=900))
    story.push(LOUD)
    story.obey()
    assert run_out(story) == 180
    assert story.siren(INDOORS).sounding


def test_the_reset_ends_the_noise_and_the_acknowledgement_does_not(
    story: PanicStory,
) -> None:
    story.push(LOUD)
    story.obey()
    story.take_care(SECRETARY)
    assert story.silenced == set()
    story.reset(DOCTOR)
    assert story.silenced == BOTH


def test_the_acknowledgement_ends_the_noise_where_that_is_wanted() -> None:
    story = PanicStory(siren_ends_at_acknowledgement=True)
    story.push(LOUD)
    story.obey()
    story.take_care(SECRETARY)
    assert story.silenced == BOTH


def test_pressing_again_brings_back_only_the_time_that_is_left(
    story: PanicStory,
) -> None:
    story = PanicStory(siren_ends_at_acknowledgement=True)
    story.push(LOUD)
    story.obey()
    for _ in range(10):
        story.tick(5)
    story.take_care(SECRETARY)
    story.obey()
    story.wait(2000)
    story.push(LOUD)
    assert story.sounded == BOTH
    story.obey()
    assert run_out(story) == 130
    story.push(LOUD)
    assert OUTDOORS not in story.sounded


def test_it_does_not_begin_again_and_again(story: PanicStory) -> None:
    story = PanicStory(siren_ends_at_acknowledgement=True)
    sounded = []
    for _ in range(6):
        story.push(LOUD)
        sounded.append(bool(story.sounded))
        story.obey()
        story.tick(1)
        story.take_care(SECRETARY)
        story.obey()
    assert sounded == [True, True, True, True, False, False]


def test_two_calls_share_the_noise_and_the_last_one_ends_it(story: PanicStory) -> None:
    story.push(LOUD)
    first = story.panic
    story.obey()
    story.cry(SECRETARY, audible=True, location="Elsewhere")
    assert story.sounded == set()
    story.reset(DOCTOR, first)
    assert story.silenced == set()
    story.reset(DOCTOR)
    assert story.silenced == BOTH


def test_a_drill_sounds_for_five_seconds_and_only_where_asked(
    story: PanicStory,
) -> None:
    story.drill(DOCTOR)
    assert story.sounded == set()
    story.reset(DOCTOR)
    story.drill(DOCTOR, siren=True)
    assert story.sounded == BOTH
    story.obey()
    assert run_out(story) == 5


# --- people --------------------------------------------------------------------------


def test_anybody_sounds_one_siren_for_a_while(story: PanicStory) -> None:
    story.turn_on(SECRETARY, OUTDOORS, seconds=10)
    assert story.sounded == {OUTDOORS}
    story.obey()
    story.tick(4)
    story.turn_on(SECRETARY, OUTDOORS, seconds=10)
    assert story.sounded == set()
    assert run_out(story) == 10


def test_wishes_do_not_add_up_to_more_than_a_siren_may(story: PanicStory) -> None:
    story.turn_on(SECRETARY, OUTDOORS)
    story.obey()
    assert run_out(story) == 180
    story.obey()
    story.turn_on(SECRETARY, OUTDOORS)
    assert story.refusals == [Refusal.SIREN_SPENT]
    story.wait(599)
    story.turn_on(SECRETARY, OUTDOORS)
    assert story.refusals == [Refusal.SIREN_SPENT]
    story.wait(1)
    story.turn_on(SECRETARY, OUTDOORS)
    assert story.sounded == {OUTDOORS}


def test_a_test_of_the_siren_takes_no_time_from_a_panic(story: PanicStory) -> None:
    story.turn_on(SECRETARY)
    story.obey()
    run_out(story)
    story.obey()
    story.push(LOUD)
    assert OUTDOORS in story.sounded
    story.obey()
    assert run_out(story) == 180


def test_anybody_silences_all_sirens_and_the_panic_goes_on(story: PanicStory) -> None:
    story.push(LOUD)
    story.obey()
    story.turn_off(SECRETARY)
    assert story.silenced == BOTH
    assert not story.panic.is_over


def test_a_siren_that_nothing_is_known_of_is_silenced_all_the_same(
    story: PanicStory,
) -> None:
    story.turn_off(SECRETARY, OUTDOORS)
    assert story.silenced == {OUTDOORS}
    story.obey()
    assert story.siren().proven


# --- what the device says ------------------------------------------------------------


def test_a_siren_that_stays_loud_is_told_again_until_it_proves_to_be_silent(
    story: PanicStory,
) -> None:
    story.push(LOUD)
    story.obey()
    story.reset(DOCTOR)
    story.refuse(OUTDOORS, sound=False)
    (fault,) = story.done(AnnounceEquipment)
    assert fault.fault == Fault.SIREN
    for waited in (5, 10, 20, 30, 30):
        story.tick(waited - 1)
        assert story.silenced & {OUTDOORS} == set()
        story.tick(1)
        assert OUTDOORS in story.silenced
        story.refuse(OUTDOORS, sound=False)
        assert story.done(AnnounceEquipment) == []
    story.report(INDOORS, sounding=False)
    story.report(OUTDOORS, sounding=False)
    assert story.siren().proven
    assert [e.kind for e in story.done(AnnounceEquipment)] == ["fault_cleared"]
    assert story.practice.next_deadline() is None


def test_a_command_that_was_accepted_and_not_done_is_repeated(
    story: PanicStory,
) -> None:
    story.turn_on(SECRETARY, OUTDOORS)
    story.obey()
    story.turn_off(SECRETARY, OUTDOORS)
    story.obey(tells=True)
    story.turn_on(SECRETARY, OUTDOORS)
    story.hear(
        SirenCommanded(siren=OUTDOORS, sound=True, accepted=True, sounding=False)
    )
    assert not story.siren().proven
    story.tick(5)
    assert story.sounded == {OUTDOORS}
    assert [e.fault for e in story.done(AnnounceEquipment)] == [Fault.SIREN]


def test_a_command_that_does_not_come_back_is_repeated(story: PanicStory) -> None:
    story.turn_on(SECRETARY, OUTDOORS)
    for _ in range(5):
        story.tick(5)
        assert story.sounded == set()
    story.tick(5)
    assert story.sounded == {OUTDOORS}


def test_a_siren_that_cannot_tell_is_believed(story: PanicStory) -> None:
    story.turn_on(SECRETARY, OUTDOORS)
    story.obey(tells=False)
    assert story.siren().proven


def test_an_answer_to_what_is_no_longer_wanted_proves_nothing(
    story: PanicStory,
) -> None:
    story.turn_on(SECRETARY, OUTDOORS)
    told_to_sound = list(story.effects)
    story.turn_off(SECRETARY, OUTDOORS)
    story.effects = told_to_sound
    story.obey()
    assert not story.siren().proven
    story.report(OUTDOORS, sounding=True)
    assert not story.siren().proven
    assert not story.siren().sounding


def test_equipment_that_comes_back_is_told_at_once(story: PanicStory) -> None:
    story.turn_on(SECRETARY, OUTDOORS)
    story.refuse(OUTDOORS, sound=True)
    story.restore(COURTYARD)
    assert story.sounded == set()
    story.restore(ENTRANCE)
    assert story.sounded == {OUTDOORS}
    story.obey()
    story.restore(ENTRANCE)
    assert story.sounded == set()


def test_a_siren_that_somebody_else_turned_on_falls_silent_in_time(
    story: PanicStory,
) -> None:
    story.report(OUTDOORS, sounding=True)
    assert story.siren().sounding
    assert run_out(story) == 180
    story.obey()
    story.report(OUTDOORS, sounding=True)
    assert story.silenced == {OUTDOORS}


def test_a_siren_that_was_silenced_at_the_device_stays_silent(
    story: PanicStory,
) -> None:
    story.push(LOUD)
    story.obey()
    story.report(OUTDOORS, sounding=False)
    assert not story.siren().sounding
    story.tick(30)
    assert story.sounded == set()


def test_a_report_of_what_is_known_changes_nothing(story: PanicStory) -> None:
    story.turn_on(SECRETARY, OUTDOORS)
    story.obey()
    before = story.siren()
    story.report(OUTDOORS, sounding=True)
    assert story.siren() == before


def test_what_a_siren_says_that_is_not_ours_is_ignored(story: PanicStory) -> None:
    assert story.report("somebody's", sounding=True) == []


# --- time ----------------------------------------------------------------------------


def test_a_restart_brings_back_only_the_time_that_is_left(story: PanicStory) -> None:
    story.push(LOUD)
    story.obey()
    for _ in range(10):
        story.tick(10)
    story.restart(30)
    story.tick()
    assert story.sounded == BOTH
    story.obey()
    assert run_out(story) == 50


def test_a_siren_whose_time_ran_out_meanwhile_is_silenced_after_a_restart(
    story: PanicStory,
) -> None:
    story.push(LOUD)
    story.restart(200)
    story.tick()
    assert story.sounded == set()
    assert story.silenced == BOTH


def test_a_siren_that_is_gone_is_forgotten(story: PanicStory) -> None:
    story.push(LOUD)
    story.restart(sirens={INDOORS: SIRENS[INDOORS]})
    story.tick()
    assert [siren.siren for siren in story.state.sirens] == [INDOORS]


@pytest.mark.parametrize("back", [-3, -3600])
def test_a_clock_that_is_set_back_ends_the_noise(
    story: PanicStory, back: float
) -> None:
    story.push(LOUD)
    story.obey()
    story.tick(back)
    assert story.silenced == BOTH


def test_a_clock_that_is_put_right_a_little_ends_nothing(story: PanicStory) -> None:
    story.push(LOUD)
    story.obey()
    story.tick(-1)
    assert story.silenced == set()


def test_a_command_from_the_future_is_repeated(story: PanicStory) -> None:
    story.turn_off(SECRETARY, OUTDOORS)
    story.tick(-3600)
    assert story.silenced == {OUTDOORS}
