"""A log reader among devices, callbacks and settings that are in its way."""

import asyncio
import itertools

import pytest

from custom_components.cabinet_secure.equipment.two_n.errors import (
    DisabledReason,
    MalformedAnswer,
    Refused,
    ServiceDisabled,
    Unreachable,
    Unsupported,
    WrongCredentials,
)
from custom_components.cabinet_secure.equipment.two_n.events import LogEvent
from custom_components.cabinet_secure.equipment.two_n.log import HeardEvent, LogReader

from .listening import WANTED, Listener, Scripted, listen, raising, reader_of
from .virtual_device import EPOCH, VirtualDevice


async def test_loss_and_return_are_told_once_each() -> None:
    device = VirtualDevice()
    device.at(1100, lambda: device.go_offline(300))
    device.at(1500, device.log)

    listener = await listen(device)

    assert [type(error) for error in listener.connections] == [
        type(None),
        Unreachable,
        type(None),
        WrongCredentials,
    ]


async def test_the_wait_between_attempts_grows_to_half_a_minute() -> None:
    device = VirtualDevice()
    device.at(1100, lambda: device.go_offline(600))
    device.at(2000, device.log)
    waits: list[float] = []

    async def sleep(seconds: float) -> None:
        waits.append(seconds)
        await device.sleep(seconds)

    reader = LogReader(
        device,
        WANTED,
        clock=lambda: EPOCH + device.now,
        monotonic=lambda: device.now,
        sleep=sleep,
    )
    listener = Listener()
    with pytest.raises(WrongCredentials):
        await reader.run(listener.on_event, listener.on_connection)

    assert waits[0] <= 1
    assert all(15 <= wait <= 30 for wait in waits[7:])
    assert len(set(waits)) == len(waits)


async def test_a_callback_that_raises_stops_nothing(
    caplog: pytest.LogCaptureFixture,
) -> None:
    device = VirtualDevice()
    device.at(1100, device.log)
    device.at(1200, device.log)
    told: list[int] = []

    def on_event(heard: HeardEvent) -> None:
        told.append(heard.event.id)
        raise KeyError("a secret")

    def on_connection(*_: object) -> None:
        raise KeyError("a secret")

    with pytest.raises(WrongCredentials):
        await reader_of(device).run(on_event, on_connection)

    assert told == [1, 2]
    assert "KeyError" in caplog.text
    assert "a secret" not in caplog.text


async def test_events_that_nobody_wants_are_not_told() -> None:
    device = VirtualDevice()
    device.at(1100, lambda: device.log("Other"))
    device.at(1101, device.log)

    reader = LogReader(
        device,
        {"KeyPressed"},
        clock=lambda: EPOCH + device.now,
        monotonic=lambda: device.now,
        sleep=device.sleep,
    )
    device.at(1200, lambda: device.reboot(20))
    device.at(1300, device.log)
    listener = Listener()
    with pytest.raises(WrongCredentials):
        await reader.run(listener.on_event, listener.on_connection)

    assert {one.event.name for one in listener.events} == {"KeyPressed"}
    assert listener.events[-1].boot == 1


async def test_old_firmware_without_log_caps_is_asked_for_everything_wanted() -> None:
    device = Scripted()
    device.replace("log_caps", raising(Unsupported("log/caps")))
    device.at(1100, device.log)

    listener = await listen(device)

    assert len(listener.events) == 1


async def test_a_device_that_reports_nothing_wanted_is_told_as_unsupported() -> None:
    device = Scripted()
    calls = itertools.count()

    async def caps() -> frozenset[str]:
        if next(calls) > 1:
            raise WrongCredentials("over")
        return frozenset({"DeviceState", "Other"})

    device.replace("log_caps", caps)
    reader = LogReader(
        device,
        {"KeyPressed"},
        clock=lambda: device.now,
        monotonic=lambda: device.now,
        sleep=device.sleep,
    )
    listener = Listener()
    with pytest.raises(WrongCredentials):
        await reader.run(listener.on_event, listener.on_connection)

    assert isinstance(listener.connections[0], Unsupported)
    assert device.subscriptions == []


async def test_a_disabled_service_is_asked_again_slowly() -> None:
    device = Scripted()
    device.replace(
        "log_subscribe",
        raising(
            ServiceDisabled("log", DisabledReason.DISABLED),
            ServiceDisabled("log", DisabledReason.DISABLED),
            WrongCredentials("over"),
        ),
    )
    start = device.now

    listener = await listen(device)

    assert device.now - start > 30
    assert [type(error) for error in listener.connections] == [
        ServiceDisabled,
        WrongCredentials,
    ]


async def test_a_channel_that_dies_at_once_is_not_opened_in_a_tight_loop() -> None:
    device = Scripted()
    pulls = itertools.count()

    async def pull(*_: object) -> list[LogEvent]:
        if next(pulls) == 20:
            raise WrongCredentials("over")
        raise Refused(12)

    device.replace("log_pull", pull)
    start = device.now

    await listen(device)

    assert device.now - start > 100


async def test_a_device_that_does_not_hold_pulls_is_not_asked_in_a_tight_loop() -> None:
    device = Scripted()
    pulls = itertools.count()

    async def pull(*_: object) -> list[LogEvent]:
        if next(pulls) == 20:
            raise WrongCredentials("over")
        return []

    device.replace("log_pull", pull)
    start = device.now

    await listen(device)

    assert device.now - start > 9


async def test_a_fault_of_our_own_does_not_silence_the_bell(
    caplog: pytest.LogCaptureFixture,
) -> None:
    device = Scripted()
    device.replace(
        "log_subscribe", raising(KeyError("a secret"), WrongCredentials("over"))
    )

    listener = await listen(device)

    assert isinstance(listener.connections[0], MalformedAnswer)
    assert "a secret" not in caplog.text + str(listener.connections[0])


async def test_being_cancelled_closes_the_channel() -> None:
    closed: list[int] = []
    pulled = asyncio.Event()
    device = Scripted()

    async def pull(*_: object) -> list[LogEvent]:
        pulled.set()
        await asyncio.Event().wait()
        raise AssertionError

    async def unsubscribe(channel: int) -> None:
        closed.append(channel)
        raise Unreachable("gone")

    device.replace("log_pull", pull)
    device.replace("log_unsubscribe", unsubscribe)
    listener = Listener()
    task = asyncio.create_task(
        reader_of(device).run(listener.on_event, listener.on_connection)
    )
    await pulled.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task

    assert closed == [0]
