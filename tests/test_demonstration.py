"""The demonstration keeps the promises of real equipment."""

from datetime import timedelta

from freezegun.api import FrozenDateTimeFactory
from homeassistant.auth.models import User
from homeassistant.components.camera import async_get_image as async_get_camera_image
from homeassistant.components.image import async_get_image
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import ServiceValidationError
import pytest
from pytest_homeassistant_custom_component.common import (
    MockConfigEntry,
    async_fire_time_changed,
)

from custom_components.cabinet_secure.equipment import (
    Equipment,
    EquipmentError,
    Failure,
    demo as demonstration,
)
from tests.practices import context_of
from tests.test_answers import press


def state_of(hass: HomeAssistant, entity_id: str) -> str:
    """Return the state of an entity."""
    state = hass.states.get(entity_id)
    assert state is not None
    return state.state


async def do(hass: HomeAssistant, button: str) -> None:
    """Press a button of the demonstration."""
    await hass.services.async_call(
        "button",
        "press",
        {"entity_id": f"button.demonstration_{button}"},
        blocking=True,
    )
    await hass.async_block_till_done()


async def lock(hass: HomeAssistant, service: str, user: User) -> None:
    """Do something with the door as a person."""
    await hass.services.async_call(
        "lock",
        service,
        {"entity_id": "lock.demo"},
        blocking=True,
        context=context_of(user),
    )
    await hass.async_block_till_done()


async def test_a_closed_door_does_not_open_by_pushing(
    hass: HomeAssistant, demo: MockConfigEntry
) -> None:
    await do(hass, "push_the_door")
    assert state_of(hass, "binary_sensor.demo_contact") == "off"


async def test_a_released_door_opens_and_closes_behind_the_visitor(
    hass: HomeAssistant,
    demo: MockConfigEntry,
    people: dict[str, User],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(demonstration, "_DOOR_STANDS_OPEN", timedelta(milliseconds=10))
    monkeypatch.setattr(
        demonstration.DemoDoor, "strike_time", timedelta(milliseconds=20)
    )
    await lock(hass, "open", people["doctor"])
    assert state_of(hass, "lock.demo") == "open"
    await do(hass, "push_the_door")
    assert state_of(hass, "binary_sensor.demo_contact") == "on"
    while state_of(hass, "binary_sensor.demo_contact") == "on":
        await demonstration.asyncio.sleep(0.01)
    while state_of(hass, "lock.demo") != "locked":
        await demonstration.asyncio.sleep(0.01)


async def test_a_held_door_stays_unlocked_until_it_is_locked(
    hass: HomeAssistant, demo: MockConfigEntry, people: dict[str, User]
) -> None:
    await lock(hass, "unlock", people["doctor"])
    assert state_of(hass, "lock.demo") == "unlocked"
    await lock(hass, "lock", people["doctor"])
    assert state_of(hass, "lock.demo") == "locked"


async def test_the_visitor_is_drawn_with_the_time(
    hass: HomeAssistant, demo: MockConfigEntry
) -> None:
    await press(hass)
    picture = await async_get_image(hass, "image.demo_visitor")
    assert picture.content.startswith(b"\xff\xd8")
    camera = await async_get_camera_image(hass, "camera.demonstration_camera")
    assert camera.content.startswith(b"\xff\xd8")


async def test_the_panic_button_is_heard(
    hass: HomeAssistant, demo: MockConfigEntry
) -> None:
    await do(hass, "press_the_panic_button")
    state = hass.states.get("event.demonstration_panic_button_press")
    assert state is not None
    assert state.attributes["event_type"] == "pressed"


SIREN = "siren.demonstration_siren"


async def wait(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory, seconds: float
) -> None:
    """Let time pass, at the pace at which the practice looks at its sirens."""
    while seconds > 0:
        freezer.tick(min(seconds, 5))
        async_fire_time_changed(hass)
        await hass.async_block_till_done()
        seconds -= 5


async def test_the_siren_falls_silent_by_itself(
    hass: HomeAssistant, demo: MockConfigEntry, freezer: FrozenDateTimeFactory
) -> None:
    await hass.services.async_call(
        "siren", "turn_on", {"entity_id": SIREN}, blocking=True
    )
    assert state_of(hass, SIREN) == "on"
    assert state_of(hass, "siren.cabinet_sirens") == "on"
    await wait(hass, freezer, 179)
    assert state_of(hass, SIREN) == "on"
    await wait(hass, freezer, 2)
    assert state_of(hass, SIREN) == "off"
    assert state_of(hass, "siren.cabinet_sirens") == "off"


async def test_a_siren_sounds_no_longer_than_it_may_whatever_is_asked(
    hass: HomeAssistant, demo: MockConfigEntry, freezer: FrozenDateTimeFactory
) -> None:
    await hass.services.async_call(
        "siren", "turn_on", {"entity_id": SIREN, "duration": 3600}, blocking=True
    )
    await wait(hass, freezer, 181)
    assert state_of(hass, SIREN) == "off"
    with pytest.raises(ServiceValidationError, match="as long as it may"):
        await hass.services.async_call(
            "siren", "turn_on", {"entity_id": SIREN}, blocking=True
        )


async def test_a_siren_that_does_not_fall_silent_is_tried_again(
    hass: HomeAssistant,
    demo: MockConfigEntry,
    monkeypatch: pytest.MonkeyPatch,
    freezer: FrozenDateTimeFactory,
) -> None:
    await hass.services.async_call(
        "siren", "turn_on", {"entity_id": SIREN, "duration": 10}, blocking=True
    )
    silence = demonstration.DemoSiren.silence
    failures = [1, 1]

    async def failing(self: demonstration.DemoSiren) -> None:
        if failures:
            failures.pop()
            raise EquipmentError(Failure.UNREACHABLE)
        await silence(self)

    monkeypatch.setattr(demonstration.DemoSiren, "silence", failing)
    await wait(hass, freezer, 12)
    assert state_of(hass, SIREN) == "on"
    assert state_of(hass, "binary_sensor.cabinet_fault") == "on"
    await wait(hass, freezer, 20)
    assert state_of(hass, SIREN) == "off"
    assert state_of(hass, "binary_sensor.cabinet_fault") == "off"


async def test_all_sirens_are_turned_off_by_one_entity(
    hass: HomeAssistant, demo: MockConfigEntry
) -> None:
    for service, state in (("turn_on", "on"), ("turn_off", "off")):
        await hass.services.async_call(
            "siren", service, {"entity_id": "siren.cabinet_sirens"}, blocking=True
        )
        assert state_of(hass, SIREN) == state


async def test_a_siren_is_silenced_when_the_practice_is_unloaded_and_goes_on_after(
    hass: HomeAssistant, demo: MockConfigEntry
) -> None:
    await hass.services.async_call(
        "siren", "turn_on", {"entity_id": SIREN}, blocking=True
    )
    (equipment,) = demo.runtime_data.equipment.values()
    assert isinstance(equipment, Equipment)
    await hass.config_entries.async_unload(demo.entry_id)
    assert equipment.sirens[0].sounding is False
    assert await hass.config_entries.async_setup(demo.entry_id)
    await hass.async_block_till_done()
    assert state_of(hass, SIREN) == "on"


async def test_the_demonstration_has_no_telephone(
    hass: HomeAssistant, demo: MockConfigEntry
) -> None:
    (door,) = demo.runtime_data.doors.values()
    with pytest.raises(EquipmentError):
        await door.hang_up("any", refused=False)
