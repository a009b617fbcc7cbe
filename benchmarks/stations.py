"""Door stations in a process of their own: `python -m benchmarks.stations --count 50`.

Prints one line of JSON when they listen: `control`, the port of what is below, and
`stations`, their ports. The plain bell of the baseline is posted from this process
too, so that both ways begin alike.

    POST /press/{station}    press the bell
    GET  /rung/{station}     when its last `KeyPressed` went into a pull's answer
    POST /pulse/{station}/{port}      switch an input on and off again
    GET  /switched/{station}/{port}   when its last `InputChanged` went into an answer
    GET  /commanded/{station}/{port}  when an output was last told to be on
    POST /flood/{station} {"rate": …} so many rings a second from now on; 0 ends it
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

from tests.simulators.two_n import PortConfig, PortType, StationConfig, TwoNSimulator

LOOPBACK = "127.0.0.1"


def station_config(number: int) -> StationConfig:
    """Return a station that differs from every other one in what has to differ."""
    return replace(
        StationConfig(),
        name=f"Entrance {number}",
        serial=f"54-{number:04d}-0001",
        mac=f"7C-1E-B3-00-{number // 256:02X}-{number % 256:02X}",
        tz_shift_min=time.localtime().tm_gmtoff // 60,
        ports=(
            *StationConfig().ports,
            PortConfig(name="output2", kind=PortType.OUTPUT),
        ),
    )


def control(stations: Sequence[TwoNSimulator]) -> web.Application:
    """Return the hand at the doors."""
    session: aiohttp.ClientSession
    floods: list[asyncio.Task[None]] = []

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

    async def pulse(request: web.Request) -> web.Response:
        station, port = chosen(request), request.match_info["port"]
        station.set_input(port, state=True)
        station.set_input(port, state=False)
        return web.json_response({})

    async def switched(request: web.Request) -> web.Response:
        station, port = chosen(request), request.match_info["port"]
        events = [
            record.id
            for record in station.station.log.history
            if record.event == "InputChanged"
            and record.body["params"] == {"port": port, "state": True}
        ]
        last = next(
            each
            for each in reversed(station.api.written)
            if each["event"] == "InputChanged" and each["id"] == events[-1]
        )
        return web.json_response({"t": last["written_t"]})

    async def commanded(request: web.Request) -> web.Response:
        wanted = {"port": request.match_info["port"], "action": "on"}
        last = next(
            (
                each
                for each in reversed(chosen(request).commands)
                if each["path"].endswith("io/ctrl") and each["query"] == wanted
            ),
            {"t": 0.0},
        )
        return web.json_response({"t": last["t"]})

    async def flood(request: web.Request) -> web.Response:
        station, rate = chosen(request), (await request.json())["rate"]
        for task in floods:
            task.cancel()
        floods.clear()
        if rate:
            floods.append(asyncio.create_task(_flood(station, rate)))
        return web.json_response({})

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
    app.router.add_post("/pulse/{station}/{port}", pulse)
    app.router.add_get("/switched/{station}/{port}", switched)
    app.router.add_get("/commanded/{station}/{port}", commanded)
    app.router.add_post("/flood/{station}", flood)
    app.router.add_post("/hang_up/{station}", hang_up)
    app.router.add_post("/post", post)
    app.cleanup_ctx.append(connections)
    return app


async def _flood(station: TwoNSimulator, rate: float) -> None:
    """Have a station report so many rings a second, in even portions."""
    began, sent = time.monotonic(), 0
    while True:
        while sent < (time.monotonic() - began) * rate:
            station.station.log.emit("KeyPressed", {"key": "%1"})
            sent += 1
        await asyncio.sleep(0.01)


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
