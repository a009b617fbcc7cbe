"""What a browser or an app says to Home Assistant: REST, WebSocket, sign-in, flows."""

import asyncio
from collections.abc import Mapping
import contextlib
import itertools
from types import TracebackType
from typing import Any, Self

import aiohttp

# What Home Assistant answers is JSON whose shape the caller knows and asserts.
type Json = Any

CONFIG_FLOW = "/api/config/config_entries/flow"
SUBENTRY_FLOW = "/api/config/config_entries/subentries/flow"
OPTIONS_FLOW = "/api/config/config_entries/options/flow"


class RequestRefusedError(Exception):
    """Home Assistant answered with a status of 400 or above."""

    def __init__(self, method: str, path: str, status: int, body: str) -> None:
        """Keep the status and the body for whoever wants to know why."""
        super().__init__(f"{method} {path}: {status} {body}")
        self.status = status
        self.body = body


class CommandFailedError(Exception):
    """Home Assistant refused a WebSocket command; `code` as it names it."""

    def __init__(self, command: str, code: str, message: str) -> None:
        """Keep the code apart from the text."""
        super().__init__(f"{command}: {code}: {message}")
        self.code = code


class FlowFailedError(Exception):
    """A flow did not go where its driver meant to; carries its last answer."""


class WebSocket:
    """A WebSocket connection: commands with answers, and subscriptions."""

    def __init__(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        """Take over a connection that is already signed in."""
        self._socket = socket
        self._ids = itertools.count(1)
        self._answers: dict[int, asyncio.Future[Json]] = {}
        self._events: dict[int, asyncio.Queue[Json]] = {}
        self._reader = asyncio.create_task(self._read(), name="websocket reader")

    async def command(self, command: str, **fields: Json) -> Json:
        """Send a command and return its result; raises CommandFailedError."""
        return await self._send(next(self._ids), command, fields)

    async def subscribe(self, command: str, **fields: Json) -> asyncio.Queue[Json]:
        """Send a command that subscribes; its events arrive in the queue."""
        number = next(self._ids)
        queue = self._events[number] = asyncio.Queue()
        try:
            await self._send(number, command, fields)
        except CommandFailedError:
            del self._events[number]
            raise
        return queue

    async def close(self) -> None:
        """Close; whoever still waits for an answer gets ConnectionResetError."""
        await self._socket.close()
        self._reader.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await self._reader

    async def _send(
        self, number: int, command: str, fields: Mapping[str, Json]
    ) -> Json:
        answer = self._answers[number] = asyncio.get_running_loop().create_future()
        await self._socket.send_json({"id": number, "type": command, **fields})
        message = await answer
        if not message["success"]:
            error = message["error"]
            raise CommandFailedError(command, error["code"], error["message"])
        return message["result"]

    async def _read(self) -> None:
        try:
            async for frame in self._socket:
                message = frame.json()
                if message["type"] == "event":
                    self._events[message["id"]].put_nowait(message["event"])
                elif answer := self._answers.pop(message["id"], None):
                    answer.set_result(message)
        finally:
            for answer in self._answers.values():
                if not answer.done():
                    answer.set_exception(ConnectionResetError("WebSocket closed"))


class HomeAssistantClient:
    """A client of one Home Assistant, signed in as one person or nobody."""

    def __init__(self, url: str) -> None:
        """Take the address, without a path."""
        self.url = url
        self.client_id = f"{url}/"
        self.access_token: str | None = None
        self._session = aiohttp.ClientSession()
        self._websockets: list[WebSocket] = []

    async def __aenter__(self) -> Self:
        """Return itself."""
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Close all connections."""
        await self.close()

    async def close(self) -> None:
        """Close all connections."""
        while self._websockets:
            await self._websockets.pop().close()
        await self._session.close()

    async def fetch(self, path: str) -> tuple[str, bytes]:
        """Return content type and content of what is not JSON, such as a picture."""
        async with self._session.get(
            self.url + path, headers=self._headers()
        ) as answer:
            if answer.status >= 400:
                raise RequestRefusedError(
                    "GET", path, answer.status, await answer.text()
                )
            return answer.content_type, await answer.read()

    async def rest(
        self,
        method: str,
        path: str,
        body: Json = None,
        *,
        form: Mapping[str, str] | None = None,
    ) -> Json:
        """Return the JSON answer to a request; raises RequestRefusedError."""
        async with self._session.request(
            method, self.url + path, json=body, data=form, headers=self._headers()
        ) as answer:
            if answer.status >= 400:
                raise RequestRefusedError(
                    method, path, answer.status, await answer.text()
                )
            return await answer.json()

    async def call_action(self, domain: str, action: str, **data: Json) -> Json:
        """Carry out an action and return the states that it changed."""
        return await self.rest("POST", f"/api/services/{domain}/{action}", data)

    async def websocket(self) -> WebSocket:
        """Open a WebSocket connection as the person who is signed in."""
        socket = await self._session.ws_connect(f"{self.url}/api/websocket")
        await socket.receive_json()
        await socket.send_json({"type": "auth", "access_token": self.access_token})
        answer = await socket.receive_json()
        if answer["type"] != "auth_ok":
            raise RequestRefusedError("GET", "/api/websocket", 401, answer["message"])
        connection = WebSocket(socket)
        self._websockets.append(connection)
        return connection

    async def log_in(self, username: str, password: str) -> None:
        """Sign in with a name and a password, as the sign-in page does."""
        started = await self.rest(
            "POST",
            "/auth/login_flow",
            {
                "client_id": self.client_id,
                "handler": ["homeassistant", None],
                "redirect_uri": self.client_id,
            },
        )
        done = await self.rest(
            "POST",
            f"/auth/login_flow/{started['flow_id']}",
            {"client_id": self.client_id, "username": username, "password": password},
        )
        if done["type"] != "create_entry":
            raise RequestRefusedError(
                "POST", "/auth/login_flow", 401, str(done["errors"])
            )
        await self.redeem(done["result"])

    async def redeem(self, authorization_code: str) -> None:
        """Exchange a code that Home Assistant gave for an access token."""
        tokens = await self.rest(
            "POST",
            "/auth/token",
            form={
                "client_id": self.client_id,
                "grant_type": "authorization_code",
                "code": authorization_code,
            },
        )
        self.access_token = tokens["access_token"]

    async def complete_flow(
        self,
        path: str,
        start: Mapping[str, Json],
        *steps: tuple[str, Mapping[str, Json]],
    ) -> Json:
        """Go through a flow and return its last answer, create_entry or abort.

        Each step is the name that the flow must be at and the input that it gets;
        raises FlowFailedError where the flow is somewhere else or shows an error.
        """
        answer = await self.rest("POST", path, start)
        for expected, fields in steps:
            if answer.get("step_id") != expected or answer.get("errors"):
                raise FlowFailedError(f"expected step {expected}: {answer}")
            answer = await self.rest("POST", f"{path}/{answer['flow_id']}", fields)
        if answer["type"] not in ("create_entry", "abort"):
            raise FlowFailedError(f"not at its end: {answer}")
        return answer

    def _headers(self) -> dict[str, str]:
        if self.access_token is None:
            return {}
        return {"Authorization": f"Bearer {self.access_token}"}
