"""A list of people whom equipment lets in by itself, kept as the practice wants it."""

from abc import ABC, abstractmethod
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field

from ..practice.grants.model import AccessEntry
from .base import Failure

# Returns what the practice keeps of a code. The code itself is never kept.
type Digest = Callable[[str], Awaitable[str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """An entry as it was written; `stamp` is the device's count at that time."""

    stamp: int | None
    name: str
    valid_from: int
    valid_to: int
    admits: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ListMemory:
    """What was written to a device and up to where its changes were read."""

    # Whether it may hold anything of ours.
    used: bool = False
    series: str | None = None
    timestamp: int = 0
    entries: dict[str, Listed] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class AccessMemory:
    """What is kept of the access that a practice gives, beside what it decided."""

    # By the identifier of equipment.
    lists: dict[str, ListMemory] = field(default_factory=dict)
    # What codes are digested with: never shown, and never changed.
    secret: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reconciled:
    """What a device holds now, by the identifiers of grants."""

    held: frozenset[str]
    # Their codes are known to nobody any more.
    lost: frozenset[str]
    # Others had changed them.
    repaired: frozenset[str]
    # The device does not take them.
    refused: frozenset[str]


class AccessList(ABC):
    """The people whom one device lets in by itself."""

    # How many digits its codes have (issue: at least 6 where the device allows).
    digits = 6
    # Kept across restarts by whoever runs the equipment; set before `start`.
    memory = ListMemory()
    # Why the device did not let us write when it was asked last.
    failure: Failure | None = None

    @abstractmethod
    async def reconcile(
        self,
        wanted: Mapping[str, AccessEntry],
        codes: Mapping[str, str],
        digest: Digest,
    ) -> Reconciled:
        """Make the device hold exactly the wanted entries, those to be removed first.

        `codes` are those that the device has not got yet. Entries that others made are
        left alone. Raises EquipmentError where the device does not answer, or does not
        let us write; what was done until then is in `memory`.
        """
