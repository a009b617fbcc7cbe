"""A camera entity that shows nothing of what it sees while its privacy is on.

Every way to look leads through here: a picture, a stream of pictures, a stream for the
browser or for a recording, a connection from browser to camera. Each is refused while
the camera is hidden, and ended when it becomes so.
"""

from abc import abstractmethod
import asyncio
from typing import Any, override

from aiohttp import web
from homeassistant.components.camera import (
    Camera as CameraEntity,
    CameraEntityDescription,
)
from homeassistant.components.camera.const import CameraEntityFeature
from homeassistant.components.camera.prefs import DynamicStreamSettings
from homeassistant.components.stream import Stream
from homeassistant.core import callback

from .const import CONF_LANGUAGE
from .coordinator import PracticeCoordinator
from .entity import EquipmentEntity
from .equipment import Camera, Equipment
from .practice.cameras.events import CameraViewed, ViewingMeans
from .veil import draw_veil
from .viewer import async_viewer


class PrivateCamera(EquipmentEntity, CameraEntity):
    """What is common to the cameras of all equipment."""

    _attr_is_streaming = False
    # What it can do while it is not hidden.
    _features = CameraEntityFeature(0)

    def __init__(
        self,
        coordinator: PracticeCoordinator,
        equipment: Equipment,
        camera: Camera,
        description: CameraEntityDescription,
    ) -> None:
        EquipmentEntity.__init__(self, coordinator, equipment, description)
        CameraEntity.__init__(self)
        self._camera = camera
        # The streams of pictures that are running.
        self._showing: set[asyncio.Task[web.StreamResponse | None]] = set()

    def hides(self) -> bool:
        """Whether nobody may see anything."""
        return self.coordinator.cameras.is_hidden(self._camera.id)

    @property
    @override
    def extra_state_attributes(self) -> dict[str, Any]:
        privacy = self.coordinator.state.cameras.privacy_of(self._camera.id)
        return {
            "zone": self._camera.config.zone.value,
            "privacy": self.hides(),
            "privacy_reason": privacy.reason,
        }

    @override
    async def async_added_to_hass(self) -> None:
        await super().async_added_to_hass()
        self.async_on_remove(
            self.coordinator.async_listen(self._camera.id, self._privacy_changed)
        )
        self.show_features()

    @override
    async def async_will_remove_from_hass(self) -> None:
        await self.end_streams()
        await super().async_will_remove_from_hass()

    # --- pictures --------------------------------------------------------------------

    @override
    async def async_camera_image(
        self, width: int | None = None, height: int | None = None
    ) -> bytes | None:
        if not self.hides():
            self.viewed(ViewingMeans.PICTURE)
            picture = await self._picture(width, height)
            if not self.hides():
                return picture
        return await self.hass.async_add_executor_job(
            draw_veil, self.coordinator.entry.data[CONF_LANGUAGE], width, height
        )

    @abstractmethod
    async def _picture(self, width: int | None, height: int | None) -> bytes | None:
        """Return what the camera sees now, or None where it fails."""

    @override
    async def handle_async_mjpeg_stream(
        self, request: web.Request
    ) -> web.StreamResponse | None:
        if self.hides():
            return await super().handle_async_mjpeg_stream(request)
        self.viewed(ViewingMeans.LIVE)
        showing = self.coordinator.entry.async_create_background_task(
            self.hass, self._live(request), f"live view of {self.entity_id}"
        )
        self._showing.add(showing)
        try:
            return await showing
        except asyncio.CancelledError:
            if not self._was_ended(showing):
                raise
            if request.transport is not None:
                request.transport.close()
            raise ConnectionResetError from None
        finally:
            self._showing.discard(showing)

    async def _live(self, request: web.Request) -> web.StreamResponse | None:
        """Answer with a running stream of pictures."""
        return await super().handle_async_mjpeg_stream(request)

    def _was_ended(self, showing: asyncio.Task[web.StreamResponse | None]) -> bool:
        """Whether the view was ended by privacy, rather than by who looked."""
        task = asyncio.current_task()
        return showing.cancelled() and (task is None or not task.cancelling())

    # --- streams ---------------------------------------------------------------------

    @override
    async def async_create_stream(self) -> Stream | None:
        if (stream := await self.async_open_stream()) is not None:
            self.viewed(ViewingMeans.LIVE)
        return stream

    async def async_open_stream(self) -> Stream | None:
        """Return the stream, though nobody looks; None while it is hidden."""
        if self.hides():
            return None
        stream: Stream | None = await super().async_create_stream()
        if stream is None:
            return None
        if self.hides():
            await self._end_stream()
            return None
        return stream

    async def end_streams(self) -> None:
        """End whatever is running."""
        for showing in list(self._showing):
            showing.cancel()
        await self._end_stream()

    async def _end_stream(self) -> None:
        stream, self.stream = self.stream, None
        if stream is None:
            return
        # Whoever has it in hand already starts nothing with it any more, and it is
        # not kept running beforehand.
        stream.source = ""
        stream.dynamic_stream_settings = DynamicStreamSettings()
        for output in stream.outputs().values():
            await stream.remove_provider(output)
        await stream.stop()

    # --- privacy ---------------------------------------------------------------------

    @callback
    def viewed(self, means: ViewingMeans) -> None:
        """Let the practice know who looks."""
        self.coordinator.hear(
            CameraViewed(camera=self._camera.id, viewer=async_viewer(), means=means)
        )

    @callback
    def show_features(self) -> None:
        """Offer what can be had at the moment: of a hidden camera, only a picture."""
        self._attr_supported_features = (
            CameraEntityFeature(0) if self.hides() else self._features
        )
        self.async_write_ha_state()

    @callback
    def _privacy_changed(self) -> None:
        if self.hides():
            self.coordinator.entry.async_create_task(
                self.hass, self.end_streams(), f"end streams of {self.entity_id}"
            )
        self.show_features()
