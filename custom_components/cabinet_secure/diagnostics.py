"""What helps to find a fault, without anything that is secret or personal."""

from dataclasses import asdict
from typing import Any

from homeassistant.components.diagnostics import async_redact_data
from homeassistant.const import CONF_HOST, CONF_PASSWORD, CONF_USERNAME
from homeassistant.core import HomeAssistant

from .const import CONF_CODES, CONF_DB_URL, CONF_MAY_MANAGE, CONF_MAY_OPEN, CONF_ON_CALL
from .coordinator import CabinetSecureConfigEntry
from .storage import encode_state

_SECRET = {
    CONF_DB_URL,
    CONF_CODES,
    CONF_HOST,
    CONF_PASSWORD,
    CONF_USERNAME,
    CONF_MAY_MANAGE,
    CONF_MAY_OPEN,
    CONF_ON_CALL,
    "answered_by",
    "by",
    "changed_by",
    "chosen_by",
    "digest",
    "grant",
    "granted_by",
    "held_by",
    "id",
    "label",
    "person",
    "reason",
    "serial_number",
    "source",
    "unique_id",
    "viewer",
}


async def async_get_config_entry_diagnostics(
    hass: HomeAssistant, entry: CabinetSecureConfigEntry
) -> dict[str, Any]:
    """Return what is configured, what is known, and how the equipment is."""
    coordinator = entry.runtime_data
    diagnostics = {
        "entry": {"data": dict(entry.data), "options": dict(entry.options)},
        "subentries": [
            {"type": subentry.subentry_type, "data": dict(subentry.data)}
            for subentry in entry.subentries.values()
        ],
        "equipment": [
            {
                "model": equipment.model,
                "firmware": equipment.firmware,
                "available": equipment.available,
                "doors": len(equipment.doors),
                "troubles": [asdict(trouble) for trouble in equipment.troubles],
            }
            for equipment in coordinator.equipment.values()
        ],
        "register": asdict(coordinator.records.register.condition),
        "state": encode_state(coordinator.state),
    }
    redacted: dict[str, Any] = async_redact_data(diagnostics, _SECRET)
    numbered = {
        equipment.id: f"equipment{number}"
        for number, equipment in enumerate(coordinator.equipment.values(), 1)
    }
    return {key: _without(numbered, value) for key, value in redacted.items()}


def _without(numbered: dict[str, str], value: Any) -> Any:
    """Replace identifiers of equipment, which hold serial numbers, wherever they are."""
    match value:
        case dict():
            return {key: _without(numbered, item) for key, item in value.items()}
        case list():
            return [_without(numbered, item) for item in value]
        case str():
            for identifier, number in numbered.items():
                value = value.replace(identifier, number)
            return value
        case _:
            return value
