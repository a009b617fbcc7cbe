"""Doors that open by themselves, in Home Assistant."""

from homeassistant.auth.models import User
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import ServiceValidationError
import pytest

from tests.practices import context_of, demo_subentry, practice_entry, set_up
from tests.test_answers import press
from tests.test_lockdown import choose
from tests.test_records import on_record

SWITCH = "switch.demo_opens_by_itself"


async def test_a_visitor_is_let_in_while_staff_are_there_and_it_is_suspended_with_one_tap(
    hass: HomeAssistant, people: dict[str, User]
) -> None:
    entry = practice_entry(people, demo_subentry())
    await set_up(hass, entry)
    coordinator = entry.runtime_data
    (door,) = coordinator.doors
    device = coordinator.devices[door]
    assert hass.states.get(SWITCH) is None
    hass.config_entries.async_update_entry(
        entry, options={**entry.options, "auto_open": [door]}
    )
    await hass.async_block_till_done()
    state = hass.states.get(SWITCH)
    assert state is not None
    assert state.state == "on"
    assert state.attributes["kept_by"] == "not_open"

    await choose(hass, people["doctor"], "open")
    state = hass.states.get(SWITCH)
    assert state is not None
    assert state.attributes["armed"]
    await press(hass)
    await hass.async_block_till_done()
    assert hass.states.get("lock.demo").state == "open"
    assert hass.states.get("sensor.cabinet_ring").state == "idle"
    (granted,) = [each for each in await on_record(entry) if each.event == "granted"]
    assert granted.details["method"] == "auto_open"

    suspend = {"door": [device], "minutes": 5}
    await hass.services.async_call(
        "cabinet_secure",
        "suspend_auto_open",
        suspend,
        blocking=True,
        context=context_of(people["cleaner"]),
    )
    state = hass.states.get(SWITCH)
    assert state is not None
    assert state.state == "off"
    assert state.attributes["suspended_until"]
    for user, service, refused in (
        ("cleaner", "turn_on", True),
        ("doctor", "turn_on", False),
        ("cleaner", "turn_off", False),
    ):
        call = hass.services.async_call(
            "switch",
            service,
            {"entity_id": SWITCH},
            blocking=True,
            context=context_of(people[user]),
        )
        if refused:
            with pytest.raises(ServiceValidationError):
                await call
        else:
            await call
            changed = hass.states.get(SWITCH)
            assert changed is not None
            assert changed.state == service.removeprefix("turn_")
    with pytest.raises(ServiceValidationError, match="no door"):
        await hass.services.async_call(
            "cabinet_secure",
            "suspend_auto_open",
            {"door": ["?"], "minutes": 5},
            blocking=True,
        )
    events = [each.event for each in await on_record(entry)]
    for event in ("auto_open_suspended", "auto_open_on", "auto_open_off"):
        assert event in events
