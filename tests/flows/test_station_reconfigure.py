"""Changing a door station: its address, its roles, its doors."""

from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType
from pytest_homeassistant_custom_component.common import MockConfigEntry

from tests.flows.steps import (
    DOOR,
    ROLES,
    TWO_DOORS,
    add_station,
    connection,
    defaults,
    go_on,
    only_station,
    station_data,
    suggested,
)
from tests.simulators.two_n import StationConfig, TwoNSimulator


async def test_a_station_moves_and_keeps_its_password_and_its_doors(
    hass: HomeAssistant, practice: MockConfigEntry, sim: TwoNSimulator
) -> None:
    station_id = add_station(
        hass,
        practice,
        station_data(
            sim,
            host="192.0.2.1",
            port=None,
            doors=[
                {"switch": 1, "name": "Rue", "buttons": [], "contact": None},
                {"switch": 4, "name": "Gone", "buttons": [], "contact": None},
            ],
            firmware="2.36",
            siren_outputs=["output1", "output9"],
        ),
    )
    flow = await practice.start_subentry_reconfigure_flow(hass, station_id)
    assert flow["step_id"] == "reconfigure"
    shown = suggested(flow)
    assert shown["host"] == "192.0.2.1"
    assert shown["password"] is None

    values = connection(sim)
    del values["password"]
    flow = await go_on(hass, flow, values)
    assert flow["step_id"] == "roles"
    # What the device no longer has is no longer proposed.
    assert defaults(flow) == ROLES
    flow = await go_on(hass, flow, ROLES)
    assert defaults(flow) == {"name": "Rue", "buttons": [], "contact": "none"}
    flow = await go_on(hass, flow, {"name": "Rue", "contact": "input2"})
    assert flow["type"] is FlowResultType.ABORT
    assert flow["reason"] == "reconfigure_successful"
    assert only_station(practice).data == station_data(
        sim,
        doors=[{"switch": 1, "name": "Rue", "buttons": [], "contact": "input2"}],
    )


async def test_a_contact_that_became_a_panic_button_is_no_longer_proposed(
    hass: HomeAssistant, practice: MockConfigEntry, sim: TwoNSimulator
) -> None:
    station_id = add_station(
        hass,
        practice,
        station_data(
            sim,
            panic_inputs=[],
            doors=[{"switch": 1, "name": "Rue", "buttons": [], "contact": "input1"}],
        ),
    )
    flow = await practice.start_subentry_reconfigure_flow(hass, station_id)
    flow = await go_on(hass, flow, connection(sim))
    assert defaults(flow)["panic_inputs"] == []
    flow = await go_on(hass, flow, ROLES)
    assert defaults(flow)["contact"] == "none"


async def test_another_device_at_the_address_is_not_taken_for_the_station(
    hass: HomeAssistant, practice: MockConfigEntry, sim: TwoNSimulator
) -> None:
    station_id = add_station(hass, practice, station_data(sim))
    flow = await practice.start_subentry_reconfigure_flow(hass, station_id)
    async with TwoNSimulator(StationConfig(serial="54-9999-9999")) as other:
        flow = await go_on(hass, flow, connection(other))
    assert flow["step_id"] == "reconfigure"
    assert flow["errors"] == {"base": "wrong_device"}
    flow = await go_on(hass, flow, connection(sim))
    assert flow["step_id"] == "roles"


async def test_a_station_gets_a_second_door(
    hass: HomeAssistant, practice: MockConfigEntry, sim: TwoNSimulator
) -> None:
    station_id = add_station(hass, practice, station_data(sim))
    flow = await practice.start_subentry_reconfigure_flow(hass, station_id)
    flow = await go_on(hass, flow, connection(sim))
    flow = await go_on(hass, flow, TWO_DOORS)
    flow = await go_on(hass, flow, {**DOOR, "buttons": ["%1"]})
    assert defaults(flow) == {"name": "Porte 2", "buttons": ["%2"], "contact": "none"}
    flow = await go_on(
        hass, flow, {"name": "Cour", "buttons": ["%2"], "contact": "none"}
    )
    assert flow["reason"] == "reconfigure_successful"
    doors = only_station(practice).data["doors"]
    assert [door["switch"] for door in doors] == [1, 2]
