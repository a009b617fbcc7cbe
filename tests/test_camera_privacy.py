"""A camera of another integration, hidden and shown, by every way to look."""

import asyncio
from collections.abc import AsyncGenerator, Callable
import contextlib
import time

import aiohttp
from homeassistant.auth.models import User
from homeassistant.components.camera import async_get_image
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import ServiceValidationError
from homeassistant.setup import async_setup_component
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry
from pytest_homeassistant_custom_component.typing import (
    ClientSessionGenerator,
    WebSocketGenerator,
)

from tests.cameras import (
    CAMERA,
    PRIVACY,
    add_generic_camera,
    add_mjpeg_camera,
    camera_subentry,
    registry_id,
)
from tests.practices import context_of, practice_entry, set_up
from tests.simulators.network_camera import NetworkCamera, pictures_in, shows_green

BOTH_STREAMS = pytest.mark.parametrize("rtsp", [False, True], ids=["http", "rtsp"])


@pytest.fixture
async def network_camera(socket_enabled: None) -> AsyncGenerator[NetworkCamera]:
    """Return a camera in the network."""
    async with NetworkCamera() as camera:
        yield camera


async def adopt(
    hass: HomeAssistant, people: dict[str, User], source: str, **changes: object
) -> MockConfigEntry:
    """Set up a practice with that entity as its camera."""
    entry = practice_entry(
        people, camera_subentry(registry_id(hass, source), **changes)
    )
    await set_up(hass, entry)
    return entry


async def hide(hass: HomeAssistant, user: User, *, private: bool = True) -> None:
    """Switch the privacy of the camera as a person."""
    await hass.services.async_call(
        "switch",
        "turn_on" if private else "turn_off",
        {"entity_id": PRIVACY},
        blocking=True,
        context=context_of(user),
    )


async def until(holds: Callable[[], object], what: str) -> None:
    """Wait until something holds; fail after a minute."""
    deadline = time.monotonic() + 60
    while not holds():
        assert time.monotonic() < deadline, f"not seen in time: {what}"
        await asyncio.sleep(0.02)


async def test_the_picture_of_the_source_is_shown_until_somebody_hides_it(
    hass: HomeAssistant,
    people: dict[str, User],
    network_camera: NetworkCamera,
    hass_client: ClientSessionGenerator,
) -> None:
    await add_generic_camera(hass, network_camera)
    await adopt(hass, people, "camera.generic")
    client = await hass_client()

    async def seen() -> bool:
        response = await client.get(f"/api/camera_proxy/{CAMERA}")
        assert response.status == 200
        assert response.content_type == "image/jpeg"
        return shows_green(await response.read())

    assert await seen()
    await hide(hass, people["cleaner"])
    asked = network_camera.pictures
    assert not await seen()
    assert network_camera.pictures == asked
    await hide(hass, people["doctor"], private=False)
    assert await seen()


async def test_only_somebody_with_a_role_shows_a_hidden_camera_again(
    hass: HomeAssistant, people: dict[str, User], network_camera: NetworkCamera
) -> None:
    await add_generic_camera(hass, network_camera)
    await adopt(hass, people, "camera.generic")
    await hide(hass, people["cleaner"])
    with pytest.raises(ServiceValidationError, match="not among the people"):
        await hide(hass, people["cleaner"], private=False)
    with pytest.raises(ServiceValidationError, match="not among the people"):
        await hass.services.async_call(
            "switch", "turn_off", {"entity_id": PRIVACY}, blocking=True
        )
    assert hass.states.get(PRIVACY).state == "on"
    assert hass.states.get(PRIVACY).attributes["by"] == "cleaner"
    assert hass.states.get(CAMERA).attributes["privacy"] is True
    assert not shows_green((await async_get_image(hass, CAMERA)).content)


async def test_a_running_stream_of_pictures_ends_when_the_camera_is_hidden(
    hass: HomeAssistant,
    people: dict[str, User],
    network_camera: NetworkCamera,
    hass_client: ClientSessionGenerator,
) -> None:
    await add_mjpeg_camera(hass, network_camera)
    await adopt(hass, people, "camera.mjpeg")
    client = await hass_client()
    received = b""
    async with client.get(f"/api/camera_proxy_stream/{CAMERA}") as stream:
        while len(pictures_in(received)) < 3:
            received += await stream.content.readany()
        await hide(hass, people["cleaner"])
        # What was under way is delivered, and then it is over.
        with contextlib.suppress(aiohttp.ClientError):
            async with asyncio.timeout(60):
                while await stream.content.readany():
                    pass
    assert all(map(shows_green, pictures_in(received)))
    await until(lambda: not network_camera.watching["mjpeg"], "nobody watches")


async def test_a_stream_that_begins_while_hidden_shows_the_veil_and_then_the_picture(
    hass: HomeAssistant,
    people: dict[str, User],
    network_camera: NetworkCamera,
    hass_client: ClientSessionGenerator,
) -> None:
    await add_mjpeg_camera(hass, network_camera)
    await adopt(hass, people, "camera.mjpeg")
    await hide(hass, people["cleaner"])
    client = await hass_client()
    received = b""
    async with client.get(f"/api/camera_proxy_stream/{CAMERA}") as stream:
        while len(pictures_in(received)) < 2:
            received += await stream.content.readany()
        assert not any(map(shows_green, pictures_in(received)))
        await hide(hass, people["doctor"], private=False)
        while not shows_green(pictures_in(received)[-1]):
            received += await stream.content.readany()


async def test_a_picture_that_was_under_way_is_not_delivered(
    hass: HomeAssistant, people: dict[str, User], network_camera: NetworkCamera
) -> None:
    await add_generic_camera(hass, network_camera)
    await adopt(hass, people, "camera.generic")
    asking = hass.async_create_task(async_get_image(hass, CAMERA), eager_start=True)
    await hide(hass, people["cleaner"])
    assert not shows_green((await asking).content)


@BOTH_STREAMS
async def test_the_stream_for_the_browser_ends_when_the_camera_is_hidden(
    hass: HomeAssistant,
    people: dict[str, User],
    network_camera: NetworkCamera,
    hass_client: ClientSessionGenerator,
    hass_ws_client: WebSocketGenerator,
    rtsp: bool,
) -> None:
    assert await async_setup_component(hass, "stream", {})
    await add_generic_camera(hass, network_camera, stream=not rtsp, rtsp=rtsp)
    await adopt(hass, people, "camera.generic")
    websocket = await hass_ws_client()
    client = await hass_client()

    async def ask(kind: str) -> dict:
        await websocket.send_json_auto_id({"type": kind, "entity_id": CAMERA})
        return await websocket.receive_json()

    assert (await ask("camera/capabilities"))["result"] == {
        "frontend_stream_types": ["hls"]
    }
    answer = await ask("camera/stream")
    assert answer["success"], answer
    playlist = answer["result"]["url"]
    await until(lambda: network_camera.watching["stream"], "the stream runs")
    response = await client.get(playlist)
    assert response.status == 200

    await hide(hass, people["cleaner"])
    await until(lambda: not network_camera.watching["stream"], "the stream ends")
    assert (await client.get(playlist)).status == 404
    assert not (await ask("camera/stream"))["success"]
    assert (await ask("camera/capabilities"))["result"] == {"frontend_stream_types": []}

    await hide(hass, people["doctor"], private=False)
    answer = await ask("camera/stream")
    assert answer["success"], answer
    await hide(hass, people["cleaner"])
    await until(lambda: not network_camera.watching["stream"], "the stream ends again")


@BOTH_STREAMS
async def test_a_recording_under_way_ends_when_the_camera_is_hidden(
    hass: HomeAssistant,
    people: dict[str, User],
    network_camera: NetworkCamera,
    tmp_path: object,
    rtsp: bool,
) -> None:
    assert await async_setup_component(hass, "stream", {})
    await add_generic_camera(hass, network_camera, stream=not rtsp, rtsp=rtsp)
    await adopt(hass, people, "camera.generic")
    hass.config.allowlist_external_dirs = {str(tmp_path)}
    recording = hass.async_create_task(
        hass.services.async_call(
            "camera",
            "record",
            {"entity_id": CAMERA, "filename": f"{tmp_path}/a.mp4", "duration": 60},
            blocking=True,
        )
    )
    await until(lambda: network_camera.watching["stream"], "the stream runs")
    await hide(hass, people["cleaner"])
    await until(lambda: not network_camera.watching["stream"], "the stream ends")
    async with asyncio.timeout(60):
        await asyncio.wait([recording])


async def test_a_mode_hides_a_camera_and_nobody_shows_it_meanwhile(
    hass: HomeAssistant, people: dict[str, User], network_camera: NetworkCamera
) -> None:
    await add_generic_camera(hass, network_camera)
    await adopt(hass, people, "camera.generic", hidden_in=["open"])

    async def choose(mode: str) -> None:
        await hass.services.async_call(
            "select",
            "select_option",
            {"entity_id": "select.cabinet_mode", "option": mode},
            blocking=True,
            context=context_of(people["doctor"]),
        )

    assert hass.states.get(PRIVACY).state == "off"
    await choose("open")
    assert hass.states.get(PRIVACY).state == "on"
    assert hass.states.get(PRIVACY).attributes["privacy_reason"] == "mode"
    with pytest.raises(ServiceValidationError, match="stays hidden"):
        await hide(hass, people["manager"], private=False)
    assert not shows_green((await async_get_image(hass, CAMERA)).content)
    await choose("closed")
    assert shows_green((await async_get_image(hass, CAMERA)).content)


async def test_a_hidden_camera_is_hidden_from_the_first_moment_after_a_restart(
    hass: HomeAssistant, people: dict[str, User], network_camera: NetworkCamera
) -> None:
    await add_generic_camera(hass, network_camera)
    entry = await adopt(hass, people, "camera.generic")
    await hide(hass, people["cleaner"])
    states: list[str] = []
    hass.bus.async_listen(
        "state_changed",
        lambda event: (
            states.append(event.data["new_state"].state)
            if event.data["entity_id"] == PRIVACY and event.data["new_state"]
            else None
        ),
    )
    await hass.config_entries.async_reload(entry.entry_id)
    await hass.async_block_till_done()
    assert set(states) <= {"on", "unavailable"}
    assert not shows_green((await async_get_image(hass, CAMERA)).content)


async def test_a_picture_of_another_format_is_shown_as_jpeg(
    hass: HomeAssistant, people: dict[str, User]
) -> None:
    assert await async_setup_component(hass, "homeassistant", {})
    demo = MockConfigEntry(domain="demo")
    demo.add_to_hass(hass)
    assert await hass.config_entries.async_setup(demo.entry_id)
    await hass.async_block_till_done()
    entry = practice_entry(people, camera_subentry("camera.demo_camera_png"))
    await set_up(hass, entry)
    picture = await async_get_image(hass, CAMERA)
    assert picture.content.startswith(b"\xff\xd8")
