"""What many stations cost: `python -m benchmarks.scale`.

For each number of stations, in a Home Assistant that was restarted once they were set
up: the time to load the practice again, and until every station is available again;
memory and processor time at rest; and how long a ring takes among that many, next to
the baseline of `ring_latency`. Nothing asserts a time.
"""

import argparse
import asyncio
import json
import os
from pathlib import Path
import statistics
import time
from typing import Any

from .figures import circumstances, load, show_circumstances
from .ring_latency import measure
from .stage import Stage, new_stage
from .watch import Watch

RELOADS = 5
SETTLE_S = 15.0
REST_S = 30.0


def memory_mb(pid: int) -> float:
    """Return what a process keeps in memory, in MiB."""
    for line in Path(f"/proc/{pid}/status").read_text(encoding="ascii").splitlines():
        if line.startswith("VmRSS:"):
            return round(int(line.split()[1]) / 1024, 1)
    raise ProcessLookupError(pid)


def processor_s(pid: int) -> float:
    """Return the processor time that a process has used, in seconds."""
    stat = Path(f"/proc/{pid}/stat").read_text(encoding="ascii")
    fields = stat.rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


async def at_rest(stage: Stage) -> dict[str, float]:
    """Return memory, and processor time per second, once nothing goes on any more."""
    await asyncio.sleep(SETTLE_S)
    pid = stage.home.pid
    before, began = processor_s(pid), time.monotonic()
    await asyncio.sleep(REST_S)
    used = (processor_s(pid) - before) / (time.monotonic() - began)
    return {"memory_mb": memory_mb(pid), "processor_percent": round(used * 100, 2)}


async def reload(stage: Stage, watch: Watch, stations: int) -> tuple[float, float]:
    """Return the seconds until the practice is loaded, and all stations available."""
    began = time.monotonic()
    await stage.client.rest(
        "POST", f"/api/config/config_entries/entry/{stage.entry}/reload"
    )
    loaded = time.monotonic() - began
    await stage.wait_until_available(watch, stations)
    return loaded, time.monotonic() - began


async def measure_stations(stations: int, rings: int) -> dict[str, Any]:
    """Measure with one number of stations; 0 is Home Assistant without the practice."""
    async with new_stage(stations=max(1, stations)) as stage:
        result: dict[str, Any] = {"stations": stations}
        if stations:
            began = time.monotonic()
            await stage.add_practice(stations=stations)
            result["set_up_by_hand_s"] = round(time.monotonic() - began, 1)
        await stage.restart()
        async with stage.watch() as watch:
            if not stations:
                return result | await at_rest(stage)
            await stage.wait_until_available(watch, stations)
            result |= await at_rest(stage)
            times = [await reload(stage, watch, stations) for _ in range(RELOADS)]
            loaded, available = zip(*times, strict=True)
            result["loaded_s"] = round(statistics.median(loaded), 3)
            result["available_s"] = round(statistics.median(available), 3)
            await asyncio.sleep(2)
            result["ring"] = await measure(stage, watch, rings)
            result["memory_after_rings_mb"] = memory_mb(stage.home.pid)
            return result


def show(results: list[dict[str, Any]]) -> None:
    """Print a table in Markdown."""
    print(
        "\n| stations | memory | over none | processor at rest | loaded | available "
        "| ring p50 | p95 | baseline p50 | ratio p50 | p95 |"
    )
    print(f"|{'---:|' * 11}")
    none = next((each for each in results if not each["stations"]), None)
    for each in results:
        memory = each["memory_mb"]
        row = [
            f"{each['stations']}",
            f"{memory:.0f} MiB",
            f"{memory - none['memory_mb']:+.1f} MiB" if none else "",
            f"{each['processor_percent']:.2f} %",
        ]
        if ring := each.get("ring"):
            row += [
                f"{each['loaded_s']:.2f} s",
                f"{each['available_s']:.2f} s",
                f"{ring['product_ms']['p50']:.2f} ms",
                f"{ring['product_ms']['p95']:.2f} ms",
                f"{ring['baseline_ms']['p50']:.2f} ms",
                f"**{ring['ratio']['p50']:.2f}**",
                f"**{ring['ratio']['p95']:.2f}**",
            ]
        else:
            row += [""] * 7
        print(f"| {' | '.join(row)} |")


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.scale", description=__doc__
    )
    parser.add_argument(
        "--stations", type=int, nargs="+", default=[0, 1, 10, 50], metavar="COUNT"
    )
    parser.add_argument("--rings", type=int, default=200)
    parser.add_argument("--json", action="store_true", help="print JSON only")
    options = parser.parse_args()
    about = circumstances("scale")
    results = [
        asyncio.run(measure_stations(count, options.rings))
        for count in options.stations
    ]
    about["load_after"] = load()
    if options.json:
        print(json.dumps({"about": about, "results": results}, indent=2))
        return
    show(results)
    show_circumstances(about)


if __name__ == "__main__":
    main()
