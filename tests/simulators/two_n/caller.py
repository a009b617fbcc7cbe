"""A bare caller of the station, for the simulator's own tests."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
import hashlib
import re

import aiohttp

from .config import AccountConfig, AuthMode, Json, Service, ServiceConfig, StationConfig
from .server import TwoNSimulator


class RefusedError(Exception):
    """The station answered with an error code."""

    def __init__(self, code: int, param: str | None) -> None:
        super().__init__(code, param)
        self.code = code
        self.param = param


class Caller:
    """Calls functions of a station that asks nobody who they are."""

    def __init__(self, sim: TwoNSimulator, session: aiohttp.ClientSession) -> None:
        self.sim = sim
        self.session = session

    async def get(self, path: str, **query: str | int) -> Json:
        """Call a function with a query; raises RefusedError."""
        return await self.send("GET", path, query=query)

    async def send(
        self,
        method: str,
        path: str,
        *,
        query: dict[str, str | int] | None = None,
        body: Json | None = None,
    ) -> Json:
        """Call a function; returns its `result`; raises RefusedError."""
        async with self.session.request(
            method, f"{self.sim.url}/api/{path}", params=query, json=body
        ) as response:
            answer: Json = await response.json()
        if not answer["success"]:
            error = answer["error"]
            raise RefusedError(error["code"], error.get("param"))
        return dict(answer.get("result", {}))

    async def control(self, name: str, body: Json | None = None) -> Json:
        """Do something at the door through the control interface."""
        async with self.session.post(
            f"{self.sim.url}/sim/{name}", json=body or {}
        ) as response:
            answer: Json = await response.json()
            return answer | {"status": response.status}

    async def subscribe(self, *names: str, include: str = "new", **more: int) -> int:
        """Open a channel; returns its id."""
        query: dict[str, str | int] = {"include": include, **more}
        if names:
            query["filter"] = ",".join(names)
        return int((await self.get("log/subscribe", **query))["id"])

    async def pull(self, channel: int, timeout: int = 0) -> list[Json]:  # noqa: ASYNC109
        """Take the events of a channel."""
        return list((await self.get("log/pull", id=channel, timeout=timeout))["events"])

    async def seen(self, channel: int) -> list[tuple[str, Json]]:
        """Take the events of a channel as pairs of type and params."""
        return [(event["event"], event["params"]) for event in await self.pull(channel)]


def unguarded(config: StationConfig | None = None) -> StationConfig:
    """Return a set-up in which no service asks for authentication."""
    services = {service: ServiceConfig(auth=AuthMode.NONE) for service in Service}
    return replace(config or StationConfig(), services=services)


@asynccontextmanager
async def calling(config: StationConfig | None = None) -> AsyncIterator[Caller]:
    """Start a station that asks nobody who they are, and call it."""
    async with (
        TwoNSimulator(unguarded(config)) as sim,
        aiohttp.ClientSession() as session,
    ):
        yield Caller(sim, session)


def sign(
    challenge: str,
    *,
    method: str,
    uri: str,
    password: str = AccountConfig().password,
    count: int = 1,
    qop: str = "auth",
) -> str:
    """Return the `Authorization` header that answers a digest challenge (RFC 7616)."""
    user = AccountConfig().user
    given = dict(re.findall(r'(\w+)="?([^",]+)"?', challenge))

    def md5(text: str) -> str:
        return hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()

    secret = md5(f"{user}:{given['realm']}:{password}")
    target = md5(f"{method}:{uri}")
    nc = f"{count:08x}"
    response = md5(f"{secret}:{given['nonce']}:{nc}:cafe:{qop}:{target}")
    return (
        f'Digest username="{user}", realm="{given["realm"]}", nonce="{given["nonce"]}",'
        f' uri="{uri}", response="{response}", qop={qop}, nc={nc}, cnonce="cafe",'
        f' opaque="{given["opaque"]}", algorithm=MD5'
    )
