"""Practices with cameras that other integrations have, for tests."""

from typing import Any

from homeassistant.config_entries import ConfigSubentryData
from homeassistant.core import HomeAssistant
from homeassistant.helpers import entity_registry as er
from homeassistant.setup import async_setup_component
from pytest_homeassistant_custom_component.common import MockConfigEntry

from tests.simulators.network_camera import NetworkCamera

CAMERA = "camera.waiting_room"
PRIVACY = "switch.waiting_room_privacy"


def camera_subentry(source: str, **changes: Any) -> ConfigSubentryData:
    """Return a camera in the waiting room that an entity of others is."""
    return ConfigSubentryData(
        data={
            "source": source,
            "zone": "waiting_room",
            "hidden_in": [],
            "privacy_switch": None,
            "hide_action": None,
            "show_action": None,
            "panic_lifts": False,
            "evidence": [],
        }
        | changes,
        subentry_type="camera",
        title="Waiting room",
        unique_id=source,
    )


async def add_generic_camera(
    hass: HomeAssistant,
    camera: NetworkCamera,
    *,
    stream: bool = False,
    rtsp: bool = False,
) -> MockConfigEntry:
    """Set up Home Assistant's generic camera, with a stream or not: `camera.generic`."""
    source = camera.rtsp.url if rtsp else camera.stream_url if stream else None
    entry = MockConfigEntry(
        domain="generic",
        title="Generic",
        options={
            "still_image_url": camera.still_url,
            "content_type": "image/jpeg",
            "stream_source": source,
            "username": None,
            "password": None,
            "advanced": {
                "framerate": 10,
                "verify_ssl": True,
                "authentication": "basic",
                "limit_refetch_to_url_change": False,
            },
        },
        version=2,
    )
    await _set_up(hass, entry)
    return entry


async def add_mjpeg_camera(
    hass: HomeAssistant, camera: NetworkCamera
) -> MockConfigEntry:
    """Set up Home Assistant's MJPEG camera: `camera.mjpeg`."""
    entry = MockConfigEntry(
        domain="mjpeg",
        title="Mjpeg",
        options={
            "mjpeg_url": camera.mjpeg_url,
            "still_image_url": camera.still_url,
            "username": None,
            "password": "",
            "verify_ssl": True,
            "authentication": "basic",
        },
    )
    await _set_up(hass, entry)
    return entry


async def _set_up(hass: HomeAssistant, entry: MockConfigEntry) -> None:
    assert await async_setup_component(hass, "camera", {})
    entry.add_to_hass(hass)
    assert await hass.config_entries.async_setup(entry.entry_id)
    await hass.async_block_till_done()


def registry_id(hass: HomeAssistant, entity_id: str) -> str:
    """Return what an entity is followed by."""
    entry = er.async_get(hass).async_get(entity_id)
    assert entry is not None
    return entry.id


def announced[T](entry: MockConfigEntry, topic: str, kind: type[T]) -> list[T]:
    """Return the list in which what is announced of a topic is going to be."""
    told: list[T] = []

    def listen(effect: object) -> None:
        if isinstance(effect, kind):
            told.append(effect)

    entry.runtime_data.async_on_announcement(topic, listen)
    return told


def camera_id(entry: MockConfigEntry) -> str:
    """Return the identifier of the practice's only adopted camera."""
    (subentry,) = entry.get_subentries_of_type("camera")
    return f"camera-{subentry.subentry_id}-camera"
