"""The directory of the simulated door station."""

from dataclasses import replace
import logging

import pytest

from custom_components.cabinet_secure.equipment.two_n.client import TwoNClient
from custom_components.cabinet_secure.equipment.two_n.directory import (
    OWNER,
    DirectoryUser,
)
from custom_components.cabinet_secure.equipment.two_n.errors import (
    MalformedAnswer,
    Refused,
    Unsupported,
)
from tests.simulators.two_n import TwoNSimulator


async def test_a_person_is_created_read_changed_and_deleted(
    client: TwoNClient, station: TwoNSimulator
) -> None:
    directory = client.directory
    (created,) = await directory.create(
        [
            DirectoryUser(
                name="Locum",
                pin="4711",
                codes=("11", "", "", ""),
                cards=("0A1B2C3D",),
                valid_from=1_700_000_000,
                valid_to=1_800_000_000,
                access_points=(True, False),
            )
        ]
    )
    assert created.errors == ()
    assert created.uuid is not None
    fields = ("name", "access.pin", "access.code", "access.card", "access.validTo")
    (person,) = await directory.get([created.uuid], fields)
    assert (person.name, person.pin, person.valid_to) == (
        "Locum",
        "4711",
        1_800_000_000,
    )
    assert person.codes is not None
    assert person.codes[0] == "11"
    assert "4711" not in repr(person)
    assert "0A1B2C3D" not in repr(person)
    assert station.station.directory.users[created.uuid]["owner"] == OWNER

    uuid = created.uuid.lower()
    (updated,) = await directory.update([DirectoryUser(uuid=uuid, valid_to=0)])
    assert updated.errors == ()
    (person,) = await directory.get([created.uuid])
    assert (person.name, person.valid_to) == ("Locum", 0)
    assert person.access_points == (True, False)

    (deleted,) = await directory.delete([created.uuid])
    assert deleted.errors == ()
    assert await directory.get([created.uuid]) == ()


async def test_entries_of_others_are_never_read_changed_or_deleted(
    client: TwoNClient, station: TwoNSimulator
) -> None:
    stranger = station.add_user("Caretaker", pin="1234")
    directory = client.directory
    (ours,) = await directory.create([DirectoryUser(name="Ours")])
    assert ours.uuid is not None

    assert await directory.get([stranger]) == ()
    outcomes = await directory.update(
        [
            DirectoryUser(uuid=stranger, name="X"),
            DirectoryUser(uuid=ours.uuid, name="Y"),
        ]
    )
    assert [one.errors for one in outcomes] == [("NOT_OURS",), ()]
    (outcome,) = await directory.delete([stranger])
    assert outcome.errors == ("NOT_OURS",)
    page = await directory.query()
    assert [one.name for one in page.users] == ["Y"]
    assert station.station.directory.users[stranger]["name"] == "Caretaker"


async def test_an_existing_uuid_is_refused_and_never_overwritten(
    client: TwoNClient,
) -> None:
    uuid = "01234567-89AB-CDEF-0123-456789ABCDEF"
    await client.directory.create([DirectoryUser(uuid=uuid, name="First")])

    (outcome,) = await client.directory.create(
        [DirectoryUser(uuid=uuid, name="Second")]
    )

    assert outcome.errors == ("EDIR_UUID_ALREADY_EXISTS",)
    assert (await client.directory.get([uuid]))[0].name == "First"


async def test_a_query_brings_what_changed_since(
    client: TwoNClient, station: TwoNSimulator
) -> None:
    directory = client.directory
    (one, two) = await directory.create(
        [DirectoryUser(name="One"), DirectoryUser(name="Two")]
    )
    page = await directory.query()
    assert [user.name for user in page.users] == ["One", "Two"]

    assert one.uuid is not None
    await directory.delete([one.uuid])
    later = await directory.query(page.series, page.timestamp)
    assert later.users == ()
    assert later.deleted == {one.uuid}
    assert (await directory.query(page.series, later.timestamp)).deleted == frozenset()

    station.station.directory.new_series()
    renewed = await directory.query(page.series, later.timestamp)
    assert renewed.series != page.series
    again = await directory.query(renewed.series)
    assert [user.uuid for user in again.users] == [two.uuid]


async def test_a_directory_that_refuses_to_write_says_so(
    client: TwoNClient, station: TwoNSimulator
) -> None:
    station.speak_oddly(directory_refuses=17)

    with pytest.raises(Refused) as caught:
        await client.directory.create([DirectoryUser(name="One")])
    assert caught.value.code == 17


async def test_a_key_that_the_model_lacks_is_never_left_out_silently(
    client: TwoNClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    template = await client.directory.template()
    access = dict(template.keys["access"])
    del access["validTo"]
    client.directory._template = replace(
        template, keys={**template.keys, "access": access}
    )

    with pytest.raises(Unsupported, match=r"access\.validTo"):
        await client.directory.create([DirectoryUser(name="One", valid_to=5)])


async def test_nothing_to_write_asks_for_nothing(
    client: TwoNClient, station: TwoNSimulator
) -> None:
    assert await client.directory.create([]) == ()
    assert await client.directory.delete([]) == ()
    assert station.commands == []
    with pytest.raises(ValueError, match="uuid"):
        await client.directory.update([DirectoryUser(name="x")])


async def test_secrets_of_the_directory_appear_in_no_log(
    client: TwoNClient, station: TwoNSimulator, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    station.answer_wrongly("not_json", path="/api/dir/create")

    with pytest.raises(MalformedAnswer) as caught:
        await client.directory.create([DirectoryUser(name="One", pin="98765")])

    ours = [one for one in caplog.records if one.name.startswith("custom_components")]
    assert "98765" not in str(ours) + str(caught.value) + caplog.text
