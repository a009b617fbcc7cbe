"""What the devices report of their doors, noted and said."""

from . import late_effects
from .access import BY_ORIGINATOR
from .door_watch import course as door_watch
from .effects import AnnounceDoor, DoorEventKind
from .events import (
    AccessDenied,
    AccessGranted,
    DoorClosed,
    DoorEvent,
    DoorForced,
    DoorHeldOpen,
    DoorOpened,
    ExitButtonPressed,
    Originator,
)
from .people import Actor, ActorKind
from .turn import Turn


def door_reported(turn: Turn, event: DoorEvent) -> None:
    """Note what the device reports of a door, and say so."""
    kind: DoorEventKind
    by: Actor | None = None
    method: str | None = None
    reason: str | None = None
    match event:
        case DoorOpened():
            kind = DoorEventKind.OPENED
            if not event.late:
                _prove_opened(turn, event.door)
                late_effects.opened(turn, event)
                turn.change_door(event.door, contact_open=True)
        case DoorClosed():
            kind = DoorEventKind.CLOSED
            if not event.late:
                turn.change_door(event.door, contact_open=False, held_open=False)
        case DoorForced():
            kind = DoorEventKind.FORCED
        case DoorHeldOpen():
            kind = DoorEventKind.HELD_OPEN
            if not event.late:
                turn.change_door(event.door, held_open=True)
                door_watch.said(turn, event.door)
        case AccessGranted(label=label, method=how):
            kind = DoorEventKind.GRANTED
            by = Actor(kind=ActorKind.CODE, name=label)
            method = how
            if not event.late:
                turn.change_door(event.door, changed_by=by)
        case AccessDenied(label=label, reason=why):
            kind = DoorEventKind.DENIED
            by = Actor(kind=ActorKind.CODE, name=label) if label else None
            reason = why
        case ExitButtonPressed():
            kind = DoorEventKind.EXIT_BUTTON
            by = BY_ORIGINATOR[Originator.EXIT_BUTTON]
        case _:
            return
    turn.emit(
        AnnounceDoor(
            kind=kind,
            door=event.door,
            by=by,
            method=method,
            reason=reason,
            late=event.late,
            device_time=event.device_time,
        )
    )


def _prove_opened(turn: Turn, door: str) -> None:
    for opening in turn.state.openings:
        if opening.door == door and opening.released:
            turn.drop_opening(opening.id)
