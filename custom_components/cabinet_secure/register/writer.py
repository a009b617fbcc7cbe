"""The one who writes: a thread of its own, in order, in batches under load.

Whatever keeps it from writing, entries wait here and the event loop never does.
"""

import asyncio
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
import logging
from pathlib import Path
import threading
from typing import Any, Final

from sqlalchemy import Connection, Engine

from .book import Found, append, interruption, interruption_entry, written
from .engine import Location, writing_engine
from .model import Anchor
from .rows import Content
from .schema import prepare
from .trouble import Trouble, trouble_of

_LOGGER = logging.getLogger(__name__)

# Entries in one transaction: enough to share a flush to disk, few enough that the
# event loop gets its turn in between.
BATCH: Final = 200
# Seconds between attempts, doubled each time.
_FIRST_PAUSE: Final = 0.5
_LONGEST_PAUSE: Final = 30.0

type Job = Callable[[Connection], object]


@dataclass(slots=True, kw_only=True, eq=False)
class Waiting:
    """An entry that is to be written, or something else to be done in between."""

    # Settled in the event loop.
    future: asyncio.Future[Any]
    content: Content | None = None
    # The entry as the outbox keeps it.
    text: str = ""
    job: Job | None = None
    # Whether the job removes what must not be found in the file any more.
    erases: bool = False
    # Whether it may have been written before: in an earlier run, or a commit whose
    # end was not seen.
    doubtful: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """What the thread has done: how many of what waited, up to which end."""

    items: tuple[Waiting, ...]
    anchor: Anchor
    result: object = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Interruption:
    """The record is not whole, and goes on; where its former file is kept, if it is."""

    found: Found
    file: Path | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """Tells the event loop; called in the writer's thread."""

    done: Callable[[Written], None]
    failed: Callable[[Waiting, Exception], None]
    # None: it is over.
    trouble: Callable[[Trouble | None], None]
    interrupted: Callable[[Interruption], None]


class Writer:
    """Writes one register until it is told to stop."""

    def __init__(
        self,
        location: Location,
        practice: str,
        report: Report,
    ) -> None:
        self._location = location
        self._practice = practice
        self._anchor: Anchor | None = None
        self._report = report
        self._queue: deque[Waiting] = deque()
        self._changed = threading.Condition()
        self._stopping = False
        self._engine: Engine | None = None
        self._chain = ""
        # The file before this one, which could not be read.
        self._set_aside: Path | None = None
        self._pause = 0.0
        self._thread = threading.Thread(
            target=self._run, name="Cabinet Secure register", daemon=True
        )

    def start(self, anchor: Anchor | None) -> None:
        """Begin to write after the newest entry that is known."""
        self._anchor = anchor
        self._thread.start()

    def put(self, waiting: Waiting) -> None:
        """Have something done after all that was put before."""
        with self._changed:
            self._queue.append(waiting)
            self._changed.notify()

    def stop(self) -> None:
        """Have the thread end once nothing waits, or at once while in trouble."""
        with self._changed:
            self._stopping = True
            self._changed.notify()

    def join(self, seconds: float) -> None:
        """Wait for the thread's end."""
        if self._thread.is_alive():
            self._thread.join(seconds)

    # --- the thread ------------------------------------------------------------------

    def _run(self) -> None:
        while self._engine is None and not self._ended():
            self._try([])
        while batch := self._next():
            self._try(batch)
        self._close()

    def _ended(self) -> bool:
        return self._stopping and (not self._queue or self._pause > 0)

    def _next(self) -> list[Waiting]:
        """Wait for what is to be done; nothing once it is time to stop."""
        with self._changed:
            while not self._queue and not self._stopping:
                self._changed.wait()
            if self._ended() or not self._queue:
                return []
            if self._queue[0].job is not None:
                return [self._queue[0]]
            batch: list[Waiting] = []
            for waiting in self._queue:
                if waiting.job is not None or len(batch) == BATCH:
                    break
                batch.append(waiting)
            return batch

    def _try(self, batch: list[Waiting]) -> None:
        """Do what is to be done; say what keeps us from it, and pause."""
        try:
            if self._engine is None:
                self._engine = self._open()
            if batch and batch[0].job is not None:
                self._do(self._engine, batch[0], batch[0].job)
            elif batch:
                self._write(self._engine, batch)
        except Exception as err:  # noqa: BLE001  # the thread outlives everything
            self._failed(err, batch)
            return
        self._over()

    def _over(self) -> None:
        """Say that nothing keeps us from it any more."""
        if self._pause:
            self._pause = 0.0
            self._report.trouble(None)

    def _failed(self, err: Exception, batch: list[Waiting]) -> None:
        trouble = trouble_of(err)
        # No message of a database: it may hold its address.
        _LOGGER.debug("Cannot write the register: %s (%s)", trouble, type(err).__name__)
        self._report.trouble(trouble)
        self._close()
        if trouble is Trouble.CORRUPT and self._location.url is None:
            self._put_aside(self._location.file)
        for waiting in batch:
            waiting.doubtful = True
            if waiting.job is not None:
                # Whoever asked for it asks again; entries do not wait behind it.
                self._queue.popleft()
                self._report.failed(waiting, err)
        self._pause = min(max(self._pause * 2, _FIRST_PAUSE), _LONGEST_PAUSE)
        with self._changed:
            self._changed.wait_for(lambda: self._stopping, self._pause)

    def _close(self) -> None:
        if self._engine is not None:
            self._engine.dispose()
            self._engine = None

    def _put_aside(self, file: Path) -> None:
        """Keep what cannot be read, for somebody who can, and begin anew."""
        aside = file.with_name(
            f"{file.name}.damaged-{datetime.now(UTC):%Y%m%dT%H%M%SZ}"
        )
        try:
            for suffix in ("", "-wal", "-shm"):
                if (part := file.with_name(file.name + suffix)).exists():
                    part.rename(aside.with_name(aside.name + suffix))
        except OSError:
            return
        self._set_aside = aside

    def _open(self) -> Engine:
        engine = writing_engine(self._location)
        try:
            with engine.begin() as connection:
                self._chain = prepare(connection, self._practice)
                found = self._check(connection)
                anchor = self._append(connection, [])
        except BaseException:
            engine.dispose()
            raise
        self._done((), anchor, found)
        return engine

    def _check(self, connection: Connection) -> Interruption | None:
        """Put on record where the end that we know is not there any more."""
        if self._set_aside is not None:
            found: Found | None = Found.UNREADABLE
        elif self._anchor is not None:
            found = interruption(connection, self._anchor, self._chain)
        else:
            return None
        if found is None:
            return None
        entry = interruption_entry(found, datetime.now(UTC), self._anchor)
        self._append(connection, [entry])
        return Interruption(found=found, file=self._set_aside)

    def _append(self, connection: Connection, contents: list[Content]) -> Anchor:
        head = append(connection, contents)
        return Anchor(chain=self._chain, sequence=head.sequence, hash=head.hash.hex())

    def _write(self, engine: Engine, batch: list[Waiting]) -> None:
        # By their identifiers: one that was handed in twice is written once.
        contents = {
            str(each.content["id"]): each.content for each in batch if each.content
        }
        with engine.begin() as connection:
            found = self._check(connection)
            if any(each.doubtful for each in batch):
                for known in written(connection, contents.keys()):
                    del contents[known]
            anchor = self._append(connection, list(contents.values()))
        for _ in batch:
            self._queue.popleft()
        self._done(tuple(batch), anchor, found)

    def _do(self, engine: Engine, waiting: Waiting, job: Job) -> None:
        with engine.begin() as connection:
            found = self._check(connection)
            result = job(connection)
            anchor = self._append(connection, [])
        if waiting.erases and self._location.url is None:
            _leave_no_copy(engine)
        self._queue.popleft()
        self._done((waiting,), anchor, found, result=result)

    def _done(
        self,
        items: tuple[Waiting, ...],
        anchor: Anchor,
        found: Interruption | None,
        *,
        result: object = None,
    ) -> None:
        """Tell what is on disk now."""
        if items:
            self._over()
        self._anchor = anchor
        self._set_aside = None
        self._report.done(Written(items=items, anchor=anchor, result=result))
        if found is not None:
            self._report.interrupted(found)


def _leave_no_copy(engine: Engine) -> None:
    """Empty SQLite's log of changes, which still holds what was removed."""
    connection = engine.raw_connection()
    try:
        connection.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)")
    finally:
        connection.close()
