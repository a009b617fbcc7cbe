"""What a function of the API is, and what it gets to work with."""

from collections import deque
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from aiohttp import web

from .config import Json, Privilege, Service
from .device import Station
from .faults import Faults
from .params import Params
from .picture import Camera

READ = frozenset({"GET", "POST"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Context:
    """One admitted request."""

    station: Station
    camera: Camera
    faults: Faults
    request: web.Request
    params: Params
    privileges: frozenset[Privilege]
    written: deque[Json]


type Handler = Callable[[Context], Awaitable[Json | web.StreamResponse | None]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Endpoint:
    """One function: who may call it, and how."""

    handler: Handler
    service: Service
    privilege: Privilege | None = None
    methods: frozenset[str] = READ
    open: bool = False
