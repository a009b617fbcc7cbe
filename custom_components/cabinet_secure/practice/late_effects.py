"""Doors that open after the attempt was given up: bounded, recorded, announced.

A radio may repeat a command for a minute, a lock may turn when its batteries allow. By
then the people who asked have been told that the door did not open, and the visitor may
be another one: the door is secured again.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

from .effects import AnnounceDoor, DoorEventKind, SecureStrike
from .events import DoorOpened, Originator, StrikeReleased
from .state import GivenUp, Opening
from .turn import Turn

# After this time, a door that opens does so for another reason.
LATE_EFFECT_WITHIN = timedelta(seconds=120)


def remember(turn: Turn, opening: Opening) -> None:
    """Remember an attempt that was given up, and that may open the door yet."""
    given_up = GivenUp(opening=opening, until=turn.now + LATE_EFFECT_WITHIN)
    turn.state = replace(turn.state, given_up=(*turn.state.given_up, given_up))


def forget(turn: Turn, door: str) -> None:
    """Forget the attempts at a door: what opens it from now on is something else."""
    _keep(turn, lambda given_up: given_up.opening.door != door)


def forget_old(turn: Turn) -> None:
    """Forget the attempts that can have no effect any more."""
    _keep(
        turn,
        lambda given_up: turn.now < given_up.until <= turn.now + LATE_EFFECT_WITHIN,
    )


def released(turn: Turn, event: StrikeReleased) -> bool:
    """Whether a strike was released by an attempt that had been given up."""
    if event.originator not in (Originator.REQUEST, Originator.UNKNOWN):
        return False
    return _took_effect(turn, event)


def opened(turn: Turn, event: DoorOpened) -> None:
    """Announce a door that opens because of an attempt that had been given up.

    Where the strike tells that it is secured, it opens for another reason.
    """
    if turn.state.door(event.door).released is not False:
        _took_effect(turn, event)


def _took_effect(turn: Turn, event: StrikeReleased | DoorOpened) -> bool:
    door = event.door
    attempt = next(
        (g.opening for g in turn.state.given_up if g.opening.door == door), None
    )
    # Through a door that is held, anybody comes at any time.
    if attempt is None or turn.state.door(door).held_by is not None:
        return False
    forget(turn, door)
    turn.emit(
        AnnounceDoor(
            kind=DoorEventKind.OPENED_LATE,
            door=door,
            by=attempt.by,
            ring=attempt.ring,
            device_time=event.device_time,
        )
    )
    turn.emit(SecureStrike(door=door))
    return True


def _keep(turn: Turn, wanted: Callable[[GivenUp], bool]) -> None:
    kept = tuple(given_up for given_up in turn.state.given_up if wanted(given_up))
    if kept != turn.state.given_up:
        turn.state = replace(turn.state, given_up=kept)
