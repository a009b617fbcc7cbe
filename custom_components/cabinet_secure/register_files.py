"""The file of a register that is kept by Home Assistant itself."""

from pathlib import Path

from homeassistant.core import HomeAssistant

from .const import DOMAIN


def register_file(hass: HomeAssistant, entry_id: str) -> Path:
    """Return where the register of a practice is, unless it is on a server."""
    return Path(hass.config.path(DOMAIN, f"{entry_id}.db"))


async def async_has_register_file(hass: HomeAssistant, entry_id: str) -> bool:
    """Return whether there is such a file."""
    return await hass.async_add_executor_job(register_file(hass, entry_id).exists)


async def async_remove_register_file(hass: HomeAssistant, entry_id: str) -> None:
    """Delete the file, and SQLite's files beside it; raises OSError."""
    file = register_file(hass, entry_id)

    def remove() -> None:
        for suffix in ("", "-wal", "-shm"):
            file.with_name(file.name + suffix).unlink(missing_ok=True)

    await hass.async_add_executor_job(remove)
