"""From the press on the bell to the phone: `python -m benchmarks.push_latency`.

From the moment at which the simulated station puts `KeyPressed` into the answer of the
log's pull, to the moment at which a phone with the companion app reads the push from
its channel. Through the blueprint `notify_on_ring` as it is shipped, with one phone in
its first step; and through the shortest automation that does it in plain Home
Assistant: a state trigger on the same doorbell, and `notify` to the same phone.

Both are measured in one run of one Home Assistant, in turns; while one of the two
automations is on, the other one is off. Nothing asserts a time.
"""

import argparse
import asyncio
import json
from typing import Any

from tests.simulators.companion import Phone

from .figures import circumstances, compare, load, show_circumstances, show_comparison
from .ring_latency import PAUSE, WARM_UP, end_ring
from .stage import Stage, new_stage
from .watch import Watch

BLUEPRINT = "cabinet-secure/notify_on_ring.yaml"
PHONE = "Benchmark phone"
NOTIFY = "notify.mobile_app_benchmark_phone"
TITLES = {"blueprint": "Ring at the entrance", "plain": "Somebody rings"}


async def add_automations(stage: Stage, watch: Watch, bell: str, device: str) -> None:
    """Set up both automations, as the automation editor does."""
    automations: dict[str, dict[str, Any]] = {
        "blueprint": {
            "use_blueprint": {
                "path": BLUEPRINT,
                "input": {
                    "step_1_phones": [device],
                    "language": "en",
                    # Nothing of one ring is to be under way during the next.
                    "clear_after": 0,
                },
            }
        },
        "plain": {
            "triggers": [{"trigger": "state", "entity_id": bell}],
            "actions": [
                {
                    "action": NOTIFY,
                    "data": {"title": TITLES["plain"], "message": "Entrance"},
                }
            ],
        },
    }
    for name, automation in automations.items():
        await stage.client.rest(
            "POST",
            f"/api/config/automation/config/{name}",
            {"alias": name, "description": ""} | automation,
        )
    async with asyncio.timeout(20):
        while any(watch.states.get(f"automation.{name}") != "on" for name in TITLES):  # noqa: ASYNC110
            await asyncio.sleep(0.1)


async def wait_for_phone(stage: Stage, phone: Phone) -> str:
    """Wait until the phone can be notified; returns its device identifier."""
    domain, _, action = NOTIFY.partition(".")
    async with asyncio.timeout(20):
        while action not in (await stage.socket.command("get_services"))[domain]:  # noqa: ASYNC110
            await asyncio.sleep(0.1)
    devices = await stage.socket.command("config/device_registry/list")
    return next(
        str(device["id"]) for device in devices if device["name"] == phone.device_name
    )


async def measure(
    stage: Stage, watch: Watch, phone: Phone, rings: int
) -> dict[str, dict[str, float]]:
    """Ring in turns of the two automations."""
    (bell,) = await stage.entities("-doorbell")
    (sensor,) = await stage.entities("-ring")
    await add_automations(stage, watch, bell, await wait_for_phone(stage, phone))
    samples: dict[str, list[float]] = {name: [] for name in TITLES}

    async def ring(name: str) -> None:
        for each in TITLES:
            await stage.client.call_action(
                "automation",
                "turn_on" if each == name else "turn_off",
                entity_id=f"automation.{each}",
            )
        await asyncio.sleep(PAUSE)
        so_far = len(phone.notifications)
        await stage.stations.press(0)
        await phone.until(
            lambda phone: any(
                each.title == TITLES[name] for each in phone.notifications[so_far:]
            ),
            timeout=20,
        )
        rung = await stage.stations.rung(0)
        first = phone.notifications[so_far]
        assert first.title == TITLES[name], f"{name}: {first.title}"
        samples[name].append(first.received_at - rung)
        await asyncio.sleep(PAUSE)
        await end_ring(stage, watch, 0, sensor)
        # What the blueprint says of the end has come, too.
        await asyncio.sleep(PAUSE)

    for number in range(WARM_UP + rings):
        # Neither has the other before it always.
        for name in sorted(TITLES, reverse=bool(number % 2)):
            await ring(name)
    return compare(samples["blueprint"][WARM_UP:], samples["plain"][WARM_UP:])


async def run(rings: int) -> dict[str, dict[str, float]]:
    """Set up a practice with one station and one phone, and measure."""
    async with new_stage(stations=1) as stage:
        await stage.add_practice(stations=1)
        token = stage.client.access_token
        assert token is not None
        async with (
            stage.watch() as watch,
            Phone(stage.home.url, token, device_name=PHONE) as phone,
        ):
            await stage.wait_until_available(watch, 1)
            await asyncio.sleep(2)
            return await measure(stage, watch, phone, rings)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.push_latency", description=__doc__
    )
    parser.add_argument("--rings", type=int, default=200)
    parser.add_argument("--json", action="store_true", help="print JSON only")
    options = parser.parse_args()
    result: dict[str, Any] = {"about": circumstances("push_latency")}
    result |= asyncio.run(run(options.rings))
    result["about"]["load_after"] = load()
    result["rings"] = options.rings
    if options.json:
        print(json.dumps(result, indent=2))
        return
    show_comparison(
        f"Bell to the push at the phone, {options.rings} rings each",
        result,
        ours="blueprint notify_on_ring",
        plain="state trigger → notify",
    )
    show_circumstances(result["about"])


if __name__ == "__main__":
    main()
