"""How the app gets an access token: a token given, or name and password."""

import time
from typing import Protocol, override

import aiohttp

from .errors import SignInError
from .notification import Json

_REDIRECT = "homeassistant://auth-callback"
_EARLY_S = 60.0


class Credential(Protocol):
    """Where a valid access token comes from."""

    async def token(self, session: aiohttp.ClientSession) -> str:
        """Return an access token that is valid now; raises SignInError."""


class Token:
    """An access token that was given: a long-lived one, or a test's."""

    def __init__(self, token: str) -> None:
        self._token = token

    async def token(self, session: aiohttp.ClientSession) -> str:
        """Return the token."""
        return self._token


class SignIn(Credential):
    """Name and password, through Home Assistant's login flow.

    Signs in when a token is asked for first, and refreshes it a minute before it
    expires. More than the two fields, such as a second factor, is not supported.
    """

    def __init__(
        self,
        base_url: str,
        username: str,
        password: str,
        *,
        client_id: str = "https://home-assistant.io/android",
    ) -> None:
        self._base_url = base_url.rstrip("/")
        self._username = username
        self._password = password
        self._client_id = client_id
        self._refresh_token: str | None = None
        self._access_token = ""
        self._expires = 0.0

    @override
    async def token(self, session: aiohttp.ClientSession) -> str:
        if time.monotonic() < self._expires - _EARLY_S:
            return self._access_token
        if self._refresh_token is None:
            grant = {"grant_type": "authorization_code"}
            grant["code"] = await self._log_in(session)
        else:
            grant = {"grant_type": "refresh_token"}
            grant["refresh_token"] = self._refresh_token
        status, answer = await self._post(
            session, "/auth/token", form=grant | {"client_id": self._client_id}
        )
        if status in {400, 403}:
            self._refresh_token = None
            raise SignInError(
                f"Home Assistant gave no token: {answer.get('error', status)}"
            )
        self._refresh_token = answer.get("refresh_token", self._refresh_token)
        self._access_token = str(answer["access_token"])
        self._expires = time.monotonic() + float(answer["expires_in"])
        return self._access_token

    async def _log_in(self, session: aiohttp.ClientSession) -> str:
        status, flow = await self._post(
            session,
            "/auth/login_flow",
            body={
                "client_id": self._client_id,
                "handler": ["homeassistant", None],
                "redirect_uri": _REDIRECT,
            },
        )
        if status != 200:
            raise SignInError(f"Home Assistant starts no login: {flow}")
        _, result = await self._post(
            session,
            f"/auth/login_flow/{flow['flow_id']}",
            body={
                "client_id": self._client_id,
                "username": self._username,
                "password": self._password,
            },
        )
        if result.get("type") != "create_entry":
            reason = result.get("errors") or result.get("message") or result.get("type")
            raise SignInError(f"Home Assistant refuses {self._username}: {reason}")
        return str(result["result"])

    async def _post(
        self,
        session: aiohttp.ClientSession,
        path: str,
        *,
        body: Json | None = None,
        form: Json | None = None,
    ) -> tuple[int, Json]:
        async with session.post(
            self._base_url + path, json=body, data=form
        ) as response:
            if response.status >= 500:
                response.raise_for_status()
            answer = await response.json(content_type=None)
            return response.status, answer if isinstance(answer, dict) else {}
