"""The visitor at a door, seen for as long as the ring lasts."""

from datetime import datetime
from typing import override

from homeassistant.components.image import ImageEntity, ImageEntityDescription
from homeassistant.core import HomeAssistant
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from .coordinator import CabinetSecureConfigEntry, PracticeCoordinator
from .entity import DoorEntity
from .equipment import Door, Equipment

PARALLEL_UPDATES = 0

VISITOR = ImageEntityDescription(key="visitor", translation_key="visitor")


async def async_setup_entry(
    hass: HomeAssistant,
    entry: CabinetSecureConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Set up the visitor of every door that has a camera."""
    coordinator = entry.runtime_data
    for subentry_id, equipment in coordinator.equipment.items():
        async_add_entities(
            (
                VisitorImage(hass, coordinator, equipment, door)
                for door in equipment.doors
                if door.camera is not None
            ),
            config_subentry_id=subentry_id,
        )


class VisitorImage(DoorEntity, ImageEntity):
    """The picture lives in memory only (DOMAIN: *Cameras and privacy*)."""

    _attr_content_type = "image/jpeg"

    def __init__(
        self,
        hass: HomeAssistant,
        coordinator: PracticeCoordinator,
        equipment: Equipment,
        door: Door,
    ) -> None:
        DoorEntity.__init__(self, coordinator, equipment, door, VISITOR)
        ImageEntity.__init__(self, hass)
        self._visitor = coordinator.visitors[door.id]

    @property
    @override
    def image_last_updated(self) -> datetime | None:
        return self._visitor.taken_at

    @override
    async def async_image(self) -> bytes | None:
        camera = self._door.camera
        if camera is None or self.coordinator.cameras.is_hidden(camera.id):
            return None
        return await self._visitor.picture()
