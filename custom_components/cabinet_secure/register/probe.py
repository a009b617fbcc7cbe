"""Whether a database can keep a register, found out before anything depends on it."""

from datetime import UTC, datetime

from sqlalchemy import Connection, select

from ..practice.people import SYSTEM
from .book import append
from .engine import Location, writing_engine
from .model import EntryType, NewEntry
from .rows import content_of
from .schema import ENTRIES, prepare
from .trouble import Trouble, trouble_of


def probe(location: Location, practice: str) -> Trouble | None:
    """Connect, write an entry, read it, and take all of it back.

    Returns what stands against it, or None. Blocks for some seconds where nothing
    answers.
    """
    try:
        engine = writing_engine(location)
        try:
            with engine.connect() as connection, connection.begin() as transaction:
                works = _works(connection, practice)
                transaction.rollback()
        finally:
            engine.dispose()
    except Exception as err:  # noqa: BLE001  # drivers raise what they like
        return trouble_of(err)
    return None if works else Trouble.OTHER


def _works(connection: Connection, practice: str) -> bool:
    prepare(connection, practice)
    written = content_of(
        NewEntry(
            type=EntryType.CONFIGURATION,
            event="probe",
            at=datetime.now(UTC),
            actor=SYSTEM,
            details={"text": "« é »"},
        )
    )
    append(connection, [written])
    read = connection.execute(
        select(ENTRIES).where(ENTRIES.c.id == written["id"])
    ).mappings()
    return {name: row[name] for row in read for name in written} == written
