"""The stream of a network camera over RTSP (RFC 2326): H.264 and G.711 in RTP.

Packets come within the connection of the commands (RTP over TCP, *interleaved*), as Home
Assistant asks for. Each viewer has an encoder of their own, which runs in real time.
"""

import asyncio
from collections.abc import AsyncIterator, Callable
import contextlib
from functools import partial
import subprocess
from types import TracebackType
from typing import Final, Self, override

from imageio_ffmpeg import get_ffmpeg_exe

_LOOPBACK: Final = "127.0.0.1"
_DESCRIPTION: Final = """\
v=0
o=- 0 0 IN IP4 127.0.0.1
s=Camera
c=IN IP4 0.0.0.0
t=0 0
m=video 0 RTP/AVP 96
a=rtpmap:96 H264/90000
a=fmtp:96 packetization-mode=1
a=control:video
m=audio 0 RTP/AVP 8
a=rtpmap:8 PCMA/8000
a=control:audio
"""
# RFC 3550, *RTCP packet types*.
_REPORTS: Final = range(200, 205)


class RtspCamera:
    """Serves a green picture with a tone on the loopback interface."""

    def __init__(
        self,
        colour: str,
        size: str,
        watched: Callable[[], contextlib.AbstractContextManager[None]],
    ) -> None:
        """`colour` and `size` as ffmpeg's source `color` takes them.

        `watched` is entered for as long as somebody looks.
        """
        self._watched = watched
        self._picture = f"color={colour}:size={size}:rate=10"
        self._server: asyncio.Server | None = None
        self._sessions: set[asyncio.Task[None]] = set()

    async def __aenter__(self) -> Self:
        """Begin to serve on a free port."""
        self._server = await asyncio.start_server(self._serve, _LOOPBACK, 0)
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Stop serving, and let go of whoever looks."""
        for session in list(self._sessions):
            session.cancel()
        if self._server is not None:
            self._server.close()
            await self._server.wait_closed()

    @property
    def url(self) -> str:
        """Where the stream is."""
        assert self._server is not None
        port = self._server.sockets[0].getsockname()[1]
        return f"rtsp://{_LOOPBACK}:{port}/stream"

    async def _serve(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._sessions.add(task)
        showing: asyncio.Task[None] | None = None
        # Which channel of the connection each track goes to.
        channels: dict[str, int] = {}
        try:
            with contextlib.suppress(ConnectionError, asyncio.IncompleteReadError):
                while True:
                    method, target, fields = await _request(reader)
                    answer, body = _answer(method, target, fields, channels)
                    writer.write(answer.encode() + body.encode())
                    if method == "PLAY":
                        showing = asyncio.create_task(self._show(writer, channels))
                    elif method == "TEARDOWN":
                        break
        finally:
            if showing is not None:
                showing.cancel()
                await asyncio.gather(showing, return_exceptions=True)
            writer.close()
            self._sessions.discard(task)

    async def _show(
        self, writer: asyncio.StreamWriter, channels: dict[str, int]
    ) -> None:
        with self._watched():
            async with _encoded(self._picture, channels) as packets:
                while True:
                    channel, packet = await packets.get()
                    head = b"$" + bytes([channel]) + len(packet).to_bytes(2)
                    writer.write(head + packet)
                    await writer.drain()


async def _request(reader: asyncio.StreamReader) -> tuple[str, str, dict[str, str]]:
    """Return method, address and fields of the next request; reports are skipped."""
    while (first := await reader.readexactly(1)) == b"$":
        head = await reader.readexactly(3)
        await reader.readexactly(int.from_bytes(head[1:]))
    lines = (first + await reader.readuntil(b"\r\n\r\n")).decode().split("\r\n")
    method, target, _ = lines[0].split(" ")
    fields = (line.split(":", 1) for line in lines[1:] if line)
    return method, target, {name.lower(): value.strip() for name, value in fields}


def _answer(
    method: str, target: str, fields: dict[str, str], channels: dict[str, int]
) -> tuple[str, str]:
    """Return head and body of the answer; SETUP puts the track's channel down."""
    body = ""
    told = {"CSeq": fields["cseq"], "Session": "1"}
    match method:
        case "OPTIONS":
            told["Public"] = "OPTIONS, DESCRIBE, SETUP, PLAY, TEARDOWN, GET_PARAMETER"
        case "DESCRIBE":
            body = _DESCRIPTION.replace("\n", "\r\n")
            told |= {
                "Content-Type": "application/sdp",
                "Content-Base": f"{target}/",
                "Content-Length": str(len(body)),
            }
        case "SETUP":
            if "RTP/AVP/TCP" not in fields["transport"]:
                sequence = fields["cseq"]
                return f"RTSP/1.0 461 Refused\r\nCSeq: {sequence}\r\n\r\n", ""
            channel = 2 * len(channels)
            channels[target.rpartition("/")[2]] = channel
            told["Transport"] = (
                f"RTP/AVP/TCP;unicast;interleaved={channel}-{channel + 1}"
            )
    head = "".join(f"{name}: {value}\r\n" for name, value in told.items())
    return f"RTSP/1.0 200 OK\r\n{head}\r\n", body


class _Packets(asyncio.DatagramProtocol):
    """Takes in what the encoder sends."""

    def __init__(self, channel: int, queue: asyncio.Queue[tuple[int, bytes]]) -> None:
        self._channel = channel
        self._queue = queue

    @override
    def datagram_received(self, data: bytes, addr: object) -> None:
        # Reports of the encoder (RTCP) go to the channel beside.
        is_report = data[1] in _REPORTS
        self._queue.put_nowait((self._channel + is_report, data))


@contextlib.asynccontextmanager
async def _encoded(
    picture: str, channels: dict[str, int]
) -> AsyncIterator[asyncio.Queue[tuple[int, bytes]]]:
    """Yield the packets of the tracks that were asked for, with their channels."""
    queue: asyncio.Queue[tuple[int, bytes]] = asyncio.Queue()
    loop = asyncio.get_running_loop()
    async with contextlib.AsyncExitStack() as stack:
        targets: dict[str, str] = {}
        for track, channel in channels.items():
            transport, _ = await loop.create_datagram_endpoint(
                partial(_Packets, channel, queue),
                local_addr=(_LOOPBACK, 0),
            )
            stack.callback(transport.close)
            port = transport.get_extra_info("sockname")[1]
            targets[track] = f"rtp://{_LOOPBACK}:{port}?rtcpport={port}&pkt_size=1200"
        encode = {
            "video": (
                *("-map", "0:v", "-c:v", "libx264", "-preset", "ultrafast"),
                *("-g", "10", "-pix_fmt", "yuv420p", "-threads", "1"),
                *("-payload_type", "96"),
            ),
            "audio": ("-map", "1:a", "-c:a", "pcm_alaw", "-ar", "8000"),
        }
        process = await asyncio.create_subprocess_exec(
            *(get_ffmpeg_exe(), "-loglevel", "error", "-re"),
            *("-f", "lavfi", "-i", picture),
            *("-re", "-f", "lavfi", "-i", "sine=frequency=440"),
            *(
                argument
                for track, target in targets.items()
                for argument in (*encode[track], "-f", "rtp", target)
            ),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
        )
        try:
            yield queue
        finally:
            with contextlib.suppress(ProcessLookupError):
                process.kill()
            await process.wait()
