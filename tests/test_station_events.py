"""What a door station reports, as Home Assistant shows it."""

from homeassistant.auth.models import User
from homeassistant.components.image import async_get_image
from homeassistant.core import Event, EventStateChangedData, callback
from homeassistant.exceptions import HomeAssistantError
import pytest

from tests.practices import Station


def changes_of(station: Station, entity_id: str) -> list[str]:
    """Return a list that grows with every event type of an event entity."""
    seen: list[str] = []
    times: set[str] = set()

    @callback
    def changed(event: Event[EventStateChangedData]) -> None:
        new = event.data["new_state"]
        if event.data["entity_id"] != entity_id or new is None:
            return
        # An entity that becomes available again shows its last event, with its time.
        kind = new.attributes.get("event_type")
        if kind is not None and new.state not in times:
            times.add(new.state)
            seen.append(kind)

    station.hass.bus.async_listen("state_changed", changed)
    return seen


async def test_one_press_is_one_ring(station: Station) -> None:
    """A press makes the device report a key and a call."""
    rings = changes_of(station, "event.entree_doorbell")
    station.sim.press("%1")
    await station.wait_for("sensor.cabinet_ring", "ringing")
    station.sim.press("%1")
    await station.wait_until(
        lambda: station.entry.runtime_data.state.rings[0].presses == 2, "second press"
    )
    assert rings == ["ring"]


async def test_a_digit_on_the_keypad_is_not_a_ring(station: Station) -> None:
    rings = changes_of(station, "event.entree_doorbell")
    station.sim.press("5")
    station.sim.press("%1")
    await station.wait_until(lambda: rings, "the ring")
    assert rings == ["ring"]


async def test_the_visitor_is_seen_while_the_ring_lasts_and_no_longer(
    station: Station, people: dict[str, User]
) -> None:
    station.sim.press("%1")
    await station.wait_until(
        lambda: station.state("image.entree_visitor") not in ("unknown", None),
        "the picture",
    )
    picture = await async_get_image(station.hass, "image.entree_visitor")
    assert picture.content.startswith(b"\xff\xd8")
    await station.call("lock", "open", "lock.entree", people["doctor"])
    await station.wait_for("sensor.cabinet_ring", "idle")
    await station.wait_for("image.entree_visitor", "unknown")
    with pytest.raises(HomeAssistantError):
        await async_get_image(station.hass, "image.entree_visitor")


async def test_the_door_that_is_pushed_open_and_closes_is_seen(
    station: Station, people: dict[str, User]
) -> None:
    seen = changes_of(station, "event.entree_access")
    await station.call("lock", "open", "lock.entree", people["doctor"])
    station.sim.set_door("opened")
    await station.wait_for("binary_sensor.entree_contact", "on")
    station.sim.set_door("closed")
    await station.wait_for("binary_sensor.entree_contact", "off")
    assert seen == ["granted", "opened", "closed"]


async def test_a_forced_door_is_reported(station: Station) -> None:
    seen = changes_of(station, "event.entree_access")
    station.sim.set_door("opened")
    await station.wait_until(lambda: "forced" in seen, "the forced door")
    assert "granted" not in seen


async def test_a_panic_input_is_reported_at_its_button(station: Station) -> None:
    pressed = changes_of(station, "event.platine_panic_button_on_input1_press")
    station.sim.set_input("input1", state=True)
    station.sim.set_input("input1", state=False)
    await station.wait_until(lambda: pressed, "the panic")
    assert pressed == ["pressed"]


async def test_tamper_is_a_fault_until_it_ends(station: Station) -> None:
    station.sim.tamper(raised=True)
    await station.wait_for("binary_sensor.entree_tamper", "on")
    assert station.state("binary_sensor.cabinet_fault") == "on"
    station.sim.tamper(raised=False)
    await station.wait_for("binary_sensor.entree_tamper", "off")


async def test_a_lost_telephone_account_is_a_fault(station: Station) -> None:
    station.sim.set_registration(registered=False)
    await station.wait_for("binary_sensor.platine_telephone_account", "off")
    assert station.state("binary_sensor.cabinet_fault") == "on"
    station.sim.set_registration(registered=True)
    await station.wait_for("binary_sensor.cabinet_fault", "off")


async def test_somebody_who_takes_the_desk_phone_answers_the_ring(
    station: Station,
) -> None:
    station.sim.press("%1")
    await station.wait_for("sensor.cabinet_ring", "ringing")
    station.sim.set_call("connected")
    await station.wait_for("sensor.cabinet_ring", "answered")
    station.sim.set_call("terminated")
    await station.wait_for("sensor.cabinet_ring", "idle")


async def test_opening_hangs_up_at_the_station(
    station: Station, people: dict[str, User]
) -> None:
    station.sim.press("%1")
    await station.wait_for("sensor.cabinet_ring", "ringing")
    await station.wait_until(
        lambda: station.entry.runtime_data.state.rings[0].call, "the call"
    )
    await station.call("lock", "open", "lock.entree", people["doctor"])
    await station.wait_until(
        lambda: any(
            command["path"].endswith("call/hangup")
            for command in station.sim.state()["commands"]
        ),
        "the hang-up",
    )


async def test_a_power_cut_is_survived_and_nothing_is_doubled(
    station: Station,
) -> None:
    rings = changes_of(station, "event.entree_doorbell")
    station.sim.press("%1")
    await station.wait_until(lambda: rings, "the first ring")
    station.sim.set_power(on=False)
    await station.wait_for("binary_sensor.platine_connection", "off")
    # No device starts within a second.
    station.sim.advance(30)
    station.sim.set_power(on=True)
    await station.wait_for("binary_sensor.platine_connection", "on")
    assert rings == ["ring"]
    station.sim.press("%1")
    await station.wait_until(
        lambda: station.entry.runtime_data.state.rings[-1].presses == 2, "the press"
    )


async def test_a_press_while_the_pull_is_cut_is_not_lost(station: Station) -> None:
    rings = changes_of(station, "event.entree_doorbell")
    station.sim.set_network(drop_pull=True)
    station.sim.press("%1")
    await station.wait_for("binary_sensor.platine_connection", "off")
    station.sim.set_network(drop_pull=False)
    await station.wait_for("sensor.cabinet_ring", "ringing")
    await station.wait_for("binary_sensor.platine_connection", "on")
    assert rings.count("ring") == 1
