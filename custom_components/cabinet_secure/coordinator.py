"""The practice meets Home Assistant here, and only here.

Equipment reports events, people make requests, deadlines pass: each goes to the
practice, whose effects are carried out. One that fails never stops the next.
"""

import asyncio
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from functools import partial
import logging
import secrets
from typing import TYPE_CHECKING

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import CALLBACK_TYPE, HomeAssistant, callback
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers.dispatcher import async_dispatcher_send
from homeassistant.helpers.event import async_call_later
from homeassistant.util import dt as dt_util

from .access_lists import AccessLists
from .alarm_codes import AlarmCodes
from .alarm_sensors import AlarmSensors
from .announcements import SIGNAL_ANNOUNCEMENT, Announcement, names_of
from .cameras import Cameras
from .deadline import Deadline
from .door_commands import Command, DoorCommands, Handler, command_failed, part_of
from .equipment import Door, Equipment, EquipmentError, Failure
from .errors import failure_error, refusal_error
from .listeners import PRACTICE, Listeners, different
from .people import async_people
from .practice import Practice
from .practice.cameras.effects import AnnounceEvidence, AnnouncePrivacy, AnnounceViewing
from .practice.config import PracticeConfig
from .practice.effects import (
    AnnounceBell,
    AnnounceDoor,
    AnnounceEquipment,
    AnnounceMode,
    AnnouncePanicPress,
    AnnounceRing,
    Effect,
    HoldStrike,
    PulseStrike,
    Refused,
)
from .practice.events import DeadlinePassed, EquipmentEvent, Event, Request
from .practice.grants.effects import AnnounceGrant, WriteAccessList
from .practice.hours.effects import AnnounceHours
from .practice.intrusion.effects import AnnounceIntrusion
from .practice.panic.effects import AnnouncePanic
from .practice.state import PracticeState
from .records import Records
from .siren_commands import SirenCommands
from .storage import Memory, PracticeStore
from .visitor import Visitor

if TYPE_CHECKING:
    from .incidents import Incidents

_LOGGER = logging.getLogger(__name__)

type CabinetSecureConfigEntry = ConfigEntry[PracticeCoordinator]

# Seconds within which is stored what no release of a strike waits for.
_SAVED_WITHIN = 0.1


class PracticeCoordinator(Listeners):
    """Runs the equipment of one practice and carries out what the practice decides."""

    incidents: Incidents

    def __init__(
        self,
        hass: HomeAssistant,
        entry: CabinetSecureConfigEntry,
        equipment: Mapping[str, Equipment],
        devices: Mapping[str, str],
        config: PracticeConfig,
    ) -> None:
        super().__init__()
        self.hass = hass
        self.entry = entry
        # By the identifier of the subentry that it was set up with.
        self.equipment = equipment
        # Identifiers in Home Assistant's device registry, by ours.
        self.devices = devices
        self.doors: dict[str, Door] = {
            door.id: door for each in equipment.values() for door in each.doors
        }
        self.cameras = Cameras(self)
        self.visitors = {
            door.id: Visitor(
                hass, entry, door, self.cameras.look, partial(self.notify, door.id)
            )
            for door in self.doors.values()
        }
        self.alarm_sensors = AlarmSensors(hass, config.intrusion.sensors, self.hear)
        self.codes = AlarmCodes(self)
        self._config = config
        self._store = PracticeStore(hass, entry.entry_id)
        self._practice = Practice(config, PracticeState(), _new_token)
        # Whose turn it is to command a door or a camera.
        self._turns: dict[str, asyncio.Lock] = defaultdict(asyncio.Lock)
        self._deadline = Deadline(hass, lambda: self.hear(DeadlinePassed()))
        self._saving_soon: CALLBACK_TYPE | None = None
        self.names = names_of(entry, equipment.values())
        # Whether the state could be kept when that was last tried.
        self.storable = True
        self.records = Records(
            hass, entry, equipment.values(), self._save_soon, self.name_of
        )
        doors = DoorCommands(self.doors, self.visitors, self.hear)
        self.lists = AccessLists(self)
        self._sirens = SirenCommands(equipment.values(), self.hear)
        self._handlers: dict[type[Effect], Handler] = {
            **doors.handlers,
            **self.cameras.handlers,
            AnnounceBell: self._announce_part,
            AnnounceDoor: self._announce_part,
            AnnouncePanicPress: self._announce_part,
            AnnounceRing: self._announce_practice,
            AnnouncePanic: self._announce_practice,
            AnnounceEquipment: self._announce_practice,
            AnnounceEvidence: self._announce_practice,
            AnnounceHours: self._announce_practice,
            AnnounceMode: self._announce_practice,
            AnnouncePrivacy: self._announce_part,
            AnnounceViewing: self._announce_part,
            AnnounceIntrusion: self._announce_practice,
            AnnounceGrant: self._announce_practice,
            WriteAccessList: self.lists.write,
        }
        self._commands: dict[type[Effect], Command] = (
            doors.commands | self._sirens.commands | self.cameras.commands
        )

    @property
    def state(self) -> PracticeState:
        """What the practice remembers at the moment."""
        return self._practice.state

    @property
    def config(self) -> PracticeConfig:
        """What the practice was told."""
        return self._practice.config

    def name_of(self, part: str) -> str:
        """Return what people call a door or a sensor of the alarm."""
        door = self.doors.get(part)
        return door.name if door else self.alarm_sensors.name(part)

    # --- life ------------------------------------------------------------------------

    async def async_restore(self) -> None:
        """Remember where the practice was left.

        Raises ValueError where what was stored cannot be understood.
        """
        memory = await self._store.load()
        self._practice = Practice(self._config, memory.practice, _new_token)
        for equipment in self.equipment.values():
            equipment.bookmark = memory.bookmarks.get(equipment.id)
        self.records.async_start(memory.register)
        self.lists.restore(memory.access)

    @callback
    def async_start(self) -> None:
        """Listen to the equipment, and settle what fell due meanwhile."""
        self.lists.start()
        for equipment in self.equipment.values():
            self.entry.async_on_unload(
                self.async_listen(
                    equipment.id, partial(self._sirens.look, equipment.sirens)
                )
            )
            equipment.start(self.hear, partial(self.notify, equipment.id))
        self.alarm_sensors.start()
        self.cameras.evidence.async_start()
        self.hear(DeadlinePassed())

    async def async_stop(self) -> None:
        """Let go of the equipment and keep what is known."""
        # Nobody would be there to end it; after a restart it sounds for what is left.
        await self._sirens.stop(
            siren.siren for siren in self.state.sirens if siren.sounding
        )
        self.alarm_sensors.stop()
        await self.cameras.evidence.stop()
        await self.lists.stop()
        stopped = await asyncio.gather(
            *(each.stop() for each in self.equipment.values()), return_exceptions=True
        )
        for failed in stopped:
            # What is known is kept all the same.
            if failed is not None:
                _LOGGER.error("Cannot stop an equipment", exc_info=failed)
        for visitor in self.visitors.values():
            visitor.forget()
        await self.records.async_stop()
        self._deadline.cancel()
        if self._saving_soon is not None:
            self._saving_soon()
            self._saving_soon = None
        await self._save()

    async def async_users_changed(self) -> None:
        """Take away at once what a removed or deactivated user was allowed."""
        self._config = replace(
            self._config, people=await async_people(self.hass, self.entry.options)
        )
        self._practice.config = self._config

    # --- events and requests ---------------------------------------------------------

    @callback
    def hear(self, event: Event) -> None:
        """Let the practice know of something, and carry out what follows."""
        self._handle(event)

    async def async_request(self, request: Request) -> None:
        """Ask the practice for something, and wait until it is done.

        Raises ServiceValidationError where it may not be, HomeAssistantError where it
        could not be done.
        """
        effects, moves = self._handle(request)
        for effect in effects:
            if isinstance(effect, Refused):
                raise refusal_error(effect, self.name_of)
        for failure in await asyncio.gather(*moves):
            if failure is not None:
                raise failure_error(failure)

    def _handle(
        self, event: Event
    ) -> tuple[list[Effect], list[asyncio.Task[EquipmentError | None]]]:
        before = self.state
        now = dt_util.utcnow()
        effects = self._practice.handle(event, now)
        moves: list[asyncio.Task[EquipmentError | None]] = []
        for effect in effects:
            try:
                if handler := self._handlers.get(type(effect)):
                    handler(effect)
                elif type(effect) in self._commands:
                    # Doors not eagerly: what they answer is heard after this event.
                    moves.append(
                        self.entry.async_create_task(
                            self.hass,
                            self._move(effect, now),
                            eager_start=effect.eager,
                        )
                    )
            except Exception:
                _LOGGER.exception("Cannot carry out %s", type(effect).__name__)
        if any(effect.stored_at_once for effect in effects):
            # Beside all that is slow, and whoever asked waits for it.
            moves.append(
                self.entry.async_create_task(self.hass, self._save(), eager_start=False)
            )
        self.records.record(effects, self.state)
        self._follow(event, before)
        return effects, moves

    def _follow(self, event: Event, before: PracticeState) -> None:
        """Tell entities, wait for the next deadline, and keep what has changed."""
        topics = self.cameras.with_alike(different(before, self.state))
        for topic in topics:
            self.notify(topic)
        if isinstance(event, EquipmentEvent) and before.faults != self.state.faults:
            self.notify(event.equipment)
        if isinstance(event, EquipmentEvent) or PRACTICE in topics:
            self._save_soon()
        self._deadline.wait_for(self._practice.next_deadline())

    # --- effects ---------------------------------------------------------------------

    async def _move(
        self, effect: Effect, decided_at: datetime
    ) -> EquipmentError | None:
        """Carry out a command; return why it failed, or None.

        The commands of one door or camera go out one after the other, in the order in
        which they were decided: a lock that overtook an unlock would leave the door
        unlocked.
        """
        async with self._turns[part_of(effect)]:
            try:
                await self._command(effect, decided_at)
            except EquipmentError as err:
                if isinstance(effect, PulseStrike | HoldStrike):
                    self.hear(command_failed(effect.opening, err))
                return err
        return None

    async def _command(self, effect: Effect, decided_at: datetime) -> None:
        if effect.stored_first:
            await self._save()
        if not self._practice.may_still_go_out(effect, decided_at, dt_util.utcnow()):
            raise EquipmentError(Failure.TOO_LATE)
        await self._commands[type(effect)](effect)

    @callback
    def _announce_part(self, effect: Effect) -> None:
        self._announce(part_of(effect), effect)

    @callback
    def _announce_practice(self, effect: Effect) -> None:
        self._announce(PRACTICE, effect)

    @callback
    def _announce(self, topic: str, effect: Effect) -> None:
        self.announce(topic, effect)
        async_dispatcher_send(
            self.hass,
            SIGNAL_ANNOUNCEMENT,
            Announcement(coordinator=self, effect=effect),
        )

    def _memory(self) -> Memory:
        return Memory(
            practice=self.state,
            bookmarks={
                equipment.id: equipment.bookmark
                for equipment in self.equipment.values()
                if equipment.bookmark is not None
            },
            register=self.records.register.kept,
            access=self.lists.memory(),
        )

    @callback
    def _save_soon(self) -> None:
        """Keep what has changed, once whoever waits has been told.

        What a crash loses before that fails closed: a token that is not known opens
        nothing, and the device repeats what it reported.
        """
        if self._saving_soon is None:
            self._saving_soon = async_call_later(
                self.hass, _SAVED_WITHIN, self._save_now
            )

    async def _save_now(self, _now: datetime) -> None:
        self._saving_soon = None
        await self._save()

    async def _save(self) -> None:
        try:
            await self._store.save(self._memory)
            self.storable = True
        except HomeAssistantError:
            self.storable = False
            # A full disk must not keep a door shut; memory still guards every token.
            _LOGGER.error("Cannot store the state of %s", self.entry.title)


def _new_token() -> str:
    return secrets.token_urlsafe(24)
