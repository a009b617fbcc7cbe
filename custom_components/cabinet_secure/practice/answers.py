"""The answer to a ring: the first one wins, and every other is told why it lost."""

from dataclasses import replace

from . import access, ring as rings, tokens
from .effects import (
    AnnounceDoor,
    AnnounceRing,
    DoorEventKind,
    Refusal,
    Refused,
    RingEvent,
)
from .events import RingAnswer, TokenPresented
from .one_shot import Token
from .people import DESK_PHONE, Actor
from .state import Answer, Ring, RingPhase
from .turn import Turn


def token_presented(turn: Turn, event: TokenPresented) -> None:
    """Obey the one-shot answer of a notification, or say why it comes to nothing."""
    found = tokens.find(turn.state.rings, event.token)
    if found is None:
        _reject(turn, None, event.actor, Refusal.UNKNOWN_RING)
        return
    ring, token = found
    if ring.phase.is_over:
        _reject(turn, ring, event.actor, Refusal.OVER)
    elif token.used:
        _reject(turn, ring, event.actor, Refusal.USED)
    elif token.expires_at <= turn.now:
        _reject(turn, ring, event.actor, Refusal.EXPIRED)
    else:
        _answer(turn, ring, Answer(token.answer), event.actor, token)


def ring_answered(turn: Turn, event: RingAnswer) -> None:
    """Answer a ring by its identifier, as somebody signed in does."""
    ring = turn.state.ring(event.ring)
    if ring is None:
        _reject(turn, None, event.actor, Refusal.UNKNOWN_RING)
    elif ring.phase.is_over:
        _reject(turn, ring, event.actor, Refusal.OVER)
    else:
        _answer(turn, ring, event.answer, event.actor, None)


def _answer(
    turn: Turn, ring: Ring, answer: Answer, actor: Actor, token: Token | None
) -> None:
    if refusal := _refusal_to_answer(turn, ring, answer, actor):
        _reject(turn, ring, actor, refusal)
        return
    if token is not None:
        ring = replace(ring, tokens=tokens.use(ring.tokens, token))
    if answer is Answer.OPEN:
        ring = replace(ring, phase=RingPhase.OPENING, answered_by=actor)
        turn.put_ring(ring)
        if access.open_door(turn, ring.door, actor, ring=ring.id):
            rings.end(turn, ring, RingPhase.OPENED, actor)
    elif answer is Answer.REFUSE:
        rings.end(turn, ring, RingPhase.REFUSED, actor)
    elif _is_taken_by(ring, actor):
        # They have it already: nothing to announce, and no more time to gain.
        turn.put_ring(ring)
    else:
        rings.take(turn, ring, actor)


def _refusal_to_answer(
    turn: Turn, ring: Ring, answer: Answer, actor: Actor
) -> Refusal | None:
    """Say why this answer does not count, or None if it does.

    Refusing a visitor and speaking to them go on during a lockdown and without the
    door; they take the same right as opening.
    """
    if not turn.config.may_open(actor):
        return Refusal.NOT_ALLOWED
    if answer is Answer.OPEN and (
        refusal := access.refusal_to_open(turn, ring.door, actor)
    ):
        return refusal
    if ring.phase is RingPhase.OPENING or _is_taken_by_another(ring, actor):
        return Refusal.ANSWERED
    return None


def _is_taken_by_another(ring: Ring, actor: Actor) -> bool:
    # The desk phone has no button for the door; whoever spoke there may use the app.
    return (
        ring.phase is RingPhase.ANSWERED
        and not _is_taken_by(ring, DESK_PHONE)
        and not _is_taken_by(ring, actor)
    )


def _is_taken_by(ring: Ring, actor: Actor) -> bool:
    return (
        ring.phase is RingPhase.ANSWERED
        and ring.answered_by is not None
        and ring.answered_by.is_same_as(actor)
    )


def _reject(turn: Turn, ring: Ring | None, actor: Actor, refusal: Refusal) -> None:
    by = ring.answered_by if ring else None
    turn.emit(Refused(refusal=refusal, by=by))
    turn.emit(
        AnnounceRing(
            event=RingEvent.ANSWER_REJECTED, ring=ring, by=actor, reason=refusal
        )
    )
    if ring is not None:
        turn.emit(
            AnnounceDoor(
                kind=DoorEventKind.DENIED,
                door=ring.door,
                by=actor,
                reason=refusal,
                ring=ring.id,
            )
        )
