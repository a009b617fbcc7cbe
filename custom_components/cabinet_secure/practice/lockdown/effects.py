"""What a practice wants done to the entries of its doors."""

from dataclasses import dataclass
from typing import ClassVar

from ..effects import Effect, Urgency


@dataclass(frozen=True, slots=True, kw_only=True)
class BlockEntry(Effect):
    """Have the device itself let nobody in at this door. The exit stays free."""

    urgency: ClassVar[Urgency] = Urgency.SECURE
    door: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FreeEntry(Effect):
    """Have the device let people in again who may come in."""

    urgency: ClassVar[Urgency] = Urgency.SECURE
    door: str
