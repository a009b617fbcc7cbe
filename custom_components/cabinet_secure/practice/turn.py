"""One turn of the practice: an event comes in, the state changes, effects come out."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from .config import PracticeConfig
from .effects import Effect
from .state import DoorState, Opening, PracticeState, Ring

# How far a clock may be corrected without anything that we remember being in doubt.
CLOCK_TOLERANCE = timedelta(seconds=60)


@dataclass(slots=True, kw_only=True)
class Turn:
    """What the machines of the practice share while an event is handled."""

    config: PracticeConfig
    state: PracticeState
    now: datetime
    # An unguessable text of at least 128 bits, new at every call.
    new_token: Callable[[], str]
    effects: list[Effect] = field(default_factory=list)

    def emit(self, effect: Effect) -> None:
        """Ask for something to be done once the turn is over."""
        self.effects.append(effect)

    def is_from_future(self, time: datetime) -> bool:
        """Whether the clock was set back since this time, which counts no more."""
        return time > self.now + CLOCK_TOLERANCE

    def change_hours(self, **changes: Any) -> None:
        """Change what is remembered about the hours."""
        self.state = replace(self.state, hours=replace(self.state.hours, **changes))

    def put_ring(self, ring: Ring) -> None:
        """Remember a ring, new or changed."""
        rings = self.state.rings
        if any(known.id == ring.id for known in rings):
            rings = tuple(ring if known.id == ring.id else known for known in rings)
        else:
            rings = (*rings, ring)
        self.state = replace(self.state, rings=rings)

    def put_opening(self, opening: Opening) -> None:
        """Remember an attempt to open, new or changed."""
        self.drop_opening(opening.id)
        self.state = replace(self.state, openings=(*self.state.openings, opening))

    def drop_opening(self, opening: str) -> None:
        """Forget an attempt to open: it succeeded or failed."""
        self.state = replace(
            self.state,
            openings=tuple(o for o in self.state.openings if o.id != opening),
        )

    def change_door(self, door: str, **changes: Any) -> DoorState:
        """Change what is known of a door, and return it."""
        changed = replace(self.state.door(door), **changes)
        others = tuple(d for d in self.state.doors if d.door != door)
        self.state = replace(self.state, doors=(*others, changed))
        return changed
