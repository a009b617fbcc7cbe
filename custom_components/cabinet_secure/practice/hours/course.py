"""The hours as time goes by: what is due, what was chosen, and who is there.

DOMAIN, *Opening a door*: a door opens by itself only while staff are present. Staff are
present once one of them came in by a code or card of their own, or chose the mode
`open`; they are gone with the end of the working day at the latest.
"""

from collections.abc import Iterator
from datetime import datetime, time, timedelta

from ..config import PracticeConfig
from ..events import AccessGranted, ModeChosen
from ..modes import Mode
from ..people import Actor, ActorKind
from ..turn import Turn
from .config import Hours
from .effects import AnnounceHours, HoursEventKind
from .events import FollowedScheduleSeen
from .state import Choice, FollowedSchedule, HoursState, Presence, Scheduled
from .timetable import Timetable, instant

# Modes of the working day, the lunch break included.
_WORKING = (Mode.OPEN, Mode.STAFF_ONLY)
# Whoever comes in this long before the opening comes for it.
ARRIVES_BEFORE = timedelta(hours=2)
PRESENT_AT_MOST = timedelta(hours=16)
# Hours in which no change is foreseeable are looked at again after this.
_WORKED_OUT_AGAIN = timedelta(days=30)


def settle(turn: Turn) -> bool:
    """Take in the time that went by; True if a choice ended by it."""
    presence = turn.state.hours.presence
    if presence is not None and (
        turn.is_from_future(presence.since) or presence.until <= turn.now
    ):
        turn.change_hours(presence=None)
    choice = turn.state.hours.choice
    ended = choice is not None and (
        turn.is_from_future(choice.made_at)
        or (choice.until is not None and choice.until <= turn.now)
    )
    if ended:
        turn.change_hours(choice=None)
    if turn.config.hours is not None:
        _work_out(turn, turn.config.hours)
        _wait_for_the_first(turn, turn.config.hours)
    return ended


def due(turn: Turn) -> Mode | None:
    """Return the mode that the practice is to be in; None: whichever it is in."""
    state = turn.state.hours
    if state.choice is not None:
        return state.choice.mode
    if turn.config.hours is None or state.scheduled is None:
        return None
    return Mode.STAFF_ONLY if state.waiting_since else state.scheduled.mode


def deadlines(config: PracticeConfig, state: HoursState) -> Iterator[datetime]:
    """Yield when the hours are to be looked at again."""
    if state.choice is not None and state.choice.until is not None:
        yield state.choice.until
    if state.presence is not None:
        yield state.presence.until
    if config.hours is None:
        return
    if state.scheduled is not None:
        yield _worked_out_until(state.scheduled)
    if state.waiting_since is not None and not state.nobody_came_told:
        yield state.waiting_since + config.hours.nobody_came_after


# --- what is due ---------------------------------------------------------------------


def timetable(hours: Hours, state: HoursState) -> Timetable:
    """Return the hours with what is remembered about them."""
    return Timetable(hours=hours, exceptions=state.exceptions, followed=state.followed)


def _work_out(turn: Turn, hours: Hours) -> None:
    known = turn.state.hours.scheduled
    # A clock that was set back makes what was worked out as doubtful as time going by.
    if known and known.worked_out_at <= turn.now < _worked_out_until(known):
        return
    turn.change_hours(
        exceptions=tuple(e for e in turn.state.hours.exceptions if e.end > turn.now)
    )
    table = timetable(hours, turn.state.hours)
    change = table.next_change(turn.now)
    turn.change_hours(
        scheduled=Scheduled(
            mode=table.mode_at(turn.now),
            worked_out_at=turn.now,
            changes_at=change[0] if change else None,
            changes_to=change[1] if change else None,
        )
    )


def _worked_out_until(scheduled: Scheduled) -> datetime:
    return scheduled.changes_at or scheduled.worked_out_at + _WORKED_OUT_AGAIN


def schedule_seen(turn: Turn, event: FollowedScheduleSeen) -> None:
    """Take in what the schedule that is followed says; what is unknown is not open."""
    turn.change_hours(
        followed=None
        if event.is_open is None
        else FollowedSchedule(
            is_open=event.is_open, seen_at=turn.now, until=event.until
        ),
        scheduled=None,
    )


# --- what is chosen ------------------------------------------------------------------


def choose(turn: Turn, event: ModeChosen) -> None:
    """Remember a choice, and until when it holds; it tells who is there, too."""
    scheduled = turn.state.hours.scheduled
    until = event.until
    if until is None and not event.for_good and turn.config.hours and scheduled:
        until = scheduled.changes_at
    followed = turn.config.hours is not None or until is not None
    turn.change_hours(
        choice=Choice(mode=event.mode, made_at=turn.now, until=until)
        if followed
        else None
    )
    if event.mode not in _WORKING:
        turn.change_hours(presence=None)
    elif event.mode is Mode.OPEN and event.actor.kind is ActorKind.USER:
        _present(turn, event.actor, until)


def forget_choice(turn: Turn) -> None:
    """Let the hours decide again, once what keeps them from it is over."""
    turn.change_hours(choice=None, presence=None)


# --- who is there --------------------------------------------------------------------


def somebody_entered(turn: Turn, event: AccessGranted, by: Actor) -> None:
    """Note that one of the staff came in, if it is about time for the practice."""
    if not event.late and event.label:
        _arrived(turn, by)


def somebody_disarmed(turn: Turn, by: Actor) -> None:
    """Note that whoever ended the alarm is there, if it is about time for the practice."""
    if by.kind in (ActorKind.USER, ActorKind.CODE):
        _arrived(turn, by)


def _arrived(turn: Turn, by: Actor) -> None:
    hours = turn.config.hours
    if hours is not None and by.name.casefold() in hours.not_staff:
        return
    if turn.state.hours.presence is None and _is_working_day(turn):
        _present(turn, by, None)


def _present(turn: Turn, by: Actor, choice_until: datetime | None) -> None:
    until = turn.now + PRESENT_AT_MOST
    if turn.config.hours is not None and _is_working_day(turn):
        until = min(until, _working_day_ends(turn, turn.config.hours))
    elif choice_until is not None:
        until = min(until, choice_until)
    turn.change_hours(presence=Presence(by=by, since=turn.now, until=until))
    if turn.state.hours.waiting_since is not None:
        turn.emit(AnnounceHours(kind=HoursEventKind.STAFF_CAME, begin=turn.now, by=by))
        turn.change_hours(waiting_since=None, nobody_came_told=False)


def _is_working_day(turn: Turn) -> bool:
    """Whether the hours are those of work, or soon will be; False without hours."""
    scheduled = turn.state.hours.scheduled
    if turn.config.hours is None or scheduled is None:
        return False
    return scheduled.mode in _WORKING or (
        scheduled.changes_to is Mode.OPEN
        and scheduled.changes_at is not None
        and scheduled.changes_at - turn.now <= ARRIVES_BEFORE
    )


def _working_day_ends(turn: Turn, hours: Hours) -> datetime:
    limit = turn.now + PRESENT_AT_MOST
    if hours.follows:
        # What follows a break is not known beforehand; midnight ends any day.
        tomorrow = turn.now.astimezone(hours.zone).date() + timedelta(days=1)
        return instant(tomorrow, time(), hours.zone)
    table = timetable(hours, turn.state.hours)
    at, working = turn.now, table.mode_at(turn.now) in _WORKING
    while change := table.next_change(at):
        at, mode = change
        if at >= limit or (working and mode not in _WORKING):
            return at
        working = True
    return limit


def _wait_for_the_first(turn: Turn, hours: Hours) -> None:
    """Keep the scheduled opening waiting for the staff; tell if nobody comes."""
    state = turn.state.hours
    scheduled = state.scheduled
    if not (
        hours.first_person_in
        and scheduled is not None
        and scheduled.mode is Mode.OPEN
        and state.presence is None
        and state.choice is None
    ):
        turn.change_hours(waiting_since=None, nobody_came_told=False)
        return
    since = state.waiting_since
    if since is None or turn.is_from_future(since):
        since = turn.now
        turn.change_hours(waiting_since=since, nobody_came_told=False)
    elif not state.nobody_came_told and since + hours.nobody_came_after <= turn.now:
        turn.change_hours(nobody_came_told=True)
        turn.emit(AnnounceHours(kind=HoursEventKind.NOBODY_CAME, begin=since))
