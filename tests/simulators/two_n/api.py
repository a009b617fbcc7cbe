"""The door of the HTTP API: finds the function, checks the caller, words the answer."""

import asyncio
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, field
import time

from aiohttp import web

from . import api_camera, api_directory, api_log, api_station
from .auth import DeniedError, Gatekeeper
from .config import AuthMode, Json, Privilege, Service, ServiceConfig
from .context import Context, Endpoint
from .device import Station
from .errors import ApiError, ErrorCode
from .faults import Faults, Silence, drop, give
from .params import read_params
from .picture import Camera

_COMMANDS_KEPT = 1000
_NOT_COMMANDS = frozenset({"/api/log/pull", "/api/camera/snapshot"})

ENDPOINTS: Mapping[str, Endpoint] = {
    **api_station.ENDPOINTS,
    **api_camera.ENDPOINTS,
    **api_log.ENDPOINTS,
    **api_directory.ENDPOINTS,
}


@dataclass(slots=True)
class Api:
    """Answers every request below `/api/`."""

    station: Station
    gatekeeper: Gatekeeper
    faults: Faults
    camera: Camera
    services: dict[Service, ServiceConfig]
    commands: deque[Json] = field(default_factory=lambda: deque(maxlen=_COMMANDS_KEPT))
    written: deque[Json] = field(default_factory=lambda: deque(maxlen=5000))
    open_requests: dict[int, web.Request] = field(default_factory=dict)

    async def handle(self, request: web.Request) -> web.StreamResponse:
        """Answer one request as the network, the power and the faults allow."""
        self.open_requests[id(request)] = request
        try:
            if self.faults.latency_s:
                await asyncio.sleep(self.faults.latency_s)
            if not self.is_reachable():
                return await self._nothing(request)
            response = await self._answer(request)
            if not self.is_reachable():
                return drop(request)
            return response
        finally:
            del self.open_requests[id(request)]

    def is_reachable(self) -> bool:
        """Say whether the station has power and network."""
        return self.station.powered and self.faults.network_up

    def cut(self) -> None:
        """Cut every connection that has a request under way."""
        for request in list(self.open_requests.values()):
            drop(request)

    async def _nothing(self, request: web.Request) -> web.StreamResponse:
        if self.station.powered and self.faults.silence is Silence.HANG:
            # Until the caller gives up, which cancels this.
            await asyncio.Event().wait()
        return drop(request)

    async def _answer(self, request: web.Request) -> web.StreamResponse:
        try:
            endpoint = self._find(request)
            privileges = self._admit(request, endpoint)
            if (fault := self.faults.take(request.path)) is not None:
                return await give(fault, request)
            params = await read_params(request)
        except DeniedError as denied:
            response = web.json_response(ApiError(denied.code).body(), status=401)
            for challenge in denied.challenges:
                response.headers.add("WWW-Authenticate", challenge)
            return response
        except ApiError as err:
            return web.json_response(err.body())
        command = self._note(request, params.values)
        context = Context(
            station=self.station,
            camera=self.camera,
            faults=self.faults,
            request=request,
            params=params,
            privileges=privileges,
            written=self.written,
        )
        try:
            result = await endpoint.handler(context)
        except ApiError as err:
            if command is not None:
                command["error"] = int(err.code)
            return web.json_response(err.body())
        if isinstance(result, web.StreamResponse):
            return result
        body: Json = {"success": True}
        if result is not None:
            body["result"] = result
        return web.json_response(body)

    def _find(self, request: web.Request) -> Endpoint:
        endpoint = ENDPOINTS.get(request.path)
        if endpoint is None:
            raise ApiError(ErrorCode.INVALID_PATH)
        if any(request.path.startswith(p) for p in self.station.config.unsupported):
            raise ApiError(ErrorCode.UNSUPPORTED)
        if request.method not in endpoint.methods:
            raise ApiError(ErrorCode.INVALID_METHOD)
        return endpoint

    def _admit(self, request: web.Request, endpoint: Endpoint) -> frozenset[Privilege]:
        """Return the caller's privileges; all of them where nobody is asked who."""
        service = self.services.get(endpoint.service) or ServiceConfig()
        if not service.enabled:
            raise ApiError(ErrorCode.DISABLED)
        if service.https_only and not request.secure:
            raise ApiError(ErrorCode.WRONG_CONNECTION)
        if endpoint.open and self.station.config.open_info:
            return frozenset(Privilege)
        self.gatekeeper.check(request, service.auth)
        if service.auth is AuthMode.NONE:
            return frozenset(Privilege)
        privileges = self.gatekeeper.account.privileges
        if endpoint.privilege is not None and endpoint.privilege not in privileges:
            raise ApiError(ErrorCode.NO_PRIVILEGE)
        return privileges

    def _note(self, request: web.Request, query: Mapping[str, str]) -> Json | None:
        if request.path in _NOT_COMMANDS:
            return None
        command: Json = {
            "t": time.monotonic(),
            "method": request.method,
            "path": request.path,
            "query": dict(query),
        }
        self.commands.append(command)
        return command
