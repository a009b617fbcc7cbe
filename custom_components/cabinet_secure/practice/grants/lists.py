"""What devices that check by themselves should hold, and what they do hold."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime

from ..config import PracticeConfig
from ..turn import Turn
from .effects import AnnounceGrant, GrantEvent, WriteAccessList
from .events import AccessListRead, AccessListRefused
from .memory import change
from .model import AccessEntry, Grant, GrantPhase, GrantsState, Holding, HoldingStatus
from .times import stretch_of

# What is said once when a holding comes to be so.
_NEWS: Mapping[HoldingStatus | None, GrantEvent] = {
    HoldingStatus.LOST: GrantEvent.CODE_LOST,
    HoldingStatus.REFUSED: GrantEvent.NOT_WRITTEN,
}


def entries(
    config: PracticeConfig, state: GrantsState, equipment: str, now: datetime
) -> tuple[AccessEntry, ...]:
    """Return what a device should hold now.

    A grant with weekly windows is there for one window at a time: should we be gone
    when it ends, the device lets nobody in at the next (DOMAIN: *fails closed*).
    """
    doors = config.doors_of(equipment)
    wanted = []
    for grant in state.grants:
        if not any(
            held.equipment == equipment and held.status is not HoldingStatus.LOST
            for held in grant.holdings
        ):
            continue
        stretch = stretch_of(grant, now, config.grants.zone)
        here = tuple(door for door in grant.doors if door in doors)
        if stretch is None or not here:
            continue
        wanted.append(
            AccessEntry(
                grant=grant.id,
                name=grant.label,
                means=grant.means,
                digest=grant.digest,
                doors=here,
                valid_from=stretch[0],
                valid_to=stretch[1],
                admits=not config.grants.two_people & {*here},
            )
        )
    return tuple(wanted)


def after_restart(config: PracticeConfig, state: GrantsState) -> GrantsState:
    """Forget devices that are gone, and have time looked at again."""
    return replace(
        state,
        grants=tuple(
            replace(
                grant,
                holdings=tuple(
                    held
                    for held in grant.holdings
                    if held.equipment in config.equipment
                ),
            )
            for grant in state.grants
        ),
        due=state.settled_at,
    )


def list_read(turn: Turn, event: AccessListRead) -> None:
    """Note what a device holds of each grant, and say what others did to it."""
    _note(turn, event.equipment, lambda grant, held: _status(grant, held, event))
    for grant in turn.state.grants.grants:
        if grant.id in event.repaired:
            turn.emit(
                AnnounceGrant(
                    event=GrantEvent.CHANGED_BY_OTHERS,
                    grant=grant,
                    equipment=event.equipment,
                )
            )


def list_refused(turn: Turn, event: AccessListRefused) -> None:
    """Note that a device does not let us write; what it has, it keeps."""
    _note(
        turn,
        event.equipment,
        lambda _, held: (
            HoldingStatus.REFUSED
            if held.status is HoldingStatus.WAITING
            else held.status
        ),
    )


def equipment_restored(turn: Turn, equipment: str) -> None:
    """Bring a device that was away to what it should hold, first thing."""
    if equipment in turn.config.grants.lists:
        turn.emit(WriteAccessList(equipment=equipment))


def _status(
    grant: Grant, before: Holding, event: AccessListRead
) -> HoldingStatus | None:
    """Return what becomes of a holding; None: the device has forgotten the grant."""
    if grant.ended is not None:
        return before.status if grant.id in event.held else None
    if grant.id in event.lost:
        return HoldingStatus.LOST
    if grant.id in event.refused:
        return HoldingStatus.REFUSED
    if grant.id in event.held:
        return HoldingStatus.HELD
    return before.status


def _note(
    turn: Turn,
    equipment: str,
    status_of: Callable[[Grant, Holding], HoldingStatus | None],
) -> None:
    """Note anew what one device has of each grant, and say what is news."""
    noted = []
    for grant in turn.state.grants.grants:
        before = next((h for h in grant.holdings if h.equipment == equipment), None)
        after = None if before is None else status_of(grant, before)
        if before is None or after is before.status:
            noted.append(grant)
            continue
        others = tuple(held for held in grant.holdings if held is not before)
        if after is not None:
            others = (*others, replace(before, status=after))
        changed = replace(grant, holdings=others)
        noted.append(changed)
        if news := _NEWS.get(after):
            turn.emit(AnnounceGrant(event=news, grant=changed, equipment=equipment))
        elif after is None and grant.ended is GrantPhase.REVOKED:
            turn.emit(
                AnnounceGrant(
                    event=GrantEvent.REMOVED, grant=changed, equipment=equipment
                )
            )
    change(turn, replace(turn.state.grants, grants=tuple(noted)))
