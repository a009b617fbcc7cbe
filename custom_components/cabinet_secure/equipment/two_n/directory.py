"""The directory of a 2N device: people, their codes, cards and validity.

Entries made here carry `owner: "cabinet_secure"`. Entries of anybody else are
never read out, changed or deleted, and deleting goes by uuid, never by owner
(2N HTTP API, dir/*). [?] These calls may need HTTPS, and firmware 2.45 may refuse
to write; neither is verified.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, Self

from .connection import Connection
from .errors import MalformedAnswer, Unsupported
from .json_reading import Json, as_object, integer_or_none, objects, text_or_none

OWNER: Final = "cabinet_secure"
DEFAULT_FIELDS: Final = (
    "name",
    "access.validFrom",
    "access.validTo",
    "access.accessPoints",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class DirectoryUser:
    """A person in the directory. None leaves a field as it is, or is not known.

    Codes, cards and PIN are secrets and are left out of `repr`.
    """

    uuid: str | None = None
    name: str | None = None
    pin: str | None = field(default=None, repr=False)
    codes: tuple[str, ...] | None = field(default=None, repr=False)
    """The codes of switches 1 to 4, in order; an empty one is none."""
    cards: tuple[str, ...] | None = field(default=None, repr=False)
    """Card numbers in hexadecimal."""
    valid_from: int | None = None
    """Epoch seconds; 0 for no beginning."""
    valid_to: int | None = None
    """Epoch seconds; 0 for no end."""
    access_points: tuple[bool, ...] | None = None
    """Whether the person may use the entry and the exit, in this order."""
    timestamp: int | None = None
    """When the device was told of this, in its own count; it is never sent."""

    @classmethod
    def from_json(cls, entry: dict[str, Json]) -> Self:
        """Read one entry of `users`."""
        raw_access = entry.get("access")
        access = raw_access if isinstance(raw_access, dict) else {}
        return cls(
            uuid=text_or_none(entry, "uuid"),
            name=text_or_none(entry, "name"),
            pin=text_or_none(access, "pin"),
            codes=_texts_or_none(access, "code"),
            cards=_texts_or_none(access, "card"),
            valid_from=integer_or_none(access, "validFrom"),
            valid_to=integer_or_none(access, "validTo"),
            access_points=None
            if "accessPoints" not in access
            else tuple(
                point.get("enabled") is True
                for point in objects(access, "accessPoints")
            ),
            timestamp=integer_or_none(entry, "timestamp"),
        )

    def to_json(self) -> dict[str, Json]:
        """Return the entry as dir/create and dir/update take it."""
        access: dict[str, Json] = {}
        if self.pin is not None:
            access["pin"] = self.pin
        if self.codes is not None:
            access["code"] = list(self.codes)
        if self.cards is not None:
            access["card"] = list(self.cards)
        if self.valid_from is not None:
            access["validFrom"] = str(self.valid_from)
        if self.valid_to is not None:
            access["validTo"] = str(self.valid_to)
        if self.access_points is not None:
            access["accessPoints"] = [{"enabled": on} for on in self.access_points]
        entry: dict[str, Json] = {"owner": OWNER}
        if self.uuid is not None:
            entry["uuid"] = self.uuid
        if self.name is not None:
            entry["name"] = self.name
        if access:
            entry["access"] = access
        return entry


@dataclass(frozen=True, slots=True, kw_only=True)
class DirectoryTemplate:
    """The keys that this model's directory has (dir/template)."""

    series: str | None
    keys: Mapping[str, Json]

    def lacks(self, entry: Mapping[str, Json]) -> str | None:
        """Return the first key of an entry that the model does not have."""
        return _first_unknown(entry, self.keys)


@dataclass(frozen=True, slots=True, kw_only=True)
class DirectoryOutcome:
    """What became of one entry that was written."""

    uuid: str | None
    timestamp: int | None
    errors: tuple[str, ...]
    """The device's words, such as `EDIR_UUID_ALREADY_EXISTS`; empty is success."""

    @classmethod
    def from_json(cls, entry: dict[str, Json]) -> Self:
        """Read one entry of `users` in the answer to a write."""
        errors = entry.get("errors")
        if "errors" not in entry and "error" in entry:
            errors = [entry["error"]]
        return cls(
            uuid=text_or_none(entry, "uuid"),
            timestamp=integer_or_none(entry, "timestamp"),
            errors=tuple(_error_word(error) for error in errors)
            if isinstance(errors, list)
            else (),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class DirectoryPage:
    """What changed in our part of the directory (dir/query)."""

    series: str | None
    """When it differs from the one asked with, all must be read anew from 0."""
    timestamp: int
    """Ask with this next time."""
    users: tuple[DirectoryUser, ...]
    deleted: frozenset[str]
    """The uuids of entries that are gone, whosoever they were."""
    strangers: frozenset[str]
    """The uuids of entries of others that were made or changed."""


class Directory:
    """The directory of one device."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._template: DirectoryTemplate | None = None

    async def template(self) -> DirectoryTemplate:
        """Return the keys that this model's directory has."""
        result = await self._connection.read("dir/template")
        entries = tuple(objects(result, "users"))
        if not entries:
            raise MalformedAnswer("the directory's template is empty")
        self._template = DirectoryTemplate(series=_series(result), keys=entries[0])
        return self._template

    async def create(
        self, users: Sequence[DirectoryUser]
    ) -> tuple[DirectoryOutcome, ...]:
        """Add people. An entry whose uuid exists is refused, never overwritten.

        Raises `Unsupported` where the model lacks a key that is asked for: to
        leave out the end of a validity would let somebody in for ever.
        """
        return await self._write("dir/create", [user.to_json() for user in users])

    async def update(
        self, users: Sequence[DirectoryUser]
    ) -> tuple[DirectoryOutcome, ...]:
        """Change people of ours; an entry that is not ours has error `NOT_OURS`."""
        if any(user.uuid is None for user in users):
            raise ValueError("an update needs the uuid of every entry")
        return await self._write_ours("dir/update", [one.to_json() for one in users])

    async def overwrite(
        self, users: Sequence[DirectoryUser]
    ) -> tuple[DirectoryOutcome, ...]:
        """Make people of ours anew: whatever is not given is as in a new entry."""
        entries = [one.to_json() for one in users]
        return await self._write_ours("dir/create", entries, {"force": 1})

    async def delete(self, uuids: Iterable[str]) -> tuple[DirectoryOutcome, ...]:
        """Delete people of ours; an entry that is not ours has error `NOT_OURS`."""
        return await self._write_ours("dir/delete", [{"uuid": uuid} for uuid in uuids])

    async def get(
        self, uuids: Iterable[str], fields: Iterable[str] = DEFAULT_FIELDS
    ) -> tuple[DirectoryUser, ...]:
        """Return people of ours; those that are not there, or not ours, are left out.

        Field names are paths such as `access.pin`.
        """
        return tuple(
            DirectoryUser.from_json(entry)
            for entry in await self._get(uuids, {*fields, "owner"})
            if entry.get("owner") == OWNER
        )

    async def query(
        self,
        series: str | None = None,
        timestamp: int = 0,
        fields: Iterable[str] = DEFAULT_FIELDS,
    ) -> DirectoryPage:
        """Return what changed after a timestamp, of ours only."""
        document: dict[str, Json] = {
            "fields": _field_list({*fields, "owner", "deleted"}),
            "iterator": {"timestamp": timestamp},
        }
        if series is not None:
            document["series"] = series
        result = await self._connection.send_json("POST", "dir/query", document)
        entries = tuple(objects(result, "users"))
        stamps = [integer_or_none(entry, "timestamp") or 0 for entry in entries]
        stamps.append(integer_or_none(result, "timestamp") or 0)
        return DirectoryPage(
            series=_series(result),
            timestamp=max([timestamp, *stamps]),
            users=tuple(
                DirectoryUser.from_json(entry)
                for entry in entries
                if entry.get("owner") == OWNER and entry.get("deleted") is not True
            ),
            deleted=frozenset(
                uuid
                for entry in entries
                if entry.get("deleted") is True
                and (uuid := text_or_none(entry, "uuid")) is not None
            ),
            strangers=frozenset(
                uuid
                for entry in entries
                if entry.get("owner") != OWNER
                and entry.get("deleted") is not True
                and (uuid := text_or_none(entry, "uuid")) is not None
            ),
        )

    async def _get(
        self, uuids: Iterable[str], fields: Iterable[str]
    ) -> tuple[dict[str, Json], ...]:
        document: dict[str, Json] = {
            "fields": _field_list(fields),
            "users": [{"uuid": uuid} for uuid in uuids],
        }
        result = await self._connection.send_json("POST", "dir/get", document)
        return tuple(objects(result, "users"))

    async def _write_ours(
        self,
        path: str,
        entries: Sequence[dict[str, Json]],
        query: Mapping[str, int] | None = None,
    ) -> tuple[DirectoryOutcome, ...]:
        """Write entries that the device says are ours, and answer in their order."""
        if not entries:
            return ()
        uuids = [str(entry["uuid"]) for entry in entries]
        ours = {
            str(entry.get("uuid")).upper()
            for entry in await self._get(uuids, ("owner",))
            if entry.get("owner") == OWNER
        }
        allowed = [
            entry
            for entry, uuid in zip(entries, uuids, strict=True)
            if uuid.upper() in ours
        ]
        written = iter(await self._write(path, allowed, query))
        return tuple(
            next(written, _outcome(uuid, "NO_ANSWER"))
            if uuid.upper() in ours
            else _outcome(uuid, "NOT_OURS")
            for uuid in uuids
        )

    async def _write(
        self,
        path: str,
        entries: Sequence[dict[str, Json]],
        query: Mapping[str, int] | None = None,
    ) -> tuple[DirectoryOutcome, ...]:
        if not entries:
            return ()
        template = self._template or await self.template()
        for entry in entries:
            if (key := template.lacks(entry)) is not None:
                raise Unsupported(f"the directory of this model has no {key}")
        users: list[Json] = list(entries)
        result = await self._connection.send_json("PUT", path, {"users": users}, query)
        return tuple(
            DirectoryOutcome.from_json(entry) for entry in objects(result, "users")
        )


def _outcome(uuid: str, error: str) -> DirectoryOutcome:
    return DirectoryOutcome(uuid=uuid, timestamp=None, errors=(error,))


def _error_word(error: Json) -> str:
    code = error.get("code") if isinstance(error, dict) else error
    return str(code)[:64]


def _field_list(fields: Iterable[str]) -> list[Json]:
    return list[Json](sorted(fields))


def _series(result: dict[str, Json]) -> str | None:
    value = result.get("series")
    return None if value is None else str(value)


def _texts_or_none(parent: Mapping[str, Json], key: str) -> tuple[str, ...] | None:
    items = parent.get(key)
    if not isinstance(items, list):
        return None
    return tuple(item for item in items if isinstance(item, str))


def _first_unknown(
    entry: Mapping[str, Json], known: Mapping[str, Json], prefix: str = ""
) -> str | None:
    for key, value in entry.items():
        path = f"{prefix}{key}"
        if key not in known:
            return path
        inside = known[key]
        if isinstance(value, dict):
            deeper = _first_unknown(
                value, as_object(inside, f"template {path}"), f"{path}."
            )
            if deeper is not None:
                return deeper
    return None
