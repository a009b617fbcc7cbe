"""What the practice wants done.

Effects are carried out in the order of their urgency; one that fails never stops the
next. Those that release a strike are carried out once the decision is stored: a crash
before that must mean that it was never done.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import IntEnum, StrEnum
from typing import ClassVar

from .people import Actor
from .state import Answer, Mode, Ring


class Urgency(IntEnum):
    """Which effects come first: what protects people, then what people wait for."""

    HELP = 0
    SECURE = 1
    MOVE = 2
    ANNOUNCE = 3
    COURTESY = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Effect:
    """Anything that is to be done."""

    urgency: ClassVar[Urgency] = Urgency.ANNOUNCE
    # Whether a crash before it is stored must mean that it was never done.
    stored_first: ClassVar[bool] = False
    # Whether it is stored at once: no crash may take it back.
    stored_at_once: ClassVar[bool] = False
    # Whether its command leaves before anything that follows is done.
    eager: ClassVar[bool] = False


@dataclass(frozen=True, slots=True, kw_only=True)
class PulseStrike(Effect):
    """Release the strike for as long as the device does on a pulse."""

    urgency: ClassVar[Urgency] = Urgency.MOVE
    stored_first: ClassVar[bool] = True
    door: str
    opening: str


@dataclass(frozen=True, slots=True, kw_only=True)
class HoldStrike(Effect):
    """Keep the strike released, by a lease that the device ends without us."""

    urgency: ClassVar[Urgency] = Urgency.MOVE
    stored_first: ClassVar[bool] = True
    door: str
    opening: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SecureStrike(Effect):
    """End a hold: the door is locked from outside again."""

    urgency: ClassVar[Urgency] = Urgency.SECURE
    door: str


@dataclass(frozen=True, slots=True, kw_only=True)
class HangUp(Effect):
    """End the call of the door station to the desk phone."""

    urgency: ClassVar[Urgency] = Urgency.COURTESY
    door: str
    call: str
    refused: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ShowVisitor(Effect):
    """Take the visitor's picture into memory."""

    door: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ForgetVisitor(Effect):
    """Forget the visitor's picture (DOMAIN: it goes when the call ends)."""

    urgency: ClassVar[Urgency] = Urgency.COURTESY
    door: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AnnounceBell(Effect):
    """Say that the bell of a door was pressed."""

    door: str


class RingEvent(StrEnum):
    """What can happen to a ring (public: `trigger.ring.event`)."""

    STARTED = "started"
    ESCALATED = "escalated"
    ANSWERED = "answered"
    OPENED = "opened"
    REFUSED = "refused"
    MISSED = "missed"
    ENDED = "ended"
    ANSWER_REJECTED = "answer_rejected"


@dataclass(frozen=True, slots=True, kw_only=True)
class AnnounceRing(Effect):
    """Say what happened to a ring. `ring` is None for an answer to no known ring."""

    event: RingEvent
    ring: Ring | None
    by: Actor | None = None
    reason: str | None = None
    # The one-shot answers that may be handed out with this announcement.
    actions: Mapping[Answer, str] = field(default_factory=dict)


class DoorEventKind(StrEnum):
    """What can happen at a door (public: types of the `access` event entity)."""

    GRANTED = "granted"
    DENIED = "denied"
    OPENED = "opened"
    CLOSED = "closed"
    FORCED = "forced"
    HELD_OPEN = "held_open"
    OPEN_FAILED = "open_failed"
    OPENED_LATE = "opened_late"  # after the attempt had been given up
    EXIT_BUTTON = "exit_button"
    TAMPERED = "tampered"
    DENIED_REPEATEDLY = "denied_repeatedly"  # five times in a row


@dataclass(frozen=True, slots=True, kw_only=True)
class AnnounceDoor(Effect):
    """Say what happened at a door, who did it, how, and why it went wrong."""

    kind: DoorEventKind
    door: str
    by: Actor | None = None
    method: str | None = None
    reason: str | None = None
    ring: str | None = None
    late: bool = False
    device_time: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AnnouncePanicPress(Effect):
    """Say that a panic button was pressed."""

    urgency: ClassVar[Urgency] = Urgency.SECURE
    button: str
    late: bool


class EquipmentEventKind(StrEnum):
    """What can happen to equipment (public)."""

    LOST = "lost"
    RESTORED = "restored"
    FAULT = "fault"
    FAULT_CLEARED = "fault_cleared"


@dataclass(frozen=True, slots=True, kw_only=True)
class AnnounceEquipment(Effect):
    """Say what happened to equipment."""

    kind: EquipmentEventKind
    equipment: str
    fault: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AnnounceMode(Effect):
    """Say that the mode of the practice changed."""

    from_mode: Mode
    to_mode: Mode
    by: Actor


class Refusal(StrEnum):
    """Why a request is not met (public; each has its translated message)."""

    NOT_ALLOWED = "not_allowed"
    LOCKDOWN = "lockdown"
    FIRE = "fire"  # no lockdown begins while there is one
    UNKNOWN_DOOR = "unknown_door"
    UNKNOWN_CAMERA = "unknown_camera"
    HIDDEN_BY_RULE = "hidden_by_rule"  # the mode, or where the camera looks
    EQUIPMENT_LOST = "equipment_lost"
    CANNOT_HOLD = "cannot_hold"  # the door only opens for one visitor
    ANSWERED = "answered"  # somebody else was faster
    OVER = "over"  # the ring has ended
    UNKNOWN_RING = "unknown_ring"  # no such ring, or a forged token
    USED = "used"  # a token presented twice
    EXPIRED = "expired"  # a token presented too late
    NO_HOURS = "no_hours"  # the practice was told no hours
    INVALID_PERIOD = "invalid_period"  # over already, or without an end
    UNKNOWN_PERIOD = "unknown_period"
    UNKNOWN_PANIC = "unknown_panic"
    PANIC_OVER = "panic_over"  # it was reset
    SIREN_SPENT = "siren_spent"  # it sounded for as long as it may
    PANIC_ACTIVE = "panic_active"  # no drill beside a panic or another drill
    NO_SENSORS = "no_sensors"  # an alarm that would guard nothing
    NOT_CLOSED = "not_closed"  # something stands in the way of arming
    ALARM_RUNNING = "alarm_running"  # it has to be disarmed first
    CODE_NEEDED = "code_needed"
    WRONG_CODE = "wrong_code"
    LOCKED_OUT = "locked_out"  # too many wrong codes
    UNKNOWN_GRANT = "unknown_grant"  # no such grant, or over already
    GRANT_TIMES = "grant_times"  # a validity that makes no sense, or is too long
    NOT_CHECKED = "not_checked"  # nothing checks such a thing at one of the doors
    CODE_TAKEN = "code_taken"  # a code that was given within the last 90 days
    LINKS_OFF = "links_off"  # opening links are not used in this practice
    OUTSIDE_WINDOW = "outside_window"  # a grant that is not good here and now
    SECOND_PERSON = "second_person"  # another person has to come within 30 s


@dataclass(frozen=True, slots=True, kw_only=True)
class Refused(Effect):
    """Tell whoever asked that it will not be done."""

    urgency: ClassVar[Urgency] = Urgency.SECURE
    refusal: Refusal
    # Who was faster, where somebody was.
    by: Actor | None = None
    # The doors and sensors that stand in the way.
    parts: tuple[str, ...] = ()
    # Until when it will not be done.
    until: datetime | None = None
