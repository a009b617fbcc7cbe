"""The panic chain is walked: phones, storage, tests and drills that are due."""

from datetime import timedelta
from typing import Any

from freezegun.api import FrozenDateTimeFactory
from homeassistant.auth.models import User
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers import (
    device_registry as dr,
    entity_registry as er,
    issue_registry as ir,
)
import pytest
from pytest_homeassistant_custom_component.common import (
    MockConfigEntry,
    async_fire_time_changed,
)

from custom_components.cabinet_secure.const import DOMAIN
from custom_components.cabinet_secure.storage import PracticeStore
from tests.practices import context_of, demo_subentry, practice_entry, set_up
from tests.test_automations import automate
from tests.test_demonstration import state_of
from tests.test_panic_chain import act, demonstration

PANIC_OPTIONS = {
    "panic_repeat": 15,
    "panic_second_step_after": 10,
    "panic_third_step_after": 20,
    "siren_time": 60,
    "siren_ends_at": "acknowledgement",
    "attack_locks_down": False,
    "silent_is_shown": True,
}
CHAIN = "sensor.cabinet_panic_chain"
FAULT = "binary_sensor.cabinet_fault"


async def walk(hass: HomeAssistant, freezer: FrozenDateTimeFactory) -> None:
    """Let so much time pass that the chain is walked again."""
    freezer.tick(timedelta(seconds=121))
    async_fire_time_changed(hass)
    await hass.async_block_till_done()


def problems(hass: HomeAssistant) -> list[dict[str, Any]]:
    state = hass.states.get(CHAIN)
    assert state is not None
    return list(state.attributes["problems"])


def reminders(hass: HomeAssistant) -> set[str]:
    return {
        str(issue.translation_key)
        for (domain, _), issue in ir.async_get(hass).issues.items()
        if domain == DOMAIN
    }


async def test_a_phone_that_disappears_is_a_fault_within_three_minutes(
    hass: HomeAssistant, people: dict[str, User], freezer: FrozenDateTimeFactory
) -> None:
    app = MockConfigEntry(domain="mobile_app")
    app.add_to_hass(hass)
    phone = dr.async_get(hass).async_get_or_create(
        config_entry_id=app.entry_id, identifiers={("mobile_app", "1")}, name="Phone"
    )
    entities = er.async_get(hass)
    notify = entities.async_get_or_create(
        "notify", "mobile_app", "notify", device_id=phone.id
    )
    battery = entities.async_get_or_create(
        "sensor", "mobile_app", "battery", device_id=phone.id
    )
    hass.states.async_set(battery.entity_id, "50")
    await set_up(hass, practice_entry(people, demo_subentry(), panic_phones=[phone.id]))
    calls = await automate(hass, {"trigger": "cabinet_secure.equipment"})
    assert state_of(hass, CHAIN) == "untested"
    assert state_of(hass, FAULT) == "off"

    freezer.tick(timedelta(hours=49))
    await walk(hass, freezer)
    assert problems(hass) == [{"problem": "phone_unseen", "subject": "Phone"}]
    assert state_of(hass, FAULT) == "on"
    hass.states.async_set(battery.entity_id, "49")
    await walk(hass, freezer)
    assert problems(hass) == []
    entities.async_remove(notify.entity_id)
    await walk(hass, freezer)
    assert problems(hass) == [{"problem": "phone_gone", "subject": "Phone"}]
    dr.async_get(hass).async_remove_device(phone.id)
    await walk(hass, freezer)
    assert problems(hass) == [{"problem": "phone_gone", "subject": phone.id}]
    assert state_of(hass, CHAIN) == "broken"
    told = [call.data["payload"]["equipment"] for call in calls]
    assert [each["event"] for each in told] == ["fault", "fault_cleared", "fault"]
    assert told[0]["equipment_name"] == "Cabinet"
    assert told[0]["fault"] == "panic_chain"


async def test_a_full_disk_breaks_the_chain_until_there_is_room_again(
    hass: HomeAssistant,
    demo: MockConfigEntry,
    freezer: FrozenDateTimeFactory,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async def full(self: PracticeStore, *args: object) -> None:
        raise HomeAssistantError("No space left on device")

    with monkeypatch.context() as disk:
        disk.setattr(PracticeStore, "save", full)
        await act(hass, "raise_panic", confirmed=True)
        await walk(hass, freezer)
        assert problems(hass) == [{"problem": "not_stored", "subject": ""}]
    await walk(hass, freezer)
    await walk(hass, freezer)
    assert problems(hass) == []


async def test_the_chain_is_ready_once_a_phone_has_acknowledged(
    hass: HomeAssistant, demo: MockConfigEntry, people: dict[str, User]
) -> None:
    calls = await automate(
        hass, {"trigger": "cabinet_secure.panic", "options": {"drill": True}}
    )
    assert state_of(hass, CHAIN) == "untested"
    await act(hass, "start_drill", people["manager"])
    await hass.async_block_till_done()
    hass.bus.async_fire(
        "mobile_app_notification_action",
        {"action": calls[0].data["payload"]["panic"]["actions"]["acknowledge"]},
        context=context_of(people["doctor"]),
    )
    await hass.async_block_till_done()
    assert state_of(hass, CHAIN) == "ready"


async def test_tests_and_drills_that_are_due_are_repairs_until_they_are_done(
    hass: HomeAssistant,
    demo: MockConfigEntry,
    people: dict[str, User],
    freezer: FrozenDateTimeFactory,
) -> None:
    assert reminders(hass) == {"panic_test_due", "panic_drill_due"}
    await act(hass, "start_drill", people["manager"])
    await act(hass, "reset_panic", people["manager"])
    assert reminders(hass) == {"panic_test_due"}
    demonstration(demo).press_panic()
    demonstration(demo).press_panic()
    await act(hass, "acknowledge_panic", people["doctor"])
    await act(hass, "reset_panic", people["manager"])
    assert reminders(hass) == set()
    freezer.tick(timedelta(days=32))
    await walk(hass, freezer)
    (issue,) = (i for (d, _), i in ir.async_get(hass).issues.items() if d == DOMAIN)
    assert issue.translation_key == "panic_test_due"
    placeholders = issue.translation_placeholders or {}
    assert placeholders["button"] == "Démonstration"
    assert placeholders["last"] != "–"


async def test_the_sirens_are_chosen_by_their_names(
    hass: HomeAssistant, demo: MockConfigEntry
) -> None:
    (siren,) = demo.runtime_data.config.panic.sirens
    options = hass.config_entries.options
    flow = await options.async_init(demo.entry_id)
    flow = await options.async_configure(flow["flow_id"], {"next_step_id": "panic"})
    (field,) = (key for key in flow["data_schema"].schema if key == "panic_sirens")
    (option,) = flow["data_schema"].schema[field].config["options"]
    assert option == {"value": siren, "label": "Demonstration siren"}
    await options.async_configure(flow["flow_id"], PANIC_OPTIONS)
    await hass.async_block_till_done()
    assert demo.options["panic_sirens"] == []
    assert demo.runtime_data.config.panic.sirens == frozenset()
