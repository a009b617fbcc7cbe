"""Writing into the register and reading it again."""

import asyncio
from datetime import timedelta
from pathlib import Path
import stat
from unittest.mock import patch

import pytest

from custom_components.cabinet_secure.register import (
    EntryType,
    Kept,
    NewEntry,
    Query,
    RegisterError,
    reading,
)
from tests.register.registers import (
    CLEANER,
    DOCTOR,
    ENTRANCE,
    NOW,
    entry,
    opened,
    tamper,
)


async def test_what_is_written_is_read_as_it_was(file: Path) -> None:
    written = entry(
        outcome="ring",
        session="ring-1",
        details={"methods": ["code", "« é »"], "late": False, "nested": {"step": 2}},
    )
    async with opened(file) as book:
        await book.write(written)
        (read,) = (await book.register.query(Query())).entries
    for name in NewEntry.__dataclass_fields__:
        assert getattr(read, name) == getattr(written, name), name
    assert read.sequence == 1
    assert read.previous == "00" * 32
    assert read.at.utcoffset() == NOW.utcoffset()
    assert str(read.at.tzinfo) == "Europe/Paris"


async def test_the_clock_on_the_wall_is_kept_through_the_change_of_the_hour(
    file: Path,
) -> None:
    before = entry(at=NOW - timedelta(hours=9, minutes=1))
    async with opened(file) as book:
        await book.write(before, entry())
        first, second = (await book.register.query(Query(newest_first=False))).entries
    assert first.at.utcoffset() == timedelta(hours=1)
    assert second.at.utcoffset() == timedelta(hours=2)


async def test_each_entry_carries_the_hash_of_the_one_before(file: Path) -> None:
    async with opened(file) as book:
        await book.write(*(entry() for _ in range(5)))
        read = (await book.register.query(Query(newest_first=False))).entries
        verified = await book.register.verify()
    assert [each.sequence for each in read] == [1, 2, 3, 4, 5]
    assert [each.previous for each in read[1:]] == [each.hash for each in read[:-1]]
    assert verified.intact
    assert verified.entries == verified.head == 5


async def test_entries_are_found_by_period_type_place_person_and_session(
    file: Path,
) -> None:
    wanted = {
        "old": entry(3, event="old"),
        "panic": entry(2, event="panic", type=EntryType.PANIC, session="p"),
        "cleaner": entry(1, event="cleaner", actor=CLEANER, place=None),
        "new": entry(0, event="new"),
    }
    day = timedelta(days=1)
    async with opened(file) as book:
        await book.write(*wanted.values())

        async def found(**query: object) -> list[str]:
            page = await book.register.query(Query(**query))  # type: ignore[arg-type]
            return [each.event for each in page.entries]

        assert await found() == ["new", "cleaner", "panic", "old"]
        assert await found(newest_first=False, limit=1) == ["old"]
        assert await found(start=NOW - 2 * day, end=NOW) == ["cleaner", "panic"]
        assert await found(types=frozenset({EntryType.PANIC})) == ["panic"]
        assert await found(events=frozenset({"new", "old"})) == ["new", "old"]
        assert await found(place=ENTRANCE.id) == ["new", "panic", "old"]
        assert await found(place=ENTRANCE.name) == ["new", "panic", "old"]
        assert await found(person="doctor-id") == ["new", "panic", "old"]
        assert await found(person="Cleaner") == ["cleaner"]
        assert await found(session="p") == ["panic"]
        assert await found(ids=frozenset({wanted["old"].id})) == ["old"]
        assert await book.register.count() == 4


@pytest.mark.parametrize("newest_first", [True, False])
async def test_pages_follow_each_other_even_where_times_are_the_same(
    file: Path, *, newest_first: bool
) -> None:
    async with opened(file) as book:
        await book.write(*(entry(event=str(number)) for number in range(7)))
        read: list[str] = []
        query: Query | None = Query(limit=3, newest_first=newest_first)
        while query is not None:
            page = await book.register.query(query)
            read += [each.event for each in page.entries]
            query = (
                Query(limit=3, newest_first=newest_first, after=page.after)
                if page.after
                else None
            )
    expected = [str(number) for number in range(7)]
    assert read == (expected[::-1] if newest_first else expected)


async def test_the_file_is_readable_by_its_owner_only(file: Path) -> None:
    async with opened(file) as book:
        await book.write(entry())
        modes = {
            path.name: stat.S_IMODE(path.stat().st_mode)
            for path in file.parent.iterdir()
        }
        assert stat.S_IMODE(file.parent.stat().st_mode) == 0o700
    assert set(modes.values()) == {0o600}, modes


async def test_a_stop_writes_what_waits(file: Path) -> None:
    async with opened(file) as book:
        for number in range(1000):
            book.register.append(entry(event=str(number)))
    kept = book.register.kept
    assert kept.outbox == ()
    assert kept.anchor is not None
    assert kept.anchor.sequence == 1000
    async with opened(file, kept) as again:
        assert (await again.register.verify()).intact
    assert again.interruptions == []


async def test_what_a_crash_left_in_the_outbox_is_written_once(file: Path) -> None:
    async with opened(file) as book:
        book.register.append(entry(event="first"))
        book.register.append(entry(event="second"))
        # As stored just before a crash that came just after the commit.
        kept = book.register.kept
    assert len(kept.outbox) == 2
    async with opened(file, kept) as again:
        await again.write(entry(event="third"))
        assert await again.events() == ["first", "second", "third"]
        assert (await again.register.verify()).intact


async def test_an_outbox_is_written_where_nothing_was(file: Path) -> None:
    async with opened(file) as book:
        book.register.append(entry(event="first"))
        kept = book.register.kept
    async with opened(file.with_name("new.db"), Kept(outbox=kept.outbox)) as again:
        assert await again.events() == ["first"]


async def test_an_outbox_that_was_damaged_does_not_stop_the_rest(
    file: Path, caplog: pytest.LogCaptureFixture
) -> None:
    async with opened(file, Kept(outbox=("{", "[]", '{"id": 1}'))) as book:
        await book.write(entry())
        assert await book.events() == ["granted"]
    assert caplog.text.count("damaged in storage") == 3


async def test_an_entry_handed_in_twice_is_written_once(file: Path) -> None:
    twice = entry(event="twice")
    async with opened(file) as book:
        await book.write(twice, twice)
        await book.write(twice, entry(event="other"))
        assert await book.events() == ["twice", "other"]
        assert (await book.register.verify()).intact


async def test_texts_that_a_database_refuses_are_made_fit(file: Path) -> None:
    async with opened(file) as book:
        await book.write(
            entry(
                outcome="x" * 300,
                session="a\0b",
                details={"lone": "\ud800", "zero": "\0"},
            )
        )
        (read,) = (await book.register.query(Query())).entries
        assert (await book.register.verify()).intact
    assert read.outcome == "x" * 255
    assert read.session == "a�b"
    assert read.details == {"lone": "?", "zero": "\0"}


@pytest.mark.parametrize(
    "broken",
    [
        {"details": {"what": object()}},
        {"details": {"what": float("nan")}},
        {"at": NOW.replace(tzinfo=None)},
    ],
)
async def test_what_is_no_entry_is_refused_at_once(
    file: Path, broken: dict[str, object]
) -> None:
    async with opened(file) as book:
        with pytest.raises((TypeError, ValueError)):
            book.register.append(entry(**broken))


async def test_another_practice_s_database_is_left_alone(file: Path) -> None:
    async with opened(file) as book:
        await book.write(entry())
    tamper(file, "update register_info set practice = 'another'")
    async with opened(file) as book:
        waiting = book.register.append(entry())
        await asyncio.sleep(0.2)
        assert book.register.condition.trouble == "not_ours"
    with pytest.raises(RegisterError, match="not_ours"):
        await waiting


async def test_a_later_version_s_database_is_left_alone(file: Path) -> None:
    async with opened(file) as book:
        await book.write(entry())
    tamper(file, "update register_info set version = 99")
    async with opened(file) as book:
        await asyncio.sleep(0.2)
        assert book.register.condition.trouble == "not_ours"


async def test_a_damaged_entry_does_not_hide_the_others(file: Path) -> None:
    async with opened(file) as book:
        await book.write(entry(event="first"), entry(event="second"))
        tamper(file, "update register_entries set details = '{' where sequence = 1")
        page = await book.register.query(Query())
    assert [each.event for each in page.entries] == ["second"]
    assert page.damaged == (1,)


async def test_a_file_that_sqlite_cannot_even_describe_is_told_as_damaged(
    file: Path,
) -> None:
    async with opened(file) as book:
        words = UnicodeDecodeError("utf-8", b"\xff", 0, 1, "invalid start byte")
        with (
            patch.object(reading, "read", side_effect=words),
            pytest.raises(RegisterError) as told,
        ):
            await book.register.query(Query())
        assert told.value.trouble == "corrupt"


async def test_a_moved_register_begins_with_where_the_former_ended(
    file: Path, tmp_path: Path
) -> None:
    async with opened(file) as book:
        await book.write(entry(actor=DOCTOR))
    async with opened(tmp_path / "elsewhere.db", book.register.kept) as moved:
        (begun,) = (await moved.register.query(Query())).entries
        assert (await moved.register.verify()).interruptions == (1,)
    anchor = book.register.kept.anchor
    assert anchor is not None
    assert (begun.event, begun.outcome) == ("interrupted", "moved")
    assert begun.details["hash"] == anchor.hash
    assert [each.found for each in moved.interruptions] == ["moved"]
