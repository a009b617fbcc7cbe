"""Hearing every event once, whatever happens to device, network and clocks."""

from datetime import UTC, datetime
import itertools

import pytest

from custom_components.cabinet_secure.equipment.two_n.errors import WrongCredentials
from custom_components.cabinet_secure.equipment.two_n.events import LogEvent
from custom_components.cabinet_secure.equipment.two_n.models import SystemStatus

from .listening import Scripted, listen, raising
from .virtual_device import EPOCH, VirtualDevice


async def test_the_first_channel_begins_with_what_happens_from_now_on() -> None:
    device = VirtualDevice()
    device.log()
    device.at(1100, device.log)

    listener = await listen(device)

    assert [one.event.id for one in listener.events] == [2]
    assert device.subscriptions[0][1] is None
    assert not listener.events[0].late


async def test_history_from_before_the_reader_began_is_told_late() -> None:
    device = VirtualDevice()
    device.log()
    device.now += 60
    device.at(1100, device.log)

    listener = await listen(device, history=120)

    assert [(one.event.id, one.late) for one in listener.events] == [
        (1, True),
        (2, False),
    ]


@pytest.mark.parametrize("status_known", [True, False])
async def test_after_a_gap_the_history_of_the_gap_is_asked_for(
    status_known: bool,
) -> None:
    device = VirtualDevice(status_known=status_known)
    device.at(1100, lambda: device.go_offline(200))
    device.at(1150, device.log)
    device.at(1400, device.log)

    listener = await listen(device)

    since = device.subscriptions[1][1]
    assert since is not None
    assert 200 <= since <= 290
    first, second = listener.events
    assert (first.late, first.resumed) == (True, True)
    assert (second.late, second.resumed) == (False, False)


async def test_history_is_never_asked_for_beyond_what_the_device_takes() -> None:
    device = VirtualDevice()
    device.at(1100, lambda: device.go_offline(20_000))
    device.at(22_000, device.log)

    await listen(device)

    assert device.subscriptions[1][1] == 3600


async def test_a_gone_channel_is_opened_again_without_a_word_of_loss() -> None:
    device = VirtualDevice()
    device.at(1100, device.expire)
    device.at(1100, device.log)
    device.at(1200, device.log)

    listener = await listen(device)

    assert [one.event.id for one in listener.events] == [1, 2]
    # Told twice that it listens, so that the states are read again.
    assert listener.connections[:2] == [None, None]
    assert len(device.subscriptions) == 2


async def test_a_device_restarts_and_its_ids_with_it() -> None:
    device = VirtualDevice()
    device.at(1100, device.log)
    device.at(1200, lambda: device.reboot(40))
    device.at(1300, device.log)

    listener = await listen(device)

    assert [(one.boot, one.event.id, one.event.name) for one in listener.events] == [
        (0, 1, "KeyPressed"),
        (1, 1, "DeviceState"),
        (1, 2, "KeyPressed"),
    ]


async def test_a_startup_in_a_running_channel_is_another_boot() -> None:
    device = VirtualDevice(status_known=False)
    device.at(1100, device.log)

    def restart_unnoticed() -> None:
        device._booted_at = device.now
        device._ids = itertools.count(1)
        device.log("DeviceState", state="startup")
        device.log()

    device.at(1200, restart_unnoticed)

    listener = await listen(device)

    assert [(one.boot, one.event.id) for one in listener.events] == [
        (0, 1),
        (1, 1),
        (1, 2),
    ]
    assert not any(one.late for one in listener.events)


async def test_ids_that_start_again_without_a_startup_are_another_boot() -> None:
    device = VirtualDevice(status_known=False)
    device._ids = itertools.count(11)
    for when in (1100, 1101, 1102):
        device.at(when, device.log)

    def restart_unnoticed() -> None:
        device._booted_at = device.now
        device._ids = itertools.count(5)
        device.log()

    device.at(1200, restart_unnoticed)

    listener = await listen(device)

    assert [(one.boot, one.event.id) for one in listener.events] == [
        (0, 11),
        (0, 12),
        (0, 13),
        (1, 5),
    ]


async def test_a_later_id_with_an_earlier_uptime_is_another_boot() -> None:
    device = VirtualDevice(status_known=False, now=100_000)
    device.at(100_100, device.log)
    device.at(100_200, lambda: device.reboot(4000))
    # The startup itself has left the history that can be asked for.
    device.at(104_200, lambda: device.go_offline(4000))
    for when in range(108_000, 108_005):
        device.at(when, lambda: device.log("Other"))
    device.at(108_100, device.log)
    device.at(108_300, device.log)

    listener = await listen(device)

    assert [(one.boot, one.event.id) for one in listener.events] == [
        (0, 1),
        (1, 7),
        (1, 8),
    ]


async def test_a_resumed_history_leaves_out_what_was_before_the_first_channel() -> None:
    device = VirtualDevice()
    device.log()
    device.now += 2
    device.at(1003, device.log)
    device.at(1004, lambda: device.go_offline(1))
    device.at(1100, device.log)

    listener = await listen(device)

    assert [one.event.id for one in listener.events] == [2, 3]


async def test_a_long_history_is_asked_for_again_when_part_of_it_was_lost() -> None:
    device = VirtualDevice()
    device.at(1100, lambda: device.go_offline(300))

    def flood() -> None:
        for _ in range(300):
            device.log()

    device.at(1110, flood)
    device.at(1399, lambda: device.lose_answer(after=1))
    device.at(1500, device.log)

    listener = await listen(device)

    assert [one.event.id for one in listener.events] == list(range(1, 302))
    assert [one.late for one in listener.events] == [True] * 300 + [False]


async def test_a_device_without_uptime_is_heard() -> None:
    device = Scripted()

    async def status() -> SystemStatus:
        return SystemStatus(system_time=None, up_time=None)

    async def pull(*_: object) -> list[LogEvent]:
        device.replace("log_pull", raising(WrongCredentials("over")))
        return [LogEvent.from_json({"id": 1, "event": "KeyPressed"})]

    device.replace("system_status", status)
    device.replace("log_pull", pull)

    (heard,) = (await listen(device)).events

    assert heard.age is None
    assert heard.device_time is None
    assert not heard.late


async def test_an_answer_that_was_stuck_on_its_way_is_late() -> None:
    device = Scripted()
    event = LogEvent.from_json({"id": 1, "event": "KeyPressed", "upTime": 1005})
    pulls = itertools.count()

    async def pull(*_: object) -> list[LogEvent]:
        match next(pulls):
            case 0:
                return []
            case 1:
                await device.sleep(30)
                return [event]
            case _:
                raise WrongCredentials("over")

    device.replace("log_pull", pull)

    (heard,) = (await listen(device)).events

    assert heard.late
    assert not heard.resumed
    assert heard.age is not None
    assert 23 < heard.age < 27


async def test_the_readers_times_are_utc() -> None:
    device = VirtualDevice(wall_shift=-3600 * 24 * 365 * 20)
    device.at(1100, device.log)

    (heard,) = (await listen(device)).events

    assert heard.received_at == datetime.fromtimestamp(EPOCH + 1100, UTC)
    assert heard.device_time is not None
    assert heard.device_time.year < 2005
    assert not heard.late


@pytest.mark.parametrize("status_known", [True, False])
async def test_what_happens_right_after_a_gap_is_not_late(status_known: bool) -> None:
    device = Scripted(status_known=status_known)
    subscribe = device.log_subscribe

    async def log_subscribe(*args: object, since: int | None = None) -> int:
        if since is not None:
            device.at(device.now + 3, device.log)
        return await subscribe(*args, since=since)

    device.replace("log_subscribe", log_subscribe)
    device.at(1100, lambda: device.go_offline(20))
    device.at(1105, device.log)
    device.at(1500, device.log)

    listener = await listen(device)

    assert [one.late for one in listener.events] == [True, False, False]


async def test_what_happens_while_the_channel_is_opened_again_is_not_late() -> None:
    device = Scripted()
    subscribe = device.log_subscribe

    async def log_subscribe(*args: object, since: int | None = None) -> int:
        if since is not None:
            await device.sleep(2)
            device.log()
        return await subscribe(*args, since=since)

    device.replace("log_subscribe", log_subscribe)
    device.at(1100, device.expire)
    device.at(1500, device.log)

    listener = await listen(device)

    assert [one.late for one in listener.events] == [False, False]


async def test_a_startup_tells_another_boot_where_no_uptime_does() -> None:
    device = Scripted(status_known=False)

    async def pull(*_: object) -> list[LogEvent]:
        device.replace("log_pull", raising(WrongCredentials("over")))
        return [
            LogEvent.from_json({"id": 1, "event": "KeyPressed"}),
            LogEvent.from_json(
                {"id": 2, "event": "DeviceState", "params": {"state": "startup"}}
            ),
        ]

    device.replace("log_pull", pull)

    assert [one.boot for one in (await listen(device)).events] == [0, 1]


async def test_a_clock_that_can_no_longer_be_read_is_not_trusted_after_a_restart() -> (
    None
):
    device = VirtualDevice()
    device.at(1150, lambda: setattr(device, "status_known", False))
    device.at(1200, lambda: device.reboot(40))
    device.at(1300, device.log)

    listener = await listen(device)

    assert [one.late for one in listener.events] == [True, False]
