"""What keeps the register of one practice: from Home Assistant's side."""

import asyncio
from collections.abc import Callable, Collection, Iterable
from datetime import datetime, timedelta
import logging
from typing import Any, Final

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers.event import async_track_time_interval
from homeassistant.util import dt as dt_util

from .configuration_changes import Configuration, async_person_at_work
from .const import CONF_ACCESS_DAYS, CONF_DB_URL, CONF_INCIDENT_DAYS, CONF_OTHER_DAYS
from .equipment import Equipment
from .practice.effects import Effect
from .practice.state import PracticeState
from .register import (
    Kept,
    NewEntry,
    Place,
    Register,
    RegisterError,
    Retention,
    Verification,
    location_of,
)
from .register.recording import Scene, configured, record
from .register_files import register_file
from .register_repairs import RegisterRepairs

_LOGGER = logging.getLogger(__name__)

UPKEEP_INTERVAL: Final = timedelta(days=1)


class Records:
    """Puts on record what happens in a practice, and removes it when its time is up."""

    def __init__(
        self,
        hass: HomeAssistant,
        entry: ConfigEntry,
        equipment: Collection[Equipment],
        changed: Callable[[], None],
        name_of: Callable[[str], str],
    ) -> None:
        self._hass = hass
        self._entry = entry
        self._changed = changed
        self._name_of = name_of
        self.places = _places(equipment)
        self._configuration = Configuration.of(entry)
        self._repairs = RegisterRepairs(hass, entry)
        options = entry.options
        default = Retention()
        self.retention = Retention(
            access_days=options.get(CONF_ACCESS_DAYS, default.access_days),
            incident_days=options.get(CONF_INCIDENT_DAYS, default.incident_days),
            other_days=options.get(CONF_OTHER_DAYS, default.other_days),
        )
        self.register = Register(
            location_of(options.get(CONF_DB_URL), register_file(hass, entry.entry_id)),
            entry.entry_id,
            changed=self._register_changed,
            interrupted=self._repairs.interrupted,
        )

    @callback
    def async_start(self, kept: Kept) -> None:
        """Begin to write, and remove what was kept for long enough, now and daily.

        Once a day the register is verified too.
        """
        self.register.start(kept)
        self._entry.async_create_background_task(
            self._hass, self.async_purge(), "register purge"
        )
        self._entry.async_on_unload(
            async_track_time_interval(
                self._hass, self._daily, UPKEEP_INTERVAL, cancel_on_shutdown=True
            )
        )

    async def async_stop(self) -> None:
        """Write what waits, as far as that is possible now."""
        await self.register.stop()

    @callback
    def record(self, effects: Iterable[Effect], state: PracticeState) -> None:
        """Put on record what the practice wants done and announces."""
        scene = Scene(
            at=dt_util.now(),
            state=state,
            places=self.places,
            name_of=self._name_of,
        )
        for effect in effects:
            try:
                if entry := record(effect, scene):
                    self.append(entry)
            except Exception:
                _LOGGER.exception("Cannot put on record %s", type(effect).__name__)

    @callback
    def append(self, entry: NewEntry) -> asyncio.Future[None]:
        """Put something on record; what is returned is done once it is on disk.

        Nobody has to wait for it; it raises RegisterError where too much waits already.
        """
        written = self.register.append(entry)
        self._changed()
        return written

    async def async_purge(self) -> None:
        """Remove what was kept for long enough; the next time makes up for a failure."""
        try:
            await self.register.purge(self.retention, dt_util.now())
        except RegisterError as err:
            _LOGGER.debug("The register was not purged: %s", err.trouble)

    async def async_verify(self) -> Verification:
        """Verify the register, and show what is wrong; raises RegisterError."""
        verified = await self.register.verify()
        self._repairs.verified(verified)
        return verified

    async def _daily(self, _now: datetime) -> None:
        await self.async_purge()
        try:
            await self.async_verify()
        except RegisterError as err:
            _LOGGER.debug("The register was not verified: %s", err.trouble)

    @callback
    def async_configuration_changed(self) -> None:
        """Put on record what was changed in the practice or its equipment, and by whom."""
        before, self._configuration = self._configuration, Configuration.of(self._entry)
        actor = async_person_at_work()
        for name, changed in self._configuration.changes_since(before):
            self.append(
                configured(at=dt_util.now(), actor=actor, changed=changed, name=name)
            )

    @callback
    def _register_changed(self) -> None:
        self._repairs.follow(self.register.condition)
        self._changed()


def _places(equipment: Collection[Equipment]) -> dict[str, Place]:
    named: list[Any] = []
    for each in equipment:
        named += [each, *each.doors, *each.panic_buttons, *each.sirens]
    places = {each.id: Place(id=each.id, name=each.name) for each in named}
    # A camera is called after the equipment that it belongs to.
    for each in equipment:
        for camera in each.all_cameras:
            places[camera.id] = Place(id=camera.id, name=each.name)
    return places
