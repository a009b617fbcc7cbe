"""What the mode of the practice means for the alarm."""

from ..people import SYSTEM, Actor
from ..state import Mode
from ..turn import Turn
from . import alarm as alarms
from .events import ArmRequested
from .state import AlarmPhase, ArmMode


def mode_changed(turn: Turn, to_mode: Mode, by: Actor) -> None:
    """Arm where that was asked for; disarm for a person who opens the practice.

    A schedule never disarms: at opening time nobody may be there yet.
    """
    config = turn.config.intrusion
    disarmed = turn.state.intrusion.phase is AlarmPhase.DISARMED
    # Without sensors there is nothing to arm, and nothing to refuse.
    arms = bool(config.sensors)
    if to_mode is Mode.CLOSED and config.arm_when_closed and arms:
        _arm(turn, ArmMode.AWAY)
    elif (
        to_mode is Mode.STAFF_ONLY
        and config.arm_home_when_staff_only
        and arms
        and disarmed
    ):
        _arm(turn, ArmMode.HOME)
    elif (
        to_mode is Mode.OPEN
        and not disarmed
        and not config.code_always
        and turn.config.may_open(by)
    ):
        alarms.disarm(turn, by)


def _arm(turn: Turn, mode: ArmMode) -> None:
    wish = ArmRequested(actor=SYSTEM, mode=mode)
    alarms.arm(turn, wish, SYSTEM, trusted=False)
