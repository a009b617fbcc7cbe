"""From a panic button to the siren and the phone: `python -m benchmarks.panic_latency`.

From the moment at which the simulated station puts the second `InputChanged` of a panic
button into the answer of the log's pull, to the moment at which the station gets the
command to its siren, and to the moment at which a phone with the companion app reads the
push. Through the panic chain and its blueprint `panic_alarm` as shipped; and through the
shortest automations that do it in plain Home Assistant: a state trigger on an input of
the same station, and `switch.turn_on` of its output, or `notify` to the same phone.

All are measured in one run of one Home Assistant, in turns. With `--flood 1000` the
station also reports so many rings a second, and what is measured is how soon the panic
is announced at a WebSocket client. Nothing asserts a time.
"""

import argparse
import asyncio
from collections.abc import Callable
import json
from typing import Any

from tests.e2e.home_assistant_client import CommandFailedError
from tests.simulators.companion import Phone

from .figures import (
    circumstances,
    compare,
    load,
    percentiles,
    show_circumstances,
    show_comparison,
)
from .push_latency import NOTIFY, PHONE, wait_for_phone
from .ring_latency import PAUSE, WARM_UP
from .stage import Stage, new_stage
from .watch import Watch, soon

PANIC = "binary_sensor.cabinet_demo_panic"
TITLES = {"product": "Panic alarm", "plain": "Somebody calls"}
# The panic button, and what the plain automations look at.
BUTTON, TO_OUTPUT, TO_PHONE = "input1", "input2", "input3"
SIREN, OUTPUT = "output1", "output2"


async def enable(stage: Stage) -> dict[str, str]:
    """Enable the entities that the plain automations need; return them by their port."""
    wanted: dict[str, str] = {}
    async with asyncio.timeout(60):
        # The practice is set up once more for its new station.
        while len(wanted) < 3:
            await asyncio.sleep(0.2)
            wanted = {
                str(each["unique_id"]).rpartition("-")[2]: str(each["entity_id"])
                for each in await stage.socket.command("config/entity_registry/list")
                if str(each["unique_id"]).endswith((TO_OUTPUT, TO_PHONE, OUTPUT))
            }
    for entity in wanted.values():
        await stage.socket.command(
            "config/entity_registry/update", entity_id=entity, disabled_by=None
        )
    await stage.restart()
    return wanted


async def add_automations(stage: Stage, ports: dict[str, str], phone: str) -> None:
    """Set up the automations, as the automation editor does."""
    automations: dict[str, dict[str, Any]] = {
        "product": {
            "use_blueprint": {
                "path": "cabinet-secure/panic_alarm.yaml",
                "input": {"step_1_phones": [phone], "language": "en"},
            }
        },
        "plain_siren": {
            "triggers": [
                {"trigger": "state", "entity_id": ports[TO_OUTPUT], "to": "on"}
            ],
            "actions": [
                {"action": "switch.turn_on", "target": {"entity_id": ports[OUTPUT]}}
            ],
        },
        "plain_push": {
            "triggers": [
                {"trigger": "state", "entity_id": ports[TO_PHONE], "to": "on"}
            ],
            "actions": [
                {
                    "action": NOTIFY,
                    "data": {"title": TITLES["plain"], "message": "Reception"},
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
    await asyncio.sleep(2)


async def until(probe: Callable[[], Any], after: float) -> float:
    """Ask until the answer is later than `after`; returns it."""
    async with asyncio.timeout(20):
        while (came := float(await probe())) <= after:  # noqa: ASYNC110
            await asyncio.sleep(0.01)
    return came


class Runs:
    """Presses buttons and notes how long everything took, in seconds."""

    def __init__(self, stage: Stage, watch: Watch, phone: Phone) -> None:
        self._stage = stage
        self._watch = watch
        self._phone = phone
        self.siren: list[float] = []
        self.push: list[float] = []
        self.announced: list[float] = []
        self.plain_siren: list[float] = []
        self.plain_push: list[float] = []

    async def call_for_help(self) -> None:
        """Press the panic button twice, and reset."""
        stations = self._stage.stations
        seen = self._watch.next(PANIC, lambda state: state["state"] == "on")
        so_far = len(self._phone.notifications)
        for _ in range(2):
            await stations.pulse(0, BUTTON)
        announced = await soon(seen)
        pressed = await stations.switched(0, BUTTON)
        self.announced.append(announced - pressed)
        self.siren.append(
            await until(lambda: stations.commanded(0, SIREN), pressed) - pressed
        )
        self.push.append(await self._pushed(so_far, TITLES["product"]) - pressed)
        await self._reset()

    async def plainly(self) -> None:
        """Let the plain automations do the same."""
        stations = self._stage.stations
        await stations.pulse(0, TO_OUTPUT)
        await asyncio.sleep(PAUSE)
        pressed = await stations.switched(0, TO_OUTPUT)
        self.plain_siren.append(
            await until(lambda: stations.commanded(0, OUTPUT), pressed) - pressed
        )
        await self._stage.client.call_action(
            "switch", "turn_off", entity_id=self.output
        )
        await asyncio.sleep(PAUSE)
        so_far = len(self._phone.notifications)
        await stations.pulse(0, TO_PHONE)
        came = await self._pushed(so_far, TITLES["plain"])
        self.plain_push.append(came - await stations.switched(0, TO_PHONE))
        await asyncio.sleep(PAUSE)

    output = ""

    async def _pushed(self, so_far: int, title: str) -> float:
        await self._phone.until(
            lambda phone: any(
                each.title == title for each in phone.notifications[so_far:]
            ),
            timeout=20,
        )
        return next(
            each.received_at
            for each in self._phone.notifications[so_far:]
            if each.title == title
        )

    async def _reset(self) -> None:
        off = self._watch.next(PANIC, lambda state: state["state"] == "off")
        try:
            await self._stage.client.call_action("cabinet_secure", "reset_panic")
        except CommandFailedError:
            return
        await soon(off)
        # What the blueprint says of the end has come, too.
        await asyncio.sleep(4 * PAUSE)


async def run(calls: int, flood: float) -> dict[str, Any]:
    """Set up a practice with one station and one phone, and measure."""
    async with new_stage(stations=1) as stage:
        await stage.add_practice(stations=1)
        ports = await enable(stage)
        token = stage.client.access_token
        assert token is not None
        async with (
            stage.watch() as watch,
            Phone(stage.home.url, token, device_name=PHONE) as phone,
        ):
            await stage.wait_until_available(watch, 1)
            await asyncio.sleep(2)
            await add_automations(stage, ports, await wait_for_phone(stage, phone))
            runs = Runs(stage, watch, phone)
            runs.output = ports[OUTPUT]
            await stage.stations.flood(0, flood)
            for number in range(WARM_UP + calls):
                # Neither has the other before it always.
                for product in (True, False) if number % 2 else (False, True):
                    if product:
                        await runs.call_for_help()
                    elif not flood:
                        await runs.plainly()
            await stage.stations.flood(0, 0)
    result: dict[str, Any] = {
        "announced_ms": percentiles(runs.announced[WARM_UP:]),
        "siren_ms": percentiles(runs.siren[WARM_UP:]),
        "push_ms": percentiles(runs.push[WARM_UP:]),
    }
    if not flood:
        result |= {
            "siren": compare(runs.siren[WARM_UP:], runs.plain_siren[WARM_UP:]),
            "push": compare(runs.push[WARM_UP:], runs.plain_push[WARM_UP:]),
        }
    return result


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.panic_latency", description=__doc__
    )
    parser.add_argument("--calls", type=int, default=300)
    parser.add_argument("--flood", type=float, default=0, help="rings a second")
    parser.add_argument("--json", action="store_true", help="print JSON only")
    options = parser.parse_args()
    result: dict[str, Any] = {"about": circumstances("panic_latency")}
    result |= asyncio.run(run(options.calls, options.flood))
    result["about"]["load_after"] = load()
    if options.json:
        print(json.dumps(result, indent=2))
        return
    if options.flood:
        print(f"\nA panic among {options.flood:.0f} rings a second\n")
        for name in ("announced_ms", "siren_ms", "push_ms"):
            print(name, result[name])
    else:
        for name, ours, plain in (
            ("siren", "panic chain", "state trigger → switch"),
            ("push", "blueprint panic_alarm", "state trigger → notify"),
        ):
            show_comparison(
                f"Panic button to the {name}, {options.calls} calls each",
                result[name],
                ours=ours,
                plain=plain,
            )
    show_circumstances(result["about"])


if __name__ == "__main__":
    main()
