"""Doors and buttons made of groups, of switches shown as locks, of Home Assistant's demo."""

from homeassistant.auth.models import User
from homeassistant.const import Platform
from homeassistant.core import HomeAssistant
from homeassistant.helpers import entity_registry as er
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.cabinet_secure.practice.events import (
    EquipmentLost,
    EquipmentRestored,
)
from tests.heard import Heard, presses
from tests.other_integrations import is_on, set_helper, set_up_devices
from tests.practices import (
    context_of,
    door_subentry,
    panic_button_subentry,
    practice_entry,
    press_of,
    set_up,
)

LOCK = "lock.cour"


@pytest.fixture(autouse=True)
async def devices(hass: HomeAssistant) -> None:
    """Set up what they are made of."""
    await set_up_devices(hass)


async def ask(hass: HomeAssistant, user: User, service: str) -> None:
    """Do something with the door, as a person."""
    await hass.services.async_call(
        "lock",
        service,
        {"entity_id": LOCK},
        blocking=True,
        context=context_of(user),
    )
    await hass.async_block_till_done()


async def test_a_group_of_loops_is_one_panic_button(
    hass: HomeAssistant, people: dict[str, User], heard: Heard
) -> None:
    loops = ["binary_sensor.loop", "binary_sensor.tamper"]
    options = {
        "group_type": "binary_sensor",
        "name": "Loops",
        "entities": loops,
        "all": False,
        "hide_members": False,
    }
    await set_up(hass, MockConfigEntry(domain="group", title="Loops", options=options))
    await set_up(
        hass,
        practice_entry(people, panic_button_subentry(press_of("binary_sensor.loops"))),
    )
    await set_helper(hass, "tamper", on=True)
    # The second loop adds nothing: the group is pressed already.
    await set_helper(hass, "loop", on=True)
    assert len(presses(heard)) == 1
    await set_helper(hass, "tamper", on=False)
    await set_helper(hass, "loop", on=False)
    await set_helper(hass, "online", on=False)
    assert [type(e) for e in heard if isinstance(e, EquipmentLost)] == [EquipmentLost]
    heard.clear()
    # It comes back pressed: in doubt.
    await hass.services.async_call(
        "input_boolean",
        "turn_on",
        {"entity_id": "input_boolean.loop"},
        blocking=True,
    )
    await set_helper(hass, "online", on=True)
    assert any(isinstance(e, EquipmentRestored) for e in heard)
    assert presses(heard) == [(False, True)]


async def test_a_relay_that_is_shown_as_a_lock_opens_and_is_renamed(
    hass: HomeAssistant, people: dict[str, User]
) -> None:
    shown = MockConfigEntry(
        domain="switch_as_x",
        title="Relay",
        version=1,
        minor_version=3,
        options={"entity_id": "switch.relay", "invert": False, "target_domain": "lock"},
    )
    await set_up(hass, shown)
    registry = er.async_get(hass)
    (lock,) = er.async_entries_for_config_entry(registry, shown.entry_id)
    await set_up(hass, practice_entry(people, door_subentry(lock.id, domain="lock")))
    assert hass.states.is_state(LOCK, "locked")
    await ask(hass, people["doctor"], "unlock")
    assert is_on(hass, "relay")
    assert hass.states.is_state(LOCK, "unlocked")
    registry.async_update_entity(lock.entity_id, new_entity_id="lock.front")
    await hass.async_block_till_done()
    await ask(hass, people["doctor"], "lock")
    assert not is_on(hass, "relay")
    assert hass.states.is_state(LOCK, "locked")


@pytest.mark.parametrize(
    ("lock", "opened"),
    [("lock.openable_lock", "open"), ("lock.basic_lock", "unlocked")],
)
async def test_the_locks_of_the_kitchen_sink_open_as_far_as_they_can(
    hass: HomeAssistant,
    people: dict[str, User],
    monkeypatch: pytest.MonkeyPatch,
    lock: str,
    opened: str,
) -> None:
    monkeypatch.setattr(
        "homeassistant.components.kitchen_sink.COMPONENTS_WITH_DEMO_PLATFORM",
        [Platform.LOCK],
    )
    await set_up(hass, MockConfigEntry(domain="kitchen_sink"))
    await set_up(hass, practice_entry(people, door_subentry(lock)))
    await ask(hass, people["doctor"], "open")
    assert hass.states.is_state(lock, opened)
    assert hass.states.is_state(LOCK, "open")
    await ask(hass, people["doctor"], "lock")
    assert hass.states.is_state(lock, "locked")
    assert hass.states.is_state(LOCK, "locked")
