"""Stories about calls for help: four panic buttons, two sirens, a clock."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from custom_components.cabinet_secure.practice.effects import Effect
from custom_components.cabinet_secure.practice.events import PanicPressed, PanicReleased
from custom_components.cabinet_secure.practice.panic.config import (
    Gesture,
    PanicConfig,
    PanicSource,
)
from custom_components.cabinet_secure.practice.panic.effects import (
    AnnouncePanic,
    PanicEvent,
)
from custom_components.cabinet_secure.practice.panic.events import (
    AcknowledgePanic,
    RaisePanic,
    ResetPanic,
    StartDrill,
)
from custom_components.cabinet_secure.practice.panic.state import Panic, PanicKind
from custom_components.cabinet_secure.practice.people import Actor
from custom_components.cabinet_secure.practice.sirens.config import SirenConfig
from custom_components.cabinet_secure.practice.sirens.effects import (
    SilenceSiren,
    SoundSiren,
)
from custom_components.cabinet_secure.practice.sirens.events import (
    SilenceRequested,
    SirenCommanded,
    SirenReported,
    SoundRequested,
)
from custom_components.cabinet_secure.practice.sirens.state import SirenState

from .builders import ENTRANCE, STATIONS, Story

DESK = "desk"  # a hold-up button, two presses, silent
LOUD = "loud"  # the same, with the sirens
ROOM = "room"  # assistance, one press
STORE = "store"  # an attack, held for two seconds
LEFT, RIGHT = "left", "right"  # a hold-up, both together, with the sirens

SOURCES = {
    DESK: PanicSource(location="Desk"),
    LOUD: PanicSource(location="Hall", audible=True),
    ROOM: PanicSource(
        kind=PanicKind.ASSISTANCE, gesture=Gesture.SINGLE, location="Room 2"
    ),
    STORE: PanicSource(kind=PanicKind.ATTACK, gesture=Gesture.LONG, location="Store"),
    LEFT: PanicSource(gesture=Gesture.PAIR, location="Office", audible=True),
    RIGHT: PanicSource(gesture=Gesture.PAIR, location="Office", audible=True),
}
OUTDOORS, INDOORS = "outdoors", "indoors"
SIRENS = {
    OUTDOORS: SirenConfig(equipment=STATIONS[ENTRANCE]),
    INDOORS: SirenConfig(equipment=STATIONS[ENTRANCE], longest=timedelta(seconds=900)),
}
PANIC = PanicConfig(sources=SOURCES, sirens=frozenset(SIRENS))


class PanicStory(Story):
    """A practice in which somebody calls for help."""

    def __init__(self, **settings: Any) -> None:
        panic = {k: settings.pop(k) for k in list(settings) if hasattr(PANIC, k)}
        super().__init__(
            panic=replace(PANIC, **panic), **{"sirens": SIRENS, **settings}
        )

    # --- what happens ----------------------------------------------------------------

    def push(self, button: str = DESK, times: int = 2, **how: Any) -> list[Effect]:
        """Press a panic button, as often as it takes."""
        told: list[Effect] = []
        for _ in range(times):
            told += self.hear(
                PanicPressed(equipment=STATIONS[ENTRANCE], button=button, **how)
            )
        self.effects = told
        return told

    def let_go(self, button: str = STORE, **how: Any) -> list[Effect]:
        return self.hear(
            PanicReleased(equipment=STATIONS[ENTRANCE], button=button, **how)
        )

    def late(self, seconds: float) -> dict[str, Any]:
        """Return what makes an event one that happened so long ago."""
        return {"late": True, "device_time": self.now - timedelta(seconds=seconds)}

    def cry(
        self,
        actor: Actor,
        kind: PanicKind = PanicKind.HOLD_UP,
        *,
        confirmed: bool = True,
        **more: Any,
    ) -> list[Effect]:
        return self.hear(
            RaisePanic(actor=actor, kind=kind, confirmed=confirmed, **more)
        )

    def take_care(self, actor: Actor, panic: Panic | None = None) -> list[Effect]:
        return self.hear(
            AcknowledgePanic(actor=actor, panic=panic.id if panic else None)
        )

    def reset(self, actor: Actor, panic: Panic | None = None) -> list[Effect]:
        return self.hear(ResetPanic(actor=actor, panic=panic.id if panic else None))

    def drill(self, actor: Actor, **more: Any) -> list[Effect]:
        return self.hear(StartDrill(actor=actor, **more))

    # --- sirens ----------------------------------------------------------------------

    def obey(self, *, tells: bool = True) -> None:
        """Let every siren do what it was told, and say so where it can."""
        for effect in list(self.effects):
            if isinstance(effect, SoundSiren | SilenceSiren):
                sound = isinstance(effect, SoundSiren)
                self.hear(
                    SirenCommanded(
                        siren=effect.siren,
                        sound=sound,
                        accepted=True,
                        sounding=sound if tells else None,
                    )
                )

    def refuse(self, siren: str, *, sound: bool) -> list[Effect]:
        return self.hear(SirenCommanded(siren=siren, sound=sound, accepted=False))

    def report(self, siren: str, *, sounding: bool) -> list[Effect]:
        return self.hear(SirenReported(siren=siren, sounding=sounding))

    def turn_on(
        self, actor: Actor, siren: str | None = None, seconds: float | None = None
    ) -> list[Effect]:
        duration = None if seconds is None else timedelta(seconds=seconds)
        return self.hear(SoundRequested(actor=actor, siren=siren, duration=duration))

    def turn_off(self, actor: Actor, siren: str | None = None) -> list[Effect]:
        return self.hear(SilenceRequested(actor=actor, siren=siren))

    # --- what is known ---------------------------------------------------------------

    @property
    def panic(self) -> Panic:
        """The call for help that was begun last."""
        return self.state.panic.panics[-1]

    @property
    def panic_events(self) -> list[PanicEvent]:
        return [announced.event for announced in self.done(AnnouncePanic)]

    @property
    def one(self) -> AnnouncePanic:
        """The only thing that was said of a panic by the last event."""
        (announced,) = self.done(AnnouncePanic)
        return announced

    @property
    def sounded(self) -> set[str]:
        return {effect.siren for effect in self.done(SoundSiren)}

    @property
    def silenced(self) -> set[str]:
        return {effect.siren for effect in self.done(SilenceSiren)}

    def siren(self, siren: str = OUTDOORS) -> SirenState:
        return next(s for s in self.state.sirens if s.siren == siren)

    def acknowledgement(self) -> str:
        """Return the one-shot answer that was handed out last."""
        handed_out = [e.actions for e in self.told if isinstance(e, AnnouncePanic)]
        return next(iter(next(a for a in reversed(handed_out) if a).values()))

    def ago(self, seconds: float) -> datetime:
        return self.now - timedelta(seconds=seconds)
