"""A network camera that many brands make alike: pictures, MJPEG, and streams.

All that it sees is green, so that a test knows its picture from any other. There is a
stream of MPEG-TS over HTTP and one over RTSP, H.264 with a tone as their sound; they
run in real time.
"""

import asyncio
from collections.abc import AsyncIterator, Iterator
import contextlib
from functools import partial
from io import BytesIO
import subprocess
from types import TracebackType
from typing import Final, Self

from aiohttp import web
from imageio_ffmpeg import get_ffmpeg_exe
from PIL import Image, ImageDraw

from .rtsp import RtspCamera

GREEN: Final = (30, 170, 60)
_SIZE: Final = (320, 240)
# The same, as ffmpeg has them.
_COLOUR: Final = "0x{:02x}{:02x}{:02x}".format(*GREEN)
_GEOMETRY: Final = "x".join(map(str, _SIZE))
_BOUNDARY: Final = "picture"
_CHUNK: Final = 8192


class NetworkCamera:
    """Serves what it sees on the loopback interface, as an asynchronous context."""

    def __init__(self, *, sound: bool = True) -> None:
        self.sound = sound
        self.pictures = 0
        # How many look at the running streams: of pictures, and of either other kind.
        self.watching = {"mjpeg": 0, "stream": 0}
        self.broken = False
        self.rtsp = RtspCamera(_COLOUR, _GEOMETRY, partial(self._watched, "stream"))
        self._runner: web.AppRunner | None = None
        self._port = 0
        self._streams: set[asyncio.subprocess.Process] = set()

    async def __aenter__(self) -> Self:
        """Begin to serve on a free port."""
        app = web.Application()
        app.router.add_get("/still.jpg", self._still)
        app.router.add_get("/video.mjpeg", self._mjpeg)
        app.router.add_get("/stream.ts", self._stream)
        self._runner = web.AppRunner(app, shutdown_timeout=0.1)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", 0)
        await site.start()
        self._port = self._runner.addresses[0][1]
        await self.rtsp.__aenter__()
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Stop serving."""
        await self.rtsp.__aexit__(kind, error, trace)
        for process in list(self._streams):
            with contextlib.suppress(ProcessLookupError):
                process.kill()
        if self._runner is not None:
            await self._runner.cleanup()

    @property
    def still_url(self) -> str:
        """Where a picture is."""
        return f"http://127.0.0.1:{self._port}/still.jpg"

    @property
    def mjpeg_url(self) -> str:
        """Where pictures are, ten a second."""
        return f"http://127.0.0.1:{self._port}/video.mjpeg"

    @property
    def stream_url(self) -> str:
        """Where the stream is."""
        return f"http://127.0.0.1:{self._port}/stream.ts"

    async def _still(self, _request: web.Request) -> web.Response:
        if self.broken:
            raise web.HTTPServiceUnavailable
        return web.Response(body=self._picture(), content_type="image/jpeg")

    async def _mjpeg(self, request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse()
        response.content_type = f"multipart/x-mixed-replace; boundary={_BOUNDARY}"
        await response.prepare(request)
        with contextlib.suppress(ConnectionResetError), self._watched("mjpeg"):
            while True:
                picture = self._picture()
                head = (
                    f"--{_BOUNDARY}\r\nContent-Type: image/jpeg\r\n"
                    f"Content-Length: {len(picture)}\r\n\r\n"
                )
                await response.write(head.encode() + picture + b"\r\n")
                await asyncio.sleep(0.1)
        return response

    async def _stream(self, request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse()
        response.content_type = "video/mp2t"
        await response.prepare(request)
        with contextlib.suppress(ConnectionResetError), self._watched("stream"):
            async for chunk in self._encoded():
                await response.write(chunk)
        return response

    async def _encoded(self) -> AsyncIterator[bytes]:
        sound = ("-f", "lavfi", "-i", "sine=frequency=440") if self.sound else ()
        process = await asyncio.create_subprocess_exec(
            *(get_ffmpeg_exe(), "-loglevel", "error", "-re"),
            *("-f", "lavfi", "-i", f"color={_COLOUR}:size={_GEOMETRY}:rate=10"),
            *sound,
            *("-c:v", "libx264", "-preset", "ultrafast", "-g", "10"),
            *("-pix_fmt", "yuv420p", "-c:a", "aac", "-threads", "1"),
            *("-f", "mpegts", "-flush_packets", "1", "-"),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
        )
        self._streams.add(process)
        assert process.stdout is not None
        try:
            while chunk := await process.stdout.read(_CHUNK):
                yield chunk
        finally:
            with contextlib.suppress(ProcessLookupError):
                process.kill()
            await process.wait()
            self._streams.discard(process)

    @contextlib.contextmanager
    def _watched(self, kind: str) -> Iterator[None]:
        self.watching[kind] += 1
        try:
            yield
        finally:
            self.watching[kind] -= 1

    def _picture(self) -> bytes:
        """Return what it sees now; no picture is the same as another."""
        self.pictures += 1
        picture = Image.new("RGB", _SIZE, GREEN)
        ImageDraw.Draw(picture).text((4, 4), str(self.pictures), fill="white")
        encoded = BytesIO()
        picture.save(encoded, "JPEG", quality=85)
        return encoded.getvalue()


def shows_green(picture: bytes) -> bool:
    """Whether a picture is what the camera sees."""
    with Image.open(BytesIO(picture)) as image:
        seen = image.convert("RGB").resize((1, 1)).getpixel((0, 0))
    assert isinstance(seen, tuple)
    return all(abs(a - b) < 25 for a, b in zip(seen, GREEN, strict=True))


def pictures_in(received: bytes) -> list[bytes]:
    """Return the whole pictures in what came of an MJPEG stream."""
    pictures = []
    start = received.find(b"\xff\xd8")
    while start >= 0 and (end := received.find(b"\xff\xd9", start)) >= 0:
        pictures.append(received[start : end + 2])
        start = received.find(b"\xff\xd8", end)
    return pictures
