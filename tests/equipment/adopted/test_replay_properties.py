"""Whatever a source lives through: no door opens by a replay, and no panic is lost.

The practice itself decides on what the door and the panic button report of the source;
people answer rings meanwhile, those who may open and those who may not.
"""

from collections.abc import Generator
from dataclasses import dataclass, field

from freezegun import freeze_time
from freezegun.api import FrozenDateTimeFactory, real_monotonic
from homeassistant.const import STATE_UNAVAILABLE
from homeassistant.core import HomeAssistant
from homeassistant.util import dt as dt_util
from hypothesis import HealthCheck, given, settings, strategies as st
import pytest

from custom_components.cabinet_secure.practice import Practice
from custom_components.cabinet_secure.practice.config import DoorConfig, PracticeConfig
from custom_components.cabinet_secure.practice.effects import HoldStrike, PulseStrike
from custom_components.cabinet_secure.practice.events import (
    DeadlinePassed,
    Event,
    RingAnswer,
)
from custom_components.cabinet_secure.practice.people import Actor, ActorKind, Person
from custom_components.cabinet_secure.practice.state import Answer, PracticeState

from .sequences import (
    OPENER,
    Day,
    away,
    back,
    back_pressed,
    blank,
    clock,
    decorate,
    hold,
    let_go,
    other,
    press,
    removed,
    repeat,
    source_reload,
    wait,
)

DOCTOR = Actor(kind=ActorKind.USER, name="Doctor", id="doctor")
CLEANER = Actor(kind=ActorKind.USER, name="Cleaner", id="cleaner")
DOOR, BUTTON = "door-1", "panic-2"
CONFIG = PracticeConfig(
    people={
        "doctor": Person(name="Doctor", may_open=True),
        "cleaner": Person(name="Cleaner"),
    },
    equipment=frozenset({DOOR, BUTTON}),
    doors={DOOR: DoorConfig(name="Entrance", equipment=DOOR)},
)

# A source that has been there for longer than this repeats nothing any more.
SETTLED_AFTER = 4

PRESSES = {"press": press, "hold": hold, "back pressed": back_pressed}
RETURNS = {"back": back, "blank": blank, "source reload": source_reload}
LOSSES = {"away": away, "removed": removed}
RETELLINGS = {"repeat": repeat, "decorate": decorate}


@dataclass
class World:
    """A source, a practice that hears of it, and people who answer."""

    day: Day
    practice: Practice
    is_running: bool = True
    # Seconds since the source or we came back last.
    settled: int = 0
    presses: int = 0
    clock_was_set: bool = False
    rings_opened: set[str] = field(default_factory=set)
    taken: int = 0

    async def live(self, step: str | int | tuple[str, int]) -> None:
        """Let one thing happen, and see that nothing is wrong with it."""
        day, before = self.day, len(self.day.panics)
        fresh = day.panics.count("fresh")
        counts = False
        match step:
            case int():
                await wait(step)(day)  # type: ignore[misc]
                self.settled += step
            case ("clock", seconds):
                await clock(seconds)(day)  # type: ignore[misc]
                self.clock_was_set = True
            case "doctor":
                self.answer(DOCTOR)
            case "cleaner":
                self.answer(CLEANER)
            case "stop" if self.is_running:
                await day.end()
                self.is_running = False
            case "start" if not self.is_running:
                day.begin()
                self.is_running, self.settled = True, 0
            case _ if step in PRESSES:
                counts = await self.press(step)
            case "other" if day.entity_id.startswith("event."):
                self.note_return()
                await other(day)
            case "let go" if not day.is_event:
                self.note_return()
                await let_go(day)
            case _ if step in RETURNS:
                self.settled = 0
                await RETURNS[step](day)
            case _ if step in LOSSES:
                await LOSSES[step](day)
            case _ if step in RETELLINGS and not self.is_away():
                await RETELLINGS[step](day)
        await day.hass.async_block_till_done()
        self.take_in()
        if counts and self.is_running:
            told = day.panics[before:]
            assert {"fresh", "doubt"} & set(told), "a call for help was lost"
            if self.settled >= SETTLED_AFTER and not self.clock_was_set:
                assert day.panics.count("fresh") == fresh + 1, "no certainty"
        assert day.rings.count("fresh") <= self.presses, "a replay rang"
        assert day.panics.count("fresh") <= self.presses, "a replay called for help"
        # A ring whose door did not open may be answered again; it stays that visitor's.
        assert len(self.rings_opened) <= self.presses, "nobody rang"

    def is_away(self) -> bool:
        """Whether the source tells nothing."""
        state = self.day.hass.states.get(self.day.entity_id)
        return state is None or state.state == STATE_UNAVAILABLE

    def note_return(self) -> None:
        """Note that the source is there from now on, where it was not."""
        if self.is_away():
            self.settled = 0

    async def press(self, step: str) -> bool:
        """Press, once the loop was let go; no two presses are at one moment."""
        day = self.day
        self.note_return()
        if not day.is_event and day.hass.states.is_state(day.entity_id, day.active):
            await let_go(day)
            await day.hass.async_block_till_done()
        day.freezer.tick(0.001)
        self.presses += 1
        await PRESSES[step](day)
        return True

    def answer(self, actor: Actor) -> None:
        """Answer the ring that was begun last, over or not."""
        if rings := self.practice.state.rings:
            self.hear(RingAnswer(actor=actor, ring=rings[-1].id, answer=Answer.OPEN))

    def hear(self, event: Event) -> None:
        """Let the practice hear, and note what opens."""
        for effect in self.practice.handle(event, dt_util.utcnow()):
            assert not isinstance(effect, HoldStrike)
            if isinstance(effect, PulseStrike):
                assert isinstance(event, RingAnswer), "it opened by itself"
                assert event.actor == DOCTOR, "somebody opened who may not"
                self.rings_opened.add(event.ring)

    def take_in(self) -> None:
        """Let the practice hear what was reported since."""
        for event in self.day.heard[self.taken :]:
            self.hear(event)
        self.taken = len(self.day.heard)
        self.hear(DeadlinePassed())


@pytest.fixture
def clock_of_all(
    hass: HomeAssistant, monkeypatch: pytest.MonkeyPatch
) -> Generator[FrozenDateTimeFactory]:
    """Return the clock. Timers go by another one, that nobody sets."""
    monkeypatch.setattr(hass.loop, "time", real_monotonic)
    with freeze_time("2026-03-02 08:00:00+00:00") as freezer:
        hass.states.async_set(OPENER, "locked")
        yield freezer


STEPS = st.lists(
    st.one_of(
        st.sampled_from(sorted(PRESSES)),
        st.sampled_from(
            sorted({*RETURNS, *LOSSES, *RETELLINGS, "other", "let go", "stop", "start"})
        ),
        st.sampled_from(["doctor", "cleaner"]),
        st.sampled_from([1, 4, 60, 600]),
        st.tuples(st.just("clock"), st.sampled_from([-3600, -60, -5, 5, 60, 3600])),
    ),
    max_size=20,
)


@settings(
    max_examples=120,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    kind=st.sampled_from(["event", "input_button", "open loop", "closed loop"]),
    steps=STEPS,
)
async def test_no_replay_opens_a_door_and_no_call_for_help_is_lost(
    hass: HomeAssistant, clock_of_all: FrozenDateTimeFactory, kind: str, steps: list
) -> None:
    clock_of_all.move_to("2026-03-02 08:00:00+00:00")
    domain = "binary_sensor" if kind.endswith("loop") else kind
    day = Day(hass, clock_of_all, f"{domain}.source")
    if kind == "closed loop":
        day.rest, day.active = "on", "off"
    hass.states.async_remove(day.entity_id)
    day.show()
    clock_of_all.tick(600)
    numbers = iter(range(10**6))
    practice = Practice(CONFIG, PracticeState(), lambda: f"token-{next(numbers)}")
    world = World(day, practice)
    day.begin()
    try:
        for step in steps:
            await world.live(step)
    finally:
        if world.is_running:
            await day.end()
        await hass.async_block_till_done()
