"""What people want of a door that opens by itself."""

from dataclasses import dataclass
from datetime import timedelta

from ..events import Request


@dataclass(frozen=True, slots=True, kw_only=True)
class AutoOpenSwitched(Request):
    """Somebody lets a door open by itself, or not any more."""

    door: str
    on: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class AutoOpenSuspended(Request):
    """Somebody wants a door not to open by itself for a while."""

    door: str
    duration: timedelta
