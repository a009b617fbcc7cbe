"""Whatever happens to grants, to the device and between them: the device is put right.

Grants, revocations, outages in the middle of a request, restarts, edits at the device,
restored directories and clocks that are set, in any order. Whenever the device has
answered, it holds exactly what should be valid, and nothing of others has changed.
"""

import contextlib
from copy import deepcopy
from datetime import UTC, datetime, time, timedelta
import itertools
import json
from typing import Any

from hypothesis import settings, strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    consumes,
    initialize,
    invariant,
    precondition,
    rule,
)
from mashumaro.codecs.basic import BasicDecoder, BasicEncoder

from custom_components.cabinet_secure.equipment import EquipmentError, Failure
from custom_components.cabinet_secure.equipment.access_list import ListMemory
from custom_components.cabinet_secure.practice.grants.effects import WriteAccessList
from custom_components.cabinet_secure.practice.grants.events import (
    AccessListRead,
    AccessListRefused,
)
from custom_components.cabinet_secure.practice.grants.model import (
    Grant,
    HoldingStatus,
    WeeklyWindow,
)
from custom_components.cabinet_secure.practice.grants.times import stretch_of
from tests.practice.builders import ENTRANCE
from tests.practice.grant_story import LIST, PARIS, GrantStory

from .directory_device import DirectoryDevice, digest, digest_of, finish

_ENCODER = BasicEncoder(ListMemory)
_DECODER = BasicDecoder(ListMemory)
_TO_BE_WRITTEN = (HoldingStatus.WAITING, HoldingStatus.REFUSED)

WORK = WeeklyWindow(days=(0, 1, 2, 3, 4), start=time(8), end=time(19))
NIGHT = WeeklyWindow(days=(4, 5), start=time(22), end=time(2))


class DeviceInUse(RuleBasedStateMachine):
    """A practice and its device, in the hands of people and of bad luck."""

    grants = Bundle("grants")

    def __init__(self) -> None:
        super().__init__()
        self.story = GrantStory()
        self.device = DirectoryDevice()
        self.ours = self.device.access_list({ENTRANCE: 1})
        self.numbers = itertools.count(100_001, 7)
        # The codes that were given, by grant: what the holders know.
        self.given: dict[str, str] = {}
        # Those that wait for the device, which a restart of ours loses.
        self.waiting: dict[str, str] = {}
        self.strangers: dict[str, dict[str, Any]] = {}
        # Whether the device has answered since something last happened.
        self.in_step = False

    # --- what runs between the practice and the device -------------------------------

    def _write(self) -> None:
        """Bring the device up to date, as the product does when the practice asks."""
        while any(isinstance(e, WriteAccessList) for e in self.story.effects):
            self.in_step = self._reconcile()
            if not self.in_step:
                break

    def _reconcile(self) -> bool:
        wanted = self.story.wanted()
        codes = {grant: code for grant, code in self.waiting.items() if grant in wanted}
        try:
            done = finish(self.ours.reconcile(wanted, codes, digest))
        except EquipmentError as err:
            if err.failure is Failure.REFUSED:
                self.story.hear(AccessListRefused(equipment=LIST, reason="refused"))
            return False
        self.story.hear(
            AccessListRead(
                equipment=LIST,
                held=done.held,
                lost=done.lost,
                repaired=done.repaired,
                refused=done.refused,
            )
        )
        self.waiting = {
            grant.id: self.waiting[grant.id]
            for grant in self.story.grants
            if grant.id in self.waiting
            and any(held.status in _TO_BE_WRITTEN for held in grant.holdings)
        }
        return True

    @initialize()
    def others_live_there(self) -> None:
        self._add_stranger("Caretaker", "0815")

    def _add_stranger(self, name: str, pin: str) -> None:
        uuid = self.device.directory.add(name, pin=pin)
        self.strangers[uuid] = deepcopy(self.device.directory.users[uuid])

    # --- what people do --------------------------------------------------------------

    @rule(
        target=grants,
        label=st.sampled_from(["Martin", "Bernard", "Cleaner"]),
        begins=st.integers(-48, 96),
        lasts=st.integers(1, 24 * 20),
        windows=st.sampled_from([(), (WORK,), (NIGHT,), (WORK, NIGHT)]),
        uses=st.sampled_from([None, 1, 2]),
    )
    def give(
        self,
        label: str,
        begins: int,
        lasts: int,
        windows: tuple[WeeklyWindow, ...],
        uses: int | None,
    ) -> str | None:
        code = f"{next(self.numbers)}"
        grant = self.story.grant(
            label,
            begins=timedelta(hours=begins),
            lasts=timedelta(hours=lasts),
            windows=windows,
            uses=uses,
            digest=digest_of(code),
        )
        if grant is None:
            return None
        self.given[grant.id] = self.waiting[grant.id] = code
        self._write()
        return grant.id

    @rule(grant=consumes(grants))
    def revoke(self, grant: str | None) -> None:
        if known := self.story.state.grants.grant(grant or ""):
            self.story.revoke(known)
            self._write()

    @rule(label=st.sampled_from(["Martin", "Bernard"]))
    def end_the_contract_of(self, label: str) -> None:
        self.story.revoke_all_of(label)
        self._write()

    @rule(grant=grants, late=st.booleans())
    def use_at_the_keypad(self, grant: str | None, *, late: bool) -> None:
        entry = self.device.entry(grant or "")
        known = self.story.state.grants.grant(grant or "")
        if entry is None or known is None or not self._device_opens(entry):
            return
        self.story.device_grants(known, late=late)
        self._write()

    def _device_opens(self, entry: dict[str, Any]) -> bool:
        begins, ends = (int(entry["access"][k]) for k in ("validFrom", "validTo"))
        return begins <= self.story.now.timestamp() < ends

    # --- what time and bad luck do ---------------------------------------------------

    @rule(hours=st.sampled_from([0.01, 1, 7, 24, 100, 1000]))
    def time_passes(self, hours: float) -> None:
        # Deadlines come in time while we run.
        end = self.story.now + timedelta(hours=hours)
        while (due := self.story.practice.next_deadline()) is not None and due <= end:
            self.story.now = max(due, self.story.now)
            self.story.tick()
            self._write()
        self.story.now = end

    @rule(hours=st.sampled_from([-30, -1, 2, 50]))
    def somebody_sets_the_clock(self, hours: int) -> None:
        self.story.tick(hours * 3600)
        self._write()

    @rule()
    def the_network_is_lost(self) -> None:
        self.device.online = False

    @rule(after=st.integers(0, 6), answer_lost=st.booleans())
    def the_network_is_about_to_be_lost(self, after: int, *, answer_lost: bool) -> None:
        self.device.cut_after, self.device.answer_lost = after, answer_lost

    @rule(read_only=st.booleans())
    def the_device_refuses_to_write(self, *, read_only: bool) -> None:
        self.device.read_only = read_only

    @rule()
    def the_device_is_back(self) -> None:
        self.device.online, self.device.cut_after = True, None
        self.story.lose()
        self.story.restore()
        self._write()

    @rule(hours=st.sampled_from([0, 3, 60]))
    def home_assistant_starts_again(self, hours: int) -> None:
        memory = _DECODER.decode(
            json.loads(json.dumps(_ENCODER.encode(self.ours.memory)))
        )
        self.ours = self.device.access_list({ENTRANCE: 1})
        self.ours.memory = memory
        self.waiting.clear()
        self.story.restart(hours * 3600)
        self.story.tick()
        self._write()
        self.story.lose()
        self.story.restore()
        self._write()

    # --- what others do at the device ------------------------------------------------

    @rule(
        grant=grants,
        change=st.sampled_from(
            [
                {"name": "Somebody else"},
                {"access": {"pin": "999999"}},
                {"access": {"validTo": "0"}},
                {"access": {"card": ["AABBCCDD", ""]}},
                {"access": {"code": ["4711", "", "", ""]}},
                {"access": {"accessPoints": [{"enabled": False}]}},
                None,
            ]
        ),
    )
    def an_installer_edits_ours(
        self, grant: str | None, change: dict[str, Any] | None
    ) -> None:
        if grant is None or self.device.entry(grant) is None:
            return
        self.in_step = False
        if change is None:
            self.device.remove(grant)
        else:
            self.device.edit(grant, **change)

    @rule(pin=st.sampled_from(["1234", "4321", "5678"]))
    def an_installer_adds_somebody(self, pin: str) -> None:
        self._add_stranger("Neighbour", pin)

    @rule()
    def an_installer_restores_the_directory(self) -> None:
        self.in_step = False
        self.device.directory.new_series()

    # --- what has to hold ------------------------------------------------------------

    @invariant()
    def nothing_of_others_has_changed(self) -> None:
        for uuid, stranger in self.strangers.items():
            assert self.device.directory.users[uuid] == stranger

    @precondition(lambda self: self.in_step)
    @invariant()
    def the_device_holds_exactly_what_should_be_valid(self) -> None:
        # Deadlines that lie between two rules are looked at when time passes.
        due = self.story.practice.next_deadline()
        if due is not None and due <= self.story.now:
            return
        ours = self.device.ours()
        assert ours.keys() == {g.id for g in self.story.grants if self._is_due(g)}
        for grant, entry in ours.items():
            known = self.story.state.grants.grant(grant)
            assert known is not None
            stretch = stretch_of(known, self.story.now, PARIS)
            assert stretch is not None
            access = entry["access"]
            assert access["pin"] == self.given[grant]
            assert access["card"] == ["", ""]
            assert access["code"] == ["", "", "", ""]
            assert access["accessPoints"][0]["enabled"]
            assert known.valid_from <= _time(access["validFrom"]) + _SECOND
            assert _time(access["validTo"]) <= known.valid_to
            assert _time(access["validFrom"]) <= stretch[0]
            assert _time(access["validTo"]) <= stretch[1]

    @precondition(lambda self: self.in_step)
    @invariant()
    def a_code_of_an_access_that_ended_opens_nothing(self) -> None:
        pins = {entry["access"]["pin"] for entry in self.device.directory.active()}
        for grant in self.story.grants:
            if grant.ended is not None:
                assert self.given[grant.id] not in pins
                assert not any(
                    held.status is HoldingStatus.REMOVING for held in grant.holdings
                )

    def _is_due(self, grant: Grant) -> bool:
        lost = any(held.status is HoldingStatus.LOST for held in grant.holdings)
        stretch = stretch_of(grant, self.story.now, PARIS)
        return grant.ended is None and not lost and stretch is not None

    def teardown(self) -> None:
        """Let the device come back at last, and look once more."""
        with contextlib.suppress(AttributeError):
            self.device.read_only = False
            self.the_device_is_back()
            assert self.in_step
            self.the_device_holds_exactly_what_should_be_valid()
            self.a_code_of_an_access_that_ended_opens_nothing()
            self.nothing_of_others_has_changed()


_SECOND = timedelta(seconds=1)


def _time(epoch: str) -> datetime:
    return datetime.fromtimestamp(int(epoch), UTC)


DeviceInUse.TestCase.settings = settings(
    max_examples=60, stateful_step_count=30, deadline=None
)
TestDeviceInUse = DeviceInUse.TestCase
