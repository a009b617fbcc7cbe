"""A real Home Assistant with a practice and a door station, for journeys through it."""

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping
import contextlib
from dataclasses import dataclass, field
from pathlib import Path

from tests.simulators.two_n import TwoNSimulator

from .demo_practice import (
    DOCTOR,
    MANAGER,
    StationAddress,
    add_account,
    add_practice,
    add_station,
    onboard,
    user_ids,
)
from .home_assistant_client import HomeAssistantClient, Json, WebSocket
from .home_assistant_process import HomeAssistantProcess

# Generous: whoever plays these may play much else at the same time.
PATIENCE = 60.0


@dataclass
class Watch:
    """The states that a WebSocket client is told of, as they come."""

    websocket: WebSocket
    states: dict[str, Json] = field(default_factory=dict)
    history: list[tuple[str, Json]] = field(default_factory=list)
    _changed: asyncio.Event = field(default_factory=asyncio.Event)

    async def follow(self) -> None:
        """Take in the states of now, then every change, until cancelled."""
        events = await self.websocket.subscribe(
            "subscribe_events", event_type="state_changed"
        )
        for state in await self.websocket.command("get_states"):
            self.states[state["entity_id"]] = state
        self._changed.set()
        while True:
            event = await events.get()
            new = event["data"]["new_state"]
            self.states[event["data"]["entity_id"]] = new
            if new is not None:
                self.history.append((new["entity_id"], new))
            self._changed.set()

    async def until(self, holds: Callable[[], object], what: str) -> None:
        """Wait until something holds of the states; fail after a minute."""
        try:
            async with asyncio.timeout(PATIENCE):
                while not holds():
                    self._changed.clear()
                    await self._changed.wait()
        except TimeoutError:
            raise AssertionError(f"not seen in time: {what}") from None

    async def until_state(self, entity_id: str, state: str) -> None:
        """Wait until an entity has a state."""
        await self.until(
            lambda: (self.states.get(entity_id) or {}).get("state") == state,
            f"{entity_id} {state}",
        )

    def times_of(self, entity_id: str) -> list[str]:
        """Return when an event entity fired, each time once and in order."""
        times = [
            state["state"]
            for changed, state in self.history
            if changed == entity_id and state["state"] not in ("unknown", "unavailable")
        ]
        return list(dict.fromkeys(times))


@dataclass
class PracticeHome:
    """The practice, its people's clients, and its door station."""

    home: HomeAssistantProcess
    station: TwoNSimulator
    entry_id: str
    manager: HomeAssistantClient
    doctor: HomeAssistantClient

    @contextlib.asynccontextmanager
    async def watched(self) -> AsyncIterator[Watch]:
        """Watch the states as the manager's browser does."""
        watch = Watch(await self.manager.websocket())
        following = asyncio.create_task(watch.follow())
        try:
            await watch.until(lambda: watch.states, "any state")
            yield watch
        finally:
            following.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await following

    async def sign_in_again(self) -> None:
        """Sign everybody in after Home Assistant was started again."""
        self.manager = await self.home.log_in(MANAGER.username, MANAGER.password)
        self.doctor = await self.home.log_in(DOCTOR.username, DOCTOR.password)
        await self.home.wait_until_running(self.manager)

    async def until_stored(self, name: str, *words: str) -> None:
        """Wait until Home Assistant has written a file of its own, with these words."""
        file = self.home.config_dir / ".storage" / name
        async with asyncio.timeout(PATIENCE):
            # Nobody tells when a file is written.
            while not file.exists() or any(  # noqa: ASYNC110
                word not in file.read_text() for word in words
            ):
                await asyncio.sleep(0.1)

    def commands(self, path: str) -> list[Json]:
        """Return the commands that the station was given below a path."""
        return [
            command
            for command in self.station.state()["commands"]
            if path in command["path"]
        ]


@contextlib.asynccontextmanager
async def practice_home(
    folder: Path,
    *,
    extra_configuration: str = "",
    door: Mapping[str, Json] | None = None,
) -> AsyncIterator[PracticeHome]:
    """Start it all, as a new practice would set it up.

    `extra_configuration` is YAML for other integrations of Home Assistant; `door` is
    how the door is set up where it is not the simulator's own wiring.
    """
    async with (
        TwoNSimulator() as station,
        HomeAssistantProcess(
            folder / "config", extra_configuration=extra_configuration
        ) as home,
    ):
        manager = home.client()
        await onboard(manager)
        await home.wait_until_running(manager)
        websocket = await manager.websocket()
        await add_account(websocket, DOCTOR)
        users = await user_ids(websocket)
        entry_id = await add_practice(
            manager,
            may_open=[users[MANAGER.username], users[DOCTOR.username]],
            may_manage=[users[MANAGER.username]],
        )
        await add_station(
            manager, entry_id, StationAddress(port=station.port), door=door
        )
        doctor = await home.log_in(DOCTOR.username, DOCTOR.password)
        yield PracticeHome(home, station, entry_id, manager, doctor)
