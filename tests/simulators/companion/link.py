"""The phone's link to Home Assistant: registration, push channel, webhook."""

import asyncio
from collections.abc import Awaitable, Callable
import contextlib
from dataclasses import replace
from enum import StrEnum

import aiohttp

from .app import Identity
from .channel import OnPush, PushChannel
from .errors import (
    CompanionError,
    NotDeliveredError,
    RegistrationGoneError,
    SignInError,
)
from .notification import Json
from .registration import Device, Registration, StateFile, register, send
from .sign_in import Credential

_RETRY_S = (0.1, 5.0)
_REQUEST_S = 10.0
_FAREWELL_S = 1.0


class ConnectionState(StrEnum):
    """Whether a push would arrive."""

    CONNECTING = "connecting"
    CONNECTED = "connected"
    REFUSED = "refused"
    OFFLINE = "offline"


class Link:
    """Stays connected from `start` to `stop`, through restarts of Home Assistant."""

    def __init__(
        self,
        base_url: str,
        credential: Credential,
        device: Device,
        state_file: StateFile,
        *,
        confirms: bool,
        on_push: OnPush,
        on_change: Callable[[], Awaitable[None]],
    ) -> None:
        self.base_url = base_url.rstrip("/")
        self.state = ConnectionState.OFFLINE
        self.trouble = ""
        self.confirmed: list[str] = []
        self.confirms = confirms
        self._credential = credential
        self._state_file = state_file
        self._registration = state_file.read()
        self._introduced = self._registration is None
        self._device = (
            replace(device, device_id=self._registration.device_id)
            if self._registration
            else device
        )
        self._on_push = on_push
        self._on_change = on_change
        self._session: aiohttp.ClientSession | None = None
        self._running: asyncio.Task[None] | None = None
        self._channel: PushChannel | None = None

    @property
    def registration(self) -> Registration:
        """Return the registration; raises CompanionError before there is one."""
        if self._registration is None:
            raise CompanionError("this phone has not registered yet")
        return self._registration

    @property
    def identity(self) -> Identity:
        """Return what the app knows of itself; raises CompanionError."""
        return Identity(
            device_id=self._device.device_id,
            device_name=self._device.name,
            webhook_id=self.registration.webhook_id,
            app_version=self._device.app_version,
        )

    async def start(self, *, patient: bool) -> None:
        """Connect, and wait until pushes would arrive.

        A patient link waits for a Home Assistant that is not there yet. Raises
        SignInError; where not patient also CompanionError and aiohttp.ClientError.
        """
        if self._running is not None:
            return
        if self._session is None:
            self._session = aiohttp.ClientSession(
                timeout=aiohttp.ClientTimeout(total=_REQUEST_S)
            )
        connected = asyncio.get_running_loop().create_future()
        self._running = asyncio.create_task(self._run(connected, patient=patient))
        try:
            await connected
        except BaseException:
            await self.stop()
            raise

    async def hang_up(self) -> None:
        """Disconnect without a word, as a phone that loses its network."""
        if self._running is not None:
            self._running.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._running
            self._running = None
        await self._turn(ConnectionState.OFFLINE)

    async def stop(self) -> None:
        """Disconnect, once pushes are confirmed; the registration stays."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(_FAREWELL_S):
                while (  # noqa: ASYNC110
                    self._channel is not None and self._channel.unconfirmed
                ):
                    await asyncio.sleep(0.01)
        await self.hang_up()
        if self._session is not None:
            await self._session.close()
            self._session = None

    async def post(self, kind: str, data: Json) -> bool:
        """Post to the webhook; False where nobody heard it (see `send`).

        Raises NotDeliveredError, RegistrationGoneError.
        """
        if self._running is None:
            raise NotDeliveredError("the phone has no network")
        answer = await send(self._http, self.base_url, self.registration, kind, data)
        return answer is not None

    async def get(self, url: str, *, authenticated: bool) -> tuple[bytes, str]:
        """Return content and type; raises aiohttp.ClientError, CompanionError."""
        headers = {}
        if authenticated:
            token = await self._credential.token(self._http)
            headers["Authorization"] = f"Bearer {token}"
        async with self._http.get(url, headers=headers) as response:
            response.raise_for_status()
            return await response.read(), response.content_type

    @property
    def _http(self) -> aiohttp.ClientSession:
        if self._session is None:
            raise NotDeliveredError("the phone is switched off")
        return self._session

    async def _run(self, connected: asyncio.Future[None], *, patient: bool) -> None:
        pause = _RETRY_S[0]
        while True:
            await self._turn(ConnectionState.CONNECTING)
            try:
                await self._stay_connected(connected)
            except RegistrationGoneError:
                self._registration = None
            except (aiohttp.ClientError, TimeoutError, OSError, CompanionError) as err:
                self.trouble = str(err) or type(err).__name__
                refused = isinstance(err, SignInError)
                if not connected.done() and (refused or not patient):
                    connected.set_exception(err)
                    return
                if self.state is ConnectionState.CONNECTED:
                    pause = _RETRY_S[0]
                self.state = (
                    ConnectionState.REFUSED if refused else ConnectionState.CONNECTING
                )
                await self._on_change()
            await asyncio.sleep(pause)
            pause = min(pause * 2, _RETRY_S[1])

    async def _stay_connected(self, connected: asyncio.Future[None]) -> None:
        token = await self._credential.token(self._http)
        if self._registration is None:
            self._registration = await register(
                self._http, self.base_url, token, self._device
            )
            self._introduced = True
            self._state_file.write(self._registration)
        async with PushChannel.open(
            self._http, self.base_url, token, self._registration.webhook_id
        ) as channel:
            if not self._introduced:
                await self._introduce()
            self.trouble = ""
            await self._turn(ConnectionState.CONNECTED)
            if not connected.done():
                connected.set_result(None)
            await channel.run(self._on_push, self._on_confirmed, confirms=self.confirms)

    async def _introduce(self) -> None:
        """Tell Home Assistant, once per run, what the app is now."""
        await self.post("update_registration", self._device.introduction())
        self._introduced = True

    async def _on_confirmed(self, confirm_id: str) -> None:
        self.confirmed.append(confirm_id)
        await self._on_change()

    async def _turn(self, state: ConnectionState) -> None:
        if state is not self.state:
            self.state = state
            await self._on_change()
