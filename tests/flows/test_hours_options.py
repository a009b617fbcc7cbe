"""Setting up the hours of a practice, without typing a format."""

from typing import Any

from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType, InvalidData
from homeassistant.helpers import entity_registry as er
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from tests.flows.steps import suggested
from tests.flows.test_options_flow import choose

HOURS = {
    "kind": "weekly",
    "holidays": True,
    "on_call_hours": True,
    "on_call_begin": "20:00:00",
    "on_call_end": "08:00:00",
    "on_call_sundays": True,
    "on_call_holidays": False,
    "first_person_in": True,
    "nobody_came_after": 20.0,
    "not_staff": [" Ménage ", ""],
}
DAYS = (
    "monday",
    "tuesday",
    "wednesday",
    "thursday",
    "friday",
    "saturday",
    "sunday",
)


def week(**days: dict[str, str]) -> dict[str, dict[str, str]]:
    return {day: days.get(day, {}) for day in DAYS}


async def ask(hass: HomeAssistant, flow: dict, data: dict[str, Any]) -> dict:
    return await hass.config_entries.options.async_configure(flow["flow_id"], data)


async def test_a_week_is_proposed_and_kept_as_it_was_changed(
    hass: HomeAssistant, practice: MockConfigEntry
) -> None:
    flow = await ask(hass, await choose(hass, practice, "hours"), HOURS)
    assert flow["step_id"] == "week"
    monday = flow["data_schema"].schema["monday"].schema
    assert {
        str(key): (key.description or {}).get("suggested_value")
        for key in monday.schema
        if key.description
    } == {
        "open_1": "08:00",
        "close_1": "12:00",
        "open_2": "14:00",
        "close_2": "19:00",
    }
    flow = await ask(
        hass,
        flow,
        week(
            monday={"open_1": "09:00:00", "close_1": "12:30:00"},
            # Entered in any order, over midnight.
            friday={
                "open_1": "20:00:00",
                "close_1": "01:00:00",
                "open_3": "08:00:00",
                "close_3": "12:00:00",
            },
        ),
    )
    assert flow["type"] is FlowResultType.CREATE_ENTRY
    assert practice.options["hours"] == HOURS | {
        "on_call_begin": "20:00",
        "on_call_end": "08:00",
        "nobody_came_after": 20,
        "not_staff": ["Ménage"],
        "week": [
            [["09:00", "12:30"]],
            [],
            [],
            [],
            [["08:00", "12:00"], ["20:00", "01:00"]],
            [],
            [],
        ],
    }
    assert practice.options["ring_life"] == 120

    # By hand for a while: the week is not forgotten.
    flow = await choose(hass, practice, "hours")
    assert suggested(flow)["nobody_came_after"] == 20
    await ask(hass, flow, HOURS | {"kind": "by_hand"})
    assert practice.options["hours"]["kind"] == "by_hand"
    assert practice.options["hours"]["week"][0] == [["09:00", "12:30"]]


@pytest.mark.parametrize(
    ("day", "error"),
    [
        ({"open_1": "08:00:00"}, "window_incomplete"),
        ({"close_2": "08:00:00"}, "window_incomplete"),
        (
            {
                "open_1": "08:00:00",
                "close_1": "12:00:00",
                "open_2": "11:00:00",
                "close_2": "18:00:00",
            },
            "windows_overlap",
        ),
    ],
)
async def test_a_week_that_cannot_be_is_said_so(
    hass: HomeAssistant, practice: MockConfigEntry, day: dict[str, str], error: str
) -> None:
    flow = await ask(hass, await choose(hass, practice, "hours"), HOURS)
    flow = await ask(hass, flow, week(tuesday=day))
    assert flow["errors"] == {"base": error}
    flow = await ask(hass, flow, week())
    assert flow["type"] is FlowResultType.CREATE_ENTRY


async def test_a_schedule_to_follow_has_to_be_named(
    hass: HomeAssistant, practice: MockConfigEntry
) -> None:
    flow = await choose(hass, practice, "hours")
    flow = await ask(hass, flow, HOURS | {"kind": "followed"})
    assert flow["errors"] == {"followed_entity": "nothing_followed"}
    flow = await ask(
        hass, flow, HOURS | {"kind": "followed", "followed_entity": "schedule.cabinet"}
    )
    assert flow["type"] is FlowResultType.CREATE_ENTRY
    assert practice.options["hours"]["followed_entity"] == "schedule.cabinet"


async def test_a_practice_does_not_follow_itself(
    hass: HomeAssistant, practice: MockConfigEntry
) -> None:
    own = er.async_get(hass).async_get_or_create(
        "calendar", "cabinet_secure", "x-hours", config_entry=practice
    )
    flow = await choose(hass, practice, "hours")
    with pytest.raises(InvalidData):
        await ask(
            hass, flow, HOURS | {"kind": "followed", "followed_entity": own.entity_id}
        )


async def test_a_region_with_holidays_of_its_own_is_offered(
    hass: HomeAssistant, practice: MockConfigEntry
) -> None:
    flow = await choose(hass, practice, "hours")
    flow = await ask(hass, flow, HOURS | {"kind": "by_hand", "holidays_region": "57"})
    assert practice.options["hours"]["holidays_region"] == "57"
    hass.config_entries.async_update_entry(
        practice, data={**practice.data, "country": "MC"}
    )
    flow = await choose(hass, practice, "hours")
    assert "holidays_region" not in suggested(flow)
