"""Reading the answers of a 2N device: bounded, and turned into results or errors."""

from typing import Final

import aiohttp

from .errors import MalformedAnswer, TwoNError, error_for
from .json_reading import Json, as_object, decode, integer, text_or_none

JSON_LIMIT: Final = 1024 * 1024
PICTURE_LIMIT: Final = 8 * 1024 * 1024
"""Largest bodies that are read, in bytes."""

_CHUNK = 64 * 1024
_SIGN_IN_CODES = frozenset({8, 9})


async def read_body(response: aiohttp.ClientResponse, limit: int) -> bytes:
    """Return the whole body, or raise once it is larger than the limit in bytes."""
    body = bytearray()
    if (response.content_length or 0) <= limit:
        async for chunk in response.content.iter_chunked(_CHUNK):
            body += chunk
            if len(body) > limit:
                break
        else:
            return bytes(body)
    response.close()
    raise MalformedAnswer(f"the answer is larger than {limit} bytes")


async def read_document(response: aiohttp.ClientResponse) -> dict[str, Json]:
    """Return the JSON object that an answer is."""
    return as_object(decode(await read_body(response, JSON_LIMIT)), "the answer")


async def refusal_in(response: aiohttp.ClientResponse, service: str) -> TwoNError:
    """Return the error in an answer that should have been a picture."""
    result_of(await read_document(response), service)
    return MalformedAnswer("the device answered without a picture")


async def sign_in_code(response: aiohttp.ClientResponse, service: str) -> int | None:
    """Return the code of a 401 that is about signing in; raise any other error."""
    try:
        document = await read_document(response)
        error = document.get("error")
        code = integer(as_object(error, "error"), "code")
    except MalformedAnswer:
        # Not every server explains a 401; its headers say enough.
        return None
    if code not in _SIGN_IN_CODES:
        result_of(document, service)
    return code


def result_of(document: dict[str, Json], service: str) -> dict[str, Json]:
    """Return the result of an answer, or raise the error that it tells."""
    match document.get("success"):
        case True:
            result = document.get("result")
            return {} if result is None else as_object(result, "result")
        case False:
            error = as_object(document.get("error"), "error")
            raise error_for(
                integer(error, "code"),
                service=service,
                param=text_or_none(error, "param"),
                description=text_or_none(error, "description"),
            )
        case _:
            raise MalformedAnswer("the answer says neither success nor failure")
