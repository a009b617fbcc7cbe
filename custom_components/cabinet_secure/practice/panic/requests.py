"""What people ask of the panic chain, and who may.

Raising is open to everybody signed in and to automations: a call for help that is
refused is worse than one too many. Acknowledging takes a named person of the practice,
resetting and drills one who manages it.
"""

from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Final

from .. import tokens
from ..effects import Refusal, Refused
from ..events import TokenPresented
from ..people import Actor
from ..turn import Turn
from . import gestures
from .config import Gesture, PanicSource
from .course import Cry, acknowledge, end, raise_panic
from .effects import AnnouncePanic, PanicEvent
from .events import AcknowledgePanic, RaisePanic, ResetPanic, StartDrill
from .state import Panic, PanicKind, PanicPhase

# What stands for a drill among the sources.
DRILL: Final = "drill"


def help_called(turn: Turn, event: RaisePanic) -> None:
    """Call for help for somebody, or take in the first of the two presses it takes."""
    at_once = event.confirmed or event.kind is PanicKind.ASSISTANCE
    source = PanicSource(
        kind=event.kind,
        audible=event.audible,
        location=event.location,
        gesture=Gesture.SINGLE if at_once else Gesture.DOUBLE,
    )
    gestures.asked(turn, source, event.actor, name=f"asked-{event.kind}")


def acknowledged(turn: Turn, event: AcknowledgePanic) -> None:
    """Note that somebody takes care of a panic, or of all that nobody takes care of."""
    waiting = [p for p in turn.state.panic.open if p.phase is PanicPhase.RAISED]
    _each(turn, event.panic, waiting, _acknowledge, event.actor)


def reset(turn: Turn, event: ResetPanic) -> None:
    """End a panic, or all of them."""
    _each(turn, event.panic, turn.state.panic.open, _reset, event.actor)


def drill_started(turn: Turn, event: StartDrill) -> None:
    """Have everybody practise, where nothing real is going on."""
    if not turn.config.may_manage(event.actor):
        turn.emit(Refused(refusal=Refusal.NOT_ALLOWED))
        return
    if turn.state.panic.open:
        turn.emit(Refused(refusal=Refusal.PANIC_ACTIVE))
        return
    turn.state = replace(
        turn.state, panic=replace(turn.state.panic, drilled_at=turn.now)
    )
    raise_panic(
        turn,
        Cry(
            kind=event.kind,
            location=event.location,
            by=event.actor,
            source=DRILL,
            audible=event.siren,
            drill=True,
        ),
    )


def token_presented(turn: Turn, event: TokenPresented) -> bool:
    """Acknowledge by the one-shot answer of a notification; False if it is not ours."""
    found = tokens.find(turn.state.panic.panics, event.token)
    if found is None:
        return False
    panic, token = found
    if token.used and panic.phase is PanicPhase.RAISED:
        _reject(turn, panic, event.actor, Refusal.USED)
    elif token.expires_at <= turn.now:
        _reject(turn, panic, event.actor, Refusal.EXPIRED)
    elif _acknowledge(
        turn, replace(panic, tokens=tokens.use(panic.tokens, token)), event.actor
    ):
        turn.state = replace(
            turn.state, panic=replace(turn.state.panic, proven_at=turn.now)
        )
    return True


def _each(
    turn: Turn,
    wanted: str | None,
    waiting: Iterable[Panic],
    deed: Callable[[Turn, Panic, Actor], bool],
    actor: Actor,
) -> None:
    """Do it to the panic that is named, or to all that wait for it."""
    if wanted is None:
        concerned = tuple(waiting)
    else:
        known = turn.state.panic.panic(wanted)
        concerned = (known,) if known else ()
    if not concerned:
        turn.emit(Refused(refusal=Refusal.UNKNOWN_PANIC))
    for panic in concerned:
        deed(turn, panic, actor)


def _acknowledge(turn: Turn, panic: Panic, actor: Actor) -> bool:
    if not turn.config.has_role(actor):
        return _reject(turn, panic, actor, Refusal.NOT_ALLOWED)
    if panic.is_over:
        return _reject(turn, panic, actor, Refusal.PANIC_OVER)
    if panic.phase is PanicPhase.ACKNOWLEDGED:
        if panic.acknowledged_by is not None and panic.acknowledged_by.is_same_as(
            actor
        ):
            # They have it already: nothing to announce.
            return True
        return _reject(turn, panic, actor, Refusal.ANSWERED)
    acknowledge(turn, panic, actor)
    return True


def _reset(turn: Turn, panic: Panic, actor: Actor) -> bool:
    if not turn.config.may_manage(actor):
        return _reject(turn, panic, actor, Refusal.NOT_ALLOWED)
    if panic.is_over:
        return _reject(turn, panic, actor, Refusal.PANIC_OVER)
    end(turn, panic, actor)
    return True


def _reject(turn: Turn, panic: Panic, actor: Actor, refusal: Refusal) -> bool:
    """Tell the one who answered that it does not count; the panic goes on."""
    turn.emit(Refused(refusal=refusal, by=panic.acknowledged_by))
    turn.emit(
        AnnouncePanic(
            event=PanicEvent.ANSWER_REJECTED, panic=panic, by=actor, reason=refusal
        )
    )
    return False
