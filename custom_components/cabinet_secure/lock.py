"""Doors as locks: open pulses the strike, unlock holds it, lock ends the hold."""

from typing import Any, override

from homeassistant.components.lock import LockEntity, LockEntityDescription
from homeassistant.components.lock.const import LockEntityFeature
from homeassistant.core import HomeAssistant
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from .coordinator import CabinetSecureConfigEntry
from .entity import DoorEntity
from .people import async_actor
from .practice.events import HoldRequested, OpenRequested, SecureRequested
from .practice.state import DoorState

PARALLEL_UPDATES = 0

DESCRIPTION = LockEntityDescription(key="lock", translation_key="door")


async def async_setup_entry(
    hass: HomeAssistant,
    entry: CabinetSecureConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Set up the lock of every door."""
    coordinator = entry.runtime_data
    for subentry_id, equipment in coordinator.equipment.items():
        async_add_entities(
            (
                DoorLock(coordinator, equipment, door, DESCRIPTION)
                for door in equipment.doors
            ),
            config_subentry_id=subentry_id,
        )


class DoorLock(DoorEntity, LockEntity):
    """A door. What is not known is unknown, and never a guess."""

    # The device itself.
    _attr_name = None
    _attr_supported_features = LockEntityFeature.OPEN
    # Who it was is in the register, for as long as that is allowed, and in no history.
    _unrecorded_attributes = frozenset({"changed_by"})

    @property
    def _state(self) -> DoorState:
        return self.coordinator.state.door(self._door.id)

    @property
    @override
    def is_locked(self) -> bool | None:
        released = self._state.released
        return None if released is None else not released

    @property
    @override
    def is_open(self) -> bool | None:
        # Released for a moment, as against unlocked until somebody locks it again.
        state = self._state
        return state.released is True and state.held_by is None

    @property
    @override
    def is_opening(self) -> bool:
        return any(
            opening.door == self._door.id and not opening.released
            for opening in self.coordinator.state.openings
        )

    @property
    @override
    def changed_by(self) -> str | None:
        changed_by = self._state.changed_by
        return changed_by.name if changed_by is not None else None

    @override
    async def async_open(self, **kwargs: Any) -> None:
        actor = await async_actor(self.hass, self._context)
        await self.coordinator.async_request(
            OpenRequested(actor=actor, door=self._door.id)
        )

    @override
    async def async_unlock(self, **kwargs: Any) -> None:
        actor = await async_actor(self.hass, self._context)
        await self.coordinator.async_request(
            HoldRequested(actor=actor, door=self._door.id)
        )

    @override
    async def async_lock(self, **kwargs: Any) -> None:
        actor = await async_actor(self.hass, self._context)
        await self.coordinator.async_request(
            SecureRequested(actor=actor, door=self._door.id)
        )
