"""Run the demo practice: a simulated door station and a real Home Assistant.

Started by `scripts/develop`, whose `--help` says what it does.
"""

import argparse
import asyncio
from collections.abc import Iterator
import contextlib
from dataclasses import dataclass
import fcntl
import os
from pathlib import Path
import shutil
import signal
import socket
import subprocess
import sys
import time

from tests.e2e.demo_practice import (
    DOCTOR,
    MANAGER,
    StationAddress,
    add_account,
    add_practice,
    add_station,
    finish_onboarding,
    move_station,
    onboard,
    pending_onboarding,
    practice_entry,
    station_subentry,
    user_ids,
)
from tests.e2e.home_assistant_address import LOOPBACK
from tests.e2e.home_assistant_client import HomeAssistantClient
from tests.e2e.home_assistant_configuration import ROOT
from tests.e2e.home_assistant_process import (
    CONSOLE_LOG,
    RESTART_EXIT_CODE,
    HomeAssistantProcess,
    StartFailedError,
    ending_with_us,
)

READY = """
Ready after {seconds:.0f} s.

  Home Assistant   {home}
    accounts       {manager.username} / {manager.password} (owner), \
{doctor.username} / {doctor.password}
    log            {log}
  Door station     {station}
    its page       ring, type a code, push the door, cut its power

Ctrl-C stops both.
"""


@dataclass(frozen=True, slots=True)
class State:
    """The folder that keeps what is to be there again at the next start."""

    folder: Path

    @property
    def config(self) -> Path:
        """Home Assistant's configuration folder."""
        return self.folder / "config"

    @property
    def home_log(self) -> Path:
        """What Home Assistant says."""
        return self.config / CONSOLE_LOG

    @property
    def station_log(self) -> Path:
        """What the door station says."""
        return self.folder / "station.log"

    @property
    def station_port(self) -> Path:
        """Where Home Assistant was told that the station is."""
        return self.folder / "station-port"

    def throw_away(self) -> None:
        """Forget everything but the lock that is held."""
        shutil.rmtree(self.config, ignore_errors=True)
        for path in (self.station_log, self.station_port):
            path.unlink(missing_ok=True)

    @contextlib.contextmanager
    def held(self) -> Iterator[None]:
        """Keep others from the folder; raises DevelopError where one has it."""
        self.folder.mkdir(parents=True, exist_ok=True)
        with (self.folder / "lock").open("w") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError as err:
                raise DevelopError(f"it runs already, with {self.folder}") from err
            yield


class DevelopError(Exception):
    """Says why the demo practice cannot run, for the person at the terminal."""


def parse_arguments() -> argparse.Namespace:
    """Read the command line; `scripts/develop` has the help."""
    parser = argparse.ArgumentParser(prog="scripts/develop", add_help=False)
    parser.add_argument("--fresh", action="store_true")
    parser.add_argument("--port", type=port_number, default=8123)
    parser.add_argument("--station-port", type=port_number, default=8101)
    parser.add_argument("--state", type=Path, default=ROOT / ".develop")
    options = parser.parse_args()
    if options.port == options.station_port:
        parser.error("--port and --station-port must differ")
    return options


def port_number(text: str) -> int:
    """Return a TCP port; raises ValueError outside 1-65535."""
    port = int(text)
    if not 1 <= port <= 65535:
        raise ValueError(text)
    return port


def say(text: str) -> None:
    """Show progress."""
    print(f"develop: {text}", flush=True)


def require_free(port: int, option: str) -> None:
    """Raise DevelopError where something listens on the port already."""
    with socket.socket() as probe:
        # As servers do, so that connections that have just ended are no hindrance.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((LOOPBACK, port))
        except OSError as err:
            raise DevelopError(
                f"port {port} cannot be had ({err.strerror}); choose another one "
                f"with {option}"
            ) from err


def start_station(state: State, port: int) -> subprocess.Popen[bytes]:
    """Start the simulator in a process group of its own."""
    with state.station_log.open("wb") as log:
        return subprocess.Popen(
            [
                *ending_with_us(),
                *(sys.executable, "-m", "tests.simulators.two_n"),
                *("--port", str(port)),
            ],
            cwd=ROOT,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )


async def wait_for_station(
    state: State, station: subprocess.Popen[bytes], port: int
) -> None:
    """Wait until the station takes connections; raises DevelopError."""
    for _ in range(300):
        if station.poll() is not None:
            break
        try:
            _, writer = await asyncio.open_connection(LOOPBACK, port)
        except OSError:
            await asyncio.sleep(0.1)
        else:
            writer.close()
            await writer.wait_closed()
            return
    raise DevelopError(
        f"the door station did not start:\n{state.station_log.read_text()}"
    )


async def stop_station(station: subprocess.Popen[bytes]) -> None:
    """End the simulator, at once if it does not end by itself within 5 s."""
    for number in (signal.SIGTERM, signal.SIGKILL):
        if station.poll() is None:
            os.killpg(station.pid, number)
        for _ in range(50):
            if station.poll() is not None:
                return
            await asyncio.sleep(0.1)


async def sign_in(home: HomeAssistantProcess) -> HomeAssistantClient:
    """Return a client signed in as the manager, made the owner at the first start."""
    client = home.client()
    if "user" in await pending_onboarding(client):
        say("making the owner's account")
        await onboard(client)
    else:
        await client.log_in(MANAGER.username, MANAGER.password)
    return client


async def set_up_practice(
    home: HomeAssistantProcess, state: State, address: StationAddress
) -> None:
    """Bring Home Assistant to where the demo starts, from wherever it is."""
    client = await sign_in(home)
    await home.wait_until_running(client)
    websocket = await client.websocket()
    if DOCTOR.username not in await user_ids(websocket):
        await add_account(websocket, DOCTOR)
    entry_id = await practice_entry(client)
    if entry_id is None:
        say("setting up the practice")
        users = await user_ids(websocket)
        entry_id = await add_practice(
            client,
            may_open=[users[MANAGER.username], users[DOCTOR.username]],
            may_manage=[users[MANAGER.username]],
        )
    subentry_id = await station_subentry(websocket, entry_id)
    if subentry_id is None:
        say("adding the door station")
        await add_station(client, entry_id, address)
    elif state.station_port.read_text() != str(address.port):
        say("telling the practice where its door station is now")
        await move_station(client, entry_id, subentry_id, address)
    state.station_port.write_text(str(address.port))
    if await pending_onboarding(client):
        say("finishing Home Assistant's onboarding")
        await finish_onboarding(client)
    await client.close()


async def watch(
    home: HomeAssistantProcess, state: State, station: subprocess.Popen[bytes]
) -> None:
    """Return never; raises DevelopError when one of the two has ended."""
    while True:
        if home.exit_code == RESTART_EXIT_CODE:
            say("Home Assistant restarts, as somebody asked it to")
            await home.start()
        elif home.exit_code is not None:
            raise DevelopError(
                f"Home Assistant has ended with {home.exit_code}; see {state.home_log}"
            )
        if station.poll() is not None:
            raise DevelopError(
                f"the door station has ended with {station.returncode}; see "
                f"{state.station_log}"
            )
        await asyncio.sleep(0.5)


async def run(home: HomeAssistantProcess, state: State, station_port: int) -> None:
    """Start both, set the practice up, and stay until one of them ends."""
    began = time.monotonic()
    say("starting the door station")
    station = start_station(state, station_port)
    try:
        await wait_for_station(state, station, station_port)
        say("starting Home Assistant")
        await home.start()
        await set_up_practice(home, state, StationAddress(port=station_port))
        print(
            READY.format(
                seconds=time.monotonic() - began,
                home=home.url,
                manager=MANAGER,
                doctor=DOCTOR,
                log=state.home_log.relative_to(Path.cwd(), walk_up=True),
                station=f"http://{LOOPBACK}:{station_port}",
            ),
            flush=True,
        )
        await watch(home, state, station)
    finally:
        say("stopping")
        await home.stop()
        await stop_station(station)


async def run_until_signal(
    home: HomeAssistantProcess, state: State, station_port: int
) -> None:
    """Run until SIGINT, SIGTERM or SIGHUP, which end it in the ordinary way."""
    running = asyncio.create_task(run(home, state, station_port))
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        # Asked a second time, it goes on stopping: nothing may be left behind.
        loop.add_signal_handler(
            number, lambda: running.cancelling() or running.cancel()
        )
    with contextlib.suppress(asyncio.CancelledError):
        await running


def main() -> int:
    """Run; 1 where something stands in the way or one of the two has ended."""
    options = parse_arguments()
    state = State(options.state.resolve())
    try:
        with state.held():
            require_free(options.port, "--port")
            require_free(options.station_port, "--station-port")
            if options.fresh:
                state.throw_away()
            home = HomeAssistantProcess(state.config, port=options.port)
            asyncio.run(run_until_signal(home, state, options.station_port))
    except (DevelopError, StartFailedError) as err:
        print(f"develop: {err}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
