"""The processes that play devices for the demo practice."""

import asyncio
from dataclasses import dataclass
import os
from pathlib import Path
import signal
import subprocess
import sys
from typing import Self

from tests.e2e.home_assistant_configuration import ROOT
from tests.e2e.home_assistant_process import ending_with_us


class DevelopError(Exception):
    """Says why the demo practice cannot run, for the person at the terminal."""


@dataclass(frozen=True, slots=True)
class Simulator:
    """A process that plays a device, in a process group of its own."""

    name: str
    log: Path
    process: subprocess.Popen[bytes]

    @classmethod
    def start(cls, name: str, log: Path, module: str, *arguments: str) -> Self:
        """Start it; what it says goes to the log."""
        with log.open("wb") as console:
            return cls(
                name,
                log,
                subprocess.Popen(
                    [
                        *ending_with_us(),
                        *(sys.executable, "-m", f"tests.simulators.{module}"),
                        *arguments,
                    ],
                    cwd=ROOT,
                    stdin=subprocess.DEVNULL,
                    stdout=console,
                    stderr=subprocess.STDOUT,
                    start_new_session=True,
                ),
            )

    async def wait_until_it_says(self, words: str) -> None:
        """Wait until its log has these words; raises DevelopError."""
        for _ in range(300):
            if words in self.log.read_text():
                return
            if self.process.poll() is not None:
                break
            await asyncio.sleep(0.1)
        raise DevelopError(f"{self.name} did not start:\n{self.log.read_text()}")

    def require_running(self) -> None:
        """Raise DevelopError where it has ended."""
        if self.process.poll() is not None:
            raise DevelopError(
                f"{self.name} has ended with {self.process.returncode}; see {self.log}"
            )

    async def stop(self) -> None:
        """End it, at once if it does not end by itself within 5 s."""
        for number in (signal.SIGTERM, signal.SIGKILL):
            if self.process.poll() is None:
                os.killpg(self.process.pid, number)
            for _ in range(50):
                if self.process.poll() is not None:
                    return
                await asyncio.sleep(0.1)
