"""The incidents of a practice as they stand: opened, completed, corrected."""

import asyncio
from collections.abc import Mapping
from datetime import datetime, timedelta
import logging
from typing import Final

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers.dispatcher import async_dispatcher_connect
from homeassistant.helpers.event import async_track_time_change
from homeassistant.util import dt as dt_util

from .announcements import SIGNAL_ANNOUNCEMENT, Announcement
from .coordinator import PracticeCoordinator
from .logbook_events import async_tell_logbook_of_incident
from .practice.people import SYSTEM, Actor
from .register import Entry, EntryType, NewEntry, Place, Query, RegisterError
from .register.drafts import draft_of, is_open_already
from .register.incident import (
    Draft,
    Facts,
    Incident,
    Status,
    correction,
    fold,
    opening,
    take_in,
)

_LOGGER = logging.getLogger(__name__)

# What listeners are told of when an incident is new or different.
INCIDENTS: Final = "incidents"
# Seconds for which somebody who writes waits for the disk. What takes longer is
# accepted, and is written as soon as that is possible.
_WRITER_WAITS: Final = 5.0
_RECENT: Final = timedelta(days=30)


class Incidents:
    """The incidents of one practice. `known` is None until the register was read."""

    def __init__(self, hass: HomeAssistant, coordinator: PracticeCoordinator) -> None:
        self.known: Mapping[str, Incident] | None = None
        self._hass = hass
        self._coordinator = coordinator
        # Entries that may not be readable yet, by their identifier.
        self._unwritten: dict[str, NewEntry] = {}
        self._appended = 0

    @callback
    def async_start(self, entry: ConfigEntry) -> None:
        """Read what is on record, and open drafts from now on, until it is unloaded."""
        entry.async_on_unload(
            async_dispatcher_connect(self._hass, SIGNAL_ANNOUNCEMENT, self._announced)
        )
        # At midnight an incident leaves the last thirty days, and retention its entries.
        entry.async_on_unload(
            async_track_time_change(
                self._hass, self._read_again, hour=0, minute=0, second=10
            )
        )
        entry.async_create_background_task(
            self._hass, self.async_read(), "incidents read"
        )

    async def _read_again(self, _now: datetime) -> None:
        await self.async_read()

    async def async_read(self) -> None:
        """Take in what is on record; what was known stays where it cannot be read."""
        try:
            while True:
                appended = self._appended
                entries = await self._on_record()
                if appended == self._appended:
                    break
        except RegisterError as err:
            _LOGGER.warning("Cannot read the incidents on record: %s", err.trouble)
            return
        written = {entry.id for entry in entries}
        self.known = fold(
            (
                *entries,
                *(each for each in self._unwritten.values() if each.id not in written),
            )
        )
        self._coordinator.notify(INCIDENTS)

    async def _on_record(self) -> list[Entry]:
        register = self._coordinator.records.register
        entries: list[Entry] = []
        query = Query(types=frozenset({EntryType.INCIDENT}), limit=1000)
        while True:
            page = await register.query(query)
            entries += page.entries
            if page.after is None:
                break
            query = Query(types=query.types, limit=query.limit, after=page.after)
        # In the order of the chain: a clock that was set back changes nothing.
        return sorted(entries, key=lambda entry: entry.sequence)

    def newest_first(self) -> list[Incident]:
        """Return the incidents by the time at which they happened, the last one first."""
        return sorted(
            (self.known or {}).values(), key=lambda each: each.facts.at, reverse=True
        )

    def recent(self) -> int | None:
        """Return how many happened in the last thirty days and may be shown.

        Drills do not count. None where the register was not read yet.
        """
        if self.known is None:
            return None
        since = dt_util.utcnow() - _RECENT
        return sum(
            each.counts and each.may_be_shown and each.facts.at > since
            for each in self.newest_first()
        )

    # --- drafts ----------------------------------------------------------------------

    @callback
    def _announced(self, announcement: Announcement) -> None:
        if announcement.coordinator is not self._coordinator:
            return
        draft = draft_of(announcement.effect, dt_util.now(), self._place)
        if draft is None or is_open_already(draft, (self.known or {}).values()):
            return
        # Nobody waits for it.
        self._put(opening(draft, Status.DRAFT, at=dt_util.now(), by=SYSTEM))

    def _place(self, part: str) -> Place:
        return Place(id=part, name=self._coordinator.name_of(part))

    # --- people ----------------------------------------------------------------------

    async def async_log(self, draft: Draft, status: Status, by: Actor) -> Incident:
        """Put a new incident on record, and return it once it is there.

        Raises RegisterError where it cannot be accepted.
        """
        entry = opening(draft, status, at=dt_util.now(), by=by)
        await self._written(self._put(entry))
        return fold((entry,))[entry.id]

    async def async_correct(
        self, incident: Incident, status: Status, facts: Facts, by: Actor
    ) -> Incident:
        """Put a correction on record, and return how the incident stands then.

        Raises RegisterError where it cannot be accepted.
        """
        entry = correction(incident, status, facts, at=dt_util.now(), by=by)
        if entry is None:
            return incident
        await self._written(self._put(entry))
        return take_in({incident.id: incident}, entry)[incident.id]

    @callback
    def _put(self, entry: NewEntry) -> asyncio.Future[None]:
        future = self._coordinator.records.append(entry)
        self._appended += 1
        self._unwritten[entry.id] = entry
        future.add_done_callback(lambda _: self._unwritten.pop(entry.id, None))
        if self.known is not None:
            self.known = take_in(self.known, entry)
            if incident := self.known.get(entry.session or ""):
                async_tell_logbook_of_incident(self._hass, self._coordinator, incident)
        self._coordinator.notify(INCIDENTS)
        return future

    async def _written(self, future: asyncio.Future[None]) -> None:
        await asyncio.wait([future], timeout=_WRITER_WAITS)
        if future.done():
            future.result()
