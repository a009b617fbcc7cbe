"""Doors that open by themselves, privacy of cameras, outputs without a role."""

from typing import Any, override

from homeassistant.components.switch import SwitchEntity, SwitchEntityDescription
from homeassistant.core import HomeAssistant
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback
from homeassistant.util import dt as dt_util

from .coordinator import CabinetSecureConfigEntry, PracticeCoordinator
from .entity import DoorEntity, EquipmentEntity
from .equipment import Camera, Equipment
from .equipment.two_n.station import TwoNStation
from .errors import translated
from .listeners import PRACTICE
from .people import async_actor
from .practice.auto_open.course import Bar, bar
from .practice.auto_open.events import AutoOpenSwitched
from .practice.cameras.events import PrivacyRequested

PARALLEL_UPDATES = 0

AUTO_OPEN = SwitchEntityDescription(key="auto_open", translation_key="auto_open")
PRIVACY = SwitchEntityDescription(key="privacy", translation_key="privacy")


async def async_setup_entry(
    hass: HomeAssistant,
    entry: CabinetSecureConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Set up doors that open by themselves, privacy of cameras, and free outputs."""
    coordinator = entry.runtime_data
    for subentry_id, equipment in coordinator.equipment.items():
        async_add_entities(
            (
                AutoOpenSwitch(coordinator, equipment, door, AUTO_OPEN)
                for door in equipment.doors
                if door.id in coordinator.config.auto_open
            ),
            config_subentry_id=subentry_id,
        )
        async_add_entities(
            (
                PrivacySwitch(coordinator, equipment, camera)
                for camera in equipment.cameras
            ),
            config_subentry_id=subentry_id,
        )
        if isinstance(equipment, TwoNStation):
            async_add_entities(
                (
                    OutputSwitch(coordinator, equipment, port)
                    for port in equipment.free_outputs
                ),
                config_subentry_id=subentry_id,
            )


class AutoOpenSwitch(DoorEntity, SwitchEntity):
    """Whether a door opens by itself in consultation hours. The practice decides."""

    @override
    async def async_added_to_hass(self) -> None:
        await super().async_added_to_hass()
        # What arms it is in the practice: its mode, its staff, an alarm.
        self.async_on_remove(
            self.coordinator.async_listen(PRACTICE, self.async_write_ha_state)
        )

    @property
    @override
    def is_on(self) -> bool:
        return self._bar not in (Bar.OFF, Bar.SUSPENDED)

    @property
    def _bar(self) -> Bar | None:
        coordinator = self.coordinator
        return bar(
            coordinator.config, coordinator.state, self._door.id, dt_util.utcnow()
        )

    @property
    @override
    def extra_state_attributes(self) -> dict[str, Any]:
        """Return whether the door would open now, what keeps it, and until when."""
        keeps = self._bar
        until = next(
            (
                suspension.until.isoformat()
                for suspension in self.coordinator.state.auto_open.suspended
                if suspension.door == self._door.id
            ),
            None,
        )
        return {
            "armed": keeps is None,
            "kept_by": keeps.value if keeps else None,
            "suspended_until": until,
        }

    @override
    async def async_turn_on(self, **kwargs: Any) -> None:
        await self._switch(on=True)

    @override
    async def async_turn_off(self, **kwargs: Any) -> None:
        await self._switch(on=False)

    async def _switch(self, *, on: bool) -> None:
        actor = await async_actor(self.hass, self._context)
        await self.coordinator.async_request(
            AutoOpenSwitched(actor=actor, door=self._door.id, on=on)
        )


class PrivacySwitch(EquipmentEntity, SwitchEntity):
    """Whether a camera is hidden from everybody. The practice decides."""

    def __init__(
        self, coordinator: PracticeCoordinator, equipment: Equipment, camera: Camera
    ) -> None:
        super().__init__(coordinator, equipment, PRIVACY)
        self._topic = camera.id
        self._camera = camera
        self._attr_unique_id = f"{camera.id}-{PRIVACY.key}"

    @property
    @override
    def available(self) -> bool:
        # What is hidden stays so whether or not the camera answers.
        return True

    @property
    @override
    def is_on(self) -> bool:
        return self.coordinator.cameras.is_hidden(self._camera.id)

    @property
    @override
    def extra_state_attributes(self) -> dict[str, Any]:
        privacy = self.coordinator.state.cameras.privacy_of(self._camera.id)
        return {
            "privacy_reason": privacy.reason,
            "by": privacy.chosen_by.name if privacy.chosen_by else None,
        }

    @override
    async def async_turn_on(self, **kwargs: Any) -> None:
        await self._choose(private=True)

    @override
    async def async_turn_off(self, **kwargs: Any) -> None:
        await self._choose(private=False)

    async def _choose(self, *, private: bool) -> None:
        actor = await async_actor(self.hass, self._context)
        await self.coordinator.async_request(
            PrivacyRequested(actor=actor, camera=self._camera.id, private=private)
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
