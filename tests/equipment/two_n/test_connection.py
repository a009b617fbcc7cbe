"""The conversation with devices that do not behave."""

import asyncio
import ssl

import aiohttp
from aiohttp import web
import pytest

from custom_components.cabinet_secure.equipment.two_n.client import TwoNClient
from custom_components.cabinet_secure.equipment.two_n.errors import (
    CertificateRejected,
    DisabledReason,
    MalformedAnswer,
    MissingPrivilege,
    Refused,
    ServiceDisabled,
    TwoNError,
    Unreachable,
)
from custom_components.cabinet_secure.equipment.two_n.models import SwitchAction

from .conftest import PASSWORD, USER, OddDevice
from .odd_answers import failed, ok

DIGEST = 'Digest realm="r", nonce="{nonce}", qop="auth"'


async def test_no_device_at_the_address_is_unreachable(
    session: aiohttp.ClientSession, unused_tcp_port: int
) -> None:
    client = TwoNClient(
        session, "127.0.0.1", USER, PASSWORD, tls=False, port=unused_tcp_port
    )

    with pytest.raises(Unreachable):
        await client.system_info()


@pytest.mark.parametrize("host", ["not a host", "", "http://x", "a" * 300])
async def test_a_name_that_is_no_host_is_unreachable(
    session: aiohttp.ClientSession, host: str
) -> None:
    client = TwoNClient(session, host, USER, PASSWORD, tls=False, port=1)

    with pytest.raises(Unreachable):
        await client.system_info()


async def test_tls_to_a_port_without_tls_is_unreachable(
    session: aiohttp.ClientSession, odd_device: OddDevice
) -> None:
    plain = await odd_device(lambda _: asyncio.sleep(0, ok()))
    client = TwoNClient(
        session, "127.0.0.1", USER, PASSWORD, port=plain._connection._port
    )

    with pytest.raises(Unreachable) as caught:
        await client.system_info()

    assert type(caught.value) is Unreachable


async def test_an_untrusted_certificate_is_told_apart(
    session: aiohttp.ClientSession, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def refuse(*_: object, **__: object) -> None:
        raise ssl.SSLCertVerificationError("self-signed")

    monkeypatch.setattr(session, "_request", refuse)

    with pytest.raises(CertificateRejected):
        await TwoNClient(session, "127.0.0.1", USER, PASSWORD).system_info()


@pytest.mark.parametrize(
    ("status", "text"),
    [
        (200, "<html>"),
        (404, "<html>not here</html>"),
        (500, "oops"),
        (200, "[]"),
        (200, '{"hello": "world"}'),
        (200, '{"success": false}'),
        (200, '{"success": false, "error": {"code": "x"}}'),
        (200, '{"success": true, "result": []}'),
        (200, '{"success": true}'),
        (401, "<html>sign in</html>"),
    ],
)
async def test_what_no_2n_device_says_is_malformed(
    odd_device: OddDevice, status: int, text: str
) -> None:
    async def handler(_: web.Request) -> web.Response:
        return web.Response(status=status, text=text)

    client = await odd_device(handler)

    with pytest.raises(MalformedAnswer):
        await client.system_info()


async def test_an_answer_that_is_not_http_is_malformed(
    session: aiohttp.ClientSession,
) -> None:
    async def serve(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"SSH-2.0-dropbear\r\n\r\n")
        await writer.drain()
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    async with server:
        port = server.sockets[0].getsockname()[1]
        client = TwoNClient(session, "127.0.0.1", USER, PASSWORD, tls=False, port=port)
        with pytest.raises(MalformedAnswer):
            await client.system_info()


@pytest.mark.parametrize("announced", [True, False])
async def test_an_answer_that_is_too_large_is_not_read(
    odd_device: OddDevice, announced: bool
) -> None:
    async def handler(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse()
        if announced:
            response.content_length = 1024 * 1024 + 1
        await response.prepare(request)
        try:
            for _ in range(1025):
                await response.write(b" " * 1024)
        except ConnectionError:
            pass
        return response

    client = await odd_device(handler)

    with pytest.raises(MalformedAnswer, match="larger"):
        await client.system_info()


async def test_an_answer_that_never_ends_ends_in_a_timeout(
    odd_device: OddDevice,
) -> None:
    async def handler(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse()
        await response.prepare(request)
        while True:
            await response.write(b" ")
            await asyncio.sleep(0.01)

    client = await odd_device(handler)

    with pytest.raises(Unreachable, match="in time"):
        await client.system_info()


async def test_a_cancelled_request_is_cancelled_and_not_an_error(
    odd_device: OddDevice,
) -> None:
    async def handler(_: web.Request) -> web.Response:
        await asyncio.sleep(5)
        return ok()

    client = await odd_device(handler)
    task = asyncio.create_task(client.system_info())
    await asyncio.sleep(0.05)
    task.cancel()

    with pytest.raises(asyncio.CancelledError):
        await task


async def test_a_redirect_to_https_says_that_https_is_wanted(
    odd_device: OddDevice,
) -> None:
    async def handler(request: web.Request) -> web.Response:
        return web.Response(
            status=302, headers={"Location": f"https://{request.host}{request.path}"}
        )

    client = await odd_device(handler)

    with pytest.raises(ServiceDisabled) as caught:
        await client.system_info()
    assert caught.value.reason is DisabledReason.WRONG_CONNECTION_TYPE


async def test_a_redirect_elsewhere_is_not_followed(odd_device: OddDevice) -> None:
    paths: list[str] = []

    async def handler(request: web.Request) -> web.Response:
        paths.append(request.path)
        return web.Response(status=301, headers={"Location": "/login.html"})

    client = await odd_device(handler)

    with pytest.raises(MalformedAnswer):
        await client.system_info()
    assert paths == ["/api/system/info"]


@pytest.mark.parametrize("code", [14, 15])
async def test_a_read_is_asked_once_more_after_a_passing_error(
    odd_device: OddDevice, code: int
) -> None:
    answers = [failed(code), ok({"systemTime": 1, "upTime": 2})]

    async def handler(_: web.Request) -> web.Response:
        return answers.pop(0)

    client = await odd_device(handler)

    assert (await client.system_status()).up_time == 2


async def test_a_read_is_not_asked_a_third_time(odd_device: OddDevice) -> None:
    asked = 0

    async def handler(_: web.Request) -> web.Response:
        nonlocal asked
        asked += 1
        return failed(14)

    client = await odd_device(handler)

    with pytest.raises(Refused):
        await client.system_status()
    assert asked == 2


@pytest.mark.parametrize("code", [14, 15, 18])
async def test_an_actuation_that_failed_is_never_repeated(
    odd_device: OddDevice, code: int
) -> None:
    asked = 0

    async def handler(_: web.Request) -> web.Response:
        nonlocal asked
        asked += 1
        return failed(code)

    client = await odd_device(handler)

    with pytest.raises(Refused) as caught:
        await client.switch_control(1, SwitchAction.TRIGGER)
    assert caught.value.code == code
    assert asked == 1


@pytest.mark.parametrize(
    "act",
    [
        lambda client: client.switch_control(1, SwitchAction.TRIGGER),
        lambda client: client.io_control("relay1", on=True),
        lambda client: client.log_pull(7, 5),
        lambda client: client.grant_access(0, "uuid"),
        lambda client: client._connection.send_json("PUT", "dir/create", {"users": []}),
    ],
)
async def test_a_dropped_connection_never_repeats_what_must_happen_once(
    odd_device: OddDevice, act
) -> None:
    asked: list[str] = []

    async def handler(request: web.Request) -> web.Response:
        if request.path == "/api/system/status":
            return ok()
        asked.append(request.path)
        await request.read()
        assert request.transport is not None
        request.transport.close()
        return ok()

    client = await odd_device(handler)
    # The connection is one that was kept, which is where aiohttp would try again.
    await client.system_status()

    with pytest.raises(Unreachable):
        await act(client)
    await asyncio.sleep(0.05)
    assert len(asked) == 1


async def test_a_read_survives_a_kept_connection_that_was_dropped(
    odd_device: OddDevice,
) -> None:
    asked = 0

    async def handler(request: web.Request) -> web.Response:
        nonlocal asked
        asked += 1
        if asked == 2:
            assert request.transport is not None
            request.transport.close()
        return ok({"upTime": asked})

    client = await odd_device(handler)
    await client.system_status()

    assert (await client.system_status()).up_time == 3


@pytest.mark.parametrize(
    ("content_type", "body", "kind"),
    [
        ("image/jpeg", b"GIF89a", MalformedAnswer),
        ("image/jpeg", b"\xff\xd8" + b" " * (8 * 1024 * 1024), MalformedAnswer),
        ("application/json", b'{"success": true}', MalformedAnswer),
        (
            "application/json",
            b'{"success": false, "error": {"code": 10}}',
            MissingPrivilege,
        ),
        ("text/html", b"<html>", MalformedAnswer),
    ],
)
async def test_a_picture_that_is_none_is_an_error(
    odd_device: OddDevice, content_type: str, body: bytes, kind: type[TwoNError]
) -> None:
    async def handler(_: web.Request) -> web.Response:
        return web.Response(body=body, content_type=content_type)

    client = await odd_device(handler)

    with pytest.raises(kind):
        await client.snapshot(640, 480)
    with pytest.raises(TwoNError):
        await client.mjpeg(640, 480, 5)


async def test_an_unreadable_event_does_not_hide_the_others(
    odd_device: OddDevice,
) -> None:
    events = [{"id": 1, "event": "A"}, "odd", {"event": "B"}, {"id": 3, "event": "C"}]
    client = await odd_device(lambda _: asyncio.sleep(0, ok({"events": events})))

    assert [event.name for event in await client.log_pull(1)] == ["A", "C"]


async def test_a_log_without_a_list_of_events_is_malformed(
    odd_device: OddDevice,
) -> None:
    client = await odd_device(lambda _: asyncio.sleep(0, ok({"events": 5})))

    with pytest.raises(MalformedAnswer):
        await client.log_pull(1)
    with pytest.raises(MalformedAnswer):
        await client.log_caps()


async def test_a_reading_that_is_refused_for_good_is_asked_once(
    odd_device: OddDevice,
) -> None:
    asked = 0

    async def handler(_: web.Request) -> web.Response:
        nonlocal asked
        asked += 1
        return failed(17)

    client = await odd_device(handler)

    with pytest.raises(Refused):
        await client.switch_status()
    assert asked == 1


async def test_a_directory_without_a_template_is_malformed(
    odd_device: OddDevice,
) -> None:
    client = await odd_device(lambda _: asyncio.sleep(0, ok({"users": []})))

    with pytest.raises(MalformedAnswer):
        await client.directory.template()
