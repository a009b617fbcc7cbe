"""What the practice can hear about grants."""

from dataclasses import dataclass
from datetime import datetime

from ..events import DoorEvent, EquipmentEvent, Request
from .model import GrantRole, Means, WeeklyWindow


@dataclass(frozen=True, slots=True, kw_only=True)
class GrantRequested(Request):
    """Somebody wants to let somebody in; `digest` is that of the code to be given."""

    label: str
    person: str | None = None
    role: GrantRole
    means: Means
    digest: str
    doors: tuple[str, ...]
    valid_from: datetime
    valid_to: datetime
    windows: tuple[WeeklyWindow, ...] = ()
    uses: int | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class RevokeRequested(Request):
    """Somebody wants a grant ended now."""

    grant: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RevokeHolderRequested(Request):
    """Somebody wants everything ended that one person was granted."""

    holder: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DoorCodePresented(DoorEvent):
    """A code was typed at a keypad that leaves it to us to check it."""

    digest: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkVisited(Request):
    """Somebody looks at the page of an opening link; nothing opens by that."""

    digest: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkPresented(Request):
    """Somebody pressed the button on the page of an opening link."""

    digest: str
    door: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AccessListRead(EquipmentEvent):
    """What a device that checks by itself holds, now that it was put right."""

    held: frozenset[str]
    # Those whose code the device has no more.
    lost: frozenset[str] = frozenset()
    # Those that somebody else had changed on the device.
    repaired: frozenset[str] = frozenset()
    # Those that the device does not take as they are.
    refused: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class AccessListRefused(EquipmentEvent):
    """A device that checks by itself does not let us write."""

    reason: str
