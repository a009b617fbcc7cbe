"""Functions of dir: JSON in, one answer for each entry out."""

from collections.abc import Mapping

from .config import Json, Privilege, Service
from .context import Context, Endpoint, Handler
from .errors import ApiError, ErrorCode
from .params import entries, read_json

_PUT = frozenset({"PUT"})
_POST = frozenset({"POST"})


async def _template(context: Context) -> Json:
    return context.station.directory.template()


async def _create(context: Context) -> Json:
    body = await read_json(context.request)
    force = context.params.integer("force", 0, 1, 0) == 1
    return context.station.directory.create(
        entries(body) if "users" in body else [], force=force
    )


async def _update(context: Context) -> Json:
    return context.station.directory.update(entries(await read_json(context.request)))


async def _delete(context: Context) -> Json:
    body = await read_json(context.request)
    owner = body.get("owner")
    if owner is not None and (not isinstance(owner, str) or not owner):
        raise ApiError(ErrorCode.INVALID, "owner")
    return context.station.directory.delete(
        owner=owner, entries=[] if owner is not None else entries(body)
    )


async def _get(context: Context) -> Json:
    body = await read_json(context.request)
    return context.station.directory.get(
        _fields(body), entries(body) if "users" in body else []
    )


async def _query(context: Context) -> Json:
    body = await read_json(context.request)
    series = body.get("series")
    iterator = body.get("iterator", {"timestamp": 0})
    since = iterator.get("timestamp", 0) if isinstance(iterator, dict) else None
    if series is not None and not isinstance(series, str):
        raise ApiError(ErrorCode.INVALID, "series")
    if not isinstance(since, int) or since < 0:
        raise ApiError(ErrorCode.INVALID, "iterator")
    return context.station.directory.query(
        series=series, fields=_fields(body), since=since
    )


def _fields(body: Json) -> list[str] | None:
    fields = body.get("fields")
    if fields is None:
        return None
    if not isinstance(fields, list) or not all(isinstance(f, str) for f in fields):
        raise ApiError(ErrorCode.INVALID, "fields")
    return fields


def _endpoint(handler: Handler, methods: frozenset[str]) -> Endpoint:
    return Endpoint(
        handler=handler,
        service=Service.DIRECTORY,
        privilege=Privilege.SYSTEM_CONTROL,
        methods=methods,
    )


ENDPOINTS: Mapping[str, Endpoint] = {
    "/api/dir/template": _endpoint(_template, frozenset({"GET", "POST"})),
    "/api/dir/create": _endpoint(_create, _PUT),
    "/api/dir/update": _endpoint(_update, _PUT),
    "/api/dir/delete": _endpoint(_delete, _PUT),
    "/api/dir/get": _endpoint(_get, _POST),
    "/api/dir/query": _endpoint(_query, _POST),
}
