"""Run the demo practice: a simulated door station, two phones, a real Home Assistant.

Started by `scripts/develop`, whose `--help` says what it does.
"""

import argparse
import asyncio
from collections.abc import Iterator
import contextlib
from dataclasses import dataclass
import fcntl
from pathlib import Path
import shutil
import signal
import socket
import sys
import time

from scripts.simulators import DevelopError, Simulator
from tests.e2e.demo_practice import (
    DOCTOR,
    MANAGER,
    Account,
    StationAddress,
    add_account,
    add_practice,
    add_ring_automation,
    add_station,
    finish_onboarding,
    move_station,
    onboard,
    pending_onboarding,
    phone_name,
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
)

READY = """
Ready after {seconds:.0f} s.

  Home Assistant   {home}
    accounts       {manager.username} / {manager.password} (owner), \
{doctor.username} / {doctor.password}
    log            {log}
  Door station     {station}
    its page       ring, type a code, push the door, cut its power
  Manager's phone  {manager_phone}
  Doctor's phone   {doctor_phone}
    their pages    see who rings; open, refuse, see

Ctrl-C stops them all.
"""


# Whose phones there are, and which app they have.
PHONES = {MANAGER: "Android", DOCTOR: "iOS"}


@dataclass(frozen=True, slots=True)
class Ports:
    """Where everything listens."""

    home: int
    station: int
    phone: int

    def of_phone(self, account: Account) -> int:
        """Return the port of somebody's phone: one after the other."""
        return self.phone + list(PHONES).index(account)


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

    def phone(self, account: Account) -> Path:
        """Return what a phone keeps, such as that it is registered."""
        return self.folder / f"phone-{account.username}.json"

    def phone_log(self, account: Account) -> Path:
        """Return what a phone says."""
        return self.folder / f"phone-{account.username}.log"

    @property
    def station_port(self) -> Path:
        """Where Home Assistant was told that the station is."""
        return self.folder / "station-port"

    def throw_away(self) -> None:
        """Forget everything but the lock that is held."""
        shutil.rmtree(self.config, ignore_errors=True)
        for path in (
            self.station_log,
            self.station_port,
            *(self.phone(account) for account in PHONES),
            *(self.phone_log(account) for account in PHONES),
        ):
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


def parse_arguments() -> argparse.Namespace:
    """Read the command line; `scripts/develop` has the help."""
    parser = argparse.ArgumentParser(prog="scripts/develop", add_help=False)
    parser.add_argument("--fresh", action="store_true")
    parser.add_argument("--port", type=port_number, default=8123)
    parser.add_argument("--station-port", type=port_number, default=8101)
    parser.add_argument("--state", type=Path, default=ROOT / ".develop")
    parser.add_argument("--phone-port", type=port_number, default=8102)
    options = parser.parse_args()
    ports = Ports(options.port, options.station_port, options.phone_port)
    taken = [ports.home, ports.station, *(ports.of_phone(each) for each in PHONES)]
    if len(set(taken)) < len(taken):
        parser.error("--port, --station-port and --phone-port (two ports) must differ")
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


def start_phone(
    home: HomeAssistantProcess, state: State, account: Account, port: int
) -> Simulator:
    """Start the phone of somebody, signed in as they are."""
    return Simulator.start(
        f"the phone of {account.name}",
        state.phone_log(account),
        "companion",
        *("--home-assistant", home.url),
        *("--username", account.username, "--password", account.password),
        *("--name", phone_name(account), "--os", PHONES[account]),
        *("--port", str(port), "--state", str(state.phone(account))),
    )


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
    home: HomeAssistantProcess, state: State, simulators: list[Simulator]
) -> None:
    """Return never; raises DevelopError when one of them has ended."""
    while True:
        if home.exit_code == RESTART_EXIT_CODE:
            say("Home Assistant restarts, as somebody asked it to")
            await home.start()
        elif home.exit_code is not None:
            raise DevelopError(
                f"Home Assistant has ended with {home.exit_code}; see {state.home_log}"
            )
        for simulator in simulators:
            simulator.require_running()
        await asyncio.sleep(0.5)


async def run(home: HomeAssistantProcess, state: State, ports: Ports) -> None:
    """Start all, set the practice up, and stay until one of them ends."""
    began = time.monotonic()
    simulators: list[Simulator] = []
    try:
        say("starting the door station")
        station = Simulator.start(
            "the door station",
            state.station_log,
            "two_n",
            *("--port", str(ports.station), "--name", "Door station"),
        )
        simulators.append(station)
        await station.wait_until_it_says("Door station ready")
        say("starting Home Assistant")
        await home.start()
        await set_up_practice(home, state, StationAddress(port=ports.station))
        say("starting the phones")
        phones = [
            start_phone(home, state, account, ports.of_phone(account))
            for account in PHONES
        ]
        simulators += phones
        for phone in phones:
            await phone.wait_until_it_says("Companion phone connected")
        await notify_phones(home)
        print(
            READY.format(
                seconds=time.monotonic() - began,
                home=home.url,
                manager=MANAGER,
                doctor=DOCTOR,
                log=state.home_log.relative_to(Path.cwd(), walk_up=True),
                station=f"http://{LOOPBACK}:{ports.station}",
                manager_phone=f"http://{LOOPBACK}:{ports.of_phone(MANAGER)}",
                doctor_phone=f"http://{LOOPBACK}:{ports.of_phone(DOCTOR)}",
            ),
            flush=True,
        )
        await watch(home, state, simulators)
    finally:
        say("stopping")
        await asyncio.gather(home.stop(), *(each.stop() for each in simulators))


async def notify_phones(home: HomeAssistantProcess) -> None:
    """Have both phones told when somebody rings, unless somebody changed that."""
    client = await home.log_in(MANAGER.username, MANAGER.password)
    await add_ring_automation(client, [phone_name(account) for account in PHONES])
    await client.close()


async def run_until_signal(
    home: HomeAssistantProcess, state: State, ports: Ports
) -> None:
    """Run until SIGINT, SIGTERM or SIGHUP, which end it in the ordinary way."""
    running = asyncio.create_task(run(home, state, ports))
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        # Asked a second time, it goes on stopping: nothing may be left behind.
        loop.add_signal_handler(
            number, lambda: running.cancelling() or running.cancel()
        )
    with contextlib.suppress(asyncio.CancelledError):
        await running


def main() -> int:
    """Run; 1 where something stands in the way or one of them has ended."""
    options = parse_arguments()
    state = State(options.state.resolve())
    try:
        with state.held():
            ports = Ports(options.port, options.station_port, options.phone_port)
            require_free(ports.home, "--port")
            require_free(ports.station, "--station-port")
            for account in PHONES:
                require_free(ports.of_phone(account), "--phone-port")
            if options.fresh:
                state.throw_away()
            home = HomeAssistantProcess(state.config, port=ports.home)
            asyncio.run(run_until_signal(home, state, ports))
    except (DevelopError, StartFailedError) as err:
        print(f"develop: {err}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
