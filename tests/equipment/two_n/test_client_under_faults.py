"""The client against a simulated door station that is set up or fails otherwise."""

import asyncio

import aiohttp
import pytest

from custom_components.cabinet_secure.equipment.two_n.client import TwoNClient
from custom_components.cabinet_secure.equipment.two_n.errors import (
    DisabledReason,
    MalformedAnswer,
    MissingPrivilege,
    ServiceDisabled,
    TwoNError,
    Unreachable,
    Unsupported,
    WrongCredentials,
)
from custom_components.cabinet_secure.equipment.two_n.models import SwitchAction
from tests.simulators.two_n import (
    AuthMode,
    ChallengeStyle,
    ServiceConfig,
    StationConfig,
    TwoNSimulator,
)

from .conftest import client_of

READS = [
    TwoNClient.system_info,
    TwoNClient.system_status,
    TwoNClient.switch_caps,
    TwoNClient.switch_status,
    TwoNClient.io_caps,
    TwoNClient.io_status,
    TwoNClient.camera_caps,
    TwoNClient.call_status,
    TwoNClient.phone_status,
    TwoNClient.log_caps,
    TwoNClient.access_point_status,
]


@pytest.mark.parametrize("style", list(ChallengeStyle))
@pytest.mark.parametrize("mode", list(AuthMode))
async def test_every_way_to_sign_in_works(
    session: aiohttp.ClientSession, style: ChallengeStyle, mode: AuthMode
) -> None:
    services = dict.fromkeys(("switch", "log"), ServiceConfig(auth=mode))
    config = StationConfig(challenge=style, strict_digest_uri=True, services=services)
    async with TwoNSimulator(config) as station:
        client = client_of(session, station)

        await client.switch_control(1, SwitchAction.HOLD, timeout=60)
        channel = await client.log_subscribe({"KeyPressed", "SilentAlarm"})
        assert await client.log_pull(channel) == []
        assert station.state()["login"]["wrong"] == 0


async def test_requests_in_parallel_with_a_held_pull_share_one_nonce(
    client: TwoNClient, station: TwoNSimulator
) -> None:
    channel = await client.log_subscribe({"KeyPressed"})
    pull = asyncio.create_task(client.log_pull(channel, 20))
    await client.switch_status()

    async with asyncio.timeout(5):
        await asyncio.gather(*(client.switch_status() for _ in range(30)))
        await asyncio.gather(*(client.log_caps() for _ in range(30)))
    assert station.state()["login"]["wrong"] == 0
    station.press()
    assert await asyncio.wait_for(pull, 1)


async def test_stale_nonces_are_replaced_under_load(
    client: TwoNClient, station: TwoNSimulator
) -> None:
    await client.switch_status()
    station.expire(nonces=True)

    await asyncio.gather(*(client.switch_status() for _ in range(20)))

    station.expire(nonces=True)
    await client.switch_control(1, SwitchAction.TRIGGER)
    triggers = [one for one in station.commands if one["path"] == "/api/switch/ctrl"]
    assert len(triggers) == 1
    assert station.state()["login"]["wrong"] == 0


async def test_a_wrong_password_does_not_get_the_account_blocked(
    session: aiohttp.ClientSession, station: TwoNSimulator
) -> None:
    client = client_of(session, station, password="wrong")

    for _ in range(10):
        with pytest.raises(WrongCredentials):
            await client.switch_status()

    assert station.state()["login"] == {"blocked": False, "wrong": 1}


async def test_a_changed_password_does_not_get_the_account_blocked(
    client: TwoNClient, station: TwoNSimulator
) -> None:
    await client.switch_status()
    station.set_account(password="new")

    for _ in range(10):
        with pytest.raises(WrongCredentials):
            await client.switch_status()

    assert not station.state()["login"]["blocked"]


@pytest.mark.parametrize(
    ("config", "reason"),
    [
        (ServiceConfig(enabled=False), DisabledReason.DISABLED),
        (ServiceConfig(https_only=True), DisabledReason.WRONG_CONNECTION_TYPE),
    ],
)
async def test_a_service_that_is_not_on_offer_is_named(
    client: TwoNClient,
    station: TwoNSimulator,
    config: ServiceConfig,
    reason: DisabledReason,
) -> None:
    station.set_service("camera", config)

    with pytest.raises(ServiceDisabled) as caught:
        await client.camera_caps()

    assert (caught.value.service, caught.value.reason) == ("camera", reason)
    assert await client.switch_status()


async def test_a_missing_privilege_is_named(
    client: TwoNClient, station: TwoNSimulator
) -> None:
    station.set_account(privileges=())

    with pytest.raises(MissingPrivilege) as caught:
        await client.switch_control(1, SwitchAction.TRIGGER)

    assert caught.value.service == "switch"


async def test_a_function_that_the_model_lacks_is_unsupported(
    session: aiohttp.ClientSession,
) -> None:
    config = StationConfig(unsupported=frozenset({"/api/phone"}))
    async with TwoNSimulator(config) as station:
        with pytest.raises(Unsupported):
            await client_of(session, station).phone_status()


@pytest.mark.parametrize(
    ("answer", "kind"),
    [
        ("not_json", MalformedAnswer),
        ("not_an_object", MalformedAnswer),
        ("html", MalformedAnswer),
        ("empty", MalformedAnswer),
        ("huge", MalformedAnswer),
        ("server_error", MalformedAnswer),
        ("cut", Unreachable),
        ("endless", Unreachable),
        ("drop", Unreachable),
    ],
)
@pytest.mark.parametrize("read", READS)
async def test_each_reading_survives_each_wrong_answer(
    session: aiohttp.ClientSession,
    station: TwoNSimulator,
    read,
    answer: str,
    kind: type[TwoNError],
) -> None:
    client = client_of(session, station, timeout=0.3)
    station.answer_wrongly(answer, times=None)
    with pytest.raises(kind):
        await read(client)

    station.clear_faults()
    await read(client_of(session, station))


@pytest.mark.parametrize("answer", ["cut", "drop", "endless", "not_json", "error"])
async def test_a_command_with_a_wrong_answer_is_sent_once(
    session: aiohttp.ClientSession, station: TwoNSimulator, answer: str
) -> None:
    client = client_of(session, station, timeout=0.3)
    await client.switch_status()
    station.answer_wrongly(answer, path="/api/switch/ctrl", times=1)

    with pytest.raises(TwoNError):
        await client.switch_control(1, SwitchAction.TRIGGER)

    # The wrong answer was used up by the only request: a second would have opened.
    assert (await client.switch_status())[0].active is False


async def test_a_silent_network_ends_in_a_timeout_and_comes_back(
    session: aiohttp.ClientSession, station: TwoNSimulator
) -> None:
    client = client_of(session, station, timeout=0.3)
    station.set_network(up=False, silence="hang")
    with pytest.raises(Unreachable):
        await client.switch_status()

    station.set_network(up=True)
    assert await client.switch_status()


async def test_the_station_loses_power_and_comes_back(
    client: TwoNClient, station: TwoNSimulator
) -> None:
    await client.switch_status()
    station.set_power(on=False)
    with pytest.raises(Unreachable):
        await client.switch_status()

    station.set_power(on=True)
    # Its nonces are gone as well.
    assert await client.switch_status()
