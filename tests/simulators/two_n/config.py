"""What a station is: its hardware, its services, its account."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType
from typing import Any

# What JSON holds; its shape is checked where it is read.
type Json = dict[str, Any]


class Service(StrEnum):
    """Groups of functions that are enabled and protected each by itself.

    On a device the directory belongs to the system service; it is apart here because
    some devices are reported to want HTTPS for it alone.
    """

    SYSTEM = "system"
    SWITCH = "switch"
    IO = "io"
    AUDIO = "audio"
    CAMERA = "camera"
    CALL = "call"
    LOG = "log"
    ACCESS = "accesspoint"
    DIRECTORY = "dir"


class AuthMode(StrEnum):
    """How a service wants its caller to prove who they are."""

    NONE = "none"
    BASIC = "basic"
    DIGEST = "digest"


class ChallengeStyle(StrEnum):
    """Which `WWW-Authenticate` headers a digest service sends."""

    DIGEST = "digest"
    BASIC_FIRST = "basic-first"
    """Two headers, Basic first; the service takes either."""
    AUTH_INT = "auth-int"
    """Digest that also offers `auth-int`, which the station then does not take."""


class Privilege(StrEnum):
    """What an account may be allowed."""

    SYSTEM_CONTROL = "system control"
    SWITCH_MONITORING = "switch monitoring"
    SWITCH_CONTROL = "switch control"
    IO_MONITORING = "i/o monitoring"
    IO_CONTROL = "i/o control"
    AUDIO_CONTROL = "audio control"
    CAMERA_MONITORING = "camera monitoring"
    CALL_MONITORING = "call monitoring"
    CALL_CONTROL = "call control"
    KEYBOARD_MONITORING = "keyboard monitoring"
    CARD_MONITORING = "card monitoring"
    ACCESS_MONITORING = "access monitoring"
    ACCESS_CONTROL = "access control"


class SwitchMode(StrEnum):
    """What a switch does after it was activated."""

    MONOSTABLE = "monostable"
    BISTABLE = "bistable"


class SwitchType(StrEnum):
    """How a switch drives its output."""

    NORMAL = "normal"
    SECURITY = "security"
    INVERTED = "inverted"


class PortType(StrEnum):
    """Direction of a port."""

    INPUT = "input"
    OUTPUT = "output"


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceConfig:
    """How one service is set up."""

    enabled: bool = True
    https_only: bool = False
    auth: AuthMode = AuthMode.DIGEST


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountConfig:
    """The HTTP API account; by default it may do everything."""

    user: str = "cabinet"
    password: str = "cabinet-2n"
    privileges: frozenset[Privilege] = frozenset(Privilege)


@dataclass(frozen=True, slots=True, kw_only=True)
class SwitchConfig:
    """One switch; `on_duration_s` is 1-600 s and counts for a monostable one."""

    number: int
    enabled: bool = True
    mode: SwitchMode = SwitchMode.MONOSTABLE
    on_duration_s: int = 5
    kind: SwitchType = SwitchType.NORMAL
    output: str | None = None
    opens_door: bool = False
    dtmf_code: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PortConfig:
    """One digital input or output."""

    name: str
    kind: PortType


def _default_switches() -> tuple[SwitchConfig, ...]:
    return (
        SwitchConfig(number=1, output="relay1", opens_door=True, dtmf_code="11"),
        SwitchConfig(number=2, output="relay2", mode=SwitchMode.BISTABLE),
        SwitchConfig(number=3, enabled=False),
        SwitchConfig(number=4, enabled=False),
    )


def _default_ports() -> tuple[PortConfig, ...]:
    return (
        PortConfig(name="relay1", kind=PortType.OUTPUT),
        PortConfig(name="relay2", kind=PortType.OUTPUT),
        PortConfig(name="output1", kind=PortType.OUTPUT),
        PortConfig(name="input1", kind=PortType.INPUT),
        PortConfig(name="input2", kind=PortType.INPUT),
        PortConfig(name="input3", kind=PortType.INPUT),
        PortConfig(name="tamper", kind=PortType.INPUT),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class StationConfig:
    """One station. Times are seconds of the station's clock."""

    name: str = "Entrance"
    serial: str = "54-1234-5678"
    mac: str = "7C-1E-B3-12-34-56"
    variant: str = "2N IP Style"
    firmware: str = "2.37.0.46.2"
    account: AccountConfig = field(default_factory=AccountConfig)
    services: Mapping[Service, ServiceConfig] = MappingProxyType({})
    challenge: ChallengeStyle = ChallengeStyle.DIGEST
    strict_digest_uri: bool = False
    """Refuse a digest whose `uri` lacks the query. Devices let it pass: a published
    client signs the bare path and works with them."""
    open_info: bool = True
    """`system/info` answers without authentication, as most devices do."""
    nonce_lifetime_s: float = 60.0
    wrong_passwords: int = 3
    login_block_s: float = 60.0

    switches: tuple[SwitchConfig, ...] = field(default_factory=_default_switches)
    ports: tuple[PortConfig, ...] = field(default_factory=_default_ports)
    siren_output: str | None = "output1"
    panic_input: str | None = "input1"
    door_input: str | None = "input2"
    rex_input: str | None = "input3"
    tamper_input: str | None = "tamper"
    old_firmware: bool = False
    """No `locked` and `held` in switch/status, and none of their actions."""
    unsupported: frozenset[str] = frozenset()
    """Paths, or their beginnings, that answer error 1."""
    tamper_block_s: float = 1800.0
    door_open_limit_s: float = 30.0

    buttons: Mapping[str, str] = MappingProxyType({"%1": "sip:reception@practice"})
    """What each call button dials; a button that is not here only sends its key."""
    ring_limit_s: float = 32.0
    sip_number: str = "111"

    access_points: Mapping[int, bool] = MappingProxyType({0: True, 1: False})
    """Enabled access points: 0 is entry, 1 is exit."""
    duress_codes: bool = True
    """A PIN whose last digit is one higher (9 becomes 0) opens and raises SilentAlarm."""
    wrong_codes: int = 5
    code_block_s: float = 30.0
    keypad_timeout_s: float = 10.0

    resolutions: tuple[tuple[int, int], ...] = (
        (160, 120),
        (176, 144),
        (320, 240),
        (352, 288),
        (640, 480),
        (800, 600),
        (1280, 960),
    )
    tz_shift_min: int = 0
    named_only: frozenset[str] = frozenset({"MotionDetected", "NoiseDetected"})
    """Event types that come only to a channel whose filter names them."""

    def port(self, name: str) -> PortConfig | None:
        """Return a port by its name."""
        return next((port for port in self.ports if port.name == name), None)
