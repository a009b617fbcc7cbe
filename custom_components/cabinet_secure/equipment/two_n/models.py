"""What a 2N device says about itself, typed (2N HTTP API, manual 2.37).

Every class reads itself from the `result` of an answer with `from_json`, which
raises `MalformedAnswer` where a necessary key is missing. A word that this code
does not know becomes None, never an error: firmware adds words.
"""

from dataclasses import dataclass
from enum import StrEnum, unique
from typing import Self

from .json_reading import (
    Json,
    choice_or_none,
    flag,
    flag_or_none,
    integer,
    integer_or_none,
    objects,
    text,
    text_or_none,
)

_LONGEST_SWITCHING = 86_400


@dataclass(frozen=True, slots=True, kw_only=True)
class SystemInfo:
    """Who the device is (system/info)."""

    serial_number: str
    model: str | None
    device_name: str | None
    firmware: str | None
    hardware: str | None
    mac_address: str | None
    """As the device writes it: `7C-1E-B3-01-02-03`."""

    @classmethod
    def from_json(cls, result: dict[str, Json]) -> Self:
        """Read the result of system/info."""
        return cls(
            serial_number=text(result, "serialNumber"),
            model=text_or_none(result, "variant") or text_or_none(result, "devType"),
            device_name=text_or_none(result, "deviceName"),
            firmware=text_or_none(result, "swVersion"),
            hardware=text_or_none(result, "hwVersion"),
            mac_address=text_or_none(result, "macAddr"),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class SystemStatus:
    """The device's clocks (system/status)."""

    system_time: int | None
    """Epoch seconds by the device's own clock, which may be wrong."""
    up_time: int | None
    """Whole seconds since the device started."""

    @classmethod
    def from_json(cls, result: dict[str, Json]) -> Self:
        """Read the result of system/status."""
        return cls(
            system_time=integer_or_none(result, "systemTime"),
            up_time=integer_or_none(result, "upTime"),
        )


@unique
class SwitchMode(StrEnum):
    """Whether a switch falls back by itself."""

    MONOSTABLE = "monostable"
    BISTABLE = "bistable"


@unique
class SwitchKind(StrEnum):
    """What the switch drives: a relay, or the vendor's security relay behind it."""

    NORMAL = "normal"
    SECURITY = "security"
    INVERTED = "inverted"


@unique
class SwitchAction(StrEnum):
    """What can be asked of a switch (switch/ctrl). A lock beats a hold."""

    ON = "on"
    OFF = "off"
    TRIGGER = "trigger"
    LOCK = "lock"
    UNLOCK = "unlock"
    HOLD = "hold"
    RELEASE = "release"


@dataclass(frozen=True, slots=True, kw_only=True)
class SwitchCapability:
    """What a switch is (switch/caps). A disabled one tells nothing else."""

    switch: int
    enabled: bool
    mode: SwitchMode | None
    kind: SwitchKind | None
    on_duration: float | None
    """Seconds that a monostable switch stays on."""

    @classmethod
    def from_json(cls, result: dict[str, Json]) -> tuple[Self, ...]:
        """Read the result of switch/caps."""
        return tuple(
            cls(
                switch=integer(entry, "switch"),
                enabled=flag(entry, "enabled"),
                mode=choice_or_none(SwitchMode, entry, "mode"),
                kind=choice_or_none(SwitchKind, entry, "type"),
                on_duration=_seconds(entry, "switchOnDuration"),
            )
            for entry in objects(result, "switches")
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class SwitchStatus:
    """What a switch is doing (switch/status)."""

    switch: int
    active: bool
    locked: bool | None
    """None on firmware that does not tell."""
    held: bool | None
    """None on firmware that does not tell."""

    @classmethod
    def from_json(cls, result: dict[str, Json]) -> tuple[Self, ...]:
        """Read the result of switch/status."""
        return tuple(
            cls(
                switch=integer(entry, "switch"),
                active=flag(entry, "active"),
                locked=flag_or_none(entry, "locked"),
                held=flag_or_none(entry, "held"),
            )
            for entry in objects(result, "switches")
        )


@unique
class IoKind(StrEnum):
    """Which way a port works."""

    INPUT = "input"
    OUTPUT = "output"


@dataclass(frozen=True, slots=True, kw_only=True)
class IoPort:
    """A port that the device has (io/caps)."""

    port: str
    kind: IoKind | None

    @classmethod
    def from_json(cls, result: dict[str, Json]) -> tuple[Self, ...]:
        """Read the result of io/caps."""
        return tuple(
            cls(port=text(entry, "port"), kind=choice_or_none(IoKind, entry, "type"))
            for entry in objects(result, "ports")
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class IoState:
    """The state of a port (io/status)."""

    port: str
    on: bool

    @classmethod
    def from_json(cls, result: dict[str, Json]) -> tuple[Self, ...]:
        """Read the result of io/status."""
        return tuple(
            cls(port=text(entry, "port"), on=flag(entry, "state"))
            for entry in objects(result, "ports")
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Resolution:
    """The size of a picture, in pixels."""

    width: int
    height: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CameraCapabilities:
    """The pictures that the device can give (camera/caps)."""

    resolutions: tuple[Resolution, ...]
    sources: tuple[str, ...]

    @classmethod
    def from_json(cls, result: dict[str, Json]) -> Self:
        """Read the result of camera/caps."""
        sources = objects(result, "sources") if "sources" in result else ()
        return cls(
            resolutions=tuple(
                Resolution(
                    width=integer(entry, "width"), height=integer(entry, "height")
                )
                for entry in objects(result, "jpegResolution")
            ),
            sources=tuple(text(entry, "source") for entry in sources),
        )


@unique
class CallDirection(StrEnum):
    """Who called: `outgoing` is the visitor at the door."""

    INCOMING = "incoming"
    OUTGOING = "outgoing"


@unique
class CallState(StrEnum):
    """How far a call is."""

    CONNECTING = "connecting"
    RINGING = "ringing"
    CONNECTED = "connected"
    TERMINATED = "terminated"


@unique
class HangupReason(StrEnum):
    """Why we end a call (call/hangup)."""

    NORMAL = "normal"
    REJECTED = "rejected"
    BUSY = "busy"


@dataclass(frozen=True, slots=True, kw_only=True)
class CallLeg:
    """One called party of a session."""

    call: int | None
    state: CallState | None
    peer: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class CallSession:
    """A call in progress (call/status)."""

    session: int
    direction: CallDirection | None
    state: CallState | None
    legs: tuple[CallLeg, ...]

    @classmethod
    def from_json(cls, result: dict[str, Json]) -> tuple[Self, ...]:
        """Read the result of call/status."""
        return tuple(
            cls(
                session=integer(entry, "session"),
                direction=choice_or_none(CallDirection, entry, "direction"),
                state=choice_or_none(CallState, entry, "state"),
                legs=tuple(
                    CallLeg(
                        call=integer_or_none(leg, "id"),
                        state=choice_or_none(CallState, leg, "state"),
                        peer=text_or_none(leg, "peer"),
                    )
                    for leg in (objects(entry, "calls") if "calls" in entry else ())
                ),
            )
            for entry in objects(result, "sessions")
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class PhoneAccount:
    """A SIP account and whether it is registered (phone/status)."""

    account: int
    sip_number: str | None
    registered: bool | None
    register_time: int | None

    @classmethod
    def from_json(cls, result: dict[str, Json]) -> tuple[Self, ...]:
        """Read the result of phone/status."""
        return tuple(
            cls(
                account=integer(entry, "account"),
                sip_number=text_or_none(entry, "sipNumber"),
                registered=flag_or_none(entry, "registered"),
                register_time=integer_or_none(entry, "registerTime"),
            )
            for entry in objects(result, "accounts")
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class AccessPointStatus:
    """Whether an access point lets nobody through (accesspoint/blocking/status)."""

    access_point: int
    """0 is the entry, 1 the exit."""
    blocked: bool

    @classmethod
    def from_json(cls, result: dict[str, Json]) -> tuple[Self, ...]:
        """Read the result of accesspoint/blocking/status."""
        return tuple(
            cls(access_point=integer(entry, "id"), blocked=flag(entry, "blocked"))
            for entry in objects(result, "accessPoints")
        )


@unique
class GrantRefusal(StrEnum):
    """Why the device let somebody not through (accesspoint/grantaccess)."""

    INVALID_ACCESS_POINT = "invalidAp"
    INVALID_CREDENTIAL = "invalidCredential"
    ACCESS_BLOCKED = "accessBlocked"


@dataclass(frozen=True, slots=True, kw_only=True)
class AccessGrant:
    """Whether access was granted: a successful answer does not mean that it was."""

    granted: bool
    reason: GrantRefusal | None

    @classmethod
    def from_json(cls, result: dict[str, Json]) -> Self:
        """Read the result of accesspoint/grantaccess."""
        return cls(
            granted=flag(result, "accessGranted"),
            reason=choice_or_none(GrantRefusal, result, "reason"),
        )


def _seconds(entry: dict[str, Json], key: str) -> float | None:
    value = entry.get(key)
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return float(value) if 0 <= value <= _LONGEST_SWITCHING else None
