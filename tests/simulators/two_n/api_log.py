"""Functions of log: an event reaches a held pull at once."""

from collections.abc import Mapping
import json
import time

from aiohttp import web

from .config import Json, Service
from .context import Context, Endpoint
from .faults import cut_short

_DURATION_DEFAULT_S = 90
_DURATION_MAX_S = 3600
_UINT32 = 2**32 - 1


async def _caps(context: Context) -> Json:
    return {"events": list(context.station.log.types)}


async def _subscribe(context: Context) -> Json:
    params = context.params
    filtered = params.values.get("filter")
    channel = context.station.log.subscribe(
        include=params.values.get("include", "new"),
        names=filtered.split(",") if filtered else None,
        duration_s=params.integer("duration", 1, _DURATION_MAX_S, _DURATION_DEFAULT_S),
        privileges=context.privileges,
    )
    return {"id": channel.id}


async def _pull(context: Context) -> web.StreamResponse:
    records = await context.station.log.pull(
        context.params.integer("id", 0, _UINT32),
        context.params.integer("timeout", 0, _UINT32, 0),
    )
    body = json.dumps(
        {"success": True, "result": {"events": [record.body for record in records]}}
    ).encode()
    if context.faults.drop_pull:
        # What was taken from the queue is lost with the connection.
        return await cut_short(context.request, body)
    now = time.monotonic()
    context.written.extend(
        {
            "id": record.id,
            "boot": record.boot,
            "event": record.event,
            "written_t": now,
        }
        for record in records
    )
    return web.Response(body=body, content_type="application/json")


async def _unsubscribe(context: Context) -> None:
    context.station.log.unsubscribe(context.params.integer("id", 0, _UINT32))


ENDPOINTS: Mapping[str, Endpoint] = {
    "/api/log/caps": Endpoint(handler=_caps, service=Service.LOG),
    "/api/log/subscribe": Endpoint(handler=_subscribe, service=Service.LOG),
    "/api/log/pull": Endpoint(handler=_pull, service=Service.LOG),
    "/api/log/unsubscribe": Endpoint(handler=_unsubscribe, service=Service.LOG),
}
