"""The directory of a 2N device, kept as the practice wants it.

What was written is remembered with the device's own count of changes: one query tells
what others did since, and what they left alone is not read again. An entry that others
changed is written anew as a whole if its code is still the one that was given, else
removed: we do not know the code, but the device tells it, and we know its digest.
"""

from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import replace
import itertools
from typing import override

from ...practice.grants.model import AccessEntry, Means
from ..access_list import AccessList, Digest, Listed, ListMemory, Reconciled
from .directory import (
    Directory,
    DirectoryOutcome,
    DirectoryPage,
    DirectoryTemplate,
    DirectoryUser,
)
from .errors import Refused
from .json_reading import Json
from .parts import as_equipment_error

# Entries in one request: far below what the devices' memory allows.
_BATCH = 50
_SWITCH_CODES = 4
# What the device says of entries that are not there any more.
_ABSENT = {"NOT_OURS", "EDIR_UUID_DOES_NOT_EXIST"}
_REJECTED = 18
_POINTS: Mapping[str, Json] = {"access": {"accessPoints": []}}
_NOTHING = Reconciled(
    held=frozenset(), lost=frozenset(), repaired=frozenset(), refused=frozenset()
)
_SECRETS = ("access.pin", "access.code", "access.card")


class StationAccessList(AccessList):
    """Our part of one device's directory; `switches` are those of its doors.

    The first door is the one that a PIN opens; others open by the code of a switch.
    """

    def __init__(self, directory: Directory, switches: Mapping[str, int]) -> None:
        self._directory = directory
        self._switches = switches
        self._first = next(iter(switches), None)
        self._template: DirectoryTemplate | None = None

    @override
    async def reconcile(
        self,
        wanted: Mapping[str, AccessEntry],
        codes: Mapping[str, str],
        digest: Digest,
    ) -> Reconciled:
        if not wanted and not self.memory.used:
            # A device that was never given a code need not let us write.
            return _NOTHING
        self.memory = replace(self.memory, used=True)
        with as_equipment_error():
            self._template = self._template or await self._directory.template()
            page, touched = await self._read_changes()
            await self._remove((touched | {*self.memory.entries}) - wanted.keys())
            repaired = touched & wanted.keys()
            right = await self._codes_of(repaired, wanted, digest)
            refused = await self._write(
                self._directory.overwrite, [wanted[grant] for grant in right], right
            )
            await self._remove(repaired - right.keys())
            missing = wanted.keys() - self.memory.entries.keys() - right.keys()
            refused |= await self._write(
                self._directory.create,
                [wanted[grant] for grant in sorted(missing & codes.keys())],
                codes,
            )
            refused |= await self._update(
                entry for grant, entry in wanted.items() if grant in self.memory.entries
            )
        if not refused:
            # Only now: a pass that came to nothing reads the same changes again.
            self.memory = replace(
                self.memory, series=page.series, timestamp=page.timestamp
            )
        return Reconciled(
            held=frozenset(self.memory.entries),
            lost=frozenset(missing - codes.keys()),
            repaired=frozenset(repaired),
            refused=frozenset(refused),
        )

    async def _read_changes(self) -> tuple[DirectoryPage, set[str]]:
        """Return what changed, and which entries of ours others made or changed."""
        memory = self.memory
        page = await self._directory.query(memory.series, memory.timestamp)
        if memory.series is not None and page.series != memory.series:
            # The directory is another one: nothing that we remember is about it.
            memory = ListMemory(used=True)
            page = await self._directory.query(page.series)
        # From the beginning, the device tells of no deletions.
        page_is_whole = memory.timestamp == 0
        touched = {
            uuid
            for user in page.users
            if (uuid := (user.uuid or "").upper())
            and _is_touched(memory.entries, uuid, user)
        }
        gone = touched | {uuid.upper() for uuid in page.deleted | page.strangers}
        if page_is_whole:
            gone |= memory.entries.keys() - {
                (user.uuid or "").upper() for user in page.users
            }
        self.memory = replace(
            memory,
            entries={
                grant: listed
                for grant, listed in _stamped(memory.entries, page).items()
                if grant not in gone
            },
        )
        return page, touched

    async def _codes_of(
        self, grants: Iterable[str], wanted: Mapping[str, AccessEntry], digest: Digest
    ) -> dict[str, str]:
        """Return the codes that the device still has as they were given."""
        codes: dict[str, str] = {}
        for batch in itertools.batched(grants, _BATCH, strict=False):
            for user in await self._directory.get(batch, _SECRETS):
                grant = (user.uuid or "").upper()
                if (entry := wanted.get(grant)) is None:
                    continue
                code = self._code_in(user, entry)
                if code and await digest(code) == entry.digest:
                    codes[grant] = code
        return codes

    def _code_in(self, user: DirectoryUser, entry: AccessEntry) -> str | None:
        if entry.means is Means.CARD:
            return next(iter(user.cards or ()), None)
        if self._first in entry.doors:
            return user.pin
        return next((code for code in user.codes or () if code), None)

    async def _remove(self, grants: Iterable[str]) -> None:
        """Take entries away. Raises Refused where one of them stays."""
        for batch in itertools.batched(sorted(grants), _BATCH, strict=False):
            outcomes = await self._directory.delete(batch)
            removed = {
                grant
                for grant, outcome in zip(batch, outcomes, strict=True)
                if {*outcome.errors} <= _ABSENT
            }
            self.memory = replace(
                self.memory,
                entries={
                    grant: listed
                    for grant, listed in self.memory.entries.items()
                    if grant not in removed
                },
            )
            if len(removed) < len(batch):
                raise Refused(_REJECTED)

    async def _update(self, entries: Iterable[AccessEntry]) -> set[str]:
        changed = [
            entry
            for entry in entries
            if _listed(entry, self.memory.entries[entry.grant].stamp)
            != self.memory.entries[entry.grant]
        ]
        return await self._write(self._directory.update, changed, {})

    async def _write(
        self,
        write: Callable[
            [Sequence[DirectoryUser]], Awaitable[tuple[DirectoryOutcome, ...]]
        ],
        wanted: Sequence[AccessEntry],
        codes: Mapping[str, str],
    ) -> set[str]:
        """Write entries and remember them; return those that were not taken."""
        refused: set[str] = set()
        for batch in itertools.batched(wanted, _BATCH, strict=False):
            outcomes = await write(
                [self._user(entry, codes.get(entry.grant)) for entry in batch]
            )
            written = {
                entry.grant: _listed(entry, outcome.timestamp)
                for entry, outcome in zip(batch, outcomes, strict=False)
                if not outcome.errors
            }
            refused |= {entry.grant for entry in batch} - written.keys()
            self.memory = replace(
                self.memory, entries={**self.memory.entries, **written}
            )
        return refused

    def _user(self, entry: AccessEntry, code: str | None) -> DirectoryUser:
        """Return an entry as the directory takes it; no code leaves that as it is."""
        user = DirectoryUser(
            uuid=entry.grant,
            name=entry.name,
            valid_from=int(entry.valid_from.timestamp()),
            valid_to=int(entry.valid_to.timestamp()),
            access_points=(entry.admits, entry.admits),
        )
        if entry.admits and self._template and self._template.lacks(_POINTS):
            # A model with one access point has no such key, and needs none.
            user = replace(user, access_points=None)
        if code is None:
            return user
        if entry.means is Means.CARD:
            return replace(user, cards=(code,))
        if self._first in entry.doors:
            return replace(user, pin=code)
        switch = self._switches[entry.doors[0]]
        return replace(
            user,
            codes=tuple(
                code if number == switch else ""
                for number in range(1, _SWITCH_CODES + 1)
            ),
        )


def _is_touched(entries: Mapping[str, Listed], uuid: str, user: DirectoryUser) -> bool:
    """Whether an entry is not as we wrote it last."""
    known = entries.get(uuid)
    return known is None or known.stamp not in (None, user.timestamp)


def _stamped(entries: Mapping[str, Listed], page: DirectoryPage) -> dict[str, Listed]:
    """Take over the device's count where writing did not tell it."""
    stamps = {(user.uuid or "").upper(): user.timestamp for user in page.users}
    return {
        grant: replace(listed, stamp=stamps.get(grant))
        if listed.stamp is None
        else listed
        for grant, listed in entries.items()
    }


def _listed(entry: AccessEntry, stamp: int | None) -> Listed:
    return Listed(
        stamp=stamp,
        name=entry.name,
        valid_from=int(entry.valid_from.timestamp()),
        valid_to=int(entry.valid_to.timestamp()),
        admits=entry.admits,
    )
