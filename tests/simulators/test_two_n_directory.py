"""The directory: what an installer and a program see of it."""

from collections.abc import AsyncIterator
from io import BytesIO
import json

import aiohttp
import pytest

from tests.simulators.two_n.caller import Caller, RefusedError, calling
from tests.simulators.two_n.config import Json

pytestmark = pytest.mark.usefixtures("socket_enabled")

UUID = "01234567-89AB-CDEF-0123-456789ABCDEF"
OTHER = "76543210-68FF-18CA-3210-FEDCBA987654"


@pytest.fixture
async def caller() -> AsyncIterator[Caller]:
    async with calling() as caller:
        yield caller


async def put(caller: Caller, function: str, body: Json, **query: int) -> Json:
    return await caller.send("PUT", f"dir/{function}", query=dict(query), body=body)


def errors(answer: Json) -> list[str]:
    return [user["errors"][0]["code"] for user in answer["users"] if "errors" in user]


async def test_the_template_lists_what_may_be_sent(caller: Caller) -> None:
    answer = await caller.get("dir/template")
    (template,) = answer["users"]
    assert answer["series"].isdecimal()
    assert template["access"]["code"] == ["", "", "", ""]
    assert (template["access"]["validFrom"], template["access"]["validTo"]) == (
        "0",
        "0",
    )


async def test_an_entry_is_created_read_changed_and_deleted(caller: Caller) -> None:
    access = {"pin": "4711", "validTo": "1800000000"}
    entry = {"name": "Locum", "owner": "cabinet_secure", "access": access}
    (created,) = (await put(caller, "create", {"users": [entry]}))["users"]
    assert created["timestamp"] == 1
    wanted = {"users": [{"uuid": created["uuid"]}]}
    (read,) = (await caller.send("POST", "dir/get", body=wanted))["users"]
    assert read == created | entry
    change = {"uuid": created["uuid"], "access": {"pin": "4712"}}
    await put(caller, "update", {"users": [change]})
    (read,) = (await caller.send("POST", "dir/get", body=wanted))["users"]
    assert read["access"] == access | {"pin": "4712"}
    await put(caller, "delete", wanted)
    answer = await caller.send("POST", "dir/get", body=wanted)
    assert errors(answer) == ["EDIR_UUID_DOES_NOT_EXIST"]


async def test_an_existing_uuid_needs_force_and_force_resets_the_rest(
    caller: Caller,
) -> None:
    first = {"uuid": UUID, "name": "Locum", "access": {"pin": "4711"}}
    second = {"users": [{"uuid": UUID, "name": "Cleaner"}]}
    await put(caller, "create", {"users": [first]})
    assert errors(await put(caller, "create", second)) == ["EDIR_UUID_ALREADY_EXISTS"]
    assert errors(await put(caller, "create", second, force=1)) == []
    user = caller.sim.station.directory.users[UUID]
    assert (user["name"], user["access"]["pin"]) == ("Cleaner", "")


async def test_errors_come_for_each_entry_and_the_others_are_done(
    caller: Caller,
) -> None:
    caller.sim.add_user("Locum")
    (uuid,) = caller.sim.station.directory.users
    answer = await put(
        caller,
        "update",
        {
            "users": [
                {"name": "nobody"},
                {"uuid": "0123"},
                {"uuid": OTHER},
                {"uuid": uuid, "albert": "einstein"},
                {"uuid": uuid, "recordType": 1},
                {"uuid": uuid, "access": {"pin": "hello"}},
                {"uuid": uuid, "access": {"validTo": 1800000000}},
                {"uuid": uuid, "access": {"code": ["1", "2", "3", "4", "5"]}},
                {"uuid": uuid, "name": "Cleaner"},
            ]
        },
    )
    assert errors(answer) == [
        "EDIR_UUID_IS_MISSING",
        "EDIR_UUID_INVALID_FORMAT",
        "EDIR_UUID_DOES_NOT_EXIST",
        "EDIR_FIELD_NAME_UNKNOWN",
        "EDIR_FIELD_NOT_AVAILABLE",
        "EDIR_FIELD_VALUE_ERROR",
        "EDIR_FIELD_VALUE_ERROR",
        "EDIR_FIELD_VALUE_ERROR",
    ]
    assert caller.sim.station.users()[0]["name"] == "Cleaner"


async def test_a_query_returns_what_is_newer_and_says_what_was_deleted(
    caller: Caller,
) -> None:
    first = caller.sim.add_user("Locum")
    second = caller.sim.add_user("Cleaner")
    await put(caller, "delete", {"users": [{"uuid": first}]})
    everything = await caller.send("POST", "dir/query", body={"fields": ["name"]})
    assert [user["uuid"] for user in everything["users"]] == [second]
    newer = await caller.send("POST", "dir/query", body={"iterator": {"timestamp": 2}})
    assert newer["users"] == [{"uuid": first, "timestamp": 3, "deleted": True}]


async def test_another_series_returns_only_where_to_start_again(
    caller: Caller,
) -> None:
    caller.sim.add_user("Locum")
    old = (await caller.send("POST", "dir/query", body={}))["series"]
    await caller.control("series")
    answer = await caller.send("POST", "dir/query", body={"series": old})
    assert answer["series"] != old
    assert answer["users"] == []


async def test_deleting_by_owner_touches_only_that_owner(caller: Caller) -> None:
    entries = [
        {"name": "Locum", "owner": "cabinet_secure"},
        {"name": "Doctor"},
        {"name": "Cleaner", "owner": "cabinet_secure"},
    ]
    await put(caller, "create", {"users": entries})
    answer = await put(caller, "delete", {"owner": "cabinet_secure"})
    assert len(answer["users"]) == 2
    assert [user["name"] for user in caller.sim.station.users()] == ["Doctor"]
    assert (await put(caller, "delete", {"owner": "nobody"}))["users"] == []


async def test_the_directory_survives_a_power_cut(caller: Caller) -> None:
    caller.sim.add_user("Locum", pin="4711")
    series = caller.sim.station.directory.series
    caller.sim.set_power(on=False)
    caller.sim.set_power(on=True)
    answer = await caller.send("POST", "dir/query", body={})
    assert (answer["series"], len(answer["users"])) == (series, 1)


async def test_firmware_that_refuses_writes_says_so(caller: Caller) -> None:
    caller.sim.speak_oddly(directory_refuses=18)
    with pytest.raises(RefusedError) as refused:
        await put(caller, "create", {"users": [{"name": "Locum"}]})
    assert refused.value.code == 18


@pytest.mark.parametrize(
    ("content", "code"),
    [
        pytest.param(b"{", 12, id="cut short"),
        pytest.param(b"[]", 12, id="a list"),
        pytest.param(b"{}", 11, id="no users"),
        pytest.param(b'{"users":[1]}', 12, id="users that are none"),
        pytest.param(b" " * 1_100_000, 13, id="too large"),
    ],
)
async def test_a_body_that_is_no_good_is_refused(
    caller: Caller, content: bytes, code: int
) -> None:
    async with caller.session.put(
        f"{caller.sim.url}/api/dir/update", data=BytesIO(content)
    ) as response:
        assert (await response.json())["error"]["code"] == code


async def test_json_may_come_as_a_file_of_a_form(caller: Caller) -> None:
    form = aiohttp.FormData()
    content = json.dumps({"users": [{"name": "Locum"}]}).encode()
    form.add_field("blob-json", BytesIO(content))
    async with caller.session.put(
        f"{caller.sim.url}/api/dir/create", data=form
    ) as response:
        assert (await response.json())["success"]
    assert [user["name"] for user in caller.sim.station.users()] == ["Locum"]
