"""What serves as a siren: it sounds, falls silent, and is put back as it was."""

from collections.abc import AsyncGenerator, Awaitable, Callable
from datetime import timedelta
from typing import Any
from unittest.mock import AsyncMock

from freezegun.api import FrozenDateTimeFactory
from homeassistant.auth.models import User
from homeassistant.components import demo
from homeassistant.const import Platform
from homeassistant.core import HomeAssistant, ServiceCall
from homeassistant.core_config import async_process_ha_core_config
from homeassistant.util import dt as dt_util
import pytest
from pytest_homeassistant_custom_component.common import (
    MockConfigEntry,
    async_fire_time_changed,
    async_mock_service,
)
from pytest_homeassistant_custom_component.typing import ClientSessionGenerator

from custom_components.cabinet_secure.const import SIREN_SOUND
from scripts.siren_sound import SOUND, draw
from tests.other_integrations import is_on, set_helper, set_up_devices
from tests.practices import practice_entry, set_up, siren_subentry

SIREN = "siren.rue"


@pytest.fixture(autouse=True)
async def devices(
    hass: HomeAssistant, monkeypatch: pytest.MonkeyPatch
) -> AsyncGenerator[None]:
    """Set up what the sirens are made of, all silent."""
    # Its lights, players and sirens only: the rest takes time and ffmpeg.
    monkeypatch.setattr(demo, "async_setup", AsyncMock(return_value=True))
    monkeypatch.setattr(
        demo,
        "COMPONENTS_WITH_CONFIG_ENTRY_DEMO_PLATFORM",
        [Platform.LIGHT, Platform.MEDIA_PLAYER, Platform.SIREN],
    )
    await async_process_ha_core_config(
        hass, {"internal_url": "http://192.168.1.2:8123"}
    )
    await set_up_devices(hass)
    entry = MockConfigEntry(domain="demo")
    entry.add_to_hass(hass)
    assert await hass.config_entries.async_setup(entry.entry_id)
    await hass.async_block_till_done()
    await hass.services.async_call(
        "siren",
        "turn_off",
        {"entity_id": ["siren.siren", "siren.siren_with_all_features"]},
        blocking=True,
    )
    yield
    await hass.config_entries.async_unload(entry.entry_id)


@pytest.fixture
def add(
    hass: HomeAssistant, people: dict[str, User]
) -> Callable[..., Awaitable[MockConfigEntry]]:
    """Return what adds a practice with one siren."""

    async def add(entity: str, **changes: object) -> MockConfigEntry:
        entry = practice_entry(people, siren_subentry(entity, **changes))
        await set_up(hass, entry)
        return entry

    return add


async def turn(hass: HomeAssistant, what: str, **data: Any) -> None:
    """Turn the siren on or off."""
    await hass.services.async_call(
        "siren", f"turn_{what}", {"entity_id": SIREN, **data}, blocking=True
    )
    await hass.async_block_till_done()


async def later(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory, seconds: float
) -> None:
    """Let time pass."""
    freezer.tick(timedelta(seconds=seconds))
    async_fire_time_changed(hass, dt_util.utcnow())
    await hass.async_block_till_done()


def is_sounding(hass: HomeAssistant) -> bool:
    """Return whether our siren shows that it sounds."""
    return hass.states.is_state(SIREN, "on")


async def test_a_siren_gets_its_longest_time_tone_and_volume_along(
    hass: HomeAssistant, add: Callable[..., Awaitable[MockConfigEntry]]
) -> None:
    await add("siren.siren_with_all_features", tone="fire", volume=0.4, longest=90)
    told = []
    hass.bus.async_listen(
        "call_service", lambda event: told.append(event.data["service_data"])
    )
    await turn(hass, "on")
    assert hass.states.is_state("siren.siren_with_all_features", "on")
    assert [each for each in told if each["entity_id"] != SIREN] == [
        {
            "entity_id": "siren.siren_with_all_features",
            "duration": 90,
            "tone": "fire",
            "volume_level": 0.004,
        }
    ]
    assert is_sounding(hass)
    await turn(hass, "off")
    assert hass.states.is_state("siren.siren_with_all_features", "off")


async def test_a_siren_that_knows_nothing_is_only_turned_on(
    hass: HomeAssistant, add: Callable[..., Awaitable[MockConfigEntry]]
) -> None:
    await add("siren.siren", tone="fire", volume=40)
    await turn(hass, "on")
    assert hass.states.is_state("siren.siren", "on")


@pytest.mark.parametrize("longest", [180, 600])
async def test_a_relay_is_switched_off_after_its_longest_time(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    add: Callable[..., Awaitable[MockConfigEntry]],
    longest: int,
) -> None:
    await add("switch.siren_relay", longest=longest, place="indoors")
    await turn(hass, "on")
    assert is_on(hass, "siren")
    await later(hass, freezer, longest - 1)
    assert is_on(hass, "siren")
    await later(hass, freezer, 2)
    assert not is_on(hass, "siren")
    assert not is_sounding(hass)


async def test_a_relay_that_cannot_be_reached_is_tried_until_it_is_off(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    add: Callable[..., Awaitable[MockConfigEntry]],
) -> None:
    await add("switch.siren_relay")
    await turn(hass, "on", duration=10)
    await set_helper(hass, "online", on=False)
    await later(hass, freezer, 11)
    await set_helper(hass, "online", on=True)
    await later(hass, freezer, 6)
    assert not is_on(hass, "siren")


async def test_a_siren_is_silent_when_the_practice_stops(
    hass: HomeAssistant, add: Callable[..., Awaitable[MockConfigEntry]]
) -> None:
    entry = await add("switch.siren_relay")
    await turn(hass, "on")
    await hass.config_entries.async_unload(entry.entry_id)
    assert not is_on(hass, "siren")


async def test_a_light_shines_and_is_as_it_was_afterwards(
    hass: HomeAssistant, add: Callable[..., Awaitable[MockConfigEntry]]
) -> None:
    await hass.services.async_call(
        "light",
        "turn_on",
        {"entity_id": "light.bed_light", "brightness": 40, "hs_color": [120, 50]},
        blocking=True,
    )
    before = hass.states.get("light.bed_light")
    await add("light.bed_light")
    assert not is_sounding(hass)
    await turn(hass, "on")
    assert is_sounding(hass)
    await hass.services.async_call(
        "light", "turn_on", {"entity_id": "light.bed_light", "brightness": 255}
    )
    await turn(hass, "off")
    after = hass.states.get("light.bed_light")
    assert before is not None
    assert after is not None
    assert (after.state, after.attributes["brightness"]) == ("on", 40)
    assert after.attributes["hs_color"] == before.attributes["hs_color"]


async def test_a_light_that_somebody_switches_off_shines_again_until_it_is_over(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    add: Callable[..., Awaitable[MockConfigEntry]],
) -> None:
    await hass.services.async_call(
        "light", "turn_off", {"entity_id": "light.bed_light"}, blocking=True
    )
    await add("light.bed_light")
    await turn(hass, "on")
    await hass.services.async_call(
        "light", "turn_off", {"entity_id": "light.bed_light"}, blocking=True
    )
    await later(hass, freezer, 11)
    assert hass.states.is_state("light.bed_light", "on")
    await turn(hass, "off")
    await later(hass, freezer, 11)
    assert hass.states.is_state("light.bed_light", "off")


async def test_a_light_that_can_flash_flashes_again_and_again(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    add: Callable[..., Awaitable[MockConfigEntry]],
) -> None:
    hass.states.async_set("light.lamp", "off", {"supported_features": 8})
    await add("light.lamp")
    calls = async_mock_service(hass, "light", "turn_on")
    await turn(hass, "on")
    await later(hass, freezer, 11)
    assert [call.data.get("flash") for call in calls] == ["long", "long"]
    ended = async_mock_service(hass, "light", "turn_off")
    await turn(hass, "off")
    assert len(ended) == 1


async def test_a_light_that_was_left_on_by_a_crash_is_put_back_after_it(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    add: Callable[..., Awaitable[MockConfigEntry]],
) -> None:
    hass.states.async_set("light.lamp", "off", {"supported_features": 0})
    async_mock_service(hass, "light", "turn_on")
    entry = await add("light.lamp")
    await turn(hass, "on")
    hass.states.async_set("light.lamp", "unavailable")
    await hass.config_entries.async_unload(entry.entry_id)
    hass.states.async_set("light.lamp", "on", {"supported_features": 0})
    ended = async_mock_service(hass, "light", "turn_off")
    await hass.config_entries.async_setup(entry.entry_id)
    await hass.async_block_till_done()
    assert is_sounding(hass)
    await later(hass, freezer, 181)
    assert len(ended) == 1
    assert not is_sounding(hass)


async def test_a_player_plays_our_sound_loudly_and_is_put_back(
    hass: HomeAssistant, add: Callable[..., Awaitable[MockConfigEntry]]
) -> None:
    player = "media_player.living_room"
    state = hass.states.get(player)
    assert state is not None
    before = state.attributes["volume_level"]
    await add(player, volume=90)
    await turn(hass, "on")
    state = hass.states.get(player)
    assert state is not None
    assert state.state == "playing"
    assert state.attributes["media_content_id"] == (
        f"http://192.168.1.2:8123{SIREN_SOUND}"
    )
    assert state.attributes["volume_level"] == 0.9
    await turn(hass, "off")
    state = hass.states.get(player)
    assert state is not None
    assert state.state != "playing"
    assert not is_sounding(hass)
    if "volume_level" in state.attributes:
        assert state.attributes["volume_level"] == before


@pytest.mark.parametrize(
    ("features", "ended_by"),
    [(4 | 512 | 4096 | 262144, "media_stop"), (640, "turn_off")],
)
async def test_a_player_that_comes_to_the_end_of_the_sound_plays_it_again(
    hass: HomeAssistant,
    add: Callable[..., Awaitable[MockConfigEntry]],
    features: int,
    ended_by: str,
) -> None:
    attributes = {"supported_features": features, "volume_level": 0.2}
    hass.states.async_set("media_player.box", "idle", attributes)
    await add(
        "media_player.box",
        volume=80,
        media={
            "media_content_id": "media-source://x",
            "media_content_type": "audio/wav",
        },
    )
    services: dict[str, list[ServiceCall]] = {
        name: async_mock_service(hass, "media_player", name)
        for name in ("play_media", "volume_set", "repeat_set", ended_by)
    }
    await turn(hass, "on")
    assert services["play_media"][0].data["media_content_id"] == "media-source://x"
    for state in ("playing", "idle"):
        hass.states.async_set("media_player.box", state, attributes)
        await hass.async_block_till_done()
    assert len(services["play_media"]) == 2
    # It does not sound for what plays by itself afterwards.
    await turn(hass, "off")
    assert len(services[ended_by]) == 1
    for state in ("playing", "idle"):
        hass.states.async_set("media_player.box", state, attributes)
        await hass.async_block_till_done()
    assert len(services["play_media"]) == 2
    levels = [call.data["volume_level"] for call in services["volume_set"]]
    assert levels == ([0.8, 0.2] if features & 4 else [0.2])
    repeats = [str(call.data["repeat"]) for call in services["repeat_set"]]
    assert repeats == (["one", "off"] if features & 262144 else [])


async def test_anybody_on_the_network_may_fetch_the_sound(
    hass: HomeAssistant,
    add: Callable[..., Awaitable[MockConfigEntry]],
    hass_client_no_auth: ClientSessionGenerator,
) -> None:
    await add("switch.siren_relay")
    client = await hass_client_no_auth()
    response = await client.get(SIREN_SOUND)
    assert response.status == 200
    assert await response.read() == draw()


def test_the_sound_that_is_shipped_is_the_one_that_is_drawn() -> None:
    assert SOUND.read_bytes() == draw()
