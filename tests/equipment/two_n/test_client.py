"""The client against the simulated door station."""

import asyncio

import pytest

from custom_components.cabinet_secure.equipment.two_n.client import TwoNClient
from custom_components.cabinet_secure.equipment.two_n.errors import Refused
from custom_components.cabinet_secure.equipment.two_n.models import (
    CallState,
    GrantRefusal,
    IoKind,
    SwitchAction,
    SwitchMode,
)
from tests.simulators.two_n import TwoNSimulator


async def test_everything_about_the_station_is_read(
    client: TwoNClient, station: TwoNSimulator
) -> None:
    info = await client.system_info()
    assert info.serial_number == station.config.serial
    assert info.mac_address == station.config.mac
    assert info.firmware == station.config.firmware
    assert (await client.system_status()).up_time is not None
    caps = await client.switch_caps()
    assert caps[0].mode is SwitchMode.MONOSTABLE
    assert [one.enabled for one in caps] == [True, True, False, False]
    assert {one.port: one.kind for one in await client.io_caps()}["relay1"] is (
        IoKind.OUTPUT
    )
    camera = await client.camera_caps()
    assert "internal" in camera.sources
    assert (await client.phone_status())[0].registered
    assert "KeyPressed" in await client.log_caps()


async def test_a_strike_is_released_held_and_locked(client: TwoNClient) -> None:
    async def status() -> tuple[bool, bool | None, bool | None]:
        one = (await client.switch_status())[0]
        return one.active, one.held, one.locked

    await client.switch_control(1, SwitchAction.TRIGGER)
    assert await status() == (True, False, False)
    await client.switch_control(1, SwitchAction.HOLD, timeout=60)
    assert await status() == (True, True, False)
    await client.switch_control(1, SwitchAction.LOCK)
    assert await status() == (False, True, True)


async def test_a_command_to_a_disabled_switch_is_refused(client: TwoNClient) -> None:
    with pytest.raises(Refused):
        await client.switch_control(3, SwitchAction.TRIGGER)


async def test_an_output_is_switched(client: TwoNClient) -> None:
    await client.io_control("output1", on=True)

    states = {one.port: one.on for one in await client.io_status()}
    assert states["output1"] is True


async def test_a_picture_is_of_now_or_of_before(client: TwoNClient) -> None:
    now = await client.snapshot(640, 480, source="internal")
    before = await client.snapshot(640, 480, seconds_before=20)

    assert now.startswith(b"\xff\xd8")
    assert now != before
    with pytest.raises(Refused) as caught:
        await client.snapshot(641, 480)
    assert caught.value.param == "width"


async def test_a_stream_brings_pictures_until_it_is_closed(client: TwoNClient) -> None:
    response = await client.mjpeg(320, 240, 15, source="internal")
    try:
        head = await response.content.readuntil(b"\xff\xd8")
        assert b"image/jpeg" in head
    finally:
        response.close()


async def test_a_call_is_dialled_seen_and_ended(client: TwoNClient) -> None:
    session = await client.call_dial(number="sip:reception@practice")

    (call,) = await client.call_status()
    assert call.session == session
    assert call.state in {CallState.CONNECTING, CallState.RINGING}
    await client.call_hangup(session)
    assert await client.call_status() == ()
    with pytest.raises(Refused):
        await client.call_answer(session)


async def test_a_user_may_be_called_by_uuid(
    client: TwoNClient, station: TwoNSimulator
) -> None:
    uuid = station.add_user("reception")
    station.station.directory.users[uuid]["callPos"][0]["peer"] = "sip:reception"

    assert isinstance(await client.call_dial(users=(uuid,)), int)


async def test_the_entry_is_blocked_and_a_disabled_point_refuses(
    client: TwoNClient,
) -> None:
    await client.access_point_block(0, on=True)

    points = {
        one.access_point: one.blocked for one in await client.access_point_status()
    }
    assert points[0] is True
    with pytest.raises(Refused) as caught:
        await client.access_point_block(1, on=True)
    assert caught.value.code == 18


async def test_success_is_not_access(
    client: TwoNClient, station: TwoNSimulator
) -> None:
    uuid = station.add_user("locum", pin="4711")
    assert (await client.grant_access(0, uuid)).granted

    await client.access_point_block(0, on=True)
    grant = await client.grant_access(0, uuid)

    assert not grant.granted
    assert grant.reason is GrantRefusal.ACCESS_BLOCKED


async def test_events_are_pulled_in_batches_and_without_codes(
    client: TwoNClient, station: TwoNSimulator
) -> None:
    channel = await client.log_subscribe(
        {"CodeEntered", "MotionDetected", "KeyPressed"}
    )
    station.type_code("4711#")
    station.flood(200)

    first = await client.log_pull(channel)
    second = await client.log_pull(channel)

    assert len(first) == 128
    assert "CodeEntered" in {event.name for event in first}
    assert "4711" not in repr([(event, event.params) for event in first])
    assert {event.text("key") for event in first if event.name == "KeyPressed"} == {
        "digit",
        "#",
    }
    assert second[-1].id > first[-1].id
    await client.log_unsubscribe(channel)
    with pytest.raises(Refused) as caught:
        await client.log_pull(channel)
    assert caught.value.code == 12


async def test_a_held_pull_answers_as_soon_as_somebody_rings(
    client: TwoNClient, station: TwoNSimulator
) -> None:
    channel = await client.log_subscribe({"KeyPressed"})
    pull = asyncio.create_task(client.log_pull(channel, 30))
    await asyncio.sleep(0.2)
    station.press()

    (event, *_) = await asyncio.wait_for(pull, 1)

    assert event.text("key") == "%1"
