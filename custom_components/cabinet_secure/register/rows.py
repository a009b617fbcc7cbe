"""Entries as rows of the database, and as JSON in the practice's own storage."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta, timezone
import json
from typing import Any

from sqlalchemy import RowMapping

from ..practice.people import Actor, ActorKind
from .chain import CONTENT, canonical_json
from .model import Entry, EntryType, NewEntry, Place

# Entries as the database keeps them: the columns of `chain.CONTENT`.
type Content = dict[str, str | int | None]
# As SQLAlchemy returns them.
type Row = Mapping[str, Any] | RowMapping

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


def micros(time: datetime) -> int:
    """Return an aware time as microseconds since 1970 in UTC, exactly."""
    return (time - _EPOCH) // _MICROSECOND


def _time_of(row: Row) -> datetime:
    """Return the time as it was where it was written, whatever became of the zone."""
    zone = timezone(timedelta(seconds=row["utc_offset"]), row["zone"])
    return (_EPOCH + timedelta(microseconds=row["at"])).astimezone(zone)


def content_of(entry: NewEntry) -> Content:
    """Return the columns of an entry, in texts that every database takes.

    Raises TypeError or ValueError where its details are not JSON.
    """
    actor, place = entry.actor, entry.place
    offset = entry.at.utcoffset()
    if offset is None:
        raise ValueError("The time of an entry needs a zone")
    return {
        "id": entry.id,
        "type": entry.type.value,
        "event": _text(entry.event, 64),
        "at": micros(entry.at),
        "utc_offset": int(offset.total_seconds()),
        "zone": _text(str(entry.at.tzinfo), 64),
        "actor_kind": actor.kind.value if actor else None,
        "actor_name": _text(actor.name) if actor else None,
        "actor_id": _text(actor.id) if actor else None,
        "place_id": _text(place.id) if place else None,
        "place_name": _text(place.name) if place else None,
        "outcome": _text(entry.outcome),
        "session": _text(entry.session, 64),
        "details": _text(canonical_json(entry.details), None),
    }


def _text(text: str | None, longest: int | None = 255) -> str | None:
    """Return a text without what some databases refuse, and no longer than they take.

    A name that cannot be written must not keep the entries behind it from it.
    """
    if text is None:
        return None
    valid = (
        text.encode("utf-8", "replace")
        .decode("utf-8")
        .replace("\0", "\N{REPLACEMENT CHARACTER}")
    )
    return valid[:longest]


def values_of(content: Row) -> tuple[str | int | None, ...]:
    """Return the columns in the order in which they are hashed."""
    return tuple(content[name] for name in CONTENT)


def entry_of(row: Row) -> Entry:
    """Return the entry in a row whose content was not removed.

    Raises ValueError, TypeError or OverflowError where the row was tampered with.
    """
    return Entry(
        sequence=row["sequence"],
        hash=bytes(row["hash"]).hex(),
        previous=bytes(row["previous"]).hex(),
        id=row["id"],
        type=EntryType(row["type"]),
        event=row["event"],
        at=_time_of(row),
        actor=(
            Actor(
                kind=ActorKind(row["actor_kind"]),
                name=row["actor_name"],
                id=row["actor_id"],
            )
            if row["actor_kind"] is not None
            else None
        ),
        place=(
            Place(id=row["place_id"], name=row["place_name"])
            if row["place_id"] is not None
            else None
        ),
        outcome=row["outcome"],
        session=row["session"],
        details=json.loads(row["details"]),
    )


def to_json(content: Content) -> str:
    """Return an entry as text for the outbox."""
    return json.dumps(content, ensure_ascii=False, separators=(",", ":"))


def from_json(text: str) -> Content:
    """Return the entry of a text; raises ValueError where it is none."""
    content = json.loads(text)
    if not isinstance(content, dict) or content.keys() != set(CONTENT):
        raise ValueError("Not an entry of the register")
    return content
