"""Opening links: made for one door, one address and one time, and recognised again.

A link is signed with a key of its practice, and only its digest is kept. One that is
genuine still opens nothing by itself: the practice decides.
"""

from base64 import urlsafe_b64decode, urlsafe_b64encode
import binascii
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
import hmac
import secrets
import struct
from typing import TYPE_CHECKING, Final

from homeassistant.core import HomeAssistant
from homeassistant.exceptions import ServiceValidationError
from homeassistant.helpers.network import NoURLAvailableError, get_url
from yarl import URL

from .const import DOMAIN
from .practice.tokens import digest

if TYPE_CHECKING:
    from .coordinator import PracticeCoordinator

PATH: Final = f"/api/{DOMAIN}/open"

_PURPOSE: Final = "opening link"
# The mark of a door, the end in seconds of the epoch, and what makes a link unguessable.
_BODY: Final = struct.Struct(">10sq16s")
_SIGNATURE_LENGTH: Final = 32
# Whole groups of three bytes: a link is written in one way only.
_LENGTH: Final = 4 * (_BODY.size + _SIGNATURE_LENGTH) // 3


@dataclass(frozen=True, slots=True, kw_only=True)
class OpeningLink:
    """A link that was made by a practice, whatever became of it since."""

    coordinator: PracticeCoordinator
    door: str
    expires_at: float
    digest: str


def new_link(
    coordinator: PracticeCoordinator, door: str, valid_to: datetime
) -> tuple[str, str]:
    """Return the address of a new link, and the digest by which it is recognised.

    Raises ServiceValidationError where Home Assistant has no address outside that
    starts with https: whoever listens on the way could open.
    """
    base = _address(coordinator.hass)
    key = coordinator.lists.credentials.key(_PURPOSE)
    body = _BODY.pack(
        _mark(key, door), int(valid_to.timestamp()), secrets.token_bytes(16)
    )
    signed = body + _signature(key, body, base.host_port_subcomponent or "")
    token = urlsafe_b64encode(signed).decode()
    return f"{str(base).rstrip('/')}{PATH}/{token}", digest(token)


def recognise(
    coordinators: Iterable[PracticeCoordinator], token: str, host: str
) -> OpeningLink | None:
    """Return the link that is asked for at an address, or None for a forged one.

    `host` is what the request names: a link is good at the address that it was made
    for, and at no other. How long this takes tells nothing of any link.
    """
    asked_at = _host(host)
    signed = _decoded(token)
    if asked_at is None or signed is None:
        return None
    body, signature = signed[: _BODY.size], signed[_BODY.size :]
    mark, expires_at, _ = _BODY.unpack(body)
    found = None
    for coordinator in coordinators:
        key = coordinator.lists.credentials.key(_PURPOSE)
        genuine = hmac.compare_digest(signature, _signature(key, body, asked_at))
        for door in coordinator.doors:
            if hmac.compare_digest(mark, _mark(key, door)) and genuine:
                found = OpeningLink(
                    coordinator=coordinator,
                    door=door,
                    expires_at=expires_at,
                    digest=digest(token),
                )
    return found


def _address(hass: HomeAssistant) -> URL:
    try:
        return URL(get_url(hass, allow_internal=False, require_ssl=True))
    except NoURLAvailableError as err:
        raise ServiceValidationError(
            translation_domain=DOMAIN, translation_key="no_safe_address"
        ) from err


def _host(named: str) -> str | None:
    """Return how an address is written in a signature; None for what is none."""
    try:
        return URL(f"https://{named}").host_port_subcomponent
    except ValueError:
        return None


def _decoded(token: str) -> bytes | None:
    if len(token) != _LENGTH:
        return None
    try:
        signed = urlsafe_b64decode(token.encode("ascii"))
    except binascii.Error, UnicodeEncodeError:
        return None
    return signed if urlsafe_b64encode(signed).decode() == token else None


def _mark(key: bytes, door: str) -> bytes:
    """Return what stands for a door in a link, and names it to nobody else."""
    return hmac.digest(key, b"door " + door.encode(), "sha256")[:10]


def _signature(key: bytes, body: bytes, host: str) -> bytes:
    # The body always has the same length: nothing of it can pass for the address.
    return hmac.digest(key, b"link " + body + host.encode(), "sha256")
