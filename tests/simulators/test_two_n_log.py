"""The event log: channels, history, held pulls."""

import asyncio
import time

import pytest

from tests.simulators.two_n import StationConfig
from tests.simulators.two_n.caller import RefusedError, calling

pytestmark = pytest.mark.usefixtures("socket_enabled")


async def test_an_event_has_the_fields_of_the_manual() -> None:
    async with calling(StationConfig(tz_shift_min=60)) as caller:
        channel = await caller.subscribe("KeyPressed")
        caller.sim.advance(8)
        caller.sim.press("%1")
        (event,) = await caller.pull(channel)
        assert event == {
            "id": 2,
            "tzShift": 60,
            "utcTime": int(caller.sim.clock.time()),
            "upTime": 8,
            "event": "KeyPressed",
            "params": {"key": "%1"},
        }


async def test_a_held_pull_is_answered_at_once_and_the_moment_is_kept() -> None:
    async with calling() as caller:
        channel = await caller.subscribe("KeyPressed")
        waiting = asyncio.create_task(caller.pull(channel, timeout=10))
        await asyncio.sleep(0.05)
        assert not waiting.done()
        before = time.monotonic()
        caller.sim.press("%1")
        assert len(await waiting) == 1
        (written,) = caller.sim.written
        assert (written["event"], written["id"]) == ("KeyPressed", 2)
        assert before <= written["written_t"] <= time.monotonic()


async def test_a_pull_without_events_is_empty_at_once_or_after_its_timeout() -> None:
    async with calling() as caller:
        channel = await caller.subscribe("KeyPressed")
        assert await caller.pull(channel) == []
        waiting = asyncio.create_task(caller.pull(channel, timeout=3600))
        await asyncio.sleep(0.05)
        caller.sim.advance(3599)
        await asyncio.sleep(0.02)
        assert not waiting.done()
        caller.sim.advance(1)
        assert await waiting == []


async def test_a_pull_takes_at_most_128_events_in_order() -> None:
    async with calling() as caller:
        channel = await caller.subscribe("MotionDetected")
        caller.sim.flood(300)
        batches = [await caller.pull(channel) for _ in range(4)]
        assert [len(batch) for batch in batches] == [128, 128, 44, 0]
        ids = [event["id"] for batch in batches for event in batch]
        assert ids == list(range(2, 302))


async def test_ten_thousand_events_are_recorded_within_a_second() -> None:
    async with calling() as caller:
        await caller.subscribe("MotionDetected")
        began = time.monotonic()
        await caller.control("flood", {"count": 10_500})
        assert time.monotonic() - began < 1
        assert len(caller.sim.station.log.history) == 10_000


async def test_a_channel_that_nobody_pulls_expires_after_its_duration() -> None:
    async with calling() as caller:
        channel = await caller.subscribe("KeyPressed", duration=30)
        caller.sim.advance(20)
        await caller.pull(channel)
        caller.sim.advance(29)
        await caller.pull(channel)
        caller.sim.advance(31)
        with pytest.raises(RefusedError) as refused:
            await caller.pull(channel)
        assert (refused.value.code, refused.value.param) == (12, "id")


async def test_a_channel_does_not_expire_while_a_pull_is_held() -> None:
    async with calling() as caller:
        channel = await caller.subscribe("KeyPressed", duration=30)
        waiting = asyncio.create_task(caller.pull(channel, timeout=600))
        await asyncio.sleep(0.05)
        caller.sim.advance(300)
        caller.sim.press("%1")
        assert len(await waiting) == 1


async def test_a_channel_lives_90_seconds_by_default_and_an_hour_at_most() -> None:
    async with calling() as caller:
        channel = await caller.subscribe("KeyPressed")
        caller.sim.advance(89)
        await caller.pull(channel)
        caller.sim.advance(90)
        with pytest.raises(RefusedError):
            await caller.pull(channel)
        with pytest.raises(RefusedError) as refused:
            await caller.subscribe("KeyPressed", duration=3601)
        assert (refused.value.code, refused.value.param) == (12, "duration")


async def test_an_unsubscribed_channel_answers_its_held_pull_with_error_12() -> None:
    async with calling() as caller:
        channel = await caller.subscribe("KeyPressed")
        waiting = asyncio.create_task(caller.pull(channel, timeout=60))
        await asyncio.sleep(0.05)
        await caller.get("log/unsubscribe", id=channel)
        with pytest.raises(RefusedError) as refused:
            await waiting
        assert refused.value.code == 12


@pytest.mark.parametrize(
    ("include", "keys"),
    [("new", []), ("-30", ["2"]), ("-3600", ["1", "2"]), ("all", ["1", "2"])],
)
async def test_a_channel_begins_with_as_much_history_as_it_asks_for(
    include: str, keys: list[str]
) -> None:
    async with calling() as caller:
        caller.sim.press("1")
        caller.sim.advance(60)
        caller.sim.press("2")
        channel = await caller.subscribe("KeyPressed", include=include)
        events = await caller.seen(channel)
        assert [params["key"] for _, params in events] == keys


@pytest.mark.parametrize("include", ["", "old", "30", "-", "-1.5"])
async def test_any_other_include_is_error_12(include: str) -> None:
    async with calling() as caller:
        with pytest.raises(RefusedError) as refused:
            await caller.subscribe("KeyPressed", include=include)
        assert (refused.value.code, refused.value.param) == (12, "include")


async def test_a_filter_keeps_other_types_out_and_must_name_known_ones() -> None:
    async with calling() as caller:
        channel = await caller.subscribe("DoorStateChanged", "KeyReleased")
        caller.sim.press("5")
        caller.sim.set_door("opened")
        types = [event for event, _ in await caller.seen(channel)]
        assert types == ["KeyReleased", "DoorStateChanged"]
        with pytest.raises(RefusedError) as refused:
            await caller.subscribe("KeyPressed", "Unheard")
        assert (refused.value.code, refused.value.param) == (12, "filter")


async def test_some_types_come_only_when_they_are_named() -> None:
    async with calling() as caller:
        unnamed = await caller.subscribe()
        named = await caller.subscribe("MotionDetected")
        caller.sim.flood(1)
        assert await caller.pull(unnamed) == []
        assert len(await caller.pull(named)) == 1


async def test_two_channels_each_get_every_event() -> None:
    async with calling() as caller:
        channels = [await caller.subscribe("KeyPressed") for _ in range(2)]
        assert channels[0] != channels[1]
        caller.sim.press("%1")
        for channel in channels:
            assert len(await caller.pull(channel)) == 1


async def test_a_power_cut_loses_channels_and_history_and_begins_with_startup() -> None:
    async with calling() as caller:
        channel = await caller.subscribe("KeyPressed")
        caller.sim.press("%1")
        caller.sim.advance(100)
        caller.sim.set_power(on=False)
        caller.sim.set_power(on=True)
        with pytest.raises(RefusedError) as refused:
            await caller.pull(channel)
        assert refused.value.code == 12
        channel = await caller.subscribe(include="all")
        (event,) = await caller.pull(channel)
        assert (event["id"], event["event"]) == (1, "DeviceState")
        assert event["params"] == {"state": "startup"}
        assert (await caller.get("system/status"))["upTime"] == 0


async def test_an_event_that_was_taken_by_nobody_stays_in_the_channel() -> None:
    async with calling() as caller:
        channel = await caller.subscribe("KeyPressed")
        waiting = asyncio.create_task(caller.pull(channel, timeout=60))
        await asyncio.sleep(0.05)
        waiting.cancel()
        await asyncio.sleep(0.05)
        caller.sim.press("%1")
        assert len(await caller.pull(channel)) == 1


async def test_an_arbitrary_event_goes_out_as_it_was_given() -> None:
    async with calling() as caller:
        channel = await caller.subscribe()
        raw = {"event": "FutureThing", "params": {"ap": "0"}, "more": [1], "utcTime": 5}
        assert (await caller.control("event", raw))["ok"]
        (event,) = await caller.pull(channel)
        assert raw.items() <= event.items()
