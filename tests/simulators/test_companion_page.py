"""The phone's page, and starting a phone by itself."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
import json
from pathlib import Path
import re
import signal
import socket
import sys

import aiohttp
from homeassistant.auth.providers.homeassistant import HassAuthProvider
from homeassistant.core import HomeAssistant
import pytest

from tests.simulators.companion import Phone
from tests.simulators.companion.house import (
    ACTION_EVENT,
    IMAGE_PATH,
    PICTURE,
    House,
    living_in,
)
from tests.simulators.companion.notification import Json
from tests.simulators.companion.page import Page

pytestmark = [
    pytest.mark.usefixtures("socket_enabled"),
    # Home Assistant's own http component.
    pytest.mark.filterwarnings("ignore::aiohttp.web_exceptions.NotAppKeyWarning"),
]
ROOT = Path(__file__).parents[2]
STATIC = ROOT / "tests/simulators/companion/static"
RING: Json = {
    "tag": "ring-1",
    "image": IMAGE_PATH,
    "clickAction": "/door",
    "actions": [
        {"action": "OPEN_x", "title": "Open", "authenticationRequired": True},
        {"action": "REFUSE_x", "title": "Refuse"},
    ],
}


class Browser:
    """What a browser does with the page."""

    def __init__(self, session: aiohttp.ClientSession, page: Page) -> None:
        self.session = session
        self.page = page

    async def state(self) -> Json:
        async with self.session.get(f"{self.page.url}/api/state") as response:
            state: Json = await response.json()
            return state

    async def act(self, name: str, **body: object) -> int:
        async with self.session.post(
            f"{self.page.url}/api/{name}", json=body
        ) as response:
            return response.status


@pytest.fixture
async def house(
    hass: HomeAssistant, local_auth: HassAuthProvider
) -> AsyncIterator[House]:
    async with living_in(hass) as house:
        yield house


@asynccontextmanager
async def looking_at(house: House) -> AsyncIterator[tuple[Phone, Browser]]:
    _, token = await house.person("Doctor")
    async with (
        Phone(
            house.url, token, device_name="Doctor", locked=True, keep_pictures=True
        ) as phone,
        aiohttp.ClientSession() as session,
    ):
        page = Page(phone)
        await page.start()
        try:
            yield phone, Browser(session, page)
        finally:
            await page.stop()


async def test_the_page_shows_the_notification_and_its_picture_without_secrets(
    house: House,
) -> None:
    async with looking_at(house) as (phone, browser):
        await house.notify(phone, "At the entrance", title="Ring", data=RING)
        await phone.until(lambda phone: bool(phone.pictures))
        state = await browser.state()
        assert state["connection"] == "connected"
        (shown,) = state["shown"]
        assert (shown["title"], shown["message"]) == ("Ring", "At the entrance")
        assert [action["title"] for action in shown["actions"]] == ["Open", "Refuse"]
        assert phone.registration.webhook_id not in json.dumps(state)
        url = f"{browser.page.url}/api/picture/{shown['id']}"
        async with browser.session.get(url) as response:
            assert await response.read() == PICTURE


async def test_an_action_that_asks_for_the_owner_needs_the_unlock_step(
    house: House,
) -> None:
    answers = house.events(ACTION_EVENT)
    async with looking_at(house) as (phone, browser):
        await house.notify(phone, "At the entrance", data=RING)
        tap = {"id": phone.notifications[0].id, "action": "OPEN_x"}
        assert await browser.act("tap", **tap) == 423
        assert await browser.act("tap", **tap, unlocked=True) == 200
        await house.hass.async_block_till_done()
        assert [event.data["action"] for event in answers] == ["OPEN_x"]
        state = await browser.state()
        assert state["shown"] == []
        assert [entry["happening"] for entry in state["history"]] == [
            "tapped",
            "received",
        ]
        assert await browser.act("tap", **tap) == 400


async def test_the_page_opens_dismisses_and_cuts_the_network(house: House) -> None:
    async with looking_at(house) as (phone, browser):
        for act in ("open", "dismiss"):
            await house.notify(phone, "At the entrance", data=RING)
            assert await browser.act(act, id=phone.notifications[-1].id) == 200
            assert phone.shown == {}
        assert phone.opened == ["/door"]
        await house.notify(phone, "Again", data=RING)
        assert await browser.act("network", on=False) == 200
        ring = phone.notifications[-1].id
        assert await browser.act("tap", id=ring, action="REFUSE_x") == 502
        assert await browser.act("network", on=True) == 200
        await phone.until(lambda phone: phone.state.value == "connected")
        assert await browser.act("tap", id=ring, action="REFUSE_x") == 200


async def test_the_page_is_told_of_every_change_by_itself(house: House) -> None:
    async with (
        looking_at(house) as (phone, browser),
        browser.session.get(f"{browser.page.url}/api/events") as stream,
    ):
        await stream.content.readline()
        await stream.content.readline()
        await house.notify(phone, "News")
        line = await asyncio.wait_for(stream.content.readline(), 5)
        assert json.loads(line.removeprefix(b"data: "))["shown"][0]["message"] == "News"


async def test_another_site_cannot_tap(house: House) -> None:
    async with (
        looking_at(house) as (_, browser),
        browser.session.post(
            f"{browser.page.url}/api/network",
            json={"on": False},
            headers={"Origin": "http://elsewhere.example"},
        ) as response,
    ):
        assert response.status == 403


def test_the_page_is_whole_in_both_languages_and_needs_nothing_else() -> None:
    script = (STATIC / "page.js").read_text("utf-8")
    english, french = re.findall(r"  (?:en|fr): \{\n(.*?)\n  \},", script, re.DOTALL)
    keys = [set(re.findall(r"(\w+): \"", words)) for words in (english, french)]
    assert keys[0] == keys[1]
    assert len(keys[0]) > 25
    for file in STATIC.iterdir():
        assert "//" not in re.sub(r"(?m)^\s*//.*$", "", file.read_text("utf-8"))


async def run_phone(*arguments: str) -> asyncio.subprocess.Process:
    return await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "tests.simulators.companion",
        *arguments,
        cwd=ROOT,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )


async def test_a_phone_started_by_itself_says_when_it_is_ready_and_stops_cleanly(
    house: House, tmp_path: Path
) -> None:
    _, token = await house.person("Doctor")
    process = await run_phone(
        *("--home-assistant", house.url, "--token", token, "--port", "0"),
        *("--name", "Phone of the doctor", "--state", str(tmp_path / "doctor.json")),
    )
    assert process.stdout is not None
    ready = await asyncio.wait_for(process.stdout.readline(), 30)
    assert re.fullmatch(rb"Companion phone ready: http://127.0.0.1:\d+/\n", ready)
    connected = await asyncio.wait_for(process.stdout.readline(), 30)
    assert connected.startswith(b"Companion phone connected: ")
    services = house.hass.services.async_services_for_domain("notify")
    assert "mobile_app_phone_of_the_doctor" in services
    process.send_signal(signal.SIGTERM)
    _, errors = await asyncio.wait_for(process.communicate(), 10)
    assert (process.returncode, errors) == (0, b"")


async def test_a_port_that_is_taken_and_a_token_that_is_refused_are_clear_errors(
    house: House,
) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        process = await run_phone("--token", "x", "--port", port)
        _, errors = await asyncio.wait_for(process.communicate(), 30)
    assert process.returncode == 1
    assert errors.startswith(f"Cannot listen on 127.0.0.1:{port}: ".encode())
    process = await run_phone(
        "--token", "x", "--port", "0", "--home-assistant", house.url
    )
    _, errors = await asyncio.wait_for(process.communicate(), 30)
    assert process.returncode == 1
    assert errors == b"Home Assistant refuses this token\n"
