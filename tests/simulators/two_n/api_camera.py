"""Functions of camera: one JPEG, or a stream of them."""

import asyncio
from collections.abc import Mapping

from aiohttp import web

from .config import Json, Privilege, Service
from .context import Context, Endpoint
from .errors import ApiError, ErrorCode

_BOUNDARY = "--imageBoundary"
_SOURCES = ("internal",)


async def _caps(context: Context) -> Json:
    return {
        "jpegResolution": [
            {"width": width, "height": height}
            for width, height in context.station.config.resolutions
        ],
        "sources": [{"source": source} for source in _SOURCES],
    }


async def _snapshot(context: Context) -> web.StreamResponse:
    params = context.params
    width = params.integer("width", 1, 10_000)
    height = params.integer("height", 1, 10_000)
    resolutions = context.station.config.resolutions
    if (width, height) not in resolutions:
        wrong = "height" if any(w == width for w, _ in resolutions) else "width"
        raise ApiError(ErrorCode.INVALID, wrong)
    if params.values.get("source", "internal") not in _SOURCES:
        raise ApiError(ErrorCode.INVALID, "source")
    fps = params.optional_integer("fps", 1, 15)
    shift = params.integer("time", -30, 0, 0)
    params.integer("quality", 1, 99, 85)

    async def frame() -> bytes:
        station = context.station
        return await context.camera.snapshot(
            width,
            height,
            station.clock.time() + shift,
            visitor=bool(station.calls.running),
        )

    if fps is None:
        return web.Response(body=await frame(), content_type="image/jpeg")
    if shift:
        raise ApiError(ErrorCode.COLLISION, "time")
    response = web.StreamResponse(
        headers={"Content-Type": f"multipart/x-mixed-replace; boundary={_BOUNDARY[2:]}"}
    )
    await response.prepare(context.request)
    while True:
        picture = await frame()
        head = (
            f"{_BOUNDARY}\r\nContent-Type: image/jpeg\r\n"
            f"Content-Length: {len(picture)}\r\n\r\n"
        )
        await response.write(head.encode() + picture + b"\r\n")
        await asyncio.sleep(1 / fps)


ENDPOINTS: Mapping[str, Endpoint] = {
    "/api/camera/caps": Endpoint(
        handler=_caps, service=Service.CAMERA, privilege=Privilege.CAMERA_MONITORING
    ),
    "/api/camera/snapshot": Endpoint(
        handler=_snapshot,
        service=Service.CAMERA,
        privilege=Privilege.CAMERA_MONITORING,
    ),
}
