"""What can go wrong between us and a 2N device.

One taxonomy for the whole client. The text of an error is always our own: it
names a service, a parameter or a number, and never repeats what the device, the
caller or the connection said, so that no password or code can reach a log.
"""

# ruff: noqa: N818 -- each name says what happened, as the code that meets it reads.

from enum import StrEnum, unique
import re

_PARAMETER = re.compile(r"[A-Za-z0-9_.\[\]-]{1,64}")
_DESCRIPTION_LENGTH = 200


@unique
class DisabledReason(StrEnum):
    """Why a service of the device does not answer us (2N HTTP API, error codes)."""

    DISABLED = "disabled"
    WRONG_CONNECTION_TYPE = "wrong_connection_type"
    WRONG_AUTHENTICATION = "wrong_authentication"


class TwoNError(Exception):
    """Anything that went wrong while talking to a 2N device."""


class Unreachable(TwoNError):
    """No answer came: refused, reset, timed out, or the name is not known.

    A command that ended so may or may not have been carried out.
    """


class CertificateRejected(Unreachable):
    """The device showed a TLS certificate that is not trusted."""


class WrongCredentials(TwoNError):
    """The device refused the user name or the password (code 9)."""


class MissingPrivilege(TwoNError):
    """The account may not do this (code 10)."""

    def __init__(self, service: str) -> None:
        super().__init__(f"the account lacks a privilege for the service {service}")
        self.service = service


class ServiceDisabled(TwoNError):
    """The device does not offer the service in the way we ask (codes 4, 7, 8)."""

    def __init__(self, service: str, reason: DisabledReason) -> None:
        super().__init__(f"the service {service} is not available: {reason}")
        self.service = service
        self.reason = reason


class Unsupported(TwoNError):
    """The model or firmware does not know the function (codes 1, 2, 3)."""


class Refused(TwoNError):
    """The device understood and said no (codes 11 to 19, and any it may add).

    `param` and `description` are the device's words, cut to a bounded length;
    they are not part of the text of the error.
    """

    def __init__(
        self, code: int, *, param: str | None = None, description: str | None = None
    ) -> None:
        if param is not None and _PARAMETER.fullmatch(param) is None:
            param = None
        named = f" (parameter {param})" if param else ""
        super().__init__(f"the device refused with code {code}{named}")
        self.code = code
        self.param = param
        self.description = (
            None if description is None else description[:_DESCRIPTION_LENGTH]
        )


class MalformedAnswer(TwoNError):
    """The answer is not one that a 2N device gives, or it is too large."""


def error_for(
    code: int, *, service: str, param: str | None = None, description: str | None = None
) -> TwoNError:
    """Return the error that a code of the device stands for.

    `service` is the first part of the function's path ("switch", "log", …), which
    is also how the device's own settings name its services.
    """
    match code:
        case 1 | 2 | 3:
            return Unsupported(f"the device has no such function (service {service})")
        case 4:
            return ServiceDisabled(service, DisabledReason.DISABLED)
        case 7:
            return ServiceDisabled(service, DisabledReason.WRONG_CONNECTION_TYPE)
        case 8:
            return ServiceDisabled(service, DisabledReason.WRONG_AUTHENTICATION)
        case 9:
            return WrongCredentials("the device refused the user name or password")
        case 10:
            return MissingPrivilege(service)
        case _:
            return Refused(code, param=param, description=description)
