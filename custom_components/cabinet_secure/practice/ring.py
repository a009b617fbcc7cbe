"""The ring: one visitor at one door, one answer.

ringing → answered → opening → opened | refused | missed | ended. One session serves a
burst of presses, and both the key and the call that one press makes a door station
report. This is the course of a ring; what people answer to it is in `answers`.
"""

from dataclasses import replace
from datetime import datetime, timedelta

from . import access, tokens
from .auto_open import course as auto_open
from .effects import (
    AnnounceBell,
    AnnounceRing,
    ForgetVisitor,
    HangUp,
    RingEvent,
    ShowVisitor,
)
from .events import (
    BellPressed,
    CallAnswered,
    CallEnded,
    CallStarted,
    Originator,
    StrikeReleased,
)
from .people import AUTO_OPEN, DESK_PHONE, Actor
from .state import Answer, Opening, Ring, RingPhase
from .turn import Turn

# A door station reports the key and the call of one press within this time; so the
# call of a ring that is over already does not ring again.
ONE_PRESS = timedelta(seconds=5)
# Rings that are over are remembered this long, to tell who comes too late.
REMEMBERED = timedelta(hours=24)
REMEMBERED_RINGS = 50

_OUTCOMES = {
    RingPhase.OPENED: RingEvent.OPENED,
    RingPhase.REFUSED: RingEvent.REFUSED,
    RingPhase.MISSED: RingEvent.MISSED,
}


# --- the visitor ---------------------------------------------------------------------


def bell_pressed(turn: Turn, event: BellPressed) -> None:
    """Begin a ring, or count one more press of the visitor who is there already."""
    ring = turn.state.ring_at(event.door)
    if event.late:
        if ring is None:
            _record_late(turn, event)
    elif ring is not None:
        turn.put_ring(replace(ring, presses=ring.presses + 1))
    else:
        _begin(turn, event.door, call=None)


def call_started(turn: Turn, event: CallStarted) -> None:
    """Join the call to the ring that caused it; without one, it is the ring.

    The call of a visitor who was answered before it began is of no use any more.
    """
    if event.late:
        return
    if ring := turn.state.ring_at(event.door):
        turn.put_ring(replace(ring, call=event.call))
    elif ring := _just_answered(turn, event.door):
        if ring.call != event.call:
            ring = replace(ring, call=event.call)
            turn.put_ring(ring)
            _hang_up(turn, ring)
    else:
        _begin(turn, event.door, call=event.call)


def _just_answered(turn: Turn, door: str) -> Ring | None:
    return next(
        (
            ring
            for ring in reversed(turn.state.rings)
            if ring.door == door
            and ring.phase is not RingPhase.MISSED
            and turn.now - ONE_PRESS < ring.started_at <= turn.now
        ),
        None,
    )


def _begin(turn: Turn, door: str, *, call: str | None) -> None:
    ring = Ring(
        id=turn.new_token(),
        door=door,
        mode=turn.state.mode,
        started_at=turn.now,
        expires_at=turn.now + turn.config.ring_life,
        call=call,
    )
    turn.emit(AnnounceBell(door=door))
    if auto_open.lets_in(turn, door):
        ring = replace(ring, phase=RingPhase.OPENING, quiet=True, answered_by=AUTO_OPEN)
        turn.put_ring(ring)
        if access.open_door(turn, door, AUTO_OPEN, ring=ring.id, method="auto_open"):
            end(turn, ring, RingPhase.OPENED, AUTO_OPEN)
    else:
        _ask(turn, ring)


def _ask(turn: Turn, ring: Ring) -> None:
    turn.put_ring(ring)
    turn.emit(ShowVisitor(door=ring.door))
    _announce(turn, ring, RingEvent.STARTED)


def _record_late(turn: Turn, event: BellPressed) -> None:
    """Put on record a visitor who rang while we could not hear; nobody is asked."""
    rang_at = event.device_time or turn.now
    if ring := _missed_at(turn, event.door, rang_at):
        turn.put_ring(replace(ring, presses=ring.presses + 1))
        return
    ring = Ring(
        id=turn.new_token(),
        door=event.door,
        mode=turn.state.mode,
        started_at=rang_at,
        expires_at=rang_at + turn.config.ring_life,
        phase=RingPhase.MISSED,
        ended_at=turn.now,
    )
    turn.put_ring(ring)
    _forget_old(turn)
    turn.emit(AnnounceRing(event=RingEvent.MISSED, ring=ring, reason="late"))


def _missed_at(turn: Turn, door: str, time: datetime) -> Ring | None:
    return next(
        (
            ring
            for ring in turn.state.rings
            if ring.door == door
            and ring.phase is RingPhase.MISSED
            and ring.started_at <= time < ring.expires_at
        ),
        None,
    )


# --- the desk phone ------------------------------------------------------------------


def call_answered(turn: Turn, event: CallAnswered) -> None:
    """Somebody took the call on a desk phone: everybody else may stop."""
    ring = _ring_of_call(turn, event)
    if event.late or ring is None or ring.phase is not RingPhase.RINGING:
        return
    take(turn, ring, DESK_PHONE)


def call_ended(turn: Turn, event: CallEnded) -> None:
    """End a ring that the desk phone had answered; else the ring goes on.

    A desk phone that is busy, or that nobody takes, says nothing about the people who
    were notified.
    """
    ring = _ring_of_call(turn, event)
    if ring is None:
        return
    ring = replace(ring, call=None)
    if ring.phase is RingPhase.ANSWERED and ring.answered_by == DESK_PHONE:
        end(turn, ring, RingPhase.ENDED, DESK_PHONE)
    else:
        turn.put_ring(ring)


def _ring_of_call(turn: Turn, event: CallAnswered | CallEnded) -> Ring | None:
    # Each door station numbers its own calls.
    doors = turn.config.doors_of(event.equipment)
    return next(
        (
            ring
            for ring in turn.state.rings
            if ring.call == event.call and ring.door in doors and not ring.phase.is_over
        ),
        None,
    )


# --- the door ------------------------------------------------------------------------


def strike_released(turn: Turn, event: StrikeReleased, opening: Opening | None) -> None:
    """End the ring at a door that was opened, by an answer to it or otherwise."""
    if event.late:
        return
    if opening is not None:
        door_opened(turn, event.door, opening.by)
    elif event.originator is Originator.PHONE:
        door_opened(turn, event.door, DESK_PHONE)


def door_opened(turn: Turn, door: str, by: Actor) -> None:
    """End the ring at a door that somebody opened, if there is one."""
    if ring := turn.state.ring_at(door):
        end(turn, ring, RingPhase.OPENED, by)


def opening_failed(turn: Turn, opening: Opening) -> None:
    """Let the ring go on when the door did not open: the visitor is still there."""
    ring = turn.state.ring(opening.ring) if opening.ring else None
    if ring is None or ring.phase is not RingPhase.OPENING:
        return
    ring = replace(ring, phase=RingPhase.RINGING, answered_by=None)
    lives = ring.expires_at > turn.now and not turn.is_from_future(ring.started_at)
    if ring.quiet and lives:
        # The door did not open by itself: now people are asked, with all their time.
        expires_at = turn.now + turn.config.ring_life
        ring = replace(ring, quiet=False, started_at=turn.now, expires_at=expires_at)
        _ask(turn, ring)
    else:
        turn.put_ring(replace(ring, quiet=False))


# --- time ----------------------------------------------------------------------------


def deadlines_passed(turn: Turn) -> None:
    """End the rings whose life is over, and go on to the next step of the others."""
    for ring in turn.state.rings:
        if ring.phase.is_over or any(o.ring == ring.id for o in turn.state.openings):
            continue
        if (
            ring.expires_at <= turn.now
            or turn.is_from_future(ring.started_at)
            or ring.door not in turn.config.doors
        ):
            if ring.phase is RingPhase.ANSWERED:
                end(turn, ring, RingPhase.ENDED, ring.answered_by)
            else:
                end(turn, ring, RingPhase.MISSED, None)
        elif ring.phase is RingPhase.RINGING:
            _escalate(turn, ring)


def _escalate(turn: Turn, ring: Ring) -> None:
    step = 1 + sum(
        ring.started_at + after <= turn.now for after in turn.config.escalation
    )
    if step > ring.step:
        _announce(turn, replace(ring, step=step), RingEvent.ESCALATED)


def next_deadline(ring: Ring, escalation: tuple[timedelta, ...]) -> datetime | None:
    """Return when this ring wants to be looked at again; None when it is over."""
    if ring.phase.is_over or ring.phase is RingPhase.OPENING:
        return None
    times = [ring.expires_at]
    if ring.phase is RingPhase.RINGING:
        times += [
            ring.started_at + after for after in sorted(escalation)[ring.step - 1 :]
        ]
    return min(times)


# --- what is common ------------------------------------------------------------------


def take(turn: Turn, ring: Ring, actor: Actor) -> None:
    """Note who speaks to the visitor; they have the life of a ring to decide."""
    ring = replace(
        ring,
        phase=RingPhase.ANSWERED,
        answered_by=actor,
        expires_at=max(ring.expires_at, turn.now + turn.config.ring_life),
    )
    _announce(turn, ring, RingEvent.ANSWERED, by=actor)


def _announce(
    turn: Turn, ring: Ring, event: RingEvent, by: Actor | None = None
) -> None:
    """Say what happened to a ring that goes on, with new one-shot answers to it."""
    handed_out, actions = tokens.hand_out(
        turn, Answer, step=ring.step, expires_at=ring.expires_at
    )
    ring = replace(ring, tokens=ring.tokens + handed_out)
    turn.put_ring(ring)
    turn.emit(AnnounceRing(event=event, ring=ring, by=by, actions=actions))


def end(turn: Turn, ring: Ring, phase: RingPhase, by: Actor | None) -> None:
    """End a ring: announce what came of it, hang up, and forget the visitor."""
    ring = replace(
        ring, phase=phase, answered_by=by or ring.answered_by, ended_at=turn.now
    )
    turn.put_ring(ring)
    if not ring.quiet:
        if outcome := _OUTCOMES.get(phase):
            turn.emit(AnnounceRing(event=outcome, ring=ring, by=by))
        turn.emit(AnnounceRing(event=RingEvent.ENDED, ring=ring, by=by))
    _hang_up(turn, ring)
    turn.emit(ForgetVisitor(door=ring.door))
    _forget_old(turn)


def _hang_up(turn: Turn, ring: Ring) -> None:
    if ring.call is not None:
        turn.emit(
            HangUp(
                door=ring.door,
                call=ring.call,
                refused=ring.phase is RingPhase.REFUSED,
            )
        )


def _forget_old(turn: Turn) -> None:
    over = [
        ring
        for ring in turn.state.rings
        if ring.ended_at is not None and ring.ended_at > turn.now - REMEMBERED
    ][-REMEMBERED_RINGS:]
    turn.state = replace(
        turn.state,
        rings=tuple(
            ring for ring in turn.state.rings if ring in over or not ring.phase.is_over
        ),
    )
