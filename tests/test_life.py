"""A practice over its life: set-up, reload, restart, removal, faults, diagnostics."""

import asyncio
from datetime import timedelta
from pathlib import Path
from typing import Any
from unittest.mock import patch

from homeassistant.auth.models import User
from homeassistant.config_entries import ConfigEntryState
from homeassistant.const import EVENT_HOMEASSISTANT_STOP
from homeassistant.core import HomeAssistant
from homeassistant.helpers import device_registry as dr, issue_registry as ir
from homeassistant.setup import async_setup_component
from homeassistant.util import dt as dt_util
import pytest
from pytest_homeassistant_custom_component.common import (
    MockConfigEntry,
    async_fire_time_changed,
    get_system_health_info,
)
from pytest_homeassistant_custom_component.components.diagnostics import (
    get_diagnostics_for_config_entry,
)

from custom_components.cabinet_secure.const import DOMAIN
from custom_components.cabinet_secure.equipment.two_n import hearing
from custom_components.cabinet_secure.practice import supervision
from custom_components.cabinet_secure.practice.effects import AnnounceEquipment
from tests.practices import (
    Station,
    demo_subentry,
    practice_entry,
    set_up,
    station_subentry,
)
from tests.simulators.two_n import Service, ServiceConfig, TwoNSimulator
from tests.test_answers import press


async def test_a_practice_comes_up_without_its_station_and_finds_it_later(
    hass: HomeAssistant, people: dict[str, User], simulator: TwoNSimulator
) -> None:
    await simulator.stop()
    entry = practice_entry(people, station_subentry(simulator), demo_subentry())
    await set_up(hass, entry)
    station = Station(hass, entry, simulator)
    assert entry.state is ConfigEntryState.LOADED
    assert station.state("lock.entree") == "unavailable"
    assert station.state("lock.demo") == "locked"
    await simulator.start()
    await station.wait_for("lock.entree", "locked")
    await hass.config_entries.async_unload(entry.entry_id)


async def test_unloading_lets_go_of_everything(station: Station) -> None:
    assert await station.hass.config_entries.async_unload(station.entry.entry_id)
    assert station.state("lock.entree") == "unavailable"
    assert station.entry.state is ConfigEntryState.NOT_LOADED


async def test_a_reload_doubles_nothing(station: Station) -> None:
    """The history that is read after a start holds what was heard before it."""
    station.sim.press("%1")
    await station.wait_for("sensor.cabinet_ring", "ringing")
    rang = station.state("event.entree_doorbell")
    await station.hass.config_entries.async_reload(station.entry.entry_id)
    await station.wait_for("binary_sensor.platine_connection", "on")
    await station.hass.async_block_till_done()
    (ring,) = station.entry.runtime_data.state.rings
    assert ring.presses == 1
    assert station.state("sensor.cabinet_ring") == "ringing"
    assert station.state("event.entree_doorbell") == rang


async def test_a_visitor_who_rang_just_before_the_start_still_stands_there(
    station: Station,
) -> None:
    await station.hass.config_entries.async_unload(station.entry.entry_id)
    station.sim.press("%1")
    await station.hass.config_entries.async_setup(station.entry.entry_id)
    await station.wait_for("sensor.cabinet_ring", "ringing")


async def test_a_visitor_who_rang_while_nobody_listened_is_recorded_not_acted_on(
    station: Station, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hearing, "LATE", 0.5)
    await station.hass.config_entries.async_unload(station.entry.entry_id)
    station.sim.press("%1")
    # Devices tell their uptime in whole seconds.
    await asyncio.sleep(2)
    await station.hass.config_entries.async_setup(station.entry.entry_id)
    await station.wait_until(
        lambda: station.entry.runtime_data.state.rings, "the missed ring"
    )
    (ring,) = station.entry.runtime_data.state.rings
    assert ring.phase == "missed"
    assert station.state("sensor.cabinet_ring") == "idle"
    assert station.commands() == []


async def test_a_state_that_cannot_be_read_keeps_the_practice_from_guessing(
    hass: HomeAssistant, people: dict[str, User], hass_storage: dict[str, Any]
) -> None:
    entry = practice_entry(people, demo_subentry())
    hass_storage[f"{DOMAIN}.{entry.entry_id}"] = {
        "version": 1,
        "minor_version": 1,
        "key": f"{DOMAIN}.{entry.entry_id}",
        "data": {"practice": {"mode": "party"}, "bookmarks": {}},
    }
    entry.add_to_hass(hass)
    assert not await hass.config_entries.async_setup(entry.entry_id)
    assert entry.state is ConfigEntryState.SETUP_ERROR
    assert entry.reason is not None
    assert "cannot be read" in entry.reason


async def test_removing_a_practice_forgets_it(
    hass: HomeAssistant, demo: MockConfigEntry, hass_storage: dict[str, Any]
) -> None:
    await press(hass)
    async_fire_time_changed(hass, dt_util.utcnow() + timedelta(seconds=1))
    await hass.async_block_till_done()
    assert f"{DOMAIN}.{demo.entry_id}" in hass_storage
    await hass.config_entries.async_remove(demo.entry_id)
    assert f"{DOMAIN}.{demo.entry_id}" not in hass_storage


async def test_equipment_that_is_removed_takes_its_devices_along(
    station: Station,
) -> None:
    (subentry_id,) = station.entry.subentries
    station.hass.config_entries.async_remove_subentry(station.entry, subentry_id)
    await station.hass.async_block_till_done()
    (practice,) = dr.async_entries_for_config_entry(
        dr.async_get(station.hass), station.entry.entry_id
    )
    assert practice.name == "Cabinet"
    assert station.entry.state is ConfigEntryState.LOADED


async def test_doors_are_reached_through_their_station(station: Station) -> None:
    registry = dr.async_get(station.hass)
    devices = {
        device.name: device
        for device in dr.async_entries_for_config_entry(
            registry, station.entry.entry_id
        )
    }
    assert devices["Entrée"].via_device_id == devices["Platine"].id
    assert devices["Platine"].via_device_id == devices["Cabinet"].id
    assert devices["Platine"].serial_number == station.sim.config.serial
    assert devices["Platine"].sw_version == station.sim.config.firmware


async def test_a_loss_is_a_fault_and_announced_after_a_minute(
    station: Station, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(supervision, "LOSS_ANNOUNCED_AFTER", timedelta(seconds=1))
    told: list[AnnounceEquipment] = []
    station.entry.runtime_data.async_on_announcement("practice", told.append)
    station.sim.set_network(up=False)
    await station.wait_for("binary_sensor.platine_connection", "off")
    assert station.state("binary_sensor.cabinet_fault") == "off"
    await station.wait_for("binary_sensor.cabinet_fault", "on")
    assert [effect.kind for effect in told] == ["lost"]
    station.sim.set_network(up=True)
    await station.wait_for("binary_sensor.cabinet_fault", "off")
    assert [effect.kind for effect in told] == ["lost", "restored"]


async def test_a_wrong_password_asks_for_the_right_one_and_names_the_station(
    station: Station,
) -> None:
    station.sim.set_account(password="changed")
    station.sim.expire(nonces=True, channels=True)
    await station.wait_until(
        lambda: list(station.entry.async_get_active_flows(station.hass, {"reauth"})),
        "the reauthentication",
    )
    (flow,) = station.entry.async_get_active_flows(station.hass, {"reauth"})
    assert flow["step_id"] == "reauth_confirm"
    assert station.state("lock.entree") == "unavailable"


async def test_a_service_that_is_turned_off_is_a_repair_until_it_is_back(
    hass: HomeAssistant, people: dict[str, User], simulator: TwoNSimulator
) -> None:
    simulator.set_service(Service.IO, ServiceConfig(enabled=False))
    entry = practice_entry(people, station_subentry(simulator))
    await set_up(hass, entry)
    station = Station(hass, entry, simulator)
    await station.wait_for("binary_sensor.platine_connection", "on")
    issues = ir.async_get(hass).issues
    issue = f"{simulator.config.serial}-service_disabled-io"
    assert (DOMAIN, issue) in issues
    assert station.state("binary_sensor.cabinet_fault") == "on"
    simulator.set_service(Service.IO, ServiceConfig(enabled=True))
    await hass.config_entries.async_reload(entry.entry_id)
    await station.wait_for("binary_sensor.platine_connection", "on")
    assert (DOMAIN, issue) not in ir.async_get(hass).issues
    await hass.config_entries.async_unload(entry.entry_id)


async def test_a_relay_at_the_street_is_a_repair(station: Station) -> None:
    issue = f"{station.sim.config.serial}-unprotected_relay-1"
    assert (DOMAIN, issue) in ir.async_get(station.hass).issues


async def test_diagnostics_hold_no_secret_and_nobodys_name(
    station: Station, people: dict[str, User], hass_client: Any
) -> None:
    station.sim.press("%1")
    await station.wait_for("sensor.cabinet_ring", "ringing")
    await station.call("lock", "open", "lock.entree", people["doctor"])
    diagnostics = str(
        await get_diagnostics_for_config_entry(station.hass, hass_client, station.entry)
    )
    account = station.sim.config.account
    for secret in (
        account.password,
        f"'{account.user}'",
        station.sim.config.serial,
        "doctor",
        people["doctor"].id,
        "digest': '" + station.entry.runtime_data.state.rings[0].tokens[0].digest,
    ):
        assert secret not in diagnostics
    assert station.sim.config.variant in diagnostics


async def test_nothing_secret_is_logged(
    station: Station, people: dict[str, User], caplog: pytest.LogCaptureFixture
) -> None:
    station.sim.add_user("locum", pin="482915")
    station.sim.type_code("482915#")
    station.sim.type_code("000000#")
    await station.wait_for("lock.entree", "open")
    await station.call("lock", "open", "lock.entree", people["doctor"])
    ours = "\n".join(
        record.getMessage()
        for record in caplog.records
        if "cabinet_secure" in record.name
    )
    for secret in (station.sim.config.account.password, "482915", "000000"):
        assert secret not in ours


async def test_a_code_on_the_keypad_tells_who_came_in(station: Station) -> None:
    station.sim.add_user("locum", pin="482915")
    station.sim.type_code("482915#")
    await station.wait_for("lock.entree", "open")
    await station.wait_until(
        lambda: station.state("event.entree_access") != "unknown", "the access"
    )
    access = station.hass.states.get("event.entree_access")
    assert access is not None
    assert access.attributes["event_type"] == "granted"
    assert access.attributes["by"] == "locum"
    assert access.attributes["method"] == "code"


async def test_no_file_is_over_400_lines() -> None:
    package = Path(__file__).parent.parent / "custom_components" / DOMAIN
    long = {
        str(path.relative_to(package)): lines
        for path in package.rglob("*.py")
        if (lines := len(path.read_text().splitlines())) > 400
    }
    assert not long


async def test_system_health_tells_how_much_equipment_answers(
    hass: HomeAssistant, demo: MockConfigEntry
) -> None:
    assert await async_setup_component(hass, "system_health", {})
    await hass.async_block_till_done()
    assert await get_system_health_info(hass, DOMAIN) == {
        "practices": 1,
        "equipment": 1,
        "equipment_available": 1,
        "faults": 0,
        "register_entries": 0,
        "register_size": "0.0 MiB",
        "register_waiting": 0,
    }


async def test_a_hold_ends_when_home_assistant_stops(
    station: Station, people: dict[str, User]
) -> None:
    await station.call("lock", "unlock", "lock.entree", people["doctor"])
    await station.wait_for("lock.entree", "unlocked")
    station.hass.bus.async_fire(EVENT_HOMEASSISTANT_STOP)
    await station.wait_until(
        lambda: not station.sim.state()["switches"][0]["active"], "the strike secured"
    )


async def test_what_is_known_is_kept_although_an_equipment_cannot_be_stopped(
    station: Station,
) -> None:
    coordinator = station.entry.runtime_data
    (equipment,) = coordinator.equipment.values()
    records = type(coordinator.records)
    with (
        patch.object(type(equipment), "stop", side_effect=RuntimeError("stuck")),
        patch.object(records, "async_stop", autospec=True) as kept,
    ):
        await coordinator.async_stop()
    kept.assert_awaited_once()
    await coordinator.async_stop()


async def test_a_repair_goes_with_the_equipment_it_is_about(station: Station) -> None:
    issue = (DOMAIN, f"{station.sim.config.serial}-unprotected_relay-1")
    assert issue in ir.async_get(station.hass).issues
    (subentry_id,) = station.entry.subentries
    station.hass.config_entries.async_remove_subentry(station.entry, subentry_id)
    await station.hass.async_block_till_done()
    assert issue not in ir.async_get(station.hass).issues


async def test_a_repair_goes_with_the_practice(station: Station) -> None:
    issue = (DOMAIN, f"{station.sim.config.serial}-unprotected_relay-1")
    assert issue in ir.async_get(station.hass).issues
    await station.hass.config_entries.async_remove(station.entry.entry_id)
    assert issue not in ir.async_get(station.hass).issues
