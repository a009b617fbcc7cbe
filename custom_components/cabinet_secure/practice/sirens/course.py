"""The course of sirens: each cause has its time, and silence has to be proven.

DOMAIN, *Panic*: outdoors at most 180 s, indoors at most 900 s, limited retriggers,
never endlessly after a restart. The time is counted while it passes, so that a clock
that is set and a restart in between cannot lengthen it: the time that nobody saw counts
as noise.
"""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

from .. import supervision
from ..effects import Refusal, Refused
from ..events import Fault, FaultCleared, FaultRaised
from ..turn import Turn
from .effects import SilenceSiren, SoundSiren
from .events import (
    SilenceRequested,
    SirenCommanded,
    SirenReported,
    SirenRequest,
    SoundRequested,
)
from .state import SirenRun, SirenState

# Causes beside a panic, which is called by its identifier.
ASKED: Final = "asked"
FOUND: Final = "found"  # somebody else made it sound

# How often it may begin to sound for one cause.
BEGINNINGS: Final = 4
# After so much silence somebody's wish has its whole time again.
REST: Final = timedelta(minutes=10)
# It is looked at that often while it sounds, in case the clock is set.
COUNTED_EVERY: Final = timedelta(seconds=5)
# How far back a clock may go between two looks without being taken for set.
JITTER: Final = timedelta(seconds=2)
# A command that failed, or that the device does not prove, is repeated after this,
# then less and less often.
AGAIN_AFTER: Final = timedelta(seconds=5)
# A command that does not come back at all is repeated after this.
LOST_AFTER: Final = timedelta(seconds=30)


def sound(turn: Turn, sirens: Iterable[str], cause: str, limit: timedelta) -> None:
    """Have sirens sound for a cause, for `limit` in total and as long as each may."""
    for siren in sirens:
        if siren in turn.config.sirens:
            _begin(turn, siren, cause, limit)


def silence(turn: Turn, cause: str) -> None:
    """Let every siren be silent that sounds for no other cause."""
    for state in turn.state.sirens:
        if (run := state.run(cause)) is not None and run.wanted:
            _steer(turn, _with_run(state, replace(run, wanted=False)))


def sound_requested(turn: Turn, event: SoundRequested) -> None:
    """Have one siren sound, or all, for somebody who asks."""
    begun = [
        _begin(turn, siren, ASKED, event.duration) for siren in _meant(turn, event)
    ]
    if not any(begun):
        turn.emit(Refused(refusal=Refusal.SIREN_SPENT))


def silence_requested(turn: Turn, event: SilenceRequested) -> None:
    """Silence one siren or all; the command goes out even where none is known to sound."""
    for siren in _meant(turn, event):
        state = _known(turn, siren)
        runs = tuple(replace(run, wanted=False) for run in state.runs)
        state = replace(state, runs=runs)
        if state.sounding:
            _steer(turn, state)
        else:
            _command(turn, replace(state, tries=0))


def _meant(turn: Turn, event: SirenRequest) -> Iterable[str]:
    return turn.config.sirens if event.siren is None else (event.siren,)


def equipment_restored(turn: Turn, equipment: str) -> None:
    """Tell the sirens of equipment that answers again what is wanted of them."""
    for state in turn.state.sirens:
        if turn.config.sirens[state.siren].equipment == equipment and not state.proven:
            _command(turn, state)


def deadlines_passed(turn: Turn) -> None:
    """End what has sounded long enough, and repeat what was not proven."""
    for known in turn.state.sirens:
        state = _steer(turn, _counted(turn, known))
        if state.next_try is not None and (
            state.next_try <= turn.now or turn.is_from_future(state.changed_at)
        ):
            _command(turn, state)


def next_deadlines(sirens: Iterable[SirenState]) -> list[datetime]:
    """Return when sirens want to be looked at again."""
    times: list[datetime] = []
    for state in sirens:
        if state.next_try is not None:
            times.append(state.next_try)
        if state.sounding:
            left = (run.left for run in state.runs if run.wanted)
            times.append(state.counted_at + min(COUNTED_EVERY, *left))
    return times


def after_restart(state: SirenState) -> SirenState:
    """Return a siren to be told again: it may have been silenced, or left sounding."""
    return replace(state, next_try=state.counted_at, tries=0)


# --- one siren -----------------------------------------------------------------------


def _known(turn: Turn, siren: str) -> SirenState:
    known = next((s for s in turn.state.sirens if s.siren == siren), None)
    return known or SirenState(
        siren=siren, sounding=False, changed_at=turn.now, counted_at=turn.now
    )


def _begin(turn: Turn, siren: str, cause: str, limit: timedelta | None) -> bool:
    """Let a siren sound for a cause; False where it did for long enough already."""
    longest = turn.config.sirens[siren].longest
    state = _without_what_is_over(turn, _known(turn, siren))
    run = state.run(cause) or SirenRun(cause=cause)
    if not run.wanted and run.begun == BEGINNINGS:
        return False
    wish = longest if limit is None else limit
    if cause == ASKED:
        wish += run.spent
    run = replace(
        run,
        limit=min(longest, max(run.limit, wish)),
        begun=run.begun if run.wanted else run.begun + 1,
        wanted=True,
    )
    if not run.left:
        return False
    _steer(turn, _with_run(state, run))
    return True


def _without_what_is_over(turn: Turn, state: SirenState) -> SirenState:
    """Return it without panics that are over, and without wishes once it has rested."""
    remembered = {panic.id for panic in turn.state.panic.open}
    if state.sounding or turn.now - state.changed_at < REST:
        remembered |= {ASKED, FOUND}
    runs = tuple(r for r in state.runs if r.wanted or r.cause in remembered)
    return replace(state, runs=runs)


def _counted(turn: Turn, state: SirenState) -> SirenState:
    """Return it with the time counted that passed; a clock that was set ends it."""
    if not state.sounding:
        return state
    passed = turn.now - state.counted_at
    set_back = passed < -JITTER
    runs = tuple(
        replace(
            run,
            spent=run.limit if set_back else run.spent + max(passed, timedelta()),
            wanted=not set_back and run.spent + passed < run.limit,
        )
        if run.wanted
        else run
        for run in state.runs
    )
    return replace(state, runs=runs, counted_at=turn.now)


def _with_run(state: SirenState, run: SirenRun) -> SirenState:
    others = tuple(r for r in state.runs if r.cause != run.cause)
    return replace(state, runs=(*others, run))


def _steer(turn: Turn, state: SirenState) -> SirenState:
    """Tell a siren to sound or to be silent where that is not what it was told last."""
    wanted = any(run.wanted for run in state.runs)
    if wanted is state.sounding:
        _put(turn, state)
        return state
    return _command(
        turn,
        replace(
            state,
            sounding=wanted,
            changed_at=turn.now,
            counted_at=turn.now,
            tries=0,
        ),
    )


def _command(turn: Turn, state: SirenState) -> SirenState:
    """Tell a siren what is wanted of it, until it proves that it does it."""
    if state.tries:
        _fail(turn, state.siren)
    state = replace(state, tries=state.tries + 1, next_try=turn.now + LOST_AFTER)
    _put(turn, state)
    effect = SoundSiren if state.sounding else SilenceSiren
    turn.emit(effect(siren=state.siren, again=state.tries > 1))
    return state


def commanded(turn: Turn, event: SirenCommanded) -> None:
    """Take in what became of a command to a siren."""
    state = _known(turn, event.siren)
    if state.sounding is not event.sound or state.proven:
        return  # it was told otherwise since, or has proven it already
    if event.accepted and event.sounding in (event.sound, None):
        _prove(turn, state)
        return
    if not event.accepted:
        _fail(turn, event.siren)
    again_after = min(AGAIN_AFTER * 2 ** min(state.tries - 1, 4), LOST_AFTER)
    _put(turn, replace(state, next_try=turn.now + again_after))


def reported(turn: Turn, event: SirenReported) -> None:
    """Take in what a siren does: it obeyed, or somebody else had a hand in it."""
    state = _known(turn, event.siren)
    if not state.proven:
        # Otherwise it is the report of what was before.
        if state.sounding is event.sounding:
            _prove(turn, state)
    elif event.sounding is state.sounding:
        pass
    elif event.sounding:
        # Somebody else made it sound; it falls silent in time all the same.
        state = replace(
            _without_what_is_over(turn, state),
            sounding=True,
            changed_at=turn.now,
            counted_at=turn.now,
        )
        _put(turn, state)
        if not _begin(turn, event.siren, FOUND, None):
            _steer(turn, state)
    else:
        # Somebody silenced it at the device; it is not for us to know better.
        _put(
            turn,
            replace(
                state,
                sounding=False,
                changed_at=turn.now,
                runs=tuple(replace(run, wanted=False) for run in state.runs),
            ),
        )


def _prove(turn: Turn, state: SirenState) -> None:
    _put(turn, replace(state, next_try=None, tries=0))
    equipment = turn.config.sirens[state.siren].equipment
    if all(
        other.proven
        for other in turn.state.sirens
        if turn.config.sirens[other.siren].equipment == equipment
    ):
        supervision.fault_cleared(
            turn, FaultCleared(equipment=equipment, fault=Fault.SIREN)
        )


def _fail(turn: Turn, siren: str) -> None:
    equipment = turn.config.sirens[siren].equipment
    supervision.fault_raised(turn, FaultRaised(equipment=equipment, fault=Fault.SIREN))


def _put(turn: Turn, state: SirenState) -> None:
    others = tuple(s for s in turn.state.sirens if s.siren != state.siren)
    turn.state = replace(turn.state, sirens=(*others, state))
