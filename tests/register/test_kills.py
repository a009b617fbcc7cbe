"""A process that is killed while it writes loses nothing that it acknowledged."""

import asyncio
import os
from pathlib import Path
import signal
import subprocess
import sys
from typing import IO

from custom_components.cabinet_secure.register import Query
from tests.register.registers import Opened, opened

# Acknowledged entries after which each of the fifty kills comes.
AFTER = range(1, 251, 5)


def killed_during_bursts(file: Path) -> list[str]:
    """Return what was acknowledged by processes that were killed while they wrote."""
    with subprocess.Popen(
        [sys.executable, "-m", "tests.register.burst", str(file)],
        cwd=Path(__file__).parents[2],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as nursery:
        assert nursery.stdin is not None
        assert nursery.stdout is not None
        acknowledged: list[str] = []
        for after in AFTER:
            nursery.stdin.write("another\n")
            nursery.stdin.flush()
            acknowledged += _killed(nursery.stdout, after)
        nursery.stdin.close()
    return acknowledged


def _killed(told: IO[str], after: int) -> list[str]:
    word, _, process = told.readline().strip().partition(" ")
    assert word == "writes"
    acknowledged = [told.readline().strip() for _ in range(after)]
    os.kill(int(process), signal.SIGKILL)
    # What it said until then counts too.
    while (line := told.readline().strip()) != "killed":
        assert line
        acknowledged.append(line)
    return acknowledged


async def everything(book: Opened) -> set[str]:
    """Return the identifiers of all entries."""
    on_record: set[str] = set()
    query = Query(limit=1000)
    while True:
        page = await book.register.query(query)
        on_record |= {each.id for each in page.entries}
        if page.after is None:
            return on_record
        query = Query(limit=1000, after=page.after)


async def test_every_entry_that_was_acknowledged_before_a_kill_is_there(
    file: Path,
) -> None:
    acknowledged = await asyncio.to_thread(killed_during_bursts, file)
    assert len(AFTER) == 50
    assert len(acknowledged) >= sum(AFTER)
    async with opened(file) as book:
        verified = await book.register.verify()
        assert verified.faults == ()
        assert verified.interruptions == ()
        assert await everything(book) >= set(acknowledged)
