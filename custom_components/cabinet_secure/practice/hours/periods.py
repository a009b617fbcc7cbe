"""Exceptional closures and openings: who may enter them, and take them out."""

from ..effects import Refusal, Refused
from ..modes import Mode
from ..people import Actor, ActorKind
from ..turn import Turn
from .effects import AnnounceHours, HoursEventKind
from .events import PeriodAdded, PeriodRemoved
from .state import ExceptionalPeriod

MOST_PERIODS = 200


def period_added(turn: Turn, event: PeriodAdded) -> None:
    """Remember an exceptional period, or say why not.

    Home Assistant's calendar does not tell who uses it. Without a person a period can
    only restrict: to open exceptionally takes somebody who manages the practice.
    """
    if refusal := _refusal_to_add(turn, event):
        turn.emit(Refused(refusal=refusal))
        return
    period = ExceptionalPeriod(
        id=turn.new_token(), mode=event.mode, begin=event.begin, end=event.end
    )
    turn.change_hours(exceptions=(*turn.state.hours.exceptions, period), scheduled=None)
    _announce(turn, HoursEventKind.PERIOD_ADDED, period, event.actor)


def _refusal_to_add(turn: Turn, event: PeriodAdded) -> Refusal | None:
    if turn.config.hours is None:
        return Refusal.NO_HOURS
    if not turn.config.may_manage(event.actor) and (
        event.mode is Mode.OPEN or not _may_restrict(turn, event.actor)
    ):
        return Refusal.NOT_ALLOWED
    if (
        event.mode is Mode.LOCKDOWN
        or event.end <= max(event.begin, turn.now)
        or len(turn.state.hours.exceptions) >= MOST_PERIODS
    ):
        return Refusal.INVALID_PERIOD
    return None


def period_removed(turn: Turn, event: PeriodRemoved) -> None:
    """Forget an exceptional period, or say why not.

    What the hours then open by themselves lets nobody in before staff are there.
    """
    periods = turn.state.hours.exceptions
    period = next((each for each in periods if each.id == event.period), None)
    if not _may_restrict(turn, event.actor):
        turn.emit(Refused(refusal=Refusal.NOT_ALLOWED))
    elif period is None:
        turn.emit(Refused(refusal=Refusal.UNKNOWN_PERIOD))
    else:
        turn.change_hours(
            exceptions=tuple(each for each in periods if each is not period),
            scheduled=None,
        )
        _announce(turn, HoursEventKind.PERIOD_REMOVED, period, event.actor)


def _may_restrict(turn: Turn, actor: Actor) -> bool:
    return (
        actor.kind is ActorKind.AUTOMATION
        or turn.config.may_open(actor)
        or turn.config.may_manage(actor)
    )


def _announce(
    turn: Turn, kind: HoursEventKind, period: ExceptionalPeriod, by: Actor
) -> None:
    turn.emit(
        AnnounceHours(
            kind=kind, mode=period.mode, begin=period.begin, end=period.end, by=by
        )
    )
