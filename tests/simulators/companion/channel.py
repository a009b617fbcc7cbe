"""The push channel: one WebSocket connection to Home Assistant."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
import json
import time

import aiohttp

from .errors import CompanionError, RegistrationGoneError, SignInError
from .notification import Json

_QUIET_S = 30.0
_ANSWER_S = 10.0

type OnPush = Callable[[Json, float], Awaitable[None]]
type OnConfirmed = Callable[[str], Awaitable[None]]


class PushChannel:
    """A channel that is open: `run` reads it until it ends."""

    def __init__(
        self, socket: aiohttp.ClientWebSocketResponse, webhook_id: str
    ) -> None:
        self._socket = socket
        self._webhook_id = webhook_id
        self._last_id = 0
        self._channel_id = 0
        self._confirming: dict[int, str] = {}
        self._early: list[tuple[Json, float]] = []

    @classmethod
    @asynccontextmanager
    async def open(
        cls,
        session: aiohttp.ClientSession,
        base_url: str,
        token: str,
        webhook_id: str,
    ) -> AsyncIterator[PushChannel]:
        """Sign in and subscribe.

        Raises SignInError, RegistrationGoneError, CompanionError while Home Assistant
        is still starting, aiohttp.ClientError.
        """
        async with session.ws_connect(
            f"{base_url}/api/websocket", max_msg_size=0
        ) as socket:
            channel = cls(socket, webhook_id)
            await channel._sign_in(token)
            await channel._subscribe()
            yield channel

    async def run(
        self, on_push: OnPush, on_confirmed: OnConfirmed, *, confirms: bool
    ) -> None:
        """Read pushes until the connection ends; each is confirmed first."""
        while True:
            frame, received_at = await self._next()
            if frame.get("type") == "result":
                if (confirm_id := self._confirming.pop(frame["id"], None)) and frame[
                    "success"
                ]:
                    await on_confirmed(confirm_id)
                continue
            if frame.get("type") != "event" or frame.get("id") != self._channel_id:
                continue
            event = frame["event"]
            if confirms and "hass_confirm_id" in event:
                confirm_id = event["hass_confirm_id"]
                number = await self._send(
                    "mobile_app/push_notification_confirm",
                    webhook_id=self._webhook_id,
                    confirm_id=confirm_id,
                )
                self._confirming[number] = confirm_id
            await on_push(event, received_at)

    @property
    def unconfirmed(self) -> bool:
        """Return whether Home Assistant has not accepted a confirmation yet."""
        return bool(self._confirming)

    async def _next(self) -> tuple[Json, float]:
        if self._early:
            return self._early.pop(0)
        try:
            return await self._read(timeout_s=_QUIET_S)
        except TimeoutError:
            # As the apps: Home Assistant's own ping, not the protocol's.
            await self._send("ping")
            return await self._read(timeout_s=_ANSWER_S)

    async def _sign_in(self, token: str) -> None:
        await self._expect("auth_required")
        await self._socket.send_json({"type": "auth", "access_token": token})
        answer, _ = await self._read(timeout_s=_ANSWER_S)
        if answer.get("type") == "auth_invalid":
            raise SignInError(f"Home Assistant: {answer.get('message')}")
        if answer.get("type") != "auth_ok":
            raise CompanionError(f"unexpected answer to the sign-in: {answer}")

    async def _subscribe(self) -> None:
        self._channel_id = await self._send(
            "mobile_app/push_notification_channel",
            webhook_id=self._webhook_id,
            support_confirm=True,
        )
        answer = await self._result(self._channel_id)
        if answer["success"]:
            return
        error = answer.get("error", {})
        if error.get("code") == "unauthorized":
            raise SignInError(f"this phone belongs to somebody else: {error}")
        # A registration is loaded late in a start of Home Assistant.
        config = await self._result(await self._send("get_config"))
        if error.get("code") == "not_found" and (
            config.get("result", {}).get("state") == "RUNNING"
        ):
            raise RegistrationGoneError("Home Assistant does not know this phone")
        raise CompanionError(f"no push channel yet: {error}")

    async def _send(self, kind: str, **more: object) -> int:
        self._last_id += 1
        await self._socket.send_json({"id": self._last_id, "type": kind} | more)
        return self._last_id

    async def _result(self, number: int) -> Json:
        while True:
            frame, received_at = await self._read(timeout_s=_ANSWER_S)
            if frame.get("type") == "result" and frame.get("id") == number:
                return frame
            self._early.append((frame, received_at))

    async def _expect(self, kind: str) -> None:
        frame, _ = await self._read(timeout_s=_ANSWER_S)
        if frame.get("type") != kind:
            raise CompanionError(f"expected {kind}, not {frame}")

    async def _read(self, *, timeout_s: float) -> tuple[Json, float]:
        message = await self._socket.receive(timeout_s)
        received_at = time.monotonic()
        if message.type is not aiohttp.WSMsgType.TEXT:
            raise aiohttp.ClientConnectionError(
                f"the connection ended ({message.type.name})"
            )
        return json.loads(message.data), received_at
