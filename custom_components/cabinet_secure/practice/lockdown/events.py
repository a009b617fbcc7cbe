"""What a practice hears about blocked entries and fires."""

from dataclasses import dataclass

from ..events import EquipmentEvent, Event


@dataclass(frozen=True, slots=True, kw_only=True)
class EntryBlocked(Event):
    """A device confirmed that the entry at a door is blocked, or free again."""

    door: str
    blocked: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class EntryNotChanged(Event):
    """A device could not block the entry at a door, or not free it."""

    door: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FireReported(EquipmentEvent):
    """A fire input says that there is a fire, or that there is none any more."""

    source: str
    active: bool
