"""Changing the people of a practice, and the times of its rings."""

from datetime import timedelta
from types import MappingProxyType

from homeassistant.auth.models import User
from homeassistant.config_entries import ConfigSubentry
from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType, InvalidData
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.cabinet_secure.door_watch_options import door_watch_config
from custom_components.cabinet_secure.practice.door_watch.config import DoorWatchConfig
from tests.flows.steps import suggested

RING = {
    "ring_life": 90,
    "second_step_after": 15,
    "third_step_after": 30,
    "automations_may_open": True,
}


async def choose(hass: HomeAssistant, entry: MockConfigEntry, step: str) -> dict:
    flow = await hass.config_entries.options.async_init(entry.entry_id)
    assert flow["type"] is FlowResultType.MENU
    return await hass.config_entries.options.async_configure(
        flow["flow_id"], {"next_step_id": step}
    )


async def test_people_change_and_the_ring_stays(
    hass: HomeAssistant, practice: MockConfigEntry, owner: User, doctor: User
) -> None:
    flow = await choose(hass, practice, "people")
    assert suggested(flow)["may_open"] == [owner.id]
    flow = await hass.config_entries.options.async_configure(
        flow["flow_id"], {"may_open": [doctor.id], "may_manage": [owner.id]}
    )
    assert flow["type"] is FlowResultType.CREATE_ENTRY
    assert practice.options["may_open"] == [doctor.id]
    assert practice.options["on_call"] == []
    assert practice.options["ring_life"] == 120


async def test_a_practice_cannot_be_left_without_people(
    hass: HomeAssistant, practice: MockConfigEntry, owner: User
) -> None:
    flow = await choose(hass, practice, "people")
    flow = await hass.config_entries.options.async_configure(flow["flow_id"], {})
    assert flow["errors"] == {
        "may_open": "nobody_may_open",
        "may_manage": "nobody_may_manage",
    }
    flow = await hass.config_entries.options.async_configure(
        flow["flow_id"], {"may_open": [owner.id], "may_manage": [owner.id]}
    )
    assert flow["type"] is FlowResultType.CREATE_ENTRY


async def test_somebody_whose_account_is_gone_is_no_longer_proposed(
    hass: HomeAssistant, practice: MockConfigEntry, owner: User, doctor: User
) -> None:
    hass.config_entries.async_update_entry(
        practice, options={**practice.options, "may_open": [owner.id, doctor.id]}
    )
    await hass.auth.async_remove_user(doctor)
    flow = await choose(hass, practice, "people")
    assert suggested(flow)["may_open"] == [owner.id]


async def test_the_times_of_a_ring_change_and_the_people_stay(
    hass: HomeAssistant, practice: MockConfigEntry, owner: User
) -> None:
    flow = await choose(hass, practice, "ring")
    assert suggested(flow) == {
        "ring_life": 120,
        "second_step_after": 20,
        "third_step_after": 45,
        "automations_may_open": False,
    }
    flow = await hass.config_entries.options.async_configure(
        flow["flow_id"], {**RING, "ring_life": 90.0}
    )
    assert flow["type"] is FlowResultType.CREATE_ENTRY
    assert {key: practice.options[key] for key in RING} == RING
    assert isinstance(practice.options["ring_life"], int)
    assert practice.options["automations_may_open"] is True
    assert practice.options["may_open"] == [owner.id]


@pytest.mark.parametrize(
    ("second", "third", "errors"),
    [
        (30, 30, {"third_step_after": "before_the_second"}),
        (31, 30, {"third_step_after": "before_the_second"}),
        (15, 90, {"third_step_after": "after_the_end"}),
        (
            90,
            91,
            {"second_step_after": "after_the_end", "third_step_after": "after_the_end"},
        ),
    ],
)
async def test_steps_follow_each_other_within_the_life_of_a_ring(
    hass: HomeAssistant,
    practice: MockConfigEntry,
    second: int,
    third: int,
    errors: dict[str, str],
) -> None:
    flow = await choose(hass, practice, "ring")
    flow = await hass.config_entries.options.async_configure(
        flow["flow_id"],
        {**RING, "second_step_after": second, "third_step_after": third},
    )
    assert flow["errors"] == errors
    assert suggested(flow)["second_step_after"] == second

    flow = await hass.config_entries.options.async_configure(flow["flow_id"], RING)
    assert flow["type"] is FlowResultType.CREATE_ENTRY


@pytest.mark.parametrize(
    "values", [{"ring_life": 29}, {"ring_life": 601}, {"second_step_after": 4}]
)
async def test_times_out_of_range_are_refused(
    hass: HomeAssistant, practice: MockConfigEntry, values: dict[str, int]
) -> None:
    flow = await choose(hass, practice, "ring")
    with pytest.raises(InvalidData):
        await hass.config_entries.options.async_configure(
            flow["flow_id"], {**RING, **values}
        )


async def test_who_may_open_during_a_lockdown_is_one_who_may_open(
    hass: HomeAssistant, practice: MockConfigEntry, owner: User, doctor: User
) -> None:
    flow = await choose(hass, practice, "lockdown")
    with pytest.raises(InvalidData):
        await hass.config_entries.options.async_configure(
            flow["flow_id"], {"may_override": [doctor.id]}
        )
    flow = await hass.config_entries.options.async_configure(
        flow["flow_id"],
        {"may_override": [owner.id], "fire_sensors": ["binary_sensor.fire"]},
    )
    assert flow["type"] is FlowResultType.CREATE_ENTRY
    assert practice.options["may_override"] == [owner.id]
    flow = await choose(hass, practice, "lockdown")
    assert suggested(flow) == {
        "may_override": [owner.id],
        "fire_sensors": ["binary_sensor.fire"],
    }
    await hass.config_entries.options.async_configure(flow["flow_id"], {})
    assert practice.options["may_override"] == []
    assert practice.options["ring_life"] == 120


async def test_how_long_evidence_is_kept_changes_and_the_people_stay(
    hass: HomeAssistant, practice: MockConfigEntry, owner: User
) -> None:
    flow = await choose(hass, practice, "media")
    assert suggested(flow) == {
        "media_days": 7,
        "media_limit": 2000,
        "station_evidence": [],
    }
    flow = await hass.config_entries.options.async_configure(
        flow["flow_id"],
        {"media_days": 30.0, "media_limit": 500, "station_evidence": ["panic"]},
    )
    assert flow["type"] is FlowResultType.CREATE_ENTRY
    assert practice.options["media_days"] == 30
    assert isinstance(practice.options["media_days"], int)
    assert practice.options["station_evidence"] == ["panic"]
    assert practice.options["may_open"] == [owner.id]


@pytest.mark.parametrize("days", [0, 31])
async def test_evidence_is_kept_for_thirty_days_at_most(
    hass: HomeAssistant, practice: MockConfigEntry, days: int
) -> None:
    flow = await choose(hass, practice, "media")
    with pytest.raises(InvalidData):
        await hass.config_entries.options.async_configure(
            flow["flow_id"], {"media_days": days, "media_limit": 500}
        )


async def test_doors_of_all_equipment_are_offered_to_open_by_themselves(
    hass: HomeAssistant, practice: MockConfigEntry
) -> None:
    subentry = ConfigSubentry(
        data=MappingProxyType({"name": "Démo"}),
        subentry_type="demo",
        title="Démonstration",
        unique_id="demo",
    )
    hass.config_entries.async_add_subentry(practice, subentry)
    door = f"demo-{subentry.subentry_id}-door"
    flow = await choose(hass, practice, "auto_open")
    flow = await hass.config_entries.options.async_configure(
        flow["flow_id"], {"auto_open": [door]}
    )
    assert flow["type"] is FlowResultType.CREATE_ENTRY
    assert practice.options["auto_open"] == [door]
    assert suggested(await choose(hass, practice, "auto_open")) == {"auto_open": [door]}


async def test_how_long_doors_may_stand_open_is_asked_and_known(
    hass: HomeAssistant, practice: MockConfigEntry
) -> None:
    flow = await choose(hass, practice, "door_watch")
    assert suggested(flow) == {"open_by_day": 300, "open_after_hours": 60}
    await hass.config_entries.options.async_configure(
        flow["flow_id"], {"open_by_day": 0, "open_after_hours": 45}
    )
    assert practice.options["open_after_hours"] == 45
    assert door_watch_config(practice.options) == DoorWatchConfig(
        by_day=None, after_hours=timedelta(seconds=45)
    )
