"""Wrong codes: counted by where they come from, and answered ever more slowly.

A source is a person's account, or all automations together. Five wrong codes lock their
source out, for a pause that doubles with each further one (DOMAIN: *Alarm*). Nobody can
lock out somebody else's account in that way. One wrong code is forgiven per hour, and a
right one forgives none: whoever has a code of their own could otherwise try others'
between two right ones.

Wrong codes from all sources together slow every answer down, right or wrong.
"""

from dataclasses import replace
from datetime import datetime, timedelta

from ..effects import Refusal, Refused
from ..panic.course import Cry, raise_panic
from ..panic.state import PanicKind
from ..people import Actor, ActorKind
from ..turn import Turn
from . import alarm as alarms
from .effects import AnnounceIntrusion, IntrusionEvent
from .events import ArmRequested, CodeOffered, CodePresented
from .state import Attempts, IntrusionState

# What a duress code is among the sources of a panic.
DURESS_CODE = "alarm_code"

WRONG_CODES = 5
FIRST_PAUSE = timedelta(minutes=1)
LONGEST_PAUSE = timedelta(hours=1)
FORGIVEN_AFTER = timedelta(hours=1)

# So many wrong codes from all sources together are everyday life.
_USUAL = 10
_SLOWER_BY = timedelta(seconds=0.5)
_SLOWEST = timedelta(seconds=5)


def answer_after(alarm: IntrusionState, now: datetime) -> timedelta:
    """Return for how long the answer to a code is held back, up to 5 s."""
    unusual = sum(_weight(each, now) for each in alarm.attempts) - _USUAL
    return min(max(unusual, 0) * _SLOWER_BY, _SLOWEST)


def code_offered(turn: Turn, event: CodeOffered) -> None:
    """Refuse to compare a code from a source that is locked out."""
    _refuse_if_locked_out(turn, event.source)


def code_presented(turn: Turn, event: CodePresented) -> None:
    """Do what the holder of a right code wants; count a wrong one."""
    if _refuse_if_locked_out(turn, event.source):
        return
    if event.holder is None:
        _count(turn, event.source, event.actor)
        turn.emit(Refused(refusal=Refusal.WRONG_CODE))
        return
    holder = Actor(kind=ActorKind.CODE, name=event.holder.label, id=event.holder.person)
    if event.holder.duress:
        cry = Cry(kind=PanicKind.DURESS, location="", by=holder, source=DURESS_CODE)
        raise_panic(turn, cry)
    if isinstance(event.wish, ArmRequested):
        alarms.arm(turn, event.wish, holder, trusted=True)
    else:
        alarms.disarm(turn, holder)


def settle(turn: Turn) -> None:
    """Forget what weighs no more, and what the clock that was set back leaves ahead."""
    attempts = turn.state.intrusion.attempts
    kept = tuple(
        replace(each, last=turn.now) if turn.is_from_future(each.last) else each
        for each in attempts
        if _weight(each, turn.now)
    )
    if kept != attempts:
        alarms.change(turn, attempts=kept)


def _weight(attempts: Attempts, now: datetime) -> int:
    forgiven = max(now - attempts.last, timedelta()) // FORGIVEN_AFTER
    return max(attempts.wrong - forgiven, 0)


def _locked_until(attempts: Attempts, now: datetime) -> datetime | None:
    excess = _weight(attempts, now) - WRONG_CODES
    if excess < 0:
        return None
    # Doubling is soon beyond what a time can hold.
    pause = min(FIRST_PAUSE * 2 ** min(excess, 10), LONGEST_PAUSE)
    until = attempts.last + pause
    return until if until > now else None


def _refuse_if_locked_out(turn: Turn, source: str) -> bool:
    for each in turn.state.intrusion.attempts:
        if each.source == source and (until := _locked_until(each, turn.now)):
            turn.emit(Refused(refusal=Refusal.LOCKED_OUT, until=until))
            return True
    return False


def _count(turn: Turn, source: str, actor: Actor) -> None:
    alarm = turn.state.intrusion
    known = next((x for x in alarm.attempts if x.source == source), None)
    wrong = Attempts(
        source=source,
        wrong=(_weight(known, turn.now) if known else 0) + 1,
        last=turn.now,
    )
    others = tuple(each for each in alarm.attempts if each is not known)
    alarms.change(turn, attempts=(*others, wrong))
    until = _locked_until(wrong, turn.now)
    turn.emit(
        AnnounceIntrusion(
            event=IntrusionEvent.LOCKED_OUT if until else IntrusionEvent.CODE_REJECTED,
            arm_mode=alarm.arm_mode,
            was=alarm.phase,
            by=actor,
            until=until,
        )
    )
