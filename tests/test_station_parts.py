"""Camera, inputs, outputs and siren of a door station, through Home Assistant."""

from homeassistant.auth.models import User
from homeassistant.components.camera import async_get_image
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers import device_registry as dr, entity_registry as er
import pytest
from pytest_homeassistant_custom_component.typing import ClientSessionGenerator

from custom_components.cabinet_secure.const import DOMAIN
from tests.practices import Station, practice_entry, set_up, station_subentry
from tests.simulators.two_n import TwoNSimulator

CAMERA = "camera.platine_camera"
SIREN = "siren.platine_siren_on_output1"


async def test_the_camera_gives_a_picture(station: Station) -> None:
    picture = await async_get_image(station.hass, CAMERA)
    assert picture.content.startswith(b"\xff\xd8")


async def test_the_camera_streams(
    station: Station, hass_client: ClientSessionGenerator
) -> None:
    client = await hass_client()
    async with client.get(f"/api/camera_proxy_stream/{CAMERA}") as stream:
        assert stream.status == 200
        assert stream.content_type == "multipart/x-mixed-replace"
        received = b""
        while received.count(b"\xff\xd8") < 2:
            received += await stream.content.readany()


async def test_a_camera_that_fails_gives_no_picture(station: Station) -> None:
    station.sim.answer_wrongly("error", path="/api/camera", times=None, code=15)
    with pytest.raises(HomeAssistantError):
        await async_get_image(station.hass, CAMERA)


async def test_a_ring_goes_on_without_a_picture(station: Station) -> None:
    station.sim.answer_wrongly("error", path="/api/camera", times=None, code=15)
    station.sim.press("%1")
    await station.wait_for("sensor.cabinet_ring", "ringing")
    assert station.state("image.entree_visitor") == "unknown"


async def test_the_siren_sounds_and_falls_silent(
    station: Station, people: dict[str, User]
) -> None:
    await station.call("siren", "turn_on", SIREN, people["doctor"])
    await station.wait_for(SIREN, "on")
    assert station.sim.state()["outputs"]["output1"]
    await station.call("siren", "turn_off", SIREN, people["doctor"])
    await station.wait_for(SIREN, "off")


async def test_a_siren_that_cannot_be_reached_says_so(
    station: Station, people: dict[str, User]
) -> None:
    station.sim.answer_wrongly("error", path="/api/io/ctrl", times=1, code=14)
    with pytest.raises(HomeAssistantError, match="refused"):
        await station.call("siren", "turn_on", SIREN, people["doctor"])


async def test_ports_without_a_role_are_there_for_whoever_wants_them(
    hass: HomeAssistant, people: dict[str, User], simulator: TwoNSimulator
) -> None:
    entry = practice_entry(people, station_subentry(simulator, siren_outputs=[]))
    await set_up(hass, entry)
    registry = er.async_get(hass)
    serial = simulator.config.serial
    free = {
        name: registry.async_get_entity_id(platform, DOMAIN, f"{serial}-{name}")
        for platform, name in (
            ("binary_sensor", "input2"),
            ("switch", "output1"),
            ("switch", "relay1"),
        )
    }
    # A relay may open a door: only the practice decides on that.
    assert free["relay1"] is None
    for entity_id in (free["input2"], free["output1"]):
        assert entity_id is not None
        known = registry.async_get(entity_id)
        assert known is not None
        assert known.disabled_by is er.RegistryEntryDisabler.INTEGRATION
        registry.async_update_entity(entity_id, disabled_by=None)
    await hass.config_entries.async_reload(entry.entry_id)
    station = Station(hass, entry, simulator)
    await station.wait_for("binary_sensor.platine_connection", "on")
    simulator.set_input("input2", state=True)
    await station.wait_for("binary_sensor.platine_input_input2", "on")
    output = "switch.platine_output_output1"
    await station.call("switch", "turn_on", output, people["doctor"])
    await station.wait_for(output, "on")
    await station.call("switch", "turn_off", output, people["doctor"])
    await station.wait_for(output, "off")
    await hass.config_entries.async_unload(entry.entry_id)


async def test_a_stream_that_the_station_refuses_is_an_error_of_the_gateway(
    station: Station, hass_client: ClientSessionGenerator
) -> None:
    station.sim.answer_wrongly("error", path="/api/camera", times=None, code=15)
    client = await hass_client()
    async with client.get(f"/api/camera_proxy_stream/{CAMERA}") as stream:
        assert stream.status == 502


async def test_a_door_without_a_camera_shows_no_visitor(
    hass: HomeAssistant, people: dict[str, User], simulator: TwoNSimulator
) -> None:
    entry = practice_entry(people, station_subentry(simulator, camera=False))
    await set_up(hass, entry)
    station = Station(hass, entry, simulator)
    await station.wait_for("binary_sensor.platine_connection", "on")
    simulator.press("%1")
    await station.wait_for("sensor.cabinet_ring", "ringing")
    assert station.state("image.entree_visitor") is None
    assert station.state(CAMERA) is None
    await hass.config_entries.async_unload(entry.entry_id)


async def test_a_door_that_is_taken_out_takes_its_device_along(
    station: Station,
) -> None:
    (subentry,) = station.entry.subentries.values()
    station.hass.config_entries.async_update_subentry(
        station.entry, subentry, data=dict(subentry.data) | {"doors": []}
    )
    await station.hass.async_block_till_done()
    await station.wait_for("binary_sensor.platine_connection", "on")
    names = {
        device.name
        for device in dr.async_entries_for_config_entry(
            dr.async_get(station.hass), station.entry.entry_id
        )
    }
    assert "Entrée" not in names
    assert "Platine" in names
    assert station.state("lock.entree") is None
