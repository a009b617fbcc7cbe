"""From the press on the bell to the screen: `python -m benchmarks.ring_latency`.

Product: from the moment at which the simulated station puts `KeyPressed` into the
answer of the log's pull, to the `state_changed` of the doorbell at a WebSocket client.
Baseline: from the moment at which the same process posts to a webhook, to the
`state_changed` of a webhook-triggered template event entity at the same client.

Both are measured in one run of one Home Assistant, in turns, and nothing else is under
way: each ring is over before the next begins. Nothing asserts a time.
"""

import argparse
import asyncio
import json
from typing import Any

from .figures import circumstances, compare, load, show_circumstances, show_comparison
from .stage import PLAIN_BELL, Stage, new_stage
from .watch import Watch, soon

WARM_UP = 10
# Seconds of quiet between any two things that are asked of Home Assistant.
PAUSE = 0.06


async def ring(stage: Stage, watch: Watch, station: int, bell: str) -> float:
    """Ring at a station once; returns the seconds until the client knew."""
    seen = watch.next(bell)
    await stage.stations.press(station)
    came = await soon(seen)
    rung = await stage.stations.rung(station)
    await asyncio.sleep(PAUSE)
    return came - rung


async def end_ring(stage: Stage, watch: Watch, station: int, sensor: str) -> None:
    """End the ring of a station, and wait until Home Assistant is quiet again."""
    idle = watch.next(sensor, lambda state: state["state"] == "idle")
    await stage.stations.hang_up(station)
    await soon(idle)
    await asyncio.sleep(PAUSE)


async def ring_plainly(stage: Stage, watch: Watch) -> float:
    """Ring the plain bell once; returns the seconds until the client knew."""
    seen = watch.next(PLAIN_BELL)
    posted = await stage.stations.post(stage.webhook)
    came = await soon(seen)
    await asyncio.sleep(PAUSE)
    return came - posted


async def measure(
    stage: Stage, watch: Watch, rings: int
) -> dict[str, dict[str, float]]:
    """Ring in turns, at all stations one after the other."""
    bells = await stage.entities("-doorbell")
    (sensor,) = await stage.entities("-ring")
    product: list[float] = []
    baseline: list[float] = []

    async def ours(number: int) -> None:
        station = number % len(bells)
        product.append(await ring(stage, watch, station, bells[station]))
        await end_ring(stage, watch, station, sensor)

    async def plain() -> None:
        baseline.append(await ring_plainly(stage, watch))

    for number in range(WARM_UP + rings):
        # Neither has the other before it always.
        if number % 2:
            await ours(number)
            await plain()
        else:
            await plain()
            await ours(number)
    return compare(product[WARM_UP:], baseline[WARM_UP:])


async def run(rings: int) -> dict[str, dict[str, float]]:
    """Set up a practice with one station and measure."""
    async with new_stage(stations=1) as stage:
        await stage.add_practice(stations=1)
        async with stage.watch() as watch:
            await stage.wait_until_available(watch, 1)
            await asyncio.sleep(2)
            return await measure(stage, watch, rings)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.ring_latency", description=__doc__
    )
    parser.add_argument("--rings", type=int, default=500)
    parser.add_argument("--json", action="store_true", help="print JSON only")
    options = parser.parse_args()
    result: dict[str, Any] = {"about": circumstances("ring_latency")}
    result |= asyncio.run(run(options.rings))
    result["about"]["load_after"] = load()
    result["rings"] = options.rings
    if options.json:
        print(json.dumps(result, indent=2))
        return
    show_comparison(
        f"Bell to WebSocket client, {options.rings} rings and as many of the baseline",
        result,
        ours="Cabinet Secure",
        plain="webhook → template event",
    )
    show_circumstances(result["about"])


if __name__ == "__main__":
    main()
