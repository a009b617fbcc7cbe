"""The directory of users ("2N HTTP API, api/dir")."""

from collections.abc import Callable, Iterable
from copy import deepcopy
import random
import re
import uuid as uuids

from .config import Json
from .errors import ApiError, ErrorCode

_UUID = re.compile(r"[0-9A-F]{8}(-[0-9A-F]{4}){3}-[0-9A-F]{12}", re.IGNORECASE)
_DIGITS = re.compile(r"\d{2,15}|")
_HEX = re.compile(r"[0-9A-F]{6,32}|", re.IGNORECASE)
_EPOCH = re.compile(r"\d{1,12}")
# Fields that other models have; this one does not offer them in its template.
_OTHER_MODELS = frozenset({"recordType", "buttons", "photo"})
_READ_ONLY = frozenset({"deleted", "timestamp"})


def _template() -> Json:
    return {
        "uuid": "",
        "deleted": False,
        "owner": "",
        "name": "",
        "email": "",
        "treepath": "/",
        "virtNumber": "",
        "deputy": "",
        "callPos": [
            {"peer": "", "profiles": "", "grouped": False, "ipEye": ""}
            for _ in range(3)
        ],
        "access": {
            "validFrom": "0",
            "validTo": "0",
            "accessPoints": [{"enabled": True, "profiles": ""} for _ in range(2)],
            "pin": "",
            "code": ["", "", "", ""],
            "card": ["", ""],
            "mobkey": "",
            "licensePlates": "",
        },
        "timestamp": 0,
    }


class EntryError(Exception):
    """One entry of a directory request is refused; the others are not."""

    def __init__(self, code: str, field: str | None = None) -> None:
        super().__init__(code)
        self.code = code
        self.field = field

    def entry(self, uuid: object) -> Json:
        """Return the entry of the answer that tells it."""
        error: Json = {"code": self.code}
        if self.field is not None:
            error["field"] = self.field
        answer: Json = {"errors": [error]}
        if isinstance(uuid, str):
            answer = {"uuid": uuid} | answer
        return answer


class Directory:
    """Users with their codes and cards. It is stored: a power cut leaves it alone."""

    def __init__(self) -> None:
        self.users: dict[str, Json] = {}
        self.series = ""
        self.timestamp = 0
        self.writes_refused: ErrorCode | None = None
        self.new_series()

    def new_series(self) -> None:
        """Begin another series of timestamps, as after a restored configuration."""
        self.series = str(random.randrange(10**18, 10**19))

    def template(self) -> Json:
        """Return what dir/template answers."""
        return {"series": self.series, "users": [_template()]}

    def create(self, entries: Iterable[Json], *, force: bool) -> Json:
        """Add entries; an existing one is overwritten by `force` alone."""
        self._check_writable()
        return self._each(entries, lambda entry: self._create(entry, force=force))

    def update(self, entries: Iterable[Json]) -> Json:
        """Change the given fields of existing entries."""
        self._check_writable()
        return self._each(entries, self._update)

    def delete(self, *, owner: str | None, entries: Iterable[Json]) -> Json:
        """Delete everything of an owner, or the named entries."""
        self._check_writable()
        if owner is not None:
            owned = [
                {"uuid": user["uuid"]}
                for user in self.active()
                if user["owner"] == owner
            ]
            return self._each(owned, self._delete)
        return self._each(entries, self._delete)

    def get(self, fields: list[str] | None, entries: Iterable[Json]) -> Json:
        """Return the named entries."""
        return self._each(entries, lambda entry: _show(self._existing(entry), fields))

    def query(
        self, *, series: str | None, fields: list[str] | None, since: int
    ) -> Json:
        """Return entries newer than `since`, deleted ones included as such.

        With another series than the station's there are none: only what to start
        again from.
        """
        users: list[Json] = []
        if series in {None, self.series}:
            users = [
                _show(user, fields)
                for user in sorted(self.users.values(), key=lambda u: u["timestamp"])
                if user["timestamp"] > since and not (user["deleted"] and since == 0)
            ]
        return {"series": self.series, "timestamp": self.timestamp, "users": users}

    def active(self) -> list[Json]:
        """Return the users that are not deleted."""
        return [user for user in self.users.values() if not user["deleted"]]

    def find(self, uuid: str) -> Json | None:
        """Return an active user."""
        user = self.users.get(uuid.upper())
        return None if user is None or user["deleted"] else user

    def add(self, name: str, **access: object) -> str:
        """Put a user in as an installer does at the device; returns the uuid."""
        entry: Json = {"name": name, "access": access}
        answer: Json = self._create(entry, force=False)
        return str(answer["uuid"])

    def _check_writable(self) -> None:
        if self.writes_refused is not None:
            raise ApiError(self.writes_refused)

    def _each(self, entries: Iterable[Json], act: Callable[[Json], Json]) -> Json:
        users: list[Json] = []
        for entry in entries:
            try:
                users.append(act(entry))
            except EntryError as err:
                users.append(err.entry(entry.get("uuid")))
        return {"series": self.series, "users": users}

    def _create(self, entry: Json, *, force: bool) -> Json:
        uuid = entry.get("uuid")
        if uuid is None:
            uuid = str(uuids.uuid4())
        if not isinstance(uuid, str) or not _UUID.fullmatch(uuid):
            raise EntryError("EDIR_FIELD_VALUE_ERROR", "uuid")
        uuid = uuid.upper()
        if self.find(uuid) is not None and not force:
            raise EntryError("EDIR_UUID_ALREADY_EXISTS")
        return self._store(_template() | {"uuid": uuid}, entry)

    def _update(self, entry: Json) -> Json:
        return self._store(deepcopy(self._existing(entry)), entry)

    def _delete(self, entry: Json) -> Json:
        uuid = self._existing(entry)["uuid"]
        # Only the uuid of a deleted entry is kept.
        return self._store(_template() | {"uuid": uuid, "deleted": True}, {})

    def _existing(self, entry: Json) -> Json:
        uuid = entry.get("uuid")
        if uuid is None:
            raise EntryError("EDIR_UUID_IS_MISSING")
        if not isinstance(uuid, str) or not _UUID.fullmatch(uuid):
            raise EntryError("EDIR_UUID_INVALID_FORMAT")
        if (user := self.find(uuid)) is None:
            raise EntryError("EDIR_UUID_DOES_NOT_EXIST")
        return user

    def _store(self, user: Json, changes: Json) -> Json:
        for field, value in changes.items():
            if field != "uuid":
                _assign(user, field, value)
        self.timestamp += 1
        user["timestamp"] = self.timestamp
        self.users[user["uuid"]] = user
        return {"uuid": user["uuid"], "timestamp": self.timestamp}


def _assign(user: Json, field: str, value: object) -> None:
    if field in _OTHER_MODELS:
        raise EntryError("EDIR_FIELD_NOT_AVAILABLE", field)
    if field in _READ_ONLY or field not in _template():
        raise EntryError("EDIR_FIELD_NAME_UNKNOWN", field)
    if field == "access":
        if not isinstance(value, dict):
            raise EntryError("EDIR_FIELD_VALUE_ERROR", field)
        for name, part in value.items():
            _check_access(name, part)
            _place(user["access"], name, part)
        return
    if not isinstance(value, type(user[field])):
        raise EntryError("EDIR_FIELD_VALUE_ERROR", field)
    _place(user, field, value)


def _place(target: Json, name: str, value: object) -> None:
    """Put a value in; a list overwrites from its start and keeps its length."""
    if isinstance(value, list):
        current = deepcopy(target[name])
        if len(value) > len(current):
            raise EntryError("EDIR_FIELD_VALUE_ERROR", name)
        for index, item in enumerate(value):
            if isinstance(item, dict):
                current[index] |= item
            else:
                current[index] = item
        target[name] = current
    else:
        target[name] = value


def _check_access(name: str, value: object) -> None:
    match name, value:
        case "pin", str() if _DIGITS.fullmatch(value):
            return
        case (("validFrom" | "validTo"), str()) if _EPOCH.fullmatch(value):
            return
        case (("mobkey" | "licensePlates"), str()):
            return
        case "code", list() if _all_match(value, _DIGITS):
            return
        case "card", list() if _all_match(value, _HEX):
            return
        case "accessPoints", list() if all(isinstance(item, dict) for item in value):
            return
    known = name in _template()["access"]
    raise EntryError(
        "EDIR_FIELD_VALUE_ERROR" if known else "EDIR_FIELD_NAME_UNKNOWN",
        f"access.{name}",
    )


def _all_match(values: list[object], pattern: re.Pattern[str]) -> bool:
    return all(isinstance(value, str) and pattern.fullmatch(value) for value in values)


def _show(user: Json, fields: list[str] | None) -> Json:
    """Return the asked fields; None: those not at their default; empty: all."""
    shown: Json = {"uuid": user["uuid"], "timestamp": user["timestamp"]}
    default = _template()
    if fields is None:
        for name, value in user.items():
            if isinstance(value, dict):
                changed = {k: v for k, v in value.items() if v != default[name][k]}
                if changed:
                    shown[name] = changed
            elif value != default[name]:
                shown[name] = value
    elif not fields:
        shown = dict(user)
    else:
        for path in fields:
            name, _, part = path.partition(".")
            name = name.partition("[")[0]
            if name not in user:
                continue
            if part and isinstance(user[name], dict):
                if part in user[name]:
                    shown.setdefault(name, {})[part] = user[name][part]
            else:
                shown[name] = user[name]
    return deepcopy(shown)
