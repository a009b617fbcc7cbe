"""Codes, cards, the exit button, access points and calls."""

from collections.abc import AsyncIterator

import pytest

from tests.simulators.two_n import StationConfig
from tests.simulators.two_n.caller import Caller, RefusedError, calling

pytestmark = pytest.mark.usefixtures("socket_enabled")

OPENED_BY_AP = (
    "SwitchStateChanged",
    {"switch": 1, "state": True, "originator": "ap"},
)
WATCHED = (
    "CodeEntered",
    "CardEntered",
    "CardHeld",
    "UserAuthenticated",
    "UserRejected",
    "SilentAlarm",
    "AccessLimited",
    "SwitchStateChanged",
    "RexActivated",
)


@pytest.fixture
async def caller() -> AsyncIterator[Caller]:
    async with calling() as caller:
        yield caller


async def test_a_pin_opens_the_door_and_says_who(caller: Caller) -> None:
    uuid = caller.sim.add_user("Locum", pin="4711")
    channel = await caller.subscribe(*WATCHED)
    caller.sim.type_code("4711#")
    assert await caller.seen(channel) == [
        (
            "CodeEntered",
            {
                "ap": 0,
                "session": 1,
                "direction": "in",
                "code": "4711",
                "type": "user",
                "uuid": uuid,
                "valid": True,
            },
        ),
        (
            "UserAuthenticated",
            {
                "ap": 0,
                "session": 1,
                "name": "Locum",
                "uuid": uuid,
                "apbBroken": False,
            },
        ),
        OPENED_BY_AP,
    ]


async def test_keys_of_the_keypad_are_events_and_the_star_starts_over(
    caller: Caller,
) -> None:
    caller.sim.add_user("Locum", pin="4711")
    keys = await caller.subscribe("KeyPressed", "KeyReleased")
    codes = await caller.subscribe("CodeEntered")
    caller.sim.type_code("99*4711#")
    assert len(await caller.pull(keys)) == 16
    ((_, entered),) = await caller.seen(codes)
    assert entered["code"] == "4711"


async def test_a_code_that_nobody_finishes_is_forgotten(caller: Caller) -> None:
    caller.sim.add_user("Locum", pin="4711")
    channel = await caller.subscribe("CodeEntered")
    caller.sim.type_code("47")
    caller.sim.advance(11)
    caller.sim.type_code("11#")
    ((_, entered),) = await caller.seen(channel)
    assert (entered["code"], entered["valid"]) == ("11", False)


async def test_a_duress_code_opens_normally_and_raises_the_silent_alarm(
    caller: Caller,
) -> None:
    uuid = caller.sim.add_user("Doctor", pin="1239")
    channel = await caller.subscribe(*WATCHED)
    caller.sim.type_code("1230#")
    events = await caller.seen(channel)
    assert [event for event, _ in events] == [
        "CodeEntered",
        "UserAuthenticated",
        "SilentAlarm",
        "SwitchStateChanged",
    ]
    assert events[0][1]["valid"]
    assert events[2][1] == {"ap": 0, "session": 1, "name": "Doctor", "uuid": uuid}


async def test_a_switch_code_drives_its_own_switch(caller: Caller) -> None:
    caller.sim.add_user("Cleaner", code=["", "2222"])
    caller.sim.type_code("2222#")
    switches = caller.sim.state()["switches"]
    assert [switch["active"] for switch in switches] == [False, True, False, False]


async def test_a_code_outside_its_window_is_rejected_with_the_reason(
    caller: Caller,
) -> None:
    now = int(caller.sim.clock.time())
    uuid = caller.sim.add_user(
        "Locum", pin="4711", validFrom=str(now + 60), validTo=str(now + 120)
    )
    channel = await caller.subscribe("UserRejected", "UserAuthenticated", duration=300)
    for _ in range(3):
        caller.sim.type_code("4711#")
        caller.sim.advance(61)
    events = await caller.seen(channel)
    assert [event for event, _ in events] == [
        "UserRejected",
        "UserAuthenticated",
        "UserRejected",
    ]
    assert events[0][1] == {
        "ap": 0,
        "session": 1,
        "name": "Locum",
        "uuid": uuid,
        "reason": "invalidTime",
    }


async def test_five_wrong_codes_block_the_keypad_for_half_a_minute(
    caller: Caller,
) -> None:
    caller.sim.add_user("Locum", pin="4711")
    channel = await caller.subscribe("UserRejected", "AccessLimited", OPENED_BY_AP[0])
    for _ in range(5):
        caller.sim.type_code("0000#")
    caller.sim.type_code("4711#")
    events = await caller.seen(channel)
    assert [event for event, _ in events] == ["UserRejected"] * 5 + ["AccessLimited"]
    assert events[0][1]["reason"] == "invalidCredential"
    assert events[5][1] == {"ap": 0, "type": "code", "state": "in"}
    caller.sim.advance(30)
    caller.sim.type_code("4711#")
    assert await caller.seen(channel) == [
        ("AccessLimited", {"ap": 0, "type": "code", "state": "out"}),
        OPENED_BY_AP,
    ]


async def test_a_locked_strike_rejects_a_good_code(caller: Caller) -> None:
    caller.sim.add_user("Locum", pin="4711")
    await caller.get("switch/ctrl", switch=1, action="lock")
    channel = await caller.subscribe("UserRejected", "UserAuthenticated")
    caller.sim.type_code("4711#")
    ((event, params),) = await caller.seen(channel)
    assert (event, params["reason"]) == ("UserRejected", "switchDisabled")


async def test_a_card_opens_whatever_the_case_of_its_number(caller: Caller) -> None:
    uuid = caller.sim.add_user("Secretary", card=["0A1B2C3D"])
    channel = await caller.subscribe(*WATCHED)
    caller.sim.card("0a1b2c3d")
    caller.sim.card("0A1B2C3D", held=True)
    events = await caller.seen(channel)
    assert [event for event, _ in events] == [
        "CardEntered",
        "UserAuthenticated",
        "SwitchStateChanged",
        "CardHeld",
    ]
    assert events[0][1]["uuid"] == uuid
    assert events[0][1]["valid"]


async def test_the_exit_button_opens_and_says_so(caller: Caller) -> None:
    channel = await caller.subscribe(*WATCHED)
    caller.sim.rex()
    assert await caller.seen(channel) == [
        ("RexActivated", {"ap": 1, "session": 1}),
        ("SwitchStateChanged", {"switch": 1, "state": True, "originator": "rex"}),
    ]


async def test_a_blocked_entry_rejects_codes_and_grants_alike(caller: Caller) -> None:
    uuid = caller.sim.add_user("Locum", pin="4711")
    channel = await caller.subscribe("ApLockStateChanged", "UserRejected")
    await caller.send(
        "POST", "accesspoint/blocking/ctrl", query={"id": 0, "action": "on"}
    )
    status = await caller.get("accesspoint/blocking/status")
    assert status == {"accessPoints": [{"id": 0, "blocked": True}]}
    caller.sim.type_code("4711#")
    events = await caller.seen(channel)
    assert events[0] == ("ApLockStateChanged", {"ap": 0, "state": "in"})
    assert events[1][1]["reason"] == "apLocked"
    granted = await caller.get("accesspoint/grantaccess", id=0, user=uuid)
    assert granted == {"accessGranted": False, "reason": "accessBlocked"}


async def test_a_disabled_access_point_is_error_18(caller: Caller) -> None:
    for path in ("accesspoint/blocking/ctrl", "accesspoint/grantaccess"):
        with pytest.raises(RefusedError) as refused:
            await caller.get(path, id=1, action="on", user="whoever")
        assert refused.value.code == 18


async def test_granting_access_opens_or_answers_why_not(caller: Caller) -> None:
    uuid = caller.sim.add_user("Locum")
    channel = await caller.subscribe("SwitchStateChanged", "UserAuthenticated")
    for ap, user, reason in (
        (7, uuid, "invalidAp"),
        (0, "0" * 36, "invalidCredential"),
    ):
        answer = await caller.get("accesspoint/grantaccess", id=ap, user=user)
        assert answer == {"accessGranted": False, "reason": reason}
    answer = await caller.get("accesspoint/grantaccess", id=0, user=uuid)
    assert answer == {"accessGranted": True}
    assert [event for event, _ in await caller.seen(channel)] == [
        "UserAuthenticated",
        "SwitchStateChanged",
    ]


async def test_the_access_point_can_be_a_text(caller: Caller) -> None:
    await caller.control("fault", {"ap_as_string": True})
    channel = await caller.subscribe("CodeEntered")
    caller.sim.type_code("12#")
    ((_, params),) = await caller.seen(channel)
    assert params["ap"] == "0"


async def test_a_bell_is_a_key_and_an_outgoing_call_until_somebody_answers(
    caller: Caller,
) -> None:
    channel = await caller.subscribe("KeyPressed", "KeyReleased", "CallStateChanged")
    caller.sim.press("%1")
    caller.sim.press("%1")
    caller.sim.set_call("connected")
    caller.sim.set_call("terminated")
    events = await caller.seen(channel)
    assert [params.get("state", params.get("key")) for _, params in events] == [
        "%1",
        "%1",
        "connecting",
        "ringing",
        "%1",
        "%1",
        "connected",
        "terminated",
    ]
    assert events[-1][1] == {
        "direction": "outgoing",
        "state": "terminated",
        "peer": "sip:reception@practice",
        "session": 1,
        "call": 1,
        "reason": "normal",
    }


async def test_a_call_that_nobody_answers_ends_by_itself(caller: Caller) -> None:
    channel = await caller.subscribe("CallStateChanged")
    caller.sim.press("%1")
    caller.sim.advance(32)
    assert (await caller.seen(channel))[-1][1]["reason"] == "noanswer"
    assert await caller.get("call/status") == {"sessions": []}


async def test_time_passes_by_itself_too() -> None:
    async with calling(StationConfig(ring_limit_s=0.05)) as caller:
        channel = await caller.subscribe("CallStateChanged")
        caller.sim.press("%1")
        assert [params["state"] for _, params in await caller.seen(channel)] == [
            "connecting",
            "ringing",
        ]
        ((_, ended),) = [
            (event["event"], event["params"])
            for event in await caller.pull(channel, timeout=2)
        ]
        assert ended["reason"] == "noanswer"


async def test_calls_are_dialled_answered_and_hung_up_through_the_api(
    caller: Caller,
) -> None:
    session = (await caller.get("call/dial", number="123"))["session"]
    (status,) = (await caller.get("call/status", session=session))["sessions"]
    assert (status["direction"], status["state"]) == ("outgoing", "ringing")
    assert status["calls"][0]["peer"] == "123"
    with pytest.raises(RefusedError) as refused:
        await caller.get("call/answer", session=session)
    assert refused.value.code == 14
    channel = await caller.subscribe("CallStateChanged")
    await caller.get("call/hangup", session=session, reason="busy")
    assert (await caller.seen(channel))[0][1]["reason"] == "busy"
    incoming = caller.sim.set_call("ringing", direction="incoming")
    await caller.get("call/answer", session=incoming)
    assert caller.sim.state()["calls"][0]["state"] == "connected"
    for path, query, code in (
        ("call/hangup", {"session": 99}, 12),
        ("call/dial", {}, 11),
        ("call/dial", {"users": "nobody"}, 12),
        ("call/dial", {"users": "x", "number": "1"}, 17),
    ):
        with pytest.raises(RefusedError) as refused:
            await caller.get(path, **query)
        assert refused.value.code == code


async def test_a_directory_user_is_dialled_at_their_number(caller: Caller) -> None:
    created = await caller.send(
        "PUT",
        "dir/create",
        body={"users": [{"name": "Doctor", "callPos": [{"peer": "sip:42"}]}]},
    )
    uuid = created["users"][0]["uuid"]
    await caller.get("call/dial", users=uuid)
    assert caller.sim.state()["calls"][0]["calls"][0]["peer"] == "sip:42"


async def test_the_desk_phone_opens_with_its_code(caller: Caller) -> None:
    caller.sim.press("%1")
    caller.sim.set_call("connected")
    channel = await caller.subscribe("DtmfEntered", "SwitchStateChanged")
    caller.sim.dtmf("11")
    assert await caller.seen(channel) == [
        ("DtmfEntered", {"code": "11", "type": "uni", "call": 1, "valid": True}),
        ("SwitchStateChanged", {"switch": 1, "state": True, "originator": "dtmf"}),
    ]


async def test_a_lost_phone_exchange_is_reported(caller: Caller) -> None:
    channel = await caller.subscribe("RegistrationStateChanged")
    caller.sim.set_registration(registered=False)
    account = (await caller.get("phone/status"))["accounts"][0]
    assert (account["sipNumber"], account["registered"]) == ("111", False)
    assert await caller.seen(channel) == [
        ("RegistrationStateChanged", {"sipAccount": 1, "state": "unregistered"})
    ]
