"""Where evidence is kept: files that only signed-in people reach, for a limited time.

One folder for each session, below Home Assistant's own folder of media. All methods
wait for the disk; they run in the executor.
"""

from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from hashlib import sha256
import json
import logging
import os
from pathlib import Path
import shutil
from typing import Final

from .const import DOMAIN

_LOGGER = logging.getLogger(__name__)

# Hidden from the browser of media: whose folder it is, and since when.
_NOTE: Final = ".session.json"
# A file that is being written.
_PARTIAL: Final = ".part"
# So much of the disk stays free for everything else, in bytes.
_LEAVE_FREE: Final = 500_000_000


class RoomFullError(OSError):
    """There is no space for more evidence."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """What is remembered of a session beside its pictures."""

    entry_id: str
    session: str
    cause: str
    started_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Stored:
    """A file: its path below the folder of media, and its SHA-256 (hex)."""

    file: str
    digest: str


class EvidenceRoom:
    """Writes, counts and deletes the evidence of one practice."""

    def __init__(self, media: Path, entry_id: str, limit: int) -> None:
        """`limit` is what all evidence may take of the disk, in bytes."""
        self._media = media
        self._root = media / DOMAIN
        self._entry_id = entry_id
        self._limit = limit

    def open_session(self, note: Note) -> Path:
        """Return the folder of a session, new or known. Raises OSError."""
        stamp = note.started_at.strftime("%Y-%m-%d_%H%M%S")
        folder = self._root / f"{stamp}_{note.cause}_{_short(note.session)}"
        self._root.mkdir(mode=0o700, parents=True, exist_ok=True)
        folder.mkdir(mode=0o700, exist_ok=True)
        # One that a crash left unreadable is written anew: it is what has all go in time.
        if _read(folder / _NOTE) is None:
            written = asdict(note) | {"started_at": note.started_at.isoformat()}
            (folder / _NOTE).unlink(missing_ok=True)
            _write(folder / _NOTE, json.dumps(written).encode())
        return folder

    def make_room(self) -> None:
        """Raise RoomFullError where there is no space for more."""
        used = sum(
            path.stat().st_size for path in self._root.rglob("*") if path.is_file()
        )
        if used >= self._limit or shutil.disk_usage(self._root).free < _LEAVE_FREE:
            raise RoomFullError

    def keep(self, path: Path, content: bytes) -> Stored:
        """Write a file that is not there yet. Raises OSError."""
        partial = path.with_name(path.name + _PARTIAL)
        try:
            _write(partial, content)
            return self.finish(partial)
        except OSError:
            # A picture that is cut off proves nothing, and takes what little there is.
            partial.unlink(missing_ok=True)
            raise

    def begin(self, path: Path) -> Path:
        """Return the file in which a film is to be written. Raises OSError."""
        partial = path.with_name(path.name + _PARTIAL)
        _write(partial, b"")
        return partial

    def finish(self, partial: Path) -> Stored:
        """Give a file its name once it is whole. Raises OSError."""
        path = partial.with_name(partial.name.removesuffix(_PARTIAL))
        with partial.open("rb") as file:
            os.fsync(file.fileno())
        partial.rename(path)
        return self.stored(path)

    def stored(self, path: Path) -> Stored:
        """Return what there is to say of a file that is whole. Raises OSError."""
        digest = sha256(path.read_bytes()).hexdigest()
        return Stored(file=str(path.relative_to(self._media)), digest=digest)

    def sessions(self) -> Iterator[tuple[Note, Path]]:
        """Yield the sessions of this practice."""
        for path in sorted(self._root.glob(f"*/{_NOTE}")):
            note = _read(path)
            if note is not None and note.entry_id == self._entry_id:
                yield note, path.parent

    def leftovers(self, since: datetime) -> list[tuple[Note, list[Path]]]:
        """Finish what a crash has left half written.

        Return the files of the sessions since then: not all may be on record. Raises
        OSError.
        """
        left = []
        for note, folder in self.sessions():
            for partial in sorted(folder.glob(f"*{_PARTIAL}")):
                if _shows_something(partial):
                    self.finish(partial)
                else:
                    partial.unlink()
            if note.started_at >= since:
                files = sorted(x for x in folder.iterdir() if x.name != _NOTE)
                left.append((note, files))
        return left

    def unknown(self, files: Iterable[Path], known: Collection[str]) -> list[Stored]:
        """Return those files of which nothing is known by their path. Raises OSError."""
        return [
            self.stored(path)
            for path in files
            if str(path.relative_to(self._media)) not in known
        ]

    def purge(
        self, kept_for: timedelta, now: datetime, stays: Callable[[Note], bool]
    ) -> list[Note]:
        """Delete the sessions whose time is up, but for what stays; return them.

        One that cannot be deleted stays for the next time, and keeps none from going.
        """
        gone = []
        for note, folder in self.sessions():
            if note.started_at + kept_for > now or stays(note):
                continue
            try:
                # The note last: without it nobody would try again.
                for path in folder.iterdir():
                    if path.name != _NOTE:
                        path.unlink()
                shutil.rmtree(folder)
            except OSError as err:
                _LOGGER.warning("Evidence was not deleted: %s", err)
            else:
                gone.append(note)
        return gone


def _short(session: str) -> str:
    """Return what tells sessions of one second apart, as a file name takes it."""
    return sha256(session.encode()).hexdigest()[:8]


def _shows_something(partial: Path) -> bool:
    """Whether what a crash left half written has a picture: films begin with none."""
    content = partial.read_bytes()
    return b"mdat" in content if ".mp4" in partial.suffixes else bool(content)


def _read(path: Path) -> Note | None:
    """Return what is remembered of a session, None where that cannot be read."""
    try:
        note = json.loads(path.read_text(encoding="utf-8"))
        return Note(
            entry_id=note["entry_id"],
            session=note["session"],
            cause=note["cause"],
            started_at=datetime.fromisoformat(note["started_at"]),
        )
    except OSError, ValueError, KeyError, TypeError:
        return None


def _write(path: Path, content: bytes) -> None:
    """Write a new file that only Home Assistant's own account reads."""
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
