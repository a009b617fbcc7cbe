"""Buttons of the demonstration: ring, open the door by hand, press the panic button."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import override

from homeassistant.components.button import ButtonEntity, ButtonEntityDescription
from homeassistant.core import HomeAssistant
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from .coordinator import CabinetSecureConfigEntry, PracticeCoordinator
from .entity import EquipmentEntity
from .equipment.demo import Demonstration

PARALLEL_UPDATES = 0


@dataclass(frozen=True, kw_only=True)
class DemoButtonDescription(ButtonEntityDescription):
    """Something that a person does in a demonstration."""

    press: Callable[[Demonstration], None]


DEMO_BUTTONS = (
    DemoButtonDescription(
        key="ring", translation_key="demo_ring", press=lambda demo: demo.ring()
    ),
    DemoButtonDescription(
        key="push", translation_key="demo_push", press=lambda demo: demo.push_door()
    ),
    DemoButtonDescription(
        key="panic", translation_key="demo_panic", press=lambda demo: demo.press_panic()
    ),
)


async def async_setup_entry(
    hass: HomeAssistant,
    entry: CabinetSecureConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Set up the buttons of the demonstration."""
    coordinator = entry.runtime_data
    for subentry_id, equipment in coordinator.equipment.items():
        if isinstance(equipment, Demonstration):
            async_add_entities(
                (
                    DemoButton(coordinator, equipment, description)
                    for description in DEMO_BUTTONS
                ),
                config_subentry_id=subentry_id,
            )


class DemoButton(EquipmentEntity, ButtonEntity):
    """A button that does what a visitor or a member of staff would do."""

    entity_description: DemoButtonDescription

    def __init__(
        self,
        coordinator: PracticeCoordinator,
        demo: Demonstration,
        description: DemoButtonDescription,
    ) -> None:
        super().__init__(coordinator, demo, description)
        self._demo = demo

    @override
    async def async_press(self) -> None:
        self.entity_description.press(self._demo)
