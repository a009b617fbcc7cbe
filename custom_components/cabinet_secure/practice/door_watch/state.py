"""What a practice remembers of doors that stand open."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class StandingOpen:
    """A door that stands open, since when, and whether that was said."""

    door: str
    since: datetime
    said: bool = False
    # Said while the practice was closed: what was said by day is said again then.
    said_after_hours: bool = False
