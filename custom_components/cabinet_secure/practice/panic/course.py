"""The course of a panic: raised → acknowledged → reset.

One panic is one place. What is heard from the same place joins it; a graver kind takes
the place of the other, and a press after the acknowledgement raises it again. It is
told again and again until a named person acknowledges (DOMAIN: *Panic*).
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from .. import access, mode, tokens
from ..people import SYSTEM, Actor
from ..sirens import course as sirens
from ..turn import Turn
from .config import NEVER_AUDIBLE
from .effects import AnnouncePanic, PanicEvent, PanicReason
from .state import Panic, PanicAnswer, PanicKind, PanicPhase

# DOMAIN: a drill ends by itself.
DRILL_LIFE = timedelta(minutes=10)
DRILL_SIREN = timedelta(seconds=5)
# Panics that are over are remembered this long, to tell who comes too late.
REMEMBERED = timedelta(hours=24)
REMEMBERED_PANICS = 50
# Nobody counts more places; whoever calls from a further one joins the newest.
OPEN_PANICS = 20
# A tap on any notification of the last two hours acknowledges.
TOKENS_KEPT = 240
TOKENS_KEPT_AFTER_THE_END = 10
TOKEN_LIFE = timedelta(hours=24)


@dataclass(frozen=True, slots=True, kw_only=True)
class Cry:
    """Somebody calls for help: against what, from where, by what."""

    kind: PanicKind
    location: str
    by: Actor
    source: str
    # When, where that is not now.
    at: datetime | None = None
    audible: bool = False
    certain: bool = True
    drill: bool = False

    @property
    def place(self) -> str:
        """What tells two places apart; where none is named, it is whoever calls."""
        return (self.location or self.by.id or self.source).casefold()

    @property
    def is_loud(self) -> bool:
        """Whether sirens may sound for it: asked for, allowed, and beyond doubt."""
        return self.audible and self.certain and self.kind not in NEVER_AUDIBLE


def raise_panic(turn: Turn, cry: Cry) -> Panic:
    """Begin a panic, or join the one that goes on at the same place; return it."""
    if not cry.drill:
        # A real panic is never taken for a part of the drill.
        for drill in [p for p in turn.state.panic.open if p.drill]:
            end(turn, drill, SYSTEM)
    if (known := _at_same_place(turn, cry)) is not None:
        return _join(turn, known, cry)
    panic = Panic(
        id=turn.new_token(),
        kind=cry.kind,
        location=cry.location,
        place=cry.place,
        raised_at=turn.now,
        since=turn.now,
        announced_at=turn.now,
        by=cry.by,
        sources=(cry.source,),
        drill=cry.drill,
        audible=cry.is_loud,
        certain=cry.certain,
    )
    panic = _announce(turn, panic, PanicEvent.RAISED, cry.by)
    _protect(turn, panic, cry)
    return panic


def _at_same_place(turn: Turn, cry: Cry) -> Panic | None:
    going_on = [p for p in turn.state.panic.open if p.drill == cry.drill]
    for panic in going_on:
        if panic.place == cry.place:
            return panic
    return going_on[-1] if len(going_on) >= OPEN_PANICS else None


def _join(turn: Turn, panic: Panic, cry: Cry) -> Panic:
    graver = cry.kind.is_graver_than(panic.kind)
    # What was pressed before the acknowledgement is a part of what was acknowledged.
    again = (
        panic.acknowledged_at is not None
        and (cry.at or turn.now) >= panic.acknowledged_at
    )
    panic = replace(
        panic,
        kind=cry.kind if graver else panic.kind,
        presses=panic.presses + 1,
        sources=tuple(dict.fromkeys((*panic.sources, cry.source))),
        audible=panic.audible or cry.is_loud,
        certain=panic.certain or cry.certain,
    )
    if graver or again:
        panic = _announce(
            turn,
            replace(
                panic,
                phase=PanicPhase.RAISED,
                since=turn.now,
                step=1,
                acknowledged_by=None,
                acknowledged_at=None,
            ),
            PanicEvent.ESCALATED,
            cry.by,
            PanicReason.GRAVER if graver else PanicReason.PRESSED_AGAIN,
        )
    else:
        put(turn, panic)
    _protect(turn, panic, cry)
    return panic


def _protect(turn: Turn, panic: Panic, cry: Cry) -> None:
    """Sound the sirens, where that is asked, and see that nobody else comes in.

    The exit stays free whatever happens.
    """
    config = turn.config.panic
    if cry.is_loud:
        limit = DRILL_SIREN if cry.drill else config.siren_time
        sirens.sound(turn, config.sirens, panic.id, limit)
    if cry.drill or not cry.certain:
        return
    if cry.kind is PanicKind.ATTACK and config.attack_locks_down:
        mode.lock_down(turn, cry.by)
    elif cry.kind in config.ends_holds:
        for door in turn.config.doors:
            if turn.state.door(door).held_by is not None:
                access.secure(turn, door, cry.by)


# --- people --------------------------------------------------------------------------


def acknowledge(turn: Turn, panic: Panic, actor: Actor) -> None:
    """Note who takes care: it is not told again, and goes on until it is reset."""
    turn.state = replace(
        turn.state,
        panic=replace(
            turn.state.panic,
            sources=tuple(
                replace(record, tested_at=turn.now)
                if record.source in panic.sources
                else record
                for record in turn.state.panic.sources
            ),
        ),
    )
    _announce(
        turn,
        replace(
            panic,
            phase=PanicPhase.ACKNOWLEDGED,
            acknowledged_by=actor,
            acknowledged_at=turn.now,
        ),
        PanicEvent.ACKNOWLEDGED,
        actor,
    )
    if turn.config.panic.siren_ends_at_acknowledgement:
        sirens.silence(turn, panic.id)


def end(turn: Turn, panic: Panic, actor: Actor) -> None:
    """End a panic for good."""
    panic = replace(
        panic,
        phase=PanicPhase.RESET,
        reset_by=actor,
        ended_at=turn.now,
        tokens=panic.tokens[-TOKENS_KEPT_AFTER_THE_END:],
    )
    _announce(turn, panic, PanicEvent.RESET, actor)
    sirens.silence(turn, panic.id)
    _forget_old(turn)


# --- time ----------------------------------------------------------------------------


def deadlines_passed(turn: Turn) -> None:
    """End drills, and tell again of panics that nobody has acknowledged."""
    for panic in turn.state.panic.open:
        if panic.drill and not _within(turn, panic.raised_at, DRILL_LIFE):
            end(turn, panic, SYSTEM)
        elif panic.phase is PanicPhase.RAISED:
            _tell_again(turn, panic)


def _within(turn: Turn, begin: datetime, length: timedelta) -> bool:
    return begin + length > turn.now and not turn.is_from_future(begin)


def _tell_again(turn: Turn, panic: Panic) -> None:
    if turn.is_from_future(panic.announced_at):
        # The clock was set back: how long ago it was told is not known.
        panic = replace(panic, since=turn.now - (panic.announced_at - panic.since))
        due = True
    else:
        due = panic.announced_at + turn.config.panic.repeat <= turn.now
    step = max(
        panic.step,
        1 + sum(panic.since + t <= turn.now for t in turn.config.panic.escalation),
    )
    if due or step > panic.step:
        _announce(
            turn,
            replace(panic, step=step),
            PanicEvent.ESCALATED,
            panic.by,
            PanicReason.UNANSWERED,
        )


def next_deadlines(
    panics: Iterable[Panic], escalation: Iterable[timedelta], repeat: timedelta
) -> list[datetime]:
    """Return when panics want to be looked at again."""
    times: list[datetime] = []
    for panic in panics:
        if panic.drill:
            times.append(panic.raised_at + DRILL_LIFE)
        if panic.phase is PanicPhase.RAISED:
            times.append(panic.announced_at + repeat)
            times += [
                panic.since + after for after in sorted(escalation)[panic.step - 1 :]
            ]
    return times


# --- what is common ------------------------------------------------------------------


def put(turn: Turn, panic: Panic) -> None:
    """Remember a panic, new or changed."""
    panics = turn.state.panic.panics
    if any(known.id == panic.id for known in panics):
        panics = tuple(panic if known.id == panic.id else known for known in panics)
    else:
        panics = (*panics, panic)
    turn.state = replace(turn.state, panic=replace(turn.state.panic, panics=panics))


def _announce(
    turn: Turn,
    panic: Panic,
    event: PanicEvent,
    by: Actor,
    reason: PanicReason | None = None,
) -> Panic:
    """Say what happened to a panic, with a new one-shot answer while it is raised."""
    actions: Mapping[PanicAnswer, str] = {}
    if panic.phase is PanicPhase.RAISED:
        handed_out, actions = tokens.hand_out(
            turn, PanicAnswer, step=panic.step, expires_at=turn.now + TOKEN_LIFE
        )
        panic = replace(
            panic,
            announced_at=turn.now,
            tokens=(panic.tokens + handed_out)[-TOKENS_KEPT:],
        )
    put(turn, panic)
    turn.emit(
        AnnouncePanic(event=event, panic=panic, by=by, reason=reason, actions=actions)
    )
    return panic


def _forget_old(turn: Turn) -> None:
    state = turn.state.panic
    over = [
        panic
        for panic in state.panics
        if panic.ended_at is not None and panic.ended_at > turn.now - REMEMBERED
    ][-REMEMBERED_PANICS:]
    turn.state = replace(
        turn.state,
        panic=replace(
            state,
            panics=tuple(p for p in state.panics if p in over or not p.is_over),
        ),
    )
