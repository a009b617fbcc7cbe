"""How long what stays on record, and what stays longer (DOMAIN: *Cameras and privacy*)."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import Connection, select

from ..practice.people import Actor
from .book import Rule, Stays, remove
from .model import EntryType, NewEntry
from .rows import entry_of
from .schema import ENTRIES

# DOMAIN: access records 90 days at most; rings and doors tell of the same people.
MOST_ACCESS_DAYS: Final = 90
# Acts of violence are prosecuted for six years (code de procédure pénale, art. 8, to
# verify); what happened may be needed for as long.
DEFAULT_INCIDENT_DAYS: Final = 2192
# Logs of an information system: six months to a year (CNIL, délibération 2021-122, to
# verify).
DEFAULT_OTHER_DAYS: Final = 365

ACCESS: Final = frozenset(
    {EntryType.ACCESS, EntryType.GRANT, EntryType.RING, EntryType.DOOR}
)
INCIDENTS: Final = frozenset({EntryType.INCIDENT, EntryType.PANIC, EntryType.ALARM})
# What was deleted tells of nobody and attests the chain: it stays with the register.
FOR_EVER: Final = frozenset({EntryType.DELETION})
OTHERS: Final = frozenset(EntryType) - ACCESS - INCIDENTS - FOR_EVER

# Entries that are removed in one transaction, so that new ones never wait for long.
AT_ONCE: Final = 2000

FROZEN: Final = "frozen"


@dataclass(frozen=True, slots=True, kw_only=True)
class Retention:
    """Days for which entries stay: of access, of incidents, and of all else."""

    access_days: int = MOST_ACCESS_DAYS
    incident_days: int = DEFAULT_INCIDENT_DAYS
    other_days: int = DEFAULT_OTHER_DAYS

    def rules(self, now: datetime) -> tuple[tuple[frozenset[EntryType], datetime], ...]:
        """Return before which time entries of which types are to go."""
        return (
            (ACCESS, now - timedelta(days=min(self.access_days, MOST_ACCESS_DAYS))),
            (INCIDENTS, now - timedelta(days=self.incident_days)),
            (OTHERS, now - timedelta(days=self.other_days)),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Freeze:
    """What is to be kept for a complaint, why, and until when.

    Whole sessions, single entries by identifier, and all that happened within periods
    (from the first time up to, but without, the second).
    """

    why: str
    until: datetime
    sessions: frozenset[str] = frozenset()
    entries: frozenset[str] = frozenset()
    periods: tuple[tuple[datetime, datetime], ...] = ()


def freeze(freeze: Freeze, *, by: Actor, at: datetime) -> NewEntry:
    """Return the entry that keeps evidence: it stands as long as it says."""
    return NewEntry(
        type=EntryType.FREEZE,
        event=FROZEN,
        at=at,
        actor=by,
        details={
            "sessions": sorted(freeze.sessions),
            "entries": sorted(freeze.entries),
            "periods": [
                [start.isoformat(), end.isoformat()] for start, end in freeze.periods
            ],
            "until": freeze.until.isoformat(),
            "why": freeze.why,
        },
    )


def frozen(connection: Connection, now: datetime) -> Stays:
    """Return what must stay at present, as the freezes on record say."""
    rows = connection.execute(
        select(ENTRIES).where(
            ENTRIES.c.type == EntryType.FREEZE, ENTRIES.c.event == FROZEN
        )
    ).mappings()
    sessions: set[str] = set()
    ids: set[str] = set()
    periods: list[tuple[datetime, datetime]] = []
    for entry in map(entry_of, rows):
        details = entry.details
        if datetime.fromisoformat(details["until"]) <= now:
            continue
        sessions.update(details["sessions"])
        ids.update((entry.id, *details["entries"]))
        periods += [
            (datetime.fromisoformat(start), datetime.fromisoformat(end))
            for start, end in details["periods"]
        ]
    return Stays(
        sessions=frozenset(sessions), ids=frozenset(ids), periods=tuple(periods)
    )


def purge(
    connection: Connection, retention: Retention, now: datetime, most: int = AT_ONCE
) -> int:
    """Remove up to `most` entries that have been kept for long enough."""
    stays = frozen(connection, now)
    removed = 0
    for types, before in retention.rules(now):
        rule = Rule(types=types, before=before, stays=stays)
        removed += remove(connection, rule, now, most - removed)
        if removed >= most:
            break
    return removed
