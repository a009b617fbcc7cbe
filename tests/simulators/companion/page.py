"""The phone's screen as a web page, on a loopback port.

No authentication: it is the phone in somebody's hand. What the browser gets holds
neither the token nor the webhook id. Answers to other sites are refused.
"""

import asyncio
from collections.abc import Awaitable, Callable
import json
from pathlib import Path
from urllib.parse import urlsplit

import aiohttp
from aiohttp import web

from .errors import CompanionError, LockedError
from .notification import Action, Json, Notification
from .phone import Phone

_STATIC = Path(__file__).parent / "static"
_HISTORY = 40
_KEEPALIVE_S = 15.0


class Page:
    """Shows a phone at `url`; `start` raises OSError where the port is taken."""

    def __init__(self, phone: Phone, *, host: str = "127.0.0.1", port: int = 0) -> None:
        self.phone = phone
        self.host = host
        self.port = port
        self._runner: web.AppRunner | None = None
        self._watchers: set[asyncio.Event] = set()
        self._ended = asyncio.Event()

    @property
    def url(self) -> str:
        """Return the address, without a slash at its end."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"http://{host}:{self.port}"

    async def start(self) -> None:
        """Listen; port 0 takes a free one."""
        app = web.Application(middlewares=[_same_site])
        app.router.add_get("/", _static("page.html"))
        for name in ("page.css", "page.js"):
            app.router.add_get(f"/static/{name}", _static(name))
        app.router.add_get("/api/state", self._state)
        app.router.add_get("/api/events", self._events)
        app.router.add_get("/api/picture/{id}", self._picture)
        for name, act in (
            ("tap", self._tap),
            ("open", self._open),
            ("dismiss", self._dismiss),
            ("network", self._network),
        ):
            app.router.add_post(f"/api/{name}", _act(act))
        runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
        await runner.setup()
        site = web.TCPSite(runner, self.host, self.port, reuse_address=True)
        try:
            await site.start()
        except OSError:
            await runner.cleanup()
            raise
        self._runner = runner
        self.port = runner.addresses[0][1]
        self.phone.screen.listeners.append(self._wake)

    async def stop(self) -> None:
        """Listen no more."""
        if self._runner is None:
            return
        self.phone.screen.listeners.remove(self._wake)
        self._ended.set()
        self._wake()
        await self._runner.cleanup()
        self._runner = None

    def state(self) -> Json:
        """Return what the page shows, the latest first."""
        phone = self.phone
        return {
            "name": phone.device_name,
            "os": phone.os.value,
            "connection": phone.state.value,
            "trouble": phone.trouble,
            "home_assistant": phone.base_url,
            "shown": [self._shown(one) for one in reversed(phone.shown.values())],
            "history": [
                {
                    "at": entry.at.isoformat(),
                    "happening": entry.happening.value,
                    "title": entry.title,
                    "detail": entry.detail,
                }
                for entry in reversed(phone.history[-_HISTORY:])
            ],
        }

    def _shown(self, one: Notification) -> Json:
        return {
            "id": one.id,
            "at": one.arrived.isoformat(),
            "title": one.title,
            "subtitle": one.subtitle,
            "message": one.message,
            "channel": one.channel,
            "critical": one.critical,
            "time_sensitive": one.time_sensitive,
            "private": one.visibility == "private",
            "opens": one.opens,
            "picture": one.id in self.phone.pictures,
            "actions": [_shown_action(action) for action in one.actions],
        }

    def _wake(self) -> None:
        for watcher in self._watchers:
            watcher.set()

    async def _state(self, _: web.Request) -> web.Response:
        return web.json_response(self.state())

    async def _events(self, request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse(
            headers={"Content-Type": "text/event-stream", "Cache-Control": "no-store"}
        )
        await response.prepare(request)
        watcher = asyncio.Event()
        self._watchers.add(watcher)
        try:
            while not self._ended.is_set():
                watcher.clear()
                await response.write(f"data: {json.dumps(self.state())}\n\n".encode())
                try:
                    async with asyncio.timeout(_KEEPALIVE_S):
                        await watcher.wait()
                except TimeoutError:
                    continue
        except ConnectionError:
            pass
        finally:
            self._watchers.discard(watcher)
        return response

    async def _picture(self, request: web.Request) -> web.Response:
        picture = self.phone.pictures.get(request.match_info["id"])
        if picture is None or not picture.content_type.startswith("image/"):
            raise web.HTTPNotFound
        return web.Response(
            body=picture.content,
            content_type=picture.content_type,
            headers={"Cache-Control": "no-store"},
        )

    def _named(self, body: Json) -> Notification:
        for one in self.phone.shown.values():
            if one.id == body["id"]:
                return one
        raise KeyError(body["id"])

    async def _tap(self, body: Json) -> Json:
        phone = self.phone
        phone.locked = not body.get("unlocked", False)
        try:
            heard = await phone.tap(
                self._named(body), body["action"], body.get("reply")
            )
        finally:
            phone.locked = True
        return {"heard": heard}

    async def _open(self, body: Json) -> Json:
        return {"opens": await self.phone.open(self._named(body))}

    async def _dismiss(self, body: Json) -> Json:
        await self.phone.dismiss(self._named(body))
        return {}

    async def _network(self, body: Json) -> Json:
        # Going online waits for Home Assistant; the page does not.
        if body["on"]:
            self.phone.reconnect()
        else:
            await self.phone.go_offline()
        return {}


def _shown_action(action: Action) -> Json:
    return {
        "id": action.id,
        "title": action.title,
        "uri": action.uri,
        "reply": action.reply,
        "destructive": action.destructive,
        "authentication_required": action.authentication_required,
    }


def _static(name: str) -> Callable[[web.Request], Awaitable[web.FileResponse]]:
    async def serve(_: web.Request) -> web.FileResponse:
        return web.FileResponse(_STATIC / name, headers={"Cache-Control": "no-store"})

    return serve


def _act(
    act: Callable[[Json], Awaitable[Json]],
) -> Callable[[web.Request], Awaitable[web.Response]]:
    async def serve(request: web.Request) -> web.Response:
        try:
            answer = await act(await request.json())
        except (KeyError, TypeError, ValueError) as err:
            return web.json_response({"error": f"not known: {err}"}, status=400)
        except LockedError as err:
            return web.json_response({"error": str(err)}, status=423)
        except (CompanionError, aiohttp.ClientError) as err:
            return web.json_response({"error": str(err)}, status=502)
        return web.json_response(answer)

    return serve


@web.middleware
async def _same_site(
    request: web.Request,
    handler: Callable[[web.Request], Awaitable[web.StreamResponse]],
) -> web.StreamResponse:
    origin = request.headers.get("Origin")
    if origin is not None and urlsplit(origin).netloc != request.host:
        raise web.HTTPForbidden
    return await handler(request)
