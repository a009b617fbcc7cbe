"""`scripts/develop` from its start to its end, and again."""

import asyncio
from collections.abc import Iterator
import contextlib
import os
from pathlib import Path
import signal
import socket
import subprocess
import sys
import time

import pytest

from .demo_practice import DOCTOR, MANAGER, practice_entry, station_subentry
from .home_assistant_address import LOOPBACK
from .home_assistant_client import HomeAssistantClient
from .home_assistant_configuration import ROOT
from .home_assistant_process import free_port

pytestmark = [pytest.mark.e2e, pytest.mark.usefixtures("socket_enabled")]


def two_free_ports() -> int:
    """Return the first of two ports beside each other that nothing listens on."""
    while True:
        port = free_port()
        with contextlib.suppress(OSError), socket.socket() as probe:
            probe.bind((LOOPBACK, port + 1))
            return port


class Develop:
    """Runs of the command that share one state folder."""

    def __init__(self, folder: Path) -> None:
        self.port, self.station_port = free_port(), free_port()
        self.phone_port = two_free_ports()
        self._folder = folder
        self._output = folder / "output.txt"
        self._process: subprocess.Popen[bytes] | None = None

    async def start(self) -> None:
        """Start, and wait until it says that it is ready."""
        process = self._process = self._spawn()
        deadline = time.monotonic() + 120
        while "Ready after" not in self.output:
            assert process.poll() is None, self.output
            assert time.monotonic() < deadline, self.output
            await asyncio.sleep(0.1)

    async def end(self, number: signal.Signals | None = None) -> int:
        """Wait for its end, after a signal where one is given; return its status."""
        assert self._process is not None
        if number is not None and self._process.poll() is None:
            self._process.send_signal(number)
        deadline = time.monotonic() + 60
        while self._process.poll() is None:
            assert time.monotonic() < deadline, self.output
            await asyncio.sleep(0.1)
        return int(self._process.returncode)

    @property
    def output(self) -> str:
        """What it has printed since its last start."""
        return self._output.read_text(encoding="utf-8")

    def children(self) -> dict[str, int]:
        """Return the processes that it started, by the module that each runs.

        A phone is known by who uses it.
        """
        assert self._process is not None
        parent = self._process.pid
        listed = Path(f"/proc/{parent}/task/{parent}/children").read_text().split()
        found: dict[str, int] = {}
        for pid in listed:
            command = Path(f"/proc/{pid}/cmdline").read_text().split("\0")
            user = "--username" in command and command[command.index("--username") + 1]
            found[user or command[2]] = int(pid)
        return found

    def kill(self) -> None:
        """End it so hard that it cannot stop anything."""
        assert self._process is not None
        self._process.kill()

    def _spawn(self) -> subprocess.Popen[bytes]:
        with self._output.open("wb") as output:
            return subprocess.Popen(
                [
                    *(sys.executable, "-m", "scripts.develop"),
                    *("--state", str(self._folder / "state")),
                    *("--port", str(self.port)),
                    *("--station-port", str(self.station_port)),
                    *("--phone-port", str(self.phone_port)),
                ],
                cwd=ROOT,
                stdout=output,
                stderr=subprocess.STDOUT,
            )

    def insist(self) -> None:
        """Leave nothing running, whatever a test has found."""
        if self._process is not None and self._process.poll() is None:
            for pid in self.children().values():
                os.killpg(pid, signal.SIGKILL)
            self._process.kill()
            self._process.wait()


@pytest.fixture
def develop(tmp_path: Path) -> Iterator[Develop]:
    """Return the command with a state folder that nobody has used."""
    develop = Develop(tmp_path)
    yield develop
    develop.insist()


def is_running(pid: int) -> bool:
    """Tell whether a process is there, and not only waiting to be forgotten."""
    try:
        status = Path(f"/proc/{pid}/stat").read_text()
    except FileNotFoundError:
        return False
    return status.rpartition(")")[2].split()[0] != "Z"


async def test_the_demo_practice_is_ready_keeps_its_state_and_leaves_nothing_behind(
    develop: Develop,
) -> None:
    await develop.start()
    assert f"http://127.0.0.1:{develop.port}" in develop.output
    assert f"http://127.0.0.1:{develop.station_port}" in develop.output
    async with HomeAssistantClient(f"http://127.0.0.1:{develop.port}") as client:
        await client.log_in(DOCTOR.username, DOCTOR.password)
        states = await client.rest("GET", "/api/states")
        connected = [
            state["state"]
            for state in states
            if state["entity_id"].startswith("binary_sensor.")
            and state["entity_id"].endswith("_connection")
        ]
        assert connected == ["on"]
    children = develop.children()
    assert children.keys() == {
        "homeassistant",
        "tests.simulators.two_n",
        MANAGER.username,
        DOCTOR.username,
    }
    assert await develop.end(signal.SIGINT) == 0
    assert [name for name, pid in children.items() if is_running(pid)] == []

    # Elsewhere, and with the station elsewhere: the practice is still the same one.
    develop.port, develop.station_port = free_port(), free_port()
    await develop.start()
    async with HomeAssistantClient(f"http://127.0.0.1:{develop.port}") as client:
        await client.log_in(MANAGER.username, MANAGER.password)
        entry_id = await practice_entry(client)
        assert entry_id is not None
        assert await station_subentry(await client.websocket(), entry_id) is not None
        entries = await client.rest(
            "GET", "/api/config/config_entries/entry?domain=cabinet_secure"
        )
        assert [entry["state"] for entry in entries] == ["loaded"]
    assert await develop.end(signal.SIGTERM) == 0


async def test_when_the_station_dies_home_assistant_is_stopped_with_an_error(
    develop: Develop,
) -> None:
    await develop.start()
    children = develop.children()
    os.kill(children["tests.simulators.two_n"], signal.SIGKILL)
    assert await develop.end() == 1
    assert "the door station has ended with -9" in develop.output
    assert not is_running(children["homeassistant"])


async def test_what_it_started_ends_even_where_it_is_killed_itself(
    develop: Develop,
) -> None:
    await develop.start()
    children = develop.children()
    develop.kill()
    assert await develop.end() == -signal.SIGKILL
    deadline = time.monotonic() + 30
    while any(is_running(pid) for pid in children.values()):
        assert time.monotonic() < deadline, children
        await asyncio.sleep(0.1)
