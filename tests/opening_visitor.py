"""A practice with an opening link, and a phone that was sent it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
import re
from typing import Any

from aiohttp.test_utils import TestClient
from homeassistant.auth.models import User
from homeassistant.core import HomeAssistant
from homeassistant.setup import async_setup_component
from homeassistant.util import dt as dt_util
import pytest
from pytest_homeassistant_custom_component.typing import ClientSessionGenerator

from custom_components.cabinet_secure.register import EntryType
from tests.incident_home import Home
from tests.practices import demo_subentry, practice_entry, set_up
from tests.test_grants import act

HOST = "practice.example"
FORM = "application/x-www-form-urlencoded"
# What a browser says when the button of our page is pressed.
PRESSED = {"Sec-Fetch-Site": "same-origin", "Origin": "null"}


@dataclass
class Visitor:
    """A practice with an opening link, and a phone that has it."""

    home: Home
    client: TestClient[Any, Any]
    link: str = ""
    visit: str = ""

    @property
    def hass(self) -> HomeAssistant:
        """Home Assistant."""
        return self.home.hass

    @property
    def door(self) -> str:
        """The state of the door."""
        state = self.hass.states.get("lock.demo")
        assert state is not None
        return state.state

    async def send_link(self, **more: Any) -> dict[str, Any]:
        """Let the manager make a link, and the phone get it."""
        device = self.home.coordinator.devices[next(iter(self.home.coordinator.doors))]
        given = await act(
            self.hass,
            self.home.people["manager"],
            "grant_access",
            **{
                "label": "Livreur",
                "role": "delivery",
                "means": "link",
                "door": [device],
                "valid_to": dt_util.now() + timedelta(hours=2),
            }
            | more,
        )
        assert given["link"].startswith(f"https://{HOST}/")
        self.link = given["link"].removeprefix(f"https://{HOST}")
        return given

    async def look(
        self, link: str | None = None, host: str = HOST, **headers: str
    ) -> tuple[int, str]:
        """Load the page; return its status and what it says."""
        response = await self.client.get(
            link or self.link, headers={"Host": host, **headers}
        )
        return await self._read(response)

    async def press(
        self,
        link: str | None = None,
        *,
        host: str = HOST,
        visit: str | None = None,
        headers: Mapping[str, str] | None = None,
        body: str | None = None,
    ) -> tuple[int, str]:
        """Press the button of the page that was loaded last."""
        response = await self.client.post(
            link or self.link,
            data=body or f"visit={self.visit if visit is None else visit}",
            headers={"Host": host, "Content-Type": FORM}
            | (PRESSED if headers is None else dict(headers)),
        )
        read = await self._read(response)
        await self.hass.async_block_till_done()
        return read

    async def _read(self, response: Any) -> tuple[int, str]:
        assert response.headers["Cache-Control"] == "no-store, private"
        assert response.headers["Referrer-Policy"] == "no-referrer"
        policy = response.headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy
        assert "frame-ancestors 'none'" in policy
        page = await response.text()
        assert "<script" not in page
        if found := re.search(r'name="visit" value="([^"]+)"', page):
            self.visit = found[1]
        said = re.search(r'role="status">([^<]*)<', page)
        assert said is not None
        return response.status, said[1]

    async def recorded(self) -> list[str]:
        """Return what is on record of links and the door."""
        await self.hass.async_block_till_done()
        entries = await self.home.on_record(EntryType.GRANT, EntryType.ACCESS)
        return [f"{entry.type}:{entry.event}" for entry in entries]

    async def nothing_opened(self) -> None:
        """Make sure of it."""
        await self.hass.async_block_till_done()
        assert self.door == "locked"
        assert "access:granted" not in await self.recorded()


@pytest.fixture
async def visitor(
    hass: HomeAssistant,
    people: dict[str, User],
    aiohttp_client: ClientSessionGenerator,
    socket_enabled: None,
) -> Visitor:
    """Return somebody who was sent a link that opens once, within two hours."""
    await hass.config.async_update(external_url=f"https://{HOST}", language="en")
    assert await async_setup_component(hass, "http", {})
    entry = practice_entry(people, demo_subentry(), opening_links=True)
    await set_up(hass, entry)
    home = Home(hass, entry, people)
    await home.until_read()
    visitor = Visitor(home, await aiohttp_client(hass.http.app))
    await visitor.send_link()
    return visitor
