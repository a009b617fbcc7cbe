"""Calls for help, from buttons, actions and inputs to entities, triggers and sirens."""

import asyncio
from typing import Any

from freezegun.api import FrozenDateTimeFactory
from homeassistant.auth.models import User
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError, ServiceValidationError
from homeassistant.setup import async_setup_component
import pytest
from pytest_homeassistant_custom_component.common import (
    MockConfigEntry,
    async_fire_time_changed,
)

from custom_components.cabinet_secure.const import DOMAIN
from custom_components.cabinet_secure.equipment import EquipmentError, Failure
from custom_components.cabinet_secure.equipment.demo import Demonstration, DemoSiren
from custom_components.cabinet_secure.practice.panic.state import PanicKind, PanicPhase
from custom_components.cabinet_secure.storage import PracticeStore
from tests.practices import Station, context_of, practice_entry, set_up
from tests.test_automations import automate
from tests.test_demonstration import SIREN, state_of

SENSOR = "binary_sensor.cabinet_panic"
EVENT = "event.cabinet_panic"


async def act(
    hass: HomeAssistant, action: str, user: User | None = None, **data: Any
) -> list[dict[str, Any]]:
    """Take an action as a person, or as an automation; return the panics that go on."""
    response = await hass.services.async_call(
        DOMAIN,
        action,
        data,
        blocking=True,
        return_response=True,
        context=context_of(user) if user else None,
    )
    assert response is not None
    return list(response["panics"])


async def press(hass: HomeAssistant, name: str, user: User) -> None:
    """Press a button of the practice as a person does on a dashboard."""
    await hass.services.async_call(
        "button",
        "press",
        {"entity_id": f"button.cabinet_{name}"},
        blocking=True,
        context=context_of(user),
    )


def demonstration(entry: MockConfigEntry) -> Demonstration:
    """Return the demonstration of a practice."""
    (equipment,) = entry.runtime_data.equipment.values()
    assert isinstance(equipment, Demonstration)
    return equipment


async def test_a_wired_button_calls_for_help_and_sounds_the_siren(
    hass: HomeAssistant, demo: MockConfigEntry
) -> None:
    calls = await automate(
        hass, {"trigger": "cabinet_secure.panic", "options": {"events": ["raised"]}}
    )
    assert state_of(hass, SENSOR) == "off"
    demonstration(demo).press_panic()
    assert state_of(hass, SENSOR) == "off"
    demonstration(demo).press_panic()
    await hass.async_block_till_done()
    assert state_of(hass, SENSOR) == "on"
    assert state_of(hass, SIREN) == "on"
    event = hass.states.get(EVENT)
    assert event is not None
    assert event.attributes["event_type"] == "hold_up"
    assert event.attributes["location"] == "Démonstration"
    (call,) = calls
    told = call.data["payload"]["panic"]
    assert told["event"] == "raised"
    assert told["kind"] == "hold_up"
    assert told["location"] == "Démonstration"
    assert told["audible"] is True
    assert told["drill"] is False
    assert told["step"] == 1
    assert told["by"] == "Démonstration"
    assert told["practice"] == "Cabinet"
    (action,) = told["actions"].values()
    assert action.startswith(f"CABINET_SECURE_{demo.entry_id}_")


async def test_the_buttons_on_a_dashboard_take_two_presses_but_for_assistance(
    hass: HomeAssistant, demo: MockConfigEntry, people: dict[str, User]
) -> None:
    state = demo.runtime_data
    await press(hass, "panic", people["cleaner"])
    await press(hass, "attack", people["cleaner"])
    assert state.state.panic.open == ()
    await press(hass, "assistance", people["cleaner"])
    (panic,) = state.state.panic.open
    assert panic.kind is PanicKind.ASSISTANCE
    assert panic.by.name == "cleaner"
    await press(hass, "panic", people["cleaner"])
    (panic,) = state.state.panic.open
    assert panic.kind is PanicKind.HOLD_UP


async def test_a_silent_call_shows_nothing_on_a_dashboard(
    hass: HomeAssistant, demo: MockConfigEntry, people: dict[str, User]
) -> None:
    before = {state.entity_id: state for state in hass.states.async_all()}
    calls = await automate(hass, {"trigger": "cabinet_secure.panic"})
    await act(hass, "raise_panic", people["doctor"], confirmed=True, location="Room 2")
    await hass.async_block_till_done()
    assert len(calls) == 1
    after = {state.entity_id: state for state in hass.states.async_all()}
    changed = {
        entity
        for entity, state in after.items()
        if before.get(entity) is not state and not entity.startswith("automation.")
    }
    assert changed == set()


async def test_a_silent_call_is_shown_where_that_is_wanted(
    hass: HomeAssistant, people: dict[str, User]
) -> None:
    await set_up(hass, practice_entry(people, silent_is_shown=True))
    await act(hass, "raise_panic", kind="attack", confirmed=True)
    assert state_of(hass, SENSOR) == "on"
    assert state_of(hass, EVENT) != "unknown"
    assert state_of(hass, "select.cabinet_mode") == "lockdown"


async def test_the_course_of_a_call_by_actions(
    hass: HomeAssistant, demo: MockConfigEntry, people: dict[str, User]
) -> None:
    (panic,) = await act(
        hass,
        "raise_panic",
        kind="assistance",
        location="  Room 2 ",
        audible=True,
    )
    assert panic["location"] == "Room 2"
    assert panic["raised_by"] == "Home Assistant"
    assert state_of(hass, SIREN) == "on"
    with pytest.raises(ServiceValidationError, match="not among the people"):
        await act(hass, "acknowledge_panic")
    (panic,) = await act(hass, "acknowledge_panic", people["doctor"], panic=panic["id"])
    assert panic["acknowledged_by"] == "doctor"
    assert panic["phase"] == "acknowledged"
    with pytest.raises(ServiceValidationError, match="not among the people"):
        await act(hass, "reset_panic", people["doctor"])
    assert await act(hass, "reset_panic", people["manager"]) == []
    assert state_of(hass, SIREN) == "off"
    assert state_of(hass, SENSOR) == "off"
    with pytest.raises(ServiceValidationError, match="no such call"):
        await act(hass, "reset_panic", people["manager"])


async def test_help_is_called_in_every_practice(
    hass: HomeAssistant, demo: MockConfigEntry, people: dict[str, User]
) -> None:
    other = practice_entry(people)
    await set_up(hass, other)
    panics = await act(hass, "raise_panic", confirmed=True)
    assert len(panics) == 2
    await act(hass, "acknowledge_panic", people["doctor"], panic=panics[1]["id"])
    assert [
        entry.runtime_data.state.panic.open[0].phase for entry in (demo, other)
    ] == [PanicPhase.RAISED, PanicPhase.ACKNOWLEDGED]
    await act(hass, "reset_panic", people["manager"], panic=panics[0]["id"])
    # One practice has something to reset: that is enough.
    await act(hass, "reset_panic", people["manager"])


async def test_help_cannot_be_called_where_there_is_no_practice(
    hass: HomeAssistant,
) -> None:
    await async_setup_component(hass, DOMAIN, {})
    with pytest.raises(ServiceValidationError, match="No practice"):
        await act(hass, "raise_panic")


async def test_a_tap_acknowledges_and_one_of_a_stranger_is_told_that_it_does_not_count(
    hass: HomeAssistant, demo: MockConfigEntry, people: dict[str, User]
) -> None:
    calls = await automate(hass, {"trigger": "cabinet_secure.panic"})
    await act(hass, "raise_panic", confirmed=True)
    await hass.async_block_till_done()
    action = calls[0].data["payload"]["panic"]["actions"]["acknowledge"]
    for name in ("cleaner", "doctor"):
        hass.bus.async_fire(
            "mobile_app_notification_action",
            {"action": action},
            context=context_of(people[name]),
        )
        await hass.async_block_till_done()
    told = [call.data["payload"]["panic"] for call in calls]
    assert [each["event"] for each in told] == [
        "raised",
        "answer_rejected",
        "acknowledged",
    ]
    assert told[1]["reason"] == "not_allowed"
    assert told[1]["by"] == "cleaner"
    assert told[2]["acknowledged_by"] == "doctor"
    assert told[2]["actions"] == {}


async def test_it_is_told_again_while_nobody_acknowledges(
    hass: HomeAssistant, demo: MockConfigEntry, freezer: FrozenDateTimeFactory
) -> None:
    calls = await automate(
        hass, {"trigger": "cabinet_secure.panic", "options": {"events": ["escalated"]}}
    )
    await act(hass, "raise_panic", confirmed=True)
    for _ in range(3):
        freezer.tick(30)
        async_fire_time_changed(hass)
        await hass.async_block_till_done()
    steps = [call.data["payload"]["panic"]["step"] for call in calls]
    assert steps == [2, 2, 3]


@pytest.mark.parametrize("drills", [False, True])
async def test_a_drill_reaches_only_the_automations_that_ask_for_drills(
    hass: HomeAssistant, demo: MockConfigEntry, people: dict[str, User], drills: bool
) -> None:
    calls = await automate(
        hass, {"trigger": "cabinet_secure.panic", "options": {"drill": drills}}
    )
    (panic,) = await act(hass, "start_drill", people["manager"], siren=True)
    await hass.async_block_till_done()
    assert panic["drill"] is True
    assert len(calls) == drills
    assert state_of(hass, SENSOR) == "off"
    assert state_of(hass, EVENT) == "unknown"
    assert state_of(hass, SIREN) == "on"


async def test_a_trigger_can_be_kept_to_kinds(
    hass: HomeAssistant, demo: MockConfigEntry
) -> None:
    calls = await automate(
        hass, {"trigger": "cabinet_secure.panic", "options": {"kind": ["attack"]}}
    )
    await act(hass, "raise_panic", kind="assistance")
    await act(hass, "raise_panic", kind="attack", confirmed=True, location="Store")
    await hass.async_block_till_done()
    assert [call.data["payload"]["panic"]["kind"] for call in calls] == ["attack"]


@pytest.mark.parametrize(
    ("options", "raised", "drill", "passes"),
    [
        ({}, True, False, True),
        ({}, False, False, False),
        ({}, False, True, False),
        ({"drill": True}, False, True, True),
        ({"kind": ["attack"]}, True, False, False),
        ({"kind": ["attack", "hold_up"]}, True, False, True),
    ],
)
async def test_a_condition_tells_whether_somebody_called_for_help(
    hass: HomeAssistant,
    demo: MockConfigEntry,
    people: dict[str, User],
    options: dict[str, Any],
    raised: bool,
    drill: bool,
    passes: bool,
) -> None:
    calls = await automate(
        hass,
        {"trigger": "event", "event_type": "ask"},
        conditions={"condition": "cabinet_secure.panic_active", "options": options},
    )
    if raised:
        await act(hass, "raise_panic", confirmed=True)
    if drill:
        await act(hass, "start_drill", people["manager"])
    hass.bus.async_fire("ask")
    await hass.async_block_till_done()
    assert bool(calls) is passes


# --- persistence ---------------------------------------------------------------------


async def test_the_siren_does_not_wait_for_the_disk_and_the_caller_does(
    hass: HomeAssistant, demo: MockConfigEntry, monkeypatch: pytest.MonkeyPatch
) -> None:
    free = asyncio.Event()
    save = PracticeStore.save

    async def saving(self: PracticeStore, *args: object) -> None:
        await free.wait()
        await save(self, *args)  # type: ignore[arg-type]

    monkeypatch.setattr(PracticeStore, "save", saving)
    calling = asyncio.create_task(
        act(hass, "raise_panic", kind="assistance", audible=True)
    )
    await asyncio.sleep(0.05)
    assert state_of(hass, SIREN) == "on"
    assert state_of(hass, SENSOR) == "on"
    assert not calling.done()
    free.set()
    await calling


async def test_a_full_disk_silences_nobody(
    hass: HomeAssistant, demo: MockConfigEntry, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def full(self: PracticeStore, *args: object) -> None:
        raise HomeAssistantError("No space left on device")

    monkeypatch.setattr(PracticeStore, "save", full)
    assert await act(hass, "raise_panic", kind="assistance", audible=True)
    assert state_of(hass, SIREN) == "on"


async def test_it_is_stored_at_once_and_goes_on_after_a_restart(
    hass: HomeAssistant, demo: MockConfigEntry, hass_storage: dict[str, Any]
) -> None:
    await act(hass, "raise_panic", kind="assistance", audible=True)
    (stored,) = hass_storage[f"{DOMAIN}.{demo.entry_id}"]["data"]["practice"]["panic"][
        "panics"
    ]
    assert stored["kind"] == "assistance"
    assert await hass.config_entries.async_reload(demo.entry_id)
    await hass.async_block_till_done()
    assert state_of(hass, SENSOR) == "on"
    assert state_of(hass, SIREN) == "on"


async def test_a_siren_that_fails_does_not_keep_anybody_from_being_told(
    hass: HomeAssistant, demo: MockConfigEntry, monkeypatch: pytest.MonkeyPatch
) -> None:
    calls = await automate(hass, {"trigger": "cabinet_secure.panic"})

    async def broken(self: DemoSiren) -> None:
        raise EquipmentError(Failure.UNREACHABLE)

    monkeypatch.setattr(DemoSiren, "sound", broken)
    demonstration(demo).press_panic()
    demonstration(demo).press_panic()
    await hass.async_block_till_done()
    assert len(calls) == 1
    assert state_of(hass, SENSOR) == "on"
    assert state_of(hass, "binary_sensor.cabinet_fault") == "on"


# --- the door station ----------------------------------------------------------------


async def test_a_wired_button_of_a_station_calls_for_help(station: Station) -> None:
    for _ in range(2):
        station.sim.set_input("input1", state=True)
        station.sim.set_input("input1", state=False)
    practice = station.entry.runtime_data
    await station.wait_until(lambda: practice.state.panic.open, "a call for help")
    (panic,) = practice.state.panic.open
    assert panic.kind is PanicKind.HOLD_UP
    assert panic.location == "Platine"
    assert not panic.audible


async def test_the_siren_of_a_station_sounds_until_the_reset(
    hass: HomeAssistant, station: Station, people: dict[str, User]
) -> None:
    await act(hass, "raise_panic", kind="assistance", audible=True)
    siren = next(e for e in hass.states.async_entity_ids("siren") if "output1" in e)
    await station.wait_for(siren, "on")
    await act(hass, "reset_panic", people["manager"])
    await station.wait_for(siren, "off")
    assert station.entry.runtime_data.state.sirens[0].proven
