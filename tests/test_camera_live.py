"""The live view between browser and camera (WebRTC), hidden and shown."""

from typing import Any, override

from homeassistant.auth.models import User
from homeassistant.components.camera import Camera, async_register_webrtc_provider
from homeassistant.components.camera.const import CameraEntityFeature
from homeassistant.components.camera.webrtc import (
    CameraWebRTCProvider,
    WebRTCAnswer,
    WebRTCClientConfiguration,
    WebRTCSendMessage,
)
from homeassistant.config_entries import ConfigEntry, ConfigFlow
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback
from homeassistant.setup import async_setup_component
import pytest
from pytest_homeassistant_custom_component.common import (
    MockConfigEntry,
    MockModule,
    MockPlatform,
    mock_config_flow,
    mock_integration,
    mock_platform,
)
from pytest_homeassistant_custom_component.typing import WebSocketGenerator
from webrtc_models import RTCIceCandidateInit

from tests.cameras import CAMERA, PRIVACY, add_generic_camera, camera_subentry
from tests.practices import context_of, practice_entry, set_up
from tests.simulators.network_camera import NetworkCamera


class Provider(CameraWebRTCProvider):
    """Answers every offer, as go2rtc does."""

    def __init__(self) -> None:
        self.sessions: set[str] = set()
        self.candidates: list[str] = []

    @property
    @override
    def domain(self) -> str:
        return "provider"

    @callback
    @override
    def async_is_supported(self, stream_source: str) -> bool:
        return True

    @override
    async def async_handle_async_webrtc_offer(
        self,
        camera: Camera,
        offer_sdp: str,
        session_id: str,
        send_message: WebRTCSendMessage,
    ) -> None:
        self.sessions.add(session_id)
        send_message(WebRTCAnswer(answer=f"answer to {offer_sdp}"))

    @override
    async def async_on_webrtc_candidate(
        self, session_id: str, candidate: RTCIceCandidateInit
    ) -> None:
        self.candidates.append(session_id)

    @callback
    @override
    def async_close_session(self, session_id: str) -> None:
        self.sessions.discard(session_id)


class NativeCamera(Camera):
    """A camera with WebRTC of its own, as a maker's cloud has."""

    _attr_name = "Native"
    _attr_unique_id = "native"
    _attr_supported_features = CameraEntityFeature.STREAM

    def __init__(self) -> None:
        super().__init__()
        self.provider = Provider()

    @override
    async def async_handle_async_webrtc_offer(
        self, offer_sdp: str, session_id: str, send_message: WebRTCSendMessage
    ) -> None:
        await self.provider.async_handle_async_webrtc_offer(
            self, offer_sdp, session_id, send_message
        )

    @override
    async def async_on_webrtc_candidate(
        self, session_id: str, candidate: RTCIceCandidateInit
    ) -> None:
        await self.provider.async_on_webrtc_candidate(session_id, candidate)

    @callback
    @override
    def close_webrtc_session(self, session_id: str) -> None:
        self.provider.async_close_session(session_id)

    @callback
    @override
    def _async_get_webrtc_client_configuration(self) -> WebRTCClientConfiguration:
        return WebRTCClientConfiguration(data_channel="dataSendChannel")


async def add_native_camera(hass: HomeAssistant) -> NativeCamera:
    """Set up `camera.native`, of an integration of its own."""
    camera = NativeCamera()

    async def setup_entry(hass: HomeAssistant, entry: ConfigEntry) -> bool:
        await hass.config_entries.async_forward_entry_setups(entry, ["camera"])
        return True

    async def add_entities(
        hass: HomeAssistant, entry: ConfigEntry, add: AddConfigEntryEntitiesCallback
    ) -> None:
        add([camera])

    class Flow(ConfigFlow):
        """Never used."""

    mock_platform(hass, "maker.config_flow")
    mock_integration(hass, MockModule("maker", async_setup_entry=setup_entry))
    mock_platform(hass, "maker.camera", MockPlatform(async_setup_entry=add_entities))
    with mock_config_flow("maker", Flow):
        entry = MockConfigEntry(domain="maker")
        entry.add_to_hass(hass)
        assert await hass.config_entries.async_setup(entry.entry_id)
    await hass.async_block_till_done()
    return camera


async def hide(hass: HomeAssistant, user: User) -> None:
    await hass.services.async_call(
        "switch",
        "turn_on",
        {"entity_id": PRIVACY},
        blocking=True,
        context=context_of(user),
    )


async def walk_through(
    hass: HomeAssistant, user: User, provider: Provider, websocket: Any
) -> None:
    """Open a live view, hide the camera in the middle of it, and try again."""
    offer = {"type": "camera/webrtc/offer", "entity_id": CAMERA, "offer": "v=0"}
    await websocket.send_json_auto_id(offer)
    assert (await websocket.receive_json())["success"]
    session = (await websocket.receive_json())["event"]
    assert session["type"] == "session"
    assert (await websocket.receive_json())["event"] == {
        "type": "answer",
        "answer": "answer to v=0",
    }
    candidate = {
        "type": "camera/webrtc/candidate",
        "entity_id": CAMERA,
        "session_id": session["session_id"],
        "candidate": {"candidate": "candidate"},
    }
    await websocket.send_json_auto_id(candidate)
    assert (await websocket.receive_json())["success"]
    assert provider.candidates == [session["session_id"]]
    assert provider.sessions == {session["session_id"]}

    await hide(hass, user)
    assert provider.sessions == set()
    assert (await websocket.receive_json())["event"]["type"] == "error"
    for refused in (offer, candidate):
        await websocket.send_json_auto_id(refused)
        answer = await websocket.receive_json()
        assert not answer["success"]
    assert provider.sessions == set()


async def test_the_live_view_of_a_provider_ends_when_the_camera_is_hidden(
    hass: HomeAssistant,
    people: dict[str, User],
    socket_enabled: None,
    hass_ws_client: WebSocketGenerator,
) -> None:
    assert await async_setup_component(hass, "camera", {})
    provider = Provider()
    async_register_webrtc_provider(hass, provider)
    async with NetworkCamera() as network_camera:
        await add_generic_camera(hass, network_camera, stream=True)
        await set_up(hass, practice_entry(people, camera_subentry("camera.generic")))
        websocket = await hass_ws_client()
        await websocket.send_json_auto_id(
            {"type": "camera/capabilities", "entity_id": CAMERA}
        )
        answer = await websocket.receive_json()
        assert set(answer["result"]["frontend_stream_types"]) == {"hls", "web_rtc"}
        await walk_through(hass, people["doctor"], provider, websocket)


async def test_the_live_view_of_the_source_itself_ends_when_the_camera_is_hidden(
    hass: HomeAssistant,
    people: dict[str, User],
    socket_enabled: None,
    hass_ws_client: WebSocketGenerator,
) -> None:
    assert await async_setup_component(hass, "camera", {})
    source = await add_native_camera(hass)
    await set_up(hass, practice_entry(people, camera_subentry("camera.native")))
    websocket = await hass_ws_client()
    await websocket.send_json_auto_id(
        {"type": "camera/capabilities", "entity_id": CAMERA}
    )
    assert (await websocket.receive_json())["result"] == {
        "frontend_stream_types": ["web_rtc"]
    }
    await websocket.send_json_auto_id(
        {"type": "camera/webrtc/get_client_config", "entity_id": CAMERA}
    )
    answer = await websocket.receive_json()
    assert answer["result"]["dataChannel"] == "dataSendChannel"
    await walk_through(hass, people["doctor"], source.provider, websocket)


async def test_a_live_view_that_comes_about_after_all_is_ended(
    hass: HomeAssistant,
    people: dict[str, User],
    socket_enabled: None,
    hass_ws_client: WebSocketGenerator,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert await async_setup_component(hass, "camera", {})
    source = await add_native_camera(hass)
    await set_up(hass, practice_entry(people, camera_subentry("camera.native")))
    slow = Provider.async_handle_async_webrtc_offer

    async def hidden_meanwhile(*arguments: Any) -> None:
        await hide(hass, people["doctor"])
        await slow(*arguments)

    monkeypatch.setattr(Provider, "async_handle_async_webrtc_offer", hidden_meanwhile)
    websocket = await hass_ws_client()
    await websocket.send_json_auto_id(
        {"type": "camera/webrtc/offer", "entity_id": CAMERA, "offer": "v=0"}
    )
    for _ in range(4):
        answer = await websocket.receive_json()
    assert source.provider.sessions == set()
    assert answer["event"]["type"] in {"error", "answer"}


async def test_a_view_that_is_closed_by_the_viewer_is_closed_at_the_source(
    hass: HomeAssistant,
    people: dict[str, User],
    socket_enabled: None,
    hass_ws_client: WebSocketGenerator,
) -> None:
    assert await async_setup_component(hass, "camera", {})
    source = await add_native_camera(hass)
    await set_up(hass, practice_entry(people, camera_subentry("camera.native")))
    websocket = await hass_ws_client()
    await websocket.send_json_auto_id(
        {"type": "camera/webrtc/offer", "entity_id": CAMERA, "offer": "v=0"}
    )
    offered = (await websocket.receive_json())["id"]
    await websocket.receive_json()
    await websocket.receive_json()
    assert source.provider.sessions
    await websocket.send_json_auto_id(
        {"type": "unsubscribe_events", "subscription": offered}
    )
    await websocket.receive_json()
    assert source.provider.sessions == set()
