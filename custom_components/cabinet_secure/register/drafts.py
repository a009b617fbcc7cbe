"""Which announcements of the practice open an incident by themselves (DOMAIN: register)."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Final

from ..practice.effects import AnnounceDoor, DoorEventKind, Effect
from .incident import Cause, Draft, Facts, Incident, Status
from .model import Place

# What happens again at a door within this time belongs to the draft that is open.
SAME_INCIDENT: Final = timedelta(minutes=30)


def draft_of(effect: Effect, at: datetime, places: Mapping[str, Place]) -> Draft | None:
    """Return the incident that this begins, or None. `at` is in the practice's zone."""
    match effect:
        case AnnounceDoor(kind=DoorEventKind.FORCED, door=door, device_time=seen):
            # What was heard late happened when the device saw it.
            happened = seen.astimezone(at.tzinfo) if seen and effect.late else at
            return Draft(
                cause=Cause.FORCED_DOOR,
                facts=Facts(at=min(happened, at)),
                door=places.get(door, Place(id=door, name=door)),
            )
    return None


def is_open_already(draft: Draft, incidents: Iterable[Incident]) -> bool:
    """Whether a draft of the same cause at the same door is open since a short while."""
    return any(
        incident.status is Status.DRAFT
        and incident.cause is draft.cause
        and incident.door == draft.door
        and incident.began_with == draft.began_with
        and abs(draft.facts.at - incident.facts.at) <= SAME_INCIDENT
        for incident in incidents
    )
