"""Whatever happens: a camera is never shown when it must be hidden."""

from datetime import timedelta

from hypothesis import settings, strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from custom_components.cabinet_secure.practice.cameras.config import CameraConfig, Zone
from custom_components.cabinet_secure.practice.cameras.effects import SetPrivacy
from custom_components.cabinet_secure.practice.cameras.events import PrivacyRequested
from custom_components.cabinet_secure.practice.panic.events import (
    RaisePanic,
    ResetPanic,
    StartDrill,
)
from custom_components.cabinet_secure.practice.panic.state import PanicKind
from custom_components.cabinet_secure.practice.people import AUTOMATION, Actor
from custom_components.cabinet_secure.practice.state import Mode

from .builders import CLEANER, DOCTOR, SECRETARY, STRANGER, Story

CAMERAS = {
    "hall": CameraConfig(zone=Zone.WAITING_ROOM, hidden_in=frozenset({Mode.OPEN})),
    "store": CameraConfig(zone=Zone.STORE),
    "toilets": CameraConfig(zone=Zone.TOILETS),
    "safe": CameraConfig(
        zone=Zone.RECEPTION, hidden_in=frozenset({Mode.OPEN}), panic_lifts=True
    ),
    "shut": CameraConfig(zone=Zone.BREAK_ROOM, panic_lifts=True),
    "never": CameraConfig(zone=Zone.STREET, hidden_in=frozenset(Mode)),
}
# A camera that was taken out of the practice, or never was in it.
NAMES = [*CAMERAS, "gone"]
WITH_ROLE = (DOCTOR, SECRETARY)


class Cameras(RuleBasedStateMachine):
    """People, modes, restarts and set-ups in any order."""

    def __init__(self) -> None:
        super().__init__()
        self.story = Story(cameras=CAMERAS)
        # What somebody wants hidden, by a reckoning of our own.
        self.wanted: set[str] = set()
        # What each camera was told last.
        self.told: dict[str, bool] = {}
        self.settled = False

    def _take_in(self) -> None:
        self.settled = True
        for effect in self.story.done(SetPrivacy):
            self.told[effect.camera] = effect.private

    @rule(
        actor=st.sampled_from([DOCTOR, SECRETARY, CLEANER, STRANGER, AUTOMATION]),
        camera=st.sampled_from(NAMES),
        private=st.booleans(),
    )
    def ask(self, actor: Actor, camera: str, private: bool) -> None:
        if private:
            self.wanted.add(camera)
        elif actor in WITH_ROLE and not self._by_rule(camera):
            self.wanted.discard(camera)
        self.story.hear(PrivacyRequested(actor=actor, camera=camera, private=private))
        self._take_in()

    @rule(mode=st.sampled_from(Mode), actor=st.sampled_from([DOCTOR, CLEANER]))
    def choose(self, mode: Mode, actor: Actor) -> None:
        self.story.choose(actor, mode)
        self._take_in()

    @rule(seconds=st.integers(-3600, 3600))
    def time_goes_by(self, seconds: int) -> None:
        self.story.tick(seconds)
        self._take_in()

    @rule(kind=st.sampled_from(PanicKind), actor=st.sampled_from([CLEANER, DOCTOR]))
    def call_for_help(self, kind: PanicKind, actor: Actor) -> None:
        self.story.hear(RaisePanic(actor=actor, kind=kind, confirmed=True))
        self._take_in()

    @rule()
    def practise(self) -> None:
        self.story.hear(StartDrill(actor=DOCTOR))
        self._take_in()

    @rule(actor=st.sampled_from([CLEANER, DOCTOR]))
    def reset(self, actor: Actor) -> None:
        self.story.hear(ResetPanic(actor=actor))
        self._take_in()

    @rule()
    def restart(self) -> None:
        self.story.restart(timedelta(seconds=5).total_seconds())
        self.settled = False
        self.told = {}

    def _by_rule(self, camera: str) -> bool:
        config = self.story.config.cameras.get(camera)
        return (
            config is None
            or config.zone.is_refused
            or self.story.state.mode in config.hidden_in
        )

    def _is_lifted(self, camera: str) -> bool:
        config = self.story.config.cameras.get(camera)
        return (
            config is not None
            and config.panic_lifts
            and not config.zone.is_refused
            and any(not panic.drill for panic in self.story.state.panic.open)
        )

    @invariant()
    def shows_exactly_what_it_may(self) -> None:
        for camera in NAMES:
            hidden = self.story.state.cameras.privacy_of(camera).is_hidden
            must = self._by_rule(camera) or camera in self.wanted
            if self._is_lifted(camera):
                must = False
            assert hidden is (must or not self.settled), camera

    @invariant()
    def a_hidden_camera_was_told_to_look_away(self) -> None:
        if not self.settled:
            return
        for camera in CAMERAS:
            if self.story.state.cameras.privacy_of(camera).is_hidden:
                assert self.told[camera] is True
            else:
                assert self.told.get(camera, False) is False


TestCameras = Cameras.TestCase
TestCameras.settings = settings(max_examples=60, stateful_step_count=30, deadline=None)
