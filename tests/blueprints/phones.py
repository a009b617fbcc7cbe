"""Phones with the companion app: registered over HTTP, pushed to over HTTP."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
import time
from typing import Any

from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer
from homeassistant.auth.models import User
from homeassistant.core import HomeAssistant
from homeassistant.helpers import device_registry as dr

type Client = Callable[[str], Awaitable[TestClient[Any, Any]]]
type Json = dict[str, Any]

ANDROID = {"manufacturer": "Google", "os_name": "Android", "os_version": "16"}
IOS = {"manufacturer": "Apple", "os_name": "iOS", "os_version": "26.1"}


@dataclass(slots=True)
class PushServer:
    """What Google and Apple are for the companion apps: takes pushes, answers 201.

    A phone whose token is in `refused` gets a 500; one in `slow` waits for the event.
    """

    pushes: list[Json] = field(default_factory=list)
    refused: set[str] = field(default_factory=set)
    slow: dict[str, asyncio.Event] = field(default_factory=dict)
    url: str = ""
    asked: int = 0

    async def push(self, request: web.Request) -> web.Response:
        """Take a push, as the relay of the companion apps does."""
        self.asked += 1
        body = await request.json()
        if (slow := self.slow.get(body["push_token"])) is not None:
            await slow.wait()
        if body["push_token"] in self.refused:
            return web.json_response({"errorMessage": "Down"}, status=500)
        self.pushes.append(body)
        return web.json_response({"rateLimits": _LIMITS}, status=201)


# Seconds. Pushes on loopback take milliseconds.
_A_WHILE = 0.3
_LOOKS = 30

_LIMITS = {
    "successful": 1,
    "maximum": 500,
    "errors": 0,
    "resetsAt": "2030-01-01T00:00:00Z",
}


async def settle(hass: HomeAssistant, server: PushServer) -> None:
    """Wait until nothing happens any more but the passing of time.

    An automation in a delay is never done, so it is over when all is done, or else
    when the push server has not been asked for a while.
    """
    done = asyncio.ensure_future(hass.async_block_till_done())
    asked = -1
    while not done.done() and asked != server.asked:
        asked = server.asked
        # The clock of the event loop stands still in these tests.
        for _ in range(_LOOKS):
            await asyncio.to_thread(time.sleep, _A_WHILE / _LOOKS)
            if done.done():
                break
    done.cancel()


async def start_push_server() -> tuple[PushServer, TestServer]:
    """Return a push server on loopback, and what closes it."""
    push = PushServer()
    app = web.Application()
    app.router.add_post("/push", push.push)
    server = TestServer(app, host="127.0.0.1")
    await server.start_server()
    push.url = str(server.make_url("/push"))
    return push, server


@dataclass(slots=True)
class Phone:
    """A phone that somebody signed in with."""

    name: str
    user: User
    device: str
    webhook: str
    server: PushServer
    client: TestClient[Any, Any]
    seen: int = 0

    @property
    def pushes(self) -> list[Json]:
        """Everything that was pushed to this phone."""
        return [
            {"title": push.get("title"), "message": push["message"]}
            | {"data": push.get("data", {})}
            for push in self.server.pushes
            if push["push_token"] == self.name
        ]

    def new(self) -> list[Json]:
        """Return what was pushed since this was asked last."""
        new = self.pushes[self.seen :]
        self.seen += len(new)
        return new

    def one(self) -> Json:
        """Return the only push since this was asked last."""
        (push,) = self.new()
        return push

    def titles(self) -> list[str | None]:
        """Return the titles of what was pushed since this was asked last."""
        return [push["title"] or push["message"] for push in self.new()]

    async def tap(self, action: str) -> None:
        """Tap a button of a notification: the app fires its event by the webhook."""
        response = await self.client.post(
            f"/api/webhook/{self.webhook}",
            json={
                "type": "fire_event",
                "data": {
                    "event_type": "mobile_app_notification_action",
                    "event_data": {"action": action},
                },
            },
        )
        assert response.status == 200


async def register(
    hass: HomeAssistant,
    client: Client,
    server: PushServer,
    user: User,
    name: str,
    platform: Mapping[str, str],
    app_data: Json | None = None,
) -> Phone:
    """Register a phone as the companion app does when somebody signs in."""
    if app_data is None:
        app_data = {"push_token": name, "push_url": server.url}
    refresh = await hass.auth.async_create_refresh_token(user, "https://example.org/")
    http = await client(hass.auth.async_create_access_token(refresh))
    response = await http.post(
        "/api/mobile_app/registrations",
        json={
            "app_data": app_data,
            "app_id": "io.homeassistant.companion",
            "app_name": "Home Assistant",
            "app_version": "2026.10.1",
            "device_id": f"id-of-{name}",
            "device_name": name,
            "model": "Phone",
            "supports_encryption": False,
        }
        | platform,
    )
    assert response.status == 201
    webhook = (await response.json())["webhook_id"]
    await hass.async_block_till_done()
    (entry,) = (
        entry
        for entry in hass.config_entries.async_entries("mobile_app")
        if entry.data["webhook_id"] == webhook
    )
    (device,) = dr.async_entries_for_config_entry(dr.async_get(hass), entry.entry_id)
    return Phone(name, user, device.id, webhook, server, http)
