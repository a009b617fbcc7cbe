"""How grants are remembered, and for how long."""

from dataclasses import replace
from datetime import timedelta

from ..people import Actor
from ..turn import Turn
from .effects import AnnounceGrant, GrantEvent, WriteAccessList
from .model import Grant, GrantPhase, GrantsState, Holding, HoldingStatus

# DOMAIN, *Cameras and privacy*: access records are kept for 90 days at most. For as
# long is the same code not given again (issue: *Codes*).
REMEMBERED = timedelta(days=90)

_ENDS = {
    GrantPhase.EXPIRED: GrantEvent.EXPIRED,
    GrantPhase.REVOKED: GrantEvent.REVOKED,
    GrantPhase.USED_UP: GrantEvent.USED_UP,
}


def change(turn: Turn, grants: GrantsState) -> None:
    """Remember something else of grants."""
    turn.state = replace(turn.state, grants=grants)


def put(turn: Turn, grant: Grant) -> None:
    """Remember a grant, new or changed; time is looked at again."""
    known = turn.state.grants
    if known.grant(grant.id) is None:
        grants = (*known.grants, grant)
    else:
        grants = tuple(grant if g.id == grant.id else g for g in known.grants)
    change(turn, replace(known, grants=grants, due=turn.now))


def end(turn: Turn, grant: Grant, phase: GrantPhase, by: Actor | None) -> Grant:
    """End a grant: from now on it opens nothing, and devices are to forget it."""
    ended = replace(
        grant,
        ended=phase,
        ended_at=turn.now,
        holdings=tuple(
            Holding(equipment=held.equipment, status=HoldingStatus.REMOVING)
            for held in grant.holdings
        ),
    )
    put(turn, ended)
    turn.emit(AnnounceGrant(event=_ENDS[phase], grant=ended, by=by))
    write_lists(turn, ended)
    return ended


def write_lists(turn: Turn, grant: Grant) -> None:
    """Have every device that holds a grant brought up to date, once."""
    for held in grant.holdings:
        wanted = WriteAccessList(equipment=held.equipment)
        if wanted not in turn.effects:
            turn.emit(wanted)
