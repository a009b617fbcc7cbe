"""A practice that keeps a register, and what its people do with it."""

import asyncio
from dataclasses import dataclass
import time
from typing import Any

from aiohttp.test_utils import TestClient
from homeassistant.auth.models import User
from homeassistant.core import Context, HomeAssistant
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.cabinet_secure.const import DOMAIN
from custom_components.cabinet_secure.coordinator import PracticeCoordinator
from custom_components.cabinet_secure.practice.events import DoorForced
from custom_components.cabinet_secure.register import Entry, EntryType, Query
from custom_components.cabinet_secure.register.incident import Incident

CLIENT = "https://example.com/app"
SAID = {
    "location": "reception",
    "setting": "receiving",
    "kinds": ["insults", "threats"],
    "motives": ["refused_sick_note"],
    "author": "patient",
    "victim": "secretary",
    "account": "La personne a insulté puis menacé la secrétaire.",
}


@dataclass(frozen=True)
class Home:
    """The practice, its people, and its register."""

    hass: HomeAssistant
    entry: MockConfigEntry
    people: dict[str, User]

    @property
    def coordinator(self) -> PracticeCoordinator:
        """The practice as it runs."""
        coordinator: PracticeCoordinator = self.entry.runtime_data
        return coordinator

    async def call(self, who: str | None, action: str, **data: Any) -> dict[str, Any]:
        """Take an action as a person, or as an automation, and return its response."""
        response = await self.hass.services.async_call(
            DOMAIN,
            action,
            data,
            blocking=True,
            return_response=True,
            context=Context(user_id=self.people[who].id) if who else Context(),
        )
        assert response is not None
        return dict(response)

    async def log(self, who: str | None = "doctor", **changes: Any) -> dict[str, Any]:
        """Log an incident."""
        return await self.call(who, "log_incident", **{**SAID, **changes})

    def incident(self, identifier: str) -> Incident:
        """Return an incident as it stands."""
        known = self.coordinator.incidents.known
        assert known is not None
        return known[identifier]

    async def force_door(self) -> None:
        """Let the door of the demonstration be forced."""
        (door,) = self.coordinator.doors
        equipment = self.coordinator.config.doors[door].equipment
        self.coordinator.hear(DoorForced(equipment=equipment, door=door))
        await self.hass.async_block_till_done()

    async def on_record(self, *kinds: EntryType) -> list[Entry]:
        """Return what is on record, the first thing first."""
        register = self.coordinator.records.register
        query = Query(types=frozenset(kinds), newest_first=False, limit=1000)
        return list((await register.query(query)).entries)

    async def until_read(self) -> None:
        """Wait until the incidents on record are known."""
        deadline = time.monotonic() + 10
        while self.coordinator.incidents.known is None:
            assert time.monotonic() < deadline
            await asyncio.sleep(0.01)
        await self.hass.async_block_till_done()

    async def token(self, who: str) -> str:
        """Return an access token of a person."""
        refresh = await self.hass.auth.async_create_refresh_token(
            self.people[who], CLIENT
        )
        return self.hass.auth.async_create_access_token(refresh)


@dataclass(frozen=True)
class Browser:
    """Somebody signed in from a browser, or nobody."""

    client: TestClient[Any, Any]
    token: str | None

    @property
    def headers(self) -> dict[str, str]:
        """What says who it is."""
        return {"Authorization": f"Bearer {self.token}"} if self.token else {}

    async def act(self, action: str, **data: Any) -> dict[str, Any]:
        """Take an action over REST and return its response."""
        answer = await self.client.post(
            f"/api/services/{DOMAIN}/{action}?return_response",
            json=data,
            headers=self.headers,
        )
        assert answer.status == 200, await answer.text()
        return dict((await answer.json())["service_response"])

    async def post(self, path: str, **data: Any) -> dict[str, Any]:
        """Send something, and return the answer."""
        answer = await self.client.post(path, json=data, headers=self.headers)
        assert answer.status == 200, await answer.text()
        return dict(await answer.json())

    async def status(self, path: str, *, signed_in: bool = True) -> int:
        """Return the status of a page."""
        answer = await self.client.get(path, headers=self.headers if signed_in else {})
        await answer.read()
        return answer.status
