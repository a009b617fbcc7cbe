"""What the sensors of the alarm tell, and what becomes of one that tells nothing.

DOMAIN, *Alarm*: a fault is announced within 180 s. A sensor that is lost triggers
nothing by itself, as radio sensors are lost every day; it cannot be armed with unless
it is bypassed, and tripped when it is back it counts.
"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta

from ..turn import Turn
from . import alarm as alarms
from .config import IntrusionConfig
from .effects import AnnounceIntrusion, IntrusionEvent
from .events import SensorEvent, SensorLost, SensorTripped
from .state import IntrusionState, SensorLoss

# Home Assistant itself takes a while to hear of all sensors when it starts.
LOSS_ANNOUNCED_AFTER = timedelta(seconds=120)


def after_restart(config: IntrusionConfig, alarm: IntrusionState) -> IntrusionState:
    """Keep what still holds: sensors that are gone are forgotten, all are unknown."""
    known = frozenset(config.sensors)
    return replace(
        alarm,
        bypassed=alarm.bypassed & known,
        counted=alarm.counted & known,
        tripped=tuple(sensor for sensor in alarm.tripped if sensor in known),
        losses=tuple(loss for loss in alarm.losses if loss.sensor in known),
        open=frozenset(),
        unknown=known,
    )


def sensor_told(turn: Turn, event: SensorEvent) -> None:
    """Note what a sensor tells; act on one that tripped."""
    sensor = event.sensor
    if sensor not in turn.config.intrusion.sensors:
        return
    alarm = turn.state.intrusion
    lost, tripped = isinstance(event, SensorLost), isinstance(event, SensorTripped)
    alarms.change(
        turn,
        open=alarm.open | {sensor} if tripped else alarm.open - {sensor},
        unknown=alarm.unknown | {sensor} if lost else alarm.unknown - {sensor},
    )
    if lost:
        _lose(turn, sensor)
        return
    _find(turn, sensor)
    if tripped:
        alarms.sensor_tripped(turn, sensor)
    elif sensor in alarm.counted:
        alarms.change(turn, counted=alarm.counted - {sensor})


def _lose(turn: Turn, sensor: str) -> None:
    if all(loss.sensor != sensor for loss in turn.state.intrusion.losses):
        _put_loss(turn, SensorLoss(sensor=sensor, since=turn.now))


def _find(turn: Turn, sensor: str) -> None:
    alarm = turn.state.intrusion
    for loss in alarm.losses:
        if loss.sensor == sensor:
            others = tuple(x for x in alarm.losses if x is not loss)
            alarms.change(turn, losses=others)
            if loss.announced:
                _announce(turn, IntrusionEvent.SENSOR_RESTORED, sensor)


def deadlines(alarm: IntrusionState) -> Iterator[datetime]:
    """Yield when the alarm is to be looked at again."""
    if alarm.until is not None:
        yield alarm.until
    for loss in alarm.losses:
        if not loss.announced:
            yield loss.since + LOSS_ANNOUNCED_AFTER


def announce_losses(turn: Turn) -> None:
    """Announce the sensors of which nothing has been known for too long."""
    for loss in turn.state.intrusion.losses:
        if loss.announced:
            continue
        if turn.is_from_future(loss.since):
            _put_loss(turn, replace(loss, since=turn.now))
        elif loss.since + LOSS_ANNOUNCED_AFTER <= turn.now:
            _put_loss(turn, replace(loss, announced=True))
            _announce(turn, IntrusionEvent.SENSOR_LOST, loss.sensor)


def _put_loss(turn: Turn, loss: SensorLoss) -> None:
    losses = turn.state.intrusion.losses
    others = tuple(x for x in losses if x.sensor != loss.sensor)
    alarms.change(turn, losses=(*others, loss))


def _announce(turn: Turn, event: IntrusionEvent, sensor: str) -> None:
    alarm = turn.state.intrusion
    turn.emit(
        AnnounceIntrusion(
            event=event,
            arm_mode=alarm.arm_mode,
            was=alarm.phase,
            sensors=(sensor,),
        )
    )
