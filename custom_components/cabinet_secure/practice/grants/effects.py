"""What the practice wants done about grants."""

from dataclasses import dataclass
from enum import StrEnum
from typing import ClassVar

from ..effects import Effect, Urgency
from ..people import Actor
from .model import Grant


class GrantEvent(StrEnum):
    """What can happen to a grant (public: `trigger.grant.event`)."""

    GRANTED = "granted"
    EXPIRING = "expiring"
    EXPIRED = "expired"
    REVOKED = "revoked"
    USED_UP = "used_up"
    VISITED = "visited"  # the page of its link was looked at
    SECOND_PERSON_AWAITED = "second_person_awaited"
    REMOVED = "removed"  # revoked while the device was away, and gone from it now
    CHANGED_BY_OTHERS = "changed_by_others"  # on the device, and put right
    NOT_WRITTEN = "not_written"  # the device does not take it
    CODE_LOST = "code_lost"


@dataclass(frozen=True, slots=True, kw_only=True)
class AnnounceGrant(Effect):
    """Say what happened to a grant, who did it, and where."""

    event: GrantEvent
    grant: Grant
    by: Actor | None = None
    equipment: str | None = None
    door: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class WriteAccessList(Effect):
    """Bring what a device holds to what it should hold."""

    # Whoever is revoked must not come in any more.
    urgency: ClassVar[Urgency] = Urgency.SECURE
    equipment: str
