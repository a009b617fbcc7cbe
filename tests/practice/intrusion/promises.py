"""What the alarm promises, judged from what it was told and what was said alone."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from custom_components.cabinet_secure.practice.effects import Effect, Refusal, Refused
from custom_components.cabinet_secure.practice.events import (
    DoorForced,
    DoorOpened,
    Event,
    ModeChosen,
)
from custom_components.cabinet_secure.practice.intrusion.effects import (
    AnnounceIntrusion,
    IntrusionEvent,
)
from custom_components.cabinet_secure.practice.intrusion.events import (
    ArmRequested,
    CodePresented,
    DisarmRequested,
    SensorTripped,
)
from custom_components.cabinet_secure.practice.intrusion.state import (
    AlarmPhase,
    ArmMode,
    IntrusionState,
)
from custom_components.cabinet_secure.practice.state import Mode

from ..builders import DOCTOR, SECRETARY
from .builders import DOOR, HALL, ROOM, STORE, WINDOW

MAY_DISARM = (DOCTOR, SECRETARY)


@dataclass(slots=True, kw_only=True)
class Promises:
    """What the alarm has promised. `judge` raises AssertionError for a broken one."""

    code_always: bool
    entry_delay: timedelta
    # Somebody has come in by the door; by then the alarm is triggered or disarmed.
    # None while nobody has.
    due: datetime | None = None
    # When codes were compared, by source.
    compared: dict[str, list[datetime]] = field(default_factory=dict)

    def judge(
        self,
        event: Event,
        before: IntrusionState,
        after: IntrusionState,
        effects: list[Effect],
        now: datetime,
    ) -> None:
        said = [e for e in effects if isinstance(e, AnnounceIntrusion)]
        refused = [e.refusal for e in effects if isinstance(e, Refused)]
        self._judge_the_end(event, before, after, said, refused)
        self._judge_the_guard(event, before, after, refused)
        if isinstance(event, SensorTripped):
            self._judge_a_trip(event.sensor, before, after, now)
        if isinstance(event, DoorOpened | DoorForced):
            self._judge_an_opening(event, before, after)
        if isinstance(event, CodePresented) and Refusal.LOCKED_OUT not in refused:
            self._judge_a_comparison(event, now)
        if after.phase is AlarmPhase.PENDING:
            if before.phase is not AlarmPhase.PENDING:
                self.due = now + self.entry_delay
        elif before.phase is AlarmPhase.PENDING:
            events = {each.event for each in said}
            assert events & {IntrusionEvent.TRIGGERED, IntrusionEvent.DISARMED}
            if self.due is not None and IntrusionEvent.TRIGGERED in events:
                assert now <= self.due, "triggered too late"
            self.due = None
        assert self.due is None or now < self.due, "the entry delay came to nothing"

    def time_moved(self, now: datetime, *, back: bool) -> None:
        """Allow for a clock that was set, or for a time in which nothing was heard."""
        if back:
            self.compared.clear()
        if self.due is not None:
            # What is over by now is due now; nothing waits longer than it was to.
            self.due = min(max(self.due, now), now + self.entry_delay)

    def _judge_the_end(
        self,
        event: Event,
        before: IntrusionState,
        after: IntrusionState,
        said: list[AnnounceIntrusion],
        refused: list[Refusal],
    ) -> None:
        guarded = before.phase is not AlarmPhase.DISARMED
        if not guarded or after.phase is not AlarmPhase.DISARMED:
            return
        assert IntrusionEvent.DISARMED in [each.event for each in said]
        if before.phase is AlarmPhase.TRIGGERED and before.arm_mode is None:
            return
        match event:
            case DisarmRequested(actor=actor):
                assert actor in MAY_DISARM
                assert not self.code_always
            case CodePresented(holder=holder):
                assert holder is not None
                assert not refused
            case ModeChosen(actor=actor, mode=mode):
                assert mode is Mode.OPEN
                assert actor in MAY_DISARM
                assert not self.code_always
            case _:
                raise AssertionError(f"{event} disarmed")

    def _judge_the_guard(
        self,
        event: Event,
        before: IntrusionState,
        after: IntrusionState,
        refused: list[Refusal],
    ) -> None:
        """Hold it to this: only who may disarm has the rooms guarded no more."""
        if before.arm_mode is not ArmMode.AWAY or after.arm_mode is not ArmMode.HOME:
            return
        assert isinstance(event, ArmRequested | CodePresented)
        assert not refused
        if isinstance(event, ArmRequested):
            assert event.actor in MAY_DISARM
        else:
            assert event.holder is not None

    def _judge_an_opening(
        self,
        event: DoorOpened | DoorForced,
        before: IntrusionState,
        after: IntrusionState,
    ) -> None:
        """Hold the alarm to what is told of late: it counts if it was armed then."""
        if (
            before.phase is not AlarmPhase.ARMED
            or not event.late
            or event.device_time is None
            or before.armed_at is None
            or event.device_time <= before.armed_at
        ):
            return
        assert after.phase is (
            AlarmPhase.PENDING if self.entry_delay else AlarmPhase.TRIGGERED
        ), "somebody came in unseen"

    def _judge_a_trip(
        self,
        sensor: str,
        before: IntrusionState,
        after: IntrusionState,
        now: datetime,
    ) -> None:
        if sensor in before.counted or sensor in after.bypassed:
            return
        # What time brought about in the same turn comes first.
        settled = before.until is None or before.until > now
        if before.phase is AlarmPhase.TRIGGERED and settled:
            if sensor in after.counted:
                assert sensor in after.tripped, "a trip was lost"
            return
        if before.phase not in (AlarmPhase.ARMED, AlarmPhase.PENDING) or not settled:
            return
        if before.phase is AlarmPhase.PENDING and sensor in (DOOR, HALL):
            assert after.phase is AlarmPhase.PENDING
            return
        alarming = {STORE, WINDOW}
        if before.arm_mode is ArmMode.AWAY:
            alarming |= {HALL, ROOM}
        if sensor in alarming or (sensor == DOOR and not self.entry_delay):
            assert after.phase is AlarmPhase.TRIGGERED, "a trip was lost"
        elif sensor == DOOR:
            assert after.phase is AlarmPhase.PENDING, "somebody came in unseen"

    def _judge_a_comparison(self, event: CodePresented, now: datetime) -> None:
        if event.holder is not None:
            return
        times = self.compared.setdefault(event.source, [])
        times.append(now)
        for period, most in (
            (timedelta(minutes=1), 5),
            (timedelta(days=1), 5 + 24 + 1),
        ):
            # Five at once, and one for each that was forgiven.
            lately = [each for each in times if now - each < period]
            assert len(lately) <= most, "somebody tries codes"
