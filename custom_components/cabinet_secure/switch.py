"""Outputs of a door station that have no role in the practice."""

from typing import Any, override

from homeassistant.components.switch import SwitchEntity, SwitchEntityDescription
from homeassistant.core import HomeAssistant
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from .coordinator import CabinetSecureConfigEntry, PracticeCoordinator
from .entity import EquipmentEntity
from .equipment.two_n.station import TwoNStation
from .errors import translated

PARALLEL_UPDATES = 0


async def async_setup_entry(
    hass: HomeAssistant,
    entry: CabinetSecureConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Set up the free outputs of every door station."""
    coordinator = entry.runtime_data
    for subentry_id, equipment in coordinator.equipment.items():
        if isinstance(equipment, TwoNStation):
            async_add_entities(
                (
                    OutputSwitch(coordinator, equipment, port)
                    for port in equipment.free_outputs
                ),
                config_subentry_id=subentry_id,
            )


class OutputSwitch(EquipmentEntity, SwitchEntity):
    """An output of a door station. Those that drive a door are not among them."""

    _attr_entity_registry_enabled_default = False

    def __init__(
        self, coordinator: PracticeCoordinator, station: TwoNStation, port: str
    ) -> None:
        super().__init__(
            coordinator,
            station,
            SwitchEntityDescription(key=port, translation_key="output"),
        )
        self._attr_translation_placeholders = {"port": port}
        self._station = station
        self._port = port

    @property
    @override
    def is_on(self) -> bool | None:
        return self._station.ports.get(self._port)

    @override
    async def async_turn_on(self, **kwargs: Any) -> None:
        with translated():
            await self._station.set_output(self._port, on=True)

    @override
    async def async_turn_off(self, **kwargs: Any) -> None:
        with translated():
            await self._station.set_output(self._port, on=False)
