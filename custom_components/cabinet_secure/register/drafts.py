"""Which announcements of the practice open an incident by themselves (DOMAIN: register)."""

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from typing import Final

from ..practice.effects import AnnounceDoor, DoorEventKind, Effect
from ..practice.intrusion.effects import AnnounceIntrusion, IntrusionEvent
from ..practice.panic.effects import AnnouncePanic, PanicEvent
from .incident import Cause, Draft, Facts, Incident, Status
from .model import Place

# What happens again at a door, or to the alarm, within this time belongs to the draft
# that is open.
SAME_INCIDENT: Final = timedelta(minutes=30)


def draft_of(
    effect: Effect, at: datetime, place_of: Callable[[str], Place]
) -> Draft | None:
    """Return the incident that this begins, or None. `at` is in the practice's zone.

    A drill begins none.
    """
    match effect:
        case AnnounceDoor(kind=DoorEventKind.FORCED, door=door, device_time=seen):
            # What was heard late happened when the device saw it.
            happened = seen.astimezone(at.tzinfo) if seen and effect.late else at
            return Draft(
                cause=Cause.FORCED_DOOR,
                facts=Facts(at=min(happened, at)),
                door=place_of(door),
            )
        case AnnounceIntrusion(event=IntrusionEvent.TRIGGERED, sensors=sensors):
            return Draft(
                cause=Cause.INTRUSION,
                facts=Facts(at=at),
                door=place_of(sensors[0]) if sensors else None,
            )
        case AnnouncePanic(event=PanicEvent.RAISED, panic=panic) if not panic.drill:
            return Draft(
                cause=Cause.PANIC,
                facts=Facts(at=at),
                door=(
                    Place(id=panic.place, name=panic.location)
                    if panic.location
                    else None
                ),
                began_with=panic.id,
            )
    return None


def is_open_already(draft: Draft, incidents: Iterable[Incident]) -> bool:
    """Whether what began belongs to an incident that is on record already."""
    return any(_is_part(draft, incident) for incident in incidents)


def _is_part(draft: Draft, incident: Incident) -> bool:
    """Whether they are one: the same panic, or the same break-in while it is a draft."""
    if Cause.PANIC in (draft.cause, incident.cause):
        return draft.began_with is not None and draft.began_with == incident.began_with
    if (
        incident.status is not Status.DRAFT
        or incident.cause not in (Cause.FORCED_DOOR, Cause.INTRUSION)
        or abs(draft.facts.at - incident.facts.at) > SAME_INCIDENT
    ):
        return False
    # The alarm and the door that was forced for it are one; two doors are two.
    return Cause.INTRUSION in (draft.cause, incident.cause) or (
        draft.door == incident.door
    )
