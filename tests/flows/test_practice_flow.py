"""Setting up a practice, and changing it."""

from unittest.mock import AsyncMock

from homeassistant.auth.const import GROUP_ID_USER
from homeassistant.auth.models import User
from homeassistant.config_entries import SOURCE_USER
from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType, InvalidData
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.cabinet_secure.const import DOMAIN
from tests.flows.steps import suggested

PRACTICE = {"name": "Cabinet du Parc", "country": "FR", "language": "fr"}


async def start(hass: HomeAssistant) -> dict:
    return await hass.config_entries.flow.async_init(
        DOMAIN, context={"source": SOURCE_USER}
    )


async def test_a_practice_is_set_up_with_its_people(
    hass: HomeAssistant, owner: User, doctor: User, setup_entry: AsyncMock
) -> None:
    flow = await start(hass)
    assert flow["type"] is FlowResultType.FORM
    assert flow["step_id"] == "user"

    flow = await hass.config_entries.flow.async_configure(flow["flow_id"], PRACTICE)
    assert flow["step_id"] == "people"

    flow = await hass.config_entries.flow.async_configure(
        flow["flow_id"],
        {
            "may_open": [owner.id, doctor.id],
            "may_manage": [owner.id],
            "on_call": [doctor.id],
        },
    )
    assert flow["type"] is FlowResultType.CREATE_ENTRY
    assert flow["title"] == "Cabinet du Parc"
    assert flow["result"].data == {"country": "FR", "language": "fr"}
    assert flow["result"].options == {
        "may_open": [owner.id, doctor.id],
        "may_manage": [owner.id],
        "on_call": [doctor.id],
        "automations_may_open": False,
        "ring_life": 120,
        "second_step_after": 20,
        "third_step_after": 45,
    }
    assert setup_entry.call_count == 1


@pytest.mark.parametrize(
    ("spoken", "proposed"),
    [("fr", "fr"), ("fr-CA", "fr"), ("en-GB", "en"), ("de", "en")],
)
async def test_country_and_language_follow_home_assistant(
    hass: HomeAssistant, spoken: str, proposed: str
) -> None:
    hass.config.country = "BE"
    hass.config.language = spoken
    values = suggested(await start(hass))
    assert values["country"] == "BE"
    assert values["language"] == proposed


async def test_administrators_are_proposed_and_software_is_not(
    hass: HomeAssistant, owner: User, doctor: User
) -> None:
    system = await hass.auth.async_create_system_user("Supervisor")
    gone = await hass.auth.async_create_user("Locum", group_ids=[GROUP_ID_USER])
    await hass.auth.async_deactivate_user(gone)
    nameless = await hass.auth.async_create_user("", group_ids=[GROUP_ID_USER])

    flow = await start(hass)
    flow = await hass.config_entries.flow.async_configure(flow["flow_id"], PRACTICE)
    assert suggested(flow) == {
        "may_open": [owner.id],
        "may_manage": [owner.id],
        "on_call": [],
    }
    options = flow["data_schema"].schema["may_open"].config["options"]
    assert options == [
        {"value": nameless.id, "label": nameless.id},
        {"value": doctor.id, "label": "Doctor"},
        {"value": owner.id, "label": "Manager"},
    ]
    for stranger in (system, gone):
        with pytest.raises(InvalidData):
            await hass.config_entries.flow.async_configure(
                flow["flow_id"], {"may_open": [stranger.id], "may_manage": [owner.id]}
            )


async def test_somebody_must_be_able_to_open_and_to_manage(
    hass: HomeAssistant, owner: User
) -> None:
    flow = await start(hass)
    flow = await hass.config_entries.flow.async_configure(flow["flow_id"], PRACTICE)
    flow = await hass.config_entries.flow.async_configure(
        flow["flow_id"], {"on_call": [owner.id]}
    )
    assert flow["errors"] == {
        "may_open": "nobody_may_open",
        "may_manage": "nobody_may_manage",
    }
    assert suggested(flow)["on_call"] == [owner.id]

    flow = await hass.config_entries.flow.async_configure(
        flow["flow_id"], {"may_open": [owner.id], "may_manage": [owner.id]}
    )
    assert flow["type"] is FlowResultType.CREATE_ENTRY
    assert flow["result"].options["on_call"] == []


@pytest.mark.parametrize(
    ("name", "error"),
    [("  ", "name_missing"), (" cabinet DES lilas ", "name_taken")],
)
async def test_a_practice_needs_a_name_of_its_own(
    hass: HomeAssistant, practice: MockConfigEntry, name: str, error: str
) -> None:
    flow = await start(hass)
    flow = await hass.config_entries.flow.async_configure(
        flow["flow_id"], {**PRACTICE, "name": name, "country": "LU"}
    )
    assert flow["step_id"] == "user"
    assert flow["errors"] == {"name": error}
    assert suggested(flow)["country"] == "LU"

    flow = await hass.config_entries.flow.async_configure(flow["flow_id"], PRACTICE)
    assert flow["step_id"] == "people"


async def test_a_practice_is_renamed_and_moves_to_another_country(
    hass: HomeAssistant, practice: MockConfigEntry
) -> None:
    flow = await practice.start_reconfigure_flow(hass)
    assert flow["step_id"] == "reconfigure"
    assert suggested(flow) == {
        "name": "Cabinet des Lilas",
        "country": "FR",
        "language": "fr",
    }
    flow = await hass.config_entries.flow.async_configure(
        flow["flow_id"], {"name": " Lilac Practice ", "country": "IE", "language": "en"}
    )
    assert flow["type"] is FlowResultType.ABORT
    assert flow["reason"] == "reconfigure_successful"
    assert practice.title == "Lilac Practice"
    assert practice.data == {"country": "IE", "language": "en"}
    assert practice.options["ring_life"] == 120


async def test_a_practice_keeps_its_own_name_but_cannot_take_another_ones(
    hass: HomeAssistant, practice: MockConfigEntry
) -> None:
    MockConfigEntry(domain=DOMAIN, title="Cabinet du Parc").add_to_hass(hass)
    flow = await practice.start_reconfigure_flow(hass)
    flow = await hass.config_entries.flow.async_configure(flow["flow_id"], PRACTICE)
    assert flow["errors"] == {"name": "name_taken"}

    flow = await hass.config_entries.flow.async_configure(
        flow["flow_id"], {**PRACTICE, "name": "Cabinet des Lilas"}
    )
    assert flow["reason"] == "reconfigure_successful"
