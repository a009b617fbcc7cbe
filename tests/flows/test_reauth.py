"""Signing in to a station again."""

from unittest.mock import AsyncMock

from homeassistant.config_entries import ConfigEntryState
from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from tests.flows.steps import add_station, station_data, suggested
from tests.simulators.two_n import (
    AuthMode,
    Privilege,
    ServiceConfig,
    StationConfig,
    TwoNSimulator,
)

NEW = {"username": "cabinet", "password": "changed-2n"}


async def begin(hass: HomeAssistant, entry: MockConfigEntry, station_id: str) -> dict:
    """Let the practice ask for the password of a station; return the form."""
    entry.async_start_reauth(hass, data={"subentry_id": station_id, "name": "Entrance"})
    await hass.async_block_till_done()
    (flow,) = hass.config_entries.flow.async_progress()
    return await hass.config_entries.flow.async_configure(flow["flow_id"])


async def test_a_changed_password_is_asked_for_by_the_name_of_the_station(
    hass: HomeAssistant, practice: MockConfigEntry, sim: TwoNSimulator
) -> None:
    station_id = add_station(hass, practice, station_data(sim))
    sim.set_account(password="changed-2n")
    flow = await begin(hass, practice, station_id)
    assert flow["step_id"] == "reauth_confirm"
    assert flow["description_placeholders"]["name"] == "Entrance"
    (progress,) = hass.config_entries.flow.async_progress()
    assert progress["context"]["title_placeholders"] == {"name": "Entrance"}
    assert suggested(flow) == {"username": "cabinet", "password": None}

    flow = await hass.config_entries.flow.async_configure(flow["flow_id"], NEW)
    assert flow["type"] is FlowResultType.ABORT
    assert flow["reason"] == "reauth_successful"
    assert practice.subentries[station_id].data == station_data(
        sim, password="changed-2n"
    )


@pytest.mark.parametrize(
    ("trouble", "error"),
    [
        ("password", "invalid_auth"),
        ("network", "cannot_connect"),
        ("privilege", "missing_privilege"),
    ],
)
async def test_what_is_still_wrong_is_named_and_can_be_put_right(
    hass: HomeAssistant,
    practice: MockConfigEntry,
    sim: TwoNSimulator,
    trouble: str,
    error: str,
) -> None:
    station_id = add_station(hass, practice, station_data(sim))
    flow = await begin(hass, practice, station_id)
    match trouble:
        case "password":
            sim.set_account(password="yet another")
        case "network":
            sim.set_network(up=False)
        case "privilege":
            sim.set_account(password="changed-2n", privileges=[])
    flow = await hass.config_entries.flow.async_configure(
        flow["flow_id"], {**NEW, "username": "cabinet"}
    )
    assert flow["errors"] == {"base": error}
    assert flow["description_placeholders"]["name"] == "Entrance"
    assert practice.subentries[station_id].data == station_data(sim)

    sim.set_network(up=True)
    sim.set_account(password="changed-2n", privileges=list(Privilege))
    flow = await hass.config_entries.flow.async_configure(flow["flow_id"], NEW)
    assert flow["reason"] == "reauth_successful"


async def test_the_password_of_another_device_is_not_stored(
    hass: HomeAssistant, practice: MockConfigEntry, socket_enabled: None
) -> None:
    async with TwoNSimulator(StationConfig(serial="54-9999-9999")) as other:
        station_id = add_station(hass, practice, station_data(other))
        flow = await begin(hass, practice, station_id)
        other.set_service("switch", ServiceConfig(auth=AuthMode.NONE))
        other.set_account(password="changed-2n")
        flow = await hass.config_entries.flow.async_configure(flow["flow_id"], NEW)
        assert flow["errors"] == {"base": "wrong_device"}
        assert practice.subentries[station_id].data == station_data(other)


async def test_a_password_that_is_taken_again_makes_the_practice_try_it(
    hass: HomeAssistant,
    practice: MockConfigEntry,
    sim: TwoNSimulator,
    setup_entry: AsyncMock,
) -> None:
    station_id = add_station(hass, practice, station_data(sim))
    flow = await begin(hass, practice, station_id)
    before = setup_entry.call_count
    flow = await hass.config_entries.flow.async_configure(
        flow["flow_id"], {"username": "cabinet", "password": "cabinet-2n"}
    )
    assert flow["reason"] == "reauth_successful"
    await hass.async_block_till_done()
    assert setup_entry.call_count == before + 1
    assert practice.state is ConfigEntryState.LOADED


@pytest.mark.parametrize("data", [{"subentry_id": "gone"}, {}])
async def test_nothing_is_asked_for_a_station_that_is_gone(
    hass: HomeAssistant, practice: MockConfigEntry, data: dict[str, str]
) -> None:
    flow = await practice.start_reauth_flow(hass, data=data)
    assert flow["type"] is FlowResultType.ABORT
    assert flow["reason"] == "station_removed"


async def test_a_station_removed_while_its_password_is_typed_stays_removed(
    hass: HomeAssistant, practice: MockConfigEntry, sim: TwoNSimulator
) -> None:
    station_id = add_station(hass, practice, station_data(sim))
    flow = await begin(hass, practice, station_id)
    hass.config_entries.async_remove_subentry(practice, station_id)
    sim.set_account(password="changed-2n")
    flow = await hass.config_entries.flow.async_configure(flow["flow_id"], NEW)
    assert flow["reason"] == "station_removed"
    assert practice.subentries == {}
