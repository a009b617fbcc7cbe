"""What the register holds: entries, and how they are asked for.

Imports nothing of Home Assistant, as does the whole of `register/`.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import uuid4

from ..practice.people import Actor


class EntryType(StrEnum):
    """What an entry is about (public: filters of actions, columns of exports)."""

    ACCESS = "access"  # who was let in, or was not
    GRANT = "grant"  # who may come in without an account
    RING = "ring"
    PANIC = "panic"
    MODE = "mode"
    ALARM = "alarm"
    DOOR = "door"  # what a door itself reports
    EQUIPMENT = "equipment"
    CAMERA = "camera"  # hidden and shown, evidence kept
    CONFIGURATION = "configuration"
    VIEWING = "viewing"  # somebody read the register, or looked through a camera
    EXPORT = "export"
    DELETION = "deletion"  # what is no longer there, and why
    INCIDENT = "incident"
    FREEZE = "freeze"  # evidence that is kept for a complaint


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where something happened; the name is the one of that time."""

    id: str
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NewEntry:
    """Something to be put on record. `id` makes writing it twice harmless."""

    type: EntryType
    # What happened, in the words of the type: `granted`, `missed`, `lost` …
    event: str
    # Aware, in the zone of the practice: what the clock on the wall showed is kept too.
    at: datetime
    actor: Actor | None = None
    place: Place | None = None
    # How it ended or why, where that is known: `not_allowed`, `ring` …
    outcome: str | None = None
    # The ring, panic or incident that it belongs to.
    session: str | None = None
    # JSON of whatever else belongs to it; no secret, and nobody's health.
    details: Mapping[str, Any] = field(default_factory=dict)
    id: str = field(default_factory=lambda: uuid4().hex)


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry(NewEntry):
    """An entry on record: its number, its hash, and that of the one before (hex)."""

    sequence: int
    hash: str
    previous: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Cursor:
    """Where a page of a query ended; `at` is in microseconds since 1970 in UTC."""

    at: int
    sequence: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Query:
    """Which entries are asked for; what is None or empty does not narrow it."""

    # From `start` up to, but without, `end`.
    start: datetime | None = None
    end: datetime | None = None
    types: frozenset[EntryType] = frozenset()
    events: frozenset[str] = frozenset()
    # The identifier of a place, or its name.
    place: str | None = None
    # The identifier of a Home Assistant user, or the name of whoever acted.
    person: str | None = None
    session: str | None = None
    ids: frozenset[str] = frozenset()
    newest_first: bool = True
    # 1 to 1,000 entries, from where the page before ended.
    limit: int = 100
    after: Cursor | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """Some entries, and where to go on; None where there are no more.

    `damaged` are the numbers of entries that cannot be read; `verify` says more.
    """

    entries: tuple[Entry, ...]
    after: Cursor | None
    damaged: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Anchor:
    """The newest entry, remembered outside the database.

    An end that was cut off, or a database that was replaced, is found by it.
    """

    chain: str
    sequence: int
    hash: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """What the practice remembers of its register across a restart."""

    anchor: Anchor | None = None
    # Which database the anchor is about: a digest of its address.
    location: str | None = None
    # Entries that were accepted and are not known to be written, each as JSON.
    outbox: tuple[str, ...] = ()
    # How many were not accepted, as the outbox was full.
    lost: int = 0
