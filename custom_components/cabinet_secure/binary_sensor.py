"""Contacts, tamper, connections and faults."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, override

from homeassistant.components.binary_sensor import (
    BinarySensorEntity,
    BinarySensorEntityDescription,
)
from homeassistant.components.binary_sensor.const import BinarySensorDeviceClass
from homeassistant.const import EntityCategory
from homeassistant.core import HomeAssistant
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from .coordinator import CabinetSecureConfigEntry, PracticeCoordinator
from .entity import DoorEntity, EquipmentEntity, PracticeEntity
from .equipment.two_n.station import TwoNStation
from .panic_announcements import panic_details
from .practice.events import Fault
from .practice.panic.state import Panic
from .practice.state import PracticeState

PARALLEL_UPDATES = 0

FAULT = BinarySensorEntityDescription(
    key="fault",
    translation_key="fault",
    device_class=BinarySensorDeviceClass.PROBLEM,
    entity_category=EntityCategory.DIAGNOSTIC,
)
PANIC = BinarySensorEntityDescription(
    key="panic", translation_key="panic", device_class=BinarySensorDeviceClass.SAFETY
)
CONTACT = BinarySensorEntityDescription(
    key="contact", translation_key="contact", device_class=BinarySensorDeviceClass.DOOR
)
TAMPER = BinarySensorEntityDescription(
    key="tamper",
    translation_key="tamper",
    device_class=BinarySensorDeviceClass.TAMPER,
    entity_category=EntityCategory.DIAGNOSTIC,
)


@dataclass(frozen=True, kw_only=True)
class StationSensorDescription(BinarySensorEntityDescription):
    """What a door station tells of itself."""

    value: Callable[[TwoNStation], bool | None]
    # Whether it has something to say while the station does not answer.
    always_available: bool = False


STATION_SENSORS = (
    StationSensorDescription(
        key="connection",
        translation_key="connection",
        device_class=BinarySensorDeviceClass.CONNECTIVITY,
        entity_category=EntityCategory.DIAGNOSTIC,
        value=lambda station: station.available,
        always_available=True,
    ),
    StationSensorDescription(
        key="phone",
        translation_key="phone",
        device_class=BinarySensorDeviceClass.CONNECTIVITY,
        entity_category=EntityCategory.DIAGNOSTIC,
        value=lambda station: station.registered,
    ),
)


async def async_setup_entry(
    hass: HomeAssistant,
    entry: CabinetSecureConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Set up what is on or off."""
    coordinator = entry.runtime_data
    async_add_entities(
        [FaultSensor(coordinator, FAULT), PanicSensor(coordinator, PANIC)]
    )
    for subentry_id, equipment in coordinator.equipment.items():
        entities: list[BinarySensorEntity] = []
        for door in equipment.doors:
            if door.has_contact:
                entities.append(ContactSensor(coordinator, equipment, door, CONTACT))
            entities.append(TamperSensor(coordinator, equipment, door, TAMPER))
        if isinstance(equipment, TwoNStation):
            entities += [
                StationSensor(coordinator, equipment, description)
                for description in STATION_SENSORS
            ]
            entities += [
                InputSensor(coordinator, equipment, port)
                for port in equipment.free_inputs
            ]
        async_add_entities(entities, config_subentry_id=subentry_id)


class FaultSensor(PracticeEntity, BinarySensorEntity):
    """Whether any equipment of the practice is away, or says that something is wrong."""

    @property
    @override
    def is_on(self) -> bool:
        return bool(_faults(self.coordinator.state))

    @property
    @override
    def extra_state_attributes(self) -> dict[str, Any]:
        coordinator = self.coordinator
        names = coordinator.names
        return {
            "faults": [
                {
                    "equipment": names.get(part) or coordinator.name_of(part),
                    "fault": fault,
                }
                for part, fault in _faults(coordinator.state)
            ]
        }


def _faults(state: PracticeState) -> list[tuple[str, str]]:
    return (
        [(loss.equipment, "lost") for loss in state.losses if loss.announced]
        + [(loss.sensor, "lost") for loss in state.intrusion.losses if loss.announced]
        + [(fault.equipment, fault.fault) for fault in state.faults]
    )


class PanicSensor(PracticeEntity, BinarySensorEntity):
    """Whether somebody called for help, as far as a dashboard may tell."""

    @property
    @override
    def is_on(self) -> bool:
        return bool(self._shown)

    @property
    @override
    def extra_state_attributes(self) -> dict[str, Any]:
        return {"panics": [panic_details(panic) for panic in self._shown]}

    @property
    def _shown(self) -> list[Panic]:
        config = self.coordinator.config.panic
        return [p for p in self.coordinator.state.panic.open if config.is_shown(p)]


class ContactSensor(DoorEntity, BinarySensorEntity):
    """Whether the door stands open."""

    @property
    @override
    def is_on(self) -> bool | None:
        return self.coordinator.state.door(self._door.id).contact_open


class TamperSensor(DoorEntity, BinarySensorEntity):
    """Whether somebody opened the housing of what drives the door."""

    @property
    @override
    def is_on(self) -> bool:
        return any(
            fault.equipment == self._equipment.id and fault.fault == Fault.TAMPER
            for fault in self.coordinator.state.faults
        )


class StationSensor(EquipmentEntity, BinarySensorEntity):
    """What a door station tells of itself."""

    entity_description: StationSensorDescription

    def __init__(
        self,
        coordinator: PracticeCoordinator,
        station: TwoNStation,
        description: StationSensorDescription,
    ) -> None:
        super().__init__(coordinator, station, description)
        self._station = station

    @property
    @override
    def available(self) -> bool:
        return self.entity_description.always_available or super().available

    @property
    @override
    def is_on(self) -> bool | None:
        return self.entity_description.value(self._station)


class InputSensor(EquipmentEntity, BinarySensorEntity):
    """An input of a door station that has no role in the practice."""

    _attr_entity_registry_enabled_default = False

    def __init__(
        self, coordinator: PracticeCoordinator, station: TwoNStation, port: str
    ) -> None:
        super().__init__(
            coordinator,
            station,
            BinarySensorEntityDescription(key=port, translation_key="input"),
        )
        self._attr_translation_placeholders = {"port": port}
        self._station = station
        self._port = port

    @property
    @override
    def is_on(self) -> bool | None:
        return self._station.ports.get(self._port)
