"""The mode of the practice: how it is run at the moment.

The hours say which mode is due; a choice holds until their next boundary, or as long as
whoever made it wanted. A lockdown is neither ended nor begun by time.
"""

from dataclasses import replace

from . import access
from .effects import AnnounceMode, Refusal, Refused
from .events import ModeChosen
from .hours import course
from .intrusion import coupling
from .modes import Mode
from .people import FIRE, SCHEDULE, Actor, ActorKind
from .turn import Turn

# Nobody lets visitors in during these.
_CLOSING = (Mode.CLOSED, Mode.ON_CALL)


def settle(turn: Turn) -> None:
    """Let the hours decide, where nobody has chosen otherwise."""
    choice_ended = course.settle(turn)
    if turn.state.mode is Mode.LOCKDOWN:
        return
    mode = course.due(turn)
    if mode is None and choice_ended:
        # Nothing says what was meant to follow: visitors have to be answered.
        mode = Mode.STAFF_ONLY
    if mode is not None:
        _change(turn, mode, SCHEDULE)


def mode_chosen(turn: Turn, event: ModeChosen) -> None:
    """Change the mode for somebody who may.

    Everybody who may open or manage chooses the mode, and so do automations; only
    somebody who may manage ends a lockdown. A lockdown ends every hold (DOMAIN:
    *Opening a door*: it blocks entry, never the exit).
    """
    if not _may_choose(turn, event.actor, turn.state.mode):
        turn.emit(Refused(refusal=Refusal.NOT_ALLOWED))
        return
    if event.mode is Mode.LOCKDOWN:
        if turn.state.lockdown.fires:
            turn.emit(Refused(refusal=Refusal.FIRE))
            return
        course.forget_choice(turn)
    else:
        course.choose(turn, event)
    _change(turn, event.mode, event.actor)


def lock_down(turn: Turn, actor: Actor) -> None:
    """Put the practice in lockdown, as an attack does; entry only, never the exit.

    Not while there is a fire, which always wins (DOMAIN: *Panic*).
    """
    if turn.state.lockdown.fires:
        return
    course.forget_choice(turn)
    _change(turn, Mode.LOCKDOWN, actor)


def fire_begins(turn: Turn) -> None:
    """End a lockdown at once; until the next boundary nobody is let in unseen."""
    if turn.state.mode is Mode.LOCKDOWN:
        course.choose(turn, ModeChosen(actor=FIRE, mode=Mode.STAFF_ONLY))
        _change(turn, Mode.STAFF_ONLY, FIRE)


def _change(turn: Turn, mode: Mode, by: Actor) -> None:
    from_mode = turn.state.mode
    if mode is from_mode:
        return
    turn.state = replace(turn.state, mode=mode)
    turn.emit(AnnounceMode(from_mode=from_mode, to_mode=mode, by=by))
    for door in turn.config.doors:
        if mode is Mode.LOCKDOWN or (mode in _CLOSING and _is_held(turn, door)):
            access.secure(turn, door, by)
    coupling.mode_changed(turn, mode, by)


def _is_held(turn: Turn, door: str) -> bool:
    return turn.state.door(door).held_by is not None


def _may_choose(turn: Turn, actor: Actor, from_mode: Mode) -> bool:
    if turn.config.may_manage(actor):
        return True
    if from_mode is Mode.LOCKDOWN:
        return False
    return actor.kind is ActorKind.AUTOMATION or turn.config.may_open(actor)
