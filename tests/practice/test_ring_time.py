"""Time and a ring: its steps, its end, and how long it is remembered."""

from datetime import timedelta

from custom_components.cabinet_secure.practice.effects import ForgetVisitor, RingEvent
from custom_components.cabinet_secure.practice.ring import REMEMBERED, REMEMBERED_RINGS
from custom_components.cabinet_secure.practice.state import Answer, RingPhase

from .builders import COURTYARD, DOCTOR, ENTRANCE, SECRETARY, Story

LIFE = 120.0

# --- time ----------------------------------------------------------------------------


def test_a_ring_escalates_step_by_step_with_new_answers(story: Story) -> None:
    story.press()
    first = story.tokens()
    story.tick(19.9)
    assert story.effects == []
    story.tick(0.1)
    assert story.ring_events == [RingEvent.ESCALATED]
    assert story.ring.step == 2
    assert not set(first.values()) & set(story.tokens().values())
    story.tick(25)
    assert story.ring.step == 3
    story.tick(1)
    assert story.effects == []


def test_steps_that_were_slept_through_are_announced_once(story: Story) -> None:
    story.press()
    story.tick(50)

    assert story.ring_events == [RingEvent.ESCALATED]
    assert story.ring.step == 3


def test_a_ring_that_was_taken_escalates_no_more(story: Story) -> None:
    story.press()
    story.answer(SECRETARY, Answer.TAKE)

    assert story.tick(50) == []
    assert story.ring.step == 1


def test_a_ring_that_nobody_answers_is_missed_when_its_life_is_over(
    story: Story,
) -> None:
    story.press()
    story.tick(LIFE - 0.1)
    story.tick(0.1)

    assert story.ring_events == [RingEvent.MISSED, RingEvent.ENDED]
    assert story.ring.phase is RingPhase.MISSED
    assert story.done(ForgetVisitor) == [ForgetVisitor(door=ENTRANCE)]


def test_a_ring_that_was_taken_ends_without_being_missed(story: Story) -> None:
    story.press()
    story.answer(SECRETARY, Answer.TAKE)
    story.tick(LIFE)

    assert story.ring_events == [RingEvent.ENDED]
    assert story.ring.phase is RingPhase.ENDED
    assert story.ring.answered_by == SECRETARY


def test_a_ring_of_before_the_clock_was_set_back_is_missed(story: Story) -> None:
    story.press()
    story.tick(-3600)

    assert story.ring_events == [RingEvent.MISSED, RingEvent.ENDED]


def test_a_clock_that_is_corrected_a_little_leaves_a_ring_alone(story: Story) -> None:
    story.press()
    assert story.tick(-60) == []


def test_an_attempt_of_before_the_clock_was_set_back_holds_up_no_ring(
    story: Story,
) -> None:
    story.press()
    story.answer(DOCTOR)
    story.tick(-3600)

    assert story.ring.phase is RingPhase.MISSED
    assert story.state.openings == ()


def test_a_ring_outlives_its_time_only_until_the_strike_has_reported(
    story: Story,
) -> None:
    story.press()
    story.tick(LIFE - 1)
    story.answer(DOCTOR)
    assert story.tick(2) == []
    story.release()
    assert story.ring.phase is RingPhase.OPENED


def test_a_failed_opening_at_the_end_of_its_life_is_a_missed_ring(
    story: Story,
) -> None:
    story.press()
    story.tick(LIFE - 1)
    story.answer(DOCTOR)
    story.tick(5)

    assert story.ring_events == [RingEvent.MISSED, RingEvent.ENDED]


def test_a_ring_at_a_door_that_was_removed_ends_after_the_restart(
    story: Story,
) -> None:
    story.press(COURTYARD)
    story.restart(doors={ENTRANCE: story.config.doors[ENTRANCE]})
    story.tick()

    assert story.ring_events == [RingEvent.MISSED, RingEvent.ENDED]


def test_steps_may_be_set_up_in_any_order() -> None:
    story = Story(escalation=(timedelta(seconds=45), timedelta(seconds=20)))
    story.press()
    story.tick(20)

    assert story.ring_events == [RingEvent.ESCALATED]
    assert story.practice.next_deadline() == story.now + timedelta(seconds=25)


# --- what is remembered --------------------------------------------------------------


def test_rings_are_remembered_for_a_day(story: Story) -> None:
    story.press()
    story.answer(DOCTOR, Answer.REFUSE)
    story.wait(REMEMBERED.total_seconds())
    story.press()
    story.answer(DOCTOR, Answer.REFUSE)

    assert len(story.state.rings) == 1


def test_only_so_many_rings_are_remembered_and_the_one_going_on_is_among_them(
    story: Story,
) -> None:
    story.press(COURTYARD)
    courtyard = story.ring.id
    for _ in range(REMEMBERED_RINGS + 5):
        story.press()
        story.answer(DOCTOR, Answer.REFUSE)

    assert len(story.state.rings) == REMEMBERED_RINGS + 1
    assert story.state.ring(courtyard) is not None
