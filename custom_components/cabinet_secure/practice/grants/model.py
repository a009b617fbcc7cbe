"""What the practice remembers of the grants that it gave."""

from dataclasses import dataclass
from datetime import datetime, time
from enum import StrEnum

from ..people import Actor, ActorKind


class GrantRole(StrEnum):
    """Why somebody comes to the practice (public)."""

    STAFF = "staff"
    LOCUM = "locum"
    CLEANER = "cleaner"
    DELIVERY = "delivery"
    GUEST = "guest"


class Means(StrEnum):
    """What somebody presents (public)."""

    CODE = "code"
    CARD = "card"
    LINK = "link"


class GrantPhase(StrEnum):
    """Where a grant stands (public)."""

    PLANNED = "planned"
    ACTIVE = "active"
    USED_UP = "used_up"
    EXPIRED = "expired"
    REVOKED = "revoked"


@dataclass(frozen=True, slots=True, kw_only=True)
class WeeklyWindow:
    """A part of the week, by the clock of the practice; Monday is day 0.

    One that ends no later than it begins goes on past midnight.
    """

    days: tuple[int, ...]
    start: time
    end: time


class HoldingStatus(StrEnum):
    """What a device that checks by itself has of a grant (public)."""

    WAITING = "waiting"  # to be written, or written anew
    HELD = "held"
    REFUSED = "refused"  # the device does not let us write
    LOST = "lost"  # the device has no code of it any more, and neither have we
    REMOVING = "removing"  # over, and still to be taken from the device


@dataclass(frozen=True, slots=True, kw_only=True)
class Holding:
    """What one device has of a grant."""

    equipment: str
    status: HoldingStatus


@dataclass(frozen=True, slots=True, kw_only=True)
class Grant:
    """A right to come in. Of what is presented only the digest is kept.

    `id` has the form of a UUID, as devices name their entries.
    """

    id: str
    label: str
    # The person in Home Assistant, where there is one.
    person: str | None = None
    role: GrantRole
    means: Means
    digest: str
    doors: tuple[str, ...]
    valid_from: datetime
    valid_to: datetime
    # None at all: at any time of the week.
    windows: tuple[WeeklyWindow, ...] = ()
    # None: as often as wanted.
    uses: int | None = None
    used: int = 0
    reason: str = ""
    granted_by: Actor
    granted_at: datetime
    # Used up, expired or revoked; None while it goes on.
    ended: GrantPhase | None = None
    ended_at: datetime | None = None
    expiry_told: bool = False
    holdings: tuple[Holding, ...] = ()

    @property
    def holder(self) -> str:
        """Who holds it: two grants of one person have the same."""
        return self.person or self.label.strip().casefold()

    @property
    def actor(self) -> Actor:
        """Who acts when it is presented."""
        return Actor(kind=ActorKind.CODE, name=self.label, id=self.id)


@dataclass(frozen=True, slots=True, kw_only=True)
class FirstPerson:
    """The first of the two people that a door needs, and when they were there."""

    door: str
    grant: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Denials:
    """How many were denied in a row at a door, and until when codes are not looked at."""

    door: str
    # Since the last announcement, by whatever they presented.
    count: int = 0
    # At the door itself, since somebody was let in there.
    typed: int = 0
    blocked_until: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class GrantsState:
    """All that is remembered of grants; those that ended, for as long as allowed."""

    grants: tuple[Grant, ...] = ()
    first_people: tuple[FirstPerson, ...] = ()
    denials: tuple[Denials, ...] = ()
    # When time was last looked at, and when it has to be next.
    settled_at: datetime | None = None
    due: datetime | None = None

    def grant(self, grant: str) -> Grant | None:
        """Return the grant with this identifier."""
        return next((each for each in self.grants if each.id == grant), None)

    def denied_at(self, door: str) -> Denials:
        """Return who was denied at a door; nobody yet is an answer."""
        return next(
            (each for each in self.denials if each.door == door),
            Denials(door=door),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class AccessEntry:
    """What a device that checks by itself should hold of a grant.

    It is valid for one stretch of time at most: the device itself ends it, should
    nobody be there to tell it of the next one.
    """

    grant: str
    name: str
    means: Means
    digest: str
    doors: tuple[str, ...]
    valid_from: datetime
    valid_to: datetime
    # False: the device recognises the person and leaves the decision to the practice.
    admits: bool = True
