"""Privacy of cameras, and outputs of a door station that have no role."""

from typing import Any, override

from homeassistant.components.switch import SwitchEntity, SwitchEntityDescription
from homeassistant.core import HomeAssistant
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from .coordinator import CabinetSecureConfigEntry, PracticeCoordinator
from .entity import EquipmentEntity
from .equipment import Camera, Equipment
from .equipment.two_n.station import TwoNStation
from .errors import translated
from .people import async_actor
from .practice.cameras.events import PrivacyRequested

PARALLEL_UPDATES = 0

PRIVACY = SwitchEntityDescription(key="privacy", translation_key="privacy")


async def async_setup_entry(
    hass: HomeAssistant,
    entry: CabinetSecureConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Set up the privacy of every camera and the free outputs of door stations."""
    coordinator = entry.runtime_data
    for subentry_id, equipment in coordinator.equipment.items():
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
