"""A real Home Assistant process, and a process of door stations beside it."""

import asyncio
from collections.abc import AsyncIterator
import contextlib
from dataclasses import dataclass
import json
from pathlib import Path
import signal
import sys
import tempfile
from typing import Any

import aiohttp

from tests.e2e.demo_practice import (
    MANAGER,
    StationAddress,
    add_practice,
    add_station,
    onboard,
    user_ids,
)
from tests.e2e.home_assistant_client import HomeAssistantClient, WebSocket
from tests.e2e.home_assistant_configuration import ROOT
from tests.e2e.home_assistant_process import HomeAssistantProcess

from .stations import LOOPBACK
from .watch import Watch

PLAIN_BELL = "event.plain_bell"

# What somebody without this product would write: an event entity, and a webhook that
# the door station calls.
PLAIN_CONFIGURATION = """\
template:
  - triggers:
      - trigger: webhook
        webhook_id: plain-bell
        allowed_methods: [POST]
        local_only: true
    event:
      - name: Plain bell
        unique_id: plain_bell
        device_class: doorbell
        event_type: ring
        event_types: "{{ ['ring'] }}"
"""


class Stations:
    """The hand at the doors: see `stations`."""

    def __init__(self, session: aiohttp.ClientSession, ports: dict[str, Any]) -> None:
        self.ports: list[int] = ports["stations"]
        self._session = session
        self._url = f"http://{LOOPBACK}:{ports['control']}"

    async def press(self, station: int) -> None:
        """Press the bell of a station."""
        await self._ask("POST", f"/press/{station}")

    async def rung(self, station: int) -> float:
        """Return when the last `KeyPressed` of a station was written."""
        return float((await self._ask("GET", f"/rung/{station}"))["t"])

    async def hang_up(self, station: int) -> None:
        """Take the call at a desk phone and end it, and with it the ring."""
        await self._ask("POST", f"/hang_up/{station}")

    async def pulse(self, station: int, port: str) -> None:
        """Switch an input of a station on and off again."""
        await self._ask("POST", f"/pulse/{station}/{port}")

    async def switched(self, station: int, port: str) -> float:
        """Return when the last `InputChanged` of an input was written."""
        return float((await self._ask("GET", f"/switched/{station}/{port}"))["t"])

    async def commanded(self, station: int, port: str) -> float:
        """Return when an output was last told to be on; 0 before it ever was."""
        return float((await self._ask("GET", f"/commanded/{station}/{port}"))["t"])

    async def flood(self, station: int, rate: float) -> None:
        """Have a station report so many rings a second; 0 ends that."""
        await self._ask("POST", f"/flood/{station}", {"rate": rate})

    async def post(self, url: str) -> float:
        """Post to a webhook; returns when that began."""
        return float((await self._ask("POST", "/post", {"url": url}))["t"])

    async def _ask(self, method: str, path: str, body: Any = None) -> dict[str, Any]:
        async with self._session.request(method, self._url + path, json=body) as answer:
            answer.raise_for_status()
            content: dict[str, Any] = await answer.json()
            return content


@contextlib.asynccontextmanager
async def running_stations(count: int) -> AsyncIterator[Stations]:
    """Run door stations in a process of their own."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "benchmarks.stations", "--count", str(count)),
        cwd=ROOT,
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        start_new_session=True,
    )
    assert process.stdout is not None
    try:
        ports = json.loads(await process.stdout.readline())
        async with aiohttp.ClientSession() as session:
            yield Stations(session, ports)
    finally:
        if process.returncode is None:
            process.send_signal(signal.SIGTERM)
        await process.wait()


@dataclass(slots=True, kw_only=True)
class Stage:
    """Home Assistant with a practice, and the stations that ring there."""

    home: HomeAssistantProcess
    stations: Stations
    client: HomeAssistantClient
    socket: WebSocket
    entry: str = ""

    async def sign_in(self) -> None:
        """Connect to a Home Assistant that was started again."""
        await self.home.wait_until_running(self.client)
        self.socket = await self.client.websocket()

    async def add_practice(self, *, stations: int) -> None:
        """Set up a practice with some of the stations, as a person would."""
        users = await user_ids(self.socket)
        manager = [users[MANAGER.username]]
        self.entry = await add_practice(
            self.client, may_open=manager, may_manage=manager
        )
        for number, port in enumerate(self.stations.ports[:stations], start=1):
            await add_station(
                self.client,
                self.entry,
                StationAddress(port=port),
                door={"name": f"Door {number}", "buttons": [], "contact": "station"},
            )

    async def restart(self) -> None:
        """Restart Home Assistant, so that nothing is left of the setting up."""
        await self.home.restart()
        self.client = await self.home.log_in(MANAGER.username, MANAGER.password)
        await self.sign_in()

    async def entities(self, ending: str) -> list[str]:
        """Return the practice's entities of one kind, in the order of the stations."""
        listed = await self.socket.command("config/entity_registry/list")
        return [
            entity["entity_id"]
            for entity in sorted(listed, key=lambda each: str(each["unique_id"]))
            if entity["platform"] == "cabinet_secure"
            and str(entity["unique_id"]).endswith(ending)
        ]

    @property
    def webhook(self) -> str:
        """Return the address of the plain bell."""
        return f"{self.home.url}/api/webhook/plain-bell"

    def watch(self) -> Watch:
        """Return another WebSocket client, which notes times."""
        token = self.client.access_token
        assert token is not None
        return Watch(self.home.url, token)

    async def wait_until_available(self, watch: Watch, stations: int) -> None:
        """Wait until the locks of all stations know how they are."""
        async with asyncio.timeout(120):
            while len(locks := await self.entities("-lock")) < stations:  # noqa: ASYNC110
                await asyncio.sleep(0.2)
            while any(  # noqa: ASYNC110
                watch.states.get(lock) in (None, "unavailable") for lock in locks
            ):
                await asyncio.sleep(0.005)


@contextlib.asynccontextmanager
async def new_stage(*, stations: int) -> AsyncIterator[Stage]:
    """Run both processes with nobody and nothing set up but the owner's account."""
    with tempfile.TemporaryDirectory(prefix="benchmark-") as folder:
        async with (
            running_stations(stations) as doors,
            HomeAssistantProcess(
                Path(folder) / "config", extra_configuration=PLAIN_CONFIGURATION
            ) as home,
        ):
            client = home.client()
            await onboard(client)
            await home.wait_until_running(client)
            yield Stage(
                home=home,
                stations=doors,
                client=client,
                socket=await client.websocket(),
            )
