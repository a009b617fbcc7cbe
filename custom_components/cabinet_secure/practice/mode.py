"""The mode of the practice: how it is run at the moment."""

from dataclasses import replace

from . import access
from .effects import AnnounceMode, Refusal, Refused
from .events import ModeChosen
from .people import Actor, ActorKind
from .state import Mode
from .turn import Turn


def mode_chosen(turn: Turn, event: ModeChosen) -> None:
    """Change the mode for somebody who may.

    Everybody who may open or manage chooses the mode, and so do automations; only
    somebody who may manage ends a lockdown. A lockdown ends every hold (DOMAIN:
    *Opening a door*: it blocks entry, never the exit).
    """
    from_mode = turn.state.mode
    if not _may_choose(turn, event.actor, from_mode):
        turn.emit(Refused(refusal=Refusal.NOT_ALLOWED))
        return
    if event.mode is from_mode:
        return
    turn.state = replace(turn.state, mode=event.mode)
    turn.emit(AnnounceMode(from_mode=from_mode, to_mode=event.mode, by=event.actor))
    if event.mode is Mode.LOCKDOWN:
        for door in turn.config.doors:
            access.secure(turn, door, event.actor)


def _may_choose(turn: Turn, actor: Actor, from_mode: Mode) -> bool:
    if turn.config.may_manage(actor):
        return True
    if from_mode is Mode.LOCKDOWN:
        return False
    return actor.kind is ActorKind.AUTOMATION or turn.config.may_open(actor)
