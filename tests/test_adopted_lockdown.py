"""What a lockdown does to doors that other integrations open."""

from homeassistant.auth.models import User
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import ServiceValidationError
import pytest
from pytest_homeassistant_custom_component.common import async_capture_events

from tests.other_integrations import is_on, set_helper, set_up_devices
from tests.practices import context_of, door_subentry, practice_entry, set_up

LOCK = "lock.cour"


@pytest.fixture(autouse=True)
async def devices(hass: HomeAssistant) -> None:
    """Set up what the doors are made of."""
    await set_up_devices(hass)


async def choose(hass: HomeAssistant, user: User, mode: str) -> None:
    """Choose the mode of the practice, as a person."""
    await hass.services.async_call(
        "select",
        "select_option",
        {"entity_id": "select.cabinet_mode", "option": mode},
        blocking=True,
        context=context_of(user),
    )
    await hass.async_block_till_done()


async def test_a_lockdown_locks_a_lock_and_its_end_unlocks_nothing(
    hass: HomeAssistant, people: dict[str, User]
) -> None:
    await hass.services.async_call(
        "lock", "unlock", {"entity_id": "lock.bolt"}, blocking=True
    )
    await set_up(hass, practice_entry(people, door_subentry("lock.bolt")))
    await choose(hass, people["doctor"], "lockdown")
    assert hass.states.is_state("lock.bolt", "locked")
    await choose(hass, people["manager"], "open")
    assert hass.states.is_state(LOCK, "locked")


@pytest.mark.parametrize("service", ["open", "unlock"])
async def test_a_lock_is_not_opened_from_here_during_a_lockdown(
    hass: HomeAssistant, people: dict[str, User], service: str
) -> None:
    await set_up(hass, practice_entry(people, door_subentry("lock.bolt")))
    await choose(hass, people["doctor"], "lockdown")
    with pytest.raises(ServiceValidationError, match="lockdown"):
        await hass.services.async_call(
            "lock",
            service,
            {"entity_id": LOCK},
            blocking=True,
            context=context_of(people["doctor"]),
        )
    assert hass.states.is_state("lock.bolt", "locked")


async def test_a_lockdown_closes_a_gate(
    hass: HomeAssistant, people: dict[str, User]
) -> None:
    await set_helper(hass, "gate", on=True)
    await set_up(hass, practice_entry(people, door_subentry("cover.gate")))
    await choose(hass, people["doctor"], "lockdown")
    assert not is_on(hass, "gate")


async def test_a_lockdown_presses_no_button_that_opens(
    hass: HomeAssistant, people: dict[str, User]
) -> None:
    presses = async_capture_events(hass, "opener_pressed")
    await set_up(hass, practice_entry(people, door_subentry("button.opener")))
    await choose(hass, people["doctor"], "lockdown")
    await choose(hass, people["manager"], "open")
    assert presses == []


async def test_a_gate_that_was_away_is_closed_as_soon_as_it_is_back(
    hass: HomeAssistant, people: dict[str, User]
) -> None:
    await set_helper(hass, "gate", on=True)
    await set_up(hass, practice_entry(people, door_subentry("cover.gate")))
    await set_helper(hass, "online", on=False)
    await choose(hass, people["doctor"], "lockdown")
    assert is_on(hass, "gate")
    await set_helper(hass, "online", on=True)
    assert not is_on(hass, "gate")
