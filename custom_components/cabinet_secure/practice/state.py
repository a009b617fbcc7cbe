"""What the practice remembers: a tree of frozen dataclasses that survives a restart."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from .auto_open.state import AutoOpenState
from .cameras.state import CamerasState
from .door_watch.state import StandingOpen
from .grants.model import GrantsState
from .hours.state import HoursState
from .intrusion.state import IntrusionState
from .lockdown.state import LockdownState
from .modes import Mode as Mode  # noqa: PLC0414 -- a part of what is remembered
from .one_shot import Token
from .panic.state import PanicState
from .people import Actor
from .sirens.state import SirenState


class Answer(StrEnum):
    """What a person can answer to a ring."""

    OPEN = "open"
    REFUSE = "refuse"
    TAKE = "take"


class RingPhase(StrEnum):
    """Where a ring stands."""

    RINGING = "ringing"
    ANSWERED = "answered"
    OPENING = "opening"  # accepted, and the strike has not reported yet
    OPENED = "opened"
    REFUSED = "refused"
    MISSED = "missed"
    ENDED = "ended"  # taken, and over

    @property
    def is_over(self) -> bool:
        """Whether nobody can answer any more."""
        return self not in (RingPhase.RINGING, RingPhase.ANSWERED, RingPhase.OPENING)


@dataclass(frozen=True, slots=True, kw_only=True)
class Ring:
    """One visitor at one door, from the press to the end."""

    id: str
    door: str
    mode: Mode
    started_at: datetime
    expires_at: datetime
    phase: RingPhase = RingPhase.RINGING
    step: int = 1
    presses: int = 1
    call: str | None = None
    # Nobody was told of it: the door opens by itself, unless it fails to.
    quiet: bool = False
    answered_by: Actor | None = None
    ended_at: datetime | None = None
    tokens: tuple[Token, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Opening:
    """A door that was told to open, until it has proven that it did."""

    id: str
    door: str
    by: Actor
    ring: str | None
    requested_at: datetime
    # Until when the strike, then the contact of the door, has to report.
    deadline: datetime
    released: bool = False
    # Kept open until it is locked again, rather than for one visitor.
    hold: bool = False
    # How it was asked for: the answer to a ring, a request, what somebody presented.
    method: str = "request"


@dataclass(frozen=True, slots=True, kw_only=True)
class GivenUp:
    """An attempt that was given up; until then the door may open because of it."""

    opening: Opening
    until: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class DoorState:
    """What is known of a door. `None` is unknown, and never a guess."""

    door: str
    released: bool | None = None
    contact_open: bool | None = None
    held_by: Actor | None = None
    changed_by: Actor | None = None
    held_open: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Loss:
    """Equipment that does not answer, since when, and whether that was announced."""

    equipment: str
    since: datetime
    announced: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class EquipmentFault:
    """Something wrong with equipment that still answers."""

    equipment: str
    fault: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PracticeState:
    """Everything that the practice remembers."""

    mode: Mode = Mode.STAFF_ONLY
    # The oldest first; those that are over are kept to answer who comes too late.
    rings: tuple[Ring, ...] = ()
    openings: tuple[Opening, ...] = ()
    given_up: tuple[GivenUp, ...] = ()
    doors: tuple[DoorState, ...] = ()
    losses: tuple[Loss, ...] = ()
    faults: tuple[EquipmentFault, ...] = ()
    standing_open: tuple[StandingOpen, ...] = ()
    auto_open: AutoOpenState = field(default_factory=AutoOpenState)
    hours: HoursState = field(default_factory=HoursState)
    cameras: CamerasState = field(default_factory=CamerasState)
    sirens: tuple[SirenState, ...] = ()
    panic: PanicState = field(default_factory=PanicState)
    intrusion: IntrusionState = field(default_factory=IntrusionState)
    lockdown: LockdownState = field(default_factory=LockdownState)
    grants: GrantsState = field(default_factory=GrantsState)

    def door(self, door: str) -> DoorState:
        """Return what is known of a door; nothing yet is an answer."""
        return next((d for d in self.doors if d.door == door), DoorState(door=door))

    def ring(self, ring: str) -> Ring | None:
        """Return the ring with this identifier."""
        return next((r for r in self.rings if r.id == ring), None)

    def ring_at(self, door: str) -> Ring | None:
        """Return the ring that is going on at a door."""
        return next(
            (r for r in self.rings if r.door == door and not r.phase.is_over), None
        )
