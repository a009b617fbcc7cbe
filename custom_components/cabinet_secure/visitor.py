"""The visitor's picture: in memory from the ring to its end, and nowhere else."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime
import logging

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import HomeAssistant, callback
from homeassistant.util import dt as dt_util

from .equipment import Camera, Door, EquipmentError

# Returns what a camera sees, or None while it is hidden.
type Look = Callable[[Camera, int | None, int | None], Awaitable[bytes | None]]

_LOGGER = logging.getLogger(__name__)

# Large enough to know a face on a phone, small enough for its mobile network.
_WIDTH = 640
_HEIGHT = 480


class Visitor:
    """Who stands at a door, as long as the ring lasts."""

    def __init__(
        self,
        hass: HomeAssistant,
        entry: ConfigEntry,
        door: Door,
        look: Look,
        changed: Callable[[], None],
    ) -> None:
        self._hass = hass
        self._entry = entry
        self._door = door
        self._look = look
        self._changed = changed
        self._taking: asyncio.Task[bytes | None] | None = None
        self.taken_at: datetime | None = None

    @callback
    def show(self) -> None:
        """Take a picture now; whoever asks meanwhile waits for it."""
        if (camera := self._door.camera) is None:
            return
        self.forget()
        self._taking = self._entry.async_create_background_task(
            self._hass, self._take(camera), f"visitor at {self._door.id}"
        )

    @callback
    def forget(self) -> None:
        """Let go of the picture."""
        if self._taking is not None:
            self._taking.cancel()
            self._taking = None
        if self.taken_at is not None:
            self.taken_at = None
            self._changed()

    async def picture(self) -> bytes | None:
        """Return the picture as JPEG, or None where nobody is at the door."""
        if (taking := self._taking) is None:
            return None
        await asyncio.wait([taking])
        return None if taking.cancelled() else taking.result()

    async def _take(self, camera: Camera) -> bytes | None:
        try:
            picture = await self._look(camera, _WIDTH, _HEIGHT)
        except EquipmentError as err:
            _LOGGER.debug("No picture of the visitor: %s", err)
            return None
        if picture is None:
            return None
        self.taken_at = dt_util.utcnow()
        self._changed()
        return picture
