"""What happens at doors and panic buttons, and calls for help, as event entities."""

from datetime import datetime
from typing import Any, override

from homeassistant.components.event import (
    DoorbellEventType,
    EventDeviceClass,
    EventEntity,
    EventEntityDescription,
)
from homeassistant.const import EntityCategory
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from .coordinator import CabinetSecureConfigEntry, PracticeCoordinator
from .entity import (
    CabinetSecureEntity,
    DoorEntity,
    PracticeEntity,
    actor_attributes,
    device_link,
)
from .equipment import Equipment, PanicButton
from .listeners import PRACTICE
from .practice.effects import (
    AnnounceBell,
    AnnounceDoor,
    AnnouncePanicPress,
    DoorEventKind,
    Effect,
)
from .practice.panic.effects import AnnouncePanic, PanicEvent
from .practice.panic.state import PanicKind

PARALLEL_UPDATES = 0

PRESSED = "pressed"
# A panic that is heard late still alerts staff; it says so (DOMAIN: *Panic*).
PRESSED_LATE = "pressed_late"

BELL = EventEntityDescription(
    key="doorbell",
    translation_key="doorbell",
    device_class=EventDeviceClass.DOORBELL,
    event_types=[DoorbellEventType.RING],
)
ACCESS = EventEntityDescription(
    key="access",
    translation_key="access",
    event_types=[kind.value for kind in DoorEventKind],
)
PRESS = EventEntityDescription(
    key="panic",
    translation_key="panic_button",
    device_class=EventDeviceClass.BUTTON,
    event_types=[PRESSED, PRESSED_LATE],
    # Kept off the dashboards that Home Assistant makes by itself: whoever threatens
    # may look at one.
    entity_category=EntityCategory.DIAGNOSTIC,
)
PANIC = EventEntityDescription(
    key="panic",
    translation_key="panic",
    event_types=[kind.value for kind in PanicKind],
)


async def async_setup_entry(
    hass: HomeAssistant,
    entry: CabinetSecureConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Set up the events of every door and panic button."""
    coordinator = entry.runtime_data
    async_add_entities([PanicRaised(coordinator, PANIC)])
    for subentry_id, equipment in coordinator.equipment.items():
        entities: list[EventEntity] = []
        for door in equipment.doors:
            entities += [
                Doorbell(coordinator, equipment, door, BELL),
                Access(coordinator, equipment, door, ACCESS),
            ]
        entities += [
            PanicButtonEvent(coordinator, equipment, button)
            for button in equipment.panic_buttons
        ]
        async_add_entities(entities, config_subentry_id=subentry_id)


class Doorbell(DoorEntity, EventEntity):
    """Somebody rings at a door."""

    @override
    async def async_added_to_hass(self) -> None:
        await super().async_added_to_hass()
        self.async_on_remove(
            self.coordinator.async_on_announcement(self._door.id, self._announced)
        )

    @callback
    def _announced(self, effect: Effect) -> None:
        if isinstance(effect, AnnounceBell):
            self._trigger_event(DoorbellEventType.RING)
            self.async_write_ha_state()


class Access(DoorEntity, EventEntity):
    """Who came in, who did not, and what the door itself reports."""

    # Who it was is in the register, for as long as that is allowed, and in no history.
    _unrecorded_attributes = frozenset({"by", "by_kind"})

    @override
    async def async_added_to_hass(self) -> None:
        await super().async_added_to_hass()
        self.async_on_remove(
            self.coordinator.async_on_announcement(self._door.id, self._announced)
        )

    @callback
    def _announced(self, effect: Effect) -> None:
        if isinstance(effect, AnnounceDoor):
            self._trigger_event(effect.kind, door_attributes(effect))
            self.async_write_ha_state()


class PanicButtonEvent(CabinetSecureEntity, EventEntity):
    """A press on a panic button."""

    def __init__(
        self,
        coordinator: PracticeCoordinator,
        equipment: Equipment,
        button: PanicButton,
    ) -> None:
        super().__init__(coordinator)
        self.entity_description = PRESS
        self._topic = equipment.id
        self._equipment = equipment
        self._button = button
        self._attr_unique_id = f"{button.id}-{PRESS.key}"
        self._attr_device_info = device_link(button.id)

    @property
    @override
    def available(self) -> bool:
        return self._equipment.available

    @override
    async def async_added_to_hass(self) -> None:
        await super().async_added_to_hass()
        self.async_on_remove(
            self.coordinator.async_on_announcement(self._button.id, self._announced)
        )

    @callback
    def _announced(self, effect: Effect) -> None:
        if isinstance(effect, AnnouncePanicPress):
            self._trigger_event(PRESSED_LATE if effect.late else PRESSED)
            self.async_write_ha_state()


class PanicRaised(PracticeEntity, EventEntity):
    """Somebody calls for help, as far as a dashboard may tell."""

    @override
    async def async_added_to_hass(self) -> None:
        await super().async_added_to_hass()
        self.async_on_remove(
            self.coordinator.async_on_announcement(PRACTICE, self._announced)
        )

    @callback
    def _announced(self, effect: Effect) -> None:
        if (
            isinstance(effect, AnnouncePanic)
            and effect.event is PanicEvent.RAISED
            and self.coordinator.config.panic.is_shown(effect.panic)
        ):
            panic = effect.panic
            self._trigger_event(
                panic.kind,
                actor_attributes(effect.by) | {"location": panic.location},
            )
            self.async_write_ha_state()


def door_attributes(effect: AnnounceDoor) -> dict[str, Any]:
    """Return what is told of something that happened at a door."""
    told: dict[str, str | bool | datetime | None] = {
        "method": effect.method,
        "reason": effect.reason,
        "ring": effect.ring,
        "device_time": effect.device_time.isoformat() if effect.device_time else None,
        "late": effect.late or None,
    }
    return actor_attributes(effect.by) | {
        name: value for name, value in told.items() if value is not None
    }
