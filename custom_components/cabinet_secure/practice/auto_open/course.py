"""When a door opens by itself, and what keeps it from that.

DOMAIN, *Opening a door*: open hours and staff present and no alarm, no lockdown, no
suspension, per door, a short pulse, rate-limited; with any input unknown it rings.
"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from ..config import PracticeConfig
from ..effects import Refusal, Refused
from ..events import Fault
from ..intrusion.state import AlarmPhase
from ..modes import Mode
from ..people import Actor
from ..state import PracticeState
from ..turn import CLOCK_TOLERANCE, Turn
from .effects import AutoOpenEvent, RecordAutoOpen
from .events import AutoOpenSuspended, AutoOpenSwitched
from .state import OpenedByItself, Suspension

# A door opens by itself so often at most: somebody who plays with the bell is asked.
NOT_WITHIN = timedelta(seconds=5)
MOST = 30
MOST_WITHIN = timedelta(minutes=10)

# Equipment that somebody tampers with, or that does not do as it is told.
_FAULTS = (Fault.TAMPER, Fault.BLOCKED, Fault.LOCKDOWN, Fault.SERVICE)


class Bar(StrEnum):
    """What keeps a door from opening by itself (public: an attribute of its switch)."""

    NOT_CHOSEN = "not_chosen"
    OFF = "off"
    SUSPENDED = "suspended"
    NOT_OPEN = "not_open"
    NO_STAFF = "no_staff"
    FIRE = "fire"
    PANIC = "panic"
    ALARM = "alarm"
    EQUIPMENT = "equipment"
    UNKNOWN = "unknown"


def bar(
    config: PracticeConfig, state: PracticeState, door: str, now: datetime
) -> Bar | None:
    """Return what keeps a door from opening by itself at `now`; None: nothing."""
    if door not in config.auto_open or door not in config.doors:
        return Bar.NOT_CHOSEN
    if door in state.auto_open.off:
        return Bar.OFF
    if any(s.door == door for s in state.auto_open.suspended):
        return Bar.SUSPENDED
    if state.mode is not Mode.OPEN:
        return Bar.NOT_OPEN
    presence = state.hours.presence
    if presence is None or not presence.since - CLOCK_TOLERANCE <= now < presence.until:
        return Bar.NO_STAFF
    return _danger(state) or _doubt(config, state, door)


def _danger(state: PracticeState) -> Bar | None:
    if state.lockdown.fires:
        return Bar.FIRE
    if state.panic.real:
        return Bar.PANIC
    if state.intrusion.phase is not AlarmPhase.DISARMED:
        return Bar.ALARM
    return None


def _doubt(config: PracticeConfig, state: PracticeState, door: str) -> Bar | None:
    driven_by = config.doors[door]
    if any(loss.equipment == driven_by.equipment for loss in state.losses) or any(
        fault.equipment == driven_by.equipment and fault.fault in _FAULTS
        for fault in state.faults
    ):
        return Bar.EQUIPMENT
    known = state.door(door)
    if (driven_by.strike_reports and known.released is None) or (
        driven_by.has_contact and known.contact_open is None
    ):
        return Bar.UNKNOWN
    return None


def lets_in(turn: Turn, door: str) -> bool:
    """Whether a visitor who rings now is let in by itself; if so, it is counted."""
    if bar(turn.config, turn.state, door, turn.now) or _is_too_often(turn, door):
        return False
    _change(
        turn,
        opened=(*turn.state.auto_open.opened, OpenedByItself(door=door, at=turn.now)),
    )
    return True


def _is_too_often(turn: Turn, door: str) -> bool:
    # A time in the future counts: the clock was set back, and nobody knows how often.
    lately = [each.at for each in turn.state.auto_open.opened if each.door == door]
    return len(lately) >= MOST or any(at > turn.now - NOT_WITHIN for at in lately)


def settle(turn: Turn) -> None:
    """Forget suspensions that are over, and what was opened long ago."""
    known = turn.state.auto_open
    suspended = tuple(s for s in known.suspended if s.until > turn.now)
    opened = tuple(
        each
        for each in known.opened
        if each.at > turn.now - MOST_WITHIN and not turn.is_from_future(each.at)
    )
    if suspended != known.suspended or opened != known.opened:
        _change(turn, suspended=suspended, opened=opened)


def deadlines(state: PracticeState) -> Iterator[datetime]:
    """Yield when suspensions end."""
    return (suspension.until for suspension in state.auto_open.suspended)


def switched(turn: Turn, event: AutoOpenSwitched) -> None:
    """Let a door open by itself, for somebody who may; anybody may end that."""
    if not _is_known(turn, event.door):
        return
    if event.on and not _may_switch_on(turn, event.actor):
        turn.emit(Refused(refusal=Refusal.NOT_ALLOWED))
        return
    known = turn.state.auto_open
    off = tuple(door for door in known.off if door != event.door)
    suspended = tuple(s for s in known.suspended if s.door != event.door)
    _change(turn, off=off if event.on else (*off, event.door), suspended=suspended)
    turn.emit(
        RecordAutoOpen(
            event=AutoOpenEvent.ON if event.on else AutoOpenEvent.OFF,
            door=event.door,
            by=event.actor,
        )
    )


def suspended(turn: Turn, event: AutoOpenSuspended) -> None:
    """Keep a door from opening by itself for a while. Everybody may."""
    if not _is_known(turn, event.door):
        return
    until = turn.now + event.duration
    others = tuple(s for s in turn.state.auto_open.suspended if s.door != event.door)
    suspension = Suspension(door=event.door, until=until)
    _change(turn, suspended=(*others, suspension))
    turn.emit(
        RecordAutoOpen(
            event=AutoOpenEvent.SUSPENDED, door=event.door, by=event.actor, until=until
        )
    )


def _is_known(turn: Turn, door: str) -> bool:
    known = door in turn.config.auto_open and door in turn.config.doors
    if not known:
        turn.emit(Refused(refusal=Refusal.UNKNOWN_DOOR))
    return known


def _may_switch_on(turn: Turn, actor: Actor) -> bool:
    return turn.config.may_open(actor) or turn.config.may_manage(actor)


def _change(turn: Turn, **changes: Any) -> None:
    turn.state = replace(turn.state, auto_open=replace(turn.state.auto_open, **changes))
