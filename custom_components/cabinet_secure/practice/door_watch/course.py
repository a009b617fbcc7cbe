"""A door that stands open for too long, from its contact to its closing."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime

from ..config import PracticeConfig
from ..effects import AnnounceDoor, DoorEventKind
from ..state import PracticeState
from ..turn import Turn
from .config import is_after_hours
from .state import StandingOpen


def settle(turn: Turn) -> None:
    """Note which doors stand open, and say which do for too long."""
    standing = tuple(_standing(turn))
    if standing != turn.state.standing_open:
        turn.state = replace(turn.state, standing_open=standing)
    for each in standing:
        due = _due(turn.config, turn.state, each)
        if due is not None and due <= turn.now:
            _say(turn, each)


def _standing(turn: Turn) -> Iterator[StandingOpen]:
    known = {each.door: each for each in turn.state.standing_open}
    for door in sorted(turn.config.doors):
        seen = turn.state.door(door)
        each = known.get(door)
        if seen.contact_open:
            if each is None or turn.is_from_future(each.since):
                each = StandingOpen(door=door, since=turn.now)
            yield each
        elif seen.contact_open is None and each is not None:
            # A door that cannot be seen may still be open, and was so for as long.
            yield each


def _say(turn: Turn, standing: StandingOpen) -> None:
    said(turn, standing.door)
    turn.change_door(standing.door, held_open=True)
    turn.emit(AnnounceDoor(kind=DoorEventKind.HELD_OPEN, door=standing.door))


def said(turn: Turn, door: str) -> None:
    """Note that it is said now that a door stands open for too long."""
    after_hours = is_after_hours(turn.state.mode)
    turn.state = replace(
        turn.state,
        standing_open=tuple(
            replace(each, said=True, said_after_hours=after_hours)
            if each.door == door
            else each
            for each in turn.state.standing_open
        ),
    )


def _due(
    config: PracticeConfig, state: PracticeState, standing: StandingOpen
) -> datetime | None:
    """Return when it is to be said that a door stands open; None: not, or not again."""
    longest = config.door_watch.longest(state.mode)
    said_already = standing.said and (
        standing.said_after_hours or not is_after_hours(state.mode)
    )
    if longest is None or said_already or not state.door(standing.door).contact_open:
        return None
    return standing.since + longest


def deadlines(config: PracticeConfig, state: PracticeState) -> list[datetime]:
    """Return when doors that stand open are due to be told of."""
    dues = (_due(config, state, each) for each in state.standing_open)
    return [due for due in dues if due is not None]
