"""The control interface, the page, and the program that is started by itself."""

import asyncio
from collections.abc import AsyncIterator
import json
from pathlib import Path
import re
import signal
import sys
import time

import pytest

from tests.simulators.two_n import TwoNSimulator
from tests.simulators.two_n.caller import Caller, RefusedError, calling

pytestmark = pytest.mark.usefixtures("socket_enabled")

ROOT = Path(__file__).parents[2]


@pytest.fixture
async def caller() -> AsyncIterator[Caller]:
    async with calling() as caller:
        yield caller


async def state(caller: Caller) -> dict[str, object]:
    async with caller.session.get(f"{caller.sim.url}/sim/state") as response:
        return dict(await response.json())


@pytest.mark.parametrize(
    ("name", "body", "event", "params"),
    [
        ("press", {"key": "%2"}, "KeyReleased", {"key": "%2"}),
        ("type", {"code": "1*"}, "KeyReleased", {"key": "*"}),
        (
            "input",
            {"port": "input1", "state": True},
            "InputChanged",
            {"port": "input1", "state": True},
        ),
        ("door", {"state": "opened"}, "UnauthorizedDoorOpen", {"state": "in"}),
        ("tamper", {}, "SwitchesBlocked", {"state": "in"}),
        (
            "rex",
            {},
            "InputChanged",
            {"port": "input3", "state": False},
        ),
        ("event", {"event": "Odd", "params": {"a": 1}}, "Odd", {"a": 1}),
        ("flood", {"count": 3}, "MotionDetected", {"state": "in"}),
        ("flood", {"events": [{"event": "One"}]}, "One", {}),
        (
            "registration",
            {"registered": False},
            "RegistrationStateChanged",
            {"sipAccount": 1, "state": "unregistered"},
        ),
    ],
)
async def test_each_control_does_what_a_hand_does(
    caller: Caller,
    name: str,
    body: dict[str, object],
    event: str,
    params: dict[str, object],
) -> None:
    answer = await caller.control(name, body)
    assert (answer["ok"], answer["status"]) == (True, 200)
    last = caller.sim.station.log.history[-1]
    assert (last.event, last.body["params"]) == (event, params)


@pytest.mark.parametrize(
    ("name", "body"),
    [
        ("press", {"key": "%0"}),
        ("press", {"key": "A"}),
        ("press", {"key": 5}),
        ("input", {"port": "relay1", "state": True}),
        ("input", {"port": "input1", "state": "yes"}),
        ("door", {"state": "ajar"}),
        ("call", {"state": "connected"}),
        ("call", {"state": "nowhere"}),
        ("dtmf", {"code": "11"}),
        ("fault", {"answer": "unheard of"}),
        ("services", {"coffee": {"enabled": True}}),
        ("network", {"upp": True}),
    ],
)
async def test_a_control_that_makes_no_sense_is_a_clear_error(
    caller: Caller, name: str, body: dict[str, object]
) -> None:
    answer = await caller.control(name, body)
    assert (answer["ok"], answer["status"]) == (False, 400)
    assert answer["error"]


async def test_a_call_is_driven_from_outside(caller: Caller) -> None:
    await caller.control("press", {"key": "%1"})
    assert (await caller.control("call", {"state": "connected"}))["session"] == 1
    assert caller.sim.state()["calls"][0]["state"] == "connected"
    await caller.control("call", {"state": "terminated", "reason": "rejected"})
    assert caller.sim.state()["calls"] == []


async def test_services_users_and_passwords_are_set_from_outside(
    caller: Caller,
) -> None:
    await caller.control("services", {"io": {"enabled": False}})
    with pytest.raises(RefusedError) as refused:
        await caller.get("io/caps")
    assert refused.value.code == 4
    uuid = (await caller.control("user", {"name": "Locum", "pin": "4711"}))["uuid"]
    assert caller.sim.station.users()[0]["uuid"] == uuid
    await caller.control("password", {"password": "another", "privileges": []})
    account = caller.sim.gatekeeper.account
    assert (account.password, account.privileges) == ("another", frozenset())
    await caller.control("clock", {"advance_s": 100})
    assert caller.sim.station.log.uptime_s == 100


async def test_the_state_shows_actuations_and_no_secrets(caller: Caller) -> None:
    caller.sim.add_user("Locum", pin="471147", card=["0A1B2C3D"])
    channel = await caller.subscribe("CodeEntered")
    before = time.monotonic()
    await caller.get("switch/ctrl", switch=1, action="on")
    await caller.get("io/ctrl", port="output1", action="on")
    caller.sim.type_code("471147#")
    await caller.pull(channel)
    shown = await state(caller)
    assert shown["outputs"] == {"relay1": True, "relay2": False, "output1": True}
    assert shown["door"] == "closed"
    commands = shown["commands"]
    assert isinstance(commands, list)
    assert [command["path"] for command in commands] == [
        "/api/log/subscribe",
        "/api/switch/ctrl",
        "/api/io/ctrl",
    ]
    assert commands[1]["query"] == {"switch": "1", "action": "on"}
    assert commands[1]["method"] == "GET"
    assert before <= commands[1]["t"] <= time.monotonic()
    text = json.dumps(shown)
    for secret in ("471147", "0A1B2C3D", "cabinet-2n"):
        assert secret not in text


async def test_nothing_happens_at_a_station_without_power_but_the_door_moves(
    caller: Caller,
) -> None:
    caller.sim.set_power(on=False)
    caller.sim.press("%1")
    caller.sim.card("0A1B2C3D")
    caller.sim.rex()
    caller.sim.set_door("opened")
    assert (await state(caller))["door"] == "opened"
    assert not caller.sim.station.log.history
    caller.sim.set_power(on=True)
    assert [record.event for record in caller.sim.station.log.history] == [
        "DeviceState"
    ]


async def test_the_page_and_all_it_loads_come_from_the_station_alone(
    caller: Caller,
) -> None:
    async with caller.session.get(f"{caller.sim.url}/") as response:
        assert response.content_type == "text/html"
        page = await response.text()
    assert "//" not in re.sub(r"<!--.*?-->", "", page)
    loaded = re.findall(r'(?:href|src)="(/[^"]+)"', page)
    assert len(loaded) == 2
    for path in (*loaded, "/sim/picture"):
        async with caller.session.get(caller.sim.url + path) as response:
            assert response.status == 200


async def test_every_text_of_the_page_exists_in_both_languages() -> None:
    static = ROOT / "tests/simulators/two_n/static"
    script = (static / "page.js").read_text(encoding="utf-8")
    page = (static / "page.html").read_text(encoding="utf-8")
    tables = re.findall(r"\n  (en|fr): \{(.*?)\n  \}", script, flags=re.DOTALL)
    keys = {language: set(re.findall(r'(\w+): "', table)) for language, table in tables}
    assert keys["en"] == keys["fr"]
    assert set(re.findall(r'data-[ta]="(\w+)"', page)) <= keys["en"]


async def test_the_page_hears_of_events_at_once_with_codes_masked(
    caller: Caller,
) -> None:
    async with caller.session.get(f"{caller.sim.url}/sim/stream") as response:
        lines = response.content
        first = json.loads((await lines.readuntil(b"\n\n"))[6:])
        assert first["events"][0]["event"] == "DeviceState"
        assert first["state"]["power"]
        caller.sim.type_code("1#")
        heard: dict[str, dict[str, object]] = {}
        while "UserRejected" not in heard:
            message = await asyncio.wait_for(lines.readuntil(b"\n\n"), 0.5)
            for event in json.loads(message[6:])["events"]:
                heard[event["event"]] = event["params"]
        assert heard["CodeEntered"]["code"] == "•••"


async def start_program(*options: str) -> asyncio.subprocess.Process:
    return await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "tests.simulators.two_n", *options),
        cwd=ROOT,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
async def test_the_program_says_where_it_is_and_ends_cleanly(
    number: signal.Signals,
) -> None:
    program = await start_program("--port", "0", "--pin", "Locum=4711")
    assert program.stdout is not None
    line = (await program.stdout.readline()).decode()
    assert re.fullmatch(r"Door station ready: http://127\.0\.0\.1:\d+/\n", line)
    program.send_signal(number)
    rest, errors = await program.communicate()
    assert (program.returncode, rest, errors) == (0, b"", b"")


async def test_a_taken_port_is_a_clear_error() -> None:
    async with TwoNSimulator() as sim:
        program = await start_program("--port", str(sim.port))
        _, errors = await program.communicate()
    assert program.returncode == 1
    assert errors.startswith(f"Cannot listen on 127.0.0.1:{sim.port}: ".encode())
    assert len(errors.splitlines()) == 1


async def test_the_help_names_the_default_account() -> None:
    program = await start_program("--help")
    text, _ = await program.communicate()
    assert b"default: cabinet)" in text
    assert b"cabinet-2n" in text
