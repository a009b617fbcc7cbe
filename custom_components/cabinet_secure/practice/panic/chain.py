"""The chain from a panic button to a person: whether it is whole and was tried.

DOMAIN, *Alarm*: everything in the panic chain is supervised, a fault is announced
within 180 s. DOMAIN, *Panic*: a monthly test and a six-monthly drill are reminded.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from .. import supervision
from ..config import PracticeConfig
from ..events import Event, Fault, FaultCleared, FaultRaised
from ..turn import Turn
from .state import ChainProblem, ChainTrouble, PanicKind, PanicState

# What stands for the chain among the equipment that may have a fault.
CHAIN: Final = "panic_chain"

# A phone that is carried around reports several times an hour.
SEEN_WITHIN: Final = timedelta(hours=48)
# The result is dated at least once a day.
WALKED_EVERY: Final = timedelta(hours=24)
TEST_EVERY: Final = timedelta(days=31)
DRILL_EVERY: Final = timedelta(days=183)


@dataclass(frozen=True, slots=True, kw_only=True)
class Phone:
    """A phone that is to be reached: registered or not, and when it last reported."""

    name: str
    registered: bool
    # None where nothing of it ever reports.
    seen_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ChainWalked(Event):
    """Somebody looked at what the practice cannot see: its phones, its storage."""

    phones: tuple[Phone, ...]
    storable: bool


class ChainStatus(StrEnum):
    """Whether a call for help would reach somebody, as far as is known (public)."""

    UNTESTED = "untested"  # nobody acknowledged from a phone yet
    READY = "ready"
    BROKEN = "broken"


class Reminder(StrEnum):
    """What is due (public; each is a repair)."""

    TEST = "panic_test_due"
    DRILL = "panic_drill_due"


@dataclass(frozen=True, slots=True, kw_only=True)
class Due:
    """Something that is due, of which button, and when it was last done."""

    reminder: Reminder
    source: str = ""
    last: datetime | None = None


def chain_walked(turn: Turn, event: ChainWalked) -> None:
    """Take in how the chain is, and announce that it broke, or that it is whole."""
    problems = tuple(_problems(turn, event))
    state = turn.state.panic
    walked_at = state.walked_at
    if (
        problems == state.problems
        and walked_at is not None
        and timedelta() <= turn.now - walked_at < WALKED_EVERY
    ):
        return
    turn.state = replace(
        turn.state, panic=replace(state, problems=problems, walked_at=turn.now)
    )
    if problems:
        supervision.fault_raised(
            turn, FaultRaised(equipment=CHAIN, fault=Fault.PANIC_CHAIN)
        )
    else:
        supervision.fault_cleared(
            turn, FaultCleared(equipment=CHAIN, fault=Fault.PANIC_CHAIN)
        )


def _problems(turn: Turn, event: ChainWalked) -> Iterator[ChainProblem]:
    lost = {loss.equipment for loss in turn.state.losses if loss.announced}
    for source in turn.config.panic.sources.values():
        if source.equipment in lost:
            yield ChainProblem(
                trouble=ChainTrouble.BUTTON_LOST, subject=source.location
            )
    for siren in turn.config.panic.sirens & turn.config.sirens.keys():
        if turn.config.sirens[siren].equipment in lost:
            yield ChainProblem(trouble=ChainTrouble.SIREN_LOST, subject=siren)
    for phone in event.phones:
        if not phone.registered:
            yield ChainProblem(trouble=ChainTrouble.PHONE_GONE, subject=phone.name)
        elif phone.seen_at is not None and turn.now - phone.seen_at > SEEN_WITHIN:
            yield ChainProblem(trouble=ChainTrouble.PHONE_UNSEEN, subject=phone.name)
    if not event.storable:
        yield ChainProblem(trouble=ChainTrouble.NOT_STORED)


def status(state: PanicState) -> ChainStatus:
    """Return whether a call would reach somebody; never ready before it was proven."""
    if state.problems:
        return ChainStatus.BROKEN
    return ChainStatus.UNTESTED if state.proven_at is None else ChainStatus.READY


def due(config: PracticeConfig, state: PanicState, now: datetime) -> list[Due]:
    """Return the tests of buttons and the drill that are due.

    A duress code is not among them: typing it for a test is a matter for the unit.
    """
    buttons = [
        source
        for source, meaning in config.panic.sources.items()
        if meaning.kind is not PanicKind.DURESS
    ]
    tested = {record.source: record.tested_at for record in state.sources}
    tests = [
        Due(reminder=Reminder.TEST, source=button, last=tested.get(button))
        for button in buttons
        if _is_due(tested.get(button), TEST_EVERY, now)
    ]
    in_use = bool(buttons) or state.proven_at is not None
    if in_use and _is_due(state.drilled_at, DRILL_EVERY, now):
        tests.append(Due(reminder=Reminder.DRILL, last=state.drilled_at))
    return tests


def _is_due(last: datetime | None, every: timedelta, now: datetime) -> bool:
    return last is None or now - last > every
