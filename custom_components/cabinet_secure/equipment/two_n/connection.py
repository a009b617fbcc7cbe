"""The HTTP conversation with a 2N device: signing in, bounds, and errors.

Left to itself, aiohttp sends a GET or PUT a second time when the connection is
dropped before an answer. Here every request goes out once: a door must not be
opened twice, a pulled event is out of the device's queue, and a digest with a used
count may pass for a wrong password. Only a reading is then asked again, by us.
"""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
import json
import ssl
from typing import Final

import aiohttp
from yarl import URL

from .answers import (
    PICTURE_LIMIT,
    read_body,
    read_document,
    refusal_in,
    result_of,
    sign_in_code,
)
from .auth import Authorization, Challenge, Credentials, parse_challenges
from .errors import (
    CertificateRejected,
    DisabledReason,
    MalformedAnswer,
    Refused,
    ServiceDisabled,
    TwoNError,
    Unreachable,
    WrongCredentials,
    error_for,
)
from .json_reading import Json

CREDENTIAL_HOLD_OFF: Final = 600.0

_SIGN_IN_ATTEMPTS = 3
_READ_AGAIN_CODES = frozenset({14, 15})
_REDIRECTS = range(300, 400)
_PICTURE_START = b"\xff\xd8"


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """One call of a function of the device."""

    path: str
    """Below `/api/`; its first part is the service."""
    query: Mapping[str, str | int]
    method: str
    body: bytes | None

    @property
    def service(self) -> str:
        """The service that the device's settings switch on and protect as one."""
        return self.path.partition("/")[0]


class _DroppedError(aiohttp.ClientConnectionError):
    """The connection ended before an answer began; aiohttp does not repeat this."""


class _Dropped(Unreachable):
    """The same in our own words."""


async def _send_once(
    request: aiohttp.ClientRequest, handler: aiohttp.ClientHandlerType
) -> aiohttp.ClientResponse:
    try:
        return await handler(request)
    except aiohttp.ClientConnectorError:
        raise
    except (aiohttp.ClientOSError, aiohttp.ServerDisconnectedError) as err:
        raise _DroppedError(type(err).__name__) from None


class Connection:
    """Sends requests to one device and reads what comes back.

    Digest nonces are kept for each service, since each may be protected in its
    own way, so a request normally takes one round trip. Safe for any number of
    requests in parallel. Neither `repr` nor any error shows the credentials.
    """

    def __init__(
        self,
        session: aiohttp.ClientSession,
        host: str,
        credentials: Credentials,
        *,
        tls: bool,
        verify_certificate: bool,
        port: int | None,
        timeout: float,
    ) -> None:
        self._session = session
        self._host = host.removeprefix("[").removesuffix("]")
        self._credentials = credentials
        self._tls = tls
        self._ssl = verify_certificate or not tls
        self._port = port
        self._timeout = timeout
        self._authorizations: dict[str, Authorization] = {}
        self._refused_at: dict[str, float] = {}

    async def read(
        self, path: str, query: Mapping[str, str | int] | None = None
    ) -> dict[str, Json]:
        """Ask for something that changes nothing.

        Asks once more where the device failed in passing (codes 14 and 15), or
        where the connection, perhaps a kept one, was dropped before an answer.
        """
        try:
            return await self._call("GET", path, query)
        except _Dropped:
            pass
        except Refused as err:
            if err.code not in _READ_AGAIN_CODES:
                raise
        return await self._call("GET", path, query)

    async def command(
        self,
        path: str,
        query: Mapping[str, str | int] | None = None,
        *,
        method: str = "GET",
        seconds: float | None = None,
    ) -> dict[str, Json]:
        """Ask for something that must happen at most once.

        It is repeated only where the device refused the nonce, and so did nothing.
        `seconds` replaces the client's own time limit.
        """
        return await self._call(method, path, query, seconds=seconds)

    async def send_json(
        self,
        method: str,
        path: str,
        document: Mapping[str, Json],
        query: Mapping[str, str | int] | None = None,
    ) -> dict[str, Json]:
        """Send a JSON document with PUT or POST, at most once."""
        body = json.dumps(document).encode()
        return await self._call(method, path, query, body=body)

    async def picture(self, path: str, query: Mapping[str, str | int]) -> bytes:
        """Return a JPEG picture of at most 8 MiB."""
        request = Request(path=path, query=query, method="GET", body=None)
        async with _Bounded(self._timeout):
            response = await self._signed_in(request)
            try:
                if response.content_type == "image/jpeg":
                    body = await read_body(response, PICTURE_LIMIT)
                    if not body.startswith(_PICTURE_START):
                        raise MalformedAnswer("the picture is not a JPEG")
                    return body
                raise await refusal_in(response, request.service)
            finally:
                response.close()

    async def stream(
        self, path: str, query: Mapping[str, str | int], content_type: str
    ) -> aiohttp.ClientResponse:
        """Return an answer that goes on; the caller closes it.

        A stream in which nothing comes for the client's timeout ends by itself.
        """
        request = Request(path=path, query=query, method="GET", body=None)
        async with _Bounded(self._timeout):
            response = await self._signed_in(request, sock_read=self._timeout)
            if response.content_type == content_type:
                return response
            try:
                raise await refusal_in(response, request.service)
            finally:
                response.close()

    async def _call(
        self,
        method: str,
        path: str,
        query: Mapping[str, str | int] | None,
        *,
        body: bytes | None = None,
        seconds: float | None = None,
    ) -> dict[str, Json]:
        request = Request(path=path, query=query or {}, method=method, body=body)
        async with _Bounded(self._timeout if seconds is None else seconds):
            response = await self._signed_in(request)
            try:
                document = await read_document(response)
            except BaseException:
                response.close()
                raise
        return result_of(document, request.service)

    async def _signed_in(
        self, request: Request, *, sock_read: float | None = None
    ) -> aiohttp.ClientResponse:
        """Return the first answer that is not about signing in, its body unread."""
        service = request.service
        self._hold_off(service)
        authorization = self._authorizations.get(service)
        fresh: Challenge | None = None
        for _ in range(_SIGN_IN_ATTEMPTS):
            response = await self._send(request, authorization, sock_read)
            if response.status != HTTPStatus.UNAUTHORIZED:
                return response
            try:
                code = await sign_in_code(response, service)
            except BaseException:
                response.close()
                raise
            challenges = parse_challenges(
                response.headers.getall("WWW-Authenticate", ())
            )
            self._authorizations.pop(service, None)
            answer = self._credentials.answer(challenges, encrypted=self._tls)
            if answer is None and authorization is None:
                if code is None and not challenges:
                    raise MalformedAnswer("the refusal is not one of a 2N device")
                raise ServiceDisabled(service, DisabledReason.WRONG_AUTHENTICATION)
            if answer is None or (fresh is not None and not answer[1].stale):
                raise self._credentials_refused(service, code)
            authorization, fresh = answer
            self._authorizations[service] = authorization
        raise MalformedAnswer("the device calls every nonce stale")

    def _hold_off(self, service: str) -> None:
        """Refuse to send known bad credentials: three attempts lock the account."""
        refused_at = self._refused_at.get(service)
        if refused_at is None:
            return
        if asyncio.get_running_loop().time() - refused_at < CREDENTIAL_HOLD_OFF:
            raise WrongCredentials("the device refused these credentials a moment ago")
        del self._refused_at[service]

    def _credentials_refused(self, service: str, code: int | None) -> TwoNError:
        error = error_for(9 if code is None else code, service=service)
        if isinstance(error, WrongCredentials):
            self._refused_at[service] = asyncio.get_running_loop().time()
        return error

    async def _send(
        self,
        request: Request,
        authorization: Authorization | None,
        sock_read: float | None,
    ) -> aiohttp.ClientResponse:
        url = self._url(request)
        headers = {"Accept-Encoding": "identity"}
        if authorization is not None:
            headers["Authorization"] = authorization.header(
                request.method, url.raw_path_qs
            )
        if request.body is not None:
            headers["Content-Type"] = "application/json"
        try:
            response = await self._session.request(
                request.method,
                url,
                data=request.body,
                headers=headers,
                allow_redirects=False,
                raise_for_status=False,
                middlewares=(_send_once,),
                ssl=self._ssl,
                timeout=aiohttp.ClientTimeout(total=None, sock_read=sock_read),
            )
        except aiohttp.ClientConnectorCertificateError, ssl.SSLCertVerificationError:
            raise CertificateRejected("the certificate is not trusted") from None
        if response.status in _REDIRECTS:
            location = response.headers.get("Location", "")
            response.close()
            if location.startswith("https:") and not self._tls:
                raise ServiceDisabled(
                    request.service, DisabledReason.WRONG_CONNECTION_TYPE
                )
            raise MalformedAnswer("the answer points elsewhere")
        return response

    def _url(self, request: Request) -> URL:
        try:
            return URL.build(
                scheme="https" if self._tls else "http",
                host=self._host,
                port=self._port,
                path=f"/api/{request.path}",
                query=dict(request.query),
            )
        except ValueError:
            raise Unreachable("this is not the name of a host") from None


class _Bounded:
    """A time limit, and our own errors in place of aiohttp's.

    aiohttp's errors can hold the request with its headers, so they are not kept as
    the cause.
    """

    __slots__ = ("_limit",)

    def __init__(self, seconds: float) -> None:
        self._limit = asyncio.timeout(seconds)

    async def __aenter__(self) -> None:
        await self._limit.__aenter__()

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: object,
    ) -> None:
        try:
            await self._limit.__aexit__(kind, error, None)
        except TimeoutError:
            raise Unreachable("no complete answer came in time") from None
        match error:
            case aiohttp.InvalidURL():
                raise Unreachable("this is not the name of a host") from None
            case _DroppedError():
                raise _Dropped(f"the connection was dropped ({error})") from None
            case aiohttp.ClientPayloadError() | aiohttp.ClientConnectionError():
                raise Unreachable(
                    f"the connection failed ({type(error).__name__})"
                ) from None
            case aiohttp.ClientError():
                raise MalformedAnswer(
                    f"the answer is not HTTP ({type(error).__name__})"
                ) from None
            case TimeoutError() | OSError():
                raise Unreachable(
                    f"the connection failed ({type(error).__name__})"
                ) from None
            case _:
                return
