"""Triggers, conditions and actions, as an automation uses them."""

from typing import Any

from homeassistant.auth.models import User
from homeassistant.core import HomeAssistant, ServiceCall
from homeassistant.exceptions import ServiceValidationError
from homeassistant.helpers import device_registry as dr
from homeassistant.helpers.condition import (
    async_get_all_descriptions as async_get_condition_descriptions,
)
from homeassistant.helpers.trigger import async_get_all_descriptions
from homeassistant.setup import async_setup_component
import pytest
from pytest_homeassistant_custom_component.common import (
    MockConfigEntry,
    async_mock_service,
)

from custom_components.cabinet_secure.const import DOMAIN
from custom_components.cabinet_secure.practice.events import Fault, FaultRaised
from tests.practices import context_of
from tests.test_answers import press


async def automate(
    hass: HomeAssistant, trigger: dict[str, Any], **more: Any
) -> list[ServiceCall]:
    """Set up an automation; return the calls that it will make."""
    calls = async_mock_service(hass, "test", "told")
    assert await async_setup_component(
        hass,
        "automation",
        {
            "automation": {
                "triggers": trigger,
                "actions": {
                    "action": "test.told",
                    "data": {"payload": "{{ trigger }}"},
                },
                "mode": "queued",
            }
            | more
        },
    )
    await hass.async_block_till_done()
    return calls


async def test_a_ring_triggers_with_all_that_a_notification_needs(
    hass: HomeAssistant, demo: MockConfigEntry
) -> None:
    calls = await automate(
        hass, {"trigger": "cabinet_secure.ring", "options": {"events": ["started"]}}
    )
    await press(hass)
    await hass.async_block_till_done()
    (call,) = calls
    ring = call.data["payload"]["ring"]
    assert ring["event"] == "started"
    assert ring["step"] == 1
    assert ring["mode"] == "staff_only"
    assert ring["practice"] == "Cabinet"
    assert ring["camera_entity"] == "camera.demonstration_camera"
    assert set(ring["actions"]) == {"open", "refuse", "take"}


async def test_a_ring_trigger_can_be_kept_to_a_door(
    hass: HomeAssistant, demo: MockConfigEntry
) -> None:
    (door,) = (device for device in dr.async_get(hass).devices if device.name == "Démo")
    other = await automate(
        hass, {"trigger": "cabinet_secure.ring", "options": {"door": ["another"]}}
    )
    await press(hass)
    await hass.async_block_till_done()
    assert not other
    payload_door = demo.runtime_data.devices[demo.runtime_data.state.rings[0].door]
    assert payload_door == door.id


async def test_a_change_of_mode_triggers(
    hass: HomeAssistant, demo: MockConfigEntry, people: dict[str, User]
) -> None:
    calls = await automate(hass, {"trigger": "cabinet_secure.mode_changed"})
    await hass.services.async_call(
        "select",
        "select_option",
        {"entity_id": "select.cabinet_mode", "option": "closed"},
        blocking=True,
        context=context_of(people["doctor"]),
    )
    await hass.async_block_till_done()
    (call,) = calls
    assert call.data["payload"]["mode"] == {
        "practice": "Cabinet",
        "from_mode": "staff_only",
        "to_mode": "closed",
        "source": "user",
        "by": "doctor",
    }


async def test_somebody_without_a_role_does_not_change_the_mode(
    hass: HomeAssistant, demo: MockConfigEntry, people: dict[str, User]
) -> None:
    with pytest.raises(ServiceValidationError):
        await hass.services.async_call(
            "select",
            "select_option",
            {"entity_id": "select.cabinet_mode", "option": "open"},
            blocking=True,
            context=context_of(people["cleaner"]),
        )
    state = hass.states.get("select.cabinet_mode")
    assert state is not None
    assert state.state == "staff_only"


async def test_what_happens_at_a_door_triggers(
    hass: HomeAssistant, demo: MockConfigEntry, people: dict[str, User]
) -> None:
    calls = await automate(
        hass, {"trigger": "cabinet_secure.door", "options": {"events": ["opened"]}}
    )
    await hass.services.async_call(
        "lock",
        "open",
        {"entity_id": "lock.demo"},
        blocking=True,
        context=context_of(people["doctor"]),
    )
    await hass.services.async_call(
        "button",
        "press",
        {"entity_id": "button.demonstration_push_the_door"},
        blocking=True,
    )
    await hass.async_block_till_done()
    (call,) = calls
    assert call.data["payload"]["door"]["event"] == "opened"
    assert call.data["payload"]["door"]["door_name"] == "Démo"


@pytest.mark.parametrize(
    ("condition", "rings", "passes"),
    [
        ({"condition": "cabinet_secure.ring_pending"}, True, True),
        ({"condition": "cabinet_secure.ring_pending"}, False, False),
        (
            {
                "condition": "cabinet_secure.ring_pending",
                "options": {"door": ["other"]},
            },
            True,
            False,
        ),
        (
            {
                "condition": "cabinet_secure.mode",
                "options": {"mode": ["open", "staff_only"]},
            },
            False,
            True,
        ),
        (
            {"condition": "cabinet_secure.mode", "options": {"mode": ["closed"]}},
            False,
            False,
        ),
    ],
)
async def test_conditions_tell_how_the_practice_is(
    hass: HomeAssistant,
    demo: MockConfigEntry,
    condition: dict[str, Any],
    rings: bool,
    passes: bool,
) -> None:
    calls = await automate(
        hass, {"trigger": "event", "event_type": "ask"}, conditions=condition
    )
    if rings:
        await press(hass)
    hass.bus.async_fire("ask")
    await hass.async_block_till_done()
    assert bool(calls) is passes


@pytest.mark.parametrize(
    "trigger",
    [
        {"trigger": "cabinet_secure.ring", "options": {"events": ["exploded"]}},
        {"trigger": "cabinet_secure.ring", "options": {"unknown": 1}},
        {"trigger": "cabinet_secure.unknown"},
    ],
)
async def test_a_trigger_that_makes_no_sense_is_refused(
    hass: HomeAssistant,
    demo: MockConfigEntry,
    trigger: dict[str, Any],
    caplog: pytest.LogCaptureFixture,
) -> None:
    await automate(hass, trigger)
    assert "could not be validated" in caplog.text or "failed to setup" in caplog.text


async def test_the_automation_editor_is_offered_all_of_them(
    hass: HomeAssistant, demo: MockConfigEntry
) -> None:
    await async_setup_component(hass, "automation", {})
    await hass.async_block_till_done()
    triggers = await async_get_all_descriptions(hass)
    conditions = await async_get_condition_descriptions(hass)
    ring = triggers["cabinet_secure.ring"]
    assert ring is not None
    assert set(ring["fields"]) == {"events", "door"}
    assert {"cabinet_secure.door", "cabinet_secure.equipment"} <= triggers.keys()
    assert "cabinet_secure.mode_changed" in triggers
    assert {"cabinet_secure.mode", "cabinet_secure.ring_pending"} <= conditions.keys()


async def test_answer_ring_opens_and_says_so(
    hass: HomeAssistant, demo: MockConfigEntry, people: dict[str, User]
) -> None:
    await press(hass)
    ring = demo.runtime_data.state.rings[0].id
    response = await hass.services.async_call(
        DOMAIN,
        "answer_ring",
        {"ring": ring, "answer": "open"},
        blocking=True,
        return_response=True,
        context=context_of(people["doctor"]),
    )
    assert response == {"ring": ring, "phase": "opened", "answered_by": "doctor"}


@pytest.mark.parametrize(
    ("ring", "who", "message"),
    [("unknown", "doctor", "no such ring"), (None, "cleaner", "not among the people")],
)
async def test_answer_ring_refuses_in_words(
    hass: HomeAssistant,
    demo: MockConfigEntry,
    people: dict[str, User],
    ring: str | None,
    who: str,
    message: str,
) -> None:
    await press(hass)
    with pytest.raises(ServiceValidationError, match=message):
        await hass.services.async_call(
            DOMAIN,
            "answer_ring",
            {"ring": ring or demo.runtime_data.state.rings[0].id, "answer": "open"},
            blocking=True,
            context=context_of(people[who]),
        )


async def test_answer_ring_without_a_practice_says_so(hass: HomeAssistant) -> None:
    await async_setup_component(hass, DOMAIN, {})
    with pytest.raises(ServiceValidationError, match="No practice"):
        await hass.services.async_call(
            DOMAIN, "answer_ring", {"ring": "x", "answer": "open"}, blocking=True
        )


async def test_equipment_that_has_a_fault_triggers_by_its_name(
    hass: HomeAssistant, demo: MockConfigEntry
) -> None:
    calls = await automate(
        hass, {"trigger": "cabinet_secure.equipment", "options": {"events": ["fault"]}}
    )
    (equipment,) = demo.runtime_data.equipment.values()
    demo.runtime_data.hear(FaultRaised(equipment=equipment.id, fault=Fault.TAMPER))
    await hass.async_block_till_done()
    (call,) = calls
    told = call.data["payload"]["equipment"]
    assert told["event"] == "fault"
    assert told["fault"] == "tamper"
    assert told["equipment_name"] == "Démonstration"
    assert told["equipment"] == demo.runtime_data.devices[equipment.id]
    state = hass.states.get("binary_sensor.cabinet_fault")
    assert state is not None
    assert state.attributes["faults"] == [
        {"equipment": "Démonstration", "fault": "tamper"}
    ]


async def test_a_forged_answer_has_no_ring_to_tell_of(
    hass: HomeAssistant, demo: MockConfigEntry, people: dict[str, User]
) -> None:
    calls = await automate(
        hass,
        {
            "trigger": "cabinet_secure.ring",
            "options": {"events": ["answer_rejected"]},
        },
    )
    hass.bus.async_fire(
        "mobile_app_notification_action",
        {"action": f"CABINET_SECURE_{demo.entry_id}_forged"},
        context=context_of(people["doctor"]),
    )
    await hass.async_block_till_done()
    (call,) = calls
    told = call.data["payload"]["ring"]
    assert told["id"] is None
    assert told["door"] is None
    assert told["by"] == "doctor"
    assert told["reason"] == "unknown_ring"
