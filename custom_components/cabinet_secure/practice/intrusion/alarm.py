"""The alarm: armed, pending, triggered, and who ends it.

From armed there is one way to disarmed: `disarm`, for a right code or for somebody who
may open. What trips while the alarm is armed is never lost: neither by a restart nor by
a clock that is set.
"""

from dataclasses import replace
from datetime import timedelta
from typing import Any, Final

from ..effects import Refusal, Refused
from ..events import DoorEvent, DoorForced, DoorOpened
from ..hours import course
from ..people import SYSTEM, Actor
from ..sirens import course as sirens
from ..turn import Turn
from . import obstacles
from .config import SensorRole
from .effects import AnnounceIntrusion, IntrusionEvent
from .events import ArmRequested, DisarmRequested, TriggerRequested
from .state import AlarmPhase, ArmMode, IntrusionState

REARMED: Final = "rearmed"

_RUNNING = (AlarmPhase.PENDING, AlarmPhase.TRIGGERED)


def change(turn: Turn, **changes: Any) -> None:
    """Change what the alarm remembers."""
    turn.state = replace(turn.state, intrusion=replace(turn.state.intrusion, **changes))


# --- people --------------------------------------------------------------------------


def arm_requested(turn: Turn, event: ArmRequested) -> None:
    """Arm for anybody who has a role, and for automations: it takes nothing away."""
    if turn.config.may_arm(event.actor):
        arm(turn, event, event.actor, trusted=turn.config.may_open(event.actor))
    else:
        _refuse(turn, event.actor, event.mode, Refusal.NOT_ALLOWED)


def arm(turn: Turn, wish: ArmRequested, actor: Actor, *, trusted: bool) -> None:
    """Arm if nothing is in the way; `trusted` is somebody who might disarm as well."""
    alarm, mode = turn.state.intrusion, wish.mode
    if alarm.arm_mode is mode and alarm.phase in (AlarmPhase.ARMING, AlarmPhase.ARMED):
        return
    sensors, doors = obstacles.in_the_way(turn, mode, asked=actor is not SYSTEM)
    bypassed = obstacles.to_bypass(turn, sensors) if wish.bypass else frozenset()
    refusal: Refusal | None = None
    if alarm.phase in _RUNNING:
        refusal = Refusal.ALARM_RUNNING
    elif (
        alarm.phase is not AlarmPhase.DISARMED and mode is ArmMode.HOME and not trusted
    ):
        # The interior would be guarded no more.
        refusal = Refusal.NOT_ALLOWED
    elif not turn.config.intrusion.sensors:
        refusal = Refusal.NO_SENSORS
    elif doors or not bypassed.issuperset(sensors):
        refusal = Refusal.NOT_CLOSED
    if refusal:
        _refuse(turn, actor, mode, refusal, sensors, doors)
        return
    delay = turn.config.intrusion.exit_delay if mode is ArmMode.AWAY else timedelta()
    change(
        turn,
        phase=AlarmPhase.ARMING,
        arm_mode=mode,
        before=alarm.arm_mode if alarm.phase is AlarmPhase.ARMED else alarm.before,
        until=turn.now + delay,
        changed_by=actor,
        bypassed=bypassed,
        tripped=(),
        triggers=0,
    )
    if not delay:
        _set_armed(turn)


def _refuse(
    turn: Turn,
    actor: Actor,
    mode: ArmMode,
    refusal: Refusal,
    sensors: tuple[str, ...] = (),
    doors: tuple[str, ...] = (),
) -> None:
    if refusal is not Refusal.NOT_CLOSED:
        sensors = doors = ()
    if actor is not SYSTEM:
        turn.emit(Refused(refusal=refusal, parts=(*sensors, *doors)))
    turn.emit(
        AnnounceIntrusion(
            event=IntrusionEvent.ARM_REFUSED,
            arm_mode=mode,
            was=turn.state.intrusion.phase,
            by=actor,
            sensors=sensors,
            doors=doors,
            reason=refusal,
        )
    )


def disarm_requested(turn: Turn, event: DisarmRequested) -> None:
    """Disarm without a code, for somebody who may open."""
    if not turn.config.may_open(event.actor):
        turn.emit(Refused(refusal=Refusal.NOT_ALLOWED))
    elif turn.config.intrusion.code_always:
        turn.emit(Refused(refusal=Refusal.CODE_NEEDED))
    else:
        disarm(turn, event.actor)


def disarm(turn: Turn, actor: Actor) -> None:
    """End everything. Whoever calls has looked at the code or at the person."""
    alarm = turn.state.intrusion
    if alarm.phase is AlarmPhase.DISARMED:
        return
    _silence(turn)
    _stand_down(turn)
    change(turn, changed_by=actor)
    _announce(turn, IntrusionEvent.DISARMED, alarm, by=actor, sensors=alarm.tripped)
    course.somebody_disarmed(turn, actor)


def _stand_down(turn: Turn) -> None:
    alarm = turn.state.intrusion
    config = turn.config.intrusion
    change(
        turn,
        phase=AlarmPhase.DISARMED,
        arm_mode=None,
        before=None,
        armed_at=None,
        until=None,
        bypassed=frozenset(),
        # Those that count day and night still stand open, and have been acted on.
        counted=frozenset(
            sensor
            for sensor in alarm.counted
            if config.sensors[sensor].role is SensorRole.ALWAYS
        ),
        triggers=0,
    )


def trigger_requested(turn: Turn, event: TriggerRequested) -> None:
    """Trigger for automations and for people with a role, whatever is armed."""
    if not turn.config.may_arm(event.actor):
        turn.emit(Refused(refusal=Refusal.NOT_ALLOWED))
    elif turn.state.intrusion.phase is not AlarmPhase.TRIGGERED:
        change(turn, changed_by=event.actor)
        _trigger(turn, by=event.actor)


# --- sensors -------------------------------------------------------------------------


def sensor_tripped(turn: Turn, sensor: str) -> None:
    """Act on a sensor once, if it counts now."""
    alarm = turn.state.intrusion
    if sensor in alarm.counted or not _counts(turn, sensor):
        return
    change(turn, counted=alarm.counted | {sensor})
    _act_on(turn, sensor)


def opened_while_away(turn: Turn, event: DoorEvent) -> None:
    """Act on a door that opened since the alarm was armed, and is told of late."""
    armed_at = turn.state.intrusion.armed_at
    if not event.late or event.device_time is None or armed_at is None:
        return
    if not isinstance(event, DoorOpened | DoorForced):
        return
    if event.device_time > armed_at:
        for sensor, config in turn.config.intrusion.sensors.items():
            if config.door == event.door and _counts(turn, sensor):
                _act_on(turn, sensor)


def _counts(turn: Turn, sensor: str) -> bool:
    """Whether a sensor counts at the moment."""
    alarm = turn.state.intrusion
    role = turn.config.intrusion.sensors[sensor].role
    if sensor in alarm.bypassed:
        return False
    if role is SensorRole.ALWAYS:
        return True
    if alarm.phase is AlarmPhase.ARMING:
        # People leave; what was armed with people inside stays so.
        return alarm.before is not None and role is SensorRole.PERIMETER
    if alarm.arm_mode is None:
        return False
    return alarm.arm_mode is ArmMode.AWAY or role in obstacles.GUARDED_AT_HOME


def _act_on(turn: Turn, sensor: str) -> None:
    alarm = turn.state.intrusion
    role = turn.config.intrusion.sensors[sensor].role
    known = sensor in alarm.tripped
    if not known:
        change(turn, tripped=(*alarm.tripped, sensor))
    entry_delay = turn.config.intrusion.entry_delay
    waits = (role is SensorRole.ENTRY and bool(entry_delay)) or (
        role is SensorRole.ROUTE and alarm.phase is AlarmPhase.PENDING
    )
    if alarm.phase is AlarmPhase.TRIGGERED:
        if not known:
            # Somebody goes on through the rooms.
            _announce(turn, IntrusionEvent.TRIGGERED, alarm, sensors=(sensor,))
    elif not waits:
        _trigger(turn, sensor)
    elif alarm.phase is not AlarmPhase.PENDING:
        change(turn, phase=AlarmPhase.PENDING, until=turn.now + entry_delay)
        _announce(turn, IntrusionEvent.PENDING, alarm, sensors=(sensor,))


def _trigger(turn: Turn, *sensors: str, by: Actor | None = None) -> None:
    alarm = turn.state.intrusion
    change(
        turn,
        phase=AlarmPhase.TRIGGERED,
        until=turn.now + turn.config.intrusion.trigger_time,
        before=None,
        triggers=alarm.triggers + 1,
        session=turn.new_token(),
    )
    if _is_audible(turn):
        sirens.sound(
            turn, turn.config.sirens, _cause(turn), turn.config.intrusion.trigger_time
        )
    _announce(turn, IntrusionEvent.TRIGGERED, alarm, sensors=sensors, by=by)


def _is_audible(turn: Turn) -> bool:
    alarm = turn.state.intrusion
    return (
        alarm.phase is AlarmPhase.TRIGGERED
        and alarm.triggers <= turn.config.intrusion.most_sirens
    )


def _cause(turn: Turn) -> str:
    return f"intrusion-{turn.state.intrusion.session}"


def _silence(turn: Turn) -> None:
    """Let the sirens be silent again, and the next trigger be one of its own."""
    sirens.silence(turn, _cause(turn))
    change(turn, session=None)


# --- time ----------------------------------------------------------------------------


def settle(turn: Turn) -> None:
    """Do what time has brought about.

    No delay is ever longer from now than it was to be: the clock may have been set.
    """
    alarm = turn.state.intrusion
    if alarm.until is None:
        return
    config = turn.config.intrusion
    longest = {
        AlarmPhase.ARMING: config.exit_delay,
        AlarmPhase.PENDING: config.entry_delay,
        AlarmPhase.TRIGGERED: config.trigger_time,
    }[alarm.phase]
    until = min(alarm.until, turn.now + longest)
    if until > turn.now:
        if until != alarm.until:
            change(turn, until=until)
    elif alarm.phase is AlarmPhase.ARMING:
        _set_armed(turn)
    elif alarm.phase is AlarmPhase.PENDING:
        _trigger(turn, *alarm.tripped)
    elif alarm.arm_mode is None:
        _silence(turn)
        _stand_down(turn)
        _announce(turn, IntrusionEvent.DISARMED, alarm, by=SYSTEM, reason=REARMED)
    else:
        _silence(turn)
        change(
            turn,
            phase=AlarmPhase.ARMED,
            armed_at=alarm.armed_at or turn.now,
            until=None,
        )
        _announce(turn, IntrusionEvent.ARMED, alarm, by=SYSTEM, reason=REARMED)


def _set_armed(turn: Turn) -> None:
    """Arm now; what still stands open counts once it was closed."""
    alarm = turn.state.intrusion
    change(
        turn,
        phase=AlarmPhase.ARMED,
        before=None,
        armed_at=turn.now,
        until=None,
    )
    counted = frozenset(x for x in alarm.open if _counts(turn, x))
    change(turn, counted=alarm.counted | counted)
    left_open = obstacles.left_open(turn.config, alarm)
    _announce(
        turn,
        IntrusionEvent.ARMED,
        alarm,
        by=alarm.changed_by,
        sensors=tuple(x for x in left_open if x in counted),
    )


def _announce(
    turn: Turn, event: IntrusionEvent, before: IntrusionState, **about: Any
) -> None:
    alarm = turn.state.intrusion
    turn.emit(
        AnnounceIntrusion(
            event=event,
            arm_mode=alarm.arm_mode,
            was=before.phase,
            bypassed=alarm.bypassed,
            until=alarm.until,
            session=alarm.session or before.session,
            audible=_is_audible(turn),
            **about,
        )
    )
