"""A door made of entities: what releases it, and optionally bell, contact, tamper, eye."""

from functools import partial
from typing import override

from homeassistant.components.camera import async_get_image
from homeassistant.const import STATE_ON
from homeassistant.core import HomeAssistant, callback
from homeassistant.exceptions import HomeAssistantError
from homeassistant.util import dt as dt_util

from ...practice.events import (
    BellPressed,
    DoorClosed,
    DoorOpened,
    DoorSeen,
    Fault,
    Originator,
    ReleaseAccepted,
    StrikeReleased,
    StrikeSecured,
)
from ..base import Camera, Door, EquipmentError, Failure, Trouble, TroubleKind
from .adopted import AdoptedEquipment, devices_of
from .freshness import Sighting, Standing, standing_of_ring
from .openers import Opener, opener_of
from .presses import presses_of
from .settings import DoorSettings
from .source import Source
from .supervision import Supervision


class AdoptedDoor(AdoptedEquipment):
    """A door, and the one device that people see of it."""

    def __init__(
        self,
        hass: HomeAssistant,
        subentry_id: str,
        name: str,
        domain: str,
        settings: DoorSettings,
    ) -> None:
        """`domain` is that of the opener."""
        super().__init__(f"door-{subentry_id}", name)
        self._settings = settings
        self._opener = Source(hass, settings.opener)
        self._contact = Source(hass, settings.contact) if settings.contact else None
        self._tamper = Source(hass, settings.tamper) if settings.tamper else None
        self._bell = presses_of(hass, settings.bell) if settings.bell else None
        camera = (
            AdoptedView(f"{self.id}-camera", Source(hass, settings.camera))
            if settings.camera
            else None
        )
        opener = opener_of(
            self._opener, settings, domain, lambda: self._contact_open is True
        )
        self._drive = opener
        self._door = OpenedDoor(self, opener, settings, camera)
        self.doors = (self._door,)
        self.cameras = (camera,) if camera else ()
        self._view = camera
        self._was_found = False
        self._released: bool | None = None
        self._contact_open: bool | None = None
        self.supervision = self._supervise(hass)

    def _supervise(self, hass: HomeAssistant) -> Supervision:
        away: dict[Fault, Source] = {}
        if self._bell and self._bell.sources:
            away[Fault.BELL_AWAY] = self._bell.sources[0]
        if self._contact:
            away[Fault.CONTACT_AWAY] = self._contact
        if self._tamper:
            away[Fault.TAMPER_AWAY] = self._tamper
        view = (self._view.source,) if self._view else ()
        sources = (self._opener, *away.values(), *view)
        return Supervision(
            hass,
            sources,
            away,
            self._settings.check_in,
            lambda: devices_of(sources, self._bell),
        )

    @property
    @override
    def available(self) -> bool:
        return self._opener.state is not None

    # --- life ------------------------------------------------------------------------

    @override
    def _follow(self) -> None:
        self._was_found = False
        self._drive.start(self.note_moved, self.note_moved_back)
        if self._contact:
            self._contact.start(partial(self._see_contact, self._contact))
        self._opener.start(self._see_opener)
        if self._tamper:
            self._tamper.start(partial(self._see_tamper, self._tamper))
        if self._bell:
            self._bell.start(self._rung, _nothing_ends, self.supervision.look)
        if self._view:
            self._view.source.start(self.supervision.look)

    @override
    async def _let_go(self) -> None:
        await self._drive.stop()
        if self._bell:
            self._bell.stop()
        view = self._view.source if self._view else None
        for source in (self._opener, self._contact, self._tamper, view):
            if source:
                source.stop()

    # --- what the entities tell --------------------------------------------------------

    @callback
    def _see_opener(self) -> None:
        changed = self._tell_reachable()
        state = self._opener.state
        if state is not None:
            released = self._drive.released(state)
            if changed:
                self._released = released
                self._tell_seen()
            elif not self._drive.is_moving(state):
                self._tell_released(released)
            if not self._was_found:
                self._was_found = True
                self._drive.found(moved=self.left.moved)
        if changed:
            self._changed()
        self.supervision.look()

    def _tell_released(self, released: bool | None) -> None:  # noqa: FBT001
        if released is self._released:
            return
        self._released = released
        if released:
            self._hear(
                StrikeReleased(
                    equipment=self.id,
                    door=self.id,
                    originator=Originator.UNKNOWN,
                )
            )
        elif released is False:
            self._hear(StrikeSecured(equipment=self.id, door=self.id))
        else:
            self._tell_seen()

    def _tell_seen(self) -> None:
        self._hear(
            DoorSeen(
                equipment=self.id,
                door=self.id,
                released=self._released,
                contact_open=self._contact_open,
            )
        )

    @callback
    def _see_contact(self, contact: Source) -> None:
        state = contact.known
        is_open = None if state is None else state.state == STATE_ON
        before, self._contact_open = self._contact_open, is_open
        if is_open is before or self._reachable is None:
            return
        if is_open is None or before is None:
            # It was or is not heard: nothing is known to have happened.
            self._tell_seen()
        elif is_open:
            self._hear(DoorOpened(equipment=self.id, door=self.id))
        else:
            self._hear(DoorClosed(equipment=self.id, door=self.id))
        self.supervision.look()

    @callback
    def _see_tamper(self, tamper: Source) -> None:
        if (state := tamper.known) is not None:
            self._fault(Fault.TAMPER, wrong=state.state == STATE_ON)
        self.supervision.look()

    def _rung(self, sighting: Sighting) -> None:
        standing = standing_of_ring(sighting, self.left.pressed_at, dt_util.utcnow())
        if standing is Standing.OLD:
            return
        self.note_press(sighting.pressed_at)
        self._hear(
            BellPressed(
                equipment=self.id,
                door=self.id,
                device_time=sighting.pressed_at,
                late=standing is Standing.LATE,
            )
        )

    @override
    def _troubled(self, troubles: frozenset[Trouble]) -> None:
        if not self._settings.switches_off:
            troubles |= {Trouble(kind=TroubleKind.RELAY_STAYS_ON)}
        super()._troubled(troubles)

    # --- what the door is told -----------------------------------------------------------

    def accepted(self) -> None:
        """Tell that the opener took the command, where it will tell nothing more."""
        self._hear(ReleaseAccepted(equipment=self.id, door=self.id))


class OpenedDoor(Door):
    """The door itself."""

    def __init__(
        self,
        equipment: AdoptedDoor,
        opener: Opener,
        settings: DoorSettings,
        camera: Camera | None,
    ) -> None:
        self.id = equipment.id
        self.name = equipment.name
        self.strike_time = settings.open_for
        self.has_contact = settings.contact is not None
        self.camera = camera
        self.can_hold = opener.can_hold
        self.strike_reports = opener.reports
        self.strike_reports_within = opener.reports_within
        self._equipment = equipment
        self._opener = opener

    @override
    async def pulse(self) -> None:
        await self._opener.pulse()
        if not self._opener.reports:
            self._equipment.accepted()

    @override
    async def hold(self) -> None:
        await self._opener.hold()

    @override
    async def secure(self) -> None:
        await self._opener.secure()

    @override
    async def hang_up(self, call: str, *, refused: bool) -> None:
        raise EquipmentError(Failure.UNSUPPORTED)


class AdoptedView(Camera):
    """What another integration's camera sees at the door."""

    def __init__(self, camera_id: str, source: Source) -> None:
        self.id = camera_id
        self.source = source

    @property
    @override
    def entity_id(self) -> str | None:
        return self.source.entity_id

    @override
    async def snapshot(
        self, width: int | None, height: int | None, *, seconds_before: int = 0
    ) -> bytes:
        state = self.source.state
        if state is None:
            raise EquipmentError(Failure.UNREACHABLE)
        try:
            image = await async_get_image(
                self.source.hass, state.entity_id, width=width, height=height
            )
        except HomeAssistantError as err:
            raise EquipmentError(Failure.UNREACHABLE) from err
        return image.content


def _nothing_ends() -> None:
    """Take the end of a press: a bell's does not matter."""
