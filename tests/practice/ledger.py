"""What a practice has promised, kept from what it was told and what it said alone."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime

from custom_components.cabinet_secure.practice.effects import (
    AnnounceDoor,
    AnnounceMode,
    AnnounceRing,
    DoorEventKind,
    Effect,
    ForgetVisitor,
    HoldStrike,
    PulseStrike,
    Refused,
    RingEvent,
    ShowVisitor,
)
from custom_components.cabinet_secure.practice.events import (
    BellPressed,
    CallAnswered,
    CallStarted,
    EquipmentEvent,
    EquipmentLost,
    EquipmentRestored,
    Event,
    HoldRequested,
    OpenRequested,
    Request,
    RingAnswer,
    StrikeReleased,
    TokenPresented,
)
from custom_components.cabinet_secure.practice.people import (
    DESK_PHONE,
    Actor,
    ActorKind,
)
from custom_components.cabinet_secure.practice.state import Answer, Mode

from .builders import DOCTOR, SECRETARY, STATIONS

OUTCOMES = (RingEvent.OPENED, RingEvent.REFUSED, RingEvent.MISSED)
DECISIONS = (RingEvent.OPENED, RingEvent.REFUSED, RingEvent.ANSWERED)


@dataclass(slots=True, kw_only=True)
class RingEntry:
    """What was said of one ring."""

    door: str
    expires_at: datetime
    step: int = 1
    answered: bool = False
    # Who speaks to the visitor, until a door that did not open frees the ring again.
    taken_by: Actor | None = None
    outcome: RingEvent | None = None
    ended: bool = False
    # Somebody was allowed to open, and nothing was said yet of what came of it.
    opening: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Issued:
    """A one-shot answer that was handed out."""

    ring: str
    answer: Answer
    expires_at: datetime


@dataclass(slots=True, kw_only=True)
class Ledger:
    """The promises of a practice. `enter` raises AssertionError for a broken one."""

    automations_may_open: bool
    rings: dict[str, RingEntry] = field(default_factory=dict)
    tokens: dict[str, Issued] = field(default_factory=dict)
    used: set[str] = field(default_factory=set)
    openings: list[str] = field(default_factory=list)
    pictures: set[str] = field(default_factory=set)
    lost: set[str] = field(default_factory=set)
    mode: Mode = Mode.STAFF_ONLY

    def may_open(self, actor: Actor) -> bool:
        """Whether this actor has the right to open, refuse and take."""
        if actor.kind is ActorKind.AUTOMATION:
            return self.automations_may_open
        return actor in (DOCTOR, SECRETARY)

    def enter(self, event: Event, effects: list[Effect], now: datetime) -> None:
        """Judge what the practice made of an event."""
        rejected = any(isinstance(effect, Refused) for effect in effects)
        over = {ring for ring, entry in self.rings.items() if entry.ended}
        opening = {ring for ring, entry in self.rings.items() if entry.opening}
        # Time ends rings before the event is looked at, so what is said comes first.
        for effect in effects:
            match effect:
                case AnnounceRing():
                    self._ring_announced(event, effect)
                case AnnounceDoor(
                    kind=DoorEventKind.GRANTED, method="ring" | "request"
                ):
                    assert not _is_late(event), "something late proved an opening"
                    if effect.ring is not None:
                        self.rings[effect.ring].opening = False
                case AnnounceDoor(ring=str(ring), kind=DoorEventKind.OPEN_FAILED):
                    self.rings[ring].opening = False
                    self.rings[ring].taken_by = None
                case AnnounceMode():
                    assert self.mode is not Mode.LOCKDOWN or effect.by == DOCTOR
                case ShowVisitor():
                    self.pictures.add(effect.door)
                case ForgetVisitor():
                    self.pictures.discard(effect.door)
        released = [e for e in effects if isinstance(e, PulseStrike | HoldStrike)]
        if released:
            (effect,) = released
            assert not rejected, "refused and done"
            opened = self._released(event, effect, now)
            assert opened not in over, "opened for a ring that was over"
            if opened is not None:
                # Where the strike was released already, it is proven at once.
                self.rings[opened].opening = not any(
                    isinstance(said, AnnounceDoor)
                    and said.kind is DoorEventKind.GRANTED
                    for said in effects
                )
        elif isinstance(event, OpenRequested | HoldRequested):
            assert rejected
        if isinstance(event, TokenPresented) and not rejected:
            assert event.token in self.tokens, "a forged token worked"
            assert event.token not in self.used, "a token worked twice"
            assert now < self.tokens[event.token].expires_at, "an old token worked"
            self.used.add(event.token)
        if isinstance(event, StrikeReleased) and not event.late:
            self._strike_reported(event, opening)
        self._hear(event, effects)

    def _strike_reported(self, event: StrikeReleased, opening: set[str]) -> None:
        for entry in (self.rings[ring] for ring in opening):
            # Time may have given it up in the same turn, before the report was heard.
            if entry.door == event.door and entry.taken_by is not None:
                assert entry.outcome is RingEvent.OPENED, "opened, and nobody was told"

    def _hear(self, event: Event, effects: list[Effect]) -> None:
        for effect in effects:
            if isinstance(effect, AnnounceMode):
                self.mode = effect.to_mode
        if isinstance(event, EquipmentLost):
            self.lost.add(event.equipment)
        elif isinstance(event, EquipmentRestored):
            self.lost.discard(event.equipment)

    def _released(
        self, event: Event, effect: PulseStrike | HoldStrike, now: datetime
    ) -> str | None:
        """Judge what alone releases a strike: an accepted wish of one who may."""
        assert isinstance(event, Request), "nobody asked for that"
        assert self.may_open(event.actor)
        assert self.mode is not Mode.LOCKDOWN
        assert STATIONS[effect.door] not in self.lost
        assert effect.opening not in self.openings
        self.openings.append(effect.opening)
        match event:
            case OpenRequested(door=door):
                assert isinstance(effect, PulseStrike)
                assert effect.door == door
            case HoldRequested(door=door):
                assert isinstance(effect, HoldStrike)
                assert effect.door == door
            case RingAnswer(ring=ring, answer=answer):
                self._ring_opened(effect, ring, answer, now)
                return self._opens(event.actor, ring)
            case TokenPresented(token=token):
                issued = self.tokens[token]
                self._ring_opened(effect, issued.ring, issued.answer, now)
                return self._opens(event.actor, issued.ring)
            case _:
                raise AssertionError(f"{event} opens no door")
        return None

    def _ring_opened(
        self, effect: Effect, ring: str, answer: Answer, now: datetime
    ) -> None:
        entry = self.rings[ring]
        assert isinstance(effect, PulseStrike)
        assert answer is Answer.OPEN
        assert effect.door == entry.door
        assert now < entry.expires_at, "opened after the life of the ring"
        assert entry.outcome in (None, RingEvent.OPENED)

    def _opens(self, actor: Actor, ring: str) -> str:
        entry = self.rings[ring]
        assert entry.taken_by in (None, DESK_PHONE, actor), "the first answer wins"
        assert not entry.opening, "it was being opened already"
        entry.taken_by = actor
        return ring

    def _ring_announced(self, event: Event, told: AnnounceRing) -> None:
        if told.event is RingEvent.ANSWER_REJECTED:
            assert not told.actions
            return
        assert told.ring is not None
        if told.event is RingEvent.STARTED:
            assert isinstance(event, BellPressed | CallStarted)
            assert not event.late
            assert told.ring.id not in self.rings, "one ring began twice"
            self.rings[told.ring.id] = RingEntry(
                door=told.ring.door, expires_at=told.ring.expires_at
            )
        elif told.reason == "late":
            self._late_announced(event, told)
            return
        entry = self.rings[told.ring.id]
        assert not entry.ended, "said after the end"
        if told.event in DECISIONS:
            self._decided(event, told.by, entry.door)
        match told.event:
            case RingEvent.ESCALATED:
                assert told.ring.step > entry.step
                assert not isinstance(event, Request) or told.by is None
                entry.step = told.ring.step
            case RingEvent.ANSWERED:
                assert entry.outcome is None
                assert entry.taken_by in (None, DESK_PHONE)
                entry.answered = True
                entry.taken_by = told.by
                entry.expires_at = told.ring.expires_at
            case RingEvent.OPENED | RingEvent.REFUSED | RingEvent.MISSED:
                assert entry.outcome is None, "two outcomes"
                if told.event is RingEvent.MISSED:
                    assert not entry.opening, "missed while the door was opening"
                entry.outcome = told.event
            case RingEvent.ENDED:
                assert entry.outcome is not None or entry.answered
                entry.ended = True
        if told.event in OUTCOMES or told.event is RingEvent.ENDED:
            assert not told.actions, "answers were handed out for a ring that is over"
        for answer, text in told.actions.items():
            assert text not in self.tokens
            self.tokens[text] = Issued(
                ring=told.ring.id, answer=answer, expires_at=told.ring.expires_at
            )

    def _late_announced(self, event: Event, told: AnnounceRing) -> None:
        assert isinstance(event, BellPressed)
        assert event.late
        assert told.event is RingEvent.MISSED
        assert not told.actions
        assert told.ring is not None
        assert told.ring.id not in self.rings

    def _decided(self, event: Event, by: Actor | None, door: str) -> None:
        assert by is not None
        assert by == DESK_PHONE or self.may_open(by), "decided without the right"
        assert not _is_late(event), "something late decided"
        if isinstance(event, CallAnswered):
            assert event.equipment == STATIONS[door], "another station's call"

    def close(self) -> None:
        """Judge the end of the story, all deadlines being long past."""
        assert not self.pictures
        for entry in self.rings.values():
            assert entry.ended, "a ring without an end"
            assert not entry.opening, "an opening without an end"


def _is_late(event: Event) -> bool:
    return isinstance(event, EquipmentEvent) and event.late


def each_once(doors: list[str]) -> bool:
    """Whether no door is named twice."""
    return all(count == 1 for count in Counter(doors).values())
