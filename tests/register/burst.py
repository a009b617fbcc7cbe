"""Processes that write into a register until they are killed, and say what is on disk.

`python -m tests.register.burst FILE` forks one for each line that it reads: to import
everything takes longer than to write. Each says `writes PID`, then the identifiers of
what was acknowledged; `killed` once it is no more.
"""

import asyncio
import os
from pathlib import Path
import sys

from custom_components.cabinet_secure.register import Kept, Register, location_of
from tests.register.registers import entry


def _say(what: str) -> None:
    # At once and whole: a pipe takes so little in one piece.
    os.write(sys.stdout.fileno(), f"{what}\n".encode())


async def _burst(file: Path) -> None:
    register = Register(location_of(None, file), "practice")
    register.start(Kept())
    _say(f"writes {os.getpid()}")
    while True:
        await asyncio.gather(*(_write(register) for _ in range(50)))


async def _write(register: Register) -> None:
    written = entry()
    await register.append(written)
    _say(written.id)


def main(file: Path) -> None:
    """Have one process after the other write, until nobody asks for more."""
    for _ in sys.stdin:
        if not (child := os.fork()):
            asyncio.run(_burst(file))
        os.waitpid(child, 0)
        _say("killed")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
