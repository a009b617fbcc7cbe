"""What the alarm was told when it was set up."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum


class SensorRole(StrEnum):
    """Where a sensor is, and so when it counts and whether it waits (public)."""

    ENTRY = "entry"  # the door that people come in by: it starts the entry delay
    ROUTE = "route"  # on the way from there to where the alarm is disarmed
    PERIMETER = "perimeter"  # every other way in: at once, also with people inside
    INTERIOR = "interior"  # inside: at once, with nobody inside
    ALWAYS = "always"  # day and night, armed or not: tamper, the medicine store


@dataclass(frozen=True, slots=True, kw_only=True)
class SensorConfig:
    """A sensor: its role, and what it takes to arm with it."""

    role: SensorRole
    # It tells of a moment, such as a movement, and so never stands in the way of arming.
    momentary: bool = False
    may_be_bypassed: bool = False
    # The door of this practice whose contact it is.
    door: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class IntrusionConfig:
    """The sensors of the alarm, by identifier, and its times."""

    sensors: Mapping[str, SensorConfig] = field(default_factory=dict)
    # DOMAIN: 0 to 45 s; none means at once.
    entry_delay: timedelta = timedelta(seconds=30)
    exit_delay: timedelta = timedelta(seconds=60)
    # How long it stays triggered before it is armed again (DOMAIN: a siren outdoors
    # sounds for 180 s at most, indoors for 900 s).
    trigger_time: timedelta = timedelta(seconds=180)
    # How often sirens sound until somebody disarms (DOMAIN: limited retriggers).
    most_sirens: int = 3
    # Whether disarming takes a code even of people who may open.
    code_always: bool = False
    # What the mode of the practice brings about by itself.
    arm_when_closed: bool = False
    arm_home_when_staff_only: bool = False
