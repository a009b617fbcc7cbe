"""What a practice hears of its equipment, for tests that look no further."""

from custom_components.cabinet_secure.practice.events import (
    BellPressed,
    Event,
    PanicPressed,
)

type Heard = list[Event]


def presses(heard: Heard) -> list[tuple[bool, bool]]:
    """Return of each call for help whether it is late, and whether it is in doubt."""
    return [(e.late, e.doubt) for e in heard if isinstance(e, PanicPressed)]


def rings(heard: Heard) -> list[bool]:
    """Return of each press on a bell whether it is late."""
    return [e.late for e in heard if isinstance(e, BellPressed)]
