"""A WebSocket client of Home Assistant that notes when each frame came."""

import asyncio
from collections.abc import Callable
import contextlib
from dataclasses import dataclass
import json
import time
from typing import Any, Self

import aiohttp

type State = dict[str, Any]

_PATIENCE_S = 20.0


@dataclass(slots=True)
class _Awaited:
    """Somebody waits for the next such state of an entity."""

    entity: str
    wanted: Callable[[State], bool]
    seen: asyncio.Future[float]


class Watch:
    """Follows every `state_changed`, as `async with Watch(url, token)`.

    Times are `time.monotonic()` of the moment at which the frame was read, before it
    is decoded.
    """

    def __init__(self, url: str, token: str) -> None:
        self.states: dict[str, str] = {}
        self._url = url
        self._token = token
        self._awaited: list[_Awaited] = []
        self._stack = contextlib.AsyncExitStack()

    async def __aenter__(self) -> Self:
        """Sign in and subscribe."""
        session = await self._stack.enter_async_context(aiohttp.ClientSession())
        socket = await session.ws_connect(f"{self._url}/api/websocket", max_msg_size=0)
        self._stack.push_async_callback(socket.close)
        await socket.receive_json()
        await socket.send_json({"type": "auth", "access_token": self._token})
        await socket.receive_json()
        await socket.send_json({"id": 1, "type": "get_states"})
        await socket.send_json(
            {"id": 2, "type": "subscribe_events", "event_type": "state_changed"}
        )
        for _ in range(2):
            answer = await socket.receive_json()
            if answer["id"] == 1:
                self.states = {
                    each["entity_id"]: each["state"] for each in answer["result"]
                }
        reader = asyncio.create_task(self._read(socket))
        self._stack.callback(reader.cancel)
        return self

    async def __aexit__(self, *_: object) -> None:
        """Leave."""
        await self._stack.aclose()

    def next(
        self, entity: str, wanted: Callable[[State], bool] = lambda _: True
    ) -> asyncio.Future[float]:
        """Return what the next such state of an entity settles: when it came."""
        seen: asyncio.Future[float] = asyncio.get_running_loop().create_future()
        self._awaited.append(_Awaited(entity, wanted, seen))
        return seen

    async def _read(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        while True:
            message = await socket.receive()
            came = time.monotonic()
            if message.type is not aiohttp.WSMsgType.TEXT:
                return
            frame = json.loads(message.data)
            if frame["type"] != "event":
                continue
            changed = frame["event"]["data"]
            entity, state = changed["entity_id"], changed["new_state"]
            if state is None:
                self.states.pop(entity, None)
                continue
            self.states[entity] = state["state"]
            for each in list(self._awaited):
                if each.entity == entity and each.wanted(state):
                    self._awaited.remove(each)
                    if not each.seen.done():
                        each.seen.set_result(came)


async def soon(seen: asyncio.Future[float]) -> float:
    """Return when it came; raises TimeoutError after 20 s."""
    return await asyncio.wait_for(seen, _PATIENCE_S)
