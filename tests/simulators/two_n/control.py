"""The control interface below `/sim/`, and the page at `/`.

No authentication, and it works while the station has no power or no network: it is
the hand at the door, not a part of the station.
"""

import asyncio
from collections.abc import Awaitable, Callable
import json
from pathlib import Path
from typing import TYPE_CHECKING

from aiohttp import web

from .config import AuthMode, Json, Service, ServiceConfig
from .log import Record

if TYPE_CHECKING:
    from .server import TwoNSimulator

_STATIC = Path(__file__).parent / "static"
_SECRET_PARAMS = frozenset({"code"})
_STREAM_QUEUE = 200
_HEARTBEAT_S = 1.0

type _Act = Callable[[TwoNSimulator, Json], Json | None]


def _press(sim: TwoNSimulator, body: Json) -> None:
    sim.press(body.get("key", "%1"))


def _type(sim: TwoNSimulator, body: Json) -> None:
    sim.type_code(body["code"])


def _input(sim: TwoNSimulator, body: Json) -> None:
    sim.set_input(body["port"], state=_flag(body, "state"))


def _door(sim: TwoNSimulator, body: Json) -> None:
    sim.set_door(body["state"])


def _card(sim: TwoNSimulator, body: Json) -> None:
    sim.card(body["uid"], held=body.get("held", False))


def _rex(sim: TwoNSimulator, _: Json) -> None:
    sim.rex()


def _tamper(sim: TwoNSimulator, body: Json) -> None:
    sim.tamper(raised=body.get("state", True))


def _dtmf(sim: TwoNSimulator, body: Json) -> None:
    sim.dtmf(body["code"])


def _call(sim: TwoNSimulator, body: Json) -> Json:
    return {"session": sim.set_call(body.pop("state"), **body)}


def _registration(sim: TwoNSimulator, body: Json) -> None:
    sim.set_registration(registered=_flag(body, "registered"))


def _power(sim: TwoNSimulator, body: Json) -> None:
    sim.set_power(on=_flag(body, "on"))


def _network(sim: TwoNSimulator, body: Json) -> None:
    sim.set_network(**body)


def _fault(sim: TwoNSimulator, body: Json) -> None:
    if body.pop("clear", False):
        sim.clear_faults()
    if (kind := body.pop("answer", None)) is not None:
        options = {k: body.pop(k) for k in ("path", "times", "code") if k in body}
        sim.answer_wrongly(kind, **options)
    sim.speak_oddly(**body)


def _expire(sim: TwoNSimulator, body: Json) -> None:
    sim.expire(**body)


def _clock(sim: TwoNSimulator, body: Json) -> None:
    sim.advance(float(body["advance_s"]))


def _event(sim: TwoNSimulator, body: Json) -> Json:
    return {"id": sim.event(body)}


def _flood(sim: TwoNSimulator, body: Json) -> None:
    if (listed := body.pop("events", None)) is not None:
        for raw in listed:
            sim.event(raw)
        return
    sim.flood(**body)


def _account(sim: TwoNSimulator, body: Json) -> None:
    sim.set_account(**body)


def _services(sim: TwoNSimulator, body: Json) -> None:
    for name, change in body.items():
        current = sim.services.get(Service(name)) or ServiceConfig()
        sim.set_service(
            name,
            ServiceConfig(
                enabled=change.get("enabled", current.enabled),
                https_only=change.get("https_only", current.https_only),
                auth=AuthMode(change.get("auth", current.auth)),
            ),
        )


def _user(sim: TwoNSimulator, body: Json) -> Json:
    return {"uuid": sim.add_user(body.pop("name"), **body)}


def _series(sim: TwoNSimulator, _: Json) -> None:
    sim.station.directory.new_series()


_ACTS: dict[str, _Act] = {
    "press": _press,
    "type": _type,
    "input": _input,
    "door": _door,
    "card": _card,
    "rex": _rex,
    "tamper": _tamper,
    "dtmf": _dtmf,
    "call": _call,
    "registration": _registration,
    "power": _power,
    "network": _network,
    "fault": _fault,
    "expire": _expire,
    "clock": _clock,
    "event": _event,
    "flood": _flood,
    "password": _account,
    "services": _services,
    "user": _user,
    "series": _series,
}


def add_control_routes(app: web.Application, sim: TwoNSimulator) -> None:
    """Add the control interface and the page to a server."""
    for name, act in _ACTS.items():
        app.router.add_post(f"/sim/{name}", _acting(sim, act))

    async def state(request: web.Request) -> web.Response:
        return web.json_response(sim.state(events=request.query.get("events") != "0"))

    async def picture(_: web.Request) -> web.Response:
        visitor = bool(sim.station.calls.running)
        jpeg = await sim.camera.snapshot(640, 480, sim.clock.time(), visitor=visitor)
        return web.Response(
            body=jpeg,
            content_type="image/jpeg",
            headers={"Cache-Control": "no-store"},
        )

    async def stream(request: web.Request) -> web.StreamResponse:
        return await _stream(sim, request)

    async def page(_: web.Request) -> web.FileResponse:
        return web.FileResponse(_STATIC / "page.html")

    app.router.add_get("/sim/state", state)
    app.router.add_get("/sim/picture", picture)
    app.router.add_get("/sim/stream", stream)
    app.router.add_get("/", page)
    app.router.add_static("/static", _STATIC)


def _flag(body: Json, name: str) -> bool:
    value = body[name]
    if not isinstance(value, bool):
        raise TypeError(f"{name} is true or false")
    return value


def _acting(
    sim: TwoNSimulator, act: _Act
) -> Callable[[web.Request], Awaitable[web.Response]]:
    async def handler(request: web.Request) -> web.Response:
        try:
            content = await request.read()
            body = json.loads(content) if content else {}
            result = act(sim, dict(body))
        except (KeyError, TypeError, ValueError, AttributeError) as err:
            reason = f"{type(err).__name__}: {err}"
            return web.json_response({"ok": False, "error": reason}, status=400)
        return web.json_response({"ok": True} | (result or {}))

    return handler


async def _stream(sim: TwoNSimulator, request: web.Request) -> web.StreamResponse:
    """Send the page what happened and how things stand, as server-sent events."""
    response = web.StreamResponse(
        headers={"Content-Type": "text/event-stream", "Cache-Control": "no-store"}
    )
    await response.prepare(request)
    queue: asyncio.Queue[Record] = asyncio.Queue(_STREAM_QUEUE)
    listeners = sim.station.log.listeners
    listeners.append(queue)
    try:
        records = list(sim.station.log.history)[-20:]
        while True:
            message = {
                "state": sim.state(events=False),
                "events": [without_secrets(record.body) for record in records],
            }
            await response.write(f"data: {json.dumps(message)}\n\n".encode())
            records = []
            try:
                records.append(await asyncio.wait_for(queue.get(), _HEARTBEAT_S))
                while not queue.empty():
                    records.append(queue.get_nowait())
            except TimeoutError:
                continue
    finally:
        listeners.remove(queue)


def without_secrets(body: Json) -> Json:
    """Return an event as people may see it: codes are masked."""
    params = body.get("params")
    if not isinstance(params, dict):
        return body
    return body | {
        "params": {
            name: "•••" if name in _SECRET_PARAMS else value
            for name, value in params.items()
        }
    }
