"""How a grant is shown: to actions, to triggers, and to whom it is given."""

from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

from homeassistant.util import dt as dt_util

from .practice.grants.effects import AnnounceGrant
from .practice.grants.model import Grant, Means, WeeklyWindow
from .practice.grants.times import phase_of

if TYPE_CHECKING:
    from .coordinator import PracticeCoordinator

DAYS: Final = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")

# What may be sent on to whom a code or a link was given. It names no practice and no
# patient: a message may be read by others.
SHARED: Final = {
    (Means.CODE, "en"): (
        "Hello, your code for {doors} is {secret}. It is valid from {valid_from} to "
        "{valid_to}. Type it on the keypad. Please do not pass it on."
    ),
    (Means.CODE, "fr"): (
        "Bonjour, votre code pour {doors} est le {secret}. Il est valable du "
        "{valid_from} au {valid_to}. Composez-le sur le clavier. Merci de ne pas le "
        "transmettre."
    ),
    (Means.CARD, "en"): (
        "Hello, your card opens {doors} from {valid_from} to {valid_to}. Please do not "
        "lend it."
    ),
    (Means.CARD, "fr"): (
        "Bonjour, votre carte ouvre {doors} du {valid_from} au {valid_to}. Merci de ne "
        "pas la prêter."
    ),
    (Means.LINK, "en"): (
        "Hello, with this link you open {doors} from {valid_from} to {valid_to}. Tap it "
        "when you stand at the door. Please do not pass it on. {secret}"
    ),
    (Means.LINK, "fr"): (
        "Bonjour, ce lien vous ouvre {doors} du {valid_from} au {valid_to}. Touchez-le "
        "une fois devant la porte. Merci de ne pas le transmettre. {secret}"
    ),
}


def grant_view(coordinator: PracticeCoordinator, grant: Grant) -> dict[str, Any]:
    """Return a grant as actions answer it; nothing in it opens a door."""
    return {
        "grant": grant.id,
        "label": grant.label,
        "person": grant.person,
        "role": grant.role.value,
        "means": grant.means.value,
        "doors": [door_name(coordinator, door) for door in grant.doors],
        "valid_from": _local(grant.valid_from),
        "valid_to": _local(grant.valid_to),
        "windows": [_window(window) for window in grant.windows],
        "uses": grant.uses,
        "used": grant.used,
        "reason": grant.reason,
        "granted_by": grant.granted_by.name,
        "granted_at": _local(grant.granted_at),
        "phase": phase_of(grant, dt_util.utcnow()).value,
        "ended_at": _local(grant.ended_at) if grant.ended_at else None,
        # What devices that check by themselves have of it.
        "devices": {
            equipment.name: held.status.value
            for held in grant.holdings
            for equipment in coordinator.equipment.values()
            if equipment.id == held.equipment
        },
    }


def grant_payload(
    coordinator: PracticeCoordinator, announced: AnnounceGrant
) -> dict[str, Any]:
    """Return `trigger.grant`."""
    names = {each.id: each.name for each in coordinator.equipment.values()}
    return grant_view(coordinator, announced.grant) | {
        "event": announced.event.value,
        "practice": coordinator.entry.title,
        "by": announced.by.name if announced.by else None,
        "by_kind": announced.by.kind.value if announced.by else None,
        "equipment_name": names.get(announced.equipment or ""),
        "door_name": door_name(coordinator, announced.door) if announced.door else None,
    }


def shared_text(
    coordinator: PracticeCoordinator, grant: Grant, secret: str | None, language: str
) -> str:
    """Return the message that who created a grant may send to whom it is for."""
    return SHARED[grant.means, language].format(
        doors=", ".join(door_name(coordinator, door) for door in grant.doors),
        secret=secret,
        valid_from=written(grant.valid_from, language),
        valid_to=written(grant.valid_to, language),
    )


def period(grant: Grant, language: str) -> str:
    """Return from when to when a grant is valid, to be read by a person."""
    times = (grant.valid_from, grant.valid_to)
    return " – ".join(written(time, language) for time in times)


def door_name(coordinator: PracticeCoordinator, door: str) -> str:
    """Return what a door is called; its identifier, should it be gone."""
    known = coordinator.doors.get(door)
    return known.name if known else door


def _local(time: datetime) -> str:
    return dt_util.as_local(time).isoformat()


def written(time: datetime, language: str) -> str:
    """Return a moment by the clock of the practice, to be read by a person."""
    local = dt_util.as_local(time)
    return local.strftime("%d/%m/%Y à %Hh%M" if language == "fr" else "%d %b %Y, %H:%M")


def _window(window: WeeklyWindow) -> dict[str, Any]:
    return {
        "days": [DAYS[day] for day in window.days],
        "start": window.start.isoformat(),
        "end": window.end.isoformat(),
    }
