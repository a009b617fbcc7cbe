"""A real Home Assistant, as a process of its own on the loopback interface.

Used by the end-to-end tests, the benchmarks and `scripts/develop`. Everything is
configured as a person would, through Home Assistant's own interfaces; only
`configuration.yaml` is written, as its documentation tells people to.
"""

import asyncio
from collections.abc import Mapping
import contextlib
import os
from pathlib import Path
import shutil
import signal
import socket
import subprocess
import sys
from types import TracebackType
from typing import Self

import aiohttp

from .home_assistant_address import LOOPBACK, confirm_address
from .home_assistant_client import HomeAssistantClient, RequestRefusedError
from .home_assistant_configuration import write_configuration

CONSOLE_LOG = "console.log"

# Libraries that a Python package needs and does not carry (scripts/setup puts them there).
NATIVE_LIBRARIES = Path(sys.prefix) / "lib" / "native"

# What the process ends with when somebody asked Home Assistant to restart.
RESTART_EXIT_CODE = 100


class StartFailedError(Exception):
    """Home Assistant ended, or did not get ready in time; says what its log says."""


def ending_with_us() -> list[str]:
    """Return what to put before a command so that it never outlives who started it.

    Somebody may be ended so hard that they cannot stop what they have started.
    """
    setpriv = shutil.which("setpriv")
    return [] if setpriv is None else [setpriv, "--pdeathsig", "TERM", "--"]


def free_port() -> int:
    """Return a TCP port that nothing on the loopback interface listens on."""
    with socket.socket() as probe:
        probe.bind((LOOPBACK, 0))
        return int(probe.getsockname()[1])


class HomeAssistantProcess:
    """Starts Home Assistant with a configuration folder, and ends it.

    As an asynchronous context it starts on entering and stops on leaving. The folder
    keeps the state: starting again with the same one is a restart.
    """

    def __init__(
        self,
        config_dir: Path,
        *,
        port: int | None = None,
        extra_configuration: str = "",
        environment: Mapping[str, str] | None = None,
    ) -> None:
        """Prepare; `port` None takes a free one, kept over restarts."""
        self.config_dir = config_dir
        self.port = free_port() if port is None else port
        self.url = f"http://{LOOPBACK}:{self.port}"
        self._extra_configuration = extra_configuration
        self._environment = environment or {}
        self._process: subprocess.Popen[bytes] | None = None
        self._clients: list[HomeAssistantClient] = []

    async def __aenter__(self) -> Self:
        """Start, and wait until Home Assistant answers."""
        await self.start()
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Stop, and close what was opened."""
        await self.stop()

    @property
    def pid(self) -> int:
        """Process id; raises ProcessLookupError while it does not run."""
        if self._process is None:
            raise ProcessLookupError("Home Assistant was not started")
        return self._process.pid

    @property
    def exit_code(self) -> int | None:
        """What the process ended with; None while it runs or was never started."""
        return None if self._process is None else self._process.poll()

    @property
    def log(self) -> str:
        """All that Home Assistant has written since the folder was made."""
        return (self.config_dir / CONSOLE_LOG).read_text(encoding="utf-8")

    def complaints(self) -> list[str]:
        """Return the lines of the log at warning or above."""
        return [
            line
            for line in self.log.splitlines()
            if any(f" {level} (" in line for level in ("WARNING", "ERROR", "CRITICAL"))
        ]

    async def start(self, *, timeout_s: float = 120) -> None:
        """Start and wait until the interface answers; raises StartFailedError."""
        write_configuration(self.config_dir, self.port, self._extra_configuration)
        self._process = self._spawn()
        try:
            async with asyncio.timeout(timeout_s):
                await self._wait_until_it_answers()
        except TimeoutError as err:
            await self.kill()
            raise StartFailedError(
                f"no answer within {timeout_s} s\n{self._tail()}"
            ) from err
        except BaseException:
            await self.kill()
            raise

    async def wait_until_running(
        self, client: HomeAssistantClient, *, timeout_s: float = 120
    ) -> None:
        """Wait until everything that is configured has been set up.

        Also confirms Home Assistant's address, which it would otherwise take for a
        mistake and give up again after five minutes.
        """
        async with asyncio.timeout(timeout_s):
            # Asked again and again: there is no connection yet that would be told.
            while (await client.rest("GET", "/api/config"))["state"] != "RUNNING":  # noqa: ASYNC110
                await asyncio.sleep(0.1)
        await confirm_address(await client.websocket())

    async def stop(self, *, timeout_s: float = 60) -> None:
        """End it in the ordinary way, so that it writes its state; then insist."""
        await self._close_clients()
        if self._process is None or self._process.poll() is not None:
            return
        self._signal(signal.SIGTERM)
        try:
            async with asyncio.timeout(timeout_s):
                await self._wait_until_it_ended()
        except TimeoutError:
            await self.kill()

    async def kill(self) -> None:
        """End it as a power cut would: nothing is written any more."""
        await self._close_clients()
        self._signal(signal.SIGKILL)
        await self._wait_until_it_ended()

    async def restart(self) -> None:
        """Stop in the ordinary way and start again with the same folder."""
        await self.stop()
        await self.start()

    def client(self) -> HomeAssistantClient:
        """Return a client, not signed in yet; closed when Home Assistant stops."""
        client = HomeAssistantClient(self.url)
        self._clients.append(client)
        return client

    async def log_in(self, username: str, password: str) -> HomeAssistantClient:
        """Return a client signed in as that person."""
        client = self.client()
        await client.log_in(username, password)
        return client

    def _spawn(self) -> subprocess.Popen[bytes]:
        environment = {**os.environ, **self._environment}
        # Home Assistant is a thousand modules: compiled once, it starts in half the time.
        environment.pop("PYTHONDONTWRITEBYTECODE", None)
        if NATIVE_LIBRARIES.exists():
            others = environment.get("LD_LIBRARY_PATH")
            environment["LD_LIBRARY_PATH"] = os.pathsep.join(
                filter(None, (str(NATIVE_LIBRARIES), others))
            )
        with (self.config_dir / CONSOLE_LOG).open("ab") as console:
            return subprocess.Popen(
                [
                    *ending_with_us(),
                    *(sys.executable, "-m", "homeassistant"),
                    *("--config", str(self.config_dir)),
                    "--skip-pip",
                    "--log-no-color",
                ],
                cwd=self.config_dir,
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=console,
                stderr=subprocess.STDOUT,
                # A group of its own: Ctrl-C reaches only who started it.
                start_new_session=True,
            )

    async def _wait_until_it_answers(self) -> None:
        async with HomeAssistantClient(self.url) as probe:
            while True:
                if self.exit_code is not None:
                    raise StartFailedError(
                        f"ended with {self.exit_code}\n{self._tail()}"
                    )
                with contextlib.suppress(aiohttp.ClientError, RequestRefusedError):
                    # Open to everybody, so that no failed sign-in is counted.
                    await probe.fetch("/manifest.json")
                    return
                await asyncio.sleep(0.05)

    async def _wait_until_it_ended(self) -> None:
        while self._process is not None and self._process.poll() is None:  # noqa: ASYNC110
            await asyncio.sleep(0.02)

    async def _close_clients(self) -> None:
        while self._clients:
            await self._clients.pop().close()

    def _signal(self, number: signal.Signals) -> None:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.pid, number)

    def _tail(self) -> str:
        return "\n".join(self.log.splitlines()[-30:])
