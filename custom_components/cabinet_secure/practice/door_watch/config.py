"""How long a door may stand open."""

from dataclasses import dataclass
from datetime import timedelta

from ..modes import Mode

# The modes in which people come and go.
_DAY = (Mode.OPEN, Mode.STAFF_ONLY)


@dataclass(frozen=True, slots=True, kw_only=True)
class DoorWatchConfig:
    """How long a door may stand open before that is said; None: as long as it likes."""

    by_day: timedelta | None = None
    after_hours: timedelta | None = None

    def longest(self, mode: Mode) -> timedelta | None:
        """Return how long a door may stand open in this mode."""
        return self.after_hours if is_after_hours(mode) else self.by_day


def is_after_hours(mode: Mode) -> bool:
    """Whether no door should stand open in this mode for longer than one passes it."""
    return mode not in _DAY
