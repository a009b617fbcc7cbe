"""Registers and entries for tests."""

import asyncio
from collections.abc import AsyncIterator, Callable
import contextlib
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
import sqlite3
import time
from typing import Any
from zoneinfo import ZoneInfo

from custom_components.cabinet_secure.practice.people import Actor, ActorKind
from custom_components.cabinet_secure.register import (
    EntryType,
    Interruption,
    Kept,
    NewEntry,
    Place,
    Query,
    Register,
    location_of,
)

PARIS = ZoneInfo("Europe/Paris")
NOW = datetime(2026, 3, 29, 10, 30, tzinfo=PARIS)
DOCTOR = Actor(kind=ActorKind.USER, name="Doctor", id="doctor-id")
CLEANER = Actor(kind=ActorKind.CODE, name="Cleaner")
ENTRANCE = Place(id="door-1", name="Entrée")


def entry(days_ago: float = 0, **changes: Any) -> NewEntry:
    """Return something that happened some days before now."""
    return NewEntry(
        **{
            "type": EntryType.ACCESS,
            "event": "granted",
            "at": NOW - timedelta(days=days_ago),
            "actor": DOCTOR,
            "place": ENTRANCE,
        }
        | changes
    )


@dataclass
class Opened:
    """A register that runs, and what it found of an earlier one."""

    register: Register
    interruptions: list[Interruption]

    async def write(self, *entries: NewEntry) -> None:
        """Write entries, and return once they are on disk."""
        await asyncio.gather(*map(self.register.append, entries))

    async def events(self) -> list[str]:
        """Return what happened, the first thing first."""
        page = await self.register.query(Query(newest_first=False, limit=1000))
        return [each.event for each in page.entries]


@contextlib.asynccontextmanager
async def opened(
    where: Path | str, kept: Kept | None = None, **options: Any
) -> AsyncIterator[Opened]:
    """Run a register in a file, or at an address, until the end."""
    file = where if isinstance(where, Path) else Path("unused.db")
    url = where if isinstance(where, str) else None
    interruptions: list[Interruption] = []
    register = Register(
        location_of(url, file),
        "practice",
        interrupted=interruptions.append,
        **options,
    )
    register.start(kept or Kept())
    try:
        yield Opened(register, interruptions)
    finally:
        await register.stop()


async def until(holds: Callable[[], object], what: str) -> None:
    """Wait until something holds; fail after some seconds."""
    deadline = time.monotonic() + 20
    while not holds():
        assert time.monotonic() < deadline, f"not seen in time: {what}"
        await asyncio.sleep(0.01)


def held(file: Path) -> list[str]:
    """Return what this process holds open of a database."""
    held: list[str] = []
    for descriptor in Path("/proc/self/fd").iterdir():
        with contextlib.suppress(OSError):
            held.append(str(descriptor.readlink()))
    return [each for each in held if each.startswith(str(file))]


def tamper(file: Path, statement: str, *values: Any) -> None:
    """Change the database behind the register's back."""
    with contextlib.closing(sqlite3.connect(file)) as connection:
        connection.execute(statement, values)
        connection.commit()


def utc(*args: int) -> datetime:
    """Return a time in UTC."""
    return datetime(*args, tzinfo=UTC)  # type: ignore[arg-type,misc]
