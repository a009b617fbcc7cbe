"""Whatever the devices do, what they block is in the end what the mode wants.

Hypothesis plays devices that are lost, start again and forget, refuse and recover,
beside people, fires and restarts. Each device has an entry that is blocked or free.
"""

from hypothesis import HealthCheck, settings, strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)
import pytest

from custom_components.cabinet_secure.practice.effects import (
    AnnounceMode,
    Effect,
    HoldStrike,
    PulseStrike,
)
from custom_components.cabinet_secure.practice.events import (
    DeadlinePassed,
    EquipmentLost,
    EquipmentRestored,
    Event,
    HoldRequested,
    ModeChosen,
    OpenRequested,
    Originator,
    StrikeReleased,
    StrikeSecured,
)
from custom_components.cabinet_secure.practice.lockdown.effects import (
    BlockEntry,
    FreeEntry,
)
from custom_components.cabinet_secure.practice.lockdown.events import (
    EntryBlocked,
    EntryNotChanged,
    FireReported,
)
from custom_components.cabinet_secure.practice.people import FIRE, SCHEDULE, Actor
from custom_components.cabinet_secure.practice.state import Mode

from ..builders import CLEANER, DOCTOR, SECRETARY, STATIONS, Story
from .test_course import PEOPLE

DOORS = st.sampled_from(sorted(STATIONS))
ACTORS = st.sampled_from([DOCTOR, DOCTOR, SECRETARY, CLEANER])


class Siege(RuleBasedStateMachine):
    """A practice, its devices, and all that may happen around a lockdown."""

    @initialize()
    def set_up(self) -> None:
        self.story = Story(people=PEOPLE)
        self.blocked = dict.fromkeys(STATIONS, False)
        self.lost: set[str] = set()
        self.refusing: set[str] = set()
        self.fires: set[str] = set()

    def happen(self, event: Event) -> list[Effect]:
        before = self.story.state.mode
        effects = self.story.hear(event)
        for effect in effects:
            match effect:
                case AnnounceMode(from_mode=Mode.LOCKDOWN, by=by):
                    assert by in (DOCTOR, FIRE)
                    assert by != SCHEDULE
                case PulseStrike():
                    assert isinstance(event, OpenRequested)
                    lockdown = self.story.state.mode is Mode.LOCKDOWN
                    assert event.actor == SECRETARY or (
                        event.actor == DOCTOR and not lockdown
                    )
                    if lockdown:
                        # The device lets one through, as `StationDoor.pulse` does.
                        self.blocked[effect.door] = False
                case HoldStrike():
                    assert Mode.LOCKDOWN not in (before, self.story.state.mode)
        for effect in effects:
            if isinstance(effect, BlockEntry | FreeEntry):
                self.obey(effect)
        return effects

    def obey(self, effect: BlockEntry | FreeEntry) -> None:
        door = effect.door
        if door in self.lost or door in self.refusing:
            self.happen(EntryNotChanged(door=door))
        else:
            self.blocked[door] = isinstance(effect, BlockEntry)
            self.happen(EntryBlocked(door=door, blocked=self.blocked[door]))

    @rule(actor=ACTORS, mode=st.sampled_from([Mode.LOCKDOWN, Mode.LOCKDOWN, Mode.OPEN]))
    def somebody_chooses(self, actor: Actor, mode: Mode) -> None:
        self.happen(ModeChosen(actor=actor, mode=mode))

    @rule(actor=ACTORS, door=DOORS, hold=st.booleans())
    def somebody_opens(self, actor: Actor, door: str, hold: bool) -> None:
        wish = HoldRequested if hold else OpenRequested
        self.happen(wish(actor=actor, door=door))

    @rule(door=DOORS, secured=st.booleans())
    def a_strike_moves(self, door: str, secured: bool) -> None:
        if secured:
            self.happen(StrikeSecured(equipment=STATIONS[door], door=door))
        else:
            self.happen(
                StrikeReleased(
                    equipment=STATIONS[door], door=door, originator=Originator.REQUEST
                )
            )

    @rule(door=DOORS)
    def a_device_is_lost(self, door: str) -> None:
        self.lost.add(door)
        self.happen(EquipmentLost(equipment=STATIONS[door]))

    @rule(door=DOORS, forgets=st.booleans())
    def a_device_is_back(self, door: str, forgets: bool) -> None:
        self.lost.discard(door)
        if forgets:
            self.blocked[door] = False
        self.happen(EquipmentRestored(equipment=STATIONS[door]))

    @rule(door=DOORS, refuses=st.booleans())
    def a_device_refuses(self, door: str, refuses: bool) -> None:
        (self.refusing.add if refuses else self.refusing.discard)(door)

    @rule(source=st.sampled_from("ab"), active=st.booleans(), late=st.booleans())
    def a_fire_is_reported(self, source: str, active: bool, late: bool) -> None:
        if active and not late:
            self.fires.add(source)
        elif not active:
            self.fires.discard(source)
        self.happen(
            FireReported(equipment="x", source=source, active=active, late=late)
        )

    @rule(seconds=st.sampled_from([1, 15, 60, 3600, -30, -7200]))
    def time_goes_by(self, seconds: int) -> None:
        self.story.wait(seconds)
        self.happen(DeadlinePassed())

    @rule(seconds=st.sampled_from([0, 60, 90_000]))
    def home_assistant_restarts(self, seconds: int) -> None:
        self.story.restart(seconds)
        self.happen(DeadlinePassed())
        for source in sorted(self.fires):
            self.happen(FireReported(equipment="x", source=source, active=True))

    @invariant()
    def no_lockdown_goes_on_during_a_fire(self) -> None:
        if hasattr(self, "story") and self.fires:
            assert self.story.state.mode is not Mode.LOCKDOWN

    @invariant()
    def what_can_be_blocked_soon_is(self) -> None:
        """Let things settle, on a copy: nobody has to do anything for it."""
        if not hasattr(self, "story") or self.lost or self.refusing:
            return
        kept = self.story.practice.state, self.story.now, dict(self.blocked)
        for _ in range(3):
            self.story.wait(60)
            self.happen(DeadlinePassed())
        wanted = self.story.state.mode is Mode.LOCKDOWN
        known = {entry.door for entry in self.story.state.lockdown.entries}
        assert known == (set(STATIONS) if wanted else set())
        assert set(self.blocked.values()) == {wanted}
        self.story.practice.state, self.story.now, self.blocked = kept


@pytest.mark.filterwarnings("ignore:It looks like `register_random`")
def test_devices_block_what_the_mode_wants_in_the_end() -> None:
    run_state_machine_as_test(
        Siege,
        settings=settings(
            max_examples=150,
            derandomize=True,
            stateful_step_count=40,
            deadline=None,
            database=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
