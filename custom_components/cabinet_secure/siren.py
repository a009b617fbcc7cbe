"""Sirens, each with an end of its own.

DOMAIN, *Panic*: a siren outdoors sounds for at most 180 s. Nothing that is turned on
here stays on for longer, whatever becomes of whoever turned it on.
"""

from datetime import datetime
from typing import Any, override

from homeassistant.components.siren import SirenEntity, SirenEntityDescription
from homeassistant.components.siren.const import ATTR_DURATION, SirenEntityFeature
from homeassistant.core import CALLBACK_TYPE, HomeAssistant, callback
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback
from homeassistant.helpers.event import async_call_later

from .coordinator import CabinetSecureConfigEntry, PracticeCoordinator
from .entity import CabinetSecureEntity, device_link
from .equipment import Equipment, EquipmentError, Siren
from .errors import translated

PARALLEL_UPDATES = 0

LONGEST = 180
# A siren that could not be silenced is tried again.
RETRY_AFTER = 5

SIREN = SirenEntityDescription(key="siren", translation_key="siren")


async def async_setup_entry(
    hass: HomeAssistant,
    entry: CabinetSecureConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Set up every siren."""
    coordinator = entry.runtime_data
    for subentry_id, equipment in coordinator.equipment.items():
        async_add_entities(
            (
                EquipmentSiren(coordinator, equipment, siren)
                for siren in equipment.sirens
            ),
            config_subentry_id=subentry_id,
        )


class EquipmentSiren(CabinetSecureEntity, SirenEntity):
    """A siren that falls silent by itself after 180 s at the latest."""

    # The device itself.
    _attr_name = None
    _attr_supported_features = (
        SirenEntityFeature.TURN_ON
        | SirenEntityFeature.TURN_OFF
        | SirenEntityFeature.DURATION
    )

    def __init__(
        self, coordinator: PracticeCoordinator, equipment: Equipment, siren: Siren
    ) -> None:
        super().__init__(coordinator)
        self.entity_description = SIREN
        self._topic = equipment.id
        self._equipment = equipment
        self._siren = siren
        self._end: CALLBACK_TYPE | None = None
        self._attr_unique_id = f"{siren.id}-{SIREN.key}"
        self._attr_device_info = device_link(siren.id)

    @property
    @override
    def available(self) -> bool:
        return self._equipment.available

    @property
    @override
    def is_on(self) -> bool | None:
        return self._siren.sounding

    @override
    async def async_turn_on(self, **kwargs: Any) -> None:
        # Its end is arranged before it sounds.
        self._end_after(min(kwargs.get(ATTR_DURATION, LONGEST), LONGEST))
        with translated():
            await self._siren.sound()

    @override
    async def async_turn_off(self, **kwargs: Any) -> None:
        with translated():
            await self._siren.silence()
        self._forget_end()

    @override
    async def async_added_to_hass(self) -> None:
        await super().async_added_to_hass()
        # Found sounding, it was left so by somebody who is not there to end it.
        self._end_after(LONGEST)

    @override
    async def async_will_remove_from_hass(self) -> None:
        self._forget_end()
        if self._siren.sounding:
            with translated():
                await self._siren.silence()

    def _end_after(self, seconds: float) -> None:
        self._forget_end()
        self._end = async_call_later(self.hass, seconds, self._silence)

    @callback
    def _forget_end(self) -> None:
        if self._end is not None:
            self._end()
            self._end = None

    async def _silence(self, _now: datetime) -> None:
        self._end = None
        if self._siren.sounding is False:
            return
        try:
            await self._siren.silence()
        except EquipmentError:
            self._end_after(RETRY_AFTER)
