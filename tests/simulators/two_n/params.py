"""Parameters of a request: query and form alike, checked as the station does."""

from collections.abc import Mapping
import json

from aiohttp import web

from .config import Json
from .errors import ApiError, ErrorCode


class Params:
    """Text parameters; what is missing raises error 11, what is wrong error 12."""

    def __init__(self, values: Mapping[str, str]) -> None:
        self.values = values

    def text(self, name: str) -> str:
        """Return a mandatory text."""
        if (value := self.values.get(name)) is None:
            raise ApiError(ErrorCode.MISSING, name)
        if not value:
            raise ApiError(ErrorCode.INVALID, name)
        return value

    def integer(
        self, name: str, low: int, high: int, default: int | None = None
    ) -> int:
        """Return a number of a range; without default it is mandatory."""
        if name not in self.values and default is not None:
            return default
        try:
            value = int(self.text(name))
        except ValueError:
            raise ApiError(ErrorCode.INVALID, name) from None
        if not low <= value <= high:
            raise ApiError(ErrorCode.INVALID, name)
        return value

    def optional_integer(self, name: str, low: int, high: int) -> int | None:
        """Return a number of a range, or None where it was not given."""
        return self.integer(name, low, high) if name in self.values else None


async def read_params(request: web.Request) -> Params:
    """Read query and form of a request."""
    values = dict(request.query)
    if request.content_type == "application/x-www-form-urlencoded":
        form = await request.post()
        values |= {name: text for name, text in form.items() if isinstance(text, str)}
    return Params(values)


async def read_json(request: web.Request) -> Json:
    """Read a JSON object from the body, or from the form field `blob-json`.

    Raises ApiError 13 for a body over the station's limit, 12 for anything but an
    object. An absent body is an empty object.
    """
    try:
        if request.content_type == "multipart/form-data":
            form = await request.post()
            part = form.get("blob-json")
            content = part.file.read() if isinstance(part, web.FileField) else part
        else:
            content = await request.read()
    except web.HTTPRequestEntityTooLarge:
        raise ApiError(ErrorCode.TOO_LARGE) from None
    if not content:
        return {}
    try:
        parsed = json.loads(content)
    except ValueError:
        raise ApiError(ErrorCode.INVALID) from None
    if not isinstance(parsed, dict):
        raise ApiError(ErrorCode.INVALID)
    return parsed


def entries(body: Json, name: str = "users") -> list[Json]:
    """Return a list of objects from a body; raises ApiError 11 or 12."""
    if name not in body:
        raise ApiError(ErrorCode.MISSING, name)
    found = body[name]
    if not isinstance(found, list) or not all(isinstance(item, dict) for item in found):
        raise ApiError(ErrorCode.INVALID, name)
    return found
