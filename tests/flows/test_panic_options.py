"""The forms of the panic chain: its course, and what each panic button means."""

from homeassistant.auth.models import User
from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType, InvalidData
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from tests.flows.steps import (
    PANIC_BUTTON,
    ROLES,
    connection,
    go_on,
    only_station,
    start,
    suggested,
)
from tests.flows.test_options_flow import choose
from tests.simulators.two_n import TwoNSimulator

OPTIONS = {
    "panic_repeat": 15,
    "panic_second_step_after": 10,
    "panic_third_step_after": 20,
    "siren_time": 60,
    "siren_ends_at": "acknowledgement",
    "attack_locks_down": False,
    "silent_is_shown": True,
}


async def submit(hass: HomeAssistant, flow: dict, **values: object) -> dict:
    return await hass.config_entries.options.async_configure(
        flow["flow_id"], OPTIONS | values
    )


async def test_the_course_of_a_panic_changes_and_the_people_stay(
    hass: HomeAssistant, practice: MockConfigEntry, owner: User
) -> None:
    flow = await choose(hass, practice, "panic")
    assert suggested(flow) == {
        "panic_phones": None,
        "panic_repeat": 30,
        "panic_second_step_after": 30,
        "panic_third_step_after": 90,
        "siren_time": 180,
        "siren_ends_at": "reset",
        "attack_locks_down": True,
        "silent_is_shown": False,
    }
    flow = await submit(hass, flow, panic_repeat=15.0)
    assert flow["type"] is FlowResultType.CREATE_ENTRY
    assert {key: practice.options[key] for key in OPTIONS} == OPTIONS
    assert isinstance(practice.options["panic_repeat"], int)
    assert practice.options["panic_phones"] == []
    assert practice.options["may_open"] == [owner.id]


async def test_steps_follow_each_other(
    hass: HomeAssistant, practice: MockConfigEntry
) -> None:
    flow = await choose(hass, practice, "panic")
    flow = await submit(hass, flow, panic_third_step_after=10)
    assert flow["errors"] == {"panic_third_step_after": "before_the_second"}
    flow = await submit(hass, flow)
    assert flow["type"] is FlowResultType.CREATE_ENTRY


@pytest.mark.parametrize(
    "values", [{"panic_repeat": 61}, {"siren_time": 901}, {"siren_ends_at": "never"}]
)
async def test_what_would_break_a_promise_is_refused(
    hass: HomeAssistant, practice: MockConfigEntry, values: dict[str, object]
) -> None:
    flow = await choose(hass, practice, "panic")
    with pytest.raises(InvalidData):
        await submit(hass, flow, **values)


async def test_each_panic_button_of_a_station_is_described(
    hass: HomeAssistant, practice: MockConfigEntry, sim: TwoNSimulator
) -> None:
    flow = await go_on(hass, await start(hass, practice), connection(sim))
    subentries = hass.config_entries.subentries
    flow = await subentries.async_configure(
        flow["flow_id"], {**ROLES, "doors": [], "panic_inputs": ["input1", "input2"]}
    )
    described = []
    for kind in ("assistance", "attack"):
        assert flow["step_id"] == "panic_input"
        described.append(flow["description_placeholders"]["port"])
        assert suggested(flow) == {
            "kind": "hold_up",
            "gesture": "double",
            "location": "",
            "audible": False,
        }
        button = {**PANIC_BUTTON, "kind": kind}
        flow = await subentries.async_configure(flow["flow_id"], button)
    assert flow["type"] is FlowResultType.CREATE_ENTRY
    assert described == ["input1", "input2"]
    station = only_station(practice)
    assert station.data["panic_sources"] == {
        "input1": {**PANIC_BUTTON, "kind": "assistance"},
        "input2": {**PANIC_BUTTON, "kind": "attack"},
    }

    # What was said before is proposed again.
    flow = await practice.start_subentry_reconfigure_flow(hass, station.subentry_id)
    flow = await subentries.async_configure(flow["flow_id"], connection(sim))
    flow = await subentries.async_configure(
        flow["flow_id"], {**ROLES, "doors": [], "panic_inputs": ["input2"]}
    )
    assert suggested(flow) == {**PANIC_BUTTON, "kind": "attack"}
