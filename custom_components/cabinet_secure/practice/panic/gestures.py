"""From presses to a panic: what it takes, and what leaves doubt.

DOMAIN, *Panic*: a press is deliberate, and a doubtful one still alerts staff. A press
that is heard late, or through a wire that may be broken, raises a panic that makes no
noise until another one leaves no doubt.
"""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

from ..effects import AnnouncePanicPress
from ..events import PanicPressed, PanicReleased
from ..people import Actor, ActorKind
from ..turn import Turn
from .config import Gesture, PanicSource
from .course import Cry, raise_panic
from .state import Press, SourceRecord

# DOMAIN, *Panic*: double press, or two buttons, within 3 s.
TOGETHER: Final = timedelta(seconds=3)
LONG_PRESS: Final = timedelta(seconds=2)
# A long press that is heard of afterwards waits this long to hear when it ended; one
# that is settled later than this was over a restart, and nobody saw it last.
AFTERWARDS: Final = timedelta(seconds=5)


def pressed(turn: Turn, event: PanicPressed) -> None:
    """Take in a press on a panic button."""
    at = _happened_at(turn, event)
    source = turn.config.panic.source(event.button)
    if event.late and _is_over(turn, event.button, source, at):
        return
    _remember(turn, event.button, at)
    turn.emit(AnnouncePanicPress(button=event.button, late=event.late))
    by = Actor(kind=ActorKind.DEVICE, name=source.location or event.button)
    certain = not (event.late or event.doubt)
    if event.doubt:
        # Nobody can count presses through a broken wire.
        _raise(turn, event.button, source, by, at, certain=certain)
    else:
        _count(turn, event.button, source, by, at, certain=certain)


def released(turn: Turn, event: PanicReleased) -> None:
    """Take in that a panic button was let go: it was long enough, or it was not."""
    at = _happened_at(turn, event)
    press = next(
        (p for p in turn.state.panic.presses if p.source == event.button), None
    )
    source = turn.config.panic.source(event.button)
    if press is None or source.gesture is not Gesture.LONG:
        return
    _forget(turn, event.button)
    if at - press.at >= LONG_PRESS:
        _raise(turn, event.button, source, press.by, press.at, certain=press.certain)


def asked(turn: Turn, source: PanicSource, actor: Actor, *, name: str) -> None:
    """Take in a press on a button that is drawn on a screen, or an action."""
    _count(turn, name, source, actor, turn.now, certain=True)


def deadlines_passed(turn: Turn) -> None:
    """Complete long presses, and forget what nothing came after."""
    for press in turn.state.panic.presses:
        if press.until > turn.now and not turn.is_from_future(press.at):
            continue
        _forget(turn, press.source)
        source = turn.config.panic.source(press.source)
        if source.gesture is Gesture.LONG:
            seen_last = turn.now - press.until <= AFTERWARDS
            _raise(
                turn,
                press.source,
                source,
                press.by,
                press.at,
                certain=press.certain and seen_last,
            )


def next_deadlines(presses: tuple[Press, ...]) -> list[datetime]:
    """Return when presses want to be looked at again."""
    return [press.until for press in presses]


def _happened_at(turn: Turn, event: PanicPressed | PanicReleased) -> datetime:
    if event.late and event.device_time is not None:
        return min(event.device_time, turn.now)
    return turn.now


def _is_over(turn: Turn, button: str, source: PanicSource, at: datetime) -> bool:
    """Whether the place of a late press was reset since it happened."""
    return any(
        panic.ended_at is not None and at <= panic.ended_at
        for panic in turn.state.panic.panics
        if panic.place == (source.location or button).casefold() and not panic.drill
    )


def _remember(turn: Turn, button: str, at: datetime) -> None:
    known = turn.state.panic.record(button)
    record = (
        replace(known, pressed_at=at)
        if known
        else SourceRecord(source=button, pressed_at=at)
    )
    others = tuple(r for r in turn.state.panic.sources if r.source != button)
    turn.state = replace(
        turn.state, panic=replace(turn.state.panic, sources=(*others, record))
    )


def _count(
    turn: Turn,
    name: str,
    source: PanicSource,
    by: Actor,
    at: datetime,
    *,
    certain: bool,
) -> None:
    """Raise a panic if this press completes what it takes, or wait for the rest."""
    if source.gesture is Gesture.SINGLE:
        _raise(turn, name, source, by, at, certain=certain)
        return
    if source.gesture is Gesture.LONG:
        until = at + LONG_PRESS if certain else turn.now + AFTERWARDS
    else:
        other = _other_half(turn, name, source, at)
        if other is not None:
            _forget(turn, name)
            _forget(turn, other.source)
            _raise(turn, name, source, by, at, certain=certain and other.certain)
            return
        until = turn.now + TOGETHER
    _forget(turn, name)
    press = Press(source=name, at=at, until=until, by=by, certain=certain)
    turn.state = replace(
        turn.state,
        panic=replace(turn.state.panic, presses=(*turn.state.panic.presses, press)),
    )


def _other_half(
    turn: Turn, name: str, source: PanicSource, at: datetime
) -> Press | None:
    for press in turn.state.panic.presses:
        if abs(at - press.at) > TOGETHER:
            continue
        if source.gesture is Gesture.DOUBLE:
            if press.source == name:
                return press
        elif press.source != name:
            other = turn.config.panic.source(press.source)
            if other.gesture is Gesture.PAIR and other.kind is source.kind:
                return press
    return None


def _forget(turn: Turn, name: str) -> None:
    turn.state = replace(
        turn.state,
        panic=replace(
            turn.state.panic,
            presses=tuple(p for p in turn.state.panic.presses if p.source != name),
        ),
    )


def _raise(
    turn: Turn,
    name: str,
    source: PanicSource,
    by: Actor,
    at: datetime,
    *,
    certain: bool,
) -> None:
    raise_panic(
        turn,
        Cry(
            kind=source.kind,
            location=source.location,
            by=by,
            source=name,
            at=at,
            audible=source.audible,
            certain=certain,
        ),
    )
