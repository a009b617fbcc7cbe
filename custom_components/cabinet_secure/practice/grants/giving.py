"""How a grant begins, runs out, and is revoked."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
import hashlib
import hmac

from ..effects import Refusal, Refused
from ..people import Actor
from ..turn import Turn
from .effects import AnnounceGrant, GrantEvent
from .events import GrantRequested, RevokeHolderRequested, RevokeRequested
from .memory import REMEMBERED, change, end, put, write_lists
from .model import Grant, GrantPhase, Holding, HoldingStatus, Means
from .times import stretch_of

# What is forgotten ends by itself.
LONGEST = timedelta(days=366)
# A link opens for whoever has it: it lives for a visit or a tour of duty.
LONGEST_LINK = timedelta(days=31)
EXPIRY_TOLD_BEFORE = timedelta(days=1)


def grant_requested(turn: Turn, event: GrantRequested) -> None:
    """Let somebody in from now on, or from later on, if who asks may manage."""
    if refusal := _refusal(turn, event):
        turn.emit(Refused(refusal=refusal))
        return
    grant = Grant(
        id=_new_id(turn),
        label=event.label.strip(),
        person=event.person,
        role=event.role,
        means=event.means,
        digest=event.digest,
        doors=event.doors,
        valid_from=event.valid_from,
        valid_to=event.valid_to,
        windows=event.windows,
        # Whoever was sent a link may have sent it on.
        uses=event.uses or (1 if event.means is Means.LINK else None),
        reason=event.reason,
        granted_by=event.actor,
        granted_at=turn.now,
        holdings=tuple(
            Holding(equipment=equipment, status=HoldingStatus.WAITING)
            for equipment in _lists_of(turn, event)
        ),
    )
    put(turn, grant)
    turn.emit(AnnounceGrant(event=GrantEvent.GRANTED, grant=grant, by=event.actor))
    write_lists(turn, grant)


def revoke_requested(turn: Turn, event: RevokeRequested) -> None:
    """End one grant, if who asks may manage."""
    _revoke(turn, event.actor, lambda grant: grant.id == event.grant)


def revoke_holder_requested(turn: Turn, event: RevokeHolderRequested) -> None:
    """End everything that one person was granted, if who asks may manage."""
    holder = event.holder.strip().casefold()
    _revoke(turn, event.actor, lambda g: holder in (g.holder, g.label.casefold()))


def _revoke(turn: Turn, actor: Actor, chosen: Callable[[Grant], bool]) -> None:
    if not turn.config.may_manage(actor):
        turn.emit(Refused(refusal=Refusal.NOT_ALLOWED))
        return
    revoked = [g for g in turn.state.grants.grants if g.ended is None and chosen(g)]
    if not revoked:
        turn.emit(Refused(refusal=Refusal.UNKNOWN_GRANT))
    for grant in revoked:
        end(turn, grant, GrantPhase.REVOKED, actor)


def _refusal(turn: Turn, event: GrantRequested) -> Refusal | None:
    if not turn.config.may_manage(event.actor):
        return Refusal.NOT_ALLOWED
    if not event.doors or not {*event.doors} <= turn.config.doors.keys():
        return Refusal.UNKNOWN_DOOR
    if not _is_sensible(turn, event):
        return Refusal.GRANT_TIMES
    if event.means is Means.LINK and not turn.config.grants.links:
        return Refusal.LINKS_OFF
    if not _can_be_checked(turn, event):
        return Refusal.NOT_CHECKED
    if any(
        hmac.compare_digest(grant.digest, event.digest)
        for grant in turn.state.grants.grants
    ):
        return Refusal.CODE_TAKEN
    return None


def _is_sensible(turn: Turn, event: GrantRequested) -> bool:
    begins = max(event.valid_from, turn.now)
    longest = LONGEST_LINK if event.means is Means.LINK else LONGEST
    return (
        begins < event.valid_to <= begins + longest
        and (event.uses is None or event.uses > 0)
        and all(window.days for window in event.windows)
    )


def _can_be_checked(turn: Turn, event: GrantRequested) -> bool:
    """Whether every door has somebody who checks what is presented there.

    A code opens one door of each device: which one, the device could not tell.
    """
    config = turn.config
    if event.means is Means.LINK:
        return len(event.doors) == 1
    equipment = [config.doors[door].equipment for door in event.doors]
    listed = [each for each in equipment if each in config.grants.lists]
    return len(listed) == len({*listed}) and all(
        config.doors[door].equipment in config.grants.lists
        or (event.means is Means.CODE and door in config.grants.keypads)
        for door in event.doors
    )


def _lists_of(turn: Turn, event: GrantRequested) -> list[str]:
    if event.means is Means.LINK:
        return []
    config = turn.config
    equipment = [config.doors[door].equipment for door in event.doors]
    return [each for each in equipment if each in config.grants.lists]


def _new_id(turn: Turn) -> str:
    """Return an identifier in the form of a UUID (RFC 9562, version 8)."""
    digits = hashlib.sha256(turn.new_token().encode()).hexdigest().upper()
    return (
        f"{digits[:8]}-{digits[8:12]}-8{digits[13:16]}-8{digits[17:20]}-{digits[20:32]}"
    )


# --- time ----------------------------------------------------------------------------


def settle(turn: Turn) -> None:
    """End what is over, tell of what soon will be, and forget what is long over.

    A clock that was set back makes every grant be looked at again.
    """
    known = turn.state.grants
    if known.settled_at is not None and turn.is_from_future(known.settled_at):
        for grant in known.grants:
            write_lists(turn, grant)
    elif known.due is None or turn.now < known.due:
        return
    for grant in known.grants:
        if grant.ended is None:
            _look_at(turn, grant, known.settled_at)
    after = turn.state.grants
    kept = tuple(grant for grant in after.grants if not _is_forgotten(turn, grant))
    change(
        turn,
        replace(
            after,
            grants=kept,
            settled_at=turn.now,
            due=min(
                (due for grant in kept for due in _dues(turn, grant)), default=None
            ),
        ),
    )


def _look_at(turn: Turn, grant: Grant, settled_at: datetime | None) -> None:
    if grant.valid_to <= turn.now:
        end(turn, grant, GrantPhase.EXPIRED, None)
        return
    if not grant.expiry_told and _told_at(grant) <= turn.now:
        told = replace(grant, expiry_told=True)
        put(turn, told)
        if grant.valid_to - grant.granted_at > EXPIRY_TOLD_BEFORE:
            turn.emit(AnnounceGrant(event=GrantEvent.EXPIRING, grant=told))
    zone = turn.config.grants.zone
    if settled_at is not None and (
        stretch_of(grant, settled_at, zone) != stretch_of(grant, turn.now, zone)
    ):
        write_lists(turn, grant)


def _told_at(grant: Grant) -> datetime:
    return grant.valid_to - EXPIRY_TOLD_BEFORE


def _is_forgotten(turn: Turn, grant: Grant) -> bool:
    return (
        grant.ended_at is not None
        and not grant.holdings
        and grant.ended_at + REMEMBERED <= turn.now
    )


def _dues(turn: Turn, grant: Grant) -> list[datetime]:
    """Return when a grant has to be looked at again."""
    if grant.ended_at is not None:
        due = grant.ended_at + REMEMBERED
        return [due] if due > turn.now else []
    dues = [grant.valid_from, grant.valid_to, _told_at(grant)]
    if stretch := stretch_of(grant, turn.now, turn.config.grants.zone):
        dues += stretch
    return [due for due in dues if due > turn.now]
