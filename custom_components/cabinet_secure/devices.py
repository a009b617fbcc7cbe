"""The devices of a practice in Home Assistant's registry."""

from collections.abc import Mapping
from functools import partial

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers import device_registry as dr

from .const import DOMAIN, MANUFACTURER
from .coordinator import PracticeCoordinator
from .equipment import Equipment, Part


@callback
def async_register_devices(
    hass: HomeAssistant, entry: ConfigEntry, equipment: Mapping[str, Equipment]
) -> dict[str, str]:
    """Register all devices, each after the one it is reached through.

    Returns their registry identifiers by our own. Devices of doors and parts that
    there are no more are removed.
    """
    registry = dr.async_get(hass)
    practice = registry.async_get_or_create(
        config_entry_id=entry.entry_id,
        identifiers={(DOMAIN, entry.entry_id)},
        name=entry.title,
        manufacturer=MANUFACTURER,
        entry_type=dr.DeviceEntryType.SERVICE,
    )
    devices = {entry.entry_id: practice.id}
    for subentry_id, each in equipment.items():
        devices[each.id] = registry.async_get_or_create(
            config_entry_id=entry.entry_id,
            config_subentry_id=subentry_id,
            identifiers={(DOMAIN, each.id)},
            name=each.name,
            manufacturer=each.manufacturer or MANUFACTURER,
            model=each.model,
            serial_number=each.serial_number,
            sw_version=each.firmware,
            configuration_url=each.address,
            via_device_id=practice.id,
        ).id
        parts: list[Part] = [*each.doors, *each.panic_buttons, *each.sirens]
        for part in parts:
            if part.id == each.id:
                # The equipment is this one thing, and one device to people.
                continue
            devices[part.id] = registry.async_get_or_create(
                config_entry_id=entry.entry_id,
                config_subentry_id=subentry_id,
                identifiers={(DOMAIN, part.id)},
                manufacturer=MANUFACTURER,
                via_device_id=devices[each.id],
                **(
                    {"name": part.name}
                    if part.kind is None
                    else {
                        "translation_key": part.kind,
                        "translation_placeholders": part.words,
                    }
                ),
            ).id
    for device in dr.async_entries_for_config_entry(registry, entry.entry_id):
        if device.id not in devices.values():
            registry.async_remove_device(device.id)
    return devices


@callback
def async_follow_devices(coordinator: PracticeCoordinator) -> None:
    """Take into the registry what equipment tells of itself once it answers."""
    registry = dr.async_get(coordinator.hass)

    def update(equipment: Equipment) -> None:
        registry.async_update_device(
            coordinator.devices[equipment.id],
            model=equipment.model,
            sw_version=equipment.firmware,
        )

    for equipment in coordinator.equipment.values():
        coordinator.entry.async_on_unload(
            coordinator.async_listen(equipment.id, partial(update, equipment))
        )
