"""The view through a camera that another integration has."""

from typing import override

from aiohttp import web
from homeassistant.components.camera import (
    Camera as CameraEntity,
    CameraEntityDescription,
    async_get_mjpeg_stream,
)
from homeassistant.components.camera.const import CameraEntityFeature, StreamType
from homeassistant.components.camera.helper import get_camera_from_entity_id
from homeassistant.components.camera.webrtc import (
    WebRTCClientConfiguration,
    WebRTCError,
    WebRTCSendMessage,
)
from homeassistant.core import callback
from homeassistant.exceptions import HomeAssistantError
from webrtc_models import RTCIceCandidateInit

from .const import DOMAIN
from .coordinator import PracticeCoordinator
from .equipment import Equipment, EquipmentError
from .equipment.adopted.camera import AdoptedCamera
from .practice.cameras.events import ViewingMeans
from .private_camera import PrivateCamera


class AdoptedCameraEntity(PrivateCamera):
    """Shows what the source shows: its picture, its stream, and its WebRTC."""

    # The device itself.
    _attr_name = None
    _camera: AdoptedCamera

    def __init__(
        self,
        coordinator: PracticeCoordinator,
        equipment: Equipment,
        camera: AdoptedCamera,
        description: CameraEntityDescription,
    ) -> None:
        super().__init__(coordinator, equipment, camera, description)
        # Home Assistant takes the methods below for WebRTC of the source's own; whether
        # it has that is known once it is there.
        self._supports_native_async_webrtc = False
        # Who is to be told when a connection is ended.
        self._sessions: dict[str, WebRTCSendMessage] = {}

    # --- what the source can ----------------------------------------------------------

    @override
    async def async_added_to_hass(self) -> None:
        self._learn()
        await super().async_added_to_hass()
        self.async_on_remove(
            self.coordinator.async_listen(self._topic, self._source_changed)
        )
        self.coordinator.cameras.evidence.streams[self._camera.id] = (
            self.async_open_stream
        )

    @callback
    def _source_changed(self) -> None:
        had = self._features, self._supports_native_async_webrtc
        self._learn()
        self.show_features()
        if had != (self._features, self._supports_native_async_webrtc):
            self._invalidate_camera_capabilities_cache()
            self.coordinator.entry.async_create_task(
                self.hass,
                self.async_refresh_providers(),
                f"providers of {self.entity_id}",
            )

    def _learn(self) -> None:
        """Take in what the source can."""
        if (source := self._source()) is None:
            self._features = CameraEntityFeature(0)
            return
        self._features = source.supported_features & CameraEntityFeature.STREAM
        self._attr_frame_interval = source.frame_interval
        self.stream_options = dict(source.stream_options)
        # A source that has WebRTC by a provider, such as go2rtc, has HLS as well, and
        # the provider serves us too.
        self._supports_native_async_webrtc = (
            source.camera_capabilities.frontend_stream_types == {StreamType.WEB_RTC}
        )

    def _source(self) -> CameraEntity | None:
        if (entity_id := self._camera.entity_id) is None:
            return None
        try:
            source: CameraEntity = get_camera_from_entity_id(self.hass, entity_id)
        except HomeAssistantError:
            return None
        return source

    # --- pictures and streams ----------------------------------------------------------

    @override
    async def _picture(self, width: int | None, height: int | None) -> bytes | None:
        try:
            return await self._camera.snapshot(width, height)
        except EquipmentError:
            return None

    @override
    async def _live(self, request: web.Request) -> web.StreamResponse | None:
        if (entity_id := self._camera.entity_id) is None:
            raise web.HTTPBadGateway
        try:
            return await async_get_mjpeg_stream(self.hass, request, entity_id)
        except HomeAssistantError as err:
            raise web.HTTPBadGateway from err

    @override
    async def stream_source(self) -> str | None:
        return None if self.hides() else await self._camera.stream_source()

    # --- WebRTC ------------------------------------------------------------------------

    @override
    async def async_handle_async_webrtc_offer(
        self, offer_sdp: str, session_id: str, send_message: WebRTCSendMessage
    ) -> None:
        if self.hides():
            raise HomeAssistantError(
                translation_domain=DOMAIN, translation_key="camera_hidden"
            )
        self.viewed(ViewingMeans.LIVE)
        self._sessions[session_id] = send_message
        if (source := self._native()) is not None:
            await source.async_handle_async_webrtc_offer(
                offer_sdp, session_id, send_message
            )
        else:
            await super().async_handle_async_webrtc_offer(
                offer_sdp, session_id, send_message
            )
        if self.hides():
            # It was hidden while the connection was made.
            self._end_session(session_id, send_message)

    @override
    async def async_on_webrtc_candidate(
        self, session_id: str, candidate: RTCIceCandidateInit
    ) -> None:
        if session_id not in self._sessions:
            raise HomeAssistantError(
                translation_domain=DOMAIN, translation_key="camera_hidden"
            )
        if (source := self._native()) is not None:
            await source.async_on_webrtc_candidate(session_id, candidate)
        else:
            await super().async_on_webrtc_candidate(session_id, candidate)

    @callback
    @override
    def close_webrtc_session(self, session_id: str) -> None:
        self._sessions.pop(session_id, None)
        if (source := self._native()) is not None:
            source.close_webrtc_session(session_id)
        else:
            super().close_webrtc_session(session_id)

    @callback
    @override
    def _async_get_webrtc_client_configuration(self) -> WebRTCClientConfiguration:
        if (source := self._native()) is not None:
            return source.async_get_webrtc_client_configuration()
        return super()._async_get_webrtc_client_configuration()

    def _native(self) -> CameraEntity | None:
        """Return the source where it has WebRTC of its own."""
        return self._source() if self._supports_native_async_webrtc else None

    @override
    async def end_streams(self) -> None:
        for session_id, send_message in list(self._sessions.items()):
            self._end_session(session_id, send_message)
        await super().end_streams()

    @callback
    def _end_session(self, session_id: str, send_message: WebRTCSendMessage) -> None:
        self.close_webrtc_session(session_id)
        send_message(WebRTCError("camera_hidden", "The camera is hidden"))
