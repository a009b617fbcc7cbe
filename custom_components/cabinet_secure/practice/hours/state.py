"""What a practice remembers about its hours."""

from dataclasses import dataclass
from datetime import datetime

from ..modes import Mode
from ..people import Actor


@dataclass(frozen=True, slots=True, kw_only=True)
class ExceptionalPeriod:
    """A time at which the practice is run otherwise than on every other such day."""

    id: str
    mode: Mode
    begin: datetime
    end: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class FollowedSchedule:
    """What the schedule or calendar that is followed said last; `until` it says more."""

    is_open: bool
    seen_at: datetime
    until: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """A mode that somebody chose; it holds `until` then, or until it is changed."""

    mode: Mode
    made_at: datetime
    until: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Presence:
    """Somebody of the staff is there, as far as we know; at the latest until then."""

    by: Actor
    since: datetime
    until: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Scheduled:
    """The mode that is due, when that was worked out, and when it changes to what."""

    mode: Mode
    worked_out_at: datetime
    changes_at: datetime | None = None
    changes_to: Mode | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class HoursState:
    """Everything that is remembered about the hours."""

    scheduled: Scheduled | None = None
    choice: Choice | None = None
    exceptions: tuple[ExceptionalPeriod, ...] = ()
    followed: FollowedSchedule | None = None
    presence: Presence | None = None
    # Since when the scheduled opening waits for the first of the staff.
    waiting_since: datetime | None = None
    nobody_came_told: bool = False
