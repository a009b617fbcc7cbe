"""What a practice remembers of entries that are blocked, and of fires."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """The entry at a door, as its device last confirmed it; None is unknown.

    `told` is what the device was told last, and `again_at` when it is told once more
    what it has not confirmed; None: at once.
    """

    door: str
    blocked: bool | None = None
    told: bool | None = None
    again_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class LockdownState:
    """Entries that are blocked, are to be, or have not been freed yet; and fires."""

    entries: tuple[Entry, ...] = ()
    # What reports a fire at the moment.
    fires: tuple[str, ...] = ()
