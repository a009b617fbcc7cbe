"""What a practice says of doors that open by themselves."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from ..effects import Effect
from ..people import Actor


class AutoOpenEvent(StrEnum):
    """What can happen to a door that opens by itself."""

    ON = "auto_open_on"
    OFF = "auto_open_off"
    SUSPENDED = "auto_open_suspended"


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordAutoOpen(Effect):
    """Put on record who changed whether a door opens by itself."""

    event: AutoOpenEvent
    door: str
    by: Actor
    until: datetime | None = None
