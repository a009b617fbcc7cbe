"""What happens when somebody presents a code, a card or a link.

DOMAIN, *Opening a door*: an unknown, late, replayed or doubtful input never opens.
"""

from dataclasses import replace
from datetime import timedelta
import hmac

from ..access import open_door, refusal_to_open
from ..effects import AnnounceDoor, DoorEventKind, Refusal, Refused
from ..events import AccessDenied, AccessGranted
from ..people import Actor
from ..turn import Turn
from .effects import AnnounceGrant, GrantEvent
from .events import DoorCodePresented, LinkPresented, LinkVisited
from .memory import change, end, put
from .model import Denials, FirstPerson, Grant, GrantPhase, GrantRole, Means
from .times import is_valid_at, phase_of

# Issue, *Two people may be needed*.
SECOND_PERSON_WITHIN = timedelta(seconds=30)
# Issue: five denied in a row are announced. DOMAIN, *Alarm*: after five wrong codes
# none is looked at for a while, and for twice as long after each further one.
DENIED_IN_A_ROW = 5
FIRST_PAUSE = timedelta(seconds=60)
# So that guessing takes years, and somebody who vexes keeps nobody out for hours.
LONGEST_PAUSE = timedelta(minutes=15)

UNKNOWN_CODE = "unknown_code"
OUTSIDE_WINDOW = "outside_window"
OTHER_DOOR = "other_door"
LATE = "late"
BLOCKED = "blocked"
# What a 2N device says of somebody whom it knows and whom only we may let in.
KNOWN_TO_DEVICE = "invalidProfile"


# Each of these returns who has opened, where that is proven already.


def code_presented(turn: Turn, event: DoorCodePresented) -> Actor | None:
    """Open for a code that was typed at a keypad which leaves it to us."""
    if event.late:
        _deny(turn, event.door, None, LATE)
        return None
    blocked_until = turn.state.grants.denied_at(event.door).blocked_until
    if blocked_until is not None and (
        turn.now < blocked_until <= turn.now + LONGEST_PAUSE
    ):
        turn.emit(
            AnnounceDoor(kind=DoorEventKind.DENIED, door=event.door, reason=BLOCKED)
        )
        return None
    grant = _found(turn, event.digest, Means.CODE)
    if grant is None:
        _deny(turn, event.door, None, UNKNOWN_CODE)
        return None
    outcome = _present(turn, event.door, grant, "keypad")
    return None if isinstance(outcome, Refusal) else outcome


def link_visited(turn: Turn, event: LinkVisited) -> None:
    """Put on record that the page of a link was looked at. Nothing opens."""
    grant = _found(turn, event.digest, Means.LINK)
    if grant is None or not turn.config.grants.links:
        turn.emit(Refused(refusal=Refusal.UNKNOWN_GRANT))
        return
    turn.emit(AnnounceGrant(event=GrantEvent.VISITED, grant=grant, door=grant.doors[0]))


def link_presented(turn: Turn, event: LinkPresented) -> Actor | None:
    """Open for an opening link."""
    grant = _found(turn, event.digest, Means.LINK)
    if grant is None or not turn.config.grants.links:
        turn.emit(Refused(refusal=Refusal.UNKNOWN_GRANT))
        return None
    outcome = _present(turn, event.door, grant, "link")
    if isinstance(outcome, Refusal):
        turn.emit(Refused(refusal=outcome))
        return None
    return outcome


def device_granted(turn: Turn, event: AccessGranted) -> None:
    """Count the use of a grant that a device let in, even one it told of late."""
    _forget_denials(turn, event.door)
    grant = turn.state.grants.grant(event.grant) if event.grant else None
    if grant is not None and grant.ended is None:
        _use(turn, grant)


def may_be_staff(turn: Turn, event: AccessGranted) -> bool:
    """Whether whom a device let in may be staff; of a grant, its role tells."""
    grant = turn.state.grants.grant(event.grant) if event.grant else None
    return grant is None or grant.role in (GrantRole.STAFF, GrantRole.LOCUM)


def is_left_to_us(turn: Turn, event: AccessDenied) -> bool:
    """Whether a device knows somebody, and leaves it to us to let them in."""
    return (
        not event.late
        and event.reason == KNOWN_TO_DEVICE
        and event.grant is not None
        and turn.state.grants.grant(event.grant) is not None
        and event.door in turn.config.grants.two_people
    )


def device_recognised(turn: Turn, event: AccessDenied) -> Actor | None:
    """Decide on somebody of whom `is_left_to_us` holds."""
    grant = turn.state.grants.grant(event.grant or "")
    outcome = _present(turn, event.door, grant, "code") if grant else None
    return None if isinstance(outcome, Refusal) else outcome


def device_denied(turn: Turn, event: AccessDenied) -> None:
    """Count somebody whom a device denied by itself."""
    _count_denial(turn, event.door)


def _found(turn: Turn, digest: str, means: Means) -> Grant | None:
    """Return the grant of what was presented; how long that takes tells nothing."""
    found = None
    for grant in turn.state.grants.grants:
        if hmac.compare_digest(grant.digest, digest) and grant.means is means:
            found = grant
    return found


def _present(
    turn: Turn, door: str, grant: Grant, method: str
) -> Refusal | Actor | None:
    """Open, wait for a second person, or deny."""
    at_door = grant.means is not Means.LINK
    if reason := _why_not(turn, door, grant):
        _deny(turn, door, grant.actor, reason, at_door=at_door)
        return Refusal.OUTSIDE_WINDOW
    if refusal := refusal_to_open(turn, door, grant.actor):
        _deny(turn, door, grant.actor, refusal, at_door=at_door)
        return refusal
    if door in turn.config.grants.two_people:
        first = _first_of_two(turn, door, grant)
        if first is None:
            return Refusal.SECOND_PERSON
        _use(turn, first)
    _forget_denials(turn, door, at_door=at_door)
    _use(turn, grant)
    proven = open_door(turn, door, grant.actor, ring=None, method=method)
    return grant.actor if proven else None


def _why_not(turn: Turn, door: str, grant: Grant) -> str | None:
    phase = phase_of(grant, turn.now)
    if phase is not GrantPhase.ACTIVE:
        return phase
    if door not in grant.doors:
        return OTHER_DOOR
    if not is_valid_at(grant, turn.now, turn.config.grants.zone):
        return OUTSIDE_WINDOW
    return None


def _use(turn: Turn, grant: Grant) -> None:
    used = replace(grant, used=grant.used + 1)
    if used.uses is not None and used.used >= used.uses:
        end(turn, used, GrantPhase.USED_UP, used.actor)
    else:
        put(turn, used)


# --- two people ----------------------------------------------------------------------


def _first_of_two(turn: Turn, door: str, grant: Grant) -> Grant | None:
    """Return the grant of the other person; without one, this one is the first."""
    known = turn.state.grants
    others = tuple(each for each in known.first_people if each.door != door)
    first = next((each for each in known.first_people if each.door == door), None)
    if (
        first is not None
        and timedelta() <= turn.now - first.at <= SECOND_PERSON_WITHIN
        and (other := known.grant(first.grant)) is not None
        and other.holder != grant.holder
        and _why_not(turn, door, other) is None
    ):
        change(turn, replace(known, first_people=others))
        return other
    here = FirstPerson(door=door, grant=grant.id, at=turn.now)
    change(turn, replace(known, first_people=(*others, here)))
    turn.emit(
        AnnounceGrant(
            event=GrantEvent.SECOND_PERSON_AWAITED,
            grant=grant,
            by=grant.actor,
            door=door,
        )
    )
    return None


# --- who was denied ------------------------------------------------------------------


def _deny(
    turn: Turn, door: str, by: Actor | None, reason: str, *, at_door: bool = True
) -> None:
    turn.emit(AnnounceDoor(kind=DoorEventKind.DENIED, door=door, by=by, reason=reason))
    _count_denial(turn, door, at_door=at_door)


def _count_denial(turn: Turn, door: str, *, at_door: bool = True) -> None:
    """Count somebody who was denied; `at_door`: who stands there, not on a phone.

    Whoever is far away with a link that is over must not shut the keypad for others.
    """
    denials = turn.state.grants.denied_at(door)
    denials = replace(denials, count=denials.count + 1)
    if denials.count == DENIED_IN_A_ROW:
        turn.emit(AnnounceDoor(kind=DoorEventKind.DENIED_REPEATEDLY, door=door))
        denials = replace(denials, count=0)
    if at_door:
        denials = replace(denials, typed=denials.typed + 1)
        if (excess := denials.typed - DENIED_IN_A_ROW) >= 0:
            # Doubling is soon beyond what a time can hold.
            pause = min(FIRST_PAUSE * 2 ** min(excess, 10), LONGEST_PAUSE)
            denials = replace(denials, blocked_until=turn.now + pause)
    _put_denials(turn, denials)


def _forget_denials(turn: Turn, door: str, *, at_door: bool = True) -> None:
    denials = turn.state.grants.denied_at(door)
    forgotten = Denials(door=door) if at_door else replace(denials, count=0)
    if forgotten != denials:
        _put_denials(turn, forgotten)


def _put_denials(turn: Turn, denials: Denials) -> None:
    known = turn.state.grants
    others = tuple(each for each in known.denials if each.door != denials.door)
    change(turn, replace(known, denials=(*others, denials)))
