"""Reading untrusted JSON into plain Python values.

A key that the device must send and did not, or sent as something else, is a
`MalformedAnswer`; a key that it may leave out is None. Keys that nobody asks for
are ignored.
"""

from collections.abc import Iterable, Mapping
from enum import StrEnum
import json
from typing import Never

from .errors import MalformedAnswer

type Json = bool | int | float | str | list[Json] | dict[str, Json] | None


def _refuse_constant(name: str) -> Never:
    raise ValueError(f"{name} is not JSON")


_DECODER = json.JSONDecoder(parse_constant=_refuse_constant)


def decode(body: bytes) -> Json:
    """Return the JSON document in a body, or raise `MalformedAnswer`."""
    try:
        document: Json = _DECODER.decode(body.decode())
    except ValueError, RecursionError:
        raise MalformedAnswer("the answer is not JSON") from None
    return document


def as_object(value: Json, what: str) -> dict[str, Json]:
    """Return a JSON object, or raise."""
    if not isinstance(value, dict):
        raise MalformedAnswer(f"{what} is not an object")
    return value


def objects(parent: Mapping[str, Json], key: str) -> Iterable[dict[str, Json]]:
    """Return the list of objects under a key, or raise."""
    items = parent.get(key)
    if not isinstance(items, list):
        raise MalformedAnswer(f"{key} is not a list")
    return [as_object(item, f"an entry of {key}") for item in items]


def integer_or_none(parent: Mapping[str, Json], key: str) -> int | None:
    """Return a whole number, also one written as a string, or None."""
    match parent.get(key):
        case bool():
            return None
        case int(value):
            return value
        case float(value) if value.is_integer():
            return int(value)
        case str(value) if value.isascii() and value.isdigit() and len(value) < 20:
            return int(value)
        case _:
            return None


def integer(parent: Mapping[str, Json], key: str) -> int:
    """Return a whole number, or raise."""
    value = integer_or_none(parent, key)
    if value is None:
        raise MalformedAnswer(f"{key} is not a whole number")
    return value


def text_or_none(parent: Mapping[str, Json], key: str) -> str | None:
    """Return a string, or None."""
    value = parent.get(key)
    return value if isinstance(value, str) else None


def text(parent: Mapping[str, Json], key: str) -> str:
    """Return a string, or raise."""
    value = text_or_none(parent, key)
    if value is None:
        raise MalformedAnswer(f"{key} is not a text")
    return value


def flag_or_none(parent: Mapping[str, Json], key: str) -> bool | None:
    """Return a truth value, also one written as 0 or 1, or None."""
    match parent.get(key):
        case bool(value):
            return value
        case int(value) if value in {0, 1}:
            return value == 1
        case _:
            return None


def flag(parent: Mapping[str, Json], key: str) -> bool:
    """Return a truth value, or raise."""
    value = flag_or_none(parent, key)
    if value is None:
        raise MalformedAnswer(f"{key} is neither true nor false")
    return value


def choice_or_none[ChoiceT: StrEnum](
    kind: type[ChoiceT], parent: Mapping[str, Json], key: str
) -> ChoiceT | None:
    """Return one of the known words; None for an unknown or a missing one."""
    value = parent.get(key)
    if not isinstance(value, str):
        return None
    try:
        return kind(value)
    except ValueError:
        return None
