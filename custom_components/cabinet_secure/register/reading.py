"""Reading the register: by period, type, place, person; a page at a time."""

from typing import Any, Final

from sqlalchemy import ColumnElement, Connection, Select, and_, func, or_, select

from .model import Cursor, Entry, Page, Query
from .rows import entry_of, micros
from .schema import ENTRIES

MOST_AT_ONCE: Final = 1000

_C = ENTRIES.c


def read(connection: Connection, query: Query) -> Page:
    """Return a page of entries in the order of time."""
    limit = min(max(query.limit, 1), MOST_AT_ONCE)
    rows = connection.execute(_selected(query, limit)).mappings().all()
    entries: list[Entry] = []
    damaged: list[int] = []
    for row in rows:
        try:
            entries.append(entry_of(row))
        except ValueError, TypeError, OverflowError:
            damaged.append(row["sequence"])
    last = rows[-1] if len(rows) == limit else None
    return Page(
        entries=tuple(entries),
        after=Cursor(at=last["at"], sequence=last["sequence"]) if last else None,
        damaged=tuple(damaged),
    )


def _selected(query: Query, limit: int) -> Select[Any]:
    order = (_C.at, _C.sequence)
    return (
        select(ENTRIES)
        .where(*_wanted(query))
        .order_by(*(each.desc() if query.newest_first else each for each in order))
        .limit(limit)
    )


def _wanted(query: Query) -> list[ColumnElement[bool]]:
    wanted: list[ColumnElement[bool]] = [_C.type.is_not(None)]
    if query.start is not None:
        wanted.append(_C.at >= micros(query.start))
    if query.end is not None:
        wanted.append(_C.at < micros(query.end))
    if query.types:
        wanted.append(_C.type.in_(sorted(query.types)))
    if query.events:
        wanted.append(_C.event.in_(sorted(query.events)))
    if query.place is not None:
        wanted.append(or_(_C.place_id == query.place, _C.place_name == query.place))
    if query.person is not None:
        wanted.append(or_(_C.actor_id == query.person, _C.actor_name == query.person))
    if query.session is not None:
        wanted.append(_C.session == query.session)
    if query.ids:
        wanted.append(_C.id.in_(sorted(query.ids)))
    if query.after is not None:
        wanted.append(_beyond(query.after, newest_first=query.newest_first))
    return wanted


def _beyond(cursor: Cursor, *, newest_first: bool) -> Any:
    if newest_first:
        return or_(
            _C.at < cursor.at, and_(_C.at == cursor.at, _C.sequence < cursor.sequence)
        )
    return or_(
        _C.at > cursor.at, and_(_C.at == cursor.at, _C.sequence > cursor.sequence)
    )


def count(connection: Connection, query: Query) -> int:
    """Return how many entries there are, on all pages; the limit does not count."""
    return (
        connection.scalar(
            select(func.count()).select_from(ENTRIES).where(*_wanted(query))
        )
        or 0
    )
