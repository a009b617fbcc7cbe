"""Sirens, one by one and all of them.

How long each may sound, and that it falls silent, is the practice's to decide
(`practice/sirens`): nothing that is turned on here stays on for longer.
"""

from datetime import timedelta
from typing import Any, override

from homeassistant.components.siren import SirenEntity, SirenEntityDescription
from homeassistant.components.siren.const import ATTR_DURATION, SirenEntityFeature
from homeassistant.core import HomeAssistant
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from .const import SIREN_SUFFIX
from .coordinator import CabinetSecureConfigEntry, PracticeCoordinator
from .entity import CabinetSecureEntity, PracticeEntity, device_link
from .equipment import Equipment, Siren
from .people import async_actor
from .practice.sirens.events import SilenceRequested, SoundRequested

PARALLEL_UPDATES = 0

SIREN = SirenEntityDescription(key="siren", translation_key="siren")
SIRENS = SirenEntityDescription(key="sirens", translation_key="sirens")


async def async_setup_entry(
    hass: HomeAssistant,
    entry: CabinetSecureConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Set up every siren, and one entity for all of them where there are any."""
    coordinator = entry.runtime_data
    if coordinator.config.sirens:
        async_add_entities([AllSirens(coordinator, SIRENS)])
    for subentry_id, equipment in coordinator.equipment.items():
        async_add_entities(
            (
                EquipmentSiren(coordinator, equipment, siren)
                for siren in equipment.sirens
            ),
            config_subentry_id=subentry_id,
        )


class _PracticeSiren(CabinetSecureEntity, SirenEntity):
    """A siren that falls silent by itself, whatever becomes of who turned it on."""

    _attr_supported_features = (
        SirenEntityFeature.TURN_ON
        | SirenEntityFeature.TURN_OFF
        | SirenEntityFeature.DURATION
    )
    # Our identifier; None means all.
    _siren_id: str | None = None

    @override
    async def async_turn_on(self, **kwargs: Any) -> None:
        duration = kwargs.get(ATTR_DURATION)
        await self.coordinator.async_request(
            SoundRequested(
                actor=await async_actor(self.hass, self._context),
                siren=self._siren_id,
                duration=None if duration is None else timedelta(seconds=duration),
            )
        )

    @override
    async def async_turn_off(self, **kwargs: Any) -> None:
        await self.coordinator.async_request(
            SilenceRequested(
                actor=await async_actor(self.hass, self._context), siren=self._siren_id
            )
        )


class EquipmentSiren(_PracticeSiren):
    """One siren."""

    # The device itself.
    _attr_name = None

    def __init__(
        self, coordinator: PracticeCoordinator, equipment: Equipment, siren: Siren
    ) -> None:
        super().__init__(coordinator)
        self.entity_description = SIREN
        self._topic = equipment.id
        self._equipment = equipment
        self._siren = siren
        self._siren_id = siren.id
        self._attr_unique_id = f"{siren.id}{SIREN_SUFFIX}"
        self._attr_device_info = device_link(siren.id)

    @property
    @override
    def available(self) -> bool:
        return self._equipment.available

    @property
    @override
    def is_on(self) -> bool | None:
        return self._siren.sounding


class AllSirens(PracticeEntity, _PracticeSiren):
    """All sirens of the practice."""

    @property
    @override
    def is_on(self) -> bool:
        return any(siren.sounding for siren in self.coordinator.state.sirens)
