"""What the practice remembers of its sirens."""

from dataclasses import dataclass
from datetime import datetime, timedelta


@dataclass(frozen=True, slots=True, kw_only=True)
class SirenRun:
    """A siren that sounds, or sounded, for one cause: a panic, somebody's wish."""

    cause: str
    # For how long it may sound in total, and for how long it did.
    limit: timedelta = timedelta()
    spent: timedelta = timedelta()
    # How often it began to sound.
    begun: int = 0
    wanted: bool = False

    @property
    def left(self) -> timedelta:
        """For how long it may still sound."""
        return max(timedelta(), self.limit - self.spent)


@dataclass(frozen=True, slots=True, kw_only=True)
class SirenState:
    """One siren: what it was told last, why, and whether it did it."""

    siren: str
    # Whether it was told to sound; it was told so, or to be silent, at `changed_at`.
    sounding: bool
    changed_at: datetime
    # Until when the time that it sounds is counted.
    counted_at: datetime
    runs: tuple[SirenRun, ...] = ()
    # When it is told again, as it has not proven that it obeyed; and how often it was.
    next_try: datetime | None = None
    tries: int = 0

    def run(self, cause: str) -> SirenRun | None:
        """Return the run for a cause."""
        return next((run for run in self.runs if run.cause == cause), None)

    @property
    def proven(self) -> bool:
        """Whether the device does what it was told."""
        return self.next_try is None
