"""Adding a door station: what it is, and what it is connected to."""

from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType, InvalidData
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.cabinet_secure.const import DOMAIN
from tests.flows.steps import (
    DOOR,
    ROLES,
    SERIAL,
    TWO_DOORS,
    add_station,
    connection,
    defaults,
    go_on,
    only_station,
    options,
    start,
    station_data,
    to_roles,
)
from tests.simulators.two_n import (
    PortConfig,
    PortType,
    StationConfig,
    SwitchConfig,
    SwitchMode,
    TwoNSimulator,
)


async def test_a_station_is_added_with_its_door(
    hass: HomeAssistant, practice: MockConfigEntry, sim: TwoNSimulator
) -> None:
    flow = await start(hass, practice)
    assert flow["step_id"] == "user"
    assert defaults(flow)["ssl"] is True
    assert defaults(flow)["verify_ssl"] is True

    flow = await go_on(hass, flow, connection(sim, host=f" {sim.host} "))
    assert flow["step_id"] == "roles"
    flow = await go_on(hass, flow, ROLES)
    assert flow["step_id"] == "door"
    assert flow["description_placeholders"] == {
        "station": "Entrance",
        "switch": "1",
        "index": "1",
        "count": "1",
    }
    flow = await go_on(hass, flow, {**DOOR, "buttons": ["%1"]})
    assert flow["type"] is FlowResultType.CREATE_ENTRY
    station = only_station(practice)
    assert station.title == "Entrance"
    assert station.unique_id == SERIAL
    assert station.data == station_data(sim)


async def test_the_roles_are_guessed_from_what_the_device_has(
    hass: HomeAssistant, practice: MockConfigEntry, sim: TwoNSimulator
) -> None:
    flow = await to_roles(hass, practice, sim)
    assert options(flow, "doors") == ["1", "2"]
    assert options(flow, "panic_inputs") == ["input1", "input2", "input3", "tamper"]
    assert options(flow, "siren_outputs") == ["relay1", "relay2", "output1"]
    assert defaults(flow) == {
        "doors": ["1"],
        "panic_inputs": [],
        "tamper_inputs": ["tamper"],
        "fire_inputs": [],
        "siren_outputs": [],
        "camera": True,
        "exit_declared": False,
    }
    flow = await go_on(hass, flow, ROLES)
    assert defaults(flow) == {"name": "Entrée", "buttons": [], "contact": "station"}
    # What is wired to the panic button and the tamper switch is no door contact.
    assert options(flow, "contact") == ["none", "station", "input2"]


async def test_a_switch_that_falls_back_by_itself_is_the_first_guess_for_a_door(
    hass: HomeAssistant, practice: MockConfigEntry, socket_enabled: None
) -> None:
    config = StationConfig(
        switches=(
            SwitchConfig(number=2, output="relay2"),
            SwitchConfig(number=1, output="relay1", mode=SwitchMode.BISTABLE),
        )
    )
    async with TwoNSimulator(config) as sim:
        flow = await to_roles(hass, practice, sim)
    assert options(flow, "doors") == ["1", "2"]
    assert defaults(flow)["doors"] == ["2"]


async def test_a_form_asks_only_for_what_the_device_has(
    hass: HomeAssistant, practice: MockConfigEntry, socket_enabled: None
) -> None:
    config = StationConfig(
        name="",
        switches=(SwitchConfig(number=1, enabled=False),),
        ports=(PortConfig(name="input1", kind=PortType.INPUT),),
        unsupported=frozenset({"/api/camera/"}),
        siren_output=None,
        panic_input=None,
        door_input=None,
        rex_input=None,
        tamper_input=None,
    )
    async with TwoNSimulator(config) as sim:
        flow = await to_roles(hass, practice, sim)
        assert set(defaults(flow)) == {
            "panic_inputs",
            "tamper_inputs",
            "fire_inputs",
        }
        flow = await go_on(hass, flow, {"panic_inputs": ["input1"]})
    assert flow["type"] is FlowResultType.CREATE_ENTRY
    station = only_station(practice)
    assert station.title == "2N IP Style"
    assert station.data["doors"] == []
    assert station.data["camera"] is False
    assert station.data["exit_declared"] is False
    assert station.data["panic_inputs"] == ["input1"]


async def test_a_device_without_switches_and_ports_can_still_be_added(
    hass: HomeAssistant, practice: MockConfigEntry, socket_enabled: None
) -> None:
    config = StationConfig(mac="", unsupported=frozenset({"/api/switch/", "/api/io/"}))
    async with TwoNSimulator(config) as sim:
        flow = await to_roles(hass, practice, sim)
        assert defaults(flow) == {"camera": True}
        flow = await go_on(hass, flow, {"camera": False})
    assert flow["type"] is FlowResultType.CREATE_ENTRY
    station = only_station(practice)
    assert station.unique_id == SERIAL
    assert station.data["doors"] == []
    assert station.data["camera"] is False


async def test_two_doors_each_have_a_name_bells_and_a_contact_of_their_own(
    hass: HomeAssistant, practice: MockConfigEntry, sim: TwoNSimulator
) -> None:
    flow = await go_on(hass, await to_roles(hass, practice, sim), TWO_DOORS)
    assert flow["description_placeholders"]["switch"] == "1"
    assert defaults(flow)["buttons"] == ["%1"]

    for wrong, errors in (
        ({"buttons": []}, {"buttons": "button_missing"}),
        ({"buttons": ["%0"]}, {"buttons": "button_unknown"}),
        ({"buttons": ["%1", "%151"]}, {"buttons": "button_unknown"}),
        (
            {"buttons": ["1"], "name": " "},
            {"buttons": "button_unknown", "name": "name_missing"},
        ),
    ):
        flow = await go_on(hass, flow, {**DOOR, "buttons": ["%1"], **wrong})
        assert flow["errors"] == errors
    flow = await go_on(hass, flow, {**DOOR, "buttons": ["%1", "%150", "%1"]})

    assert flow["description_placeholders"]["index"] == "2"
    assert flow["description_placeholders"]["switch"] == "2"
    assert defaults(flow) == {"name": "Porte 2", "buttons": ["%2"], "contact": "none"}
    assert options(flow, "contact") == ["none", "input2"]
    for wrong, errors in (
        ({"name": "ENTRÉE "}, {"name": "name_taken"}),
        ({"buttons": ["%150"]}, {"buttons": "button_taken"}),
    ):
        flow = await go_on(
            hass,
            flow,
            {"name": "Cour", "buttons": ["%2"], "contact": "none", **wrong},
        )
        assert flow["errors"] == errors
    flow = await go_on(
        hass, flow, {"name": "Cour", "buttons": ["%2"], "contact": "none"}
    )
    assert flow["type"] is FlowResultType.CREATE_ENTRY
    assert only_station(practice).data["doors"] == [
        {
            "switch": 1,
            "name": "Entrée",
            "buttons": ["%1", "%150"],
            "contact": "station",
        },
        {"switch": 2, "name": "Cour", "buttons": ["%2"], "contact": None},
    ]


async def test_doors_are_named_in_english_for_an_english_practice(
    hass: HomeAssistant, practice: MockConfigEntry, sim: TwoNSimulator
) -> None:
    hass.config_entries.async_update_entry(
        practice, data={**practice.data, "language": "en"}
    )
    flow = await go_on(hass, await to_roles(hass, practice, sim), TWO_DOORS)
    assert defaults(flow)["name"] == "Entrance"
    flow = await go_on(hass, flow, {**DOOR, "buttons": ["%1"]})
    assert defaults(flow)["name"] == "Door 2"


@pytest.mark.parametrize(
    ("wrong", "errors"),
    [
        ({"exit_declared": False}, {"exit_declared": "exit_not_declared"}),
        ({"siren_outputs": ["relay1"]}, {"siren_outputs": "output_opens_a_door"}),
        ({"tamper_inputs": ["input1"]}, {"tamper_inputs": "port_has_a_role"}),
        ({"fire_inputs": ["tamper"]}, {"fire_inputs": "port_has_a_role"}),
    ],
)
async def test_wrong_roles_are_refused_and_can_be_put_right(
    hass: HomeAssistant,
    practice: MockConfigEntry,
    sim: TwoNSimulator,
    wrong: dict[str, object],
    errors: dict[str, str],
) -> None:
    flow = await go_on(hass, await to_roles(hass, practice, sim), {**ROLES, **wrong})
    assert flow["step_id"] == "roles"
    assert flow["errors"] == errors
    assert defaults(flow) == {**ROLES, **wrong}
    flow = await go_on(hass, flow, ROLES)
    assert flow["step_id"] == "door"


async def test_a_relay_that_opens_no_door_may_be_a_siren(
    hass: HomeAssistant, practice: MockConfigEntry, sim: TwoNSimulator
) -> None:
    flow = await go_on(
        hass,
        await to_roles(hass, practice, sim),
        {**ROLES, "siren_outputs": ["relay2"]},
    )
    assert flow["step_id"] == "door"


async def test_a_disabled_switch_cannot_be_a_door(
    hass: HomeAssistant, practice: MockConfigEntry, sim: TwoNSimulator
) -> None:
    flow = await to_roles(hass, practice, sim)
    with pytest.raises(InvalidData):
        await go_on(hass, flow, {**ROLES, "doors": ["3"]})


async def test_a_device_belongs_to_one_practice_only(
    hass: HomeAssistant, practice: MockConfigEntry, sim: TwoNSimulator
) -> None:
    add_station(hass, practice, station_data(sim))
    other = MockConfigEntry(domain=DOMAIN, title="Autre", data=practice.data)
    other.add_to_hass(hass)
    for entry in (practice, other):
        flow = await go_on(hass, await start(hass, entry), connection(sim))
        assert flow["type"] is FlowResultType.ABORT
        assert flow["reason"] == "already_configured"
