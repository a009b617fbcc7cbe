"""Whoever changes a byte of the register behind its back is found out."""

from collections.abc import Iterator
import contextlib
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import Connection, LargeBinary, bindparam, delete, select, text, update
from sqlalchemy.exc import IntegrityError

from custom_components.cabinet_secure.register import (
    EntryType,
    Freeze,
    Retention,
    freeze,
    location_of,
)
from custom_components.cabinet_secure.register.book import append
from custom_components.cabinet_secure.register.engine import writing_engine
from custom_components.cabinet_secure.register.model import Anchor
from custom_components.cabinet_secure.register.retention import purge
from custom_components.cabinet_secure.register.rows import content_of
from custom_components.cabinet_secure.register.schema import ENTRIES, prepare
from custom_components.cabinet_secure.register.verification import verify
from tests.register.registers import CLEANER, DOCTOR, NOW, entry


class Written:
    """A register with entries of every kind of life: kept, removed, frozen."""

    def __init__(self, connection: Connection) -> None:
        chain = prepare(connection, "practice")
        old = entry(120, session="complaint", outcome="ring")
        incident = entry(type=EntryType.INCIDENT, event="opened", details={"a": "é"})
        entries = [
            entry(100),
            entry(95, actor=CLEANER, place=None),
            old,
            freeze(
                Freeze(
                    why="Complaint",
                    until=NOW + timedelta(days=9),
                    sessions=frozenset({"complaint"}),
                ),
                by=DOCTOR,
                at=NOW,
            ),
            incident,
            entry(type=EntryType.INCIDENT, event="corrected", session=incident.id),
        ]
        append(connection, map(content_of, entries))
        assert purge(connection, Retention(), NOW) == 2
        head = append(connection, [content_of(entry(1))])
        connection.commit()
        self.connection = connection
        self.anchor = Anchor(chain=chain, sequence=head.sequence, hash=head.hash.hex())

    @property
    def intact(self) -> bool:
        """Whether nothing is found."""
        return verify(self.connection, self.anchor).intact


@pytest.fixture
def written(file: Path) -> Iterator[Written]:
    """Return a register that nobody has touched yet."""
    engine = writing_engine(location_of(None, file))
    with contextlib.closing(engine.connect()) as connection:
        written = Written(connection)
        assert written.intact
        yield written
    engine.dispose()


def _changed(value: bytes | str | int | None) -> Iterator[bytes | int | str]:
    """Return a value with each of its bytes changed in turn."""
    match value:
        case None:
            yield "x"
        case int():
            for byte in range(max(1, (value.bit_length() + 7) // 8)):
                yield value ^ (1 << 8 * byte)
        case _:
            raw = value.encode() if isinstance(value, str) else bytes(value)
            for place in range(len(raw)):
                mask = 1 << place % 8
                yield raw[:place] + bytes([raw[place] ^ mask]) + raw[place + 1 :]


def test_a_change_of_any_byte_of_any_entry_is_found(written: Written) -> None:
    connection = written.connection
    rows = connection.execute(select(ENTRIES)).mappings().all()
    connection.rollback()
    tried = 0
    for row in rows:
        for column in ENTRIES.columns:
            before = row[column.name]
            kind = "text" if isinstance(before, str) else "blob"
            for after in _changed(before):
                # Any bytes, also such as are no text.
                new = f"cast(:new as {kind})" if isinstance(after, bytes) else ":new"
                change = (
                    update(ENTRIES)
                    .where(ENTRIES.c.sequence == row["sequence"])
                    .values(
                        {
                            column: text(new).bindparams(
                                bindparam(
                                    "new",
                                    after,
                                    LargeBinary() if isinstance(after, bytes) else None,
                                )
                            )
                        }
                    )
                )
                # What the database itself refuses cannot be done.
                with contextlib.suppress(IntegrityError):
                    connection.execute(change)
                    tried += 1
                    assert not written.intact, (row["sequence"], column.name, after)
                connection.rollback()
    # Some hundred bytes in each of eight entries.
    assert tried > 1000
    assert written.intact


def test_an_end_that_was_cut_off_is_found_wherever_it_is_cut(written: Written) -> None:
    connection = written.connection
    for left in range(written.anchor.sequence):
        connection.execute(delete(ENTRIES).where(ENTRIES.c.sequence > left))
        assert not written.intact
        connection.rollback()
    assert written.intact


def test_an_entry_that_is_taken_out_is_found(written: Written) -> None:
    connection = written.connection
    for number in range(1, written.anchor.sequence + 1):
        connection.execute(delete(ENTRIES).where(ENTRIES.c.sequence == number))
        assert not written.intact
        connection.rollback()
    assert written.intact
