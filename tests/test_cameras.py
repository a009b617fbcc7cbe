"""A camera's source comes and goes; who looked; and the cameras of stations."""

from collections.abc import AsyncGenerator
from datetime import timedelta

from homeassistant.auth.models import User
from homeassistant.components.camera import async_get_image
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers import entity_registry as er, issue_registry as ir
from homeassistant.setup import async_setup_component
from homeassistant.util import dt as dt_util
import pytest
from pytest_homeassistant_custom_component.common import (
    MockConfigEntry,
    async_fire_time_changed,
)
from pytest_homeassistant_custom_component.typing import (
    ClientSessionGenerator,
    WebSocketGenerator,
)

from custom_components.cabinet_secure.const import DOMAIN
from custom_components.cabinet_secure.diagnostics import (
    async_get_config_entry_diagnostics,
)
from custom_components.cabinet_secure.listeners import PRACTICE
from custom_components.cabinet_secure.practice.cameras.effects import AnnounceViewing
from custom_components.cabinet_secure.practice.effects import (
    AnnounceEquipment,
    EquipmentEventKind,
)
from custom_components.cabinet_secure.practice.people import ActorKind
from tests.cameras import (
    CAMERA,
    PRIVACY,
    add_generic_camera,
    add_mjpeg_camera,
    announced,
    camera_id,
    camera_subentry,
    registry_id,
)
from tests.practices import Station, context_of, door_subentry, practice_entry, set_up
from tests.simulators.network_camera import NetworkCamera, shows_green
from tests.test_records import on_record


@pytest.fixture
async def network_camera(socket_enabled: None) -> AsyncGenerator[NetworkCamera]:
    """Return a camera in the network."""
    async with NetworkCamera() as camera:
        yield camera


@pytest.fixture
async def source(hass: HomeAssistant, network_camera: NetworkCamera) -> MockConfigEntry:
    """Return the other integration that has the camera."""
    return await add_generic_camera(hass, network_camera)


async def adopt(
    hass: HomeAssistant, people: dict[str, User], **changes: object
) -> MockConfigEntry:
    entry = practice_entry(
        people, camera_subentry(registry_id(hass, "camera.generic"), **changes)
    )
    await set_up(hass, entry)
    return entry


async def switch_privacy(hass: HomeAssistant, user: User, action: str) -> None:
    await hass.services.async_call(
        "switch",
        action,
        {"entity_id": PRIVACY},
        blocking=True,
        context=context_of(user),
    )


async def test_a_renamed_source_is_followed(
    hass: HomeAssistant, people: dict[str, User], source: MockConfigEntry
) -> None:
    await adopt(hass, people)
    er.async_get(hass).async_update_entity(
        "camera.generic", new_entity_id="camera.corridor"
    )
    await hass.async_block_till_done()
    assert hass.states.get(CAMERA).state == "idle"
    assert shows_green((await async_get_image(hass, CAMERA)).content)


async def test_a_source_that_is_gone_is_a_repair_until_there_is_another(
    hass: HomeAssistant, people: dict[str, User], source: MockConfigEntry
) -> None:
    entry = await adopt(hass, people)
    issues = ir.async_get(hass)
    assert issues.issues == {}
    er.async_get(hass).async_remove("camera.generic")
    await hass.async_block_till_done()
    assert hass.states.get(CAMERA).state == "unavailable"
    (issue,) = issues.issues.values()
    assert issue.translation_key == "source_gone"
    assert issue.translation_placeholders["equipment"] == "Waiting room"

    await hass.config_entries.async_reload(source.entry_id)
    await hass.async_block_till_done()
    (subentry,) = entry.get_subentries_of_type("camera")
    hass.config_entries.async_update_subentry(
        entry,
        subentry,
        data=dict(subentry.data) | {"source": registry_id(hass, "camera.generic")},
    )
    await hass.async_block_till_done()
    assert hass.states.get(CAMERA).state == "idle"
    assert issues.issues == {}


async def test_a_source_that_is_away_is_unavailable_and_then_a_fault(
    hass: HomeAssistant, people: dict[str, User], source: MockConfigEntry
) -> None:
    await adopt(hass, people)
    await hass.config_entries.async_unload(source.entry_id)
    await hass.async_block_till_done()
    assert hass.states.get(CAMERA).state == "unavailable"
    # Privacy is decided whether or not the camera answers.
    assert hass.states.get(PRIVACY).state == "off"
    await switch_privacy(hass, people["doctor"], "turn_on")
    with pytest.raises(HomeAssistantError):
        await async_get_image(hass, "camera.generic")
    await hass.config_entries.async_setup(source.entry_id)
    await hass.async_block_till_done()
    assert hass.states.get(CAMERA).state == "idle"
    assert not shows_green((await async_get_image(hass, CAMERA)).content)


async def test_a_camera_that_fails_gives_no_picture(
    hass: HomeAssistant,
    people: dict[str, User],
    source: MockConfigEntry,
    network_camera: NetworkCamera,
) -> None:
    await adopt(hass, people)
    network_camera.broken = True
    with pytest.raises(HomeAssistantError):
        await async_get_image(hass, CAMERA)


async def test_the_cameras_own_privacy_follows(
    hass: HomeAssistant, people: dict[str, User], source: MockConfigEntry
) -> None:
    assert await async_setup_component(
        hass, "input_boolean", {"input_boolean": {"lens_shut": {}}}
    )
    assert await async_setup_component(
        hass, "input_button", {"input_button": {"to_the_wall": {}, "to_the_door": {}}}
    )
    await adopt(
        hass,
        people,
        privacy_switch="input_boolean.lens_shut",
        hide_action="input_button.to_the_wall",
        show_action="input_button.to_the_door",
    )
    await switch_privacy(hass, people["doctor"], "turn_on")
    assert hass.states.get("input_boolean.lens_shut").state == "on"
    assert hass.states.get("input_button.to_the_wall").state != "unknown"
    assert hass.states.get("input_button.to_the_door").state == "unknown"
    await switch_privacy(hass, people["doctor"], "turn_off")
    assert hass.states.get("input_boolean.lens_shut").state == "off"
    assert hass.states.get("input_button.to_the_door").state != "unknown"


async def test_a_camera_that_does_not_look_away_is_hidden_and_a_fault(
    hass: HomeAssistant, people: dict[str, User], source: MockConfigEntry
) -> None:
    entry = await adopt(hass, people, privacy_switch="input_boolean.lens_shut")
    with pytest.raises(HomeAssistantError, match="does not answer"):
        await switch_privacy(hass, people["doctor"], "turn_on")
    assert hass.states.get(PRIVACY).state == "on"
    assert not shows_green((await async_get_image(hass, CAMERA)).content)
    async_fire_time_changed(hass, dt_util.utcnow() + timedelta(seconds=61))
    await hass.async_block_till_done()
    (fault,) = entry.runtime_data.state.faults
    assert fault.fault == "privacy"
    assert hass.states.get("binary_sensor.cabinet_fault").state == "on"

    # Once its switch is there, it is told again, and the fault is over.
    assert await async_setup_component(
        hass, "input_boolean", {"input_boolean": {"lens_shut": {}}}
    )
    async_fire_time_changed(hass, dt_util.utcnow() + timedelta(seconds=122))
    await hass.async_block_till_done()
    assert hass.states.get("input_boolean.lens_shut").state == "on"
    assert entry.runtime_data.state.faults == ()


async def test_a_privacy_switch_that_somebody_opens_is_a_fault_and_shut_again(
    hass: HomeAssistant, people: dict[str, User], source: MockConfigEntry
) -> None:
    assert await async_setup_component(
        hass, "input_boolean", {"input_boolean": {"lens_shut": {}}}
    )
    entry = await adopt(hass, people, privacy_switch="input_boolean.lens_shut")
    await switch_privacy(hass, people["doctor"], "turn_on")
    lens = {"entity_id": "input_boolean.lens_shut"}
    told = announced(entry, PRACTICE, AnnounceEquipment)
    await hass.services.async_call("input_boolean", "turn_off", lens, blocking=True)
    async_fire_time_changed(hass, dt_util.utcnow() + timedelta(seconds=61))
    await hass.async_block_till_done()
    assert [(each.kind, each.fault) for each in told] == [
        (EquipmentEventKind.FAULT, "privacy"),
        (EquipmentEventKind.FAULT_CLEARED, "privacy"),
    ]
    assert hass.states.get("input_boolean.lens_shut").state == "on"


async def test_who_looks_is_told_as_far_as_home_assistant_knows(
    hass: HomeAssistant,
    people: dict[str, User],
    source: MockConfigEntry,
    hass_client: ClientSessionGenerator,
    hass_client_no_auth: ClientSessionGenerator,
) -> None:
    entry = await adopt(hass, people)
    told = announced(entry, camera_id(entry), AnnounceViewing)
    signed_in = await hass_client()
    path = f"/api/camera_proxy/{CAMERA}"
    for _ in range(3):
        assert (await signed_in.get(path)).status == 200
    (viewing,) = told
    assert viewing.viewer is not None
    assert viewing.viewer.kind is ActorKind.USER
    assert viewing.means == "picture"

    # A link with the camera's own token is nobody's.
    link = hass.states.get(CAMERA).attributes["entity_picture"]
    nobody = await hass_client_no_auth()
    assert (await nobody.get(link)).status == 200
    assert told[-1].viewer is None
    # Whoever has neither sees nothing, and nobody looked.
    assert (await nobody.get(path)).status == 403
    assert len(told) == 2
    await async_get_image(hass, CAMERA)
    assert told[-1].viewer is not None
    assert told[-1].viewer.kind is ActorKind.AUTOMATION


async def test_who_opens_a_stream_is_told(
    hass: HomeAssistant,
    people: dict[str, User],
    network_camera: NetworkCamera,
    hass_ws_client: WebSocketGenerator,
) -> None:
    assert await async_setup_component(hass, "stream", {})
    await add_generic_camera(hass, network_camera, stream=True)
    entry = await adopt(hass, people)
    told = announced(entry, camera_id(entry), AnnounceViewing)
    websocket = await hass_ws_client()
    await websocket.send_json_auto_id({"type": "camera/stream", "entity_id": CAMERA})
    assert (await websocket.receive_json())["success"]
    (viewing,) = told
    assert viewing.means == "live"
    assert viewing.viewer is not None
    assert viewing.viewer.kind is ActorKind.USER


async def test_privacy_and_viewings_are_on_record(
    hass: HomeAssistant, people: dict[str, User], source: MockConfigEntry
) -> None:
    entry = await adopt(hass, people)
    await async_get_image(hass, CAMERA)
    await switch_privacy(hass, people["cleaner"], "turn_on")
    await switch_privacy(hass, people["doctor"], "turn_off")
    entries = [
        (each.type, each.event, each.actor.name if each.actor else None)
        for each in await on_record(entry)
        if each.place is not None and each.place.name == "Waiting room"
    ]
    assert entries == [
        ("viewing", "camera", "Home Assistant"),
        ("camera", "hidden", "cleaner"),
        ("camera", "shown", "doctor"),
    ]


async def test_a_hidden_camera_is_not_looked_through(
    hass: HomeAssistant, people: dict[str, User], source: MockConfigEntry
) -> None:
    entry = await adopt(hass, people)
    await switch_privacy(hass, people["doctor"], "turn_on")
    told = announced(entry, camera_id(entry), AnnounceViewing)
    await async_get_image(hass, CAMERA)
    assert told == []


async def test_the_camera_of_a_station_is_hidden_and_so_is_the_visitor(
    station: Station,
    people: dict[str, User],
    hass_client: ClientSessionGenerator,
) -> None:
    camera, privacy = "camera.platine_camera", "switch.platine_privacy"
    assert station.hass.states.get(camera).attributes["zone"] == "entrance"
    seen = (await async_get_image(station.hass, camera)).content
    await station.call("switch", "turn_on", privacy, people["cleaner"])
    veil = (await async_get_image(station.hass, camera)).content
    assert veil != seen
    assert (await async_get_image(station.hass, camera)).content == veil
    station.sim.press("%1")
    await station.wait_for("sensor.cabinet_ring", "ringing")
    client = await hass_client()
    assert (await client.get("/api/image_proxy/image.entree_visitor")).status == 500
    assert station.state("image.entree_visitor") == "unknown"


async def test_the_picture_of_a_visitor_is_withdrawn_with_the_camera(
    station: Station,
    people: dict[str, User],
    hass_client: ClientSessionGenerator,
) -> None:
    client = await hass_client()
    picture = "/api/image_proxy/image.entree_visitor"
    station.sim.press("%1")
    await station.wait_until(
        lambda: station.state("image.entree_visitor") != "unknown", "the visitor"
    )
    assert (await client.get(picture)).status == 200
    privacy = "switch.platine_privacy"
    await station.call("switch", "turn_on", privacy, people["cleaner"])
    assert (await client.get(picture)).status == 500


async def test_the_stream_of_a_station_ends_when_its_camera_is_hidden(
    station: Station,
    people: dict[str, User],
    hass_client: ClientSessionGenerator,
) -> None:
    client = await hass_client()
    url = "/api/camera_proxy_stream/camera.platine_camera"
    async with client.get(url) as stream:
        await stream.content.readany()
        privacy = "switch.platine_privacy"
        await station.call("switch", "turn_on", privacy, people["cleaner"])
        await station.wait_until(
            lambda: stream.content.at_eof() or stream.content.exception(),
            "the end of the stream",
        )


async def test_a_source_without_a_place_in_the_registry_serves_too(
    hass: HomeAssistant, people: dict[str, User]
) -> None:
    assert await async_setup_component(hass, "homeassistant", {})
    demo = MockConfigEntry(domain="demo")
    demo.add_to_hass(hass)
    assert await hass.config_entries.async_setup(demo.entry_id)
    await hass.async_block_till_done()
    await set_up(hass, practice_entry(people, camera_subentry("camera.demo_camera")))
    assert (await async_get_image(hass, CAMERA)).content.startswith(b"\xff\xd8")
    await hass.services.async_call(
        "camera", "turn_off", {"entity_id": "camera.demo_camera"}, blocking=True
    )
    with pytest.raises(HomeAssistantError, match="Unable to get image"):
        await async_get_image(hass, CAMERA)


async def test_what_is_hidden_is_not_seen_through_a_door_with_the_same_camera(
    hass: HomeAssistant, people: dict[str, User], source: MockConfigEntry
) -> None:
    hass.states.async_set("lock.way_in", "locked")
    same = registry_id(hass, "camera.generic")
    entry = practice_entry(
        people,
        camera_subentry(same),
        door_subentry("lock.way_in", camera=same),
    )
    await set_up(hass, entry)
    at_the_door = "camera.cour_camera"
    assert shows_green((await async_get_image(hass, at_the_door)).content)
    await switch_privacy(hass, people["cleaner"], "turn_on")
    assert not shows_green((await async_get_image(hass, at_the_door)).content)
    # It is told at once, so that what is running ends.
    assert hass.states.get(at_the_door).attributes["privacy"] is True
    await switch_privacy(hass, people["doctor"], "turn_off")
    assert hass.states.get(at_the_door).attributes["privacy"] is False
    assert shows_green((await async_get_image(hass, at_the_door)).content)


async def test_diagnostics_do_not_tell_who_hid_or_looked(
    hass: HomeAssistant, people: dict[str, User], source: MockConfigEntry
) -> None:
    entry = await adopt(hass, people)
    await switch_privacy(hass, people["doctor"], "turn_on")
    await switch_privacy(hass, people["doctor"], "turn_off")
    await async_get_image(hass, CAMERA)
    await switch_privacy(hass, people["doctor"], "turn_on")
    diagnostics = str(await async_get_config_entry_diagnostics(hass, entry))
    assert people["doctor"].id not in diagnostics
    assert "Automation" not in diagnostics
    assert "'name': 'doctor'" not in diagnostics


async def test_a_camera_takes_its_device_along_when_it_is_taken_out(
    hass: HomeAssistant, people: dict[str, User], source: MockConfigEntry
) -> None:
    entry = await adopt(hass, people)
    (subentry,) = entry.get_subentries_of_type("camera")
    hass.config_entries.async_remove_subentry(entry, subentry.subentry_id)
    await hass.async_block_till_done()
    assert hass.states.get(CAMERA) is None
    assert not [
        known
        for known in er.async_entries_for_config_entry(
            er.async_get(hass), entry.entry_id
        )
        if known.domain == "camera"
    ]
    assert DOMAIN in hass.config.components


async def test_an_mjpeg_source_that_cannot_be_reached_is_an_error_of_the_gateway(
    hass: HomeAssistant,
    people: dict[str, User],
    network_camera: NetworkCamera,
    hass_client: ClientSessionGenerator,
) -> None:
    mjpeg = await add_mjpeg_camera(hass, network_camera)
    source = registry_id(hass, "camera.mjpeg")
    await set_up(hass, practice_entry(people, camera_subentry(source)))
    client = await hass_client()
    await hass.config_entries.async_unload(mjpeg.entry_id)
    async with client.get(f"/api/camera_proxy_stream/{CAMERA}") as stream:
        assert stream.status == 502
    er.async_get(hass).async_remove("camera.mjpeg")
    await hass.async_block_till_done()
    async with client.get(f"/api/camera_proxy_stream/{CAMERA}") as stream:
        assert stream.status == 502
    with pytest.raises(HomeAssistantError):
        await async_get_image(hass, CAMERA)
