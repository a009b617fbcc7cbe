"""Doors, leases and pictures of a station, against a simulated one."""

from collections.abc import AsyncIterator

import aiohttp
import pytest

from custom_components.cabinet_secure.equipment import EquipmentError, Failure
from custom_components.cabinet_secure.equipment.two_n import lease
from custom_components.cabinet_secure.equipment.two_n.client import TwoNClient
from custom_components.cabinet_secure.equipment.two_n.errors import (
    DisabledReason,
    MalformedAnswer,
    MissingPrivilege,
    Refused,
    ServiceDisabled,
    TwoNError,
    Unreachable,
    Unsupported,
    WrongCredentials,
)
from custom_components.cabinet_secure.equipment.two_n.lease import Lease
from custom_components.cabinet_secure.equipment.two_n.models import (
    CameraCapabilities,
    Resolution,
)
from custom_components.cabinet_secure.equipment.two_n.parts import (
    StationCamera,
    StationDoor,
    as_equipment_error,
)
from custom_components.cabinet_secure.equipment.two_n.roles import DoorRole
from tests.simulators.two_n import TwoNSimulator


@pytest.fixture
async def simulator(socket_enabled: None) -> AsyncIterator[TwoNSimulator]:
    """Return a station."""
    async with TwoNSimulator() as sim:
        yield sim


@pytest.fixture
async def client(simulator: TwoNSimulator) -> AsyncIterator[TwoNClient]:
    """Return a client of it."""
    async with aiohttp.ClientSession() as session:
        account = simulator.config.account
        yield TwoNClient(
            session,
            simulator.host,
            account.user,
            account.password,
            tls=False,
            port=simulator.port,
        )


def active(simulator: TwoNSimulator) -> bool:
    """Whether the strike is released."""
    return bool(simulator.state()["switches"][0]["active"])


async def test_a_lease_that_nobody_renews_ends_by_itself(
    simulator: TwoNSimulator, client: TwoNClient
) -> None:
    hold = Lease(client, 1)
    await hold.begin()
    assert active(simulator)
    hold.drop()
    simulator.advance(lease.LEASE + 1)
    assert not active(simulator)


async def test_a_renewal_that_fails_is_tried_again(
    simulator: TwoNSimulator, client: TwoNClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lease, "RENEWED_EVERY", 0.01)
    hold = Lease(client, 1)
    await hold.begin()
    simulator.answer_wrongly("error", path="/api/switch/ctrl", times=2, code=14)
    while len(simulator.state()["commands"]) < 5:
        await lease.asyncio.sleep(0.01)
    assert hold.running
    await hold.end()
    assert not active(simulator)


async def test_a_door_whose_pulse_is_unknown_is_held_for_a_moment_only(
    simulator: TwoNSimulator, client: TwoNClient
) -> None:
    door = StationDoor(client, "S", DoorRole(switch=1, name="Street"), None)
    await door.pulse()
    assert active(simulator)
    simulator.advance(6)
    assert not active(simulator)


@pytest.mark.parametrize(
    ("wanted", "given"),
    [
        ((None, None), (640, 480)),
        ((200, 100), (320, 240)),
        ((641, 100), (1280, 960)),
        ((4000, 4000), (1280, 960)),
    ],
)
async def test_a_picture_has_the_smallest_size_that_is_large_enough(
    client: TwoNClient,
    wanted: tuple[int | None, int | None],
    given: tuple[int, int],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    asked: list[tuple[int, int]] = []

    async def snapshot(width: int, height: int, *, seconds_before: int) -> bytes:
        assert not seconds_before
        asked.append((width, height))
        return b""

    monkeypatch.setattr(client, "snapshot", snapshot)
    camera = StationCamera(client, "S")
    await camera.snapshot(*wanted)
    assert asked == [(640, 480)]
    camera.learn(
        CameraCapabilities(
            resolutions=tuple(
                Resolution(width=width, height=height)
                for width, height in ((1280, 960), (320, 240), (640, 480))
            ),
            sources=(),
        )
    )
    await camera.snapshot(*wanted)
    assert asked[1] == given


@pytest.mark.parametrize(
    ("error", "failure"),
    [
        (Unreachable(), Failure.UNREACHABLE),
        (WrongCredentials(), Failure.CREDENTIALS),
        (MissingPrivilege("switch"), Failure.PRIVILEGE),
        (ServiceDisabled("switch", DisabledReason.DISABLED), Failure.REFUSED),
        (Unsupported(), Failure.UNSUPPORTED),
        (Refused(18), Failure.REFUSED),
        (MalformedAnswer(), Failure.UNREACHABLE),
    ],
)
def test_every_error_of_the_client_is_one_that_people_understand(
    error: TwoNError, failure: Failure
) -> None:
    with pytest.raises(EquipmentError) as raised, as_equipment_error():
        raise error
    assert raised.value.failure is failure
