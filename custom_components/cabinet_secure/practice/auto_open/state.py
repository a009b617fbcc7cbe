"""What a practice remembers of doors that open by themselves."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Suspension:
    """A door that does not open by itself for a while."""

    door: str
    until: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenedByItself:
    """A door that was told to open by itself, for the limits on how often it is."""

    door: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class AutoOpenState:
    """Doors that somebody switched off or suspended, and what was opened lately."""

    off: tuple[str, ...] = ()
    suspended: tuple[Suspension, ...] = ()
    opened: tuple[OpenedByItself, ...] = ()
