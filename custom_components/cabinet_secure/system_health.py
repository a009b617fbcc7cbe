"""How the practices are, at a glance, for Home Assistant's system health page."""

from typing import Any

from homeassistant.components.system_health import SystemHealthRegistration
from homeassistant.core import HomeAssistant, callback

from .const import DOMAIN
from .coordinator import CabinetSecureConfigEntry


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
        "faults": sum(len(entry.runtime_data.state.faults) for entry in entries),
    }
