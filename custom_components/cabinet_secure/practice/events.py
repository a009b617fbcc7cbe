"""What the practice can hear.

Equipment turns whatever its device says into these; people's wishes and passed
deadlines come in the same way. An event says when the device saw it, where the device
tells, and whether it comes too late to be acted on.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from .people import Actor
from .state import Answer, Mode


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """Anything that the practice hears."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EquipmentEvent(Event):
    """Something that equipment reports."""

    equipment: str
    device_time: datetime | None = None
    late: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class DoorEvent(EquipmentEvent):
    """Something that equipment reports about a door."""

    door: str


@dataclass(frozen=True, slots=True, kw_only=True)
class BellPressed(DoorEvent):
    """Somebody pressed the bell."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CallStarted(DoorEvent):
    """The door station calls a desk phone, as a press on the bell makes it do."""

    call: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CallAnswered(EquipmentEvent):
    """Somebody took the call on a desk phone."""

    call: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CallEnded(EquipmentEvent):
    """The call to the desk phone is over, taken or not."""

    call: str


class Originator(StrEnum):
    """What released a strike, as far as the device tells."""

    REQUEST = "request"  # a command over the network: ours, or another's
    CODE = "code"  # somebody the device knows
    PHONE = "phone"  # the desk phone in the call
    EXIT_BUTTON = "exit_button"
    DEVICE = "device"  # a time profile, an automation of the device
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class StrikeReleased(DoorEvent):
    """The device reports that the strike is released."""

    originator: Originator


@dataclass(frozen=True, slots=True, kw_only=True)
class ReleaseAccepted(DoorEvent):
    """The device took our command to release, and will never tell of its strike."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StrikeSecured(DoorEvent):
    """The device reports that the strike is secured again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DoorOpened(DoorEvent):
    """The contact of the door opened."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DoorClosed(DoorEvent):
    """The contact of the door closed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DoorSeen(DoorEvent):
    """How a door is when the device is asked; nothing has happened. None: unknown."""

    released: bool | None
    contact_open: bool | None


@dataclass(frozen=True, slots=True, kw_only=True)
class DoorForced(DoorEvent):
    """The door was opened though nothing had released it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DoorHeldOpen(DoorEvent):
    """The door stays open for too long."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AccessGranted(DoorEvent):
    """The device let somebody in; `label` is the device's name for them."""

    label: str
    method: str
    # The device's identifier of who it was: that of a grant, where it is one of ours.
    grant: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AccessDenied(DoorEvent):
    """The device refused somebody. `label` is empty for somebody unknown."""

    label: str
    reason: str
    grant: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ExitButtonPressed(DoorEvent):
    """Somebody leaves: the request-to-exit button."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PanicPressed(EquipmentEvent):
    """A panic button was pressed; `button` is the identifier of that button.

    `doubt` says that it may not have been a person: a fault of the wire, or the first
    that is heard of a source after it was away.
    """

    button: str
    doubt: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class PanicReleased(EquipmentEvent):
    """A panic button was let go."""

    button: str


class Fault(StrEnum):
    """What may be wrong with equipment that still answers."""

    TAMPER = "tamper"
    BLOCKED = "blocked"  # the device refuses to operate its switches
    UNREGISTERED = "unregistered"  # its telephone account
    SERVICE = "service"  # it refuses us a part of what it can do
    SIREN = "siren"  # it does not sound, or does not fall silent, as it was told
    LOCKDOWN = "lockdown"  # it does not follow the beginning or the end of a lockdown
    PANIC_CHAIN = "panic_chain"  # a call for help would not reach everybody
    LOGIN_BLOCKED = "login_blocked"  # somebody tries passwords on it
    STORAGE = "storage"  # pictures of a camera cannot be kept
    PRIVACY = "privacy"  # a camera does not look away though it was told to
    BATTERY = "battery"  # one of its batteries is low
    NO_CHECK_IN = "no_check_in"  # nothing was heard of it for too long
    WIRE = "wire"  # its loop is not at rest, though nobody need have pressed
    BELL_AWAY = "bell_away"  # the bell of the door does not answer
    CONTACT_AWAY = "contact_away"  # nor its contact
    TAMPER_AWAY = "tamper_away"  # nor what watches its housing


@dataclass(frozen=True, slots=True, kw_only=True)
class FaultRaised(EquipmentEvent):
    """Something is wrong with equipment."""

    fault: Fault


@dataclass(frozen=True, slots=True, kw_only=True)
class FaultCleared(EquipmentEvent):
    """What was wrong with equipment is right again."""

    fault: Fault


@dataclass(frozen=True, slots=True, kw_only=True)
class EquipmentLost(EquipmentEvent):
    """Equipment does not answer any more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EquipmentRestored(EquipmentEvent):
    """Equipment answers again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CommandFailed(Event):
    """A command to open could not be carried out; `opening` names the attempt."""

    opening: str
    reason: str
    # Whether the device may have taken it all the same: nobody knows.
    may_have_worked: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Request(Event):
    """What somebody wants. A request that may not be met is answered `Refused`."""

    actor: Actor


@dataclass(frozen=True, slots=True, kw_only=True)
class RingAnswer(Request):
    """Somebody answers a ring by its identifier."""

    ring: str
    answer: Answer


@dataclass(frozen=True, slots=True, kw_only=True)
class TokenPresented(Request):
    """Somebody answers a ring by the one-shot token of a notification."""

    token: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenRequested(Request):
    """Somebody wants a door opened once."""

    door: str


@dataclass(frozen=True, slots=True, kw_only=True)
class HoldRequested(Request):
    """Somebody wants a door to stay unlocked until it is locked again."""

    door: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SecureRequested(Request):
    """Somebody wants a door locked. Everybody may: it takes nothing from anybody."""

    door: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ModeChosen(Request):
    """Somebody chooses the mode of the practice.

    It holds `until` then, or until the next boundary of the hours, or `for_good`: until
    somebody changes it. A lockdown always holds until somebody ends it.
    """

    mode: Mode
    until: datetime | None = None
    for_good: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class DeadlinePassed(Event):
    """Time went by, and nothing else happened."""
