"""The mode of the practice, for a person to choose."""

from typing import override

from homeassistant.components.select import SelectEntity, SelectEntityDescription
from homeassistant.core import HomeAssistant
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from .coordinator import CabinetSecureConfigEntry
from .entity import PracticeEntity
from .people import async_actor
from .practice.events import ModeChosen
from .practice.state import Mode

PARALLEL_UPDATES = 0

MODE = SelectEntityDescription(
    key="mode", translation_key="mode", options=[mode.value for mode in Mode]
)


async def async_setup_entry(
    hass: HomeAssistant,
    entry: CabinetSecureConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Set up the mode of the practice."""
    async_add_entities([ModeSelect(entry.runtime_data, MODE)])


class ModeSelect(PracticeEntity, SelectEntity):
    """The mode that the practice is in."""

    @property
    @override
    def current_option(self) -> str:
        return self.coordinator.state.mode

    @override
    async def async_select_option(self, option: str) -> None:
        actor = await async_actor(self.hass, self._context)
        await self.coordinator.async_request(ModeChosen(actor=actor, mode=Mode(option)))
