"""Writing and reading a register: `python -m benchmarks.register`.

Two parts, each in one run:

- a burst: entries a second that the register puts on disk, and for how long the event
  loop is kept from everything else meanwhile; next to plain inserts of the same rows
  into a table with the same indexes, by a thread, in as large transactions, with the
  same guarantees of SQLite (WAL, `synchronous=FULL`);
- a full register (`--entries`, a year of them): the query of one day and of one person,
  the purge of a month, the verification, and the memory of the process before and after.

Nothing asserts a time.
"""

import argparse
import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
import contextlib
from datetime import UTC, datetime, timedelta
import json
from pathlib import Path
import sqlite3
import tempfile
import time
from typing import Any, Final

from custom_components.cabinet_secure.practice.people import Actor, ActorKind
from custom_components.cabinet_secure.register import (
    EntryType,
    Kept,
    NewEntry,
    Place,
    Query,
    Register,
    location_of,
)
from custom_components.cabinet_secure.register.retention import Retention
from custom_components.cabinet_secure.register.writer import BATCH

from .figures import circumstances, load, percentiles, show_circumstances

# Entries that wait at once: less than the register's bound.
AT_ONCE: Final = 2000
TICK: Final = 0.001
END: Final = datetime(2026, 11, 1, tzinfo=UTC)
YEAR: Final = timedelta(days=365)
PEOPLE: Final = 50
# What is kept for as long as all else: a month more or less of it can be purged.
TYPES: Final = (
    EntryType.MODE,
    EntryType.EQUIPMENT,
    EntryType.CONFIGURATION,
    EntryType.VIEWING,
)
# All of the year but its first month.
ELEVEN_MONTHS: Final = Retention(other_days=334)


def happenings(count: int) -> Iterator[NewEntry]:
    """Yield what may happen in a year, evenly."""
    for number in range(count):
        person = number % PEOPLE
        yield NewEntry(
            type=TYPES[number % len(TYPES)],
            event="changed",
            at=END - YEAR + YEAR * number / count,
            actor=Actor(
                kind=ActorKind.USER, name=f"Person {person}", id=f"id-{person}"
            ),
            place=Place(id="door-1", name="Entrance"),
            outcome="ring",
            session=f"session-{number // 4}",
            details={"number": number},
        )


@contextlib.asynccontextmanager
async def opened(file: Path) -> AsyncIterator[Register]:
    """Open a register, and close it."""
    register = Register(location_of(None, file), "benchmark")
    register.start(Kept())
    try:
        yield register
    finally:
        await register.stop()


async def fill(register: Register, entries: Iterator[NewEntry]) -> None:
    """Write entries, so many at once."""
    waiting: list[asyncio.Future[None]] = []
    for entry in entries:
        waiting.append(register.append(entry))
        # As entries come: each from an event of its own.
        await asyncio.sleep(0)
        if len(waiting) == AT_ONCE:
            await asyncio.gather(*waiting)
            waiting.clear()
    await asyncio.gather(*waiting)


async def late(samples: list[float]) -> None:
    """Note how late the event loop comes back to whoever waits for a moment."""
    while True:
        before = time.perf_counter()
        await asyncio.sleep(TICK)
        samples.append(time.perf_counter() - before - TICK)


async def timed(work: Awaitable[Any]) -> tuple[float, list[float], Any]:
    """Return the seconds that something takes, and how late the loop is meanwhile."""
    samples: list[float] = []
    watching = asyncio.create_task(late(samples))
    before = time.perf_counter()
    try:
        result = await work
    finally:
        watching.cancel()
    return time.perf_counter() - before, samples, result


def rows_of(file: Path) -> tuple[list[str], list[tuple[Any, ...]]]:
    """Return the statements that made a register's table, and what is in it."""
    with contextlib.closing(sqlite3.connect(file)) as database:
        made = [
            statement
            for (statement,) in database.execute(
                "SELECT sql FROM sqlite_master WHERE tbl_name = 'register_entries' "
                "AND sql IS NOT NULL ORDER BY type DESC"
            )
        ]
        return made, database.execute("SELECT * FROM register_entries").fetchall()


def insert_plainly(file: Path, made: list[str], rows: list[tuple[Any, ...]]) -> None:
    """Insert rows as they are, in transactions as large as the register's."""
    with contextlib.closing(sqlite3.connect(file)) as database:
        database.execute("PRAGMA journal_mode=WAL")
        database.execute("PRAGMA synchronous=FULL")
        for statement in made:
            database.execute(statement)
        marks = ", ".join("?" * len(rows[0]))
        for start in range(0, len(rows), BATCH):
            with database:
                database.executemany(
                    f"INSERT INTO register_entries VALUES ({marks})",
                    rows[start : start + BATCH],
                )


async def burst(folder: Path, count: int, rounds: int) -> dict[str, Any]:
    """Write so many entries through the register and plainly, in turns."""
    ours: list[float] = []
    plain: list[float] = []
    lateness: list[float] = []
    idle: list[float] = []
    for number in range(rounds):
        file = folder / f"ours-{number}.db"
        async with opened(file) as register:
            seconds, samples, _ = await timed(fill(register, happenings(count)))
        ours.append(count / seconds)
        lateness += samples
        made, rows = await asyncio.to_thread(rows_of, file)
        seconds, samples, _ = await timed(
            asyncio.to_thread(insert_plainly, folder / f"plain-{number}.db", made, rows)
        )
        plain.append(len(rows) / seconds)
        idle += samples
    return {
        "entries": count,
        "rounds": rounds,
        "ours_per_second": round(sorted(ours)[rounds // 2]),
        "plain_per_second": round(sorted(plain)[rounds // 2]),
        "loop_late_ms": percentiles(lateness),
        "loop_late_plainly_ms": percentiles(idle),
    }


def memory() -> float:
    """Return the memory of this process in MiB."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return round(pages * 4096 / 2**20, 1)


async def full(folder: Path, count: int) -> dict[str, Any]:
    """Fill a register, and read, verify and purge it."""
    result: dict[str, Any] = {"entries": count, "memory_before_mib": memory()}

    async def measure(name: str, work: Callable[[], Awaitable[Any]]) -> Any:
        seconds, samples, found = await timed(work())
        result[name] = {
            "seconds": round(seconds, 3),
            "loop_late_p99_ms": percentiles(samples)["p99"] if samples else None,
            "memory_after_mib": memory(),
        }
        return found

    file = folder / "full.db"
    day = END - timedelta(days=100)
    async with opened(file) as register:
        await measure("write", lambda: fill(register, happenings(count)))
        result["size_mib"] = round(file.stat().st_size / 2**20, 1)
        page = await measure(
            "query_day",
            lambda: register.query(
                Query(start=day, end=day + timedelta(days=1), limit=1000)
            ),
        )
        assert page.entries
        page = await measure(
            "query_person", lambda: register.query(Query(person="id-7", limit=1000))
        )
        assert {each.actor.id for each in page.entries if each.actor} == {"id-7"}
        verified = await measure("verify", register.verify)
        assert verified.faults == ()
        gone = await measure("purge", lambda: register.purge(ELEVEN_MONTHS, END))
        result["purge"]["removed"] = gone
        verified = await measure("verify_after_purge", register.verify)
        assert verified.faults == ()
    return result


async def run(options: argparse.Namespace) -> dict[str, Any]:
    """Measure both parts."""
    with tempfile.TemporaryDirectory() as folder:
        return {
            "burst": await burst(Path(folder), options.burst, options.rounds),
            "full": await full(Path(folder), options.entries),
        }


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.register", description=__doc__
    )
    parser.add_argument("--burst", type=int, default=20_000, help="entries of a burst")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--entries", type=int, default=1_000_000)
    parser.add_argument("--json", action="store_true", help="print JSON only")
    options = parser.parse_args()
    result: dict[str, Any] = {"about": circumstances("register")}
    result |= asyncio.run(run(options))
    result["about"]["load_after"] = load()
    if options.json:
        print(json.dumps(result, indent=2))
        return
    for part in ("burst", "full"):
        print(f"\n{part}\n")
        for name, value in result[part].items():
            print(f"- {name}: {value}")
    show_circumstances(result["about"])


if __name__ == "__main__":
    main()
