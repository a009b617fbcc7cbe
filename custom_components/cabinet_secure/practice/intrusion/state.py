"""What the alarm remembers."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from ..people import Actor


class ArmMode(StrEnum):
    """How much the alarm guards."""

    AWAY = "away"  # everything: nobody is inside
    HOME = "home"  # the perimeter only: staff are inside


class AlarmPhase(StrEnum):
    """Where the alarm stands."""

    DISARMED = "disarmed"
    ARMING = "arming"  # the exit delay
    ARMED = "armed"
    PENDING = "pending"  # the entry delay
    TRIGGERED = "triggered"


@dataclass(frozen=True, slots=True, kw_only=True)
class SensorLoss:
    """A sensor of which nothing is known, since when, and whether that was announced."""

    sensor: str
    since: datetime
    announced: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempts:
    """The wrong codes from one source: how many weigh on it, and the last one's time."""

    source: str
    wrong: int
    last: datetime


def _seen() -> frozenset[str]:
    """Return what is seen of sensors: told anew after a restart, and so never stored."""
    return field(default=frozenset(), compare=False, metadata={"serialize": "omit"})


@dataclass(frozen=True, slots=True, kw_only=True)
class IntrusionState:
    """Everything that the alarm remembers, and what it sees at the moment."""

    phase: AlarmPhase = AlarmPhase.DISARMED
    # What is armed, or will be after the exit delay; None as well while triggered by a
    # sensor that counts day and night.
    arm_mode: ArmMode | None = None
    # During the exit delay: what was armed before, and still is.
    before: ArmMode | None = None
    armed_at: datetime | None = None
    # When the exit delay, the entry delay or the time of being triggered ends.
    until: datetime | None = None
    changed_by: Actor | None = None
    bypassed: frozenset[str] = frozenset()
    # Tripped sensors that were acted on: they count anew once they were restored.
    counted: frozenset[str] = frozenset()
    # What tripped since the alarm was armed, in order.
    tripped: tuple[str, ...] = ()
    # How often it was triggered since it was armed.
    triggers: int = 0
    # Names the last time that it was triggered, and what its sirens sound for.
    session: str | None = None
    losses: tuple[SensorLoss, ...] = ()
    attempts: tuple[Attempts, ...] = ()
    open: frozenset[str] = _seen()
    unknown: frozenset[str] = _seen()
