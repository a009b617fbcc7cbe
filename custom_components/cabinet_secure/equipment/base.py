"""What every kind of equipment is to the practice."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from aiohttp import ClientResponse

from ..practice.cameras.config import CameraConfig
from ..practice.config import STRIKE_REPORTS_WITHIN
from ..practice.events import EquipmentEvent
from ..practice.panic.config import PanicSource

if TYPE_CHECKING:
    from .access_list import AccessList


class Failure(StrEnum):
    """Why a command was not carried out (public; each has its translated message)."""

    UNREACHABLE = "unreachable"
    CREDENTIALS = "credentials"
    PRIVILEGE = "privilege"
    REFUSED = "refused"
    UNSUPPORTED = "unsupported"
    TOO_LATE = "too_late"


class EquipmentError(Exception):
    """A command or a question came to nothing."""

    def __init__(self, failure: Failure) -> None:
        super().__init__(failure.value)
        self.failure = failure


class Camera(ABC):
    """Something that gives pictures. `id` is unique among all equipment."""

    id: str
    # Where it looks, and when it is hidden.
    config: CameraConfig = CameraConfig()
    # Whether it gives pictures of some seconds ago.
    remembers: bool = False

    @property
    def entity_id(self) -> str | None:
        """The entity of others that gives its picture; None where it is no such thing."""
        return None

    @abstractmethod
    async def snapshot(
        self, width: int | None, height: int | None, *, seconds_before: int = 0
    ) -> bytes:
        """Return a JPEG picture of about this size, in pixels.

        `seconds_before` is 0 to 30, and only for a camera that remembers. Raises
        EquipmentError where there is none to be had.
        """

    async def mjpeg(self) -> ClientResponse | None:
        """Return a running MJPEG stream, or None where the device has none.

        Raises EquipmentError.
        """
        return None

    async def look_away(self, *, private: bool) -> bool:
        """Let the device itself see nothing, or see again; False where it cannot.

        Whether or not it can, nobody is shown anything. Raises EquipmentError.
        """
        return False


class Part(ABC):
    """A part of equipment that is a device of its own to people.

    `id` is unique among all equipment, and the same after it was set up anew.
    """

    id: str
    # Where it has no name of its own, it is called after its kind, in the person's
    # language: what the translations of devices call `kind`, with these words in it.
    name: str | None = None
    kind: str | None = None
    words: Mapping[str, str] = {}


class Door(Part):
    """A door that can be released from afar."""

    name: str
    # How long a pulse releases the strike.
    strike_time: timedelta
    has_contact: bool
    # Whether it can stay released until it is secured.
    can_hold: bool = True
    # Whether the strike tells that it is released, and how long that may take. Where it
    # does not, a pulse that the device took reports `ReleaseAccepted`.
    strike_reports: bool = True
    strike_reports_within: timedelta = STRIKE_REPORTS_WITHIN
    # What the visitor at this door is seen with.
    camera: Camera | None = None

    @abstractmethod
    async def pulse(self) -> None:
        """Release the strike once. Raises EquipmentError."""

    @abstractmethod
    async def hold(self) -> None:
        """Keep the strike released until `secure`, by a lease where the device has one.

        It then secures the door by itself when nobody renews the lease. Raises
        EquipmentError where it is refused, or where the door cannot be held.
        """

    @abstractmethod
    async def secure(self) -> None:
        """End a hold; the exit stays free. Raises EquipmentError."""

    async def block(self) -> None:
        """Let nobody in until `free`, whatever they show; the exit stays free.

        Where the device knows no more than that, the door is locked. Raises
        EquipmentError.
        """
        await self.secure()

    async def free(self) -> None:
        """Let people in again who may come in. Raises EquipmentError."""

    @abstractmethod
    async def hang_up(self, call: str, *, refused: bool) -> None:
        """End a call to the desk phone that `CallStarted` told of.

        Raises EquipmentError.
        """


class PanicButton(Part):
    """A wired or drawn panic button, and what a press on it means."""

    source: PanicSource = PanicSource()


class Siren(Part):
    """Something loud."""

    # DOMAIN, *Panic*: 180 s outdoors; one that is surely indoors may sound for 900 s.
    longest: timedelta = timedelta(seconds=180)

    @property
    @abstractmethod
    def sounding(self) -> bool | None:
        """Whether it sounds as far as the device tells; None is unknown."""

    @abstractmethod
    async def sound(self) -> None:
        """Begin to sound. Raises EquipmentError."""

    @abstractmethod
    async def silence(self) -> None:
        """Stop sounding. Raises EquipmentError."""


class TroubleKind(StrEnum):
    """What keeps equipment from serving fully until a person mends it (public)."""

    CREDENTIALS = "credentials"
    PRIVILEGE = "privilege"
    SERVICE_DISABLED = "service_disabled"
    CONNECTION_TYPE = "connection_type"
    AUTHENTICATION_METHOD = "authentication_method"
    UNPROTECTED_RELAY = "unprotected_relay"
    SOURCE_GONE = "source_gone"
    DIRECTORY = "directory"  # codes cannot be written to it
    RELAY_STAYS_ON = "relay_stays_on"


@dataclass(frozen=True, slots=True, kw_only=True)
class Trouble:
    """Something that a person has to mend, and what it is about."""

    kind: TroubleKind
    subject: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Bookmark:
    """The last event that was heard of a device, so that a restart repeats nothing.

    Devices number their events from each of their own starts; `began_at` is that start
    and `heard_at` the hearing, both by our clock.
    """

    event: int
    began_at: datetime
    heard_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceBookmark:
    """What is kept of an entity of Home Assistant, so that a restart repeats nothing."""

    # The last press that was heard, by the time that the source gave it.
    pressed_at: datetime | None = None
    # Whether it was left as we moved it, to be put back; and how it was before.
    moved: bool = False
    before: dict[str, Any] | None = None


class Equipment(ABC):
    """One thing with its own address or none: a door station, the demonstration.

    Between `start` and `stop` it reports what happens to `hear`, and calls `changed`
    when something that only entities show is different.
    """

    # Unique among all equipment, and the same after it was set up anew.
    id: str
    name: str
    doors: tuple[Door, ...] = ()
    cameras: tuple[Camera, ...] = ()
    panic_buttons: tuple[PanicButton, ...] = ()
    sirens: tuple[Siren, ...] = ()
    # Whom it lets in by itself, where it can be told.
    access_list: AccessList | None = None

    # What is known of the device itself.
    manufacturer: str | None = None
    model: str | None = None
    firmware: str | None = None
    serial_number: str | None = None
    mac_address: str | None = None
    address: str | None = None

    # What a person has to mend.
    troubles: frozenset[Trouble] = frozenset()

    # Where hearing was left; set before `start`, kept by whoever runs the equipment.
    bookmark: Bookmark | SourceBookmark | None = None

    def __init__(self) -> None:
        self._hear: Callable[[EquipmentEvent], None] = _nobody_hears
        self._changed: Callable[[], None] = _nobody_looks

    @property
    @abstractmethod
    def available(self) -> bool:
        """Whether the equipment answers."""

    @property
    def all_cameras(self) -> tuple[Camera, ...]:
        """Its cameras, and those with which its doors see a visitor."""
        doors = (door.camera for door in self.doors)
        cameras = (*self.cameras, *(camera for camera in doors if camera is not None))
        return tuple({camera.id: camera for camera in cameras}.values())

    def start(
        self, hear: Callable[[EquipmentEvent], None], changed: Callable[[], None]
    ) -> None:
        """Begin to listen. Never waits for the device, and never fails."""
        self._hear = hear
        self._changed = changed

    async def stop(self) -> None:
        """Stop listening and let go of the device; never fails."""
        self._hear = _nobody_hears
        self._changed = _nobody_looks


def _nobody_hears(event: EquipmentEvent) -> None:
    """Take what is reported before `start` and after `stop`."""


def _nobody_looks() -> None:
    """Take a change before `start` and after `stop`."""
