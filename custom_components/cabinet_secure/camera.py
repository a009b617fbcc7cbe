"""Cameras of the equipment."""

import asyncio
from typing import override

from aiohttp import web
from homeassistant.components.camera import CameraEntityDescription
from homeassistant.core import HomeAssistant
from homeassistant.helpers.aiohttp_client import async_aiohttp_proxy_web
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from .adopted_camera import AdoptedCameraEntity
from .coordinator import CabinetSecureConfigEntry, PracticeCoordinator
from .equipment import Camera, Equipment, EquipmentError
from .equipment.adopted.camera import AdoptedCamera
from .private_camera import PrivateCamera

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
            (_entity(coordinator, equipment, camera) for camera in equipment.cameras),
            config_subentry_id=subentry_id,
        )


def _entity(
    coordinator: PracticeCoordinator, equipment: Equipment, camera: Camera
) -> PrivateCamera:
    if isinstance(camera, AdoptedCamera):
        return AdoptedCameraEntity(coordinator, equipment, camera, CAMERA)
    return EquipmentCamera(coordinator, equipment, camera, CAMERA)


class EquipmentCamera(PrivateCamera):
    """A camera that is equipment itself; it has no sound (DOMAIN: *Cameras*)."""

    @override
    async def _picture(self, width: int | None, height: int | None) -> bytes | None:
        try:
            return await self._camera.snapshot(width, height)
        except EquipmentError:
            return None

    @override
    async def _live(self, request: web.Request) -> web.StreamResponse | None:
        try:
            stream = await self._camera.mjpeg()
        except EquipmentError as err:
            raise web.HTTPBadGateway from err
        if stream is None:
            return await super()._live(request)
        return await async_aiohttp_proxy_web(
            self.hass, request, asyncio.sleep(0, stream)
        )
