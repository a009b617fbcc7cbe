"""What is written into the register, each within one transaction of its one writer."""

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
import hashlib
from typing import Any

from sqlalchemy import Connection, bindparam, insert, or_, select, update

from ..practice.people import SYSTEM
from .chain import CONTENT, FORMAT, GENESIS, content_digest, entry_hash
from .model import Anchor, EntryType, NewEntry
from .rows import Content, content_of, micros, values_of
from .schema import ENTRIES

# What is left of the content of an entry that was removed.
_NOTHING = dict.fromkeys(CONTENT)
_REMOVE = (
    update(ENTRIES)
    .where(ENTRIES.c.sequence == bindparam("number"))
    .values(
        digest=bindparam("content_digest"), removed_by=bindparam("remover"), **_NOTHING
    )
)

PURGED = "purged"
INTERRUPTED = "interrupted"


class Found(StrEnum):
    """Why a record is not whole (public: outcomes of `interrupted`, keys of repairs)."""

    CUT = "cut"  # the newest entries are not there
    ALTERED = "altered"  # the newest entry that we know is another one
    REPLACED = "replaced"  # another chain than ours, or none
    UNREADABLE = "unreadable"  # the file was no database any more, and is set aside
    MOVED = "moved"  # the practice keeps its register elsewhere from now on
    LOST = "lost"  # more waited than fits into memory


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """The newest entry of a chain; number 0 where there is none yet."""

    sequence: int = 0
    hash: bytes = GENESIS


def head_of(connection: Connection) -> Head:
    """Return the newest entry."""
    row = connection.execute(
        select(ENTRIES.c.sequence, ENTRIES.c.hash)
        .order_by(ENTRIES.c.sequence.desc())
        .limit(1)
    ).one_or_none()
    return Head(sequence=row.sequence, hash=bytes(row.hash)) if row else Head()


def append(connection: Connection, contents: Iterable[Content]) -> Head:
    """Put entries at the end of the chain; return the new end."""
    head = head_of(connection)
    rows: list[dict[str, Any]] = []
    for content in contents:
        sequence = head.sequence + 1
        hashed = entry_hash(sequence, head.hash, content_digest(values_of(content)))
        rows.append(
            content
            | {
                "sequence": sequence,
                "format": FORMAT,
                "previous": head.hash,
                "hash": hashed,
            }
        )
        head = Head(sequence=sequence, hash=hashed)
    if rows:
        connection.execute(insert(ENTRIES), rows)
    return head


def written(connection: Connection, ids: Collection[str]) -> set[str]:
    """Return those of these entries that are on record already."""
    return set(
        connection.scalars(select(ENTRIES.c.id).where(ENTRIES.c.id.in_(ids))).all()
    )


def interruption(connection: Connection, anchor: Anchor, chain: str) -> Found | None:
    """Return what became of the newest entry that we know; None if it is there."""
    if anchor.chain != chain:
        return Found.REPLACED
    if anchor.sequence == 0:
        return None
    hashed = connection.scalar(
        select(ENTRIES.c.hash).where(ENTRIES.c.sequence == anchor.sequence)
    )
    if hashed is None:
        return Found.CUT
    return None if bytes(hashed).hex() == anchor.hash else Found.ALTERED


def interruption_entry(
    found: Found, at: datetime, anchor: Anchor | None, **details: int
) -> Content:
    """Return the entry that says that the record before it is not whole."""
    newest = (
        {"chain": anchor.chain, "sequence": anchor.sequence, "hash": anchor.hash}
        if anchor
        else {}
    )
    return content_of(
        NewEntry(
            type=EntryType.DELETION,
            event=INTERRUPTED,
            at=at,
            actor=SYSTEM,
            outcome=found,
            details=details | newest,
        )
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Stays:
    """What stays however old it is: sessions, entries, and what is of some periods."""

    sessions: frozenset[str] = frozenset()
    ids: frozenset[str] = frozenset()
    periods: tuple[tuple[datetime, datetime], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """Which entries are to be removed: of these types, and older than this."""

    types: frozenset[EntryType]
    before: datetime
    stays: Stays = Stays()


def remove(connection: Connection, rule: Rule, at: datetime, most: int) -> int:
    """Remove the content of up to `most` entries, oldest first; return how many.

    Their numbers and hashes stay, so that the chain verifies around them. An entry is
    added that attests what was removed: a blank without such an entry is tampering.
    """
    rows = connection.execute(_removable(rule, most)).mappings().all()
    if not rows:
        return 0
    removed = sorted((row["sequence"], bytes(row["hash"])) for row in rows)
    remover = head_of(connection).sequence + 1
    connection.execute(
        _REMOVE,
        [
            {
                "number": row["sequence"],
                "content_digest": content_digest(values_of(row)),
                "remover": remover,
            }
            for row in rows
        ],
    )
    append(
        connection,
        [
            content_of(
                NewEntry(
                    type=EntryType.DELETION,
                    event=PURGED,
                    at=at,
                    actor=SYSTEM,
                    outcome="retention",
                    details={
                        "count": len(rows),
                        "types": dict(Counter(row["type"] for row in rows)),
                        "first": removed[0][0],
                        "last": removed[-1][0],
                        "older_than": rule.before.isoformat(),
                        "digest": removal_digest(removed),
                    },
                )
            )
        ],
    )
    return len(rows)


def _removable(rule: Rule, most: int) -> Any:
    columns = ENTRIES.c
    return (
        select(columns.sequence, columns.hash, *(columns[name] for name in CONTENT))
        .where(
            columns.type.in_(sorted(rule.types)),
            columns.at < micros(rule.before),
            or_(columns.session.is_(None), columns.session.not_in(rule.stays.sessions)),
            columns.id.not_in(rule.stays.ids),
            *(
                or_(columns.at < micros(start), columns.at >= micros(end))
                for start, end in rule.stays.periods
            ),
        )
        .order_by(columns.at)
        .limit(most)
    )


def removal_digest(removed: Sequence[tuple[int, bytes]]) -> str:
    """Return what attests a removal: numbers and hashes, in order."""
    attested = hashlib.sha256()
    for sequence, hashed in removed:
        attested.update(b"%d:%b" % (sequence, hashed))
    return attested.hexdigest()
