"""Switches, ports, door, tamper: what holds the door, and who let go of it."""

import pytest

from tests.simulators.two_n import StationConfig
from tests.simulators.two_n.caller import Caller, RefusedError, calling

pytestmark = pytest.mark.usefixtures("socket_enabled")


async def strike(caller: Caller) -> tuple[bool, bool, bool]:
    """Return active, locked, held of switch 1."""
    (status,) = (await caller.get("switch/status", switch=1))["switches"]
    return status["active"], status["locked"], status["held"]


async def order(caller: Caller, action: str, **more: int) -> None:
    await caller.get("switch/ctrl", switch=1, action=action, **more)


async def test_a_monostable_switch_goes_off_by_itself_and_says_who_began_it() -> None:
    async with calling() as caller:
        channel = await caller.subscribe("SwitchStateChanged", "OutputChanged")
        await order(caller, "on")
        assert await strike(caller) == (True, False, False)
        caller.sim.advance(4)
        assert await strike(caller) == (True, False, False)
        caller.sim.advance(1)
        assert await strike(caller) == (False, False, False)
        assert await caller.seen(channel) == [
            ("SwitchStateChanged", {"switch": 1, "state": True, "originator": "api"}),
            ("OutputChanged", {"port": "relay1", "state": True}),
            ("SwitchStateChanged", {"switch": 1, "state": False, "originator": "api"}),
            ("OutputChanged", {"port": "relay1", "state": False}),
        ]


async def test_a_second_pulse_prolongs_the_first_without_another_event() -> None:
    async with calling() as caller:
        channel = await caller.subscribe("SwitchStateChanged")
        await order(caller, "trigger")
        caller.sim.advance(3)
        await order(caller, "trigger")
        caller.sim.advance(3)
        assert await strike(caller) == (True, False, False)
        caller.sim.advance(2)
        assert await strike(caller) == (False, False, False)
        assert len(await caller.pull(channel)) == 2


async def test_a_bistable_switch_is_changed_over_by_trigger() -> None:
    async with calling() as caller:
        for expected in (True, False):
            await caller.get("switch/ctrl", switch=2, action="trigger")
            caller.sim.advance(1000)
            assert caller.sim.state()["switches"][1]["active"] is expected


async def test_a_hold_ends_when_released_or_by_its_own_timeout() -> None:
    async with calling() as caller:
        await order(caller, "hold")
        caller.sim.advance(100_000)
        assert await strike(caller) == (True, False, True)
        await order(caller, "release")
        assert await strike(caller) == (False, False, False)
        await order(caller, "hold", timeout=60)
        caller.sim.advance(30)
        await order(caller, "hold", timeout=60)
        caller.sim.advance(59)
        assert await strike(caller) == (True, False, True)
        caller.sim.advance(1)
        assert await strike(caller) == (False, False, False)


async def test_off_does_not_end_a_hold() -> None:
    async with calling() as caller:
        await order(caller, "hold")
        await order(caller, "off")
        assert await strike(caller) == (True, False, True)


async def test_lock_beats_hold_and_a_locked_switch_refuses_to_open() -> None:
    async with calling() as caller:
        await order(caller, "hold")
        await order(caller, "lock")
        assert await strike(caller) == (False, True, True)
        with pytest.raises(RefusedError) as refused:
            await order(caller, "on")
        assert refused.value.code == 14
        await order(caller, "hold", timeout=60)
        assert await strike(caller) == (False, True, True)
        await order(caller, "unlock")
        assert await strike(caller) == (True, False, True)


async def test_a_lock_survives_a_power_cut_and_a_hold_does_not() -> None:
    async with calling() as caller:
        await order(caller, "hold")
        await order(caller, "lock")
        caller.sim.set_power(on=False)
        caller.sim.set_power(on=True)
        assert await strike(caller) == (False, True, False)
        await order(caller, "unlock")
        assert await strike(caller) == (False, False, False)


@pytest.mark.parametrize(
    ("query", "code", "param"),
    [
        ({"action": "on"}, 11, "switch"),
        ({"switch": 1}, 11, "action"),
        ({"switch": 1, "action": "open"}, 12, "action"),
        ({"switch": 3, "action": "on"}, 12, "switch"),
        ({"switch": 9, "action": "on"}, 12, "switch"),
        ({"switch": "one", "action": "on"}, 12, "switch"),
        ({"switch": 1, "action": "on", "timeout": 5}, 12, "timeout"),
        ({"switch": 1, "action": "hold", "timeout": 0}, 12, "timeout"),
        ({"switch": 1, "action": "hold", "timeout": 86_401}, 12, "timeout"),
    ],
)
async def test_a_wrong_order_is_refused_by_name(
    query: dict[str, str | int], code: int, param: str
) -> None:
    async with calling() as caller:
        with pytest.raises(RefusedError) as refused:
            await caller.get("switch/ctrl", **query)
        assert (refused.value.code, refused.value.param) == (code, param)
        assert caller.sim.commands[-1]["error"] == code


async def test_old_firmware_knows_no_lock_and_no_hold() -> None:
    async with calling(StationConfig(old_firmware=True)) as caller:
        status = (await caller.get("switch/status"))["switches"]
        assert status[0] == {"switch": 1, "active": False}
        for action in ("lock", "unlock", "hold", "release"):
            with pytest.raises(RefusedError):
                await order(caller, action)
        await order(caller, "on")


async def test_outputs_obey_and_inputs_do_not() -> None:
    async with calling() as caller:
        channel = await caller.subscribe("InputChanged", "OutputChanged")
        await caller.get("io/ctrl", port="output1", action="on")
        await caller.get("io/ctrl", port="output1", action="on")
        caller.sim.set_input("input1", state=True)
        assert await caller.seen(channel) == [
            ("OutputChanged", {"port": "output1", "state": True}),
            ("InputChanged", {"port": "input1", "state": True}),
        ]
        states = (await caller.get("io/status", port="input1"))["ports"]
        assert states == [{"port": "input1", "state": 1}]
        for port in ("input1", "output9"):
            with pytest.raises(RefusedError) as refused:
                await caller.get("io/ctrl", port=port, action="on")
            assert (refused.value.code, refused.value.param) == (12, "port")


async def test_a_released_door_opens_without_alarm() -> None:
    async with calling() as caller:
        channel = await caller.subscribe("DoorStateChanged", "UnauthorizedDoorOpen")
        await order(caller, "on")
        caller.sim.set_door("opened")
        caller.sim.set_door("closed")
        assert await caller.seen(channel) == [
            ("DoorStateChanged", {"state": "opened"}),
            ("DoorStateChanged", {"state": "closed"}),
        ]


async def test_a_forced_door_is_an_alarm_until_it_is_closed() -> None:
    async with calling() as caller:
        channel = await caller.subscribe(
            "DoorStateChanged", "UnauthorizedDoorOpen", "InputChanged"
        )
        caller.sim.set_door("opened")
        caller.sim.set_door("closed")
        assert await caller.seen(channel) == [
            ("InputChanged", {"port": "input2", "state": True}),
            ("DoorStateChanged", {"state": "opened"}),
            ("UnauthorizedDoorOpen", {"state": "in"}),
            ("InputChanged", {"port": "input2", "state": False}),
            ("DoorStateChanged", {"state": "closed"}),
            ("UnauthorizedDoorOpen", {"state": "out"}),
        ]


async def test_a_door_left_open_is_reported_after_its_limit() -> None:
    async with calling() as caller:
        channel = await caller.subscribe("DoorOpenTooLong")
        await order(caller, "on")
        caller.sim.set_door("opened")
        caller.sim.advance(29)
        assert await caller.pull(channel) == []
        caller.sim.advance(1)
        caller.sim.set_door("closed")
        assert await caller.seen(channel) == [
            ("DoorOpenTooLong", {"state": "in"}),
            ("DoorOpenTooLong", {"state": "out"}),
        ]


async def test_tamper_blocks_all_switches_for_half_an_hour_even_over_a_restart() -> (
    None
):
    async with calling() as caller:
        channel = await caller.subscribe("TamperSwitchActivated", "SwitchesBlocked")
        caller.sim.tamper()
        assert await caller.seen(channel) == [
            ("TamperSwitchActivated", {"state": "in"}),
            ("SwitchesBlocked", {"state": "in"}),
        ]
        caller.sim.advance(1000)
        caller.sim.set_power(on=False)
        caller.sim.set_power(on=True)
        channel = await caller.subscribe("SwitchesBlocked", duration=3600)
        with pytest.raises(RefusedError) as refused:
            await order(caller, "on")
        assert refused.value.code == 14
        caller.sim.advance(800)
        assert await caller.seen(channel) == [("SwitchesBlocked", {"state": "out"})]
        await order(caller, "on")


async def test_a_block_that_ran_out_while_the_power_was_off_is_over() -> None:
    async with calling() as caller:
        caller.sim.tamper()
        caller.sim.set_power(on=False)
        caller.sim.advance(2000)
        caller.sim.set_power(on=True)
        await order(caller, "on")
        assert await strike(caller) == (True, False, False)
