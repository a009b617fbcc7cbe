"""Panic buttons of any brand: an event, a button, a wired loop, a trigger of a device."""

from collections.abc import Awaitable, Callable

from freezegun.api import FrozenDateTimeFactory
from homeassistant.auth.models import User
from homeassistant.core import HomeAssistant
from homeassistant.helpers import device_registry as dr, entity_registry as er
from homeassistant.util import dt as dt_util
import pytest
from pytest_homeassistant_custom_component.common import (
    MockConfigEntry,
    async_fire_time_changed,
)

from custom_components.cabinet_secure.practice.events import PanicReleased
from tests.heard import Heard, presses
from tests.other_integrations import set_helper, set_up_devices
from tests.practices import panic_button_subentry, practice_entry, press_of, set_up

PRESS = "event.bureau_press"


@pytest.fixture(autouse=True)
async def devices(hass: HomeAssistant) -> None:
    """Set up what the buttons are made of."""
    await set_up_devices(hass)


@pytest.fixture
def add(
    hass: HomeAssistant, people: dict[str, User], freezer: FrozenDateTimeFactory
) -> Callable[..., Awaitable[MockConfigEntry]]:
    """Return what adds a practice with one panic button that has settled."""

    async def add(press: dict[str, object], **changes: object) -> MockConfigEntry:
        entry = practice_entry(people, panic_button_subentry(press, **changes))
        await set_up(hass, entry)
        await later(hass, freezer, 4)
        return entry

    return add


async def later(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory, seconds: float
) -> None:
    """Let time pass."""
    freezer.tick(seconds)
    async_fire_time_changed(hass, dt_util.utcnow())
    await hass.async_block_till_done()


def faults(hass: HomeAssistant) -> list[str]:
    """Return what is wrong."""
    state = hass.states.get("binary_sensor.cabinet_fault")
    assert state is not None
    return [fault["fault"] for fault in state.attributes["faults"]]


async def test_a_press_on_an_event_is_heard(
    hass: HomeAssistant, heard: Heard, add: Callable[..., Awaitable[MockConfigEntry]]
) -> None:
    await add(press_of("event.bell", press_types=["long_press_start"]))
    hass.bus.async_fire("bell_rung", {"type": "ring"})
    hass.bus.async_fire("bell_rung", {"type": "long_press_start"})
    await hass.async_block_till_done()
    assert presses(heard) == [(False, False)]
    state = hass.states.get(PRESS)
    assert state is not None
    assert state.attributes["event_type"] == "pressed"


async def test_a_press_on_a_button_of_home_assistant_is_heard(
    hass: HomeAssistant, heard: Heard, add: Callable[..., Awaitable[MockConfigEntry]]
) -> None:
    await add(press_of("button.opener"))
    await hass.services.async_call(
        "button", "press", {"entity_id": "button.opener"}, blocking=True
    )
    await hass.async_block_till_done()
    assert presses(heard) == [(False, False)]


@pytest.mark.parametrize("normally_closed", [False, True])
async def test_a_wired_loop_tells_of_the_press_and_of_its_end(
    hass: HomeAssistant,
    heard: Heard,
    freezer: FrozenDateTimeFactory,
    add: Callable[..., Awaitable[MockConfigEntry]],
    normally_closed: bool,
) -> None:
    await set_helper(hass, "loop", on=normally_closed)
    await later(hass, freezer, 60)
    await add(press_of("binary_sensor.loop", normally_closed=normally_closed))
    await set_helper(hass, "loop", on=not normally_closed)
    await set_helper(hass, "loop", on=normally_closed)
    assert presses(heard) == [(False, False)]
    assert len([e for e in heard if isinstance(e, PanicReleased)]) == 1
    assert faults(hass) == []


async def test_a_loop_that_comes_back_pressed_is_a_wire_fault_and_alerts_staff(
    hass: HomeAssistant,
    heard: Heard,
    add: Callable[..., Awaitable[MockConfigEntry]],
) -> None:
    await add(press_of("binary_sensor.loop"))
    await set_helper(hass, "online", on=False)
    await set_helper(hass, "loop", on=True)
    await set_helper(hass, "online", on=True)
    assert presses(heard) == [(False, True)]
    assert faults(hass) == ["wire"]
    await set_helper(hass, "loop", on=False)
    assert faults(hass) == []


async def test_a_restart_of_the_practice_presses_nothing_again(
    hass: HomeAssistant,
    heard: Heard,
    add: Callable[..., Awaitable[MockConfigEntry]],
) -> None:
    entry = await add(press_of("binary_sensor.loop"))
    await set_helper(hass, "loop", on=True)
    await hass.config_entries.async_reload(entry.entry_id)
    await hass.async_block_till_done()
    assert presses(heard) == [(False, False)]
    assert faults(hass) == []


async def test_a_button_that_is_lost_is_announced_and_its_return_too(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    add: Callable[..., Awaitable[MockConfigEntry]],
) -> None:
    await add(press_of("binary_sensor.loop"))
    await set_helper(hass, "online", on=False)
    assert hass.states.is_state(PRESS, "unavailable")
    await later(hass, freezer, 61)
    assert faults(hass) == ["lost"]
    await set_helper(hass, "online", on=True)
    assert faults(hass) == []


async def test_a_battery_that_is_low_is_a_fault(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    people: dict[str, User],
    add: Callable[..., Awaitable[MockConfigEntry]],
) -> None:
    sensors = battery_device(hass)
    hass.states.async_set(sensors["battery"], "80", {"device_class": "battery"})
    await add(press_of(sensors["event"]))
    assert faults(hass) == []
    hass.states.async_set(sensors["battery"], "12", {"device_class": "battery"})
    await hass.async_block_till_done()
    assert faults(hass) == ["battery"]
    hass.states.async_set(sensors["battery"], "unknown", {"device_class": "battery"})
    await hass.async_block_till_done()
    assert faults(hass) == []
    hass.states.async_set(sensors["low"], "on", {"device_class": "battery"})
    await later(hass, freezer, 30)
    assert faults(hass) == ["battery"]


async def test_a_button_that_is_silent_for_too_long_is_a_fault(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    add: Callable[..., Awaitable[MockConfigEntry]],
) -> None:
    sensors = battery_device(hass)
    hass.states.async_set(sensors["battery"], "80", {"device_class": "battery"})
    await add(press_of(sensors["event"]), check_in=2)
    await later(hass, freezer, 3600)
    # The same again is a sign of life.
    hass.states.async_set(sensors["battery"], "80", {"device_class": "battery"})
    await later(hass, freezer, 3600 + 1800)
    assert faults(hass) == []
    await later(hass, freezer, 1800 + 60)
    assert faults(hass) == ["no_check_in"]
    hass.states.async_set(sensors["battery"], "79", {"device_class": "battery"})
    await hass.async_block_till_done()
    assert faults(hass) == []


def battery_device(hass: HomeAssistant) -> dict[str, str]:
    """Add a button of which Home Assistant knows the device, with its batteries."""
    entry = MockConfigEntry(domain="test")
    entry.add_to_hass(hass)
    device = dr.async_get(hass).async_get_or_create(
        config_entry_id=entry.entry_id, identifiers={("test", "sos")}
    )
    registry = er.async_get(hass)

    def entity(domain: str, name: str) -> str:
        return registry.async_get_or_create(
            domain, "test", name, device_id=device.id, config_entry=entry
        ).entity_id

    sensors = {
        "event": entity("event", "press"),
        "battery": entity("sensor", "battery"),
        "low": entity("binary_sensor", "low"),
    }
    hass.states.async_set(sensors["event"], "unknown")
    return sensors
