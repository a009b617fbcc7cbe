"""Keeps what equipment lets in by itself as the practice wants it."""

import asyncio
from datetime import datetime, timedelta
import logging
from typing import TYPE_CHECKING

from homeassistant.core import CALLBACK_TYPE, callback
from homeassistant.helpers.event import async_track_time_interval
from homeassistant.util import dt as dt_util

from .credentials import Credentials, new_secret
from .equipment import EquipmentError, Failure
from .equipment.access_list import AccessList, AccessMemory, ListMemory
from .practice.grants.effects import WriteAccessList
from .practice.grants.events import AccessListRead, AccessListRefused
from .practice.grants.lists import entries
from .practice.grants.model import HoldingStatus

if TYPE_CHECKING:
    from collections.abc import Iterable

    from .coordinator import PracticeCoordinator

_LOGGER = logging.getLogger(__name__)

# How often what others did to a device's list is looked for.
_LOOKED_AT_EVERY = timedelta(minutes=15)
# Whoever gives a code waits this long for the device to have it, in seconds.
_PATIENCE = 15.0
_TO_BE_WRITTEN = (HoldingStatus.WAITING, HoldingStatus.REFUSED)

# What passes by itself, or is said elsewhere.
_PASSING = (Failure.UNREACHABLE, Failure.CREDENTIALS, Failure.TOO_LATE)


class AccessLists:
    """The lists of all equipment of a practice, each written by one task at a time."""

    def __init__(self, coordinator: PracticeCoordinator) -> None:
        self._coordinator = coordinator
        self._secret = new_secret()
        self.credentials = Credentials(coordinator.hass, self._secret)
        self._lists: dict[str, AccessList] = {
            equipment.id: equipment.access_list
            for equipment in coordinator.equipment.values()
            if equipment.access_list is not None
        }
        # Codes by their digests that a device has not got yet: nowhere but here, and
        # not for longer than that.
        self._codes: dict[str, str] = {}
        self._dirty: set[str] = set()
        self._writing: dict[str, asyncio.Task[None]] = {}
        self._interval: CALLBACK_TYPE | None = None

    def restore(self, memory: AccessMemory) -> None:
        """Remember what was written before a restart."""
        if memory.secret:
            self._secret = memory.secret
            self.credentials = Credentials(self._coordinator.hass, self._secret)
        for equipment, access_list in self._lists.items():
            access_list.memory = memory.lists.get(equipment, ListMemory())

    def memory(self) -> AccessMemory:
        """Return what is to be remembered across a restart."""
        return AccessMemory(
            lists={
                equipment: access_list.memory
                for equipment, access_list in self._lists.items()
                if access_list.memory != ListMemory()
            },
            secret=self._secret,
        )

    @callback
    def start(self) -> None:
        """Look for what others did, now and then."""
        self._interval = async_track_time_interval(
            self._coordinator.hass, self._look, _LOOKED_AT_EVERY
        )

    async def stop(self) -> None:
        """Write no more."""
        if self._interval is not None:
            self._interval()
            self._interval = None
        self._dirty.clear()
        for task in list(self._writing.values()):
            task.cancel()
        await asyncio.gather(*self._writing.values(), return_exceptions=True)

    @callback
    def hand_over(self, code: str, digest: str) -> None:
        """Hold a code until the devices that are to check it have it."""
        self._codes[digest] = code

    @callback
    def forget_code(self, digest: str) -> None:
        """Hold a code no more."""
        self._codes.pop(digest, None)

    @callback
    def write(self, effect: WriteAccessList) -> None:
        """Bring the list of a device up to date, or do so again."""
        equipment = effect.equipment
        if equipment not in self._lists:
            return
        self._dirty.add(equipment)
        if equipment not in self._writing:
            # Not eagerly: what comes of it is heard after this event.
            self._writing[equipment] = self._coordinator.entry.async_create_task(
                self._coordinator.hass, self._write(equipment), eager_start=False
            )

    async def settled(self, equipment: Iterable[str]) -> None:
        """Wait until devices have what they should, or for as long as is bearable."""
        writing = [self._writing[each] for each in equipment if each in self._writing]
        if writing:
            await asyncio.wait(writing, timeout=_PATIENCE)

    @callback
    def _look(self, _now: datetime) -> None:
        for equipment in self._lists:
            self.write(WriteAccessList(equipment=equipment))

    async def _write(self, equipment: str) -> None:
        try:
            while equipment in self._dirty:
                self._dirty.discard(equipment)
                await self._reconcile(equipment)
        finally:
            del self._writing[equipment]

    async def _reconcile(self, equipment: str) -> None:
        coordinator = self._coordinator
        access_list = self._lists[equipment]
        wanted = {
            entry.grant: entry
            for entry in entries(
                coordinator.config,
                coordinator.state.grants,
                equipment,
                dt_util.utcnow(),
            )
        }
        codes = {
            grant: self._codes[entry.digest]
            for grant, entry in wanted.items()
            if entry.digest in self._codes
        }
        try:
            done = await access_list.reconcile(wanted, codes, self.credentials.digest)
        except EquipmentError as err:
            if err.failure not in _PASSING:
                self._set_failure(equipment, err.failure)
                coordinator.hear(
                    AccessListRefused(equipment=equipment, reason=err.failure)
                )
            return
        self._set_failure(equipment, Failure.REFUSED if done.refused else None)
        coordinator.hear(
            AccessListRead(
                equipment=equipment,
                held=done.held,
                lost=done.lost,
                repaired=done.repaired,
                refused=done.refused,
            )
        )
        waited_for = {
            grant.digest
            for grant in coordinator.state.grants.grants
            if any(held.status in _TO_BE_WRITTEN for held in grant.holdings)
        }
        for digest in self._codes.keys() - waited_for:
            del self._codes[digest]

    def _set_failure(self, equipment: str, failure: Failure | None) -> None:
        access_list = self._lists[equipment]
        if access_list.failure is not failure:
            access_list.failure = failure
            self._coordinator.notify(equipment)
