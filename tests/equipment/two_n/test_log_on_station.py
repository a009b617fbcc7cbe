"""The log reader against the simulated door station, under faults."""

import asyncio
from collections.abc import AsyncIterator, Callable

import aiohttp
import pytest

from custom_components.cabinet_secure.equipment.two_n.errors import (
    MalformedAnswer,
    TwoNError,
    Unreachable,
    WrongCredentials,
)
from custom_components.cabinet_secure.equipment.two_n.log import HeardEvent, LogReader
from tests.simulators.two_n import TwoNSimulator

from .conftest import client_of

WANTED = frozenset(
    {"KeyPressed", "DeviceState", "InputChanged", "SilentAlarm", "Invented"}
)


class Ear:
    """A running reader and what it has told."""

    def __init__(self, session: aiohttp.ClientSession, station: TwoNSimulator) -> None:
        self.heard: list[HeardEvent] = []
        self.connections: list[TwoNError | None] = []
        self._changed = asyncio.Event()
        client = client_of(session, station, timeout=0.5)
        self.task = asyncio.create_task(
            LogReader(client, WANTED).run(self._event, self._connection)
        )

    @property
    def rings(self) -> list[HeardEvent]:
        """The presses of a call button."""
        return [
            one
            for one in self.heard
            if one.event.name == "KeyPressed"
            and (one.event.text("key") or "").startswith("%")
        ]

    async def until(self, condition: Callable[[], bool], seconds: float = 8) -> None:
        """Wait until something was told."""
        async with asyncio.timeout(seconds):
            while not condition():
                self._changed.clear()
                await self._changed.wait()

    async def connected(self, times: int = 1) -> None:
        """Wait until it listens for the nth time."""
        await self.until(lambda: self.connections.count(None) >= times)

    def _event(self, heard: HeardEvent) -> None:
        self.heard.append(heard)
        self._changed.set()

    def _connection(self, connected: bool, error: TwoNError | None) -> None:
        self.connections.append(error)
        self._changed.set()


@pytest.fixture
async def ear(
    session: aiohttp.ClientSession, station: TwoNSimulator
) -> AsyncIterator[Ear]:
    """Return a reader that listens to the station."""
    ear = Ear(session, station)
    await ear.connected()
    yield ear
    ear.task.cancel()
    with pytest.raises((asyncio.CancelledError, WrongCredentials)):
        await ear.task


async def test_a_ring_is_heard_within_a_moment(
    ear: Ear, station: TwoNSimulator
) -> None:
    station.press()

    await ear.until(lambda: bool(ear.rings), 0.5)

    assert not ear.rings[0].late
    assert ear.rings[0].age is not None
    assert ear.rings[0].age < 2


async def test_a_ring_in_a_lost_answer_is_heard_once(
    ear: Ear, station: TwoNSimulator
) -> None:
    station.set_network(drop_pull=True)
    station.press()
    await ear.until(lambda: isinstance(ear.connections[-1], Unreachable))
    station.set_network(drop_pull=False)

    await ear.connected(2)
    await ear.until(lambda: bool(ear.rings))
    station.press()
    await ear.until(lambda: len(ear.rings) >= 2)

    assert len(ear.rings) == 2
    assert ear.rings[0].event.id < ear.rings[1].event.id
    assert not ear.rings[1].late


@pytest.mark.parametrize("silence", ["drop", "hang"])
async def test_a_ring_while_the_network_is_down_is_heard_late(
    ear: Ear, station: TwoNSimulator, silence: str
) -> None:
    station.set_network(up=False, silence=silence)
    await ear.until(lambda: isinstance(ear.connections[-1], Unreachable))
    station.press()
    await asyncio.sleep(1.1)
    station.set_network(up=True)

    await ear.until(lambda: bool(ear.rings))
    station.press()
    await ear.until(lambda: len(ear.rings) == 2)

    assert [one.late for one in ear.rings] == [True, False]


@pytest.mark.parametrize(
    "answer", ["not_json", "html", "huge", "endless", "cut", "empty", "server_error"]
)
async def test_a_wrong_answer_to_a_pull_is_survived(
    ear: Ear, station: TwoNSimulator, answer: str
) -> None:
    station.answer_wrongly(answer, path="/api/log/pull", times=2)
    station.expire(channels=True)
    station.press()

    await ear.until(lambda: bool(ear.rings))
    await ear.connected(2)
    station.press()
    await ear.until(lambda: len(ear.rings) == 2)

    assert not ear.rings[1].late
    assert any(
        isinstance(error, MalformedAnswer | Unreachable) for error in ear.connections
    )


async def test_an_expired_channel_loses_and_doubles_nothing(
    ear: Ear, station: TwoNSimulator
) -> None:
    for number in range(3):
        station.press()
        station.expire(channels=True)
        station.press()
        await ear.until(lambda number=number: len(ear.rings) == 2 * (number + 1))

    ids = [one.event.id for one in ear.rings]
    assert ids == sorted(set(ids))


async def test_a_power_cut_is_survived_and_its_new_boot_is_known(
    ear: Ear, station: TwoNSimulator
) -> None:
    station.press()
    await ear.until(lambda: bool(ear.rings))
    await asyncio.sleep(2.5)
    station.set_power(on=False)
    await ear.until(lambda: isinstance(ear.connections[-1], Unreachable))
    station.set_power(on=True)

    await ear.until(lambda: any(one.event.is_startup for one in ear.heard))
    station.press()
    await ear.until(lambda: len(ear.rings) == 2)

    startups = [one for one in ear.heard if one.event.is_startup]
    assert len(startups) == 1
    assert ear.rings[0].boot < startups[0].boot == ear.rings[1].boot
    assert not ear.rings[1].late


async def test_a_backlog_of_several_batches_is_heard_in_order(
    ear: Ear, station: TwoNSimulator
) -> None:
    station.set_network(up=False)
    await ear.until(lambda: isinstance(ear.connections[-1], Unreachable))
    station.flood(500, "InputChanged", {"port": "input1", "state": True})
    station.set_network(up=True)

    def inputs() -> list[int]:
        return [one.event.id for one in ear.heard if one.event.name == "InputChanged"]

    await ear.until(lambda: len(inputs()) == 500)
    assert inputs() == sorted(set(inputs()))


async def test_unknown_events_and_keys_are_not_fatal(
    ear: Ear, station: TwoNSimulator
) -> None:
    station.event({"event": "KeyPressed", "params": ["odd"], "more": {"x": [1]}})
    station.event({"event": "KeyPressed", "params": {"key": None}, "upTime": "x"})
    station.event({"event": "KeyPressed", "id": "odd"})
    station.press()

    await ear.until(lambda: bool(ear.rings))

    assert ear.connections == [None]


async def test_a_changed_password_ends_the_reader_without_a_blocked_account(
    ear: Ear, station: TwoNSimulator
) -> None:
    station.set_account(password="new")
    station.press()

    with pytest.raises(WrongCredentials):
        await asyncio.wait_for(asyncio.shield(ear.task), 5)

    assert isinstance(ear.connections[-1], WrongCredentials)
    assert not station.state()["login"]["blocked"]


async def test_a_station_that_is_away_at_first_is_heard_once_it_comes(
    session: aiohttp.ClientSession, station: TwoNSimulator
) -> None:
    await station.stop()
    ear = Ear(session, station)
    await ear.until(lambda: bool(ear.connections))
    assert isinstance(ear.connections[0], Unreachable)
    await station.start()

    await ear.connected()
    station.press()
    await ear.until(lambda: bool(ear.rings))

    ear.task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await ear.task
    assert station.state()["channels"] == 0
