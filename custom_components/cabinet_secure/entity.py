"""What the entities of each kind of device have in common."""

from typing import override

from homeassistant.helpers.device_registry import DeviceInfo
from homeassistant.helpers.entity import Entity, EntityDescription

from .const import DOMAIN
from .coordinator import PracticeCoordinator
from .equipment import Door, Equipment
from .listeners import PRACTICE
from .practice.people import Actor


class CabinetSecureEntity(Entity):
    """A view of the practice or of its equipment; it decides nothing."""

    _attr_has_entity_name = True
    _attr_should_poll = False

    # What the entity shows changes when the coordinator tells of this topic.
    _topic: str

    def __init__(self, coordinator: PracticeCoordinator) -> None:
        self.coordinator = coordinator

    @override
    async def async_added_to_hass(self) -> None:
        await super().async_added_to_hass()
        self.async_on_remove(
            self.coordinator.async_listen(self._topic, self.async_write_ha_state)
        )


class PracticeEntity(CabinetSecureEntity):
    """An entity of the practice itself."""

    _topic = PRACTICE

    def __init__(
        self, coordinator: PracticeCoordinator, description: EntityDescription
    ) -> None:
        super().__init__(coordinator)
        self.entity_description = description
        entry = coordinator.entry
        self._attr_unique_id = f"{entry.entry_id}-{description.key}"
        self._attr_device_info = device_link(entry.entry_id)


class EquipmentEntity(CabinetSecureEntity):
    """An entity of one equipment: a door station, the demonstration."""

    def __init__(
        self,
        coordinator: PracticeCoordinator,
        equipment: Equipment,
        description: EntityDescription,
    ) -> None:
        super().__init__(coordinator)
        self.entity_description = description
        self._topic = equipment.id
        self._attr_unique_id = f"{equipment.id}-{description.key}"
        self._attr_device_info = device_link(equipment.id)
        self._equipment = equipment

    @property
    @override
    def available(self) -> bool:
        return self._equipment.available


class DoorEntity(CabinetSecureEntity):
    """An entity of a door."""

    def __init__(
        self,
        coordinator: PracticeCoordinator,
        equipment: Equipment,
        door: Door,
        description: EntityDescription,
    ) -> None:
        super().__init__(coordinator)
        self.entity_description = description
        self._topic = door.id
        self._equipment = equipment
        self._door = door
        self._attr_unique_id = f"{door.id}-{description.key}"
        self._attr_device_info = device_link(door.id)

    @override
    async def async_added_to_hass(self) -> None:
        await super().async_added_to_hass()
        self.async_on_remove(
            self.coordinator.async_listen(self._equipment.id, self.async_write_ha_state)
        )

    @property
    @override
    def available(self) -> bool:
        return self._equipment.available


def device_link(identifier: str) -> DeviceInfo:
    """Return the link to a device that `devices` has registered."""
    return DeviceInfo(identifiers={(DOMAIN, identifier)})


def actor_attributes(actor: Actor | None) -> dict[str, str]:
    """Return how entities and triggers show who acted."""
    if actor is None:
        return {}
    return {"by": actor.name, "by_kind": actor.kind}
