"""HTTP authentication as a 2N device wants it: Digest, or Basic where told so.

A device may offer several challenges, in several headers, Basic first, and
`auth-int` next to `auth` (2N HTTP API, transport). All of them are read, and the
strongest one that can be answered is taken. Sources: RFC 7235 for the header,
RFC 7616 and RFC 2617 for Digest, RFC 7617 for Basic.
"""

from base64 import b64encode
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
import hashlib
import re
import secrets
from types import MappingProxyType
from typing import Protocol

from .errors import WrongCredentials

_TOKEN = re.compile(r"[!#$%&'*+\-.^_`|~0-9A-Za-z]+")
_QUOTED = re.compile(r'"((?:[^"\\]|\\.)*)"', re.DOTALL)
_TOKEN68 = re.compile(r"[A-Za-z0-9\-._~+/]+=*(?=[ \t]*(?:,|$))")
_EQUALS = re.compile(r"[ \t]*=[ \t]*")
_SEPARATOR = re.compile(r"[ \t,]+")
_NOT_A_SEPARATOR = re.compile(r"[^,]+")
_ESCAPED = re.compile(r"\\(.)", re.DOTALL)
_UNSENDABLE = re.compile(r"[\x00-\x1f\x7f\ud800-\udfff]")
_HEADER_LENGTH = 4096

# The digest algorithms we can answer with, the strongest first.
_HASHES: Mapping[str, Callable[[bytes], str]] = MappingProxyType(
    {
        "SHA-256": lambda data: hashlib.sha256(data).hexdigest(),
        "MD5": lambda data: hashlib.md5(data, usedforsecurity=False).hexdigest(),
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Challenge:
    """One challenge of a `WWW-Authenticate` header; names are in lower case."""

    scheme: str
    params: Mapping[str, str] = field(default_factory=dict)

    @property
    def stale(self) -> bool:
        """Whether only the nonce was too old, and not the password wrong."""
        return self.params.get("stale", "").lower() == "true"

    @property
    def algorithm(self) -> str:
        """The digest algorithm, in capitals; MD5 where none is named."""
        return self.params.get("algorithm", "MD5").upper()

    @property
    def qualities(self) -> frozenset[str]:
        """The qualities of protection on offer; empty for RFC 2069 servers."""
        return frozenset(
            quality.strip().lower()
            for quality in self.params.get("qop", "").split(",")
            if quality.strip()
        )

    @property
    def answerable(self) -> bool:
        """Whether this client can answer the challenge."""
        if self.scheme == "basic":
            return True
        return (
            self.scheme == "digest"
            and bool(self.params.get("nonce"))
            and all(value.isprintable() for value in self.params.values())
            and self.algorithm in _HASHES
            and (not self.qualities or "auth" in self.qualities)
        )


def parse_challenges(headers: Iterable[str]) -> tuple[Challenge, ...]:
    """Read every challenge out of all the `WWW-Authenticate` headers.

    Whatever does not follow the grammar is skipped up to the next comma, so that
    one bad challenge does not hide a good one. Never raises. A header is read up
    to 4096 characters.
    """
    return tuple(
        challenge for header in headers for challenge in _parse(header[:_HEADER_LENGTH])
    )


def _parse(header: str) -> Iterable[Challenge]:
    scheme: str | None = None
    params: dict[str, str] = {}
    position = 0
    while position < len(header):
        if separator := _SEPARATOR.match(header, position):
            position = separator.end()
            continue
        name = _TOKEN.match(header, position)
        if name is None:
            junk = _NOT_A_SEPARATOR.match(header, position)
            position = junk.end() if junk else position + 1
            continue
        position = name.end()
        if equals := _EQUALS.match(header, position):
            value, position = _parse_value(header, equals.end())
            params.setdefault(name[0].lower(), value)
            continue
        if scheme is not None:
            yield Challenge(scheme=scheme, params=params)
        scheme, params = name[0].lower(), {}
        if gap := _SEPARATOR.match(header, position):
            token68 = _TOKEN68.match(header, gap.end())
            # "Basic, Digest …": after a comma a bare word is the next scheme.
            if token68 and "," not in gap[0]:
                position = token68.end()
    if scheme is not None:
        yield Challenge(scheme=scheme, params=params)


def _parse_value(header: str, position: int) -> tuple[str, int]:
    if quoted := _QUOTED.match(header, position):
        return _ESCAPED.sub(r"\1", quoted[1]), quoted.end()
    if token := _TOKEN.match(header, position):
        return token[0], token.end()
    return "", position


class Authorization(Protocol):
    """An answer to a challenge that is good for many requests."""

    def header(self, method: str, uri: str) -> str:
        """Return the `Authorization` header for one request.

        `uri` is the path and query exactly as they go over the wire.
        """
        ...


class Credentials:
    """A user name and a password, which nobody can read back from here."""

    __slots__ = ("_password", "_username")

    def __init__(self, username: str, password: str) -> None:
        self._username = username
        self._password = password

    def answer(
        self, challenges: Iterable[Challenge], *, encrypted: bool
    ) -> tuple[Authorization, Challenge] | None:
        """Answer the best challenge; None where no challenge can be answered.

        Basic gives the password away to whoever listens. Where Digest is offered
        as well, it is taken over an encrypted connection only, even if the Digest
        on offer is of a kind that cannot be answered. Raises `WrongCredentials`
        where a name or password can be no device's, as HTTP cannot carry it.
        """
        if _UNSENDABLE.search(self._username + self._password):
            raise WrongCredentials("the credentials hold control characters")
        offered = tuple(challenges)
        usable = [challenge for challenge in offered if challenge.answerable]
        digests = [challenge for challenge in usable if challenge.scheme == "digest"]
        for algorithm in _HASHES:
            for challenge in digests:
                if challenge.algorithm == algorithm:
                    return self._digest(challenge), challenge
        if not encrypted and any(one.scheme == "digest" for one in offered):
            return None
        for challenge in usable:
            return self._basic(), challenge
        return None

    def _digest(self, challenge: Challenge) -> DigestAuthorization:
        digest = _HASHES[challenge.algorithm]
        realm = challenge.params.get("realm", "")
        secret = digest(f"{self._username}:{realm}:{self._password}".encode())
        return DigestAuthorization(self._username, secret, challenge)

    def _basic(self) -> BasicAuthorization:
        return BasicAuthorization(self._username, self._password)


class BasicAuthorization:
    """RFC 7617."""

    __slots__ = ("_header",)

    def __init__(self, username: str, password: str) -> None:
        pair = b64encode(f"{username}:{password}".encode())
        self._header = f"Basic {pair.decode('ascii')}"

    def header(self, method: str, uri: str) -> str:
        """Return the same header for every request."""
        return self._header


class DigestAuthorization:
    """RFC 7616 with `qop=auth`, or RFC 2069 where the device names no quality.

    One nonce serves every request until the device calls it stale. The count is
    taken without awaiting, so requests in parallel never share a number.
    """

    __slots__ = ("_challenge", "_count", "_digest", "_prefix", "_secret")

    def __init__(self, username: str, secret: str, challenge: Challenge) -> None:
        """Take the hash of user, realm and password, not the password."""
        self._challenge = challenge
        self._count = 0
        self._digest = _HASHES[challenge.algorithm]
        self._secret = secret
        realm = challenge.params.get("realm", "")
        parts = [
            f"username={_quote(username)}",
            f"realm={_quote(realm)}",
            f"nonce={_quote(challenge.params['nonce'])}",
        ]
        if (opaque := challenge.params.get("opaque")) is not None:
            parts.append(f"opaque={_quote(opaque)}")
        if "algorithm" in challenge.params:
            parts.append(f"algorithm={challenge.algorithm}")
        self._prefix = "Digest " + ", ".join(parts)

    def header(self, method: str, uri: str) -> str:
        """Return the header for one request and count it."""
        nonce = self._challenge.params["nonce"]
        request = self._digest(f"{method}:{uri}".encode())
        start = f'{self._prefix}, uri="{uri}"'
        if not self._challenge.qualities:
            response = self._digest(f"{self._secret}:{nonce}:{request}".encode())
            return f'{start}, response="{response}"'
        self._count += 1
        count = f"{self._count:08x}"
        cnonce = secrets.token_hex(8)
        response = self._digest(
            f"{self._secret}:{nonce}:{count}:{cnonce}:auth:{request}".encode()
        )
        return (
            f'{start}, qop=auth, nc={count}, cnonce="{cnonce}", response="{response}"'
        )


def _quote(value: str) -> str:
    escaped = value.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
