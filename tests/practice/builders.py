"""A small practice to tell stories about: two doors, three people, and a clock.

The entrance has a contact and hangs on its own door station; the courtyard has none and
hangs on another one. The doctor may open and manage, the secretary may open, the
cleaner may do neither.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import count
import json
from typing import Any

from mashumaro.codecs.basic import BasicDecoder, BasicEncoder

from custom_components.cabinet_secure.practice import Practice
from custom_components.cabinet_secure.practice.config import DoorConfig, PracticeConfig
from custom_components.cabinet_secure.practice.effects import (
    AnnounceDoor,
    AnnounceRing,
    DoorEventKind,
    Effect,
    Refusal,
    Refused,
    RingEvent,
)
from custom_components.cabinet_secure.practice.events import (
    BellPressed,
    CallAnswered,
    CallEnded,
    CallStarted,
    CommandFailed,
    DeadlinePassed,
    DoorClosed,
    DoorOpened,
    DoorSeen,
    EquipmentLost,
    EquipmentRestored,
    Event,
    HoldRequested,
    ModeChosen,
    OpenRequested,
    Originator,
    RingAnswer,
    SecureRequested,
    StrikeReleased,
    StrikeSecured,
    TokenPresented,
)
from custom_components.cabinet_secure.practice.people import Actor, ActorKind, Person
from custom_components.cabinet_secure.practice.state import (
    Answer,
    Mode,
    PracticeState,
    Ring,
)

START = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)

ENTRANCE = "entrance"
COURTYARD = "courtyard"
STATIONS = {ENTRANCE: "front_station", COURTYARD: "back_station"}

DOCTOR = Actor(kind=ActorKind.USER, name="Doctor", id="doctor")
SECRETARY = Actor(kind=ActorKind.USER, name="Secretary", id="secretary")
CLEANER = Actor(kind=ActorKind.USER, name="Cleaner", id="cleaner")
STRANGER = Actor(kind=ActorKind.USER, name="Stranger", id="stranger")

CONFIG = PracticeConfig(
    people={
        "doctor": Person(name="Doctor", may_open=True, may_manage=True),
        "secretary": Person(name="Secretary", may_open=True),
        "cleaner": Person(name="Cleaner"),
    },
    equipment=frozenset(STATIONS.values()),
    doors={
        ENTRANCE: DoorConfig(
            name="Entrance", equipment=STATIONS[ENTRANCE], has_contact=True
        ),
        COURTYARD: DoorConfig(name="Courtyard", equipment=STATIONS[COURTYARD]),
    },
)

_ENCODER = BasicEncoder(PracticeState)
_DECODER = BasicDecoder(PracticeState)


def encoded(state: PracticeState) -> str:
    """Return a state as it lies on the disk."""
    return json.dumps(_ENCODER.encode(state))


def decoded(text: str) -> PracticeState:
    """Return a state that was read from the disk."""
    state: PracticeState = _DECODER.decode(json.loads(text))
    return state


class Story:
    """A practice, the time of day, and what the last event brought about."""

    def __init__(self, state: PracticeState | None = None, **settings: Any) -> None:
        self.now = START
        self.config = replace(CONFIG, **settings)
        self._numbers = count(1)
        self.practice = Practice(self.config, state or PracticeState(), self._new_token)
        self.effects: list[Effect] = []
        self.told: list[Effect] = []

    def _new_token(self) -> str:
        return f"token-{next(self._numbers)}"

    # --- what happens ----------------------------------------------------------------

    def hear(self, event: Event) -> list[Effect]:
        """Let the practice hear an event now."""
        self.effects = self.practice.handle(event, self.now)
        self.told += self.effects
        return self.effects

    def press(self, door: str = ENTRANCE, **when: Any) -> list[Effect]:
        return self.hear(BellPressed(equipment=STATIONS[door], door=door, **when))

    def call(self, door: str = ENTRANCE, call: str = "1", **when: Any) -> list[Effect]:
        return self.hear(
            CallStarted(equipment=STATIONS[door], door=door, call=call, **when)
        )

    def pick_up(
        self, door: str = ENTRANCE, call: str = "1", **when: Any
    ) -> list[Effect]:
        return self.hear(CallAnswered(equipment=STATIONS[door], call=call, **when))

    def put_down(
        self, door: str = ENTRANCE, call: str = "1", **when: Any
    ) -> list[Effect]:
        return self.hear(CallEnded(equipment=STATIONS[door], call=call, **when))

    def release(
        self,
        door: str = ENTRANCE,
        originator: Originator = Originator.REQUEST,
        **when: Any,
    ) -> list[Effect]:
        return self.hear(
            StrikeReleased(
                equipment=STATIONS[door], door=door, originator=originator, **when
            )
        )

    def secured(self, door: str = ENTRANCE, **when: Any) -> list[Effect]:
        return self.hear(StrikeSecured(equipment=STATIONS[door], door=door, **when))

    def door_opens(self, door: str = ENTRANCE, **when: Any) -> list[Effect]:
        return self.hear(DoorOpened(equipment=STATIONS[door], door=door, **when))

    def door_closes(self, door: str = ENTRANCE, **when: Any) -> list[Effect]:
        return self.hear(DoorClosed(equipment=STATIONS[door], door=door, **when))

    def look(
        self,
        door: str = ENTRANCE,
        *,
        released: bool | None = False,
        contact_open: bool | None = False,
    ) -> list[Effect]:
        return self.hear(
            DoorSeen(
                equipment=STATIONS[door],
                door=door,
                released=released,
                contact_open=contact_open,
            )
        )

    def lose(self, door: str = ENTRANCE) -> list[Effect]:
        return self.hear(EquipmentLost(equipment=STATIONS[door]))

    def restore(self, door: str = ENTRANCE) -> list[Effect]:
        return self.hear(EquipmentRestored(equipment=STATIONS[door]))

    def fail(self, reason: str = "unreachable") -> list[Effect]:
        """Let the command of the oldest attempt to open fail."""
        opening = self.state.openings[0].id
        return self.hear(CommandFailed(opening=opening, reason=reason))

    # --- what people want ------------------------------------------------------------

    def answer(
        self, actor: Actor, answer: Answer = Answer.OPEN, ring: Ring | None = None
    ) -> list[Effect]:
        ring = ring or self.ring
        return self.hear(RingAnswer(actor=actor, ring=ring.id, answer=answer))

    def tap(self, actor: Actor, token: str) -> list[Effect]:
        return self.hear(TokenPresented(actor=actor, token=token))

    def ask_to_open(self, actor: Actor, door: str = ENTRANCE) -> list[Effect]:
        return self.hear(OpenRequested(actor=actor, door=door))

    def ask_to_hold(self, actor: Actor, door: str = ENTRANCE) -> list[Effect]:
        return self.hear(HoldRequested(actor=actor, door=door))

    def ask_to_lock(self, actor: Actor, door: str = ENTRANCE) -> list[Effect]:
        return self.hear(SecureRequested(actor=actor, door=door))

    def choose(self, actor: Actor, mode: Mode) -> list[Effect]:
        return self.hear(ModeChosen(actor=actor, mode=mode))

    # --- time ------------------------------------------------------------------------

    def tick(self, seconds: float = 0) -> list[Effect]:
        """Let time go by, and the clock tell so."""
        self.wait(seconds)
        return self.hear(DeadlinePassed())

    def wait(self, seconds: float) -> None:
        """Let time go by unnoticed; negative: somebody sets the clock back."""
        self.now += timedelta(seconds=seconds)

    def restart(self, seconds: float = 0, **settings: Any) -> None:
        """Stop, and start again from what is on the disk, perhaps set up anew."""
        self.wait(seconds)
        self.config = replace(self.config, **settings)
        state = decoded(encoded(self.state))
        self.practice = Practice(self.config, state, self._new_token)
        self.effects = []

    # --- what is known ---------------------------------------------------------------

    @property
    def state(self) -> PracticeState:
        return self.practice.state

    @property
    def ring(self) -> Ring:
        """The ring that was begun last."""
        return self.state.rings[-1]

    def done[T: Effect](self, kind: type[T]) -> list[T]:
        """Return the effects of one kind that the last event brought about."""
        return [effect for effect in self.effects if isinstance(effect, kind)]

    @property
    def ring_events(self) -> list[RingEvent]:
        return [announced.event for announced in self.done(AnnounceRing)]

    @property
    def door_events(self) -> list[DoorEventKind]:
        return [announced.kind for announced in self.done(AnnounceDoor)]

    @property
    def refusals(self) -> list[Refusal]:
        return [refused.refusal for refused in self.done(Refused)]

    def tokens(self) -> dict[Answer, str]:
        """Return the one-shot answers that were handed out last."""
        handed_out = [e.actions for e in self.told if isinstance(e, AnnounceRing)]
        return dict(next(actions for actions in reversed(handed_out) if actions))


def kinds(effects: Sequence[Effect]) -> list[type[Effect]]:
    """Return of which kinds effects are, in their order."""
    return [type(effect) for effect in effects]
