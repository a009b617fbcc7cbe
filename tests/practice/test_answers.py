"""The answer to a ring: the first one wins, the others are told why they lost."""

from dataclasses import replace

import pytest

from custom_components.cabinet_secure.practice.effects import (
    AnnounceDoor,
    AnnounceRing,
    DoorEventKind,
    HangUp,
    PulseStrike,
    Refusal,
    Refused,
    RingEvent,
)
from custom_components.cabinet_secure.practice.events import RingAnswer
from custom_components.cabinet_secure.practice.people import (
    AUTOMATION,
    DESK_PHONE,
    SYSTEM,
    Actor,
    ActorKind,
)
from custom_components.cabinet_secure.practice.state import Answer, Mode, RingPhase

from .builders import CLEANER, DOCTOR, ENTRANCE, SECRETARY, STRANGER, Story, encoded

NOBODY = Actor(kind=ActorKind.USER, name="")
PASSER_BY = Actor(kind=ActorKind.CODE, name="Doctor", id="doctor")
WITHOUT_RIGHT = [CLEANER, STRANGER, NOBODY, PASSER_BY, DESK_PHONE, SYSTEM, AUTOMATION]


def _rejections(story: Story) -> list[tuple[RingEvent, str | None]]:
    return [(told.event, told.reason) for told in story.done(AnnounceRing)]


# --- what is obeyed ------------------------------------------------------------------


def test_an_accepted_answer_releases_the_strike_once_and_waits_for_its_report(
    story: Story,
) -> None:
    story.press()
    story.answer(SECRETARY)

    (pulse,) = story.effects
    (opening,) = story.state.openings
    assert pulse == PulseStrike(door=ENTRANCE, opening=opening.id)
    assert opening.by == SECRETARY
    assert opening.ring == story.ring.id
    assert story.ring.phase is RingPhase.OPENING


def test_the_report_of_the_strike_is_the_opening_of_the_ring(story: Story) -> None:
    story.press()
    story.call()
    story.answer(SECRETARY)
    story.release()

    opened, ended = story.done(AnnounceRing)
    assert (opened.event, opened.by) == (RingEvent.OPENED, SECRETARY)
    assert (ended.event, ended.by) == (RingEvent.ENDED, SECRETARY)
    assert story.done(HangUp) == [HangUp(door=ENTRANCE, call="1", refused=False)]
    (granted,) = story.done(AnnounceDoor)
    assert (granted.kind, granted.by, granted.method, granted.ring) == (
        DoorEventKind.GRANTED,
        SECRETARY,
        "ring",
        story.ring.id,
    )


def test_a_strike_that_is_released_already_opens_the_ring_at_once(
    story: Story,
) -> None:
    story.look(released=True)
    story.press()
    story.answer(SECRETARY)

    assert len(story.done(PulseStrike)) == 1
    assert story.ring_events == [RingEvent.OPENED, RingEvent.ENDED]


def test_a_refusal_hangs_up_and_ends_the_ring(story: Story) -> None:
    story.press()
    story.call()
    story.answer(SECRETARY, Answer.REFUSE)

    assert story.ring_events == [RingEvent.REFUSED, RingEvent.ENDED]
    assert story.done(HangUp) == [HangUp(door=ENTRANCE, call="1", refused=True)]
    assert story.done(PulseStrike) == []


def test_whoever_takes_the_ring_is_announced_and_may_open_later(story: Story) -> None:
    story.press()
    story.answer(SECRETARY, Answer.TAKE)
    (taken,) = story.done(AnnounceRing)
    assert (taken.event, taken.by) == (RingEvent.ANSWERED, SECRETARY)

    story.answer(SECRETARY)
    assert len(story.done(PulseStrike)) == 1


def test_taking_a_ring_twice_gains_no_time_and_announces_nothing(story: Story) -> None:
    story.press()
    story.answer(SECRETARY, Answer.TAKE)
    before = story.ring
    story.wait(60)
    story.answer(SECRETARY, Answer.TAKE)

    assert story.effects == []
    assert story.ring == before


def test_a_person_who_was_renamed_is_still_the_one_who_took_the_ring(
    story: Story,
) -> None:
    story.press()
    story.answer(SECRETARY, Answer.TAKE)
    story.answer(replace(SECRETARY, name="New name"))

    assert len(story.done(PulseStrike)) == 1


def test_anybody_who_may_opens_for_the_desk_phone(story: Story) -> None:
    story.press()
    story.call()
    story.pick_up()
    story.answer(DOCTOR)

    assert len(story.done(PulseStrike)) == 1


def test_automations_open_only_where_they_may() -> None:
    story = Story(automations_may_open=True)
    story.press()
    story.answer(AUTOMATION)

    assert len(story.done(PulseStrike)) == 1


# --- what is not ---------------------------------------------------------------------


@pytest.mark.parametrize("actor", WITHOUT_RIGHT, ids=lambda actor: actor.kind)
@pytest.mark.parametrize("answer", Answer)
def test_nobody_without_the_right_answers_in_any_way(
    story: Story, actor: Actor, answer: Answer
) -> None:
    story.press()
    before = story.state
    story.answer(actor, answer)

    assert story.refusals == [Refusal.NOT_ALLOWED]
    assert _rejections(story) == [(RingEvent.ANSWER_REJECTED, "not_allowed")]
    (denied,) = story.done(AnnounceDoor)
    assert (denied.kind, denied.by, denied.reason, denied.ring) == (
        DoorEventKind.DENIED,
        actor,
        "not_allowed",
        story.ring.id,
    )
    assert story.state is before


def test_a_token_in_the_wrong_hands_is_not_used_up(story: Story) -> None:
    story.press()
    token = story.tokens()[Answer.OPEN]
    story.tap(CLEANER, token)
    assert story.refusals == [Refusal.NOT_ALLOWED]

    story.tap(SECRETARY, token)
    assert len(story.done(PulseStrike)) == 1


@pytest.mark.parametrize("answer", Answer)
def test_the_first_answer_wins(story: Story, answer: Answer) -> None:
    story.press()
    story.answer(SECRETARY, Answer.TAKE)
    story.answer(DOCTOR, answer)

    assert story.done(Refused) == [Refused(refusal=Refusal.ANSWERED, by=SECRETARY)]
    assert story.ring.answered_by == SECRETARY


@pytest.mark.parametrize("actor", [SECRETARY, DOCTOR], ids=lambda actor: actor.name)
@pytest.mark.parametrize("answer", Answer)
def test_nothing_is_answered_while_the_door_is_opening(
    story: Story, actor: Actor, answer: Answer
) -> None:
    story.press()
    story.answer(SECRETARY)
    story.answer(actor, answer)

    assert story.done(Refused) == [Refused(refusal=Refusal.ANSWERED, by=SECRETARY)]
    assert story.done(PulseStrike) == []


def test_whoever_comes_too_late_is_told_who_opened(story: Story) -> None:
    story.press()
    token = story.tokens()[Answer.OPEN]
    story.answer(SECRETARY)
    story.release()

    story.tap(DOCTOR, token)
    assert story.done(Refused) == [Refused(refusal=Refusal.OVER, by=SECRETARY)]
    story.answer(DOCTOR, Answer.REFUSE)
    assert story.done(Refused) == [Refused(refusal=Refusal.OVER, by=SECRETARY)]


def test_an_answer_at_the_end_of_its_life_finds_the_ring_over(story: Story) -> None:
    story.press()
    story.wait(120)
    story.answer(DOCTOR)

    assert story.ring_events == [
        RingEvent.MISSED,
        RingEvent.ENDED,
        RingEvent.ANSWER_REJECTED,
    ]
    assert story.refusals == [Refusal.OVER]
    assert story.done(PulseStrike) == []


@pytest.mark.parametrize("token", ["", "token-0", "é", "\ud800", "x" * 100_000])
def test_a_forged_token_opens_nothing(story: Story, token: str) -> None:
    story.press()
    story.tap(DOCTOR, token)

    assert story.refusals == [Refusal.UNKNOWN_RING]
    (rejected,) = story.done(AnnounceRing)
    assert (rejected.ring, rejected.by) == (None, DOCTOR)
    assert story.done(PulseStrike) == []


def test_what_is_stored_of_a_token_is_no_token(story: Story) -> None:
    story.press()
    texts = story.tokens().values()

    assert not any(text in encoded(story.state) for text in texts)
    for token in story.ring.tokens:
        story.tap(DOCTOR, token.digest)
        assert story.refusals == [Refusal.UNKNOWN_RING]


def test_a_token_is_used_once(story: Story) -> None:
    story.press()
    token = story.tokens()[Answer.TAKE]
    story.tap(SECRETARY, token)
    story.tap(SECRETARY, token)

    assert story.done(Refused) == [Refused(refusal=Refusal.USED, by=SECRETARY)]


def test_a_token_opens_nothing_the_second_time_though_the_door_did_not_open(
    story: Story,
) -> None:
    story.press()
    token = story.tokens()[Answer.OPEN]
    story.tap(SECRETARY, token)
    story.fail()
    story.tap(SECRETARY, token)

    assert story.refusals == [Refusal.USED]
    assert story.done(PulseStrike) == []


def test_a_token_that_was_replayed_a_hundred_times_opened_once(story: Story) -> None:
    story.press()
    token = story.tokens()[Answer.OPEN]
    for _ in range(100):
        story.tap(SECRETARY, token)
        story.release()
        story.restart()

    assert sum(isinstance(effect, PulseStrike) for effect in story.told) == 1


def test_a_token_does_not_live_longer_because_the_ring_does(story: Story) -> None:
    story.press()
    first = story.tokens()[Answer.OPEN]
    story.wait(100)
    story.answer(SECRETARY, Answer.TAKE)
    second = story.tokens()[Answer.OPEN]
    story.wait(20)

    story.tap(SECRETARY, first)
    assert story.refusals == [Refusal.EXPIRED]
    story.tap(SECRETARY, second)
    assert len(story.done(PulseStrike)) == 1


def test_tokens_work_after_a_restart(story: Story) -> None:
    story.press()
    token = story.tokens()[Answer.OPEN]
    story.restart(10)
    story.tap(SECRETARY, token)

    assert len(story.done(PulseStrike)) == 1


def test_an_answer_to_no_known_ring_is_refused(story: Story) -> None:
    story.hear(RingAnswer(actor=DOCTOR, ring="unheard of", answer=Answer.OPEN))

    assert story.refusals == [Refusal.UNKNOWN_RING]


# --- lockdown and lost equipment -----------------------------------------------------


def test_a_lockdown_opens_to_nobody_who_rings_and_the_ring_goes_on(
    story: Story,
) -> None:
    story.press()
    token = story.tokens()[Answer.OPEN]
    story.choose(DOCTOR, Mode.LOCKDOWN)
    story.tap(DOCTOR, token)
    assert story.refusals == [Refusal.LOCKDOWN]
    assert story.done(PulseStrike) == []

    story.choose(DOCTOR, Mode.OPEN)
    story.tap(DOCTOR, token)
    assert len(story.done(PulseStrike)) == 1


def test_a_lost_station_opens_to_nobody_and_the_ring_goes_on(story: Story) -> None:
    story.press()
    story.lose()
    story.answer(DOCTOR)

    assert story.refusals == [Refusal.EQUIPMENT_LOST]
    assert story.ring.phase is RingPhase.RINGING


@pytest.mark.parametrize("answer", [Answer.REFUSE, Answer.TAKE])
def test_a_visitor_is_spoken_to_and_refused_during_a_lockdown(
    story: Story, answer: Answer
) -> None:
    story.press()
    story.choose(DOCTOR, Mode.LOCKDOWN)
    story.answer(SECRETARY, answer)

    assert story.refusals == []
    assert story.ring.answered_by == SECRETARY


# --- a door that does not open -------------------------------------------------------


def test_a_ring_goes_on_for_everybody_when_the_door_did_not_open(story: Story) -> None:
    story.press()
    story.answer(SECRETARY)
    story.fail()

    assert story.ring.phase is RingPhase.RINGING
    assert story.ring.answered_by is None
    story.answer(DOCTOR)
    assert len(story.done(PulseStrike)) == 1


def test_a_failed_opening_beside_a_ring_changes_nothing_of_it(story: Story) -> None:
    story.press()
    story.answer(SECRETARY, Answer.TAKE)
    story.ask_to_open(DOCTOR)
    story.fail()

    assert story.ring.phase is RingPhase.ANSWERED
    assert story.ring.answered_by == SECRETARY
