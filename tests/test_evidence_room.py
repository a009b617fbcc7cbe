"""The folder of evidence: what a crash, a full disk or a stranger leaves in it."""

from datetime import timedelta
from hashlib import sha256
import os
from pathlib import Path
from unittest.mock import patch

from homeassistant.util import dt as dt_util
import pytest

from custom_components.cabinet_secure.evidence_room import EvidenceRoom, Note

WEEK = timedelta(days=7)
NOW = dt_util.parse_datetime("2026-03-02T10:00:00+01:00", raise_on_error=True)


@pytest.fixture
def room(tmp_path: Path) -> EvidenceRoom:
    """Return where a practice keeps its evidence."""
    return EvidenceRoom(tmp_path, "practice", 10**9)


def session(name: str, *, entry_id: str = "practice") -> Note:
    """Return what is remembered of a session."""
    return Note(entry_id=entry_id, session=name, cause="panic", started_at=NOW)


def nothing(_: Note) -> bool:
    """Say of every session that nobody froze it."""
    return False


def test_a_note_that_was_cut_off_is_written_anew_so_that_all_goes_in_time(
    room: EvidenceRoom,
) -> None:
    folder = room.open_session(session("s"))
    for broken in (b"", b'{"entry_id": "prac', b"[]"):
        (folder / ".session.json").write_bytes(broken)
        assert not list(room.sessions())
        assert room.open_session(session("s")) == folder
        assert [note for note, _ in room.sessions()] == [session("s")]
    assert room.purge(WEEK, NOW + WEEK, stays=nothing) == [session("s")]
    assert not folder.exists()


def test_what_another_practice_keeps_is_left_alone(room: EvidenceRoom) -> None:
    folder = room.open_session(session("s", entry_id="other"))
    assert room.purge(WEEK, NOW + 5 * WEEK, stays=nothing) == []
    assert folder.exists()


def test_a_session_that_cannot_be_deleted_keeps_none_from_going(
    room: EvidenceRoom, caplog: pytest.LogCaptureFixture
) -> None:
    stuck, other = sorted(map(room.open_session, (session("a"), session("b"))))
    (stuck / "subfolder").mkdir()
    room.keep(other / "a.jpg", b"picture")
    assert len(room.purge(WEEK, NOW + WEEK, stays=nothing)) == 1
    assert not other.exists()
    assert "Evidence was not deleted" in caplog.text
    # It is known still, and goes once it can.
    (stuck / "subfolder").rmdir()
    assert len(room.purge(WEEK, NOW + WEEK, stays=nothing)) == 1
    assert not stuck.exists()


def test_a_picture_that_does_not_fit_on_the_disk_leaves_nothing(
    room: EvidenceRoom,
) -> None:
    folder = room.open_session(session("s"))
    full = patch.object(os, "fsync", side_effect=OSError(28, "No space left"))
    with full, pytest.raises(OSError, match="No space left"):
        room.keep(folder / "a.jpg", b"picture")
    assert [path.name for path in folder.iterdir()] == [".session.json"]


def test_of_a_film_that_was_only_begun_nothing_is_put_on_record(
    room: EvidenceRoom,
) -> None:
    folder = room.open_session(session("s"))
    room.begin(folder / "empty.jpg")
    room.begin(folder / "only_begun.mp4").write_bytes(b"\0\0\0\x24ftypisom")
    room.begin(folder / "cut_off.mp4").write_bytes(b"ftyp moov moof mdat film")
    ((note, files),) = room.leftovers(NOW)
    assert note == session("s")
    assert [path.name for path in files] == ["cut_off.mp4"]
    (stored,) = room.unknown(files, ())
    assert stored.digest == sha256(b"ftyp moov moof mdat film").hexdigest()
    assert room.unknown(files, [stored.file]) == []
    assert room.leftovers(NOW + WEEK) == []
    assert sorted(path.name for path in folder.iterdir()) == [
        ".session.json",
        "cut_off.mp4",
    ]
