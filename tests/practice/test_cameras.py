"""When a camera is hidden, who may show it again, and who looked."""

from typing import Any

import pytest

from custom_components.cabinet_secure.practice.cameras.config import CameraConfig, Zone
from custom_components.cabinet_secure.practice.cameras.effects import (
    AnnouncePrivacy,
    AnnounceViewing,
    PrivacyReason,
    SetPrivacy,
)
from custom_components.cabinet_secure.practice.cameras.events import (
    CameraViewed,
    PrivacyRequested,
    ViewingMeans,
)
from custom_components.cabinet_secure.practice.cameras.viewing import SAME_VIEWING
from custom_components.cabinet_secure.practice.effects import Effect, Refusal
from custom_components.cabinet_secure.practice.panic.events import (
    RaisePanic,
    ResetPanic,
    StartDrill,
)
from custom_components.cabinet_secure.practice.panic.state import PanicKind
from custom_components.cabinet_secure.practice.people import AUTOMATION, Actor
from custom_components.cabinet_secure.practice.state import Mode

from .builders import CLEANER, DOCTOR, SECRETARY, STRANGER, Story

HALL = "hall"
STORE = "store"
FIVE_MINUTES = SAME_VIEWING.total_seconds()


@pytest.fixture
def cameras() -> Story:
    """Return a practice that runs: its hall is hidden while it is open."""
    story = Story(
        cameras={
            HALL: CameraConfig(
                zone=Zone.WAITING_ROOM, hidden_in=frozenset({Mode.OPEN})
            ),
            STORE: CameraConfig(zone=Zone.STORE),
        }
    )
    story.tick()
    return story


def hide(story: Story, actor: Actor, camera: str = STORE, **wish: Any) -> list[Effect]:
    private = wish.get("private", True)
    return story.hear(PrivacyRequested(actor=actor, camera=camera, private=private))


def hidden(story: Story, camera: str = STORE) -> bool:
    return story.state.cameras.privacy_of(camera).is_hidden


def view(story: Story, viewer: Actor | None, camera: str = STORE) -> list[Effect]:
    return story.hear(
        CameraViewed(camera=camera, viewer=viewer, means=ViewingMeans.LIVE)
    )


def test_a_camera_is_hidden_until_the_practice_has_decided() -> None:
    story = Story(cameras={STORE: CameraConfig(zone=Zone.STORE)})
    assert hidden(story)
    story.tick()
    assert not hidden(story)
    # It is left as it was found: nobody wanted anything of it.
    assert story.effects == []


def test_a_camera_that_nobody_knows_is_hidden(cameras: Story) -> None:
    assert hidden(cameras, "elsewhere")
    hide(cameras, DOCTOR, "elsewhere")
    assert cameras.refusals == [Refusal.UNKNOWN_CAMERA]


@pytest.mark.parametrize("actor", [DOCTOR, CLEANER, STRANGER, AUTOMATION])
def test_anybody_hides_a_camera(cameras: Story, actor: Actor) -> None:
    hide(cameras, actor)
    assert hidden(cameras)
    assert cameras.effects == [
        SetPrivacy(camera=STORE, private=True),
        AnnouncePrivacy(
            camera=STORE, private=True, reason=PrivacyReason.CHOSEN, by=actor
        ),
    ]


@pytest.mark.parametrize("actor", [CLEANER, STRANGER, AUTOMATION])
def test_only_people_with_a_role_show_it_again(cameras: Story, actor: Actor) -> None:
    hide(cameras, DOCTOR)
    hide(cameras, actor, private=False)
    assert cameras.refusals == [Refusal.NOT_ALLOWED]
    assert hidden(cameras)
    hide(cameras, SECRETARY, private=False)
    assert cameras.effects == [
        SetPrivacy(camera=STORE, private=False),
        AnnouncePrivacy(camera=STORE, private=False, reason=None, by=SECRETARY),
    ]
    assert not hidden(cameras)


def test_hiding_what_is_hidden_changes_nothing(cameras: Story) -> None:
    hide(cameras, DOCTOR)
    hide(cameras, CLEANER)
    assert cameras.effects == []
    assert cameras.state.cameras.privacy_of(STORE).chosen_by == DOCTOR


def test_a_mode_hides_a_camera_and_its_end_shows_it(cameras: Story) -> None:
    cameras.choose(DOCTOR, Mode.OPEN)
    assert cameras.done(AnnouncePrivacy) == [
        AnnouncePrivacy(camera=HALL, private=True, reason=PrivacyReason.MODE, by=DOCTOR)
    ]
    assert hidden(cameras, HALL)
    assert not hidden(cameras)
    cameras.choose(DOCTOR, Mode.CLOSED)
    assert not hidden(cameras, HALL)
    assert cameras.done(SetPrivacy) == [SetPrivacy(camera=HALL, private=False)]


def test_nobody_shows_a_camera_that_the_mode_hides(cameras: Story) -> None:
    cameras.choose(DOCTOR, Mode.OPEN)
    hide(cameras, DOCTOR, HALL, private=False)
    assert cameras.refusals == [Refusal.HIDDEN_BY_RULE]
    assert hidden(cameras, HALL)


def test_a_wish_outlives_the_mode(cameras: Story) -> None:
    cameras.choose(DOCTOR, Mode.OPEN)
    hide(cameras, CLEANER, HALL)
    assert cameras.done(SetPrivacy) == []
    cameras.choose(DOCTOR, Mode.CLOSED)
    assert hidden(cameras, HALL)
    hide(cameras, DOCTOR, HALL, private=False)
    assert not hidden(cameras, HALL)


@pytest.mark.parametrize("zone", [zone for zone in Zone if zone.is_refused])
def test_a_camera_where_none_may_be_shows_nothing(zone: Zone) -> None:
    story = Story(cameras={STORE: CameraConfig(zone=zone)})
    story.tick()
    hide(story, DOCTOR, private=False)
    assert story.refusals == [Refusal.HIDDEN_BY_RULE]
    assert hidden(story)
    assert story.state.cameras.privacy_of(STORE).reason == PrivacyReason.ZONE


def test_no_zone_is_both_refused_and_confirmed() -> None:
    assert not [zone for zone in Zone if zone.is_refused and zone.needs_confirmation]
    assert {zone for zone in Zone if zone.needs_confirmation} == {
        Zone.RECEPTION,
        Zone.STREET,
    }


def test_after_a_restart_a_hidden_camera_is_told_again_and_another_is_not(
    cameras: Story,
) -> None:
    hide(cameras, CLEANER, HALL)
    cameras.restart()
    assert hidden(cameras, HALL)
    assert hidden(cameras)
    cameras.tick()
    assert cameras.effects == [SetPrivacy(camera=HALL, private=True)]
    assert not hidden(cameras)


def test_a_camera_that_was_taken_out_is_forgotten(cameras: Story) -> None:
    hide(cameras, CLEANER, HALL)
    cameras.restart(cameras={STORE: CameraConfig(zone=Zone.STORE)})
    assert [known.camera for known in cameras.state.cameras.privacy] == [STORE]


def test_a_camera_that_was_set_up_to_be_hidden_is_hidden_at_once(
    cameras: Story,
) -> None:
    cameras.restart(
        cameras={STORE: CameraConfig(hidden_in=frozenset({cameras.state.mode}))}
    )
    cameras.tick()
    assert cameras.done(SetPrivacy) == [SetPrivacy(camera=STORE, private=True)]
    assert [told.by for told in cameras.done(AnnouncePrivacy)] == [None]


def test_who_looks_is_told_once_in_five_minutes(cameras: Story) -> None:
    view(cameras, DOCTOR)
    assert cameras.effects == [
        AnnounceViewing(camera=STORE, viewer=DOCTOR, means=ViewingMeans.LIVE)
    ]
    cameras.wait(FIVE_MINUTES - 1)
    assert view(cameras, DOCTOR) == []
    cameras.wait(1)
    assert len(view(cameras, DOCTOR)) == 1


def test_each_viewer_and_each_camera_counts(cameras: Story) -> None:
    for viewer in (DOCTOR, SECRETARY, None):
        assert len(view(cameras, viewer)) == 1
        assert len(view(cameras, viewer, HALL)) == 1
        assert view(cameras, viewer) == []


def test_a_viewer_stays_the_same_under_a_new_name(cameras: Story) -> None:
    view(cameras, DOCTOR)
    renamed = Actor(kind=DOCTOR.kind, id=DOCTOR.id, name="Dr")
    assert view(cameras, renamed) == []


def test_looking_through_a_camera_that_is_gone_is_not_told(cameras: Story) -> None:
    assert view(cameras, DOCTOR, "elsewhere") == []


def test_viewings_from_a_clock_that_was_set_back_count_no_more(cameras: Story) -> None:
    view(cameras, DOCTOR)
    cameras.wait(-FIVE_MINUTES)
    assert len(view(cameras, DOCTOR)) == 1


def test_nobody_fills_the_memory_by_looking(cameras: Story) -> None:
    for number in range(150):
        view(cameras, Actor(kind=DOCTOR.kind, id=str(number), name=str(number)))
    assert len(cameras.state.cameras.viewings) == 100


def test_a_panic_shows_a_camera_until_the_reset_where_that_is_configured(
    cameras: Story,
) -> None:
    cameras.restart(
        cameras={
            HALL: CameraConfig(zone=Zone.CORRIDOR, panic_lifts=True),
            STORE: CameraConfig(zone=Zone.STORE),
        }
    )
    cameras.tick()
    hide(cameras, CLEANER, HALL)
    hide(cameras, CLEANER)
    cameras.hear(RaisePanic(actor=CLEANER, kind=PanicKind.HOLD_UP, confirmed=True))
    assert cameras.done(AnnouncePrivacy) == [
        AnnouncePrivacy(
            camera=HALL, private=False, reason=PrivacyReason.PANIC, by=CLEANER
        )
    ]
    assert not hidden(cameras, HALL)
    assert hidden(cameras)
    cameras.hear(ResetPanic(actor=DOCTOR))
    assert hidden(cameras, HALL)


def test_a_drill_shows_no_hidden_camera(cameras: Story) -> None:
    cameras.restart(cameras={HALL: CameraConfig(panic_lifts=True)})
    cameras.tick()
    hide(cameras, CLEANER, HALL)
    cameras.hear(StartDrill(actor=DOCTOR))
    assert hidden(cameras, HALL)
