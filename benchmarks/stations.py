"""Door stations in a process of their own: `python -m benchmarks.stations --count 50`.

Prints one line of JSON when they listen: `control`, the port of what is below, and
`stations`, their ports. The plain bell of the baseline is posted from this process
too, so that both ways begin alike.

    POST /press/{station}    press the bell
    GET  /rung/{station}     when its last `KeyPressed` went into a pull's answer
    POST /hang_up/{station}  take the call on a desk phone, and put the receiver down
    POST /post {"url": …}    post to a webhook; answers when that began
"""

import argparse
import asyncio
from collections.abc import AsyncIterator, Sequence
import contextlib
from dataclasses import replace
import json
import signal
import sys
import time

import aiohttp
from aiohttp import web

from tests.simulators.two_n import StationConfig, TwoNSimulator

LOOPBACK = "127.0.0.1"


def station_config(number: int) -> StationConfig:
    """Return a station that differs from every other one in what has to differ."""
    return replace(
        StationConfig(),
        name=f"Entrance {number}",
        serial=f"54-{number:04d}-0001",
        mac=f"7C-1E-B3-00-{number // 256:02X}-{number % 256:02X}",
        tz_shift_min=time.localtime().tm_gmtoff // 60,
    )


def control(stations: Sequence[TwoNSimulator]) -> web.Application:
    """Return the hand at the doors."""
    session: aiohttp.ClientSession

    def chosen(request: web.Request) -> TwoNSimulator:
        return stations[int(request.match_info["station"])]

    async def press(request: web.Request) -> web.Response:
        chosen(request).press("%1")
        return web.json_response({})

    async def rung(request: web.Request) -> web.Response:
        last = next(
            each
            for each in reversed(chosen(request).api.written)
            if each["event"] == "KeyPressed"
        )
        return web.json_response({"t": last["written_t"]})

    async def hang_up(request: web.Request) -> web.Response:
        chosen(request).set_call("connected")
        chosen(request).set_call("terminated")
        return web.json_response({})

    async def post(request: web.Request) -> web.Response:
        url = (await request.json())["url"]
        began = time.monotonic()
        async with session.post(url) as answer:
            await answer.read()
            answer.raise_for_status()
        return web.json_response({"t": began})

    async def connections(_: web.Application) -> AsyncIterator[None]:
        nonlocal session
        async with aiohttp.ClientSession() as session:
            yield

    app = web.Application()
    app.router.add_post("/press/{station}", press)
    app.router.add_get("/rung/{station}", rung)
    app.router.add_post("/hang_up/{station}", hang_up)
    app.router.add_post("/post", post)
    app.cleanup_ctx.append(connections)
    return app


async def serve(count: int) -> None:
    """Run until SIGINT or SIGTERM."""
    stopped = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stopped.set)
    async with contextlib.AsyncExitStack() as stack:
        stations = [
            await stack.enter_async_context(TwoNSimulator(station_config(number)))
            for number in range(1, count + 1)
        ]
        runner = web.AppRunner(control(stations), access_log=None)
        await runner.setup()
        stack.push_async_callback(runner.cleanup)
        await web.TCPSite(runner, LOOPBACK, 0).start()
        ports = {
            "control": runner.addresses[0][1],
            "stations": [station.port for station in stations],
        }
        sys.stdout.write(f"{json.dumps(ports)}\n")
        sys.stdout.flush()
        await stopped.wait()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="python -m benchmarks.stations")
    parser.add_argument("--count", type=int, default=1)
    asyncio.run(serve(parser.parse_args().count))
