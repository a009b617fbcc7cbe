"""How the practices are, at a glance, for Home Assistant's system health page."""

from typing import Any

from homeassistant.components.system_health import SystemHealthRegistration
from homeassistant.core import HomeAssistant, callback

from .const import DOMAIN
from .coordinator import CabinetSecureConfigEntry
from .register import RegisterError


@callback
def async_register(hass: HomeAssistant, register: SystemHealthRegistration) -> None:
    """Register what is told."""
    register.async_register_info(_info)


async def _info(hass: HomeAssistant) -> dict[str, Any]:
    """Return how many practices there are, and how much of their equipment answers."""
    entries: list[CabinetSecureConfigEntry] = hass.config_entries.async_loaded_entries(
        DOMAIN
    )
    equipment = [
        each for entry in entries for each in entry.runtime_data.equipment.values()
    ]
    return {
        "practices": len(entries),
        "equipment": len(equipment),
        "equipment_available": sum(each.available for each in equipment),
        "register_entries": await _entries(entries),
        "register_size": await _size(entries),
        "register_waiting": sum(
            entry.runtime_data.records.register.condition.waiting for entry in entries
        ),
        "faults": sum(len(entry.runtime_data.state.faults) for entry in entries),
    }


async def _entries(entries: list[CabinetSecureConfigEntry]) -> int | str:
    """Return how many entries all registers hold, or why one cannot be read."""
    try:
        return sum(
            [await entry.runtime_data.records.register.count() for entry in entries]
        )
    except RegisterError as err:
        return err.trouble.value


async def _size(entries: list[CabinetSecureConfigEntry]) -> str:
    """Return how large the files of the registers are together."""
    sizes = [await entry.runtime_data.records.register.size() for entry in entries]
    return f"{sum(size or 0 for size in sizes) / 2**20:.1f} MiB"
