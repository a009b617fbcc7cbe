"""Whatever happens to a register, in whatever order, it verifies and loses nothing."""

import asyncio
from collections.abc import Callable, Coroutine
from datetime import timedelta
from pathlib import Path
import shutil
import tempfile
from typing import Any

from hypothesis import HealthCheck, settings, strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
)

from custom_components.cabinet_secure.register import (
    EntryType,
    Freeze,
    Kept,
    NewEntry,
    Query,
    Register,
    Retention,
    freeze,
    location_of,
)
from tests.register.registers import DOCTOR, NOW, entry

RETENTION = Retention(access_days=90, incident_days=200, other_days=120)
DAYS = {
    EntryType.ACCESS: 90,
    EntryType.DOOR: 90,
    EntryType.INCIDENT: 200,
    EntryType.PANIC: 200,
    EntryType.MODE: 120,
    EntryType.FREEZE: 120,
}
SESSIONS = ("ring", "panic", None)
# A crash takes everything that was not on disk, and leaves these.
PARTS = ("", "-wal", "-shm")

happened = st.builds(
    entry,
    days_ago=st.sampled_from((0, 40, 89, 91, 130, 250)),
    type=st.sampled_from(sorted(DAYS.keys() - {EntryType.FREEZE})),
    session=st.sampled_from(SESSIONS),
)


class Histories(RuleBasedStateMachine):
    """A register, and what has to be in it."""

    @initialize()
    def begin(self) -> None:
        """Open a register of its own."""
        self.folder = Path(tempfile.mkdtemp())
        self.file = self.folder / "register.db"
        self.runner = asyncio.Runner()
        self.now = NOW
        self.expected: dict[str, NewEntry] = {}
        self.freezes: dict[str, Freeze] = {}
        self._open(Kept())

    def _run[T](self, coroutine: Coroutine[Any, Any, T]) -> T:
        return self.runner.run(coroutine)

    def _open(self, kept: Kept) -> None:
        async def begin() -> None:
            self.register = Register(location_of(None, self.file), "practice")
            self.register.start(kept)

        self._run(begin())

    async def _write(self, *entries: NewEntry) -> None:
        await asyncio.gather(*map(self.register.append, entries))
        self.expected |= {each.id: each for each in entries}

    @rule(entries=st.lists(happened, min_size=1, max_size=5))
    def write(self, entries: list[NewEntry]) -> None:
        """Put on record what happened."""
        self._run(self._write(*entries))

    @precondition(lambda self: self.expected)
    @rule(data=st.data())
    def correct(self, data: st.DataObject) -> None:
        """Put on record a correction of something that is on record."""
        of = data.draw(st.sampled_from(sorted(self.expected)))
        correction = entry(
            type=EntryType.INCIDENT, event="corrected", session=of, at=self.now
        )
        self._run(self._write(correction))

    @rule(
        data=st.data(),
        sessions=st.frozensets(st.sampled_from(("ring", "panic")), max_size=1),
        days=st.integers(1, 60),
    )
    def freeze(self, data: st.DataObject, sessions: frozenset[str], days: int) -> None:
        """Keep sessions, and some entries, for a while."""
        some = data.draw(
            st.lists(st.sampled_from(["nothing", *self.expected]), max_size=2)
        )
        wanted = Freeze(
            why="Complaint",
            until=self.now + timedelta(days=days),
            sessions=sessions,
            entries=frozenset(some),
        )
        frozen = freeze(wanted, by=DOCTOR, at=self.now)
        self._run(self._write(frozen))
        self.freezes[frozen.id] = wanted

    @rule(days=st.integers(0, 50))
    def purge(self, days: int) -> None:
        """Let time pass, and remove what was kept for long enough."""
        self.now += timedelta(days=days)
        standing = {
            each: wanted
            for each, wanted in self.freezes.items()
            if each in self.expected and wanted.until > self.now
        }
        gone = {
            each.id for each in self.expected.values() if self._may_go(each, standing)
        }
        assert self._run(self.register.purge(RETENTION, self.now)) == len(gone)
        for each in gone:
            del self.expected[each]

    def _may_go(self, each: NewEntry, standing: dict[str, Freeze]) -> bool:
        kept = each.id in standing or any(
            each.session in wanted.sessions or each.id in wanted.entries
            for wanted in standing.values()
        )
        return not kept and self.now - each.at > timedelta(days=DAYS[each.type])

    @rule()
    def restart(self) -> None:
        """Stop and begin again."""
        self._run(self.register.stop())
        self._open(self.register.kept)

    @rule(entries=st.lists(happened, min_size=1, max_size=3))
    def crash_before_the_commit(self, entries: list[NewEntry]) -> None:
        """Crash when the practice has stored entries, and the register has not."""
        self._crash(entries, self._copy)

    @rule(entries=st.lists(happened, min_size=1, max_size=3))
    def crash_after_the_commit(self, entries: list[NewEntry]) -> None:
        """Crash when the register has stored entries, before the practice knows."""
        self._crash(entries, lambda: None)

    def _crash(self, entries: list[NewEntry], before: Callable[[], None]) -> None:
        before()

        async def accept() -> Kept:
            written = [self.register.append(each) for each in entries]
            kept = self.register.kept
            await asyncio.gather(*written)
            return kept

        kept = self._run(accept())
        self.expected |= {each.id: each for each in entries}
        if not (self.folder / "crashed").exists():
            self._copy()
        self._run(self.register.stop())
        for part in PARTS:
            self.file.with_name(self.file.name + part).unlink(missing_ok=True)
            crashed = self.folder / "crashed" / (self.file.name + part)
            if crashed.exists():
                shutil.move(crashed, self.file.with_name(crashed.name))
        (self.folder / "crashed").rmdir()
        self._open(kept)

    def _copy(self) -> None:
        # What was accepted before is on disk when this is answered.
        self._run(self.register.count())
        (self.folder / "crashed").mkdir()
        for part in PARTS[:2]:
            file = self.file.with_name(self.file.name + part)
            if file.exists():
                shutil.copy(file, self.folder / "crashed")

    @invariant()
    def holds(self) -> None:
        """Everything verifies, and is there once."""
        verified = self._run(self.register.verify())
        assert verified.faults == ()
        assert verified.interruptions == ()
        page = self._run(self.register.query(Query(limit=1000)))
        assert sorted(
            each.id for each in page.entries if each.type is not EntryType.DELETION
        ) == sorted(self.expected)

    def teardown(self) -> None:
        """Leave nothing behind."""
        if hasattr(self, "runner"):
            self._run(self.register.stop())
            self.runner.close()
            shutil.rmtree(self.folder)


TestHistories = Histories.TestCase
TestHistories.settings = settings(
    max_examples=20,
    stateful_step_count=12,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
