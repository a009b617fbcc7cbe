"""What can go wrong between the station and its caller."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum
import json

from aiohttp import web

_HUGE_BYTES = 2 * 1024 * 1024


class Answer(StrEnum):
    """Answers that no station should give."""

    NOT_JSON = "not_json"
    NOT_AN_OBJECT = "not_an_object"
    HTML = "html"
    EMPTY = "empty"
    CUT = "cut"
    """The connection ends in the middle of the body."""
    ENDLESS = "endless"
    """The body never ends: bytes keep coming."""
    HUGE = "huge"
    """Valid JSON of more than 1 MiB."""
    ERROR = "error"
    """A refusal with an error code of choice."""
    DROP = "drop"
    """The connection is cut before any answer."""
    SERVER_ERROR = "server_error"
    """HTTP 500 with a text."""


class Silence(StrEnum):
    """How a network that is down behaves."""

    DROP = "drop"
    """Connections are cut at once."""
    HANG = "hang"
    """Connections stay and nothing ever comes."""


@dataclass(slots=True, kw_only=True)
class WrongAnswer:
    """Answer requests below `path` wrongly, `times` times (None: always)."""

    kind: Answer
    path: str = "/api/"
    times: int | None = 1
    code: int = 14


@dataclass(slots=True)
class Faults:
    """The faults in force."""

    network_up: bool = True
    silence: Silence = Silence.DROP
    latency_s: float = 0.0
    drop_pull: bool = False
    wrong_answers: list[WrongAnswer] = field(default_factory=list)
    on_change: list[Callable[[], None]] = field(default_factory=list)

    def take(self, path: str) -> WrongAnswer | None:
        """Return the fault for a request and count it."""
        for fault in self.wrong_answers:
            if not path.startswith(fault.path):
                continue
            if fault.times is not None:
                fault.times -= 1
                if fault.times <= 0:
                    self.wrong_answers.remove(fault)
            return fault
        return None

    def clear(self) -> None:
        """End every fault."""
        self.network_up = True
        self.latency_s = 0.0
        self.drop_pull = False
        self.wrong_answers.clear()


def drop(
    request: web.Request, response: web.StreamResponse | None = None
) -> web.StreamResponse:
    """Cut the connection of a request; what is returned goes nowhere."""
    if request.transport is not None:
        request.transport.abort()
    return response or web.Response()


async def cut_short(request: web.Request, body: bytes) -> web.StreamResponse:
    """Cut the connection in the middle of the body."""
    response = await _begin(request, length=len(body))
    await response.write(body[: len(body) // 2])
    return drop(request, response)


async def give(fault: WrongAnswer, request: web.Request) -> web.StreamResponse:
    """Answer wrongly."""
    match fault.kind:
        case Answer.NOT_JSON:
            return _json_text('{"success": tru')
        case Answer.NOT_AN_OBJECT:
            return _json_text('["success", true]')
        case Answer.EMPTY:
            return _json_text("")
        case Answer.HTML:
            return web.Response(
                text="<html><body>Login</body></html>", content_type="text/html"
            )
        case Answer.HUGE:
            padding = "x" * _HUGE_BYTES
            return _json_text(
                json.dumps({"success": True, "result": {"padding": padding}})
            )
        case Answer.ERROR:
            body = {"success": False, "error": {"code": fault.code, "description": ""}}
            return _json_text(json.dumps(body))
        case Answer.SERVER_ERROR:
            return web.Response(status=500, text="internal error")
        case Answer.DROP:
            return drop(request)
        case Answer.CUT:
            return await cut_short(request, b'{"success": true, "result": {}}')
        case Answer.ENDLESS:
            response = await _begin(request, length=None)
            await response.write(b'{"success": true, "result": {"events": [')
            while True:
                await response.write(b" " * 256)
                await asyncio.sleep(0.01)


async def _begin(request: web.Request, length: int | None) -> web.StreamResponse:
    response = web.StreamResponse(headers={"Content-Type": "application/json"})
    response.content_length = length
    await response.prepare(request)
    return response


def _json_text(text: str) -> web.Response:
    return web.Response(text=text, content_type="application/json")
