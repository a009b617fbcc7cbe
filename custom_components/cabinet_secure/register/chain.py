"""How entries are chained: every stored byte of an entry is covered by a hash.

An entry's content has a digest; its hash covers number, format, the hash before, and
that digest. What retention removes leaves number, format, digest and hashes behind:
the chain still verifies around it, and the digest tells nothing, since the content
held a random identifier.
"""

from collections.abc import Iterator
import hashlib
import json
from typing import Any, Final

# The format of an entry's encoding; a new one gets a new number, old entries keep theirs.
FORMAT: Final = 1

# What comes before the first entry of a chain.
GENESIS: Final = bytes(32)

# In the order in which they are encoded. Format 1; never to be changed.
CONTENT: Final = (
    "id",
    "type",
    "event",
    "at",
    "utc_offset",
    "zone",
    "actor_kind",
    "actor_name",
    "actor_id",
    "place_id",
    "place_name",
    "outcome",
    "session",
    "details",
)

_CONTENT_PREFIX = b"cabinet-secure register content 1\n"
_ENTRY_PREFIX = b"cabinet-secure register entry 1\n"


def encode(values: tuple[str | int | None, ...]) -> bytes:
    """Return values so that no other values give the same bytes.

    Each is its kind and length in bytes, then itself: `s5:porte`, `i2:42`, `n0:`.
    """
    return b"".join(_encoded(values))


def _encoded(values: tuple[str | int | None, ...]) -> Iterator[bytes]:
    for value in values:
        if value is None:
            yield b"n0:"
        elif isinstance(value, str):
            text = value.encode("utf-8")
            yield b"s%d:%b" % (len(text), text)
        else:
            number = b"%d" % value
            yield b"i%d:%b" % (len(number), number)


def content_digest(values: tuple[str | int | None, ...]) -> bytes:
    """Return the digest of an entry's content, in the order of `CONTENT`."""
    return hashlib.sha256(_CONTENT_PREFIX + encode(values)).digest()


def entry_hash(sequence: int, previous: bytes, digest: bytes) -> bytes:
    """Return the hash of an entry: what the next one refers to."""
    return hashlib.sha256(
        b"%b%d:%b%b" % (_ENTRY_PREFIX, sequence, previous, digest)
    ).digest()


def canonical_json(details: Any) -> str:
    """Return details as they are stored; the text itself is what is hashed.

    Raises TypeError where they are not JSON, ValueError for NaN and infinity.
    """
    return json.dumps(
        details,
        ensure_ascii=False,
        allow_nan=False,
        sort_keys=True,
        separators=(",", ":"),
    )
