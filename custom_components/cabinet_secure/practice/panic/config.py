"""What the practice was told about calls for help."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum
from typing import Final

from .state import Panic, PanicKind

# DOMAIN: an attack alert is silent, a duress code looks like any other.
NEVER_AUDIBLE: Final = frozenset({PanicKind.DURESS, PanicKind.ATTACK})


class Gesture(StrEnum):
    """What it takes to raise a panic (DOMAIN: *Panic*, deliberate)."""

    SINGLE = "single"
    DOUBLE = "double"  # two presses within 3 s
    LONG = "long"  # held for 2 s
    PAIR = "pair"  # two different buttons within 3 s


@dataclass(frozen=True, slots=True, kw_only=True)
class PanicSource:
    """A panic button: what a press on it means, and where it is."""

    kind: PanicKind = PanicKind.HOLD_UP
    audible: bool = False
    location: str = ""
    gesture: Gesture = Gesture.DOUBLE
    # What it hangs on.
    equipment: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PanicConfig:
    """The panic buttons of a practice, and how a panic goes on."""

    sources: Mapping[str, PanicSource] = field(default_factory=dict)
    # When the second, third … step of escalation begins, counted from the press.
    escalation: tuple[timedelta, ...] = (
        timedelta(seconds=30),
        timedelta(seconds=90),
    )
    # How often it is told again until a person acknowledges; 60 s at most.
    repeat: timedelta = timedelta(seconds=30)
    # What sounds for a panic that may be heard, and for how long in total.
    sirens: frozenset[str] = frozenset()
    siren_time: timedelta = timedelta(seconds=180)
    # Else it ends at the reset.
    siren_ends_at_acknowledgement: bool = False
    # What no door stays held open during.
    ends_holds: frozenset[PanicKind] = frozenset(
        {PanicKind.DURESS, PanicKind.HOLD_UP, PanicKind.ATTACK}
    )
    # Whether panics without noise are seen on dashboards, and so perhaps by whoever
    # threatens (DOMAIN: the silent path shows nothing at the place).
    silent_is_shown: bool = False
    # Whether an attack puts the practice in lockdown: entry only, never the exit.
    attack_locks_down: bool = True

    def source(self, source: str) -> PanicSource:
        """Return what a source means; one that nobody described is taken seriously."""
        return self.sources.get(source, PanicSource())

    def is_shown(self, panic: Panic) -> bool:
        """Whether entities tell of a panic; never of a drill, which calls nobody."""
        return not panic.drill and (panic.audible or self.silent_is_shown)
