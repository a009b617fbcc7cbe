"""What the alarm wants done."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from ..effects import Effect
from ..people import Actor
from .state import AlarmPhase, ArmMode


class IntrusionEvent(StrEnum):
    """What can happen to the alarm (public: `trigger.intrusion.event`)."""

    ARMED = "armed"
    PENDING = "pending"
    TRIGGERED = "triggered"
    DISARMED = "disarmed"
    ARM_REFUSED = "arm_refused"
    CODE_REJECTED = "code_rejected"
    LOCKED_OUT = "locked_out"
    SENSOR_LOST = "sensor_lost"
    SENSOR_RESTORED = "sensor_restored"


@dataclass(frozen=True, slots=True, kw_only=True)
class AnnounceIntrusion(Effect):
    """Say what happened to the alarm.

    `sensors` are those it is about: what tripped, what stands open, what is lost.
    `doors` are unlocked ones that keep it from being armed.
    """

    event: IntrusionEvent
    arm_mode: ArmMode | None
    # Where the alarm stood before.
    was: AlarmPhase
    by: Actor | None = None
    sensors: tuple[str, ...] = ()
    doors: tuple[str, ...] = ()
    bypassed: frozenset[str] = frozenset()
    reason: str | None = None
    # When the entry delay, the alarm or the lock-out ends.
    until: datetime | None = None
    # Names the time that it is triggered, from then to its end.
    session: str | None = None
    # Whether sirens may sound for it (DOMAIN: limited retriggers).
    audible: bool = False
