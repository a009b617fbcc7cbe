"""Choosing the sensors of the alarm, its times and its codes."""

from typing import Any

from homeassistant.auth.models import User
from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType, InvalidData
from homeassistant.helpers import entity_registry as er
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.cabinet_secure import alarm_codes
from custom_components.cabinet_secure.alarm_codes import CodeBook
from custom_components.cabinet_secure.alarm_setup import async_intrusion_config
from custom_components.cabinet_secure.practice.intrusion.config import SensorRole
from custom_components.cabinet_secure.practice.intrusion.events import CodeHolder
from tests.flows.steps import suggested
from tests.flows.test_options_flow import choose

TIMES = {
    "alarm_entry_delay": 20,
    "alarm_exit_delay": 45,
    "alarm_trigger_time": 120,
    "alarm_most_sirens": 2,
}


@pytest.fixture(autouse=True)
def cheap_hashes(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have tests take no longer than they must: the cheapest hash there is."""
    monkeypatch.setattr(alarm_codes, "_ROUNDS", 4)


async def enter(
    hass: HomeAssistant, entry: MockConfigEntry, step: str, values: dict[str, Any]
) -> dict:
    """Fill in a form of the alarm, and return what becomes of it."""
    flow = await choose(hass, entry, "codes" if "code" in step else step)
    if flow["type"] is FlowResultType.MENU:
        flow = await hass.config_entries.options.async_configure(
            flow["flow_id"], {"next_step_id": step}
        )
    return await hass.config_entries.options.async_configure(flow["flow_id"], values)


def kept(entry: MockConfigEntry) -> list[str]:
    """Return whose codes are kept."""
    return [code["label"] for code in entry.options["alarm_codes"]]


async def test_sensors_are_kept_under_what_outlives_a_new_name(
    hass: HomeAssistant, practice: MockConfigEntry
) -> None:
    registry = er.async_get(hass)
    known = registry.async_get_or_create("binary_sensor", "test", "window")
    flow = await choose(hass, practice, "alarm")
    assert suggested(flow)["alarm_exit_delay"] == 60
    flow = await hass.config_entries.options.async_configure(
        flow["flow_id"],
        {
            **TIMES,
            "alarm_entry": ["binary_sensor.unregistered"],
            "alarm_perimeter": [known.entity_id],
            "alarm_bypassable": [known.entity_id],
        },
    )
    assert flow["type"] is FlowResultType.CREATE_ENTRY
    await hass.async_block_till_done()
    assert practice.options["alarm_perimeter"] == [known.id]
    assert practice.options["alarm_bypassable"] == [known.id]
    assert practice.options["alarm_entry"] == ["binary_sensor.unregistered"]
    assert practice.options["ring_life"] == 120
    alarm = async_intrusion_config(hass, practice.options)
    assert alarm.exit_delay.total_seconds() == 45
    assert alarm.sensors[known.id].role is SensorRole.PERIMETER
    assert alarm.sensors[known.id].may_be_bypassed
    registry.async_update_entity(known.entity_id, new_entity_id="binary_sensor.pane")
    shown = suggested(await choose(hass, practice, "alarm"))
    assert shown["alarm_perimeter"] == ["binary_sensor.pane"]
    assert shown["alarm_interior"] == []
    assert shown["alarm_most_sirens"] == 2
    # What is gone is no longer proposed.
    registry.async_remove("binary_sensor.pane")
    assert suggested(await choose(hass, practice, "alarm"))["alarm_perimeter"] == []


@pytest.mark.parametrize(
    ("values", "errors"),
    [
        (
            {
                "alarm_entry": ["binary_sensor.door"],
                "alarm_always": ["binary_sensor.door"],
            },
            {"alarm_always": "sensor_has_a_role"},
        ),
        (
            {"alarm_bypassable": ["binary_sensor.door"]},
            {"alarm_bypassable": "sensor_without_a_role"},
        ),
        ({"alarm_code_always": True}, {"alarm_code_always": "no_code"}),
    ],
)
async def test_what_does_not_fit_together_is_refused(
    hass: HomeAssistant,
    practice: MockConfigEntry,
    values: dict[str, Any],
    errors: dict[str, str],
) -> None:
    flow = await enter(hass, practice, "alarm", {**TIMES, **values})
    assert flow["errors"] == errors
    assert suggested(flow)["alarm_entry_delay"] == 20
    flow = await hass.config_entries.options.async_configure(flow["flow_id"], TIMES)
    assert flow["type"] is FlowResultType.CREATE_ENTRY


@pytest.mark.parametrize(
    "values",
    [
        {"alarm_entry_delay": 46},
        {"alarm_exit_delay": 301},
        {"alarm_trigger_time": 29},
        {"alarm_trigger_time": 901},
        {"alarm_most_sirens": 11},
    ],
)
async def test_times_out_of_range_are_refused(
    hass: HomeAssistant, practice: MockConfigEntry, values: dict[str, int]
) -> None:
    with pytest.raises(InvalidData):
        await enter(hass, practice, "alarm", {**TIMES, **values})


async def test_codes_are_added_as_hashes_and_removed(
    hass: HomeAssistant, practice: MockConfigEntry, doctor: User
) -> None:
    menu = await choose(hass, practice, "codes")
    assert menu["menu_options"] == ["add_code"]
    flow = await enter(
        hass, practice, "add_code", {"person": doctor.id, "code": "482916"}
    )
    assert flow["type"] is FlowResultType.CREATE_ENTRY
    await hass.async_block_till_done()
    (code,) = practice.options["alarm_codes"]
    assert (code["label"], code["person"]) == ("Doctor", doctor.id)
    assert code["hash"].startswith("$2b$")
    assert "482916" not in str(practice.options)
    await enter(hass, practice, "add_code", {"label": " Keypad ", "code": "7305118"})
    await hass.async_block_till_done()
    assert kept(practice) == ["Doctor", "Keypad"]
    assert CodeBook(practice.options["alarm_codes"]).holder("7305118") == CodeHolder(
        label="Keypad"
    )
    menu = await choose(hass, practice, "codes")
    assert menu["menu_options"] == ["add_code", "remove_codes"]
    await enter(hass, practice, "remove_codes", {"alarm_codes": ["0"]})
    await hass.async_block_till_done()
    assert kept(practice) == ["Keypad"]
    assert CodeBook(practice.options["alarm_codes"]).holder("482916") is None


@pytest.mark.parametrize(
    ("values", "errors"),
    [
        ({"label": "A", "code": "12a456"}, {"code": "code_form"}),
        ({"label": "A", "code": "48291"}, {"code": "code_form"}),
        ({"label": "A", "code": "4829164829164"}, {"code": "code_form"}),
        ({"label": "A", "code": "111111"}, {"code": "code_guessed"}),
        ({"label": "A", "code": "456789"}, {"code": "code_guessed"}),
        ({"label": "A", "code": "482916"}, {"code": "code_guessed"}),
        ({"code": "482917"}, {"label": "name_missing"}),
        ({"label": "Known", "code": "482917"}, {"label": "name_taken"}),
    ],
)
async def test_a_code_that_does_not_do_is_refused_and_not_shown_again(
    hass: HomeAssistant,
    practice: MockConfigEntry,
    values: dict[str, str],
    errors: dict[str, str],
) -> None:
    await enter(hass, practice, "add_code", {"label": "Known", "code": "482916"})
    await hass.async_block_till_done()
    flow = await enter(hass, practice, "add_code", values)
    assert flow["errors"] == errors
    assert suggested(flow)["code"] is None
    assert suggested(flow)["label"] == values.get("label")
    assert kept(practice) == ["Known"]


async def test_a_duress_code_has_the_name_of_the_usual_one_and_is_told_apart(
    hass: HomeAssistant, practice: MockConfigEntry
) -> None:
    await enter(hass, practice, "add_code", {"label": "Locum", "code": "482916"})
    await hass.async_block_till_done()
    values = {"label": "Locum", "code": "620485", "duress": True}
    await enter(hass, practice, "add_code", values)
    await hass.async_block_till_done()
    assert kept(practice) == ["Locum", "Locum"]
    menu = await choose(hass, practice, "codes")
    form = await hass.config_entries.options.async_configure(
        menu["flow_id"], {"next_step_id": "remove_codes"}
    )
    offered = form["data_schema"].schema["alarm_codes"].config["options"]
    assert [each["label"] for each in offered] == ["Locum", "Locum (sous contrainte)"]
    await hass.config_entries.options.async_configure(
        form["flow_id"], {"alarm_codes": ["0"]}
    )
    assert [code["duress"] for code in practice.options["alarm_codes"]] == [True]


async def test_the_last_code_stays_where_a_code_is_always_needed(
    hass: HomeAssistant, practice: MockConfigEntry
) -> None:
    await enter(hass, practice, "add_code", {"label": "Known", "code": "482916"})
    await hass.async_block_till_done()
    await enter(hass, practice, "alarm", {**TIMES, "alarm_code_always": True})
    await hass.async_block_till_done()
    flow = await enter(hass, practice, "remove_codes", {"alarm_codes": ["0"]})
    assert flow["errors"] == {"alarm_codes": "no_code"}
    assert kept(practice) == ["Known"]
