"""Disks and files that fail, for real: full, locked, damaged, cut, replaced."""

import asyncio
from collections.abc import Callable, Iterator
import contextlib
import os
from pathlib import Path
import sqlite3
import subprocess
import threading

import pytest
from sqlalchemy import Connection

from custom_components.cabinet_secure.register import (
    Kept,
    Query,
    RegisterError,
    Retention,
    Trouble,
)
from custom_components.cabinet_secure.register.register import Register
from tests.register.registers import NOW, entry, held, opened, tamper, until


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """Return a file system of its own that is soon full."""
    if os.geteuid() != 0:
        pytest.skip("only root mounts a file system")
    folder = tmp_path / "disk"
    folder.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=512k,mode=700", "none", str(folder)],
        check=False,
        capture_output=True,
    )
    if mounted.returncode != 0:
        pytest.skip(f"no file system can be mounted: {mounted.stderr.decode()}")
    yield folder
    subprocess.run(["umount", str(folder)], check=True)


def _fill(ballast: Path) -> None:
    with ballast.open("wb", buffering=0) as filling, contextlib.suppress(OSError):
        while True:
            filling.write(bytes(4096))


async def test_a_full_disk_keeps_entries_waiting_until_there_is_room(
    small_disk: Path,
) -> None:
    ballast = small_disk / "ballast"
    async with opened(small_disk / "register.db") as book:
        await book.write(entry(event="before"))
        await asyncio.to_thread(_fill, ballast)
        waiting = [book.register.append(entry(event=f"{n}")) for n in range(500)]
        await until(lambda: book.register.condition.trouble, "the trouble")
        assert book.register.condition.trouble is Trouble.FULL
        assert book.register.condition.waiting == 500
        # What was written before can be read all the while.
        assert await book.events() == ["before"]
        await asyncio.to_thread(ballast.unlink)
        await asyncio.gather(*waiting)
        assert book.register.condition.trouble is None
        assert await book.events() == ["before", *(f"{n}" for n in range(500))]
        assert (await book.register.verify()).intact


async def test_a_file_that_is_locked_keeps_entries_waiting(file: Path) -> None:
    async with opened(file) as book:
        await book.write(entry(event="before"))
        holder = sqlite3.connect(file, isolation_level=None)
        holder.execute("BEGIN IMMEDIATE")
        with pytest.raises(RegisterError, match="locked"):
            await book.register.purge(Retention(), NOW)
        waiting = book.register.append(entry(event="meanwhile"))
        holder.execute("ROLLBACK")
        holder.close()
        await waiting
        assert await book.events() == ["before", "meanwhile"]


async def test_what_does_not_fit_into_memory_is_counted_and_the_count_is_on_record(
    file: Path,
) -> None:
    file.parent.mkdir()
    holder = sqlite3.connect(file, isolation_level=None)
    holder.execute("PRAGMA journal_mode=WAL")
    holder.execute("BEGIN IMMEDIATE")
    async with opened(file, bound=10) as book:
        accepted = [book.register.append(entry(event=f"{n}")) for n in range(10)]
        for _ in range(3):
            with pytest.raises(RegisterError):
                await book.register.append(entry(event="too many"))
        assert book.register.condition.lost == 3
        assert book.register.kept.lost == 3
        holder.execute("ROLLBACK")
        holder.close()
        await asyncio.gather(*accepted)
        await until(lambda: book.register.condition.lost == 0, "the count")
        page = await book.register.query(Query())
    (lost,) = [each for each in page.entries if each.event == "interrupted"]
    assert lost.outcome == "lost"
    assert lost.details == {"count": 3}
    assert len(page.entries) == 11


async def test_a_stop_does_not_wait_for_a_file_that_stays_locked(file: Path) -> None:
    async with opened(file) as book:
        await book.write(entry(event="before"))
        holder = sqlite3.connect(file, isolation_level=None)
        holder.execute("BEGIN IMMEDIATE")
        waiting = book.register.append(entry(event="meanwhile"))
        await until(lambda: book.register.condition.trouble, "the trouble")
    with pytest.raises(RegisterError, match="locked"):
        await waiting
    holder.close()
    async with opened(file, book.register.kept) as again:
        assert await again.events() == ["before", "meanwhile"]
        assert (await again.register.verify()).intact


@pytest.mark.parametrize(
    "damage",
    [b"no database at all" * 500, b"SQLite format 3\0" + bytes(5000)],
    ids=["something else", "a head without a body"],
)
async def test_a_damaged_file_is_kept_aside_and_a_new_chain_says_so(
    file: Path, damage: bytes
) -> None:
    async with opened(file) as book:
        await book.write(*(entry() for _ in range(50)))
    await asyncio.to_thread(file.write_bytes, damage)
    async with opened(file, book.register.kept) as again:
        await again.write(entry(event="after"))
        (first, second) = (
            await again.register.query(Query(newest_first=False))
        ).entries
        verified = await again.register.verify()
    # By time, the entry of the test comes first.
    begun = first if first.event == "interrupted" else second
    assert begun.sequence == 1
    assert begun.outcome == "unreadable"
    assert begun.details["sequence"] == 50
    assert verified.intact
    assert verified.interruptions == (1,)
    assert held(file) == []
    (interruption,) = again.interruptions
    assert interruption.found == "unreadable"
    assert interruption.file is not None
    kept = await asyncio.to_thread(interruption.file.read_bytes)
    assert kept.startswith(damage[:16])


async def test_a_file_that_was_taken_away_is_found_at_the_start(file: Path) -> None:
    async with opened(file) as book:
        await book.write(entry(), entry())
    await asyncio.to_thread(file.unlink)
    async with opened(file, book.register.kept) as again:
        await again.write(entry())
        assert (await again.register.verify()).interruptions == (1,)
    assert [each.found for each in again.interruptions] == ["replaced"]


@pytest.mark.parametrize(
    ("statement", "found"),
    [
        ("delete from register_entries where sequence > 3", "cut"),
        ("update register_entries set hash = previous where sequence = 5", "altered"),
        ("drop table register_entries", "cut"),
    ],
)
async def test_an_end_that_is_gone_is_found_at_the_start(
    file: Path, statement: str, found: str
) -> None:
    async with opened(file) as book:
        await book.write(*(entry() for _ in range(5)))
    await asyncio.to_thread(tamper, file, statement)
    async with opened(file, book.register.kept) as again:
        await again.write(entry())
        interruptions = (await again.register.verify()).interruptions
    assert len(interruptions) == 1
    assert [each.found for each in again.interruptions] == [found]


async def test_a_file_that_cannot_be_made_does_not_keep_the_practice_from_starting(
    tmp_path: Path,
) -> None:
    obstacle = tmp_path / "folder"
    obstacle.write_text("a file where the folder should be", encoding="utf-8")
    async with opened(obstacle / "register.db") as book:
        book.register.append(entry())
        await until(lambda: book.register.condition.trouble, "the trouble")
        assert book.register.condition.trouble is Trouble.UNREACHABLE
        with pytest.raises(RegisterError, match="unreachable"):
            await book.register.query(Query())
        assert await book.register.size() is None
    assert len(book.register.kept.outbox) == 1


async def test_a_driver_that_is_missing_is_said(tmp_path: Path) -> None:
    async with opened("postgresql+pg8000://localhost/nothing") as book:
        book.register.append(entry())
        await until(lambda: book.register.condition.trouble, "the trouble")
        assert book.register.condition.trouble is Trouble.DRIVER


async def test_a_register_stops_twice(file: Path) -> None:
    async with opened(file, Kept()) as book:
        pass
    await book.register.stop()


async def test_a_read_that_outlasts_the_stop_leaves_nothing_open(file: Path) -> None:
    reading, stopped = threading.Event(), threading.Event()

    def slow(connection: Connection) -> int:
        reading.set()
        stopped.wait(60)
        return connection.exec_driver_sql(
            "select count(*) from register_entries"
        ).one()[0]

    async with opened(file) as book:
        await book.write(entry())
        asked = asyncio.create_task(_reads(book.register, slow))
        await asyncio.to_thread(reading.wait, 60)
    assert held(file)
    stopped.set()
    assert await asked == 1
    assert held(file) == []


async def _reads(register: Register, read: Callable[[Connection], int]) -> int:
    return await register._read(read)
