"""What the practice remembers of calls for help."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from ..one_shot import Token
from ..people import Actor


class PanicKind(StrEnum):
    """What somebody calls for help against (public), the gravest last."""

    ASSISTANCE = "assistance"
    DURESS = "duress"
    HOLD_UP = "hold_up"
    ATTACK = "attack"

    def is_graver_than(self, other: PanicKind) -> bool:
        """Whether this kind takes the place of the other where both meet."""
        order = list(PanicKind)
        return order.index(self) > order.index(other)


class PanicPhase(StrEnum):
    """Where a panic stands."""

    RAISED = "raised"
    ACKNOWLEDGED = "acknowledged"  # a named person takes care
    RESET = "reset"


class PanicAnswer(StrEnum):
    """What a person can answer to a panic from a notification."""

    ACKNOWLEDGE = "acknowledge"


@dataclass(frozen=True, slots=True, kw_only=True)
class Panic:
    """One call for help from one place, from the press to the reset."""

    id: str
    kind: PanicKind
    # What people read, perhaps nothing, and what tells two places apart.
    location: str
    place: str
    raised_at: datetime
    # Since when it escalates: a press after the acknowledgement begins anew.
    since: datetime
    announced_at: datetime
    by: Actor
    sources: tuple[str, ...] = ()
    drill: bool = False
    # Whether anybody asked for noise, with a press that leaves no doubt.
    audible: bool = False
    # False as long as all that was heard is doubtful (DOMAIN: *Panic*).
    certain: bool = True
    presses: int = 1
    step: int = 1
    phase: PanicPhase = PanicPhase.RAISED
    acknowledged_by: Actor | None = None
    acknowledged_at: datetime | None = None
    reset_by: Actor | None = None
    ended_at: datetime | None = None
    tokens: tuple[Token, ...] = ()

    @property
    def is_over(self) -> bool:
        """Whether it was reset."""
        return self.phase is PanicPhase.RESET


@dataclass(frozen=True, slots=True, kw_only=True)
class Press:
    """A press that is only a part of what its source takes to raise a panic."""

    source: str
    at: datetime
    # Until when it waits for the rest; a long press is complete by then.
    until: datetime
    by: Actor
    certain: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceRecord:
    """The last press of a source, and when one last was acknowledged by a person."""

    source: str
    pressed_at: datetime
    tested_at: datetime | None = None


class ChainTrouble(StrEnum):
    """What keeps a call for help from reaching somebody (public)."""

    BUTTON_LOST = "button_lost"
    SIREN_LOST = "siren_lost"
    PHONE_GONE = "phone_gone"  # it cannot be notified any more
    PHONE_UNSEEN = "phone_unseen"  # nothing was heard of it for long
    NOT_STORED = "not_stored"


@dataclass(frozen=True, slots=True, kw_only=True)
class ChainProblem:
    """A link of the chain that is broken, and which one."""

    trouble: ChainTrouble
    subject: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PanicState:
    """Everything that is remembered of calls for help."""

    # The oldest first; those that are over are kept to answer who comes too late.
    panics: tuple[Panic, ...] = ()
    presses: tuple[Press, ...] = ()
    sources: tuple[SourceRecord, ...] = ()
    # When a person last acknowledged a panic or a drill from a phone, and when a drill
    # was last held.
    proven_at: datetime | None = None
    drilled_at: datetime | None = None
    # How the chain was when it was last walked, and when.
    problems: tuple[ChainProblem, ...] = ()
    walked_at: datetime | None = None

    def panic(self, panic: str) -> Panic | None:
        """Return the panic with this identifier."""
        return next((p for p in self.panics if p.id == panic), None)

    def record(self, source: str) -> SourceRecord | None:
        """Return what is remembered of a source."""
        return next((r for r in self.sources if r.source == source), None)

    @property
    def open(self) -> tuple[Panic, ...]:
        """The panics and drills that were not reset, the oldest first."""
        return tuple(p for p in self.panics if not p.is_over)

    @property
    def real(self) -> tuple[Panic, ...]:
        """The panics that were not reset, without drills."""
        return tuple(p for p in self.open if not p.drill)
