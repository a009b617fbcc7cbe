"""The directory of a 2N device, kept as the practice wants it."""

from collections.abc import Mapping
import contextlib
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from custom_components.cabinet_secure.equipment import EquipmentError, Failure
from custom_components.cabinet_secure.equipment.access_list import (
    ListMemory,
    Reconciled,
)
from custom_components.cabinet_secure.equipment.two_n.access_list import (
    StationAccessList,
)
from custom_components.cabinet_secure.practice.grants.model import AccessEntry, Means

from .directory_device import DirectoryDevice, digest, digest_of

ONE = "11111111-1111-8111-8111-111111111111"
TWO = "22222222-2222-8222-8222-222222222222"
START = datetime(2026, 3, 2, 9, tzinfo=UTC)
CODES = {ONE: "739584", TWO: "594738"}


def entry(grant: str, **changes: object) -> AccessEntry:
    base = AccessEntry(
        grant=grant,
        name=f"Person {grant[0]}",
        means=Means.CODE,
        digest=digest_of(CODES[grant]),
        doors=("door",),
        valid_from=START,
        valid_to=START + timedelta(days=7),
    )
    return replace(base, **changes)  # type: ignore[arg-type]


@pytest.fixture
def device() -> DirectoryDevice:
    return DirectoryDevice()


@pytest.fixture
def ours(device: DirectoryDevice) -> StationAccessList:
    return device.access_list()


async def reconcile(
    ours: StationAccessList,
    *wanted: AccessEntry,
    codes: Mapping[str, str] | None = None,
) -> Reconciled:
    return await ours.reconcile(
        {each.grant: each for each in wanted}, codes or {}, digest
    )


async def test_a_new_entry_is_written_with_its_code_and_its_time(
    device: DirectoryDevice, ours: StationAccessList
) -> None:
    done = await reconcile(ours, entry(ONE), codes=CODES)
    assert done.held == {ONE}
    access = device.ours()[ONE]["access"]
    assert access["pin"] == CODES[ONE]
    assert access["validFrom"] == str(int(START.timestamp()))
    assert access["validTo"] == str(int((START + timedelta(days=7)).timestamp()))
    assert "739584" not in repr(ours.memory)


async def test_a_device_that_was_never_given_a_code_is_not_asked(
    device: DirectoryDevice, ours: StationAccessList
) -> None:
    assert (await reconcile(ours)).held == frozenset()
    assert device.requests == []


async def test_nothing_is_read_twice_and_nothing_written_without_need(
    device: DirectoryDevice, ours: StationAccessList
) -> None:
    await reconcile(ours, entry(ONE), codes=CODES)
    device.requests.clear()
    assert (await reconcile(ours, entry(ONE))).held == {ONE}
    assert device.requests == ["dir/query"]
    again = device.access_list()
    again.memory = ours.memory
    await reconcile(again, entry(ONE))
    assert device.requests == ["dir/query", "dir/template", "dir/query"]


async def test_a_new_window_changes_the_time_and_leaves_the_code(
    device: DirectoryDevice, ours: StationAccessList
) -> None:
    await reconcile(ours, entry(ONE), codes=CODES)
    later = entry(ONE, valid_to=START + timedelta(days=9), admits=False)
    assert (await reconcile(ours, later)).held == {ONE}
    access = device.ours()[ONE]["access"]
    assert access["validTo"] == str(int(later.valid_to.timestamp()))
    assert [point["enabled"] for point in access["accessPoints"]] == [False, False]
    assert access["pin"] == CODES[ONE]


async def test_who_is_not_wanted_any_more_is_removed_before_anything_is_written(
    device: DirectoryDevice, ours: StationAccessList
) -> None:
    await reconcile(ours, entry(ONE), codes=CODES)
    device.requests.clear()
    await reconcile(ours, entry(TWO), codes=CODES)
    assert device.ours().keys() == {TWO}
    writes = [each for each in device.requests if each not in ("dir/query", "dir/get")]
    assert writes == ["dir/delete", "dir/create"]


async def test_entries_of_others_are_left_alone(
    device: DirectoryDevice, ours: StationAccessList
) -> None:
    stranger = device.directory.add("Caretaker", pin="1234")
    before = dict(device.directory.users[stranger])
    await reconcile(ours, entry(ONE), codes=CODES)
    device.edit(stranger, name="Concierge")
    await reconcile(ours)
    assert device.directory.users[stranger] == before | {
        "name": "Concierge",
        "timestamp": device.directory.users[stranger]["timestamp"],
    }


async def test_what_others_change_of_ours_is_put_right_with_the_same_code(
    device: DirectoryDevice, ours: StationAccessList
) -> None:
    await reconcile(ours, entry(ONE), codes=CODES)
    device.edit(ONE, access={"validTo": "0", "card": ["AABBCC", ""]})
    done = await reconcile(ours, entry(ONE))
    assert done.repaired == {ONE}
    assert done.held == {ONE}
    access = device.ours()[ONE]["access"]
    assert access["pin"] == CODES[ONE]
    assert access["validTo"] != "0"
    assert access["card"] == ["", ""]
    assert (await reconcile(ours, entry(ONE))).repaired == frozenset()


async def test_an_entry_with_a_code_that_we_did_not_give_is_taken_away(
    device: DirectoryDevice, ours: StationAccessList
) -> None:
    await reconcile(ours, entry(ONE), codes=CODES)
    device.edit(ONE, access={"pin": "0000"})
    done = await reconcile(ours, entry(ONE))
    assert done.lost == {ONE}
    assert done.held == frozenset()
    assert device.ours() == {}


async def test_an_entry_that_others_deleted_has_lost_its_code(
    device: DirectoryDevice, ours: StationAccessList
) -> None:
    await reconcile(ours, entry(ONE), codes=CODES)
    device.remove(ONE)
    assert (await reconcile(ours, entry(ONE))).lost == {ONE}


async def test_an_entry_that_others_made_their_own_is_left_to_them(
    device: DirectoryDevice, ours: StationAccessList
) -> None:
    await reconcile(ours, entry(ONE), codes=CODES)
    device.edit(ONE, owner="installer")
    done = await reconcile(ours, entry(ONE))
    assert done.lost == {ONE}
    assert device.directory.users[ONE]["owner"] == "installer"


async def test_entries_of_ours_that_nobody_wants_are_removed(
    device: DirectoryDevice, ours: StationAccessList
) -> None:
    device.directory.add("Someone", pin="1234")
    device.directory.create(
        [{"uuid": TWO, "owner": "cabinet_secure", "access": {"pin": "9"[:1] * 4}}],
        force=False,
    )
    await reconcile(ours, entry(ONE), codes=CODES)
    assert device.ours().keys() == {ONE}


async def test_a_directory_that_was_restored_is_read_anew(
    device: DirectoryDevice, ours: StationAccessList
) -> None:
    await reconcile(ours, entry(ONE), entry(TWO), codes=CODES)
    device.directory.new_series()
    device.remove(TWO)
    done = await reconcile(ours, entry(ONE), entry(TWO))
    assert done.held == {ONE}
    assert done.lost == {TWO}
    assert device.ours()[ONE]["access"]["pin"] == CODES[ONE]


@pytest.mark.parametrize("answer_lost", [False, True])
@pytest.mark.parametrize("cut_after", range(9))
async def test_a_pass_that_is_cut_off_anywhere_is_finished_by_the_next(
    device: DirectoryDevice, ours: StationAccessList, cut_after: int, answer_lost: bool
) -> None:
    await reconcile(ours, entry(ONE), codes=CODES)
    device.edit(ONE, access={"validTo": "0"})
    device.cut_after, device.answer_lost = cut_after, answer_lost
    wanted = (entry(ONE), entry(TWO))
    with contextlib.suppress(EquipmentError):
        await reconcile(ours, *wanted, codes={TWO: CODES[TWO]})
    device.cut_after, device.online = None, True
    done = await reconcile(ours, *wanted, codes={TWO: CODES[TWO]})
    assert done.held == device.ours().keys() == {ONE, TWO}
    for grant in done.held:
        access = device.ours()[grant]["access"]
        assert access["pin"] == CODES[grant]
        assert access["validTo"] != "0"


async def test_a_device_that_does_not_let_us_write_says_so(
    device: DirectoryDevice, ours: StationAccessList
) -> None:
    device.read_only = True
    with pytest.raises(EquipmentError) as caught:
        await reconcile(ours, entry(ONE), codes=CODES)
    assert caught.value.failure is Failure.REFUSED
    device.read_only = False
    assert (await reconcile(ours, entry(ONE), codes=CODES)).held == {ONE}


async def test_an_entry_that_the_device_refuses_is_not_held(
    device: DirectoryDevice, ours: StationAccessList
) -> None:
    codes = CODES | {ONE: "not a code"}
    done = await reconcile(ours, entry(ONE), entry(TWO), codes=codes)
    assert done.refused == {ONE}
    assert done.held == {TWO}


async def test_an_entry_that_stays_when_it_is_deleted_makes_the_pass_fail(
    device: DirectoryDevice, ours: StationAccessList, monkeypatch: pytest.MonkeyPatch
) -> None:
    await reconcile(ours, entry(ONE), codes=CODES)
    with monkeypatch.context() as patched:
        patched.setattr(
            device.directory,
            "delete",
            lambda owner, entries: {
                "users": [
                    {"uuid": each["uuid"], "errors": [{"code": "EDIR_BUSY"}]}
                    for each in entries
                ]
            },
        )
        with pytest.raises(EquipmentError):
            await reconcile(ours)
        assert ONE in ours.memory.entries
    assert (await reconcile(ours)).held == frozenset()
    assert device.ours() == {}


async def test_a_card_is_written_as_a_card_and_another_door_by_its_switch(
    device: DirectoryDevice,
) -> None:
    ours = device.access_list({"door": 1, "store": 2})
    card = entry(ONE, means=Means.CARD, digest=digest_of("AABBCCDD"))
    store = entry(TWO, doors=("store",))
    codes = {ONE: "AABBCCDD", TWO: CODES[TWO]}
    await reconcile(ours, card, store, codes=codes)
    assert device.ours()[ONE]["access"]["card"] == ["AABBCCDD", ""]
    assert device.ours()[ONE]["access"]["pin"] == ""
    assert device.ours()[TWO]["access"]["code"] == ["", CODES[TWO], "", ""]
    device.edit(ONE, name="X")
    device.edit(TWO, name="X")
    done = await reconcile(ours, card, store)
    assert done.held == done.repaired == {ONE, TWO}


async def test_only_keys_that_the_model_has_are_sent(
    device: DirectoryDevice, ours: StationAccessList, monkeypatch: pytest.MonkeyPatch
) -> None:
    template = device.directory.template()
    del template["users"][0]["access"]["accessPoints"]
    monkeypatch.setattr(device.directory, "template", lambda: template)
    assert (await reconcile(ours, entry(ONE), codes=CODES)).held == {ONE}
    # To leave the decision to us, the device has to be told so.
    with pytest.raises(EquipmentError) as caught:
        await reconcile(ours, entry(ONE, admits=False))
    assert caught.value.failure is Failure.UNSUPPORTED


async def test_the_end_of_a_validity_is_never_left_out(
    device: DirectoryDevice, ours: StationAccessList, monkeypatch: pytest.MonkeyPatch
) -> None:
    template = device.directory.template()
    del template["users"][0]["access"]["validTo"]
    monkeypatch.setattr(device.directory, "template", lambda: template)
    with pytest.raises(EquipmentError) as caught:
        await reconcile(ours, entry(ONE), codes=CODES)
    assert caught.value.failure is Failure.UNSUPPORTED
    assert device.ours() == {}


async def test_a_device_that_does_not_count_its_writes_is_asked_for_the_count(
    device: DirectoryDevice, ours: StationAccessList, monkeypatch: pytest.MonkeyPatch
) -> None:
    create = device.directory.create
    monkeypatch.setattr(
        device.directory,
        "create",
        lambda entries, force: {
            "users": [
                {"uuid": user["uuid"]} for user in create(entries, force=force)["users"]
            ]
        },
    )
    await reconcile(ours, entry(ONE), codes=CODES)
    assert ours.memory.entries[ONE].stamp is None
    done = await reconcile(ours, entry(ONE))
    assert (done.held, done.repaired) == ({ONE}, frozenset())
    assert ours.memory.entries[ONE].stamp is not None
    device.edit(ONE, name="X")
    assert (await reconcile(ours, entry(ONE))).repaired == {ONE}


async def test_a_device_that_answers_for_fewer_entries_took_only_those(
    device: DirectoryDevice, ours: StationAccessList, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        device.directory, "create", lambda entries, force: {"users": []}
    )
    done = await reconcile(ours, entry(ONE), codes=CODES)
    assert done.refused == {ONE}
    assert ours.memory == ListMemory(used=True, series=ours.memory.series)


@pytest.mark.parametrize("new_series", [False, True])
@pytest.mark.parametrize("cut_after", range(6))
async def test_what_a_cut_off_pass_may_have_left_is_removed_when_nothing_is_wanted(
    device: DirectoryDevice,
    ours: StationAccessList,
    cut_after: int,
    *,
    new_series: bool,
) -> None:
    if new_series:
        await reconcile(ours, entry(ONE), codes=CODES)
        device.directory.new_series()
    device.cut_after, device.answer_lost = cut_after, True
    with contextlib.suppress(EquipmentError):
        await reconcile(ours, entry(ONE), codes=CODES)
    device.cut_after, device.online = None, True
    await reconcile(ours)
    assert device.ours() == {}
