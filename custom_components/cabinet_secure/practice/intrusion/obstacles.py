"""What stands in the way of arming: open windows, unknown sensors, unlocked doors."""

from ..config import PracticeConfig
from ..turn import Turn
from .config import SensorRole
from .state import ArmMode, IntrusionState

# What counts while staff are inside.
GUARDED_AT_HOME = (SensorRole.ENTRY, SensorRole.PERIMETER, SensorRole.ALWAYS)
# What people who leave still walk through.
_LEFT_BY = (SensorRole.ENTRY, SensorRole.ROUTE)


def in_the_way(
    turn: Turn, mode: ArmMode, *, asked: bool
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the sensors and the doors that keep the alarm from being armed.

    A sensor of which nothing is known is in the way where somebody asked, who can see
    to it. By itself, such as when Home Assistant starts after closing time, the alarm
    rather guards with the others. With an exit delay, the way out may still be open. A
    door that is kept unlocked is in the way of leaving.
    """
    config = turn.config.intrusion
    alarm = turn.state.intrusion
    leaving = mode is ArmMode.AWAY and bool(config.exit_delay)
    sensors = tuple(
        sensor
        for sensor, each in config.sensors.items()
        if (mode is ArmMode.AWAY or each.role in GUARDED_AT_HOME)
        and (
            (asked and sensor in alarm.unknown)
            or (
                sensor in alarm.open
                and not each.momentary
                and not (leaving and each.role in _LEFT_BY)
            )
        )
    )
    if mode is ArmMode.HOME:
        return sensors, ()
    return sensors, tuple(
        door for door in turn.config.doors if turn.state.door(door).held_by is not None
    )


def to_bypass(turn: Turn, sensors: tuple[str, ...]) -> frozenset[str]:
    """Return those of these sensors that may be left out."""
    config = turn.config.intrusion
    return frozenset(x for x in sensors if config.sensors[x].may_be_bypassed)


def left_open(config: PracticeConfig, alarm: IntrusionState) -> tuple[str, ...]:
    """Return the sensors that stand open, as against those that tell of a moment."""
    sensors = config.intrusion.sensors
    return tuple(sorted(x for x in alarm.open if not sensors[x].momentary))
