"""Clients that others wrote, as they are, take the simulator for a 2N device."""

import asyncio
from collections.abc import AsyncIterator

import aiohttp
from py2n import Py2NConnectionData, Py2NDevice  # type: ignore[import-untyped]
from py2n.exceptions import ApiError, DeviceApiError, DeviceConnectionError  # type: ignore[import-untyped]
from py2n_intercom import Py2NApiError, Py2NClient
import pytest

from tests.simulators.two_n import (
    AuthMode,
    ChallengeStyle,
    Service,
    ServiceConfig,
    StationConfig,
    TwoNSimulator,
)

pytestmark = [
    pytest.mark.usefixtures("socket_enabled"),
    # What these clients call of aiohttp is theirs to renew.
    pytest.mark.filterwarnings("ignore:.*BasicAuth:DeprecationWarning"),
    pytest.mark.filterwarnings("ignore:.*auth.*deprecated:DeprecationWarning"),
]

USER, PASSWORD = "cabinet", "cabinet-2n"


@pytest.fixture
async def session() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession() as session:
        yield session


@pytest.fixture
async def sim() -> AsyncIterator[TwoNSimulator]:
    async with TwoNSimulator() as sim:
        yield sim


@pytest.fixture
async def device(sim: TwoNSimulator, session: aiohttp.ClientSession) -> Py2NDevice:
    return await Py2NDevice.create(session, _connection(sim))


def _connection(sim: TwoNSimulator, method: str = "digest") -> Py2NConnectionData:
    return Py2NConnectionData(
        f"{sim.host}:{sim.port}", USER, PASSWORD, auth_method=method
    )


def _intercom(
    sim: TwoNSimulator,
    session: aiohttp.ClientSession,
    password: str = PASSWORD,
    method: str = "digest",
) -> Py2NClient:
    return Py2NClient(session, sim.url, USER, password, auth_method=method)


async def test_py2n_reads_what_the_station_is(device: Py2NDevice) -> None:
    data = device.data
    assert (data.name, data.serial) == ("Entrance", "54-1234-5678")
    assert data.mac == "7C-1E-B3-12-34-56"
    assert [(switch.id, switch.enabled, switch.mode) for switch in data.switches] == [
        (1, True, "monostable"),
        (2, True, "bistable"),
        (3, False, None),
        (4, False, None),
    ]
    assert {port.id: port.type for port in data.ports}["relay1"] == "output"
    assert "KeyPressed" in data.log_caps


async def test_py2n_works_with_basic_authentication(
    session: aiohttp.ClientSession,
) -> None:
    basic = {service: ServiceConfig(auth=AuthMode.BASIC) for service in Service}
    async with TwoNSimulator(StationConfig(services=basic)) as sim:
        device = await Py2NDevice.create(session, _connection(sim, "basic"))
        assert device.data.name == "Entrance"


async def test_py2n_switches_the_strike_and_sees_it(
    sim: TwoNSimulator, device: Py2NDevice
) -> None:
    await device.set_switch(1, on=True)
    await device.update_switch_status()
    assert device.get_switch(1)
    sim.advance(6)
    await device.update_switch_status()
    assert not device.get_switch(1)


async def test_py2n_switches_an_output_and_sees_an_input(
    sim: TwoNSimulator, device: Py2NDevice
) -> None:
    await device.set_port("output1", on=True)
    sim.set_input("input1", state=True)
    await device.update_port_status()
    states = {port.id: port.state for port in device.data.ports}
    assert states["output1"] == 1
    assert states["input1"] == 1


async def test_py2n_hears_the_bell_while_it_waits(
    sim: TwoNSimulator, device: Py2NDevice
) -> None:
    channel = await device.log_subscribe(filter=["KeyPressed"])
    waiting = asyncio.create_task(device.log_pull(channel, timeout=5))
    await asyncio.sleep(0.05)
    sim.press("%1")
    assert [event["params"]["key"] for event in await waiting] == ["%1"]
    await device.log_unsubscribe(channel)
    with pytest.raises(DeviceApiError) as refused:
        await device.log_pull(channel)
    assert refused.value.error is ApiError.INVALID_PARAMETER_VALUE


async def test_py2n_reads_and_changes_the_directory(
    sim: TwoNSimulator, device: Py2NDevice
) -> None:
    uuid = sim.add_user("Locum", pin="4711")
    assert "pin" in (await device.get_dir_template())[0]["access"]
    await device.update_dir([{"uuid": uuid, "name": "Cleaner"}])
    users = await device.query_dir()
    assert [(user["uuid"], user["name"]) for user in users] == [(uuid, "Cleaner")]


async def test_py2n_restarts_the_station(
    sim: TwoNSimulator, device: Py2NDevice
) -> None:
    await device.restart()
    sim.advance(1)
    assert sim.state()["boot"] == 2
    await device.update()


async def test_py2n_tells_a_disabled_service_from_a_dead_network(
    sim: TwoNSimulator, device: Py2NDevice
) -> None:
    sim.set_service("switch", ServiceConfig(enabled=False))
    with pytest.raises(DeviceApiError) as refused:
        await device.update_switch_status()
    assert refused.value.error is ApiError.DISABLED
    sim.set_network(up=False)
    with pytest.raises(DeviceConnectionError):
        await device.update_port_status()


@pytest.mark.parametrize("method", ["digest", "basic"])
async def test_py2n_intercom_reads_what_the_station_is(
    session: aiohttp.ClientSession, method: str
) -> None:
    services = {service: ServiceConfig(auth=AuthMode(method)) for service in Service}
    async with TwoNSimulator(StationConfig(services=services, open_info=False)) as sim:
        client = _intercom(sim, session, method=method)
        info = await client.async_get_device_info()
        assert (info.title, info.serial) == ("Entrance", "54-1234-5678")
        assert info.mac == "7C:1E:B3:12:34:56"
        assert (await client.async_get_switch_caps())[0]["switchOnDuration"] == 5
        assert "CallStateChanged" in await client.async_get_log_caps()


async def test_py2n_intercom_triggers_the_strike(
    sim: TwoNSimulator, session: aiohttp.ClientSession
) -> None:
    client = _intercom(sim, session)
    await client.async_trigger_switch(1)
    assert (await client.async_get_switch_status())[0] == {
        "switch": 1,
        "active": True,
        "locked": False,
        "held": False,
    }


async def test_py2n_intercom_subscribes_and_pulls(
    sim: TwoNSimulator, session: aiohttp.ClientSession
) -> None:
    client = _intercom(sim, session)
    channel = await client.async_log_subscribe(event_filter=["KeyPressed"])
    sim.press("%1")
    events = await client.async_log_pull(channel)
    assert [event["event"] for event in events] == ["KeyPressed"]
    await client.async_log_unsubscribe(channel)
    with pytest.raises(Py2NApiError):
        await client.async_log_pull(channel)


async def test_py2n_intercom_takes_pictures_and_a_stream(
    sim: TwoNSimulator, session: aiohttp.ClientSession
) -> None:
    client = _intercom(sim, session)
    assert (640, 480) in await client.async_get_camera_caps()
    assert (await client.async_get_snapshot())[:2] == b"\xff\xd8"
    stream = await client.async_open_snapshot_stream(width=320, height=240, fps=15)
    assert stream.content_type == "multipart/x-mixed-replace"
    assert b"image/jpeg" in await stream.content.readuntil(b"\r\n\r\n")
    stream.close()


async def test_py2n_intercom_notices_a_wrong_password(
    sim: TwoNSimulator, session: aiohttp.ClientSession
) -> None:
    client = _intercom(sim, session, password="wrong")
    with pytest.raises(Py2NApiError) as refused:
        await client.async_get_switch_status()
    assert refused.value.is_unauthorized


async def test_aiohttps_own_digest_fails_where_basic_comes_first_as_on_a_device(
    session: aiohttp.ClientSession,
) -> None:
    config = StationConfig(challenge=ChallengeStyle.BASIC_FIRST)
    async with TwoNSimulator(config) as sim:
        with pytest.raises(DeviceApiError) as refused:
            await Py2NDevice.create(session, _connection(sim))
        assert refused.value.error is ApiError.AUTHORIZATION_REQUIRED
