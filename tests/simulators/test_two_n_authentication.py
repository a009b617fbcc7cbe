"""Who the station lets in, and how it says no."""

from collections.abc import AsyncIterator

import aiohttp
import pytest

from tests.simulators.two_n import (
    AccountConfig,
    AuthMode,
    ChallengeStyle,
    Privilege,
    ServiceConfig,
    StationConfig,
    TwoNSimulator,
)
from tests.simulators.two_n.caller import sign

pytestmark = pytest.mark.usefixtures("socket_enabled")

PATH = "/api/switch/status"


@pytest.fixture
async def session() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession() as session:
        yield session


@pytest.fixture
async def sim() -> AsyncIterator[TwoNSimulator]:
    async with TwoNSimulator() as sim:
        yield sim


async def ask(
    sim: TwoNSimulator,
    session: aiohttp.ClientSession,
    authorization: str | None = None,
    path: str = PATH,
) -> tuple[int, int | None, list[str]]:
    """Return HTTP status, error code and challenges."""
    headers = {"Authorization": authorization} if authorization else {}
    async with session.get(sim.url + path, headers=headers) as response:
        body = await response.json()
        code = None if body["success"] else body["error"]["code"]
        return response.status, code, response.headers.getall("WWW-Authenticate", [])


async def challenge(sim: TwoNSimulator, session: aiohttp.ClientSession) -> str:
    return (await ask(sim, session))[2][-1]


async def test_a_stranger_gets_error_9_and_a_digest_challenge(
    sim: TwoNSimulator, session: aiohttp.ClientSession
) -> None:
    status, code, challenges = await ask(sim, session)
    assert (status, code) == (401, 9)
    assert len(challenges) == 1
    assert challenges[0].startswith("Digest ")
    assert 'qop="auth"' in challenges[0]


async def test_the_info_is_open_unless_it_is_protected(
    sim: TwoNSimulator, session: aiohttp.ClientSession
) -> None:
    assert (await ask(sim, session, path="/api/system/info"))[1] is None
    async with TwoNSimulator(StationConfig(open_info=False)) as closed:
        assert (await ask(closed, session, path="/api/system/info"))[1] == 9


async def test_a_right_digest_is_let_in_and_its_count_is_not_taken_twice(
    sim: TwoNSimulator, session: aiohttp.ClientSession
) -> None:
    given = await challenge(sim, session)
    first = sign(given, method="GET", uri=PATH, count=1)
    assert (await ask(sim, session, first))[:2] == (200, None)
    second = sign(given, method="GET", uri=PATH, count=2)
    assert (await ask(sim, session, second))[:2] == (200, None)
    status, code, challenges = await ask(sim, session, first)
    assert (status, code) == (401, 9)
    assert "stale=true" in challenges[0]


async def test_a_nonce_goes_stale_and_says_so(
    sim: TwoNSimulator, session: aiohttp.ClientSession
) -> None:
    given = await challenge(sim, session)
    sim.advance(61)
    _, code, challenges = await ask(sim, session, sign(given, method="GET", uri=PATH))
    assert code == 9
    assert "stale=true" in challenges[0]
    renewed = sign(challenges[0], method="GET", uri=PATH)
    assert (await ask(sim, session, renewed))[1] is None


async def test_a_nonce_from_before_a_power_cut_is_stale_and_no_wrong_password(
    sim: TwoNSimulator, session: aiohttp.ClientSession
) -> None:
    given = await challenge(sim, session)
    sim.set_power(on=False)
    sim.set_power(on=True)
    _, _, challenges = await ask(sim, session, sign(given, method="GET", uri=PATH))
    assert "stale=true" in challenges[0]
    assert sim.state()["login"] == {"blocked": False, "wrong": 0}


async def test_a_digest_for_another_address_or_method_is_refused(
    sim: TwoNSimulator, session: aiohttp.ClientSession
) -> None:
    for uri, method in (("/api/io/status", "GET"), (PATH, "POST")):
        given = await challenge(sim, session)
        signed = sign(given, method=method, uri=uri)
        assert (await ask(sim, session, signed))[:2] == (401, 9)


async def test_a_strict_station_refuses_a_digest_that_leaves_out_the_query(
    session: aiohttp.ClientSession,
) -> None:
    for strict, expected in ((False, None), (True, 9)):
        async with TwoNSimulator(StationConfig(strict_digest_uri=strict)) as sim:
            given = await challenge(sim, session)
            bare = sign(given, method="GET", uri=PATH)
            assert (await ask(sim, session, bare, f"{PATH}?switch=1"))[1] == expected


async def test_three_wrong_passwords_block_even_the_right_one_for_a_while(
    sim: TwoNSimulator, session: aiohttp.ClientSession
) -> None:
    for count in range(3):
        assert sim.state()["login"]["wrong"] == count
        given = await challenge(sim, session)
        wrong = sign(given, method="GET", uri=PATH, password="guess")
        assert (await ask(sim, session, wrong))[1] == 9
    assert sim.state()["login"]["blocked"]
    blocked = sim.station.log.history[-1]
    assert (blocked.event, blocked.body["params"]) == (
        "LoginBlocked",
        {"address": "127.0.0.1"},
    )
    right = sign(await challenge(sim, session), method="GET", uri=PATH)
    assert (await ask(sim, session, right))[1] == 9
    sim.advance(60)
    right = sign(await challenge(sim, session), method="GET", uri=PATH)
    assert (await ask(sim, session, right))[1] is None


async def test_a_right_password_in_between_forgives_the_wrong_ones(
    sim: TwoNSimulator, session: aiohttp.ClientSession
) -> None:
    for password in ("no", "no", "cabinet-2n", "no", "no"):
        given = await challenge(sim, session)
        signed = sign(given, method="GET", uri=PATH, password=password)
        await ask(sim, session, signed)
    assert not sim.state()["login"]["blocked"]


async def test_a_changed_password_counts_at_once(
    sim: TwoNSimulator, session: aiohttp.ClientSession
) -> None:
    sim.set_account(password="another")
    given = await challenge(sim, session)
    assert (await ask(sim, session, sign(given, method="GET", uri=PATH)))[1] == 9
    given = await challenge(sim, session)
    signed = sign(given, method="GET", uri=PATH, password="another")
    assert (await ask(sim, session, signed))[1] is None


async def test_basic_first_sends_two_headers_and_takes_either(
    session: aiohttp.ClientSession,
) -> None:
    config = StationConfig(challenge=ChallengeStyle.BASIC_FIRST)
    async with TwoNSimulator(config) as sim:
        _, _, challenges = await ask(sim, session)
        assert [one.split()[0] for one in challenges] == ["Basic", "Digest"]
        signed = sign(challenges[1], method="GET", uri=PATH)
        assert (await ask(sim, session, signed))[1] is None
        basic = aiohttp.encode_basic_auth("cabinet", "cabinet-2n")
        assert (await ask(sim, session, basic))[1] is None


async def test_a_station_that_offers_auth_int_takes_only_auth(
    session: aiohttp.ClientSession,
) -> None:
    config = StationConfig(challenge=ChallengeStyle.AUTH_INT)
    async with TwoNSimulator(config) as sim:
        given = await challenge(sim, session)
        assert 'qop="auth-int,auth"' in given
        offered = sign(given, method="GET", uri=PATH, qop="auth-int")
        assert (await ask(sim, session, offered))[1] == 9
        assert (await ask(sim, session, sign(given, method="GET", uri=PATH)))[1] is None


async def test_basic_to_a_digest_service_is_error_8(
    sim: TwoNSimulator, session: aiohttp.ClientSession
) -> None:
    basic = aiohttp.encode_basic_auth("cabinet", "cabinet-2n")
    status, code, challenges = await ask(sim, session, basic)
    assert (status, code) == (401, 8)
    assert challenges[0].startswith("Digest ")


async def test_each_service_has_its_own_rules(
    sim: TwoNSimulator, session: aiohttp.ClientSession
) -> None:
    sim.set_service("io", ServiceConfig(enabled=False))
    sim.set_service("camera", ServiceConfig(https_only=True))
    sim.set_service("call", ServiceConfig(auth=AuthMode.NONE))
    assert (await ask(sim, session, path="/api/io/caps"))[1] == 4
    assert (await ask(sim, session, path="/api/camera/caps"))[1] == 7
    assert (await ask(sim, session, path="/api/call/status"))[1] is None
    assert (await ask(sim, session))[1] == 9


async def test_a_missing_privilege_is_error_10(
    session: aiohttp.ClientSession,
) -> None:
    account = AccountConfig(privileges=frozenset({Privilege.SWITCH_MONITORING}))
    async with TwoNSimulator(StationConfig(account=account)) as sim:
        for path, expected in (
            (PATH, None),
            ("/api/switch/ctrl?switch=1&action=on", 10),
        ):
            given = await challenge(sim, session)
            signed = sign(given, method="GET", uri=path)
            assert (await ask(sim, session, signed, path))[1] == expected


async def test_types_without_the_privilege_are_left_out_of_a_channel_silently(
    session: aiohttp.ClientSession,
) -> None:
    account = AccountConfig(
        privileges=frozenset(Privilege) - {Privilege.KEYBOARD_MONITORING}
    )
    async with TwoNSimulator(StationConfig(account=account)) as sim:
        path = "/api/log/subscribe?filter=KeyPressed,DoorStateChanged"
        given = await challenge(sim, session)
        signed = sign(given, method="GET", uri=path)
        assert (await ask(sim, session, signed, path))[1] is None
        sim.press("%1")
        sim.set_door("opened")
        (channel,) = sim.station.log.channels.values()
        assert [record.event for record in channel.queue] == ["DoorStateChanged"]


async def test_wrong_basic_credentials_count_as_wrong_passwords(
    sim: TwoNSimulator, session: aiohttp.ClientSession
) -> None:
    sim.set_service("switch", ServiceConfig(auth=AuthMode.BASIC))
    for given in (aiohttp.encode_basic_auth("cabinet", "guess"), "Basic ???"):
        status, code, challenges = await ask(sim, session, given)
        assert (status, code) == (401, 9)
        assert challenges == ['Basic realm="HTTPAPI"']
    assert sim.state()["login"]["wrong"] == 2


async def test_nonces_and_channels_expire_on_demand(
    sim: TwoNSimulator, session: aiohttp.ClientSession
) -> None:
    given = await challenge(sim, session)
    async with session.post(
        f"{sim.url}/sim/expire", json={"nonces": True, "channels": True}
    ) as response:
        assert response.status == 200
    _, _, challenges = await ask(sim, session, sign(given, method="GET", uri=PATH))
    assert "stale=true" in challenges[0]
