"""A session, and odd devices that no simulator would be."""

from collections.abc import AsyncIterator, Awaitable, Callable

import aiohttp
from aiohttp import web
from aiohttp.test_utils import TestServer
import pytest

from custom_components.cabinet_secure.equipment.two_n.client import TwoNClient
from tests.simulators.two_n import TwoNSimulator

type Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]
type OddDevice = Callable[[Handler], Awaitable[TwoNClient]]

USER = "cabinet"
PASSWORD = "cabinet-2n"


@pytest.fixture(autouse=True)
def _sockets(socket_enabled: None) -> None:
    """Let the tests talk to devices on loopback."""


@pytest.fixture
async def session() -> AsyncIterator[aiohttp.ClientSession]:
    """Return a session as Home Assistant gives one."""
    async with aiohttp.ClientSession() as session:
        yield session


@pytest.fixture
async def odd_device(session: aiohttp.ClientSession) -> AsyncIterator[OddDevice]:
    """Return a way to talk to a device that answers as a test wants."""
    servers: list[TestServer] = []

    async def start(handler: Handler) -> TwoNClient:
        async def answer(request: web.Request) -> web.StreamResponse:
            return await handler(request)

        app = web.Application()
        app.router.add_route("*", "/{path:.*}", answer)
        server = TestServer(app)
        servers.append(server)
        await server.start_server(shutdown_timeout=0.1)
        return TwoNClient(
            session,
            "127.0.0.1",
            USER,
            PASSWORD,
            tls=False,
            port=server.port,
            timeout=0.5,
        )

    yield start
    for server in servers:
        await server.close()


@pytest.fixture
async def station() -> AsyncIterator[TwoNSimulator]:
    """Return a simulated door station."""
    async with TwoNSimulator() as simulator:
        yield simulator


@pytest.fixture
async def client(session: aiohttp.ClientSession, station: TwoNSimulator) -> TwoNClient:
    """Return a client of the simulated door station."""
    return client_of(session, station)


def client_of(
    session: aiohttp.ClientSession,
    station: TwoNSimulator,
    *,
    password: str = PASSWORD,
    timeout: float = 2.0,
) -> TwoNClient:
    """Return another client of a simulated door station."""
    return TwoNClient(
        session,
        "127.0.0.1",
        USER,
        password,
        tls=False,
        port=station.port,
        timeout=timeout,
    )
