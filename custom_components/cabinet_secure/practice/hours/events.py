"""What a practice hears about its hours."""

from dataclasses import dataclass
from datetime import datetime

from ..events import Event, Request
from ..modes import Mode


@dataclass(frozen=True, slots=True, kw_only=True)
class FollowedScheduleSeen(Event):
    """What the schedule or calendar that is followed says; None: it says nothing.

    `until` is when it next says something else, where it tells.
    """

    is_open: bool | None
    until: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PeriodAdded(Request):
    """Somebody enters an exceptional closure or opening."""

    mode: Mode
    begin: datetime
    end: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class PeriodRemoved(Request):
    """Somebody takes an exceptional period out again."""

    period: str
