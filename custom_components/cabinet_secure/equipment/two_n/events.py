"""The events of a 2N device's log (2N HTTP API, log/pull).

Codes that people type are secrets: they are dropped while an event is read, so
that nothing behind this file ever holds one. That also goes for single digits on
the keypad, which in a row are a code: a digit key is only ever `DIGIT_KEY`.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Final, Self

from .errors import MalformedAnswer
from .json_reading import (
    Json,
    flag_or_none,
    integer,
    integer_or_none,
    text,
    text_or_none,
)

DIGIT_KEY: Final = "digit"
STARTUP: Final = "startup"
DEVICE_STATE: Final = "DeviceState"

_SECRET_KEYS = frozenset({"code", "pin", "password"})
_KEYPAD_EVENTS = frozenset({"KeyPressed", "KeyReleased"})


@dataclass(frozen=True, slots=True, kw_only=True)
class LogEvent:
    """One event as the device logged it, without codes.

    `params` holds names and card numbers of people, so it is left out of `repr`.
    """

    id: int
    """Counts up from the device's start."""
    name: str
    utc_time: int | None
    """Epoch seconds by the device's own clock, which may be wrong."""
    up_time: int | None
    """Whole seconds since the device started."""
    params: Mapping[str, Json] = field(repr=False)

    @classmethod
    def from_json(cls, entry: Json) -> Self:
        """Read one entry of `events`, or raise `MalformedAnswer`."""
        if not isinstance(entry, dict):
            raise MalformedAnswer("an event is not an object")
        name = text(entry, "event")
        raw = entry.get("params")
        params = _without_secrets(raw) if isinstance(raw, dict) else {}
        if name in _KEYPAD_EVENTS and _is_digit(params.get("key")):
            params["key"] = DIGIT_KEY
        return cls(
            id=integer(entry, "id"),
            name=name,
            utc_time=integer_or_none(entry, "utcTime"),
            up_time=integer_or_none(entry, "upTime"),
            params=params,
        )

    @property
    def device_time(self) -> datetime | None:
        """When it happened by the device's own clock, as UTC."""
        if self.utc_time is None:
            return None
        try:
            return datetime.fromtimestamp(self.utc_time, UTC)
        except OverflowError, ValueError, OSError:
            return None

    @property
    def access_point(self) -> int | None:
        """The access point: 0 is the entry, 1 the exit."""
        return self.number("ap")

    @property
    def is_startup(self) -> bool:
        """Whether this is the first event after the device started."""
        return self.name == DEVICE_STATE and self.text("state") == STARTUP

    def text(self, key: str) -> str | None:
        """Return a parameter that is a text, or None."""
        return text_or_none(self.params, key)

    def number(self, key: str) -> int | None:
        """Return a parameter that is a whole number, also as a text, or None."""
        return integer_or_none(self.params, key)

    def flag(self, key: str) -> bool | None:
        """Return a parameter that is true or false, or None."""
        return flag_or_none(self.params, key)


def _without_secrets(params: dict[str, Json]) -> dict[str, Json]:
    return {
        key: _without_secrets(value) if isinstance(value, dict) else value
        for key, value in params.items()
        if key not in _SECRET_KEYS
    }


def _is_digit(key: Json) -> bool:
    return isinstance(key, int) or (isinstance(key, str) and key.isdecimal())
