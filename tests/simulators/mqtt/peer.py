"""A client of the broker that shows every bit, down to a message that is sent again."""

import asyncio
import contextlib
from typing import Self

_CONNECT = 0x10
_PUBLISH, _PUBACK = 0x30, 0x40
_SUBSCRIBE, _SUBACK = 0x82, 0x90
_DISCONNECT = 0xE0
_RETAIN, _QOS_1, _DUP = 0x01, 0x02, 0x08
_PATIENCE = 60


class MqttPeer:
    """Publishes, and keeps what is published on the topics it subscribed to."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._packet = 0
        # What came, in order: topic and payload.
        self.messages: list[tuple[str, str]] = []
        self._acknowledged: set[int] = set()
        self._came = asyncio.Event()

    async def __aenter__(self) -> Self:
        """Connect."""
        self._reader, self._writer = await asyncio.open_connection(
            "127.0.0.1", self._port
        )
        # MQTT 3.1.1, a clean session, no keep-alive, a name of the broker's choice.
        self._send(_CONNECT, _text("MQTT") + b"\x04\x02\x00\x00" + _text(""))
        async with asyncio.timeout(_PATIENCE):
            await self._receive()
        self._reading = asyncio.create_task(self._read())
        return self

    async def __aexit__(self, *_exc: object) -> None:
        """Say goodbye."""
        self._reading.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await self._reading
        with contextlib.suppress(ConnectionError):
            self._send(_DISCONNECT, b"")
            self._writer.close()
            await self._writer.wait_closed()

    async def subscribe(self, topic: str) -> None:
        """Ask for a topic."""
        packet = self._next()
        self._send(_SUBSCRIBE, packet.to_bytes(2) + _text(topic) + b"\x00")
        await self._until_acknowledged(packet)

    async def publish(
        self, topic: str, payload: str, *, retain: bool = False, times: int = 1
    ) -> None:
        """Publish with QoS 1; `times` over, as after an answer that was lost."""
        packet = self._next()
        body = _text(topic) + packet.to_bytes(2) + payload.encode()
        kind = _PUBLISH | _QOS_1 | (_RETAIN if retain else 0)
        for attempt in range(times):
            self._acknowledged.discard(packet)
            self._send(kind | (_DUP if attempt else 0), body)
            await self._until_acknowledged(packet)

    def _next(self) -> int:
        self._packet += 1
        return self._packet

    def _send(self, kind: int, body: bytes) -> None:
        self._writer.write(bytes([kind]) + _length(len(body)) + body)

    async def _until_acknowledged(self, packet: int) -> None:
        async with asyncio.timeout(_PATIENCE):
            while packet not in self._acknowledged:
                self._came.clear()
                await self._came.wait()

    async def _read(self) -> None:
        with contextlib.suppress(asyncio.IncompleteReadError, ConnectionError):
            while True:
                await self._receive()
                self._came.set()

    async def _receive(self) -> None:
        kind = (await self._reader.readexactly(1))[0]
        length, shift = 0, 0
        while True:
            byte = (await self._reader.readexactly(1))[0]
            length |= (byte & 0x7F) << shift
            if byte < 0x80:
                break
            shift += 7
        body = await self._reader.readexactly(length)
        if kind & 0xF0 == _PUBLISH:
            end = 2 + int.from_bytes(body[:2])
            # What it subscribed to comes with QoS 0, without a packet number.
            self.messages.append((body[2:end].decode(), body[end:].decode()))
        elif kind in (_PUBACK, _SUBACK):
            self._acknowledged.add(int.from_bytes(body[:2]))


def _text(text: str) -> bytes:
    encoded = text.encode()
    return len(encoded).to_bytes(2) + encoded


def _length(length: int) -> bytes:
    out = bytearray()
    while True:
        length, byte = divmod(length, 128)
        out.append(byte | (0x80 if length else 0))
        if not length:
            return bytes(out)
