"""Codes: the right one, wrong ones, and who is locked out."""

from dataclasses import replace
from datetime import timedelta

from custom_components.cabinet_secure.practice.effects import Refusal, Refused
from custom_components.cabinet_secure.practice.intrusion import codes
from custom_components.cabinet_secure.practice.intrusion.effects import IntrusionEvent
from custom_components.cabinet_secure.practice.intrusion.events import CodeOffered
from custom_components.cabinet_secure.practice.intrusion.state import AlarmPhase
from custom_components.cabinet_secure.practice.panic.effects import (
    AnnouncePanic,
    PanicEvent,
)
from custom_components.cabinet_secure.practice.panic.state import PanicKind
from custom_components.cabinet_secure.practice.people import (
    AUTOMATION,
    Actor,
    ActorKind,
)
from custom_components.cabinet_secure.practice.sirens.effects import SoundSiren

from ..builders import CLEANER, DOCTOR, STRANGER
from .builders import LOCUM, AlarmStory


def fail(story: AlarmStory, times: int, actor: Actor = CLEANER) -> None:
    """Enter wrong codes."""
    for _ in range(times):
        story.enter_code(actor, None)


def test_a_right_code_disarms_whoever_enters_it(story: AlarmStory) -> None:
    story.leave()
    story.enter_code(AUTOMATION, LOCUM)
    assert story.phase is AlarmPhase.DISARMED
    by = story.announced[0].by
    assert by is not None
    assert (by.kind, by.name) == (ActorKind.CODE, "Locum")


def test_a_wrong_code_does_nothing_even_for_somebody_who_may_disarm(
    story: AlarmStory,
) -> None:
    story.leave()
    story.enter_code(DOCTOR, None)
    assert story.refusals == [Refusal.WRONG_CODE]
    assert story.alarm_events == [IntrusionEvent.CODE_REJECTED]
    assert story.announced[0].by == DOCTOR
    assert story.phase is AlarmPhase.ARMED


def test_five_wrong_codes_lock_out_even_the_right_one_for_a_while(
    story: AlarmStory,
) -> None:
    story.leave()
    fail(story, 5)
    assert story.alarm_events == [IntrusionEvent.LOCKED_OUT]
    until = story.now + timedelta(minutes=1)
    assert story.announced[0].until == until
    story.wait(59)
    story.enter_code(CLEANER, LOCUM)
    (refused,) = story.done(Refused)
    assert (refused.refusal, refused.until) == (Refusal.LOCKED_OUT, until)
    assert story.phase is AlarmPhase.ARMED
    story.wait(1)
    story.enter_code(CLEANER, LOCUM)
    assert story.phase is AlarmPhase.DISARMED


def test_a_code_is_not_even_compared_while_its_source_is_locked_out(
    story: AlarmStory,
) -> None:
    story.hear(CodeOffered(actor=CLEANER, source="cleaner"))
    assert story.effects == []
    fail(story, 5)
    story.hear(CodeOffered(actor=CLEANER, source="cleaner"))
    assert story.refusals == [Refusal.LOCKED_OUT]


def test_nobody_locks_out_somebody_else(story: AlarmStory) -> None:
    story.leave()
    fail(story, 5, CLEANER)
    fail(story, 5, AUTOMATION)
    story.hear(CodeOffered(actor=STRANGER, source="stranger"))
    assert story.effects == []
    story.enter_code(STRANGER, LOCUM)
    assert story.phase is AlarmPhase.DISARMED


def test_pauses_double_up_to_an_hour(story: AlarmStory) -> None:
    fail(story, 5)
    pauses = []
    for _ in range(9):
        until = story.announced[0].until
        assert until is not None
        pauses.append((until - story.now) / timedelta(minutes=1))
        story.now = until
        fail(story, 1)
    assert pauses[:6] == [1, 2, 4, 8, 16, 32]
    assert set(pauses[6:]) == {60}


def test_one_wrong_code_is_forgiven_per_hour(story: AlarmStory) -> None:
    fail(story, 4)
    story.wait(3600)
    fail(story, 1)
    assert story.alarm_events == [IntrusionEvent.CODE_REJECTED]
    fail(story, 1)
    assert story.alarm_events == [IntrusionEvent.LOCKED_OUT]
    story.tick(5 * 3600)
    assert story.alarm.attempts == ()


def test_a_right_code_forgives_no_wrong_one(story: AlarmStory) -> None:
    fail(story, 4)
    story.enter_code(CLEANER, LOCUM)
    fail(story, 1)
    assert story.alarm_events == [IntrusionEvent.LOCKED_OUT]


def test_a_lock_out_survives_a_restart(story: AlarmStory) -> None:
    fail(story, 5)
    story.restart(30)
    story.enter_code(CLEANER, LOCUM)
    assert story.refusals == [Refusal.LOCKED_OUT]


def test_setting_the_clock_back_ends_no_lock_out_and_makes_none_longer(
    story: AlarmStory,
) -> None:
    fail(story, 5)
    story.wait(-7200)
    story.enter_code(CLEANER, LOCUM)
    (refused,) = story.done(Refused)
    assert refused.until == story.now + timedelta(minutes=1)
    story.wait(60)
    story.enter_code(CLEANER, LOCUM)
    assert story.refusals == []


def test_a_duress_code_looks_like_any_other_and_calls_for_help(
    story: AlarmStory,
) -> None:
    story.leave()
    story.enter_code(CLEANER, replace(LOCUM, duress=True))
    assert story.phase is AlarmPhase.DISARMED
    (announced,) = story.announced
    (cried,) = story.done(AnnouncePanic)
    assert cried.event is PanicEvent.RAISED
    assert cried.panic.kind is PanicKind.DURESS
    assert cried.panic.by.name == "Locum"
    assert not cried.panic.audible
    assert story.done(SoundSiren) == []
    story.restart()
    story.look_around()
    story.leave()
    story.enter_code(CLEANER, LOCUM)
    assert story.announced[0] == announced
    assert story.done(AnnouncePanic) == []


def test_many_wrong_codes_from_everywhere_slow_every_answer_down(
    story: AlarmStory,
) -> None:
    def held_back() -> float:
        return codes.answer_after(story.alarm, story.now).total_seconds()

    fail(story, 5, CLEANER)
    fail(story, 5, STRANGER)
    assert held_back() == 0
    fail(story, 1, DOCTOR)
    assert held_back() == 0.5
    fail(story, 4, DOCTOR)
    fail(story, 5, AUTOMATION)
    assert held_back() == 5
    story.wait(5 * 3600)
    assert held_back() == 0
