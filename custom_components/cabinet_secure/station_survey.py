"""What a device says of itself, before it belongs to a practice."""

from collections.abc import Awaitable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, override

from homeassistant.const import (
    CONF_HOST,
    CONF_PASSWORD,
    CONF_PORT,
    CONF_SSL,
    CONF_USERNAME,
    CONF_VERIFY_SSL,
)
from homeassistant.core import HomeAssistant
from homeassistant.helpers.aiohttp_client import async_get_clientsession

from .equipment.two_n.auth import Challenge, Credentials
from .equipment.two_n.client import TwoNClient
from .equipment.two_n.connection import Connection
from .equipment.two_n.errors import (
    CertificateRejected,
    DisabledReason,
    MissingPrivilege,
    Refused,
    ServiceDisabled,
    TwoNError,
    Unreachable,
    Unsupported,
    WrongCredentials,
)
from .equipment.two_n.models import CameraCapabilities, IoKind, SwitchMode, SystemInfo

# The services as the device's own settings name them (HTTP API, Services).
SERVICES = {
    "camera": "Camera API",
    "io": "I/O API",
    "log": "Logging API",
    "switch": "Switch API",
    "system": "System API",
}
# Where a device that was found is looked for: with TLS first.
LISTENING = ((True, 443), (False, 80))
# Seconds that a device which was only just found may take to say who it is.
_PATIENCE = 5.0
_DISABLED = {
    DisabledReason.DISABLED: "service_disabled",
    DisabledReason.WRONG_CONNECTION_TYPE: "service_connection",
    DisabledReason.WRONG_AUTHENTICATION: "service_authentication",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Survey:
    """A door station as it was found: who it is and what it has."""

    serial: str
    mac: str | None
    name: str | None
    model: str
    firmware: str
    switches: tuple[int, ...]
    """The switches that are enabled, in order."""
    monostable: frozenset[int]
    """Those that fall back by themselves, as a strike does."""
    inputs: tuple[str, ...]
    outputs: tuple[str, ...]
    camera: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A device found on the network, as far as it tells without a password."""

    host: str
    tls: bool = True
    name: str
    serial: str | None = None
    mac: str | None = None


class SurveyError(Exception):
    """The device could not be looked at; `error` is the key of the message."""

    def __init__(
        self, error: str, placeholders: Mapping[str, str] | None = None
    ) -> None:
        super().__init__(error)
        self.error = error
        self.placeholders = dict(placeholders or {})


def _failure(error: TwoNError) -> SurveyError:
    """Return what to tell the person who is setting up."""
    match error:
        case CertificateRejected():
            return SurveyError("certificate")
        case Unreachable():
            return SurveyError("cannot_connect")
        case WrongCredentials():
            return SurveyError("invalid_auth")
        case MissingPrivilege(service=service):
            return SurveyError("missing_privilege", _named(service))
        case ServiceDisabled(service=service, reason=reason):
            return SurveyError(_DISABLED[reason], _named(service))
        case Refused(code=code):
            return SurveyError("refused", {"code": str(code)})
        case _:
            # Malformed, or unsupported where every 2N intercom answers.
            return SurveyError("not_two_n")


def _named(service: str) -> dict[str, str]:
    return {"service": SERVICES.get(service, service)}


async def async_survey(hass: HomeAssistant, connection: Mapping[str, Any]) -> Survey:
    """Look at the device behind a connection.

    Stops at the first request that fails: three wrong passwords block the device's
    web login (2N HTTP API, transport). Raises `SurveyError`.
    """
    client = TwoNClient(
        async_get_clientsession(hass, verify_ssl=connection[CONF_VERIFY_SSL]),
        connection[CONF_HOST],
        connection[CONF_USERNAME],
        connection[CONF_PASSWORD],
        tls=connection[CONF_SSL],
        verify_certificate=connection[CONF_VERIFY_SSL],
        port=connection[CONF_PORT],
    )
    try:
        info = await client.system_info()
        switches = await _async_unless_unsupported(client.switch_caps(), ())
        ports = await _async_unless_unsupported(client.io_caps(), ())
        # Without the log there would be no ring.
        await client.log_caps()
        camera = await _async_camera(client)
    except TwoNError as error:
        raise _failure(error) from error
    enabled = [switch for switch in switches if switch.enabled]
    return Survey(
        serial=info.serial_number,
        mac=info.mac_address,
        name=info.device_name,
        model=info.model or "2N",
        firmware=info.firmware or "",
        switches=tuple(sorted(switch.switch for switch in enabled)),
        monostable=frozenset(
            switch.switch for switch in enabled if switch.mode is SwitchMode.MONOSTABLE
        ),
        inputs=tuple(port.port for port in ports if port.kind is IoKind.INPUT),
        outputs=tuple(port.port for port in ports if port.kind is IoKind.OUTPUT),
        camera=camera is not None and bool(camera.sources or camera.resolutions),
    )


async def _async_unless_unsupported[Answer, Nothing](
    asked: Awaitable[Answer], nothing: Nothing
) -> Answer | Nothing:
    """Return the answer, or `nothing` where the model has no such feature."""
    try:
        return await asked
    except Unsupported:
        return nothing


async def _async_camera(client: TwoNClient) -> CameraCapabilities | None:
    """Return what the camera can do.

    None where the device has none, or where somebody has switched its service off:
    that is a choice about privacy, not a mistake.
    """
    try:
        return await _async_unless_unsupported(client.camera_caps(), None)
    except ServiceDisabled as error:
        if error.reason is DisabledReason.DISABLED:
            return None
        raise


async def async_find(hass: HomeAssistant, host: str) -> Found:
    """Ask the device at `host` who it is, without a password.

    A device that does not answer yet, or only to those it knows, is found all the
    same. Raises `SurveyError` where something else answers.
    """
    for tls, port in LISTENING:
        try:
            info = await _async_introduce(hass, host, port, tls=tls)
        except Unreachable:
            continue
        except WrongCredentials, MissingPrivilege, ServiceDisabled:
            return Found(host=host, name=host)
        except TwoNError as error:
            raise _failure(error) from error
        return Found(
            host=host,
            tls=tls,
            name=info.device_name or info.model or host,
            serial=info.serial_number,
            mac=info.mac_address,
        )
    return Found(host=host, name=host)


async def _async_introduce(
    hass: HomeAssistant, host: str, port: int, *, tls: bool
) -> SystemInfo:
    """Return who the device says it is; no secret is sent, so any certificate will do."""
    connection = Connection(
        async_get_clientsession(hass, verify_ssl=False),
        host,
        _Anonymous("", ""),
        tls=tls,
        verify_certificate=False,
        port=port,
        timeout=_PATIENCE,
    )
    return SystemInfo.from_json(await connection.read("system/info"))


class _Anonymous(Credentials):
    """No account at all: a guess would count as a wrong password."""

    @override
    def answer(self, challenges: Iterable[Challenge], *, encrypted: bool) -> None:
        return None
