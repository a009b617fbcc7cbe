"""Who may open which door, and whether it opened.

DOMAIN, *Opening a door*: opening fails closed; a command that succeeded is not a door
that opened. Every release of a strike by this integration is decided in `open_door` or
`hold_requested`.
"""

from dataclasses import replace
from datetime import timedelta

from . import late_effects
from .config import DoorConfig
from .effects import (
    AnnounceDoor,
    DoorEventKind,
    HoldStrike,
    PulseStrike,
    Refusal,
    Refused,
    SecureStrike,
)
from .events import (
    CommandFailed,
    DoorSeen,
    HoldRequested,
    OpenRequested,
    Originator,
    ReleaseAccepted,
    SecureRequested,
    StrikeReleased,
    StrikeSecured,
)
from .grants.times import is_valid_at
from .lockdown import course as lockdown
from .people import Actor, ActorKind
from .state import Mode, Opening
from .turn import Turn

# A visitor has this long after the strike is secured again to be seen by the contact.
CONTACT_REPORTS_WITHIN = timedelta(seconds=15)
STRIKE_NOT_REPORTED = "strike_not_reported"
DOOR_NOT_OPENED = "door_not_opened"
# Nothing proves that the door opened: neither its strike nor a contact tells.
UNCONFIRMED = "unconfirmed"

# Who released a strike that nobody here asked for.
BY_ORIGINATOR = {
    Originator.REQUEST: Actor(kind=ActorKind.DEVICE, name="api"),
    Originator.CODE: Actor(kind=ActorKind.CODE, name="code"),
    Originator.PHONE: Actor(kind=ActorKind.PHONE, name="phone"),
    Originator.EXIT_BUTTON: Actor(kind=ActorKind.DEVICE, name="exit_button"),
    Originator.DEVICE: Actor(kind=ActorKind.DEVICE, name="device"),
    Originator.UNKNOWN: Actor(kind=ActorKind.DEVICE, name="unknown"),
}


def refusal_to_open(turn: Turn, door: str, actor: Actor) -> Refusal | None:
    """Say why this actor may not have this door opened now, or None if they may."""
    if door not in turn.config.doors:
        return Refusal.UNKNOWN_DOOR
    if not (turn.config.may_open(actor) or _is_granted(turn, door, actor)):
        return Refusal.NOT_ALLOWED
    if turn.state.mode is Mode.LOCKDOWN and not turn.config.may_override(actor):
        return Refusal.LOCKDOWN
    equipment = turn.config.doors[door].equipment
    if any(loss.equipment == equipment for loss in turn.state.losses):
        return Refusal.EQUIPMENT_LOST
    return None


def _is_granted(turn: Turn, door: str, actor: Actor) -> bool:
    """Whether this actor presents a grant that is good for this door now."""
    if actor.kind is not ActorKind.CODE or actor.id is None:
        return False
    grant = turn.state.grants.grant(actor.id)
    return (
        grant is not None
        and door in grant.doors
        and is_valid_at(grant, turn.now, turn.config.grants.zone)
    )


def open_requested(turn: Turn, event: OpenRequested) -> bool:
    """Open a door that somebody asks for, if they may; True if it is proven already."""
    if refusal := refusal_to_open(turn, event.door, event.actor):
        _refuse(turn, event.door, event.actor, refusal)
        return False
    return open_door(turn, event.door, event.actor, ring=None)


def open_door(
    turn: Turn,
    door: str,
    actor: Actor,
    *,
    ring: str | None,
    method: str | None = None,
) -> bool:
    """Release a strike once. Whoever calls has asked `refusal_to_open` before.

    True where the strike was released already: then it has nothing left to report.
    """
    if turn.state.mode is Mode.LOCKDOWN:
        lockdown.let_through(turn, door)
    opening = _begin(turn, door, actor, ring=ring, hold=False, method=method)
    turn.emit(PulseStrike(door=door, opening=opening.id))
    return opening.released


def hold_requested(turn: Turn, event: HoldRequested) -> bool:
    """Keep a door unlocked for somebody who may; True if it is proven already."""
    if refusal := _refusal_to_hold(turn, event.door, event.actor):
        _refuse(turn, event.door, event.actor, refusal)
        return False
    turn.change_door(event.door, held_by=event.actor)
    opening = _begin(turn, event.door, event.actor, ring=None, hold=True)
    turn.emit(HoldStrike(door=event.door, opening=opening.id))
    return opening.released


def _refusal_to_hold(turn: Turn, door: str, actor: Actor) -> Refusal | None:
    if refusal := refusal_to_open(turn, door, actor):
        return refusal
    if turn.state.mode is Mode.LOCKDOWN:
        # Whoever may override lets one visitor through, and leaves no door open.
        return Refusal.LOCKDOWN
    return None if turn.config.doors[door].can_hold else Refusal.CANNOT_HOLD


def secure_requested(turn: Turn, event: SecureRequested) -> None:
    """Lock a door. Nobody is refused that: the exit does not depend on it."""
    if event.door not in turn.config.doors:
        turn.emit(Refused(refusal=Refusal.UNKNOWN_DOOR))
        return
    secure(turn, event.door, event.actor)


def secure(turn: Turn, door: str, actor: Actor) -> None:
    """End a hold of this door, whether or not we know of one."""
    for opening in turn.state.openings:
        if opening.door == door and opening.hold:
            turn.drop_opening(opening.id)
    turn.change_door(door, held_by=None, changed_by=actor)
    turn.emit(SecureStrike(door=door))


def _refuse(turn: Turn, door: str, actor: Actor, refusal: Refusal) -> None:
    """Tell the one who asked, and put on record that they were refused."""
    turn.emit(Refused(refusal=refusal))
    if refusal is not Refusal.UNKNOWN_DOOR:
        turn.emit(
            AnnounceDoor(kind=DoorEventKind.DENIED, door=door, by=actor, reason=refusal)
        )


def _begin(
    turn: Turn,
    door: str,
    actor: Actor,
    *,
    ring: str | None,
    hold: bool,
    method: str | None = None,
) -> Opening:
    opening = Opening(
        id=turn.new_token(),
        door=door,
        by=actor,
        ring=ring,
        requested_at=turn.now,
        deadline=turn.now + turn.config.doors[door].strike_reports_within,
        # A strike that is released already has nothing left to report.
        released=turn.state.door(door).released is True,
        hold=hold,
        method=method or ("ring" if ring else "request"),
    )
    turn.put_opening(opening)
    late_effects.forget(turn, door)
    if opening.released:
        _prove_release(turn, opening)
    return opening


def strike_released(turn: Turn, event: StrikeReleased) -> Opening | None:
    """Note that a strike is released, and return the attempt of ours it proves."""
    if event.late:
        return None
    proven = _prove_releases(turn, event.door)
    if proven is None and turn.state.door(event.door).released is not True:
        if late_effects.released(turn, event):
            turn.change_door(event.door, released=True)
        else:
            _released_by_another(turn, event)
    return proven


def release_accepted(turn: Turn, event: ReleaseAccepted) -> Opening | None:
    """Believe a device that tells nothing more; return the attempt of ours it was.

    Whether the strike is released stays unknown; the contact proves, where there is one.
    """
    waiting = [
        o for o in turn.state.openings if o.door == event.door and not o.released
    ]
    for opening in waiting:
        turn.change_door(event.door, changed_by=opening.by)
        _prove_release(turn, opening)
    return next(iter(waiting), None)


def _prove_releases(turn: Turn, door: str) -> Opening | None:
    """Prove the attempts that wait for a strike, and return the one that counts.

    All of them: a strike that is released already does not report again. Where there
    are several, the one that answers a ring counts.
    """
    waiting = [o for o in turn.state.openings if o.door == door and not o.released]
    if not waiting:
        return None
    turn.change_door(door, released=True, changed_by=waiting[0].by)
    for opening in waiting:
        _prove_release(turn, opening)
    return next((o for o in waiting if o.ring), waiting[0])


def _released_by_another(turn: Turn, event: StrikeReleased) -> None:
    by = BY_ORIGINATOR[event.originator]
    turn.change_door(event.door, released=True, changed_by=by)
    if event.originator is not Originator.CODE:
        # A code reports by itself who was granted access.
        turn.emit(
            AnnounceDoor(
                kind=DoorEventKind.GRANTED,
                door=event.door,
                by=by,
                method=event.originator,
            )
        )


def _prove_release(turn: Turn, opening: Opening) -> None:
    door = turn.config.doors[opening.door]
    seen = _waits_for_contact(turn, door, opening)
    turn.emit(
        AnnounceDoor(
            kind=DoorEventKind.GRANTED,
            door=opening.door,
            by=opening.by,
            method=opening.method,
            reason=None if door.strike_reports or seen else UNCONFIRMED,
            ring=opening.ring,
        )
    )
    if not seen:
        turn.drop_opening(opening.id)
        return
    turn.put_opening(
        replace(
            opening,
            released=True,
            deadline=turn.now + door.strike_time + CONTACT_REPORTS_WITHIN,
        )
    )


def _waits_for_contact(turn: Turn, door: DoorConfig, opening: Opening) -> bool:
    # Through a door that is held, anybody comes at any time.
    held = opening.hold or turn.state.door(opening.door).held_by is not None
    return door.has_contact and not held and _is_seen_closed(turn, opening.door)


def _is_seen_closed(turn: Turn, door: str) -> bool:
    # A door that stands open already, or whose contact is unknown, proves nothing.
    return turn.state.door(door).contact_open is False


def strike_secured(turn: Turn, event: StrikeSecured) -> None:
    """Note that a strike is secured again; a hold that the device ended is over."""
    if event.late:
        return
    turn.change_door(event.door, released=False)
    _end_hold(turn, event.door)
    lockdown.strike_secured(turn, event.door)


def door_seen(turn: Turn, event: DoorSeen) -> Opening | None:
    """Note how a door is when asked, and return the attempt of ours it proves."""
    known = turn.state.door(event.door)
    turn.change_door(
        event.door,
        released=event.released,
        contact_open=event.contact_open,
        held_open=known.held_open and event.contact_open is not False,
    )
    if event.released:
        return _prove_releases(turn, event.door)
    if event.released is False:
        _end_hold(turn, event.door)
    return None


def _end_hold(turn: Turn, door: str) -> None:
    # The end of an earlier pulse says nothing about a hold that is only beginning.
    if not any(o.door == door and o.hold for o in turn.state.openings):
        turn.change_door(door, held_by=None)


def doors_lost(turn: Turn, equipment: str) -> None:
    """Know nothing about the doors of equipment that does not answer.

    Their strikes are secured by themselves: a hold is a lease (PROTOCOL_2N).
    """
    for door in turn.config.doors_of(equipment):
        turn.change_door(door, released=None, contact_open=None, held_by=None)


def command_failed(turn: Turn, event: CommandFailed) -> Opening | None:
    """Give up an attempt whose command failed, and return it."""
    opening = next((o for o in turn.state.openings if o.id == event.opening), None)
    if opening is None:
        return None
    _give_up(turn, opening, event.reason)
    if event.may_have_worked:
        late_effects.remember(turn, opening)
    return opening


def _give_up(turn: Turn, opening: Opening, reason: str) -> None:
    turn.drop_opening(opening.id)
    if opening.hold:
        turn.change_door(opening.door, held_by=None)
    turn.emit(
        AnnounceDoor(
            kind=DoorEventKind.OPEN_FAILED,
            door=opening.door,
            by=opening.by,
            reason=reason,
            ring=opening.ring,
        )
    )


def give_up_unproven(turn: Turn) -> list[Opening]:
    """Give up the attempts whose proof did not come in time, and return them."""
    overdue = [
        o
        for o in turn.state.openings
        if o.deadline <= turn.now or turn.is_from_future(o.requested_at)
    ]
    for opening in overdue:
        if not opening.released:
            _give_up(turn, opening, STRIKE_NOT_REPORTED)
            late_effects.remember(turn, opening)
        elif _is_seen_closed(turn, opening.door):
            _give_up(turn, opening, DOOR_NOT_OPENED)
            late_effects.remember(turn, opening)
        else:
            turn.drop_opening(opening.id)
    return overdue
