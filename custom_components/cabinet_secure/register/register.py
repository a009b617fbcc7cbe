"""The register of a practice, as the event loop sees it."""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
import logging
from pathlib import Path
import threading
from typing import Any, Final

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import SQLAlchemyError

from . import reading, retention as keeping, verification
from .book import Found, interruption_entry
from .engine import Location, reading_engine
from .model import Anchor, Kept, NewEntry, Page, Query
from .retention import Retention
from .rows import Content, content_of, from_json, to_json
from .trouble import Trouble, trouble_of
from .verification import Verification
from .writer import Interruption, Job, Report, Waiting, Writer, Written

_LOGGER = logging.getLogger(__name__)

# Entries that wait in memory while the database cannot be written; what comes when it
# is full is counted, and the count goes on record.
BOUND: Final = 5000
# Seconds for which a reader waits for what was accepted before, and a stop for all.
_READER_WAITS: Final = 2.0
_STOP_WAITS: Final = 8.0


class RegisterError(Exception):
    """The register cannot be read or written now."""

    def __init__(self, trouble: Trouble) -> None:
        super().__init__(trouble.value)
        self.trouble = trouble


@dataclass(frozen=True, slots=True, kw_only=True)
class Condition:
    """How the register is, without anything that is in it."""

    trouble: Trouble | None
    waiting: int
    lost: int


class Register:
    """Accepts entries at once and has them written; reads on connections of its own.

    `practice` tells whose register it is. `changed` is called in the event loop when
    what is to be `kept` or the condition has changed, `interrupted` where the record
    turns out not to be whole.
    """

    def __init__(
        self,
        location: Location,
        practice: str,
        *,
        changed: Callable[[], None] = lambda: None,
        interrupted: Callable[[Interruption], None] = lambda _: None,
        bound: int = BOUND,
    ) -> None:
        self._location = location
        self._practice = practice
        self._changed = changed
        self._interrupted = interrupted
        self._bound = bound
        self._reader: Engine | None = None
        self._loop = asyncio.get_running_loop()
        self._anchor: Anchor | None = None
        # In the order in which they came.
        self._waiting: dict[Waiting, None] = {}
        self._opened = asyncio.Event()
        self._trouble: Trouble | None = None
        self._lost = 0
        self._connecting = threading.Lock()
        self._writer = Writer(
            location,
            practice,
            Report(
                done=self._in_loop(self._done),
                failed=self._in_loop(self._failed),
                trouble=self._in_loop(self._troubled),
                interrupted=self._in_loop(interrupted),
            ),
        )

    @property
    def condition(self) -> Condition:
        """How the register is at the moment."""
        return Condition(
            trouble=self._trouble,
            waiting=len(self._waiting),
            lost=self._lost,
        )

    @property
    def kept(self) -> Kept:
        """What has to be remembered across a restart."""
        return Kept(
            anchor=self._anchor,
            location=self._location.fingerprint,
            outbox=tuple(each.text for each in self._waiting if each.content),
            lost=self._lost,
        )

    # --- life ------------------------------------------------------------------------

    def start(self, kept: Kept) -> None:
        """Begin to write, with what an earlier run may have left unwritten."""
        self._lost = kept.lost
        self._anchor = kept.anchor
        if moved := kept.location not in (None, self._location.fingerprint):
            self._anchor = None
        if moved and kept.anchor is not None:
            self._append(
                interruption_entry(Found.MOVED, datetime.now(UTC), kept.anchor)
            )
            self._interrupted(Interruption(found=Found.MOVED))
        for text in kept.outbox:
            try:
                self._put(from_json(text), text, doubtful=True)
            except ValueError:
                _LOGGER.error("An entry of the register was damaged in storage")
        self._writer.start(self._anchor)

    async def stop(self) -> None:
        """Write what waits, as far as that is possible now; the rest stays `kept`."""
        self._writer.stop()
        await self._loop.run_in_executor(None, self._writer.join, _STOP_WAITS)
        # What the thread told last.
        await asyncio.sleep(0)
        self._changed = lambda: None
        for waiting in self._waiting:
            _fail(waiting, self._trouble or Trouble.OTHER)

    # --- writing ---------------------------------------------------------------------

    def append(self, entry: NewEntry) -> asyncio.Future[None]:
        """Accept an entry at once; what is returned is done once it is on disk.

        Nobody has to wait for it. It raises RegisterError where the entry cannot be
        accepted, as too many wait already. Raises TypeError or ValueError for details
        that are not JSON.
        """
        return self._append(content_of(entry))

    def _append(self, content: Content) -> asyncio.Future[None]:
        if len(self._waiting) >= self._bound:
            self._lost += 1
            waiting = Waiting(future=self._loop.create_future())
            _fail(waiting, self._trouble or Trouble.OTHER)
            return waiting.future
        return self._put(content, to_json(content))

    def _put(
        self, content: Content, text: str, *, doubtful: bool = False
    ) -> asyncio.Future[None]:
        return self._hand_over(
            Waiting(
                future=self._loop.create_future(),
                content=content,
                text=text,
                doubtful=doubtful,
            )
        )

    def _hand_over(self, waiting: Waiting) -> asyncio.Future[Any]:
        self._waiting[waiting] = None
        self._writer.put(waiting)
        return waiting.future

    async def purge(self, retention: Retention, now: datetime) -> int:
        """Remove what was kept for long enough; return how many entries.

        Raises RegisterError where it cannot be done now.
        """
        removed = 0
        job: Job = partial(keeping.purge, retention=retention, now=now)
        while True:
            some: int = await self._hand_over(
                Waiting(future=self._loop.create_future(), job=job, erases=True)
            )
            removed += some
            if some < keeping.AT_ONCE:
                return removed

    # --- reading ---------------------------------------------------------------------

    async def query(self, query: Query) -> Page:
        """Return a page of entries; raises RegisterError where it cannot be read."""
        return await self._read(partial(reading.read, query=query))

    async def count(self, query: Query | None = None) -> int:
        """Return how many entries there are on all pages; raises RegisterError."""
        return await self._read(partial(reading.count, query=query or Query()))

    async def size(self) -> int | None:
        """Return the bytes of the file on disk; None on a server, or without a file."""
        if self._location.url is not None:
            return None
        return await self._loop.run_in_executor(None, _size, self._location.file)

    async def verify(self) -> Verification:
        """Read everything, and return what is not as it was written."""
        return await self._read(partial(verification.verify, anchor=self._anchor))

    async def _settled(self) -> None:
        """Wait until what was accepted before can be read, unless it takes too long."""
        if self._trouble is not None:
            return
        with suppress(TimeoutError):
            async with asyncio.timeout(_READER_WAITS):
                await self._opened.wait()
                if self._waiting:
                    await asyncio.wait([each.future for each in self._waiting])

    async def _read[T](self, read: Callable[[Connection], T]) -> T:
        await self._settled()
        return await self._loop.run_in_executor(None, self._read_now, read)

    def _read_now[T](self, read: Callable[[Connection], T]) -> T:
        try:
            with self._connecting:
                if self._reader is None:
                    self._reader = reading_engine(self._location)
            with self._reader.connect() as connection:
                return read(connection)
        except (SQLAlchemyError, ImportError, OSError, UnicodeError) as err:
            raise RegisterError(trouble_of(err)) from None

    # --- what the thread tells -------------------------------------------------------

    def _in_loop[**P](self, tell: Callable[P, None]) -> Callable[P, None]:
        """Return what the writer's thread calls to have this called in the loop."""

        def soon(*args: P.args, **kwargs: P.kwargs) -> None:
            # A loop that is closed has nobody left to be told.
            with suppress(RuntimeError):
                self._loop.call_soon_threadsafe(partial(tell, *args, **kwargs))

        return soon

    def _done(self, written: Written) -> None:
        self._anchor = written.anchor
        self._opened.set()
        for waiting in written.items:
            self._waiting.pop(waiting, None)
            if not waiting.future.done():
                waiting.future.set_result(written.result)
        if self._lost and len(self._waiting) < self._bound:
            lost, self._lost = self._lost, 0
            self._append(
                interruption_entry(Found.LOST, datetime.now(UTC), None, count=lost)
            )
        self._changed()

    def _failed(self, waiting: Waiting, err: Exception) -> None:
        self._waiting.pop(waiting, None)
        _fail(waiting, trouble_of(err))

    def _troubled(self, trouble: Trouble | None) -> None:
        if trouble is not self._trouble:
            self._trouble = trouble
            self._changed()


def _size(file: Path) -> int | None:
    try:
        return file.stat().st_size
    except OSError:
        return None


def _fail(waiting: Waiting, trouble: Trouble) -> None:
    if not waiting.future.done():
        waiting.future.set_exception(RegisterError(trouble))
        # Those who do not wait need not hear of it.
        waiting.future.exception()
