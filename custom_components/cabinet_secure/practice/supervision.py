"""Supervision: equipment that does not answer, or says that something is wrong.

DOMAIN, *Alarm*: a fault is announced within 180 s. A short loss, such as a device that
starts again, is not worth waking anybody.
"""

from dataclasses import replace
from datetime import timedelta

from . import access
from .effects import AnnounceDoor, AnnounceEquipment, DoorEventKind, EquipmentEventKind
from .events import EquipmentLost, EquipmentRestored, Fault, FaultCleared, FaultRaised
from .state import EquipmentFault, Loss
from .turn import Turn

LOSS_ANNOUNCED_AFTER = timedelta(seconds=60)


def equipment_lost(turn: Turn, event: EquipmentLost) -> None:
    """Remember since when equipment is away, and that its doors are unknown."""
    if any(loss.equipment == event.equipment for loss in turn.state.losses):
        return
    _put_loss(turn, Loss(equipment=event.equipment, since=turn.now))
    access.doors_lost(turn, event.equipment)


def equipment_restored(turn: Turn, event: EquipmentRestored) -> None:
    """Forget a loss; say that it is over if it was announced."""
    for loss in turn.state.losses:
        if loss.equipment == event.equipment and loss.announced:
            turn.emit(
                AnnounceEquipment(
                    kind=EquipmentEventKind.RESTORED, equipment=loss.equipment
                )
            )
    turn.state = replace(
        turn.state,
        losses=tuple(x for x in turn.state.losses if x.equipment != event.equipment),
    )


def announce_losses(turn: Turn) -> None:
    """Announce the equipment that has been away for too long."""
    for loss in turn.state.losses:
        if loss.announced:
            continue
        if turn.is_from_future(loss.since):
            _put_loss(turn, replace(loss, since=turn.now))
        elif loss.since + LOSS_ANNOUNCED_AFTER <= turn.now:
            _put_loss(turn, replace(loss, announced=True))
            turn.emit(
                AnnounceEquipment(
                    kind=EquipmentEventKind.LOST, equipment=loss.equipment
                )
            )


def _put_loss(turn: Turn, loss: Loss) -> None:
    others = tuple(x for x in turn.state.losses if x.equipment != loss.equipment)
    turn.state = replace(turn.state, losses=(*others, loss))


def fault_raised(turn: Turn, event: FaultRaised) -> None:
    """Remember and announce a fault, once for as long as it lasts."""
    fault = EquipmentFault(equipment=event.equipment, fault=event.fault)
    if fault in turn.state.faults:
        return
    turn.state = replace(turn.state, faults=(*turn.state.faults, fault))
    turn.emit(
        AnnounceEquipment(
            kind=EquipmentEventKind.FAULT, equipment=event.equipment, fault=event.fault
        )
    )
    if event.fault is Fault.TAMPER:
        for door in turn.config.doors_of(event.equipment):
            turn.emit(
                AnnounceDoor(
                    kind=DoorEventKind.TAMPERED,
                    door=door,
                    late=event.late,
                    device_time=event.device_time,
                )
            )


def fault_cleared(turn: Turn, event: FaultCleared) -> None:
    """Forget a fault, and say that it is over."""
    fault = EquipmentFault(equipment=event.equipment, fault=event.fault)
    if fault not in turn.state.faults:
        return
    turn.state = replace(
        turn.state, faults=tuple(x for x in turn.state.faults if x != fault)
    )
    turn.emit(
        AnnounceEquipment(
            kind=EquipmentEventKind.FAULT_CLEARED,
            equipment=event.equipment,
            fault=event.fault,
        )
    )
