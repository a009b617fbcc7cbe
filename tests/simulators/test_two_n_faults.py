"""What can go wrong between a caller and the station, on demand."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
import ssl
import time

import aiohttp
import pytest

from tests.simulators.two_n import StationConfig, TwoNSimulator
from tests.simulators.two_n.caller import Caller, RefusedError, calling, unguarded
from tests.simulators.two_n.certificate import self_signed

pytestmark = pytest.mark.usefixtures("socket_enabled")


@pytest.fixture
async def caller() -> AsyncIterator[Caller]:
    async with calling() as caller:
        yield caller


async def test_no_network_and_no_power_cut_every_request(caller: Caller) -> None:
    for name, off, on in (
        ("network", {"up": False}, {"up": True}),
        ("power", {"on": False}, {"on": True}),
    ):
        assert (await caller.control(name, dict(off)))["ok"]
        with pytest.raises(aiohttp.ClientConnectionError):
            await caller.get("system/info")
        assert (await caller.control(name, dict(on)))["ok"]
        assert (await caller.get("system/info"))["deviceName"] == "Entrance"


async def test_a_held_pull_is_cut_with_the_network_and_misses_nothing(
    caller: Caller,
) -> None:
    channel = await caller.subscribe("KeyPressed")
    waiting = asyncio.create_task(caller.pull(channel, timeout=60))
    await asyncio.sleep(0.05)
    caller.sim.set_network(up=False)
    with pytest.raises(aiohttp.ClientConnectionError):
        await waiting
    caller.sim.press("%1")
    caller.sim.set_network(up=True)
    assert len(await caller.pull(channel)) == 1


async def test_a_network_that_hangs_leaves_the_caller_waiting(caller: Caller) -> None:
    caller.sim.set_network(up=False, silence="hang")
    with pytest.raises(TimeoutError):
        await asyncio.wait_for(caller.get("system/info"), 0.1)


async def test_a_stopped_station_refuses_connections_and_comes_back_at_its_port() -> (
    None
):
    async with calling() as caller:
        url = caller.sim.url
        await caller.sim.stop()
        with pytest.raises(aiohttp.ClientConnectorError):
            await caller.get("system/info")
        await caller.sim.start()
        assert caller.sim.url == url
        assert await caller.get("system/info")


async def test_latency_delays_the_api_and_not_the_control_interface(
    caller: Caller,
) -> None:
    await caller.control("network", {"latency_ms": 80})
    began = time.monotonic()
    await caller.control("press")
    assert time.monotonic() - began < 0.08
    await caller.get("system/info")
    assert time.monotonic() - began >= 0.08


async def test_a_dropped_pull_dies_in_the_middle_and_its_events_are_gone(
    caller: Caller,
) -> None:
    channel = await caller.subscribe("KeyPressed")
    await caller.control("network", {"drop_pull": True})
    caller.sim.press("%1")
    with pytest.raises(aiohttp.ClientError):
        await caller.pull(channel)
    assert caller.sim.written == []
    await caller.control("network", {"drop_pull": False})
    assert await caller.pull(channel) == []
    again = await caller.subscribe("KeyPressed", include="-10")
    assert len(await caller.pull(again)) == 1


@pytest.mark.parametrize(
    ("kind", "content"),
    [
        ("not_json", b'{"success": tru'),
        ("not_an_object", b'["success", true]'),
        ("html", b"<html><body>Login</body></html>"),
        ("empty", b""),
        ("server_error", b"internal error"),
    ],
)
async def test_a_wrong_answer_comes_once_below_its_path(
    caller: Caller, kind: str, content: bytes
) -> None:
    await caller.control("fault", {"answer": kind, "path": "/api/switch"})
    await caller.get("system/info")
    async with caller.session.get(f"{caller.sim.url}/api/switch/caps") as response:
        assert await response.read() == content
    assert await caller.get("switch/caps")


async def test_an_answer_can_be_larger_than_a_mebibyte(caller: Caller) -> None:
    caller.sim.answer_wrongly("huge")
    async with caller.session.get(f"{caller.sim.url}/api/log/caps") as response:
        assert len(await response.read()) > 1024 * 1024


async def test_an_answer_can_have_no_end(caller: Caller) -> None:
    caller.sim.answer_wrongly("endless")
    async with caller.session.get(f"{caller.sim.url}/api/log/caps") as response:
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(response.read(), 0.1)


@pytest.mark.parametrize("kind", ["cut", "drop"])
async def test_an_answer_can_break_off(caller: Caller, kind: str) -> None:
    caller.sim.answer_wrongly(kind, times=None)
    with pytest.raises(aiohttp.ClientError):
        await caller.get("log/caps")
    caller.sim.clear_faults()
    assert await caller.get("log/caps")


async def test_any_error_code_can_be_asked_for(caller: Caller) -> None:
    caller.sim.answer_wrongly("error", code=15, times=2)
    for _ in range(2):
        with pytest.raises(RefusedError) as refused:
            await caller.get("log/caps")
        assert refused.value.code == 15
    assert await caller.get("log/caps")


@pytest.mark.parametrize(
    ("method", "path", "code"),
    [
        ("GET", "nothing/here", 2),
        ("DELETE", "switch/status", 3),
        ("GET", "dir/query", 3),
        ("GET", "camera/caps", 1),
    ],
)
async def test_a_function_that_is_not_there_is_refused(
    method: str, path: str, code: int
) -> None:
    config = StationConfig(unsupported=frozenset({"/api/camera/"}))
    async with calling(config) as caller:
        with pytest.raises(RefusedError) as refused:
            await caller.send(method, path)
        assert refused.value.code == code


async def test_parameters_may_come_as_a_form(caller: Caller) -> None:
    async with caller.session.post(
        f"{caller.sim.url}/api/switch/ctrl", data={"switch": "1", "action": "on"}
    ) as response:
        assert await response.json() == {"success": True}
    assert caller.sim.commands[-1]["query"] == {"switch": "1", "action": "on"}


async def test_over_tls_the_certificate_is_checked_by_the_caller(
    tmp_path: Path,
) -> None:
    context, certificate = self_signed(tmp_path)
    async with (
        TwoNSimulator(unguarded(), ssl_context=context) as sim,
        aiohttp.ClientSession() as session,
    ):
        assert sim.url.startswith("https://")
        caller = Caller(sim, session)
        with pytest.raises(aiohttp.ClientConnectorCertificateError):
            await caller.get("system/info")
        trusting = ssl.create_default_context(cafile=str(certificate))
        async with session.get(f"{sim.url}/api/system/info", ssl=trusting) as response:
            assert (await response.json())["success"]
