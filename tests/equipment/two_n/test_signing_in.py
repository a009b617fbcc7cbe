"""Signing in at devices that are hard to please."""

import asyncio
import logging
import traceback

from aiohttp import web
import pytest

from custom_components.cabinet_secure.equipment.two_n.errors import (
    DisabledReason,
    MalformedAnswer,
    MissingPrivilege,
    ServiceDisabled,
    WrongCredentials,
)
from custom_components.cabinet_secure.equipment.two_n.models import SwitchAction

from .conftest import PASSWORD, OddDevice
from .odd_answers import failed, ok

DIGEST = 'Digest realm="r", nonce="{nonce}", qop="auth"'


class Doorman:
    """A device that signs people in with Digest and counts what it is asked."""

    def __init__(self, *, challenges: tuple[str, ...] = (DIGEST,)) -> None:
        self.challenges = challenges
        self.nonce = 0
        self.accepted = True
        self.stale = False
        self.always_stale = False
        self.code = 9
        self.seen: list[str] = []

    async def __call__(self, request: web.Request) -> web.Response:
        given = request.headers.get("Authorization", "")
        self.seen.append(given)
        if self.always_stale or f'nonce="{self.nonce}"' not in given:
            return self._refuse(stale=self.always_stale or self.stale)
        return ok({"upTime": 5}) if self.accepted else self._refuse(stale=False)

    def _refuse(self, *, stale: bool) -> web.Response:
        self.nonce += 1
        end = ", stale=true" if stale else ""
        challenges = (one.format(nonce=self.nonce) + end for one in self.challenges)
        return failed(self.code, 401, *challenges)


async def test_a_request_takes_one_round_trip_once_signed_in(
    odd_device: OddDevice,
) -> None:
    doorman = Doorman(challenges=('Basic realm="r"', DIGEST))
    client = await odd_device(doorman)

    for _ in range(3):
        await client.system_status()

    assert len(doorman.seen) == 4
    assert [
        part for seen in doorman.seen for part in seen.split(", ") if "nc=" in part
    ] == ["nc=00000001", "nc=00000002", "nc=00000003"]


async def test_a_stale_nonce_is_replaced_even_for_an_actuation(
    odd_device: OddDevice,
) -> None:
    doorman = Doorman()
    client = await odd_device(doorman)
    await client.switch_control(1, SwitchAction.TRIGGER)
    doorman.nonce, doorman.stale = 100, True

    await client.switch_control(1, SwitchAction.TRIGGER)

    assert len(doorman.seen) == 4


async def test_a_device_that_forgot_the_nonce_without_saying_stale_is_answered(
    odd_device: OddDevice,
) -> None:
    doorman = Doorman()
    client = await odd_device(doorman)
    await client.system_status()
    doorman.nonce = 100

    assert (await client.system_status()).up_time == 5


async def test_a_nonce_that_is_always_stale_ends_after_three_attempts(
    odd_device: OddDevice,
) -> None:
    doorman = Doorman()
    doorman.always_stale = True
    client = await odd_device(doorman)

    with pytest.raises(MalformedAnswer, match="stale"):
        await client.system_status()
    assert len(doorman.seen) == 3


async def test_a_wrong_password_is_tried_once_and_then_held_back(
    odd_device: OddDevice, monkeypatch: pytest.MonkeyPatch
) -> None:
    doorman = Doorman()
    doorman.accepted = False
    client = await odd_device(doorman)

    for _ in range(5):
        with pytest.raises(WrongCredentials):
            await client.system_status()

    assert len([seen for seen in doorman.seen if seen]) == 1

    doorman.accepted = True
    loop = asyncio.get_running_loop()
    later = loop.time() + 601
    with monkeypatch.context() as patch:
        patch.setattr(loop, "time", lambda: later)
        client._connection._hold_off("system")
    assert (await client.system_status()).up_time == 5


async def test_a_refusal_without_a_new_challenge_is_a_wrong_password(
    odd_device: OddDevice,
) -> None:
    async def handler(request: web.Request) -> web.Response:
        if "Authorization" in request.headers:
            return failed(9, 401)
        return failed(9, 401, DIGEST)

    client = await odd_device(handler)

    with pytest.raises(WrongCredentials):
        await client.system_status()


async def test_error_9_with_http_200_is_a_wrong_password(odd_device: OddDevice) -> None:
    client = await odd_device(lambda _: asyncio.sleep(0, failed(9)))

    with pytest.raises(WrongCredentials):
        await client.system_status()


@pytest.mark.parametrize(
    "challenges",
    [
        ("Negotiate",),
        ('Basic realm="r"', 'Digest realm="r", nonce="n", qop="auth-int"'),
        (),
    ],
)
async def test_a_way_to_sign_in_that_we_do_not_know_names_the_service(
    odd_device: OddDevice, challenges: tuple[str, ...]
) -> None:
    sent: list[str | None] = []

    async def handler(request: web.Request) -> web.Response:
        sent.append(request.headers.get("Authorization"))
        return failed(9, 401, *challenges)

    client = await odd_device(handler)

    with pytest.raises(ServiceDisabled) as caught:
        await client.log_caps()
    assert caught.value.service == "log"
    assert caught.value.reason is DisabledReason.WRONG_AUTHENTICATION
    assert sent == [None]


async def test_another_way_to_sign_in_is_taken_up(odd_device: OddDevice) -> None:
    basic = False

    async def handler(request: web.Request) -> web.Response:
        given = request.headers.get("Authorization", "")
        if given.startswith("Basic" if basic else "Digest"):
            return ok({"upTime": 1})
        challenge = 'Basic realm="r"' if basic else DIGEST
        return failed(8 if given else 9, 401, challenge)

    client = await odd_device(handler)
    await client.system_status()
    basic = True

    assert (await client.system_status()).up_time == 1


async def test_a_way_to_sign_in_that_the_device_keeps_refusing_is_told(
    odd_device: OddDevice,
) -> None:
    doorman = Doorman()
    doorman.accepted, doorman.code = False, 8
    client = await odd_device(doorman)

    with pytest.raises(ServiceDisabled) as caught:
        await client.system_status()
    assert caught.value.reason is DisabledReason.WRONG_AUTHENTICATION


async def test_a_missing_privilege_in_a_401_is_not_a_wrong_password(
    odd_device: OddDevice,
) -> None:
    client = await odd_device(lambda _: asyncio.sleep(0, failed(10, 401, DIGEST)))

    with pytest.raises(MissingPrivilege):
        await client.switch_status()


async def test_a_huge_explanation_of_a_401_does_not_stop_signing_in(
    odd_device: OddDevice,
) -> None:
    async def handler(request: web.Request) -> web.Response:
        if "Authorization" in request.headers:
            return ok({"upTime": 1})
        return web.Response(
            status=401, body=b" " * 2_000_000, headers={"WWW-Authenticate": DIGEST}
        )

    client = await odd_device(handler)

    assert (await client.system_status()).up_time == 1


async def test_no_error_and_no_log_line_shows_a_secret(
    odd_device: OddDevice, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    doorman = Doorman(challenges=('Basic realm="r"',))
    client = await odd_device(doorman)
    shown: list[str] = [repr(client), repr(vars(client)), str(client)]

    for _ in range(2):
        with pytest.raises(WrongCredentials) as caught:
            await client.system_status()
        shown += traceback.format_exception(caught.value)
        shown.append(repr(caught.value))

    written = "".join(shown) + caplog.text
    assert PASSWORD not in written
    assert "Authorization" not in written
    assert doorman.seen[-1].removeprefix("Basic ") not in written
