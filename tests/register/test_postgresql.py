"""A register in a real PostgreSQL: the same as in a file, and away for a while."""

from datetime import timedelta
from pathlib import Path

import pytest

from custom_components.cabinet_secure.register import (
    EntryType,
    Freeze,
    Query,
    RegisterError,
    Retention,
    Trouble,
    freeze,
    location_of,
    probe,
)
from custom_components.cabinet_secure.register.verification import FaultKind
from tests.register.postgresql import PostgreSQL
from tests.register.registers import DOCTOR, NOW, entry, opened, until

pytestmark = pytest.mark.usefixtures("socket_enabled")


async def test_entries_are_written_read_frozen_removed_and_verified(
    server: PostgreSQL,
) -> None:
    address = server.database("whole")
    async with opened(address) as book:
        await book.write(
            entry(100, event="gone", details={"text": "« é » \0"}),
            entry(100, event="kept", session="ring"),
            entry(1, event="new", type=EntryType.DOOR, outcome="x" * 300),
            entry(100, event="mode", type=EntryType.MODE),
        )
        wanted = Freeze(
            why="Complaint",
            until=NOW + timedelta(days=1),
            sessions=frozenset({"ring"}),
            periods=((NOW - timedelta(days=50), NOW - timedelta(days=49)),),
        )
        await book.write(freeze(wanted, by=DOCTOR, at=NOW))
        assert await book.register.purge(Retention(), NOW) == 1
        assert await book.events() == ["kept", "mode", "new", "frozen", "purged"]
        page = await book.register.query(Query(person="Doctor", limit=2))
        assert [each.event for each in page.entries] == ["frozen", "new"]
        page = await book.register.query(
            Query(person="Doctor", limit=2, after=page.after)
        )
        assert [each.event for each in page.entries] == ["mode", "kept"]
        verified = await book.register.verify()
        assert await book.register.size() is None
    assert verified.intact
    assert (verified.entries, verified.removed) == (6, 1)


async def test_the_record_goes_on_and_an_outbox_is_written_once(
    server: PostgreSQL,
) -> None:
    address = server.database("again")
    async with opened(address) as book:
        book.register.append(entry(event="first"))
        kept = book.register.kept
    async with opened(address, kept) as again:
        await again.write(entry(event="second"))
        assert await again.events() == ["first", "second"]
        assert (await again.register.verify()).intact


async def test_what_was_changed_is_found(server: PostgreSQL) -> None:
    address = server.database("changed")
    async with opened(address) as book:
        await book.write(*(entry() for _ in range(4)))
        server.sql(
            "changed", "update register_entries set outcome = 'x' where sequence = 2"
        )
        server.sql("changed", "delete from register_entries where sequence = 4")
        faults = (await book.register.verify()).faults
        assert [(each.kind, each.sequence) for each in faults] == [
            (FaultKind.ALTERED, 2),
            (FaultKind.CUT, 4),
        ]
        await book.write(entry())
        assert "interrupted" in await book.events()
    assert [each.found for each in book.interruptions] == ["cut"]


async def test_entries_wait_while_the_server_is_away(server: PostgreSQL) -> None:
    address = server.database("away")
    async with opened(address) as book:
        await book.write(entry(event="before"))
        server.stop()
        try:
            waiting = book.register.append(entry(event="meanwhile"))
            await until(lambda: book.register.condition.trouble, "the trouble")
            assert book.register.condition.trouble is Trouble.UNREACHABLE
            assert not waiting.done()
            assert len(book.register.kept.outbox) == 1
            with pytest.raises(RegisterError, match="unreachable"):
                await book.register.query(Query())
        finally:
            server.start()
        await waiting
        assert book.register.condition.trouble is None
        assert await book.events() == ["before", "meanwhile"]
        assert (await book.register.verify()).intact


def test_a_probe_leaves_nothing_behind(server: PostgreSQL) -> None:
    location = location_of(server.database("probed"), Path("unused"))
    assert probe(location, "one practice") is None
    assert probe(location, "another practice") is None


async def test_a_probe_finds_what_stands_against_it(server: PostgreSQL) -> None:
    address = server.database("taken")
    async with opened(address) as book:
        await book.write(entry())
    location = location_of(address, Path("unused"))
    assert probe(location, "another practice") is Trouble.NOT_OURS
    missing = location_of(address.replace("taken", "missing"), Path("unused"))
    assert probe(missing, "practice") is Trouble.UNREACHABLE
    driver = location_of(address.replace("psycopg", "pg8000"), Path("unused"))
    assert probe(driver, "practice") is Trouble.DRIVER
