"""Basic and digest authentication as the station asks for it (RFC 7616, MD5)."""

import base64
import binascii
from dataclasses import dataclass, field
import hashlib
import hmac
import re
import secrets
from urllib.parse import urlsplit

from aiohttp import web

from .clock import StationClock, Timer
from .config import AccountConfig, AuthMode, ChallengeStyle, StationConfig
from .errors import ErrorCode
from .log import EventLog

_REALM = "HTTPAPI"
_FIELD = re.compile(r'(\w+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s,]+))')


class DeniedError(Exception):
    """The caller did not prove who they are; `challenges` go into the answer."""

    def __init__(self, code: ErrorCode, challenges: list[str]) -> None:
        super().__init__(code.name)
        self.code = code
        self.challenges = challenges


@dataclass(slots=True)
class _Nonce:
    expires: float
    counts: set[str] = field(default_factory=set)


def _md5(text: str) -> str:
    return hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()


class Gatekeeper:
    """Checks credentials and blocks the login after too many wrong ones."""

    def __init__(
        self, config: StationConfig, clock: StationClock, log: EventLog
    ) -> None:
        self.account: AccountConfig = config.account
        self.challenge = config.challenge
        self.wrong = 0
        self.refused = 0
        self._config = config
        self._clock = clock
        self._log = log
        self._nonces: dict[str, _Nonce] = {}
        self._block: Timer | None = None

    @property
    def blocked(self) -> bool:
        """Say whether the login is blocked now."""
        return self._block is not None

    def check(self, request: web.Request, mode: AuthMode) -> None:
        """Let a request pass; raises DeniedError."""
        if mode is AuthMode.NONE:
            return
        if self.blocked:
            raise self._denied(ErrorCode.AUTHORISATION_REQUIRED, mode)
        scheme, _, value = request.headers.get("Authorization", "").partition(" ")
        both = mode is AuthMode.DIGEST and self.challenge is ChallengeStyle.BASIC_FIRST
        match scheme.lower():
            case "":
                raise self._denied(ErrorCode.AUTHORISATION_REQUIRED, mode)
            case "basic" if mode is AuthMode.BASIC or both:
                self._check_basic(request, value, mode)
            case "digest" if mode is AuthMode.DIGEST:
                self._check_digest(request, value, mode)
            case _:
                raise self._denied(ErrorCode.WRONG_AUTHENTICATION, mode)
        self.wrong = 0

    def expire_nonces(self) -> None:
        """Make every nonce stale."""
        for nonce in self._nonces.values():
            nonce.expires = 0.0

    def forget(self) -> None:
        """Lose nonces and counters, as a power cut does."""
        self._nonces.clear()
        self.wrong = 0
        if self._block is not None:
            self._block.cancel()
            self._block = None

    def _check_basic(self, request: web.Request, value: str, mode: AuthMode) -> None:
        try:
            given = base64.b64decode(value, validate=True).decode()
        except binascii.Error, UnicodeDecodeError:
            given = ""
        expected = f"{self.account.user}:{self.account.password}"
        if not hmac.compare_digest(given.encode(), expected.encode()):
            self._count_wrong(request)
            raise self._denied(ErrorCode.AUTHORISATION_REQUIRED, mode)

    def _check_digest(self, request: web.Request, value: str, mode: AuthMode) -> None:
        given = {
            name.lower(): quoted or plain
            for name, quoted, plain in _FIELD.findall(value)
        }
        if given.get("qop") != "auth" or not self._names(request, given.get("uri", "")):
            raise self._denied(ErrorCode.AUTHORISATION_REQUIRED, mode)
        if not self._proves(request.method, given):
            self._count_wrong(request)
            raise self._denied(ErrorCode.AUTHORISATION_REQUIRED, mode)
        nonce = self._nonces.get(given.get("nonce", ""))
        count = given.get("nc", "")
        if (
            nonce is None
            or nonce.expires <= self._clock.monotonic()
            or count in nonce.counts
        ):
            # The password was right: only the nonce is used up.
            raise self._denied(ErrorCode.AUTHORISATION_REQUIRED, mode, stale=True)
        nonce.counts.add(count)

    def _names(self, request: web.Request, uri: str) -> bool:
        """Say whether the signed address is the requested one."""
        if uri == request.raw_path:
            return True
        signed = urlsplit(uri)
        return (
            not self._config.strict_digest_uri
            and not signed.query
            and signed.path == urlsplit(request.raw_path).path
        )

    def _proves(self, method: str, given: dict[str, str]) -> bool:
        account = self.account
        secret = _md5(f"{account.user}:{_REALM}:{account.password}")
        target = _md5(f"{method}:{given['uri']}")
        expected = _md5(
            ":".join(
                (
                    secret,
                    given.get("nonce", ""),
                    given.get("nc", ""),
                    given.get("cnonce", ""),
                    "auth",
                    target,
                )
            )
        )
        return (
            given.get("username") == account.user
            and given.get("realm") == _REALM
            and hmac.compare_digest(
                given.get("response", "").lower().encode(), expected.encode()
            )
        )

    def _count_wrong(self, request: web.Request) -> None:
        self.wrong += 1
        self.refused += 1
        if self.wrong < self._config.wrong_passwords:
            return
        self.wrong = 0
        self._block = self._clock.call_later(self._config.login_block_s, self._unblock)
        self._log.emit("LoginBlocked", {"address": request.remote or ""})

    def _unblock(self) -> None:
        self._block = None

    def _denied(
        self, code: ErrorCode, mode: AuthMode, *, stale: bool = False
    ) -> DeniedError:
        basic = f'Basic realm="{_REALM}"'
        if mode is AuthMode.BASIC:
            return DeniedError(code, [basic])
        digest = self._new_challenge(stale=stale)
        if self.challenge is ChallengeStyle.BASIC_FIRST:
            return DeniedError(code, [basic, digest])
        return DeniedError(code, [digest])

    def _new_challenge(self, *, stale: bool) -> str:
        now = self._clock.monotonic()
        self._nonces = {
            name: nonce for name, nonce in self._nonces.items() if nonce.expires > now
        }
        name = secrets.token_hex(16)
        self._nonces[name] = _Nonce(now + self._config.nonce_lifetime_s)
        qop = "auth-int,auth" if self.challenge is ChallengeStyle.AUTH_INT else "auth"
        parts = [
            f'Digest realm="{_REALM}"',
            f'nonce="{name}"',
            f'qop="{qop}"',
            f'opaque="{secrets.token_hex(8)}"',
            "algorithm=MD5",
        ]
        if stale:
            parts.append("stale=true")
        return ", ".join(parts)
