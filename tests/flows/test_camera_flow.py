"""Adding a camera that Home Assistant has already, and changing it."""

from unittest.mock import patch

from homeassistant.components.camera import Camera
from homeassistant.components.camera.const import CameraEntityFeature, StreamType
from homeassistant.config_entries import SOURCE_USER
from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType
from homeassistant.helpers import entity_registry as er
from homeassistant.setup import async_setup_component
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from tests.flows.steps import suggested

HALL = "camera.demo_camera_without_stream"
STREAM = "camera.demo_camera"
CAMERA = {"source": HALL, "name": "Salle d’attente", "zone": "waiting_room"}


@pytest.fixture(autouse=True)
async def demo(hass: HomeAssistant, practice: MockConfigEntry) -> None:
    """Set up the cameras of Home Assistant's own demonstration."""
    assert await async_setup_component(hass, "homeassistant", {})
    entry = MockConfigEntry(domain="demo")
    entry.add_to_hass(hass)
    assert await hass.config_entries.async_setup(entry.entry_id)
    await hass.async_block_till_done()


async def start(hass: HomeAssistant, entry: MockConfigEntry) -> dict:
    return await hass.config_entries.subentries.async_init(
        (entry.entry_id, "camera"), context={"source": SOURCE_USER}
    )


async def go_on(hass: HomeAssistant, flow: dict, **values: object) -> dict:
    return await hass.config_entries.subentries.async_configure(flow["flow_id"], values)


async def test_a_camera_is_added_with_its_zone_and_its_privacy(
    hass: HomeAssistant, practice: MockConfigEntry
) -> None:
    flow = await start(hass, practice)
    flow = await go_on(hass, flow, **CAMERA)
    assert flow["step_id"] == "privacy"
    assert flow["description_placeholders"] == {"name": "Salle d’attente"}
    assert suggested(flow)["evidence"] == [
        "forced_door",
        "intrusion",
        "panic",
    ]
    flow = await go_on(
        hass,
        flow,
        hidden_in=["open"],
        privacy_switch="switch.lens",
        hide_action="button.to_the_wall",
        panic_lifts=True,
        evidence=["panic"],
    )
    assert flow["step_id"] == "shows_pictures"
    flow = await go_on(hass, flow)
    assert flow["type"] is FlowResultType.CREATE_ENTRY
    (subentry,) = practice.get_subentries_of_type("camera")
    assert subentry.title == "Salle d’attente"
    assert subentry.unique_id == HALL
    assert subentry.data == {
        "source": HALL,
        "zone": "waiting_room",
        "hidden_in": ["open"],
        "privacy_switch": "switch.lens",
        "hide_action": "button.to_the_wall",
        "show_action": None,
        "panic_lifts": True,
        "evidence": ["panic"],
    }


@pytest.mark.parametrize("zone", ["consultation_room", "toilets", "break_room"])
async def test_a_zone_where_no_camera_may_be_is_refused_with_the_reason(
    hass: HomeAssistant, practice: MockConfigEntry, zone: str
) -> None:
    flow = await start(hass, practice)
    flow = await go_on(hass, flow, **CAMERA | {"zone": zone})
    assert flow["step_id"] == "user"
    assert flow["errors"] == {"zone": f"no_camera_in_{zone}"}
    assert suggested(flow)["name"] == "Salle d’attente"
    flow = await go_on(hass, flow, **CAMERA)
    assert flow["step_id"] == "privacy"


@pytest.mark.parametrize("zone", ["reception", "street"])
async def test_a_zone_that_needs_care_is_confirmed_first(
    hass: HomeAssistant, practice: MockConfigEntry, zone: str
) -> None:
    flow = await start(hass, practice)
    flow = await go_on(hass, flow, **CAMERA | {"zone": zone})
    assert flow["step_id"] == zone
    flow = await go_on(hass, flow, confirmed=False)
    assert flow["errors"] == {"confirmed": "not_confirmed"}
    flow = await go_on(hass, flow, confirmed=True)
    assert flow["step_id"] == "privacy"


async def test_a_camera_of_a_practice_is_not_taken_for_another(
    hass: HomeAssistant, practice: MockConfigEntry
) -> None:
    ours = er.async_get(hass).async_get_or_create(
        "camera", "cabinet_secure", "ours", suggested_object_id="ours"
    )
    flow = await start(hass, practice)
    assert (
        ours.entity_id
        in (flow["data_schema"].schema["source"].config["exclude_entities"])
    )
    hass.states.async_set(ours.entity_id, "idle")
    with patch(
        "custom_components.cabinet_secure.camera_flow.EntitySelector.__call__",
        side_effect=lambda value: value,
    ):
        flow = await go_on(hass, flow, **CAMERA | {"source": ours.entity_id})
    assert flow["errors"] == {"source": "camera_of_ours"}


async def test_a_practice_has_a_camera_once(
    hass: HomeAssistant, practice: MockConfigEntry
) -> None:
    flow = await go_on(hass, await start(hass, practice), **CAMERA)
    flow = await go_on(hass, await go_on(hass, flow))
    assert flow["type"] is FlowResultType.CREATE_ENTRY
    flow = await go_on(hass, await start(hass, practice), **CAMERA | {"name": " "})
    assert flow["errors"] == {"source": "camera_taken", "name": "name_missing"}


async def test_what_the_source_can_is_told(
    hass: HomeAssistant, practice: MockConfigEntry
) -> None:
    flow = await go_on(hass, await start(hass, practice), **CAMERA | {"source": STREAM})
    flow = await go_on(hass, flow)
    assert flow["step_id"] == "shows_stream"


async def test_a_source_with_a_live_view_only_is_told(
    hass: HomeAssistant, practice: MockConfigEntry
) -> None:
    camera = hass.data["camera"].get_entity(STREAM)
    assert isinstance(camera, Camera)
    assert camera.supported_features & CameraEntityFeature.STREAM
    camera._supports_native_async_webrtc = True
    camera._invalidate_camera_capabilities_cache()
    assert camera.camera_capabilities.frontend_stream_types == {StreamType.WEB_RTC}
    flow = await go_on(hass, await start(hass, practice), **CAMERA | {"source": STREAM})
    flow = await go_on(hass, flow)
    assert flow["step_id"] == "shows_live"


async def test_a_source_that_shows_nothing_is_told_and_added(
    hass: HomeAssistant, practice: MockConfigEntry
) -> None:
    await hass.services.async_call(
        "camera", "turn_off", {"entity_id": STREAM}, blocking=True
    )
    flow = await go_on(hass, await start(hass, practice), **CAMERA | {"source": STREAM})
    flow = await go_on(hass, flow)
    assert flow["step_id"] == "shows_nothing"
    flow = await go_on(hass, flow)
    assert flow["type"] is FlowResultType.CREATE_ENTRY


async def test_a_camera_is_changed_and_followed_by_its_place_in_the_registry(
    hass: HomeAssistant, practice: MockConfigEntry
) -> None:
    flow = await go_on(hass, await start(hass, practice), **CAMERA)
    await go_on(hass, await go_on(hass, flow, hidden_in=["closed"]))
    (subentry,) = practice.get_subentries_of_type("camera")
    registered = er.async_get(hass).async_get_or_create(
        "switch", "demo", "lens", suggested_object_id="lens"
    )
    flow = await practice.start_subentry_reconfigure_flow(hass, subentry.subentry_id)
    assert suggested(flow) == CAMERA
    flow = await go_on(hass, flow, **CAMERA | {"name": "Couloir", "zone": "corridor"})
    assert suggested(flow)["hidden_in"] == ["closed"]
    flow = await go_on(hass, flow, hidden_in=[], privacy_switch=registered.entity_id)
    flow = await go_on(hass, flow)
    assert flow["reason"] == "reconfigure_successful"
    (subentry,) = practice.get_subentries_of_type("camera")
    assert subentry.title == "Couloir"
    assert subentry.data["zone"] == "corridor"
    assert subentry.data["hidden_in"] == []
    assert subentry.data["privacy_switch"] == registered.id
