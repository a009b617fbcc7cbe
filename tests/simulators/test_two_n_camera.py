"""The picture: a real JPEG with the right time on it."""

import asyncio
from datetime import datetime
from io import BytesIO

import aiohttp
from PIL import Image
import pytest

from tests.simulators.two_n.caller import Caller, RefusedError, calling
from tests.simulators.two_n.picture import draw_jpeg

pytestmark = pytest.mark.usefixtures("socket_enabled")

NOON = datetime.fromisoformat("2026-11-23T12:00:00+01:00")


async def snapshot(caller: Caller, **query: int) -> bytes:
    async with caller.session.get(
        f"{caller.sim.url}/api/camera/snapshot", params=query
    ) as response:
        assert response.content_type == "image/jpeg"
        return await response.read()


async def test_every_resolution_of_the_caps_is_drawn_in_its_size() -> None:
    async with calling() as caller:
        caps = await caller.get("camera/caps")
        assert caps["sources"] == [{"source": "internal"}]
        for size in caps["jpegResolution"]:
            with Image.open(BytesIO(await snapshot(caller, **size))) as image:
                assert image.format == "JPEG"
                assert image.size == (size["width"], size["height"])


def test_the_clock_on_the_picture_moves_with_the_time() -> None:
    def clock_of(moment: datetime) -> bytes:
        jpeg = draw_jpeg(640, 480, "Entrance", moment, visitor=False)
        with Image.open(BytesIO(jpeg)) as image:
            return image.crop((0, 430, 320, 480)).tobytes()

    assert clock_of(NOON) == clock_of(NOON)
    assert clock_of(NOON) != clock_of(NOON.replace(second=1))


def test_a_visitor_is_seen_while_a_call_lasts() -> None:
    empty, rung = (
        draw_jpeg(320, 240, "Entrance", NOON, visitor=visitor)
        for visitor in (False, True)
    )
    assert empty != rung


async def test_one_second_gives_one_picture_and_the_past_another() -> None:
    async with calling() as caller:
        size = {"width": 320, "height": 240}
        now = await caller.sim.camera.snapshot(320, 240, 1e9, visitor=False)
        again = await caller.sim.camera.snapshot(320, 240, 1e9 + 0.9, visitor=False)
        assert now is again
        assert await snapshot(caller, **size) != await snapshot(
            caller, **size, time=-30
        )


async def test_with_fps_the_answer_is_a_stream_of_jpegs() -> None:
    async with calling() as caller:
        query = {"width": 160, "height": 120, "fps": 15}
        async with caller.session.get(
            f"{caller.sim.url}/api/camera/snapshot", params=query
        ) as response:
            assert response.content_type == "multipart/x-mixed-replace"
            reader = aiohttp.MultipartReader.from_response(response)
            for _ in range(3):
                part = await asyncio.wait_for(reader.next(), 2)
                assert part is not None
                assert isinstance(part, aiohttp.BodyPartReader)
                assert (await part.read())[:2] == b"\xff\xd8"


@pytest.mark.parametrize(
    ("query", "code", "param"),
    [
        ({"height": 480}, 11, "width"),
        ({"width": 640, "height": 481}, 12, "height"),
        ({"width": 641, "height": 480}, 12, "width"),
        ({"width": 640, "height": 480, "fps": 16}, 12, "fps"),
        ({"width": 640, "height": 480, "fps": 0}, 12, "fps"),
        ({"width": 640, "height": 480, "time": 1}, 12, "time"),
        ({"width": 640, "height": 480, "time": -31}, 12, "time"),
        ({"width": 640, "height": 480, "source": "external"}, 12, "source"),
    ],
)
async def test_a_wrong_request_is_refused_by_name(
    query: dict[str, str | int], code: int, param: str
) -> None:
    async with calling() as caller:
        with pytest.raises(RefusedError) as refused:
            await caller.get("camera/snapshot", **query)
        assert (refused.value.code, refused.value.param) == (code, param)
