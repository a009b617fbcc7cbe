"""Adding the demonstration, and changing it."""

from homeassistant.config_entries import SOURCE_USER
from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from tests.flows.steps import suggested


async def start(hass: HomeAssistant, entry: MockConfigEntry) -> dict:
    return await hass.config_entries.subentries.async_init(
        (entry.entry_id, "demo"), context={"source": SOURCE_USER}
    )


@pytest.mark.parametrize(
    ("language", "door", "title"),
    [("fr", "Entrée", "Démonstration"), ("en", "Entrance", "Demonstration")],
)
async def test_the_demonstration_speaks_the_language_of_the_practice(
    hass: HomeAssistant, practice: MockConfigEntry, language: str, door: str, title: str
) -> None:
    hass.config_entries.async_update_entry(
        practice, data={**practice.data, "language": language}
    )
    flow = await start(hass, practice)
    assert suggested(flow) == {"name": door}

    flow = await hass.config_entries.subentries.async_configure(
        flow["flow_id"], {"name": "  Porte bleue "}
    )
    assert flow["type"] is FlowResultType.CREATE_ENTRY
    (subentry,) = practice.get_subentries_of_type("demo")
    assert subentry.title == title
    assert subentry.data == {"name": "Porte bleue"}


async def test_a_practice_has_one_demonstration(
    hass: HomeAssistant, practice: MockConfigEntry
) -> None:
    flow = await start(hass, practice)
    await hass.config_entries.subentries.async_configure(
        flow["flow_id"], {"name": "Entrée"}
    )
    flow = await start(hass, practice)
    assert flow["type"] is FlowResultType.ABORT
    assert flow["reason"] == "already_configured"


async def test_the_door_of_the_demonstration_needs_a_name(
    hass: HomeAssistant, practice: MockConfigEntry
) -> None:
    flow = await start(hass, practice)
    flow = await hass.config_entries.subentries.async_configure(
        flow["flow_id"], {"name": " "}
    )
    assert flow["errors"] == {"name": "name_missing"}
    flow = await hass.config_entries.subentries.async_configure(
        flow["flow_id"], {"name": "Entrée"}
    )
    assert flow["type"] is FlowResultType.CREATE_ENTRY


async def test_the_door_of_the_demonstration_is_renamed(
    hass: HomeAssistant, practice: MockConfigEntry
) -> None:
    flow = await start(hass, practice)
    await hass.config_entries.subentries.async_configure(
        flow["flow_id"], {"name": "Entrée"}
    )
    (subentry,) = practice.get_subentries_of_type("demo")
    flow = await practice.start_subentry_reconfigure_flow(hass, subentry.subentry_id)
    assert suggested(flow) == {"name": "Entrée"}

    flow = await hass.config_entries.subentries.async_configure(
        flow["flow_id"], {"name": ""}
    )
    assert flow["errors"] == {"name": "name_missing"}
    flow = await hass.config_entries.subentries.async_configure(
        flow["flow_id"], {"name": "Cour"}
    )
    assert flow["reason"] == "reconfigure_successful"
    (subentry,) = practice.get_subentries_of_type("demo")
    assert subentry.data == {"name": "Cour"}
