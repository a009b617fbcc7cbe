"""What a practice says about its hours."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from ..effects import Effect
from ..modes import Mode
from ..people import Actor


class HoursEventKind(StrEnum):
    """What can happen to the hours (public: `trigger.hours.event`)."""

    NOBODY_CAME = "nobody_came"  # the scheduled opening still waits for the staff
    STAFF_CAME = "staff_came"
    PERIOD_ADDED = "period_added"
    PERIOD_REMOVED = "period_removed"


@dataclass(frozen=True, slots=True, kw_only=True)
class AnnounceHours(Effect):
    """Say what happened to the hours; `begin` is since when, or of the period."""

    kind: HoursEventKind
    begin: datetime
    end: datetime | None = None
    mode: Mode | None = None
    by: Actor | None = None
