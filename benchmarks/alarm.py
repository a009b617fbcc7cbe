"""A thousand sensors on guard: `python -m benchmarks.alarm`.

The alarm of a practice next to what somebody without this product would set up: the
`manual` panel of Home Assistant, and one automation per sensor that triggers it. Both
in one Home Assistant, in turns, without a network:

- what so many sensors cost: the time to set them up, and the memory they keep;
- from the change of a sensor, guarded with nobody inside, to the panel's `triggered`;
- how many changes a second are taken in with staff inside, of sensors that do not count
  then, next to changes that nobody listens to.

Nothing asserts a time.
"""

import argparse
import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
import gc
import json
import logging
from pathlib import Path
import tempfile
import time
import tracemalloc
from typing import Any, Final

from homeassistant.const import EVENT_STATE_CHANGED
from homeassistant.core import (
    Context,
    Event,
    EventStateChangedData,
    HomeAssistant,
    callback,
)
from homeassistant.loader import DATA_CUSTOM_COMPONENTS
from homeassistant.setup import async_setup_component
from pytest_homeassistant_custom_component.common import async_test_home_assistant  # type: ignore[import-untyped]

from tests.practices import add_people, demo_subentry, practice_entry, set_up

from .figures import circumstances, compare, load, show_circumstances, show_comparison

PANELS: Final = "alarm_control_panel"
OURS: Final = "alarm_control_panel.cabinet_alarm"
PLAIN: Final = "alarm_control_panel.plain"
WARM_UP: Final = 20
PASSES: Final = 5
MANUAL: Final = {
    "platform": "manual",
    "name": "Plain",
    "code_arm_required": False,
    "arming_time": 0,
    "delay_time": 0,
    "trigger_time": 600,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Guard:
    """A panel, and the sensors it guards: half of them with staff inside, too."""

    hass: HomeAssistant
    panel: str
    sensors: Sequence[str]
    context: Context

    @property
    def perimeter(self) -> Sequence[str]:
        """Return those that count with staff inside as well."""
        return self.sensors[::2]

    @property
    def interior(self) -> Sequence[str]:
        """Return those that count with nobody inside only."""
        return self.sensors[1::2]

    async def call(self, service: str) -> None:
        """Ask the panel for something, as the doctor."""
        await self.hass.services.async_call(
            PANELS, service, {"entity_id": self.panel}, True, self.context
        )

    def sense(self, sensor: str, state: str) -> None:
        """Have a sensor tell something."""
        device_class = "window" if sensor in self.perimeter else "motion"
        self.hass.states.async_set(sensor, state, {"device_class": device_class})

    async def trip(self, sensor: str) -> float:
        """Return the seconds from a sensor's change to `triggered`; disarm again."""
        await self.call("alarm_arm_away")
        await self.hass.async_block_till_done()
        seen = asyncio.get_running_loop().create_future()

        @callback
        def changed(event: Event[EventStateChangedData]) -> None:
            new = event.data["new_state"]
            if new is not None and new.entity_id == self.panel and not seen.done():
                assert new.state == "triggered"
                seen.set_result(time.perf_counter())

        stop = self.hass.bus.async_listen(EVENT_STATE_CHANGED, changed)
        began = time.perf_counter()
        self.hass.states.async_set(sensor, "on")
        took = float(await asyncio.wait_for(seen, 20)) - began
        stop()
        self.hass.states.async_set(sensor, "off")
        await self.call("alarm_disarm")
        await self.hass.async_block_till_done()
        return took


async def throughput(hass: HomeAssistant, sensors: Sequence[str]) -> float:
    """Return how many changes of these sensors a second are taken in."""
    await hass.async_block_till_done()
    began = time.perf_counter()
    for number in range(PASSES * 2):
        state = "off" if number % 2 else "on"
        for sensor in sensors:
            hass.states.async_set(sensor, state)
        await hass.async_block_till_done()
    return PASSES * 2 * len(sensors) / (time.perf_counter() - began)


async def cost(
    hass: HomeAssistant, set_up_sensors: Callable[[], Awaitable[None]]
) -> dict[str, float]:
    """Return the time to set sensors up, and the memory that is kept for them."""
    await hass.async_block_till_done()
    gc.collect()
    tracemalloc.start()
    began = time.perf_counter()
    await set_up_sensors()
    await hass.async_block_till_done()
    took = time.perf_counter() - began
    gc.collect()
    kept, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return {"set_up_s": round(took, 2), "memory_mb": round(kept / 2**20, 2)}


def automation(guard: Guard, sensor: str) -> dict[str, Any]:
    """Return the automation that triggers the plain panel for one sensor."""
    armed = ["armed_away"]
    if sensor in guard.perimeter:
        armed.append("armed_home")
    return {
        "id": sensor,
        "alias": sensor,
        "triggers": [{"trigger": "state", "entity_id": sensor, "to": "on"}],
        "conditions": [
            {"condition": "state", "entity_id": guard.panel, "state": armed}
        ],
        "actions": [
            {
                "action": "alarm_control_panel.alarm_trigger",
                "target": {"entity_id": guard.panel},
            }
        ],
    }


async def measure(
    hass: HomeAssistant, count: int, trips: int
) -> dict[str, dict[str, Any]]:
    """Set up both in one Home Assistant, and measure them in turns."""
    people = await add_people(hass)
    context = Context(user_id=people["doctor"].id)
    ours, plain, nobodys = (
        Guard(
            hass=hass,
            panel=panel,
            sensors=[f"binary_sensor.{name}_{number}" for number in range(count)],
            context=context,
        )
        for name, panel in (("ours", OURS), ("plain", PLAIN), ("nobodys", ""))
    )
    for guard in (ours, plain, nobodys):
        for sensor in guard.sensors:
            guard.sense(sensor, "off")

    assert await async_setup_component(hass, PANELS, {PANELS: [MANUAL]})
    entry = practice_entry(people, demo_subentry(), alarm_exit_delay=0)
    await set_up(hass, entry)
    folder = Path(hass.config.config_dir)
    (folder / "configuration.yaml").write_text("automation: !include automations.yaml")

    def keep(automations: list[dict[str, Any]]) -> None:
        """Write automations as the automation editor does; JSON is YAML."""
        (folder / "automations.yaml").write_text(json.dumps(automations))

    # What any automation needs is no part of what so many cost.
    keep(one := [automation(plain, nobodys.sensors[0])])
    assert await async_setup_component(hass, "automation", {"automation": one})

    async def set_up_ours() -> None:
        hass.config_entries.async_update_entry(
            entry,
            options={
                **entry.options,
                "alarm_perimeter": list(ours.perimeter),
                "alarm_interior": list(ours.interior),
            },
        )
        await hass.async_block_till_done()

    async def set_up_plain() -> None:
        keep([automation(plain, sensor) for sensor in plain.sensors])
        await hass.services.async_call("automation", "reload", blocking=True)

    result: dict[str, dict[str, Any]] = {
        "ours": await cost(hass, set_up_ours),
        "plain": await cost(hass, set_up_plain),
        "nobodys": {},
    }
    times: dict[str, list[float]] = {"ours": [], "plain": []}
    for number in range(WARM_UP + trips):
        pair = [("ours", ours), ("plain", plain)]
        # Neither has the other before it always.
        for name, guard in pair if number % 2 else reversed(pair):
            sensor = guard.sensors[number * 7 % count]
            times[name].append(await guard.trip(sensor))
    result["trips"] = compare(times["ours"][WARM_UP:], times["plain"][WARM_UP:])

    rates: dict[str, list[float]] = {"ours": [], "plain": [], "nobodys": []}
    for guard in (ours, plain):
        await guard.call("alarm_arm_home")
    for _ in range(3):
        for name, guard in (("ours", ours), ("plain", plain), ("nobodys", nobodys)):
            rates[name].append(await throughput(hass, guard.interior))
    for name, each in rates.items():
        result[name]["changes_per_s"] = round(sorted(each)[1])
    for guard in (ours, plain):
        state = hass.states.get(guard.panel)
        assert state is not None
        assert state.state == "armed_home"
    await hass.config_entries.async_unload(entry.entry_id)
    return result


async def run(count: int, trips: int) -> dict[str, Any]:
    """Run a Home Assistant with a folder of its own."""
    # What it says of itself takes longer than what is measured.
    logging.disable(logging.WARNING)
    with tempfile.TemporaryDirectory(prefix="benchmark-") as folder:
        async with async_test_home_assistant(config_dir=folder) as hass:
            hass.data.pop(DATA_CUSTOM_COMPONENTS, None)
            result = await measure(hass, count, trips)
            await hass.async_stop(force=True)
    return result


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.alarm", description=__doc__
    )
    parser.add_argument("--sensors", type=int, default=1000)
    parser.add_argument("--trips", type=int, default=200)
    parser.add_argument("--json", action="store_true", help="print JSON only")
    options = parser.parse_args()
    result: dict[str, Any] = {"about": circumstances("alarm")}
    result |= asyncio.run(run(options.sensors, options.trips))
    result["about"]["load_after"] = load()
    if options.json:
        print(json.dumps(result, indent=2))
        return
    print("\n| | memory | set up | changes taken in |\n|---|---:|---:|---:|")
    for name, title in (
        ("ours", f"{options.sensors} sensors of the practice's alarm"),
        ("plain", "`manual` panel, an automation per sensor"),
    ):
        each = result[name]
        print(
            f"| {title} | {each['memory_mb']:.2f} MiB | {each['set_up_s']:.2f} s "
            f"| {each['changes_per_s']} /s |"
        )
    print(f"| nobody listens | | | {result['nobodys']['changes_per_s']} /s |")
    show_comparison(
        f"A sensor's change to `triggered`, {options.trips} each",
        result["trips"],
        ours="Cabinet Secure",
        plain="automation → `manual` panel",
    )
    show_circumstances(result["about"])


if __name__ == "__main__":
    main()
