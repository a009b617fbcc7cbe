"""What is blocked during a lockdown, and that it is, whatever the devices do.

A device that was away, that started again or that refused is told again until it has
confirmed; so is one that missed the end. A fire ends a lockdown at once, and none
begins while there is one (DOMAIN, *Opening a door*).
"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta

from .. import supervision
from ..config import PracticeConfig
from ..events import Fault, FaultCleared, FaultRaised
from ..modes import Mode
from ..state import PracticeState
from ..turn import Turn
from .effects import BlockEntry, FreeEntry
from .events import EntryBlocked, EntryNotChanged, FireReported
from .state import Entry

# A device that did not confirm is told again after this.
TOLD_AGAIN_AFTER = timedelta(seconds=15)


def settle(turn: Turn) -> None:
    """Have every entry blocked or free, as the mode wants it, where it is not."""
    wanted = turn.state.mode is Mode.LOCKDOWN
    for door in turn.config.doors:
        entry = _entry(turn.state, door)
        if entry is None and wanted:
            entry = Entry(door=door)
        if entry is None or _is_lost(turn.config, turn.state, door):
            continue
        if entry.blocked is wanted:
            _put(turn, entry if wanted else None, door)
        elif entry.told is not wanted or _is_due(turn, entry):
            again_at = turn.now + TOLD_AGAIN_AFTER
            _put(turn, replace(entry, told=wanted, again_at=again_at), door)
            turn.emit(BlockEntry(door=door) if wanted else FreeEntry(door=door))


def deadlines(config: PracticeConfig, state: PracticeState) -> Iterator[datetime]:
    """Yield when devices that did not confirm are told again."""
    wanted = state.mode is Mode.LOCKDOWN
    for entry in state.lockdown.entries:
        if (
            entry.blocked is not wanted
            and entry.again_at is not None
            and entry.door in config.doors
            and not _is_lost(config, state, entry.door)
        ):
            yield entry.again_at


def entry_blocked(turn: Turn, event: EntryBlocked) -> None:
    """Note what a device confirmed."""
    if entry := _entry(turn.state, event.door):
        _put(turn, replace(entry, blocked=event.blocked), event.door)
        _fault(turn, event.door, raised=False)


def entry_not_changed(turn: Turn, event: EntryNotChanged) -> None:
    """Say that a device does not follow; what it did is unknown, and it is told again."""
    if entry := _entry(turn.state, event.door):
        _put(turn, replace(entry, blocked=None), event.door)
        _fault(turn, event.door, raised=True)


def _fault(turn: Turn, door: str, *, raised: bool) -> None:
    equipment = turn.config.doors[door].equipment
    if raised:
        supervision.fault_raised(
            turn, FaultRaised(equipment=equipment, fault=Fault.LOCKDOWN)
        )
    else:
        supervision.fault_cleared(
            turn, FaultCleared(equipment=equipment, fault=Fault.LOCKDOWN)
        )


def equipment_restored(turn: Turn, equipment: str) -> None:
    """Know nothing of the entries of equipment that may have started again."""
    for door in turn.config.doors_of(equipment):
        if entry := _entry(turn.state, door):
            _put(turn, replace(entry, blocked=None, again_at=None), door)


def let_through(turn: Turn, door: str) -> None:
    """Expect an entry to be free for as long as somebody goes through who may."""
    strike_time = turn.config.doors[door].strike_time
    _put(
        turn,
        Entry(door=door, told=True, again_at=turn.now + strike_time + TOLD_AGAIN_AFTER),
        door,
    )


def strike_secured(turn: Turn, door: str) -> None:
    """Have an entry blocked again once whoever might went through."""
    entry = _entry(turn.state, door)
    if entry is not None and entry.blocked is None:
        _put(turn, replace(entry, again_at=None), door)


def fire_reported(turn: Turn, event: FireReported) -> bool:
    """Note a fire, or its end; True if one begins. An old report begins none."""
    if event.active and event.late:
        return False
    others = tuple(x for x in turn.state.lockdown.fires if x != event.source)
    fires = (*others, event.source) if event.active else others
    turn.state = replace(turn.state, lockdown=replace(turn.state.lockdown, fires=fires))
    return event.active


def _entry(state: PracticeState, door: str) -> Entry | None:
    return next((e for e in state.lockdown.entries if e.door == door), None)


def _put(turn: Turn, entry: Entry | None, door: str) -> None:
    known = turn.state.lockdown
    if entry in known.entries:
        return
    entries = tuple(e for e in known.entries if e.door != door)
    if entry is not None:
        entries = (*entries, entry)
    turn.state = replace(turn.state, lockdown=replace(known, entries=entries))


def _is_due(turn: Turn, entry: Entry) -> bool:
    again_at = entry.again_at
    return (
        again_at is None
        or again_at <= turn.now
        or turn.is_from_future(again_at - TOLD_AGAIN_AFTER)
    )


def _is_lost(config: PracticeConfig, state: PracticeState, door: str) -> bool:
    equipment = config.doors[door].equipment
    return any(loss.equipment == equipment for loss in state.losses)


def after_restart(state: PracticeState, config: PracticeConfig) -> tuple[Entry, ...]:
    """Return the entries that a device may still block; it is asked anew."""
    return tuple(
        Entry(door=entry.door)
        for entry in state.lockdown.entries
        if entry.door in config.doors
    )
