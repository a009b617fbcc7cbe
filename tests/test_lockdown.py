"""A lockdown down to the door station, and what ends it."""

from homeassistant.auth.models import User
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError, ServiceValidationError
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from tests.practices import (
    Station,
    context_of,
    demo_subentry,
    practice_entry,
    set_up,
    station_subentry,
)
from tests.simulators.two_n import StationConfig, TwoNSimulator

MODE = "select.cabinet_mode"
LOCK = "lock.entree"


async def choose(hass: HomeAssistant, user: User, mode: str) -> None:
    await hass.services.async_call(
        "select",
        "select_option",
        {"entity_id": MODE, "option": mode},
        blocking=True,
        context=context_of(user),
    )


def entry_of(sim: TwoNSimulator) -> tuple[bool, bool, bool]:
    """Return whether entry and exit are blocked, and the switch is locked."""
    state = sim.state()
    blocked = {point["id"]: point["blocked"] for point in state["access_points"]}
    return blocked[0], blocked.get(1, False), state["switches"][0]["locked"]


BLOCKED = (True, False, True)
FREE = (False, False, False)


async def confirmed(station: Station, entry: tuple[bool, bool, bool]) -> None:
    """Wait until the station is as wanted, and the practice knows."""
    await station.wait_until(lambda: entry_of(station.sim) == entry, str(entry))
    await station.hass.async_block_till_done()


async def test_nothing_at_the_station_opens_during_a_lockdown(
    station: Station, people: dict[str, User]
) -> None:
    sim = station.sim
    await choose(station.hass, people["doctor"], "lockdown")
    await confirmed(station, BLOCKED)
    sim.add_user("Dr", pin="4711")
    sim.press("%1")
    for open_it in (lambda: sim.dtmf("11"), lambda: sim.type_code("4711")):
        open_it()
        assert not sim.state()["switches"][0]["active"]
    with pytest.raises(ServiceValidationError, match="lockdown"):
        await station.call("lock", "open", LOCK, people["manager"])
    await choose(station.hass, people["manager"], "staff_only")
    await confirmed(station, FREE)
    sim.dtmf("11")
    assert sim.state()["switches"][0]["active"]


async def test_a_station_that_starts_again_or_was_away_is_blocked_again(
    station: Station, people: dict[str, User]
) -> None:
    sim = station.sim
    await choose(station.hass, people["doctor"], "lockdown")
    await confirmed(station, BLOCKED)
    sim.set_power(on=False)
    await station.wait_for("binary_sensor.platine_connection", "off")
    # Somebody at the unit frees it by hand meanwhile.
    sim.station.access.blocked[0] = False
    sim.station.switchboard.all[0].locked = False
    sim.set_power(on=True)
    await station.wait_for("binary_sensor.platine_connection", "on")
    await confirmed(station, BLOCKED)


async def test_a_restart_keeps_the_lockdown_and_its_end_reaches_the_station(
    station: Station, people: dict[str, User]
) -> None:
    await choose(station.hass, people["doctor"], "lockdown")
    await confirmed(station, BLOCKED)
    await station.hass.config_entries.async_reload(station.entry.entry_id)
    await station.wait_for("binary_sensor.platine_connection", "on")
    assert station.state(MODE) == "lockdown"
    assert entry_of(station.sim) == BLOCKED
    await choose(station.hass, people["manager"], "open")
    await confirmed(station, FREE)


async def test_whoever_may_override_is_let_through_and_it_is_blocked_behind_them(
    hass: HomeAssistant, people: dict[str, User], simulator: TwoNSimulator
) -> None:
    entry = practice_entry(
        people,
        station_subentry(simulator),
        may_override=[people["doctor"].id],
    )
    await set_up(hass, entry)
    station = Station(hass, entry, simulator)
    await station.wait_for("binary_sensor.platine_connection", "on")
    await choose(hass, people["manager"], "lockdown")
    await confirmed(station, BLOCKED)
    await station.call("lock", "open", LOCK, people["doctor"])
    assert station.commands()[-2:] == ["unlock", "trigger"]
    # Codes stay blocked at the entry meanwhile.
    assert entry_of(simulator) == (True, False, False)
    simulator.advance(10)
    await confirmed(station, BLOCKED)
    await hass.config_entries.async_unload(entry.entry_id)


async def test_a_fire_input_of_the_station_ends_a_lockdown_at_once(
    hass: HomeAssistant, people: dict[str, User], simulator: TwoNSimulator
) -> None:
    entry = practice_entry(people, station_subentry(simulator, fire_inputs=["input2"]))
    await set_up(hass, entry)
    station = Station(hass, entry, simulator)
    await station.wait_for("binary_sensor.platine_connection", "on")
    assert station.state("binary_sensor.platine_input_input2") is None
    await choose(hass, people["doctor"], "lockdown")
    await confirmed(station, BLOCKED)
    simulator.set_input("input2", state=True)
    await station.wait_for(MODE, "staff_only")
    await confirmed(station, FREE)
    with pytest.raises(ServiceValidationError, match="fire"):
        await choose(hass, people["manager"], "lockdown")
    # After a restart the station is asked: there is still a fire.
    await hass.config_entries.async_reload(entry.entry_id)
    await station.wait_for("binary_sensor.platine_connection", "on")
    await hass.async_block_till_done()
    with pytest.raises(ServiceValidationError, match="fire"):
        await choose(hass, people["manager"], "lockdown")
    await hass.config_entries.async_unload(entry.entry_id)


async def test_a_fire_sensor_that_home_assistant_has_ends_a_lockdown(
    hass: HomeAssistant, people: dict[str, User]
) -> None:
    sensor = "binary_sensor.fire_panel"
    entry = practice_entry(people, demo_subentry(), fire_sensors=[sensor])
    await set_up(hass, entry)
    await choose(hass, people["doctor"], "lockdown")
    for state, mode in (
        ("unavailable", "lockdown"),
        ("off", "lockdown"),
        ("on", "staff_only"),
    ):
        hass.states.async_set(sensor, state)
        await hass.async_block_till_done()
        known = hass.states.get(MODE)
        assert known is not None
        assert known.state == mode


async def test_the_demonstration_locks_in_a_lockdown_and_opens_afterwards(
    hass: HomeAssistant, demo: MockConfigEntry, people: dict[str, User]
) -> None:
    await choose(hass, people["doctor"], "lockdown")
    assert [e.blocked for e in demo.runtime_data.state.lockdown.entries] == [True]
    await choose(hass, people["manager"], "open")
    assert demo.runtime_data.state.lockdown.entries == ()


async def practice_with(
    hass: HomeAssistant, people: dict[str, User], sim: TwoNSimulator
) -> Station:
    entry = practice_entry(people, station_subentry(sim))
    await set_up(hass, entry)
    station = Station(hass, entry, sim)
    await station.wait_for("binary_sensor.platine_connection", "on")
    return station


async def test_a_station_that_cannot_lock_its_switch_says_so(
    hass: HomeAssistant, people: dict[str, User], socket_enabled: None
) -> None:
    async with TwoNSimulator(StationConfig(old_firmware=True)) as sim:
        station = await practice_with(hass, people, sim)
        with pytest.raises(HomeAssistantError):
            await choose(hass, people["manager"], "lockdown")
        assert station.state(MODE) == "lockdown"
        faults = hass.states.get("binary_sensor.cabinet_fault")
        assert faults is not None
        assert {"equipment": "Platine", "fault": "lockdown"} in faults.attributes[
            "faults"
        ]
        await choose(hass, people["manager"], "open")
        await confirmed(station, FREE)
        assert station.entry.runtime_data.state.lockdown.entries == ()
        await hass.config_entries.async_unload(station.entry.entry_id)


async def test_an_access_point_that_is_turned_off_needs_no_blocking(
    hass: HomeAssistant, people: dict[str, User], socket_enabled: None
) -> None:
    config = StationConfig(access_points={0: False, 1: False})
    async with TwoNSimulator(config) as sim:
        station = await practice_with(hass, people, sim)
        await choose(hass, people["manager"], "lockdown")
        assert sim.state()["switches"][0]["locked"]
        await choose(hass, people["manager"], "open")
        assert not sim.state()["switches"][0]["locked"]
        await hass.config_entries.async_unload(station.entry.entry_id)


async def test_a_switch_that_stays_locked_is_freed_again_later(
    station: Station, people: dict[str, User]
) -> None:
    await choose(station.hass, people["manager"], "lockdown")
    await confirmed(station, BLOCKED)
    station.sim.answer_wrongly("error", path="/api/switch/ctrl")
    with pytest.raises(HomeAssistantError):
        await choose(station.hass, people["manager"], "open")
    (entry,) = station.entry.runtime_data.state.lockdown.entries
    assert entry.blocked is None
    assert entry.again_at is not None
