"""How long what stays on record, and what stays longer (DOMAIN: *Cameras and privacy*)."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import Connection, select

from ..practice.people import Actor
from .book import Rule, remove
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
class Frozen:
    """What is kept for a complaint: whole sessions, single entries, the freezes."""

    sessions: frozenset[str] = frozenset()
    ids: frozenset[str] = frozenset()


def frozen(connection: Connection, now: datetime) -> Frozen:
    """Return what must stay at present, as the freezes on record say."""
    rows = connection.execute(
        select(ENTRIES).where(
            ENTRIES.c.type == EntryType.FREEZE, ENTRIES.c.event == FROZEN
        )
    ).mappings()
    freezes = [
        entry
        for entry in map(entry_of, rows)
        if datetime.fromisoformat(entry.details["until"]) > now
    ]
    return Frozen(
        sessions=frozenset(_all(each.details["sessions"] for each in freezes)),
        ids=frozenset(
            (
                *_all(each.details["entries"] for each in freezes),
                *(each.id for each in freezes),
            )
        ),
    )


def freeze(
    *,
    by: Actor,
    why: str,
    until: datetime,
    at: datetime,
    sessions: Collection[str] = (),
    entries: Collection[str] = (),
) -> NewEntry:
    """Return the entry that keeps sessions and entries, by identifier, until then."""
    return NewEntry(
        type=EntryType.FREEZE,
        event=FROZEN,
        at=at,
        actor=by,
        details={
            "sessions": sorted(sessions),
            "entries": sorted(entries),
            "until": until.isoformat(),
            "why": why,
        },
    )


def _all(lists: Iterable[list[str]]) -> Iterable[str]:
    return (each for some in lists for each in some)


def purge(
    connection: Connection, retention: Retention, now: datetime, most: int = AT_ONCE
) -> int:
    """Remove up to `most` entries that have been kept for long enough."""
    stays = frozen(connection, now)
    removed = 0
    for types, before in retention.rules(now):
        rule = Rule(types=types, before=before, sessions=stays.sessions, ids=stays.ids)
        removed += remove(connection, rule, now, most - removed)
        if removed >= most:
            break
    return removed
