"""A camera in a real Home Assistant: hidden, shown by a panic, and kept as evidence."""

import asyncio
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
import stat
from typing import Any

import av
import pytest

from tests.simulators.network_camera import NetworkCamera, shows_green

from .home_assistant_client import (
    CONFIG_FLOW,
    SUBENTRY_FLOW,
    CommandFailedError,
    HomeAssistantClient,
    RequestRefusedError,
)
from .practice_home import PracticeHome, practice_home

pytestmark = [pytest.mark.e2e, pytest.mark.usefixtures("socket_enabled")]

CAMERA = "camera.waiting_room"
PRIVACY = "switch.waiting_room_privacy"
BROWSER = "media-source://media_source/local"


async def add_camera(practice: PracticeHome, camera: NetworkCamera) -> None:
    """Add a camera to Home Assistant by RTSP, and then to the practice."""
    address = {
        "still_image_url": camera.still_url,
        "stream_source": camera.rtsp.url,
        "advanced": {"framerate": 2, "verify_ssl": True, "authentication": "basic"},
    }
    added = await practice.manager.complete_flow(
        CONFIG_FLOW,
        {"handler": "generic"},
        ("user", address),
        ("user_confirm", {"confirmed_ok": True}),
    )
    assert added["type"] == "create_entry", added
    taken = await practice.manager.complete_flow(
        SUBENTRY_FLOW,
        {"handler": [practice.entry_id, "camera"]},
        (
            "user",
            {
                "name": "Waiting room",
                "source": "camera.127_0_0_1",
                "zone": "waiting_room",
            },
        ),
        ("privacy", {"hidden_in": [], "panic_lifts": True, "evidence": ["panic"]}),
        ("shows_stream", {}),
    )
    assert taken["type"] == "create_entry", taken
    # Home Assistant writes later what was set up and who may sign in.
    await practice.until_stored("core.config_entries", "Waiting room", "station")
    await practice.until_stored("core.entity_registry", "127_0_0_1", "waiting_room")
    await practice.until_stored("auth", "Doctor")


async def until(holds: Callable[[], object], what: str) -> None:
    """Wait until something holds; fail after three minutes."""
    try:
        async with asyncio.timeout(180):
            while not holds():  # noqa: ASYNC110
                await asyncio.sleep(0.1)
    except TimeoutError:
        raise AssertionError(f"not seen in time: {what}") from None


async def on_record(client: HomeAssistantClient) -> list[dict[str, Any]]:
    """Return what the register tells of cameras."""
    websocket = await client.websocket()
    answer = await websocket.command(
        "call_service",
        domain="cabinet_secure",
        service="query_register",
        service_data={"types": ["camera"], "limit": 500},
        return_response=True,
    )
    entries: list[dict[str, Any]] = answer["response"]["entries"]
    return entries


async def browse(client: HomeAssistantClient, where: str) -> list[dict[str, Any]]:
    """Return what the browser of media shows to somebody."""
    websocket = await client.websocket()
    answer = await websocket.command(
        "media_source/browse_media", media_content_id=where
    )
    children: list[dict[str, Any]] = answer["children"]
    return children


async def shown(client: HomeAssistantClient) -> bool:
    """Whether somebody sees through the camera."""
    kind, picture = await client.fetch(f"/api/camera_proxy/{CAMERA}")
    assert kind == "image/jpeg"
    return shows_green(picture)


@pytest.mark.timeout(900)
async def test_a_panic_shows_a_hidden_camera_and_what_it_sees_outlives_a_kill(
    tmp_path: Path,
) -> None:
    media = tmp_path / "config" / "media"
    async with (
        NetworkCamera() as camera,
        practice_home(
            tmp_path, extra_configuration="media_source:\nstream:\n"
        ) as practice,
    ):
        await add_camera(practice, camera)
        async with practice.watched() as watch:
            await watch.until_state(PRIVACY, "off")
            assert await shown(practice.doctor)
            await practice.doctor.call_action("switch", "turn_on", entity_id=PRIVACY)
            await watch.until_state(PRIVACY, "on")
            assert not await shown(practice.manager)
            with pytest.raises(CommandFailedError):
                await (await practice.manager.websocket()).command(
                    "camera/stream", entity_id=CAMERA
                )

            await practice.doctor.call_action(
                "cabinet_secure", "raise_panic", kind="hold_up", confirmed=True
            )
            await watch.until_state(PRIVACY, "off")
            attributes = watch.states[CAMERA]["attributes"]
            assert attributes["privacy_reason"] == "panic"
            assert await shown(practice.manager)
        await until(lambda: len([*media.rglob("*.jpg")]) >= 3, "three pictures")
        await until(
            lambda: any(b"mdat" in x.read_bytes() for x in media.rglob("*.mp4.part")),
            "a film",
        )

        await practice.home.kill()
        before = set(media.rglob("*.jpg"))
        await practice.home.start()
        await practice.sign_in_again()
        await until(lambda: set(media.rglob("*.jpg")) - before, "pictures again")
        await until(
            lambda: len([*media.rglob("*.mp4")]) == 2 and not [*media.rglob("*.part")],
            "the first film finished, and the second over",
        )

        # All of it is one session, and each file is on record as it is.
        files = [x for x in media.rglob("*.*") if x.suffix in (".jpg", ".mp4")]
        (folder,) = {each.parent for each in files}

        async with asyncio.timeout(60):
            while True:
                entries = await on_record(practice.manager)
                digests = {
                    entry["details"]["file"]: entry["details"]["sha256"]
                    for entry in entries
                    if entry["event"] == "evidence_kept"
                }
                if len(digests) == len(files):
                    break
                await asyncio.sleep(0.2)
        for path in files:
            name = str(path.relative_to(media))
            assert sha256(path.read_bytes()).hexdigest() == digests[name]
            assert stat.S_IMODE(path.stat().st_mode) == 0o600
        for path in folder.glob("*.mp4"):
            with av.open(str(path)) as film:
                assert [stream.type for stream in film.streams] == ["video"]
                assert len(list(film.decode(video=0))) > 5
        privacy = [
            (entry["event"], entry["outcome"])
            for entry in sorted(entries, key=lambda entry: entry["number"])
            if entry["event"] in ("hidden", "shown")
        ]
        assert privacy == [("hidden", "chosen"), ("shown", "panic")]

        # Whoever is signed in finds it in the browser of media, and nobody else.
        (session,) = await browse(practice.doctor, f"{BROWSER}/cabinet_secure")
        assert session["title"] == folder.name
        found = await browse(practice.doctor, session["media_content_id"])
        assert {each["title"] for each in found} == {each.name for each in files}
        picture = next(each for each in found if each["title"].endswith(".jpg"))
        resolved = await (await practice.doctor.websocket()).command(
            "media_source/resolve_media", media_content_id=picture["media_content_id"]
        )
        stranger = practice.home.client()
        kind, content = await stranger.fetch(resolved["url"])
        assert kind == "image/jpeg"
        assert shows_green(content)
        unsigned = resolved["url"].partition("?")[0]
        with pytest.raises(RequestRefusedError) as refused:
            await stranger.fetch(unsigned)
        assert refused.value.status == 401

        # The panic is over: the camera is hidden as somebody had wanted it.
        await practice.manager.call_action("cabinet_secure", "reset_panic")
        async with practice.watched() as watch:
            await watch.until_state(PRIVACY, "on")
        assert not await shown(practice.doctor)
