"""Whatever happens, and in whatever order: the alarm keeps its promises.

Hypothesis plays sensors, people with and without rights, codes, restarts and clocks
that are set. `Promises` judges from what it was told and what was said alone.

The same stories are played every time. `ALARM_MACHINE_EXAMPLES` in the environment has
that many new ones played.
"""

from dataclasses import replace
from datetime import timedelta
import os

from hypothesis import HealthCheck, settings, strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)
import pytest

from custom_components.cabinet_secure.practice.events import (
    AccessGranted,
    DeadlinePassed,
    DoorForced,
    DoorOpened,
    Event,
    ModeChosen,
)
from custom_components.cabinet_secure.practice.intrusion.events import (
    ArmRequested,
    CodePresented,
    DisarmRequested,
    SensorLost,
    SensorRestored,
    SensorTripped,
    TriggerRequested,
)
from custom_components.cabinet_secure.practice.intrusion.state import (
    AlarmPhase,
    ArmMode,
)
from custom_components.cabinet_secure.practice.people import AUTOMATION, SYSTEM, Actor
from custom_components.cabinet_secure.practice.state import Mode

from ..builders import (
    CLEANER,
    DOCTOR,
    ENTRANCE,
    SECRETARY,
    STATIONS,
    STRANGER,
    decoded,
    encoded,
)
from .builders import ALARM, LOCUM, ROOM, SENSORS, STORE, WINDOW, AlarmStory, delays
from .promises import Promises

EXAMPLES = os.environ.get("ALARM_MACHINE_EXAMPLES")

ACTORS = st.sampled_from([DOCTOR, SECRETARY, CLEANER, STRANGER, AUTOMATION, SYSTEM])
MOMENTS = st.sampled_from([0, 0.5, 1, 5, 29.5, 30, 59.5, 60, 180]) | st.floats(0, 200)
LONG = st.sampled_from([600, 3600, 90_000]) | st.floats(0, 200_000)


class Night(RuleBasedStateMachine):
    """Everybody and everything around one alarm."""

    story: AlarmStory
    promises: Promises

    @initialize(
        entry=st.sampled_from([0, 30, 45]),
        leaving=st.sampled_from([0, 60]),
        code_always=st.booleans(),
        closed=st.booleans(),
        staff_only=st.booleans(),
    )
    def set_up(
        self,
        *,
        entry: int,
        leaving: int,
        code_always: bool,
        closed: bool,
        staff_only: bool,
    ) -> None:
        self.story = AlarmStory(
            intrusion=replace(
                ALARM,
                code_always=code_always,
                arm_when_closed=closed,
                arm_home_when_staff_only=staff_only,
                **delays(entry_delay=entry, exit_delay=leaving),
            )
        )
        self.promises = Promises(
            code_always=code_always, entry_delay=timedelta(seconds=entry)
        )

    def happen(self, event: Event) -> None:
        before = self.story.alarm
        effects = self.story.hear(event)
        self.promises.judge(event, before, self.story.alarm, effects, self.story.now)

    # --- sensors ---------------------------------------------------------------------

    @rule(
        sensor=st.sampled_from(list(SENSORS)),
        told=st.sampled_from(
            [SensorTripped, SensorTripped, SensorRestored, SensorLost]
        ),
    )
    def a_sensor_tells(
        self,
        sensor: str,
        told: type[SensorTripped | SensorRestored | SensorLost],
    ) -> None:
        self.happen(told(sensor=sensor))

    @rule(
        told=st.sampled_from([DoorOpened, DoorForced]),
        late=st.booleans(),
        seconds_ago=st.sampled_from([0, 1, 10, 100, 100_000]),
    )
    def the_station_tells_of_a_door(
        self, told: type[DoorOpened | DoorForced], late: bool, seconds_ago: int
    ) -> None:
        self.happen(
            told(
                equipment=STATIONS[ENTRANCE],
                door=ENTRANCE,
                late=late,
                device_time=self.story.now - timedelta(seconds=seconds_ago),
            )
        )

    @rule(label=st.sampled_from(["", "doctor", "Locum"]))
    def the_station_lets_somebody_in(self, label: str) -> None:
        self.happen(
            AccessGranted(
                equipment=STATIONS[ENTRANCE], door=ENTRANCE, label=label, method="code"
            )
        )

    @rule()
    def everything_is_closed(self) -> None:
        for sensor in SENSORS:
            self.happen(SensorRestored(sensor=sensor))

    @rule(sensor=st.sampled_from([WINDOW, ROOM, STORE]))
    def somebody_comes_a_second_time(self, sensor: str) -> None:
        for _ in range(2):
            self.happen(SensorRestored(sensor=sensor))
            self.happen(SensorTripped(sensor=sensor))
            self.time_goes_by(180)

    # --- people ----------------------------------------------------------------------

    @rule(actor=ACTORS, mode=st.sampled_from(ArmMode), bypass=st.booleans())
    def somebody_arms(self, actor: Actor, mode: ArmMode, bypass: bool) -> None:
        self.happen(ArmRequested(actor=actor, mode=mode, bypass=bypass))

    @rule(mode=st.sampled_from(ArmMode))
    def the_last_one_leaves(self, mode: ArmMode) -> None:
        if self.story.phase is AlarmPhase.DISARMED:
            self.everything_is_closed()
            self.happen(ArmRequested(actor=CLEANER, mode=mode))
            assert self.story.phase is not AlarmPhase.DISARMED
            self.time_goes_by(60)
            assert self.story.phase is AlarmPhase.ARMED

    @rule(actor=ACTORS)
    def somebody_disarms(self, actor: Actor) -> None:
        self.happen(DisarmRequested(actor=actor))

    @rule(actor=ACTORS, mode=st.sampled_from(Mode))
    def somebody_chooses_the_mode(self, actor: Actor, mode: Mode) -> None:
        self.happen(ModeChosen(actor=actor, mode=mode))

    @rule(actor=ACTORS)
    def somebody_reports_an_intrusion(self, actor: Actor) -> None:
        self.happen(TriggerRequested(actor=actor))

    @rule(actor=ACTORS, right=st.sampled_from([False, False, True]), arms=st.booleans())
    def somebody_enters_a_code(self, actor: Actor, right: bool, arms: bool) -> None:
        wish = (
            ArmRequested(actor=actor, mode=ArmMode.HOME)
            if arms
            else DisarmRequested(actor=actor)
        )
        self.happen(
            CodePresented(
                actor=actor,
                source=actor.id or actor.kind,
                holder=LOCUM if right else None,
                wish=wish,
            )
        )

    @rule(actor=ACTORS, times=st.sampled_from([5, 10, 50]))
    def somebody_tries_codes(self, actor: Actor, times: int) -> None:
        for _ in range(times):
            self.somebody_enters_a_code(actor, right=False, arms=False)

    # --- time ------------------------------------------------------------------------

    @rule(seconds=MOMENTS)
    def time_goes_by(self, seconds: float) -> None:
        until = self.story.now + timedelta(seconds=seconds)
        turns = 0
        while (due := self.story.practice.next_deadline()) and due <= until:
            self.story.now = max(due, self.story.now)
            self.the_clock_ticks()
            turns += 1
            assert turns < 30, "busy for nothing"
        self.story.now = until
        self.the_clock_ticks()

    @rule()
    def the_clock_ticks(self) -> None:
        self.happen(DeadlinePassed())
        due = self.story.practice.next_deadline()
        assert due is None or due > self.story.now

    @rule(seconds=LONG, back=st.booleans())
    def the_clock_is_set(self, seconds: float, back: bool) -> None:
        self.story.wait(-seconds if back else seconds)
        self.promises.time_moved(self.story.now, back=back)
        self.the_clock_ticks()

    @rule(seconds=MOMENTS | LONG, back=st.sampled_from([False, False, True]))
    def home_assistant_restarts(self, seconds: float, back: bool) -> None:
        """`back`: on a machine whose clock does not go on without power."""
        phase = self.story.phase
        self.story.restart(-seconds if back else seconds)
        assert self.story.phase is phase
        self.promises.time_moved(self.story.now, back=back)
        self.the_clock_ticks()

    # --- what always holds -----------------------------------------------------------

    @invariant()
    def no_delay_is_longer_than_it_was_to_be(self) -> None:
        alarm, config = self.story.alarm, self.story.config.intrusion
        longest = {
            AlarmPhase.ARMING: config.exit_delay,
            AlarmPhase.PENDING: config.entry_delay,
            AlarmPhase.TRIGGERED: config.trigger_time,
        }.get(alarm.phase)
        assert (alarm.until is None) is (longest is None)
        if alarm.until is not None and longest is not None:
            assert alarm.until - self.story.now <= longest

    @invariant()
    def what_is_armed_is_known(self) -> None:
        alarm = self.story.alarm
        if alarm.phase is AlarmPhase.DISARMED:
            assert alarm.arm_mode is None
            assert not alarm.bypassed
        elif alarm.phase is AlarmPhase.ARMED:
            assert alarm.arm_mode is not None
            assert alarm.armed_at is not None

    @invariant()
    def what_is_stored_is_whole(self) -> None:
        assert decoded(encoded(self.story.state)) == self.story.state


# Hypothesis takes its own generator, made for stories that repeat, for a forgotten one.
@pytest.mark.filterwarnings("ignore:It looks like `register_random`")
def test_only_a_right_code_or_somebody_allowed_disarms_and_no_trip_is_lost() -> None:
    run_state_machine_as_test(
        Night,
        settings=settings(
            max_examples=int(EXAMPLES or 200),
            derandomize=EXAMPLES is None,
            stateful_step_count=50,
            deadline=None,
            database=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
