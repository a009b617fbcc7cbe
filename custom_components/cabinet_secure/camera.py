"""Cameras of the equipment."""

import asyncio
from typing import override

from aiohttp import web
from homeassistant.components.camera import (
    Camera as CameraEntity,
    CameraEntityDescription,
)
from homeassistant.core import HomeAssistant
from homeassistant.helpers.aiohttp_client import async_aiohttp_proxy_web
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from .coordinator import CabinetSecureConfigEntry, PracticeCoordinator
from .entity import EquipmentEntity
from .equipment import Camera, Equipment, EquipmentError

PARALLEL_UPDATES = 0

CAMERA = CameraEntityDescription(key="camera", translation_key="camera")


async def async_setup_entry(
    hass: HomeAssistant,
    entry: CabinetSecureConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Set up every camera."""
    coordinator = entry.runtime_data
    for subentry_id, equipment in coordinator.equipment.items():
        async_add_entities(
            (
                EquipmentCamera(coordinator, equipment, camera)
                for camera in equipment.cameras
            ),
            config_subentry_id=subentry_id,
        )


class EquipmentCamera(EquipmentEntity, CameraEntity):
    """A camera; it has no sound (DOMAIN: *Cameras and privacy*)."""

    _attr_is_streaming = False

    def __init__(
        self, coordinator: PracticeCoordinator, equipment: Equipment, camera: Camera
    ) -> None:
        EquipmentEntity.__init__(self, coordinator, equipment, CAMERA)
        CameraEntity.__init__(self)
        self._camera = camera

    @override
    async def async_camera_image(
        self, width: int | None = None, height: int | None = None
    ) -> bytes | None:
        try:
            return await self._camera.snapshot(width, height)
        except EquipmentError:
            return None

    @override
    async def handle_async_mjpeg_stream(
        self, request: web.Request
    ) -> web.StreamResponse | None:
        try:
            stream = await self._camera.mjpeg()
        except EquipmentError as err:
            raise web.HTTPBadGateway from err
        if stream is None:
            return await super().handle_async_mjpeg_stream(request)
        return await async_aiohttp_proxy_web(
            self.hass, request, asyncio.sleep(0, stream)
        )
