"""Percentiles, and under which circumstances they were taken."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from importlib.metadata import version
import math
import os
from pathlib import Path
import platform
import sys
from typing import Any

PERCENTILES = (50, 95, 99)


def percentile(samples: Sequence[float], percent: float) -> float:
    """Return the smallest sample that `percent` of all do not exceed."""
    ordered = sorted(samples)
    return ordered[max(0, math.ceil(len(ordered) * percent / 100) - 1)]


def percentiles(samples: Sequence[float]) -> dict[str, float]:
    """Return the percentiles of times in seconds, and the worst, in milliseconds."""
    return {
        f"p{percent}": round(percentile(samples, percent) * 1000, 2)
        for percent in PERCENTILES
    } | {"max": round(max(samples) * 1000, 2), "min": round(min(samples) * 1000, 2)}


def compare(
    product: Sequence[float], baseline: Sequence[float]
) -> dict[str, dict[str, float]]:
    """Return both in milliseconds, and how many times the baseline the product takes."""
    ours, plain = percentiles(product), percentiles(baseline)
    return {
        "product_ms": ours,
        "baseline_ms": plain,
        "ratio": {
            f"p{percent}": round(ours[f"p{percent}"] / plain[f"p{percent}"], 2)
            for percent in PERCENTILES
        },
    }


def show_comparison(
    title: str, result: Mapping[str, Mapping[str, float]], *, ours: str, plain: str
) -> None:
    """Print both and their ratio as a table in Markdown."""
    columns = [f"p{percent}" for percent in PERCENTILES]
    print(f"\n{title}\n")
    print(f"| | {' | '.join(columns)} | worst |")
    print(f"|---|{'---:|' * (len(columns) + 1)}")
    for name, key in ((ours, "product_ms"), (plain, "baseline_ms")):
        times = [f"{result[key][column]:.2f} ms" for column in (*columns, "max")]
        print(f"| {name} | {' | '.join(times)} |")
    ratios = [f"**{result['ratio'][column]:.2f}**" for column in columns]
    print(f"| ratio | {' | '.join(ratios)} | |")


def circumstances(module: str) -> dict[str, Any]:
    """Return the command, the date, the machine and the versions."""
    return {
        "command": f"python -m benchmarks.{module} {' '.join(sys.argv[1:])}".strip(),
        "date": datetime.now(UTC).strftime("%Y-%m-%d %H:%M UTC"),
        "machine": f"{os.cpu_count()} × {_processor()}, {platform.system()}",
        "load_before": load(),
        "versions": {
            "Home Assistant": version("homeassistant"),
            "Python": platform.python_version(),
            "aiohttp": version("aiohttp"),
        },
    }


def show_circumstances(about: Mapping[str, Any]) -> None:
    """Print what a figure is worth nothing without."""
    versions = ", ".join(
        f"{name} {number}" for name, number in about["versions"].items()
    )
    print(f"\n{about['command']}\n{about['date']}; {about['machine']}; {versions}")
    print(
        f"load average of the last minute: {about['load_before']} before, "
        f"{about['load_after']} after (this benchmark's own processes included)"
    )


def load() -> float:
    """Return the load average of the last minute."""
    return round(os.getloadavg()[0], 2)


def _processor() -> str:
    for line in Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines():
        if line.startswith("model name"):
            return line.partition(":")[2].strip()
    return platform.machine()
