"""Buttons that call for help, and those of the demonstration."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import override

from homeassistant.components.button import ButtonEntity, ButtonEntityDescription
from homeassistant.core import HomeAssistant
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from .coordinator import CabinetSecureConfigEntry, PracticeCoordinator
from .entity import EquipmentEntity, PracticeEntity
from .equipment.demo import Demonstration
from .people import async_actor
from .practice.panic.events import RaisePanic
from .practice.panic.state import PanicKind

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


@dataclass(frozen=True, kw_only=True)
class HelpButtonDescription(ButtonEntityDescription):
    """A way to call for help."""

    kind: PanicKind


HELP_BUTTONS = (
    HelpButtonDescription(key="panic", translation_key="panic", kind=PanicKind.HOLD_UP),
    HelpButtonDescription(
        key="assistance", translation_key="assistance", kind=PanicKind.ASSISTANCE
    ),
    HelpButtonDescription(
        key="attack", translation_key="attack", kind=PanicKind.ATTACK
    ),
)


async def async_setup_entry(
    hass: HomeAssistant,
    entry: CabinetSecureConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Set up the buttons of the practice and of demonstrations."""
    coordinator = entry.runtime_data
    async_add_entities(
        HelpButton(coordinator, description) for description in HELP_BUTTONS
    )
    for subentry_id, equipment in coordinator.equipment.items():
        if isinstance(equipment, Demonstration):
            async_add_entities(
                (
                    DemoButton(coordinator, equipment, description)
                    for description in DEMO_BUTTONS
                ),
                config_subentry_id=subentry_id,
            )


class HelpButton(PracticeEntity, ButtonEntity):
    """A button that calls for help; all but assistance take a second press."""

    entity_description: HelpButtonDescription

    @override
    async def async_press(self) -> None:
        await self.coordinator.async_request(
            RaisePanic(
                actor=await async_actor(self.hass, self._context),
                kind=self.entity_description.kind,
            )
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
