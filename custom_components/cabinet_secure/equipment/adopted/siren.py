"""A siren of any brand, or what serves as one."""

import logging
from typing import override

from homeassistant.const import STATE_OFF, STATE_ON
from homeassistant.core import HomeAssistant, callback

from ..base import EquipmentError, Siren
from .adopted import AdoptedEquipment, devices_of
from .settings import SirenSettings
from .sounders import sounder_of
from .source import Source
from .supervision import Supervision

_LOGGER = logging.getLogger(__name__)


class AdoptedSiren(AdoptedEquipment):
    """A siren, and the one device that people see of it."""

    def __init__(
        self,
        hass: HomeAssistant,
        subentry_id: str,
        name: str,
        domain: str,
        settings: SirenSettings,
    ) -> None:
        super().__init__(f"siren-{subentry_id}", name)
        self._hass = hass
        self._source = Source(hass, settings.entity)
        self._sounder = sounder_of(self._source, settings, domain)
        self.sirens = (SoundedSiren(self, settings),)
        self.supervision = Supervision(
            hass,
            (self._source,),
            {},
            settings.check_in,
            lambda: devices_of((self._source,), None),
        )

    @property
    @override
    def available(self) -> bool:
        return self._source.state is not None

    @property
    def sounding(self) -> bool | None:
        """Whether it sounds, as far as it tells; else, whether we left it sounding."""
        if not self._sounder.tells:
            return self.left.moved
        state = self._source.known
        return (
            None
            if state is None
            else {STATE_ON: True, STATE_OFF: False}.get(state.state)
        )

    @override
    def _follow(self) -> None:
        self._source.start(self._see)

    @override
    async def _let_go(self) -> None:
        if self.left.moved:
            try:
                await self.silence()
            except EquipmentError as err:
                _LOGGER.warning("%s is not silenced: %s", self._source.name, err)
        self._sounder.stop()
        self._source.stop()

    async def sound(self) -> None:
        """Begin to sound. Raises EquipmentError."""
        state = self._source.known
        if not self.left.moved:
            self.note_moved(None if state is None else self._sounder.before(state))
        await self._sounder.sound()
        self._changed()

    async def silence(self) -> None:
        """Stop, and put back what was before. Raises EquipmentError."""
        if not self._sounder.tells and not self.left.moved:
            # A lamp that is on, a player that plays: that is not our doing.
            return
        await self._sounder.silence(self.left.before)
        self.note_moved_back()
        self._changed()

    @callback
    def _see(self) -> None:
        self._tell_reachable()
        state = self._source.state
        if state is not None and self._sounder.follows:
            self._hass.async_create_task(
                self._sounder.seen(state), f"siren {self.name}"
            )
        self._changed()
        self.supervision.look()


class SoundedSiren(Siren):
    """The siren itself."""

    def __init__(self, equipment: AdoptedSiren, settings: SirenSettings) -> None:
        self.id = equipment.id
        self.name = equipment.name
        self.longest = settings.longest
        self._equipment = equipment

    @property
    @override
    def sounding(self) -> bool | None:
        return self._equipment.sounding

    @override
    async def sound(self) -> None:
        await self._equipment.sound()

    @override
    async def silence(self) -> None:
        await self._equipment.silence()
