"""The doors, camera, panic inputs and sirens of a 2N door station."""

from collections.abc import Mapping
from contextlib import contextmanager
from datetime import timedelta
import logging
from typing import TYPE_CHECKING, override

from aiohttp import ClientResponse

from ...practice.panic.config import PanicSource
from ..base import Camera, Door, EquipmentError, Failure, PanicButton, Siren
from .client import TwoNClient
from .errors import (
    MissingPrivilege,
    Refused,
    ServiceDisabled,
    TwoNError,
    Unsupported,
    WrongCredentials,
)
from .hearing import DURESS, door_id, panic_id, session_of
from .lease import Lease
from .models import (
    CameraCapabilities,
    HangupReason,
    Resolution,
    SwitchAction,
    SwitchCapability,
    SwitchMode,
)
from .roles import DoorRole

if TYPE_CHECKING:
    from collections.abc import Iterator

_LOGGER = logging.getLogger(__name__)

# The access point of the entry; that of the exit, 1, is never touched.
_ENTRY = 0
# "Invalid parameter value" (2N HTTP API, error codes).
_INVALID = 12
# Where the device does not tell how long a pulse is.
_USUAL_PULSE = timedelta(seconds=5)
_USUAL_PICTURE = Resolution(width=640, height=480)
_STREAM_RATE = 10


@contextmanager
def as_equipment_error() -> Iterator[None]:
    """Turn the client's taxonomy of errors into that of all equipment."""
    try:
        yield
    except TwoNError as err:
        raise EquipmentError(_failure(err)) from err


def _failure(err: TwoNError) -> Failure:
    match err:
        case WrongCredentials():
            return Failure.CREDENTIALS
        case MissingPrivilege():
            return Failure.PRIVILEGE
        case Unsupported():
            return Failure.UNSUPPORTED
        case Refused() | ServiceDisabled():
            return Failure.REFUSED
        case _:
            return Failure.UNREACHABLE


class StationDoor(Door):
    """A door that a switch of the station releases."""

    def __init__(
        self,
        client: TwoNClient,
        station: str,
        role: DoorRole,
        camera: Camera | None,
    ) -> None:
        self.id = door_id(station, role.switch)
        self.name = role.name
        self.has_contact = role.contact is not None
        self.strike_time = _USUAL_PULSE
        self.camera = camera
        self.role = role
        self.lease = Lease(client, role.switch)
        self._client = client
        self._mode: SwitchMode | None = None
        self._blocked = False

    def learn(self, capability: SwitchCapability) -> None:
        """Take in what the device says of the switch."""
        self._mode = capability.mode
        if capability.on_duration:
            self.strike_time = timedelta(seconds=capability.on_duration)

    @override
    async def pulse(self) -> None:
        with as_equipment_error():
            if self._blocked:
                # For whoever may override: codes and cards stay blocked meanwhile, and
                # the practice has the switch locked again behind them.
                await self._client.switch_control(self.role.switch, SwitchAction.UNLOCK)
                self._blocked = False
            if self._mode is SwitchMode.MONOSTABLE:
                await self._client.switch_control(
                    self.role.switch, SwitchAction.TRIGGER
                )
            else:
                # To trigger a bistable switch would leave the door open for good.
                await self._client.switch_control(
                    self.role.switch,
                    SwitchAction.HOLD,
                    timeout=max(1, round(self.strike_time.total_seconds())),
                )

    @override
    async def hold(self) -> None:
        with as_equipment_error():
            await self.lease.begin()

    @override
    async def secure(self) -> None:
        with as_equipment_error():
            await self.lease.end()

    @override
    async def block(self) -> None:
        """Refuse codes and cards at the entry, and whatever else moves the switch.

        A lock beats a hold and survives a loss of power (PROTOCOL_2N).
        """
        with as_equipment_error():
            try:
                await self._client.switch_control(self.role.switch, SwitchAction.LOCK)
                self._blocked = True
            finally:
                # Half a lockdown is better than none.
                await self._block_access_point(on=True)

    @override
    async def free(self) -> None:
        with as_equipment_error():
            try:
                await self._client.switch_control(self.role.switch, SwitchAction.UNLOCK)
            except Refused as err:
                if err.code != _INVALID:
                    raise
                # Old firmware knows no locks, so that there is none to take off.
                _LOGGER.debug("The switch knows no locks")
            self._blocked = False
            await self._block_access_point(on=False)

    async def _block_access_point(self, *, on: bool) -> None:
        try:
            await self._client.access_point_block(_ENTRY, on=on)
        except Refused, Unsupported:
            # The access point is turned off: then no code or card opens here anyway.
            _LOGGER.debug("The access point of the entry cannot be blocked")

    @override
    async def hang_up(self, call: str, *, refused: bool) -> None:
        with as_equipment_error():
            await self._client.call_hangup(
                session_of(call),
                HangupReason.REJECTED if refused else HangupReason.NORMAL,
            )


class StationCamera(Camera):
    """The camera of the station. Its sizes are those that the device offers."""

    remembers = True

    def __init__(self, client: TwoNClient, station: str) -> None:
        self.id = f"{station}-camera"
        self._client = client
        self._resolutions: tuple[Resolution, ...] = ()

    def learn(self, capabilities: CameraCapabilities) -> None:
        """Take in what the device says of its camera."""
        self._resolutions = tuple(
            sorted(capabilities.resolutions, key=lambda size: size.width * size.height)
        )

    @override
    async def snapshot(
        self, width: int | None, height: int | None, *, seconds_before: int = 0
    ) -> bytes:
        size = self._size(width, height)
        with as_equipment_error():
            return await self._client.snapshot(
                size.width, size.height, seconds_before=seconds_before
            )

    @override
    async def mjpeg(self) -> ClientResponse:
        size = self._size(None, None)
        with as_equipment_error():
            return await self._client.mjpeg(size.width, size.height, _STREAM_RATE)

    def _size(self, width: int | None, height: int | None) -> Resolution:
        """Return the smallest size that is large enough, or the largest."""
        if not self._resolutions:
            return _USUAL_PICTURE
        wanted = (width or _USUAL_PICTURE.width, height or _USUAL_PICTURE.height)
        return next(
            (
                size
                for size in self._resolutions
                if size.width >= wanted[0] and size.height >= wanted[1]
            ),
            self._resolutions[-1],
        )


class StationPanicButton(PanicButton):
    """A panic button on an input, or the duress code on the keypad."""

    def __init__(self, station: str, port: str, name: str, source: PanicSource) -> None:
        self.id = panic_id(station, port)
        self.kind = "duress" if port == DURESS else "panic_input"
        self.words = {"station": name, "port": port}
        self.source = source


class StationSiren(Siren):
    """A siren on an output of the station."""

    def __init__(
        self,
        client: TwoNClient,
        station: str,
        port: str,
        name: str,
        ports: Mapping[str, bool],
    ) -> None:
        self.id = f"{station}-siren-{port}"
        self.kind = "siren_output"
        self.words = {"station": name, "port": port}
        self._client = client
        self._port = port
        self._ports = ports

    @property
    @override
    def sounding(self) -> bool | None:
        return self._ports.get(self._port)

    @override
    async def sound(self) -> None:
        with as_equipment_error():
            await self._client.io_control(self._port, on=True)

    @override
    async def silence(self) -> None:
        with as_equipment_error():
            await self._client.io_control(self._port, on=False)
