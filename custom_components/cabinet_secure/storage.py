"""What the practice remembers, kept across restarts."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from homeassistant.core import HomeAssistant
from homeassistant.helpers.storage import Store
from mashumaro.codecs.basic import BasicDecoder, BasicEncoder
from mashumaro.exceptions import InvalidFieldValue, MissingField

from .const import DOMAIN
from .equipment import Bookmark, SourceBookmark
from .equipment.access_list import AccessMemory
from .practice.state import PracticeState
from .register import Kept

_VERSION = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Memory:
    """What outlives a restart: the practice, and where the rest was left."""

    practice: PracticeState = field(default_factory=PracticeState)
    bookmarks: dict[str, Bookmark | SourceBookmark] = field(default_factory=dict)
    register: Kept = field(default_factory=Kept)
    access: AccessMemory = field(default_factory=AccessMemory)


_ENCODER = BasicEncoder(Memory)
_STATE_ENCODER = BasicEncoder(PracticeState)
_DECODER = BasicDecoder(Memory)


class PracticeStore:
    """Writes the memory of one practice, each write whole and in order."""

    def __init__(self, hass: HomeAssistant, entry_id: str) -> None:
        self._store: Store[dict[str, Any]] = Store(
            hass, _VERSION, f"{DOMAIN}.{entry_id}", private=True, atomic_writes=True
        )
        self._writing = asyncio.Lock()
        self._written: Memory | None = None

    async def load(self) -> Memory:
        """Return what was remembered; a new practice remembers nothing.

        Raises ValueError where the file cannot be understood.
        """
        if (stored := await self._store.async_load()) is None:
            return Memory()
        try:
            self._written = _DECODER.decode(stored)
        except (InvalidFieldValue, MissingField, TypeError, AttributeError) as err:
            raise ValueError("The stored state cannot be understood") from err
        return self._written

    async def save(self, current: Callable[[], Memory]) -> None:
        """Return when the memory of now, or one that came after it, is on disk.

        Raises HomeAssistantError where it cannot be written.
        """
        async with self._writing:
            # Whoever waited here finds that the write before took their state along.
            if (memory := current()) == self._written:
                return
            await self._store.async_save(_ENCODER.encode(memory))
            self._written = memory

    async def remove(self) -> None:
        """Forget everything: the practice is removed."""
        await self._store.async_remove()


def encode_state(state: PracticeState) -> dict[str, Any]:
    """Return a state as JSON knows it."""
    encoded: dict[str, Any] = _STATE_ENCODER.encode(state)
    return encoded
