"""A door made of entities that Home Assistant has already."""

from collections.abc import Awaitable, Callable
from datetime import timedelta

from freezegun.api import FrozenDateTimeFactory
from homeassistant.auth.models import User
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError, ServiceValidationError
from homeassistant.helpers import entity_registry as er, issue_registry as ir
from homeassistant.util import dt as dt_util
import pytest
from pytest_homeassistant_custom_component.common import (
    MockConfigEntry,
    async_capture_events,
    async_fire_time_changed,
)

from tests.other_integrations import is_on, set_helper, set_up_devices
from tests.practices import context_of, door_subentry, practice_entry, press_of, set_up

LOCK = "lock.cour"
ACCESS = "event.cour_access"


@pytest.fixture(autouse=True)
async def devices(hass: HomeAssistant) -> None:
    """Set up what the doors are made of."""
    await set_up_devices(hass)


@pytest.fixture
def add(
    hass: HomeAssistant, people: dict[str, User]
) -> Callable[..., Awaitable[MockConfigEntry]]:
    """Return what adds a practice with one door."""

    async def add(opener: str, **changes: object) -> MockConfigEntry:
        entry = practice_entry(people, door_subentry(opener, **changes))
        await set_up(hass, entry)
        return entry

    return add


async def ask(hass: HomeAssistant, user: User, service: str = "open") -> None:
    """Do something with the door, as a person."""
    await hass.services.async_call(
        "lock",
        service,
        {"entity_id": LOCK},
        blocking=True,
        context=context_of(user),
    )
    await hass.async_block_till_done()


async def later(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory, seconds: float
) -> None:
    """Let time pass."""
    freezer.tick(seconds)
    async_fire_time_changed(hass, dt_util.utcnow(), fire_all=False)
    await hass.async_block_till_done()


def last(hass: HomeAssistant) -> tuple[str | None, str | None]:
    """Return what the door told last, and why."""
    state = hass.states.get(ACCESS)
    assert state is not None
    return state.attributes.get("event_type"), state.attributes.get("reason")


# --- a lock ----------------------------------------------------------------------------------


async def test_a_lock_that_can_open_opens_and_is_locked_again(
    hass: HomeAssistant,
    people: dict[str, User],
    freezer: FrozenDateTimeFactory,
    add: Callable[..., Awaitable[MockConfigEntry]],
) -> None:
    await add("lock.bolt")
    assert hass.states.is_state(LOCK, "locked")
    await ask(hass, people["doctor"])
    assert hass.states.is_state("lock.bolt", "open")
    assert hass.states.is_state(LOCK, "open")
    assert last(hass) == ("granted", None)
    await later(hass, freezer, 6)
    assert hass.states.is_state("lock.bolt", "locked")
    assert hass.states.is_state(LOCK, "locked")


async def test_a_lock_is_not_locked_while_the_door_stands_open(
    hass: HomeAssistant,
    people: dict[str, User],
    freezer: FrozenDateTimeFactory,
    add: Callable[..., Awaitable[MockConfigEntry]],
) -> None:
    await add("lock.bolt", contact="binary_sensor.contact")
    await ask(hass, people["doctor"])
    await set_helper(hass, "contact", on=True)
    assert last(hass) == ("opened", None)
    await later(hass, freezer, 6)
    assert hass.states.is_state("lock.bolt", "open")
    await set_helper(hass, "contact", on=False)
    await later(hass, freezer, 6)
    assert hass.states.is_state("lock.bolt", "locked")


async def test_a_lock_that_was_unlocked_before_stays_so_after_a_visitor(
    hass: HomeAssistant,
    people: dict[str, User],
    freezer: FrozenDateTimeFactory,
    add: Callable[..., Awaitable[MockConfigEntry]],
) -> None:
    await hass.services.async_call(
        "lock", "unlock", {"entity_id": "lock.bolt"}, blocking=True
    )
    await add("lock.bolt")
    await ask(hass, people["doctor"])
    await later(hass, freezer, 6)
    assert hass.states.is_state("lock.bolt", "open")


async def test_a_lock_can_be_kept_unlocked_and_is_locked_when_the_practice_stops(
    hass: HomeAssistant,
    people: dict[str, User],
    freezer: FrozenDateTimeFactory,
    add: Callable[..., Awaitable[MockConfigEntry]],
) -> None:
    entry = await add("lock.bolt")
    await ask(hass, people["doctor"], "unlock")
    assert hass.states.is_state(LOCK, "unlocked")
    await ask(hass, people["doctor"])
    await later(hass, freezer, 60)
    assert not hass.states.is_state("lock.bolt", "locked")
    await hass.config_entries.async_unload(entry.entry_id)
    assert hass.states.is_state("lock.bolt", "locked")


async def test_a_lock_that_we_left_unlocked_in_a_crash_is_locked_at_the_start(
    hass: HomeAssistant,
    people: dict[str, User],
    freezer: FrozenDateTimeFactory,
    add: Callable[..., Awaitable[MockConfigEntry]],
) -> None:
    entry = await add("lock.bolt")
    await ask(hass, people["doctor"], "unlock")
    await set_helper(hass, "online", on=False)
    # It cannot be reached while we stop.
    await hass.config_entries.async_unload(entry.entry_id)
    await set_helper(hass, "online", on=True)
    assert hass.states.is_state("lock.bolt", "unlocked")
    await hass.config_entries.async_setup(entry.entry_id)
    await later(hass, freezer, 1)
    assert hass.states.is_state("lock.bolt", "locked")


async def test_a_cleaner_moves_nothing(
    hass: HomeAssistant,
    people: dict[str, User],
    add: Callable[..., Awaitable[MockConfigEntry]],
) -> None:
    await add("lock.bolt")
    with pytest.raises(ServiceValidationError):
        await ask(hass, people["cleaner"])
    assert hass.states.is_state("lock.bolt", "locked")


# --- a button ---------------------------------------------------------------------------------


async def test_a_button_opens_and_never_claims_that_the_door_is_locked(
    hass: HomeAssistant,
    people: dict[str, User],
    freezer: FrozenDateTimeFactory,
    add: Callable[..., Awaitable[MockConfigEntry]],
) -> None:
    pressed = async_capture_events(hass, "opener_pressed")
    await add("button.opener")
    assert hass.states.is_state(LOCK, "unknown")
    await ask(hass, people["doctor"])
    assert len(pressed) == 1
    assert last(hass) == ("granted", "unconfirmed")
    await ask(hass, people["doctor"], "lock")
    await later(hass, freezer, 60)
    assert hass.states.is_state(LOCK, "unknown")


async def test_the_contact_proves_what_a_button_opened(
    hass: HomeAssistant,
    people: dict[str, User],
    freezer: FrozenDateTimeFactory,
    add: Callable[..., Awaitable[MockConfigEntry]],
) -> None:
    await add("button.opener", contact="binary_sensor.contact")
    await ask(hass, people["doctor"])
    assert last(hass) == ("granted", None)
    await set_helper(hass, "contact", on=True)
    assert last(hass) == ("opened", None)
    await set_helper(hass, "contact", on=False)
    await ask(hass, people["doctor"])
    await later(hass, freezer, 21)
    assert last(hass) == ("open_failed", "door_not_opened")


async def test_a_door_that_opens_after_it_was_given_up_is_announced(
    hass: HomeAssistant,
    people: dict[str, User],
    freezer: FrozenDateTimeFactory,
    add: Callable[..., Awaitable[MockConfigEntry]],
) -> None:
    await add("button.opener", contact="binary_sensor.contact")
    await ask(hass, people["doctor"])
    await later(hass, freezer, 21)
    told = []
    hass.bus.async_listen(
        "state_changed",
        lambda event: (
            told.append(event.data["new_state"].attributes.get("event_type"))
            if event.data["entity_id"] == ACCESS
            else None
        ),
    )
    await later(hass, freezer, 30)
    await set_helper(hass, "contact", on=True)
    assert sorted(told) == ["opened", "opened_late"]


async def test_a_button_cannot_keep_a_door_unlocked(
    hass: HomeAssistant,
    people: dict[str, User],
    add: Callable[..., Awaitable[MockConfigEntry]],
) -> None:
    await add("button.opener")
    with pytest.raises(ServiceValidationError) as refused:
        await ask(hass, people["doctor"], "unlock")
    assert refused.value.translation_key == "refused_cannot_hold"


# --- a switch ---------------------------------------------------------------------------------


async def test_a_switch_is_switched_off_again_by_us(
    hass: HomeAssistant,
    people: dict[str, User],
    freezer: FrozenDateTimeFactory,
    add: Callable[..., Awaitable[MockConfigEntry]],
) -> None:
    await add("switch.relay")
    assert hass.states.is_state(LOCK, "locked")
    await ask(hass, people["doctor"])
    assert is_on(hass, "relay")
    assert hass.states.is_state(LOCK, "open")
    await later(hass, freezer, 6)
    assert not is_on(hass, "relay")
    assert hass.states.is_state(LOCK, "locked")


async def test_a_switch_that_cannot_be_reached_is_switched_off_as_soon_as_it_can(
    hass: HomeAssistant,
    people: dict[str, User],
    freezer: FrozenDateTimeFactory,
    add: Callable[..., Awaitable[MockConfigEntry]],
) -> None:
    await add("switch.relay")
    await ask(hass, people["doctor"])
    await set_helper(hass, "online", on=False)
    await later(hass, freezer, 6)
    assert is_on(hass, "relay")
    await set_helper(hass, "online", on=True)
    await later(hass, freezer, 6)
    assert not is_on(hass, "relay")


async def test_a_switch_is_off_after_an_unload_and_at_the_start(
    hass: HomeAssistant,
    people: dict[str, User],
    freezer: FrozenDateTimeFactory,
    add: Callable[..., Awaitable[MockConfigEntry]],
) -> None:
    entry = await add("switch.relay")
    await ask(hass, people["doctor"])
    await hass.config_entries.async_unload(entry.entry_id)
    assert not is_on(hass, "relay")
    await set_helper(hass, "relay", on=True)
    await hass.config_entries.async_setup(entry.entry_id)
    await later(hass, freezer, 1)
    assert not is_on(hass, "relay")


async def test_a_switch_that_is_not_declared_to_fall_back_is_a_repair(
    hass: HomeAssistant,
    add: Callable[..., Awaitable[MockConfigEntry]],
) -> None:
    entry = await add("switch.relay", switches_off=False)
    issues = ir.async_get(hass).issues
    assert [issue.translation_key for issue in issues.values()] == ["relay_stays_on"]
    (subentry,) = entry.subentries.values()
    hass.config_entries.async_update_subentry(
        entry, subentry, data={**subentry.data, "switches_off": True}
    )
    await hass.async_block_till_done()
    assert ir.async_get(hass).issues == {}


async def test_a_switch_that_is_only_believed_claims_nothing(
    hass: HomeAssistant,
    people: dict[str, User],
    add: Callable[..., Awaitable[MockConfigEntry]],
) -> None:
    await add("switch.relay", opener_tells=False)
    assert hass.states.is_state(LOCK, "unknown")
    await ask(hass, people["doctor"])
    assert hass.states.is_state(LOCK, "unknown")
    assert last(hass) == ("granted", "unconfirmed")


# --- a gate -----------------------------------------------------------------------------------


async def test_a_gate_opens_and_is_closed_only_when_somebody_asks(
    hass: HomeAssistant,
    people: dict[str, User],
    freezer: FrozenDateTimeFactory,
    add: Callable[..., Awaitable[MockConfigEntry]],
) -> None:
    entry = await add("cover.gate")
    await ask(hass, people["doctor"])
    assert is_on(hass, "gate")
    await later(hass, freezer, 60)
    assert is_on(hass, "gate")
    await hass.config_entries.async_reload(entry.entry_id)
    assert is_on(hass, "gate")
    await ask(hass, people["doctor"], "lock")
    assert not is_on(hass, "gate")


# --- failures ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "opener", ["lock.bolt", "button.opener", "switch.relay", "cover.gate"]
)
async def test_what_does_not_answer_is_an_error_and_no_opening(
    hass: HomeAssistant,
    people: dict[str, User],
    add: Callable[..., Awaitable[MockConfigEntry]],
    opener: str,
) -> None:
    await add(opener)
    await set_helper(hass, "online", on=False)
    assert hass.states.is_state(LOCK, "unavailable")
    coordinator = hass.config_entries.async_entries("cabinet_secure")[0].runtime_data
    (door,) = coordinator.doors.values()
    with pytest.raises(Exception, match="unreachable"):
        await door.pulse()


async def test_another_integration_that_raises_anything_is_a_failure(
    hass: HomeAssistant,
    people: dict[str, User],
    add: Callable[..., Awaitable[MockConfigEntry]],
    caplog: pytest.LogCaptureFixture,
) -> None:
    await add("button.opener")

    async def broken(call: object) -> None:
        raise KeyError("their bug")

    hass.services.async_register("button", "press", broken)
    with pytest.raises(HomeAssistantError) as failed:
        await ask(hass, people["doctor"])
    assert failed.value.translation_key == "failed_unreachable"
    assert last(hass) == ("open_failed", "unreachable")
    assert "their bug" in caplog.text
    caplog.clear()


# --- bell, contact, tamper --------------------------------------------------------------------


async def test_the_bell_rings_only_for_what_was_chosen(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    add: Callable[..., Awaitable[MockConfigEntry]],
) -> None:
    await add("lock.bolt", bell=press_of("event.bell", press_types=["ring"]))
    await later(hass, freezer, 4)
    hass.bus.async_fire("bell_rung", {"type": "long_press_start"})
    await hass.async_block_till_done()
    assert hass.states.is_state("sensor.cabinet_ring", "idle")
    hass.bus.async_fire("bell_rung", {"type": "ring"})
    await hass.async_block_till_done()
    assert hass.states.is_state("sensor.cabinet_ring", "ringing")


async def test_a_reload_of_the_practice_does_not_ring_again(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    add: Callable[..., Awaitable[MockConfigEntry]],
) -> None:
    entry = await add("lock.bolt", bell=press_of("event.bell"))
    await later(hass, freezer, 4)
    hass.bus.async_fire("bell_rung")
    await hass.async_block_till_done()
    await hass.config_entries.async_reload(entry.entry_id)
    await hass.async_block_till_done()
    (ring,) = entry.runtime_data.state.rings
    assert (ring.phase, ring.presses) == ("ringing", 1)


async def test_a_tamper_contact_is_a_fault_and_told_at_the_door(
    hass: HomeAssistant, add: Callable[..., Awaitable[MockConfigEntry]]
) -> None:
    await add("lock.bolt", tamper="binary_sensor.tamper")
    assert hass.states.is_state("binary_sensor.cour_tamper", "off")
    await set_helper(hass, "tamper", on=True)
    assert hass.states.is_state("binary_sensor.cour_tamper", "on")
    assert last(hass) == ("tampered", None)
    await set_helper(hass, "tamper", on=False)
    assert hass.states.is_state("binary_sensor.cour_tamper", "off")


async def test_a_contact_that_does_not_answer_is_unknown_and_soon_a_fault(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    add: Callable[..., Awaitable[MockConfigEntry]],
) -> None:
    registry = er.async_get(hass)
    await add("lock.bolt", contact=registry.async_get("binary_sensor.contact").id)
    assert hass.states.is_state("binary_sensor.cour_contact", "off")
    hass.states.async_set("binary_sensor.contact", "unavailable")
    await hass.async_block_till_done()
    assert hass.states.is_state("binary_sensor.cour_contact", "unknown")
    for _ in range(4):
        await later(hass, freezer, 30)
    faults = hass.states.get("binary_sensor.cabinet_fault")
    assert faults is not None
    assert faults.attributes["faults"] == [
        {"equipment": "Cour", "fault": "contact_away"}
    ]
    hass.states.async_set("binary_sensor.contact", "off")
    await later(hass, freezer, 30)
    assert hass.states.is_state("binary_sensor.cabinet_fault", "off")


# --- names and removals -----------------------------------------------------------------------


async def test_a_renamed_entity_is_followed(
    hass: HomeAssistant,
    people: dict[str, User],
    freezer: FrozenDateTimeFactory,
    add: Callable[..., Awaitable[MockConfigEntry]],
) -> None:
    registry = er.async_get(hass)
    entry = registry.async_get("switch.relay")
    assert entry is not None
    await add(entry.id, domain="switch")
    registry.async_update_entity("switch.relay", new_entity_id="switch.strike")
    await hass.async_block_till_done()
    assert hass.states.is_state(LOCK, "locked")
    await ask(hass, people["doctor"])
    assert is_on(hass, "relay")
    await later(hass, freezer, 6)
    assert not is_on(hass, "relay")


async def test_a_removed_entity_is_a_repair_until_it_is_back(
    hass: HomeAssistant, add: Callable[..., Awaitable[MockConfigEntry]]
) -> None:
    registry = er.async_get(hass)
    entry = registry.async_get("switch.relay")
    assert entry is not None
    await add(entry.id, domain="switch")
    registry.async_remove("switch.relay")
    await hass.async_block_till_done()
    assert hass.states.is_state(LOCK, "unavailable")
    (issue,) = ir.async_get(hass).issues.values()
    assert issue.translation_key == "source_gone"
    # Whoever sets the device up anew gets the entity back as it was.
    registry.async_get_or_create(
        "switch", "template", "relay", suggested_object_id="relay"
    )
    hass.states.async_set("switch.relay", "off")
    await hass.async_block_till_done()
    assert ir.async_get(hass).issues == {}
    assert hass.states.is_state(LOCK, "locked")


async def test_an_entity_that_the_registry_does_not_know_is_missed_after_a_minute(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    add: Callable[..., Awaitable[MockConfigEntry]],
) -> None:
    hass.states.async_set("button.nameless", "unknown")
    await add("button.nameless")
    assert hass.states.is_state(LOCK, "unknown")
    hass.states.async_remove("button.nameless")
    await later(hass, freezer, 30)
    assert ir.async_get(hass).issues == {}
    for _ in range(3):
        await later(hass, freezer, 30)
    (issue,) = ir.async_get(hass).issues.values()
    assert issue.translation_placeholders == {
        "equipment": "Cour",
        "subject": "button.nameless",
    }


async def test_a_loss_is_announced_within_three_minutes(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    add: Callable[..., Awaitable[MockConfigEntry]],
) -> None:
    await add("switch.relay")
    await set_helper(hass, "online", on=False)
    await later(hass, freezer, timedelta(seconds=61).total_seconds())
    faults = hass.states.get("binary_sensor.cabinet_fault")
    assert faults is not None
    assert faults.attributes["faults"] == [{"equipment": "Cour", "fault": "lost"}]
