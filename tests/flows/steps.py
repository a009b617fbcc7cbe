"""Steps that several flows have, and what their forms propose."""

from types import MappingProxyType

from homeassistant.config_entries import SOURCE_USER, ConfigSubentry
from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowManager
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.cabinet_secure.const import SUBENTRY_STATION
from tests.simulators.two_n import TwoNSimulator

SERIAL = "54-1234-5678"
MAC = "7c:1e:b3:12:34:56"
ROLES = {
    "doors": ["1"],
    "panic_inputs": ["input1"],
    "tamper_inputs": ["tamper"],
    "fire_inputs": ["input3"],
    "siren_outputs": ["output1"],
    "camera": True,
    "exit_declared": True,
}
PANIC_BUTTON = {
    "kind": "hold_up",
    "gesture": "double",
    "location": "Accueil",
    "audible": False,
}
TWO_DOORS = {**ROLES, "doors": ["2", "1"]}
DOOR = {"name": "Entrée", "buttons": [], "contact": "station"}


async def start(hass: HomeAssistant, entry: MockConfigEntry) -> dict:
    return await hass.config_entries.subentries.async_init(
        (entry.entry_id, "station"), context={"source": SOURCE_USER}
    )


async def go_on(hass: HomeAssistant, flow: dict, values: dict[str, object]) -> dict:
    return await describe_panic_buttons(
        hass.config_entries.subentries,
        await hass.config_entries.subentries.async_configure(flow["flow_id"], values),
    )


async def describe_panic_buttons(manager: FlowManager, flow: dict) -> dict:
    """Go on to the next form that is not about a panic button."""
    while flow.get("step_id") == "panic_input":
        flow = await manager.async_configure(flow["flow_id"], PANIC_BUTTON)
    return flow


async def to_roles(
    hass: HomeAssistant, entry: MockConfigEntry, sim: TwoNSimulator
) -> dict:
    flow = await go_on(hass, await start(hass, entry), connection(sim))
    assert flow["step_id"] == "roles"
    return flow


def defaults(flow: dict) -> dict[str, object]:
    """Return what a form proposes, be it a suggestion or a default."""
    return {
        str(key): key.default()
        if callable(key.default)
        else (key.description or {}).get("suggested_value")
        for key in flow["data_schema"].schema
    }


def options(flow: dict, key: str) -> list[str]:
    return flow["data_schema"].schema[key].config["options"]


def only_station(entry: MockConfigEntry) -> ConfigSubentry:
    (station,) = entry.get_subentries_of_type("station")
    return station


def suggested(result: dict) -> dict[str, object]:
    """Return what a form proposes."""
    return {
        str(key): (key.description or {}).get("suggested_value")
        for key in result["data_schema"].schema
    }


def station_data(sim: TwoNSimulator, **changed: object) -> dict[str, object]:
    """Return what a practice stores of the simulated station."""
    return {
        "host": sim.host,
        "port": sim.port,
        "ssl": False,
        "verify_ssl": True,
        "username": "cabinet",
        "password": "cabinet-2n",
        "model": "2N IP Style",
        "firmware": "2.37.0.46.2",
        "inputs": ["input1", "input2", "input3", "tamper"],
        "outputs": ["relay1", "relay2", "output1"],
        "camera": True,
        "panic_inputs": ["input1"],
        "tamper_inputs": ["tamper"],
        "fire_inputs": ["input3"],
        "siren_outputs": ["output1"],
        "exit_declared": True,
        "panic_sources": {"input1": PANIC_BUTTON},
        "doors": [
            {"switch": 1, "name": "Entrée", "buttons": ["%1"], "contact": "station"}
        ],
        **changed,
    }


def connection(sim: TwoNSimulator, **changed: object) -> dict[str, object]:
    """Return what a person enters to connect the simulated station."""
    return {
        "host": sim.host,
        "port": sim.port,
        "ssl": False,
        "verify_ssl": True,
        "username": "cabinet",
        "password": "cabinet-2n",
        **changed,
    }


def add_station(
    hass: HomeAssistant, entry: MockConfigEntry, data: dict[str, object]
) -> str:
    """Give a practice the simulated station; return the subentry's id."""
    subentry = ConfigSubentry(
        data=MappingProxyType(data),
        subentry_type=SUBENTRY_STATION,
        title="Entrance",
        unique_id=SERIAL,
    )
    hass.config_entries.async_add_subentry(entry, subentry)
    return subentry.subentry_id
