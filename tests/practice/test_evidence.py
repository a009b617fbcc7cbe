"""What makes the practice keep pictures, from which cameras, and until when."""

from datetime import timedelta

import pytest

from custom_components.cabinet_secure.practice.cameras.config import (
    CameraConfig,
    EvidenceCause,
    Zone,
)
from custom_components.cabinet_secure.practice.cameras.effects import (
    AnnounceEvidence,
    StartEvidence,
)
from custom_components.cabinet_secure.practice.cameras.events import (
    EvidenceKind,
    EvidenceReported,
)
from custom_components.cabinet_secure.practice.cameras.evidence import LASTS
from custom_components.cabinet_secure.practice.effects import Effect
from custom_components.cabinet_secure.practice.events import DoorForced
from custom_components.cabinet_secure.practice.intrusion.effects import (
    AnnounceIntrusion,
)
from custom_components.cabinet_secure.practice.panic.events import (
    AcknowledgePanic,
    RaisePanic,
    StartDrill,
)
from custom_components.cabinet_secure.practice.panic.state import PanicKind

from .builders import CLEANER, COURTYARD, DOCTOR, ENTRANCE, STATIONS, Story
from .intrusion.builders import STORE, AlarmStory

FORCED = frozenset({EvidenceCause.FORCED_DOOR})
MINUTE = LASTS.total_seconds()


@pytest.fixture
def guarded() -> Story:
    """Return a practice with a camera at each door, one in the hall, one in the store."""
    story = Story(
        cameras={
            "front": CameraConfig(evidence=FORCED, doors=frozenset({ENTRANCE})),
            "back": CameraConfig(evidence=FORCED, doors=frozenset({COURTYARD})),
            "hall": CameraConfig(zone=Zone.CORRIDOR, evidence=FORCED),
            "store": CameraConfig(zone=Zone.STORE),
        }
    )
    story.tick()
    return story


def force(story: Story, door: str = ENTRANCE, *, late: bool = False) -> list[Effect]:
    return story.hear(DoorForced(equipment=STATIONS[door], door=door, late=late))


def test_a_forced_door_is_watched_by_the_cameras_that_see_it(guarded: Story) -> None:
    force(guarded)
    (begun,) = guarded.done(StartEvidence)
    assert begun.session.cameras == ("front", "hall")
    assert begun.session.cause is EvidenceCause.FORCED_DOOR
    assert begun.session.ends_at == guarded.now + timedelta(seconds=60)
    assert not begun.resumed
    (told,) = guarded.done(AnnounceEvidence)
    assert told == AnnounceEvidence(
        kind=EvidenceKind.STARTED, session=begun.session.id, reason="forced_door"
    )


def test_a_door_that_was_forced_some_time_ago_is_not_watched(guarded: Story) -> None:
    force(guarded, late=True)
    assert guarded.done(StartEvidence) == []


def test_a_practice_without_chosen_cameras_keeps_nothing() -> None:
    story = Story(cameras={"store": CameraConfig(zone=Zone.STORE)})
    force(story)
    assert story.done(StartEvidence) == []
    assert story.done(AnnounceEvidence) == []


def test_whoever_shakes_a_door_again_and_again_is_one_session_a_minute(
    guarded: Story,
) -> None:
    force(guarded)
    guarded.wait(MINUTE - 1)
    force(guarded)
    assert guarded.done(StartEvidence) == []
    guarded.wait(1)
    force(guarded)
    assert len(guarded.done(StartEvidence)) == 1


def test_two_doors_are_two_sessions(guarded: Story) -> None:
    force(guarded)
    force(guarded, COURTYARD)
    (begun,) = guarded.done(StartEvidence)
    assert begun.session.cameras == ("back", "hall")
    assert len({each.id for each in guarded.state.cameras.evidence}) == 2


def test_sessions_at_once_are_bounded() -> None:
    doors = [f"door{number}" for number in range(12)]
    story = Story(cameras={"hall": CameraConfig(evidence=frozenset(EvidenceCause))})
    entrance = story.config.doors[ENTRANCE]
    story.restart(doors=dict.fromkeys(doors, entrance))
    for door in doors:
        story.hear(DoorForced(equipment=STATIONS[ENTRANCE], door=door))
    assert len(story.state.cameras.evidence) == 8
    # A call for help is never among those that are one too many.
    story.hear(RaisePanic(actor=CLEANER, kind=PanicKind.HOLD_UP, confirmed=True))
    assert len(story.state.cameras.evidence) == 9


def test_a_session_goes_on_after_a_restart_with_the_cameras_that_are_left(
    guarded: Story,
) -> None:
    force(guarded)
    (begun,) = guarded.done(StartEvidence)
    guarded.restart(20, cameras={"hall": CameraConfig(evidence=FORCED)})
    guarded.tick()
    (resumed,) = guarded.done(StartEvidence)
    assert resumed.resumed
    assert resumed.session.id == begun.session.id
    assert resumed.session.cameras == ("hall",)
    assert resumed.session.ends_at == begun.session.ends_at
    assert guarded.done(AnnounceEvidence) == []


def test_a_session_that_ended_while_nobody_ran_is_over(guarded: Story) -> None:
    force(guarded)
    guarded.restart(MINUTE)
    guarded.tick()
    assert guarded.effects == []
    assert guarded.state.cameras.evidence == ()


def test_a_session_is_forgotten_when_its_time_is_up(guarded: Story) -> None:
    force(guarded)
    assert guarded.practice.next_deadline() == guarded.now + LASTS
    guarded.tick(MINUTE)
    assert guarded.state.cameras.evidence == ()


def test_a_session_from_a_clock_that_was_set_back_is_over(guarded: Story) -> None:
    force(guarded)
    guarded.tick(-3600)
    assert guarded.state.cameras.evidence == ()


def test_what_is_stored_is_told(guarded: Story) -> None:
    guarded.hear(
        EvidenceReported(
            kind=EvidenceKind.KEPT,
            session="s",
            camera="hall",
            file="a.jpg",
            digest="0f",
        )
    )
    assert guarded.effects == [
        AnnounceEvidence(
            kind=EvidenceKind.KEPT,
            session="s",
            camera="hall",
            file="a.jpg",
            digest="0f",
        )
    ]


def test_a_panic_is_kept_under_its_own_name_and_a_drill_is_not(guarded: Story) -> None:
    guarded.restart(
        cameras={"hall": CameraConfig(evidence=frozenset({EvidenceCause.PANIC}))}
    )
    guarded.hear(StartDrill(actor=DOCTOR))
    assert guarded.done(StartEvidence) == []
    guarded.hear(RaisePanic(actor=CLEANER, kind=PanicKind.ATTACK, confirmed=True))
    (begun,) = guarded.done(StartEvidence)
    panic = guarded.state.panic.open[-1]
    assert not panic.drill
    assert begun.session.id == panic.id
    assert begun.session.door is None


def test_a_press_long_after_the_first_is_kept_too(guarded: Story) -> None:
    guarded.restart(
        cameras={"hall": CameraConfig(evidence=frozenset({EvidenceCause.PANIC}))}
    )
    call = RaisePanic(actor=CLEANER, kind=PanicKind.HOLD_UP, confirmed=True)
    guarded.hear(call)
    guarded.hear(AcknowledgePanic(actor=DOCTOR))
    guarded.tick(MINUTE + 1)
    guarded.hear(call)
    (begun,) = guarded.done(StartEvidence)
    assert begun.session.id == guarded.state.panic.open[-1].id


def test_each_call_for_help_is_a_session_of_its_own(guarded: Story) -> None:
    guarded.restart(
        cameras={"hall": CameraConfig(evidence=frozenset({EvidenceCause.PANIC}))}
    )
    for person in (CLEANER, DOCTOR):
        guarded.hear(RaisePanic(actor=person, kind=PanicKind.HOLD_UP, confirmed=True))
    assert {each.id for each in guarded.state.cameras.evidence} == {
        panic.id for panic in guarded.state.panic.open
    }
    assert len(guarded.state.panic.open) == 2


def test_an_intrusion_is_kept() -> None:
    story = AlarmStory(
        cameras={"hall": CameraConfig(evidence=frozenset({EvidenceCause.INTRUSION}))}
    )
    story.leave()
    assert story.done(StartEvidence) == []
    story.trip(STORE)
    (begun,) = story.done(StartEvidence)
    assert begun.session.cause is EvidenceCause.INTRUSION
    assert begun.session.cameras == ("hall",)
    # What is on record of the alarm has the same name.
    (alarm,) = story.done(AnnounceIntrusion)
    assert begun.session.id == alarm.session
