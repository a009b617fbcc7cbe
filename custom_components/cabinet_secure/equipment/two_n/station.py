"""A 2N door station as equipment of the practice."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
import logging
import math
from typing import override

from ...practice.events import (
    DoorSeen,
    EquipmentEvent,
    EquipmentLost,
    EquipmentRestored,
    Fault,
    FaultCleared,
    FaultRaised,
)
from ...practice.lockdown.events import FireReported
from ...practice.panic.config import Gesture, PanicSource
from ...practice.panic.state import PanicKind
from ..base import Bookmark, Equipment, Trouble, TroubleKind
from .access_list import StationAccessList
from .client import TwoNClient
from .errors import (
    DisabledReason,
    MissingPrivilege,
    ServiceDisabled,
    TwoNError,
    Unsupported,
    WrongCredentials,
)
from .events import LogEvent
from .hearing import DURESS, WANTED, Hearing, fire_id
from .log import HeardEvent, LogReader
from .models import IoState, SwitchCapability, SwitchKind, SwitchStatus, SystemInfo
from .parts import (
    StationCamera,
    StationDoor,
    StationPanicButton,
    StationSiren,
    as_equipment_error,
)
from .roles import StationRoles

_LOGGER = logging.getLogger(__name__)

# What happened since we last listened is heard, late: a restart of Home Assistant must
# not swallow a panic. Seconds at most.
_LONGEST_HISTORY = 3600
# Two reckonings of one start of the device differ by less than this; two starts do not.
_SAME_START = timedelta(seconds=20)
# Whoever types that code means it.
_DURESS_CODE = PanicSource(kind=PanicKind.DURESS, gesture=Gesture.SINGLE)
# Between attempts to read the state of a station that answers only half, in seconds.
_READ_AGAIN_AFTER = 5
# An event that comes while the state is read makes the answer doubtful.
_READINGS = 3

_DISABLED = {
    DisabledReason.DISABLED: TroubleKind.SERVICE_DISABLED,
    DisabledReason.WRONG_CONNECTION_TYPE: TroubleKind.CONNECTION_TYPE,
    DisabledReason.WRONG_AUTHENTICATION: TroubleKind.AUTHENTICATION_METHOD,
}


class TwoNStation(Equipment):
    """A door station: doors, bell, camera, inputs and outputs, and its log.

    It is available once it was subscribed to and its state was read, and until the
    reader of its log says that the connection is lost.
    """

    manufacturer = "2N"

    def __init__(
        self, client: TwoNClient, serial_number: str, name: str, roles: StationRoles
    ) -> None:
        super().__init__()
        self.id = self.serial_number = serial_number
        self.name = name
        self._client = client
        self._roles = roles
        self._hearing = Hearing(self.id, roles)
        self._available = False
        self._listening: asyncio.Task[None] | None = None
        self._reading: asyncio.Task[None] | None = None
        self._heard = 0
        # Where an earlier run of ours left off.
        self._left_at: Bookmark | None = None
        # What inputs and outputs are, as far as the device told.
        self.ports: dict[str, bool] = {}
        # Whether the telephone account is registered; None where there is none.
        self.registered: bool | None = None

        self._camera = StationCamera(client, self.id) if roles.camera else None
        self._doors = tuple(
            StationDoor(client, self.id, role, self._camera) for role in roles.doors
        )
        self.doors = self._doors
        self.access_list = StationAccessList(
            client.directory, {door.id: door.role.switch for door in self._doors}
        )
        self.cameras = (self._camera,) if self._camera else ()
        self.panic_buttons = tuple(
            StationPanicButton(self.id, port, name, source)
            for port, source in (*roles.panic_inputs.items(), (DURESS, _DURESS_CODE))
        )
        self.sirens = tuple(
            StationSiren(client, self.id, port, name, self.ports)
            for port in roles.siren_outputs
        )
        self.free_inputs = roles.free_inputs
        self.free_outputs = roles.free_outputs

    @property
    @override
    def available(self) -> bool:
        return self._available

    # --- life ------------------------------------------------------------------------

    @override
    def start(
        self, hear: Callable[[EquipmentEvent], None], changed: Callable[[], None]
    ) -> None:
        super().start(hear, changed)
        self._hear(EquipmentLost(equipment=self.id))
        if isinstance(self.bookmark, Bookmark):
            self._left_at = self.bookmark
        history: int | None = None
        if self._left_at is not None:
            away = (datetime.now(UTC) - self._left_at.heard_at).total_seconds()
            history = min(max(1, math.ceil(away)), _LONGEST_HISTORY)
        reader = LogReader(self._client, WANTED, history=history)
        self._listening = asyncio.create_task(
            self._listen(reader), name=f"log of {self.name}"
        )

    @override
    async def stop(self) -> None:
        tasks = [task for task in (self._listening, self._reading) if task is not None]
        self._listening = self._reading = None
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        # A hold does not outlive whoever asked for it; without an answer the device
        # ends it by itself.
        held = [door.lease for door in self._doors if door.lease.running]
        if self._available:
            await asyncio.gather(
                *(lease.end() for lease in held), return_exceptions=True
            )
        for lease in held:
            lease.drop()
        self._available = False
        await super().stop()

    async def _listen(self, reader: LogReader) -> None:
        try:
            await reader.run(self._on_event, self._on_connection)
        except WrongCredentials:
            self._lose()
            self._set_troubles({Trouble(kind=TroubleKind.CREDENTIALS)})

    def _on_connection(self, connected: bool, error: TwoNError | None) -> None:  # noqa: FBT001
        if self._reading is not None:
            self._reading.cancel()
            self._reading = None
        if connected:
            self._reading = asyncio.create_task(
                self._read_until_known(), name=f"state of {self.name}"
            )
            return
        self._lose()
        if error is not None and (trouble := _trouble(error)) is not None:
            self._set_troubles({trouble})

    def _lose(self) -> None:
        if self._available:
            _LOGGER.info("%s does not answer any more", self.name)
        self._available = False
        self.registered = None
        self.ports.clear()
        for door in self._doors:
            door.lease.drop()
        self._hear(EquipmentLost(equipment=self.id))
        self._changed()

    # --- what it says ----------------------------------------------------------------

    def _on_event(self, heard: HeardEvent) -> None:
        if self._was_heard_before(heard):
            return
        self._heard += 1
        event = heard.event
        if event.is_startup and not heard.resumed:
            self._on_connection(True, None)  # noqa: FBT003
        if not heard.resumed:
            self._note(event)
        for translated in self._hearing.translate(heard):
            self._hear(translated)

    def _was_heard_before(self, heard: HeardEvent) -> bool:
        """Whether we heard this before we were started; else put the bookmark here."""
        event = heard.event
        if heard.age is None or event.up_time is None:
            return False
        began_at = heard.received_at - timedelta(seconds=heard.age + event.up_time)
        left_at = self._left_at
        if (
            left_at is not None
            and abs(began_at - left_at.began_at) < _SAME_START
            and event.id <= left_at.event
        ):
            return True
        self.bookmark = Bookmark(
            event=event.id, began_at=began_at, heard_at=heard.received_at
        )
        return False

    def _note(self, event: LogEvent) -> None:
        """Keep what only entities show, and leases that the device has ended."""
        match event.name:
            case "InputChanged" | "OutputChanged":
                port, on = event.text("port"), event.flag("state")
                if port is not None and on is not None:
                    self.ports[port] = on
                    self._changed()
            case "RegistrationStateChanged":
                self.registered = event.text("state") == "registered"
                self._changed()
            case "SwitchStateChanged" if event.flag("state") is False:
                for door in self._doors:
                    if door.role.switch == event.number("switch"):
                        door.lease.drop()

    # --- what it is asked ------------------------------------------------------------

    async def _read_until_known(self) -> None:
        while True:
            try:
                await self._read()
            except WrongCredentials:
                # The reader meets it too, and ends.
                return
            except TwoNError as err:
                _LOGGER.debug("The state of %s is not known: %s", self.name, err)
                await asyncio.sleep(_READ_AGAIN_AFTER)
                continue
            return

    async def _read(self) -> None:
        """Read what the device is and how it is; then it is available."""
        troubles: set[Trouble] = set()

        async def ask[T](question: Awaitable[T]) -> T | None:
            """Ask for what the station can also do without."""
            try:
                return await question
            except MissingPrivilege as err:
                troubles.add(Trouble(kind=TroubleKind.PRIVILEGE, subject=err.service))
            except ServiceDisabled as err:
                troubles.add(Trouble(kind=_DISABLED[err.reason], subject=err.service))
            except Unsupported as err:
                _LOGGER.debug("%s: %s", self.name, err)
            return None

        self._learn(await self._client.system_info())
        status = await ask(self._client.system_status())
        if self.bookmark is None and status is not None and status.up_time is not None:
            # Nothing was heard yet; what comes from now on is not to be missed.
            now = datetime.now(UTC)
            self.bookmark = Bookmark(
                event=0,
                began_at=now - timedelta(seconds=status.up_time),
                heard_at=now,
            )
        for capability in await ask(self._client.switch_caps()) or ():
            if self._is_unprotected(capability):
                troubles.add(
                    Trouble(
                        kind=TroubleKind.UNPROTECTED_RELAY,
                        subject=str(capability.switch),
                    )
                )
        if self._camera is not None and (
            capabilities := await ask(self._client.camera_caps())
        ):
            self._camera.learn(capabilities)
        accounts = await ask(self._client.phone_status()) or ()
        configured = [account for account in accounts if account.sip_number]
        self.registered = (
            all(account.registered for account in configured) if configured else None
        )
        switches: tuple[SwitchStatus, ...] = ()
        ports: tuple[IoState, ...] = ()
        for _ in range(_READINGS):
            heard = self._heard
            switches = await ask(self._client.switch_status()) or ()
            ports = await ask(self._client.io_status()) or ()
            if heard == self._heard:
                break
        self.ports.update({port.port: port.on for port in ports})
        self._set_troubles(troubles)
        if not self._available:
            _LOGGER.info("%s answers", self.name)
        self._available = True
        self._hear(EquipmentRestored(equipment=self.id))
        self._report_state({switch.switch: switch.active for switch in switches})
        self._changed()

    def _learn(self, info: SystemInfo) -> None:
        self.model = info.model
        self.firmware = info.firmware
        self.mac_address = info.mac_address

    def _is_unprotected(self, capability: SwitchCapability) -> bool:
        """Learn of a switch; say whether a screwdriver at the unit releases it."""
        for door in self._doors:
            if door.role.switch == capability.switch:
                door.learn(capability)
                return capability.kind is SwitchKind.NORMAL
        return False

    def _report_state(self, switches: dict[int, bool]) -> None:
        for door in self._doors:
            contact = door.role.contact
            known = self.ports.get(contact) if contact else None
            self._hear(
                DoorSeen(
                    equipment=self.id,
                    door=door.id,
                    released=switches.get(door.role.switch),
                    contact_open=known,
                )
            )
        raised = self.registered is False
        kind = FaultRaised if raised else FaultCleared
        self._hear(kind(equipment=self.id, fault=Fault.UNREGISTERED))
        for port in self._roles.fire_inputs & self.ports.keys():
            self._hear(
                FireReported(
                    equipment=self.id,
                    source=fire_id(self.id, port),
                    active=self.ports[port],
                )
            )
        if self._roles.tamper_inputs & self.ports.keys():
            opened = any(self.ports.get(port) for port in self._roles.tamper_inputs)
            kind = FaultRaised if opened else FaultCleared
            self._hear(kind(equipment=self.id, fault=Fault.TAMPER))

    def _set_troubles(self, troubles: set[Trouble]) -> None:
        self.troubles = frozenset(troubles)
        refused = any(t.kind is not TroubleKind.UNPROTECTED_RELAY for t in troubles)
        kind = FaultRaised if refused else FaultCleared
        self._hear(kind(equipment=self.id, fault=Fault.SERVICE))
        self._changed()

    # --- what it is told -------------------------------------------------------------

    async def set_output(self, port: str, *, on: bool) -> None:
        """Switch an output that has no role. Raises EquipmentError."""
        with as_equipment_error():
            await self._client.io_control(port, on=on)


def _trouble(error: TwoNError) -> Trouble | None:
    match error:
        case WrongCredentials():
            return Trouble(kind=TroubleKind.CREDENTIALS)
        case MissingPrivilege(service=service):
            return Trouble(kind=TroubleKind.PRIVILEGE, subject=service)
        case ServiceDisabled(service=service, reason=reason):
            return Trouble(kind=_DISABLED[reason], subject=service)
        case _:
            return None
