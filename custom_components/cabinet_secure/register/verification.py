"""Whether the register is as it was written: altered, removed, inserted, cut off."""

from dataclasses import dataclass, field
from enum import StrEnum
import hashlib
import json
from typing import Any, Final

from sqlalchemy import Connection, select
from sqlalchemy.exc import SQLAlchemyError

from .book import INTERRUPTED, PURGED
from .chain import CONTENT, FORMAT, GENESIS, content_digest, entry_hash
from .model import Anchor, EntryType
from .rows import values_of
from .schema import ENTRIES, INFO

# A register that is wrong throughout is not listed in full.
MOST_FAULTS: Final = 20
_AT_ONCE: Final = 1000


class FaultKind(StrEnum):
    """What may be wrong (public)."""

    ALTERED = "altered"  # an entry is not what was written
    MISSING = "missing"  # entries are not there
    DISPLACED = "displaced"  # an entry does not follow the one before it
    CUT = "cut"  # the end is not there
    REPLACED = "replaced"  # another chain than the one that was written
    UNATTESTED = "unattested"  # content is gone, and no deletion on record says why
    UNREADABLE = "unreadable"  # the database cannot be read on


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """Something wrong, and the number of the entry where it is found."""

    kind: FaultKind
    sequence: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Verification:
    """What was found. Interruptions are on record in the chain itself."""

    entries: int
    # How many of them retention has emptied.
    removed: int
    head: int
    faults: tuple[Fault, ...]
    interruptions: tuple[int, ...]

    @property
    def intact(self) -> bool:
        """Whether everything is as it was written."""
        return not self.faults


@dataclass(slots=True)
class _Removal:
    """Emptied entries that name one deletion, as they are met."""

    first: int
    count: int = 0
    attested: Any = field(default_factory=hashlib.sha256)


class _Reader:
    """Follows a chain from its first entry to its last, in constant memory."""

    def __init__(self, anchor: Anchor | None) -> None:
        self.anchor = anchor
        self.faults: list[Fault] = []
        self.interruptions: list[int] = []
        self.entries = self.removed = self.sequence = 0
        self.hash = GENESIS
        # Whether the newest entry that we know was met.
        self.anchored = False
        self._removals: dict[int, _Removal] = {}

    def fault(self, kind: FaultKind, sequence: int) -> None:
        if len(self.faults) < MOST_FAULTS:
            self.faults.append(Fault(kind=kind, sequence=sequence))

    def take(self, row: Any) -> None:
        """Take in the next entry."""
        number = row["sequence"]
        previous, hashed = bytes(row["previous"]), bytes(row["hash"])
        if number != self.sequence + 1:
            self.fault(FaultKind.MISSING, self.sequence + 1)
        elif previous != self.hash:
            self.fault(FaultKind.DISPLACED, number)
        if row["format"] != FORMAT or hashed != entry_hash(
            number, previous, self._digest(row)
        ):
            self.fault(FaultKind.ALTERED, number)
        anchor = self.anchor
        if anchor and (number, hashed.hex()) == (anchor.sequence, anchor.hash):
            self.anchored = True
        self.entries += 1
        self.sequence, self.hash = number, hashed

    def _digest(self, row: Any) -> bytes:
        """Return the digest of an entry's content; nothing for an impossible one."""
        if row["removed_by"] is None:
            if row["digest"] is not None:
                return b""
            if row["type"] == EntryType.DELETION:
                self._read_deletion(row)
            return content_digest(values_of(row))
        if row["digest"] is None or any(row[name] is not None for name in CONTENT):
            return b""
        self.removed += 1
        removal = self._removals.setdefault(
            row["removed_by"], _Removal(first=row["sequence"])
        )
        removal.count += 1
        removal.attested.update(b"%d:%b" % (row["sequence"], bytes(row["hash"])))
        return bytes(row["digest"])

    def _read_deletion(self, row: Any) -> None:
        """Compare what a deletion attests with what is not there."""
        if row["event"] == INTERRUPTED:
            self.interruptions.append(row["sequence"])
            return
        if row["event"] != PURGED:
            return
        removal = self._removals.pop(row["sequence"], None)
        details = json.loads(row["details"])
        if (
            removal is None
            or removal.count != details["count"]
            or removal.attested.hexdigest() != details["digest"]
        ):
            self.fault(
                FaultKind.UNATTESTED, removal.first if removal else row["sequence"]
            )

    def end(self) -> None:
        """Take in that there are no more entries."""
        for removal in self._removals.values():
            self.fault(FaultKind.UNATTESTED, removal.first)
        anchor = self.anchor
        if anchor and self.sequence < anchor.sequence:
            self.fault(FaultKind.CUT, self.sequence + 1)
        elif anchor and anchor.sequence and not self.anchored:
            # Written anew, with hashes that fit each other, up to here at least.
            self.fault(FaultKind.ALTERED, anchor.sequence)


def verify(connection: Connection, anchor: Anchor | None) -> Verification:
    """Read the whole register and return what is wrong with it; nothing is changed.

    Without an anchor, an end that was cut off cannot be found.
    """
    reader = _Reader(anchor)
    try:
        chain = connection.scalar(select(INFO.c.chain))
        if anchor and chain != anchor.chain:
            reader.fault(FaultKind.REPLACED, 1)
            reader.anchor = None
        rows = connection.execution_options(yield_per=_AT_ONCE).execute(
            select(ENTRIES).order_by(ENTRIES.c.sequence)
        )
        for row in rows.mappings():
            try:
                reader.take(row)
            except ValueError, TypeError, KeyError, AttributeError:
                # Not even of the kind of values that are ever written.
                reader.fault(FaultKind.ALTERED, row["sequence"])
                reader.sequence = row["sequence"]
                reader.hash = row["hash"]
        reader.end()
    except SQLAlchemyError, UnicodeError:
        reader.fault(FaultKind.UNREADABLE, reader.sequence + 1)
    return Verification(
        entries=reader.entries,
        removed=reader.removed,
        head=reader.sequence,
        faults=tuple(reader.faults),
        interruptions=tuple(reader.interruptions),
    )
