"""Calls for help in a real Home Assistant that is killed at any moment of them.

`PANIC_KILLS` in the environment has that many moments played, 20 at most.
"""

import asyncio
from collections.abc import AsyncIterator
import contextlib
import os
from pathlib import Path
import time
from typing import Any

import pytest

from .home_assistant_client import CommandFailedError, WebSocket
from .practice_home import PracticeHome, practice_home

pytestmark = [pytest.mark.e2e, pytest.mark.usefixtures("socket_enabled")]

CONNECTION = "binary_sensor.entrance_connection"
SIREN = "output1"
# Seconds from the second press: before, during and after it is stored, while the
# siren sounds, while it escalates. Those that differ most come first.
MOMENTS = [
    *(0.0, 0.02, 1.0, 7.0),
    *(0.001, 0.002, 0.005, 0.01, 0.015, 0.03, 0.05, 0.07),
    *(0.1, 0.15, 0.2, 0.3, 0.5, 2.0, 4.0, 12.0),
]
KILLS = int(os.environ.get("PANIC_KILLS", "3"))
LIMIT = 90
OPTIONS = {
    "panic_repeat": 15,
    "panic_second_step_after": 5,
    "panic_third_step_after": 10,
    "siren_time": LIMIT,
    "siren_ends_at": "reset",
    "attack_locks_down": True,
    "silent_is_shown": False,
    "panic_sirens": [],
}
# The siren is looked at every 5 s, and told twice at most within the rest.
SLACK = 15


class Noise:
    """For how long the siren of the station sounded since it was asked last."""

    def __init__(self, practice: PracticeHome) -> None:
        self._practice = practice
        self._heard = 0.0

    @contextlib.asynccontextmanager
    async def listening(self) -> AsyncIterator[None]:
        """Listen meanwhile."""
        task = asyncio.create_task(self._listen())
        try:
            yield
        finally:
            task.cancel()

    async def _listen(self) -> None:
        before = time.monotonic()
        while True:
            await asyncio.sleep(0.02)
            now = time.monotonic()
            if is_sounding(self._practice):
                self._heard += now - before
            before = now

    def heard(self) -> float:
        """Return the seconds, and begin anew."""
        heard, self._heard = self._heard, 0.0
        return heard


def is_sounding(practice: PracticeHome) -> bool:
    """Whether the siren sounds at the station itself."""
    return bool(practice.station.station.ports.states[SIREN])


async def change_options(practice: PracticeHome) -> None:
    """Have the panic chain go on fast, as the manager does in its options."""
    flow = await practice.manager.rest(
        "POST",
        "/api/config/config_entries/options/flow",
        {"handler": practice.entry_id},
    )
    path = f"/api/config/config_entries/options/flow/{flow['flow_id']}"
    form = await practice.manager.rest("POST", path, {"next_step_id": "panic"})
    (sirens,) = (f for f in form["data_schema"] if f["name"] == "panic_sirens")
    chosen = [option["value"] for option in sirens["selector"]["select"]["options"]]
    done = await practice.manager.rest("POST", path, OPTIONS | {"panic_sirens": chosen})
    assert done["type"] == "create_entry", done
    # Home Assistant writes later what was set up and who may sign in.
    await practice.until_stored("core.config_entries", "station", "panic_repeat")
    await practice.until_stored("auth", "Doctor")


async def act(websocket: WebSocket, action: str) -> list[dict[str, Any]]:
    """Take an action of the panic chain; return the calls that go on."""
    answer = await websocket.command(
        "call_service",
        domain="cabinet_secure",
        service=action,
        service_data={},
        return_response=True,
    )
    panics: list[dict[str, Any]] = answer["response"]["panics"]
    return panics


async def press_twice(practice: PracticeHome) -> None:
    """Press the wired panic button as it takes."""
    for _ in range(2):
        practice.station.set_input("input1", state=True)
        practice.station.set_input("input1", state=False)


async def wait_for_station(practice: PracticeHome) -> None:
    """Wait until the station is heard."""
    async with practice.watched() as watch:
        await watch.until_state(CONNECTION, "on")


@pytest.mark.timeout(3000)
async def test_a_call_for_help_survives_every_kill(tmp_path: Path) -> None:
    async with practice_home(tmp_path) as practice:
        await wait_for_station(practice)
        await change_options(practice)
        noise = Noise(practice)
        async with noise.listening():
            for moment in MOMENTS[:KILLS]:
                await wait_for_station(practice)
                # Where it was left off is stored now and then, not at every event.
                await asyncio.sleep(0.3)
                await press_twice(practice)
                await asyncio.sleep(moment)
                await practice.home.kill()
                await practice.home.start()
                await practice.sign_in_again()
                await wait_for_station(practice)

                # It is there, once, and it goes on.
                websocket = await practice.manager.websocket()
                told = await websocket.subscribe(
                    "subscribe_trigger",
                    trigger={
                        "trigger": "cabinet_secure.panic",
                        "options": {"events": ["escalated"]},
                    },
                )
                event = await told.get()
                panic = event["variables"]["trigger"]["panic"]
                assert panic["location"] == "Reception", moment
                (acknowledged,) = await act(websocket, "acknowledge_panic")
                assert acknowledged["id"] == panic["id"]
                assert acknowledged["acknowledged_by"] == "Manager"

                # What was reset does not come back.
                assert await act(websocket, "reset_panic") == []
                async with asyncio.timeout(60):
                    while is_sounding(practice):  # noqa: ASYNC110
                        await asyncio.sleep(0.05)
                assert noise.heard() <= LIMIT + SLACK, moment
                if moment in MOMENTS[:2]:
                    await practice.home.kill()
                    await practice.home.start()
                    await practice.sign_in_again()
                    await wait_for_station(practice)
                    assert not is_sounding(practice)
                    websocket = await practice.manager.websocket()
                    with pytest.raises(CommandFailedError, match="no such call"):
                        await act(websocket, "reset_panic")


@pytest.mark.timeout(900)
async def test_a_siren_sounds_no_longer_for_a_kill(tmp_path: Path) -> None:
    async with practice_home(tmp_path) as practice:
        await wait_for_station(practice)
        await change_options(practice)
        await wait_for_station(practice)
        noise = Noise(practice)
        async with noise.listening():
            await press_twice(practice)
            async with asyncio.timeout(30):
                while not is_sounding(practice):  # noqa: ASYNC110
                    await asyncio.sleep(0.05)
            await asyncio.sleep(6)
            await practice.home.kill()
            await practice.home.start()
            await practice.sign_in_again()
            async with asyncio.timeout(300):
                while is_sounding(practice):  # noqa: ASYNC110
                    await asyncio.sleep(0.1)
        assert noise.heard() <= LIMIT + SLACK
