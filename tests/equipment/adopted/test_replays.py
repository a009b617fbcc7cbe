"""No replay opens a door, and no press is lost: what a source may live through.

Each sequence says what a door hears of it as its bell, and what a panic button hears.
"""

from collections.abc import Generator
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from freezegun import freeze_time
from freezegun.api import real_monotonic
from homeassistant.core import HomeAssistant
import pytest

from .sequences import (
    OPENER,
    Day,
    at,
    away,
    back,
    back_pressed,
    blank,
    clock,
    decorate,
    hold,
    let_go,
    multi,
    other,
    our_reload,
    our_start,
    our_stop,
    press,
    removed,
    repeat,
    source_reload,
    wait,
)

PARIS = ZoneInfo("Europe/Paris")
FRESH, LATE, DOUBT = "fresh", "late", "doubt"


@dataclass(frozen=True)
class Sequence:
    """What happens, and what is heard of it."""

    name: str
    steps: tuple
    rings: tuple = ()
    panics: tuple = ()
    wire_faults: int = 0


HOUR = 3600

EVENTS = (
    Sequence("a press", (press,), (FRESH,), (FRESH,)),
    Sequence("two presses", (press, wait(1), press), (FRESH,) * 2, (FRESH,) * 2),
    Sequence("a burst within one moment", (press, press), (FRESH,) * 2, (FRESH,) * 2),
    Sequence(
        "several presses at once, as newer buttons tell", (multi,), (FRESH,), (FRESH,)
    ),
    Sequence("something that is no press", (other,)),
    Sequence(
        "a press after something that is no press",
        (other, wait(1), press),
        (FRESH,),
        (FRESH,),
    ),
    Sequence("the same told again", (press, repeat), (FRESH,), (FRESH,)),
    Sequence("an attribute that changes", (press, decorate), (FRESH,), (FRESH,)),
    Sequence("the source is reloaded", (press, source_reload), (FRESH,), (FRESH,)),
    Sequence(
        "the source is reloaded an hour later",
        (press, wait(HOUR), source_reload),
        (FRESH,),
        (FRESH,),
    ),
    Sequence("the source flaps", (press, *(away, back) * 5), (FRESH,), (FRESH,)),
    Sequence(
        "the source flaps and knows nothing in between",
        (press, away, blank, back),
        (FRESH,),
        (FRESH,),
    ),
    Sequence(
        "a press a second after the source came back",
        (away, wait(60), back, wait(1), press),
        (LATE,),
        (FRESH,),
    ),
    Sequence(
        "a press four seconds after the source came back",
        (away, wait(60), back, wait(4), press),
        (FRESH,),
        (FRESH,),
    ),
    Sequence(
        "the source comes back with a press of this moment",
        (away, wait(60), back_pressed),
        (LATE,),
        (DOUBT,),
    ),
    Sequence(
        "a second press after one that the source came back with",
        (away, wait(60), back_pressed, wait(4), press),
        (LATE, FRESH),
        (DOUBT, FRESH),
    ),
    Sequence(
        "the source is removed and comes back",
        (press, removed, back),
        (FRESH,),
        (FRESH,),
    ),
    Sequence("we are reloaded", (press, our_reload), (FRESH,), (FRESH,)),
    Sequence(
        "we are reloaded an hour later",
        (press, wait(HOUR), our_reload),
        (FRESH,),
        (FRESH,),
    ),
    Sequence(
        "the first press after our start",
        (our_stop, wait(60), our_start, wait(4), press),
        (FRESH,),
        (FRESH,),
    ),
    Sequence(
        "a press while we are reloaded",
        (our_stop, press, wait(2), our_start),
        (FRESH,),
        (FRESH,),
    ),
    Sequence(
        "a press half a minute before we are back",
        (press, wait(60), our_stop, press, wait(30), our_start),
        (FRESH, LATE),
        (FRESH, DOUBT),
    ),
    Sequence(
        "a press long before we are back",
        (press, wait(60), our_stop, press, wait(HOUR), our_start),
        (FRESH, LATE),
        (FRESH, LATE),
    ),
    Sequence(
        "a press of yesterday on what we adopt today",
        (our_stop, press, wait(24 * HOUR), our_start),
    ),
    Sequence(
        "a restart",
        (press, wait(60), our_stop, removed, away, our_start, wait(1), back),
        (FRESH,),
        (FRESH,),
    ),
    Sequence(
        "a restart right after the press",
        (press, our_stop, removed, wait(5), our_start, back),
        (FRESH,),
        (FRESH,),
    ),
    Sequence(
        "a restart in which the source is there first",
        (press, our_stop, removed, away, wait(5), back, our_start),
        (FRESH,),
        (FRESH,),
    ),
    Sequence(
        "the first press after a restart",
        (press, our_stop, removed, away, our_start, back, wait(60), press),
        (FRESH,) * 2,
        (FRESH,) * 2,
    ),
    Sequence(
        "the first press ever, on a source that knew nothing",
        (removed, blank, wait(60), press),
        (FRESH,),
        (FRESH,),
    ),
    Sequence(
        "the clock is set forward between two presses",
        (press, clock(HOUR), press),
        (FRESH,) * 2,
        (FRESH,) * 2,
    ),
    Sequence(
        "the clock is set forward while the source comes back",
        (press, away, back, clock(HOUR), repeat, back_pressed),
        (FRESH, LATE),
        (FRESH, FRESH),
    ),
    Sequence(
        "the clock is set forward and the source is reloaded",
        (press, clock(30), source_reload),
        (FRESH,),
        (FRESH,),
    ),
    Sequence(
        "the clock is set back and the source is reloaded",
        (press, clock(-5), source_reload),
        (FRESH,),
        (FRESH,),
    ),
    Sequence(
        "a press after the clock was set back a little",
        (press, wait(60), clock(-65), press),
        (FRESH,) * 2,
        (FRESH,) * 2,
    ),
    Sequence(
        "a press after the clock was set back an hour: its time is ahead",
        (press, wait(60), clock(-HOUR), press),
        (FRESH, LATE),
        (FRESH, DOUBT),
    ),
    Sequence(
        "the hour that comes twice in autumn",
        (
            at(datetime(2026, 10, 25, 2, 30, tzinfo=PARIS)),
            press,
            at(datetime(2026, 10, 25, 2, 30, fold=1, tzinfo=PARIS)),
            source_reload,
            wait(4),
            press,
        ),
        (FRESH,) * 2,
        (FRESH,) * 2,
    ),
    Sequence(
        "the hour that is left out in spring",
        (
            at(datetime(2026, 3, 29, 1, 59, 59, tzinfo=PARIS)),
            press,
            at(datetime(2026, 3, 29, 3, 0, 1, tzinfo=PARIS)),
            source_reload,
            wait(4),
            press,
        ),
        (FRESH,) * 2,
        (FRESH,) * 2,
    ),
)

LOOPS = (
    Sequence("a press", (press,), (FRESH,), (FRESH,)),
    Sequence("two presses", (press, wait(1), press), (FRESH,) * 2, (FRESH,) * 2),
    Sequence("a press that lasts", (hold, wait(HOUR), repeat), (FRESH,), (FRESH,)),
    Sequence(
        "an attribute that changes while it is pressed",
        (hold, wait(1), decorate),
        (FRESH,),
        (FRESH,),
    ),
    Sequence(
        "a press that lasts, and another one",
        (hold, wait(5), let_go, wait(5), hold),
        (FRESH,) * 2,
        (FRESH,) * 2,
    ),
    Sequence("the source flaps at rest", (away, back) * 5),
    Sequence(
        "the source comes back pressed",
        (away, wait(60), hold),
        (LATE,),
        (DOUBT,),
        wire_faults=1,
    ),
    Sequence(
        "the source flaps while it is pressed",
        (hold, wait(60), away, wait(1), hold),
        (FRESH, LATE),
        (FRESH, DOUBT),
        wire_faults=1,
    ),
    Sequence(
        "a retained press, told just after the source is there",
        (removed, blank, wait(1), hold),
        (LATE,),
        (DOUBT,),
        wire_faults=1,
    ),
    Sequence(
        "the first press on a source that knew nothing",
        (removed, blank, wait(60), hold),
        (FRESH,),
        (FRESH,),
    ),
    Sequence(
        "a press just after the source came back at rest",
        (away, wait(60), back, wait(1), press),
        (LATE,),
        (FRESH,),
    ),
    Sequence(
        "a restart in which it is pressed",
        (hold, wait(60), our_stop, removed, away, our_start, wait(1), hold),
        (FRESH, LATE),
        (FRESH, DOUBT),
        wire_faults=1,
    ),
    Sequence(
        "a restart in which the source is there first, and pressed",
        (our_stop, removed, hold, wait(5), our_start),
        (LATE,),
        (DOUBT,),
        wire_faults=1,
    ),
    Sequence(
        "we are reloaded while it is pressed",
        (hold, wait(5), our_reload),
        (FRESH,),
        (FRESH,),
    ),
    Sequence(
        "the first press after our start",
        (our_stop, wait(60), our_start, press),
        (FRESH,),
        (FRESH,),
    ),
    Sequence(
        "the clock is set back while it is pressed",
        (hold, clock(-HOUR), repeat, decorate),
        (FRESH,),
        (FRESH,),
    ),
    Sequence(
        "a press after the clock was set back",
        (press, clock(-HOUR), press),
        (FRESH,) * 2,
        (FRESH,) * 2,
    ),
)


@pytest.fixture
def day(hass: HomeAssistant, monkeypatch: pytest.MonkeyPatch) -> Generator[Day]:
    """Return an ordinary morning. Timers go by a clock that nobody sets, as they do."""
    monkeypatch.setattr(hass.loop, "time", real_monotonic)
    with freeze_time("2026-03-02 08:00:00+00:00") as freezer:
        hass.states.async_set(OPENER, "locked")
        yield Day(hass, freezer, "event.source")


async def _live(day: Day, sequence: Sequence) -> None:
    day.show()
    day.freezer.tick(HOUR)
    day.begin()
    for step in sequence.steps:
        await step(day)
        await day.hass.async_block_till_done()
    await day.end()
    assert (day.rings, day.panics) == (list(sequence.rings), list(sequence.panics))
    assert day.wire_faults == sequence.wire_faults


@pytest.mark.parametrize("sequence", EVENTS, ids=lambda sequence: sequence.name)
async def test_an_event_is_heard_once_and_never_again(
    day: Day, sequence: Sequence
) -> None:
    await _live(day, sequence)


@pytest.mark.parametrize(
    "sequence",
    [each for each in EVENTS if not {other, multi} & set(each.steps)],
    ids=lambda sequence: sequence.name,
)
@pytest.mark.parametrize("domain", ["button", "input_button"])
async def test_a_button_is_heard_once_and_never_again(
    day: Day, domain: str, sequence: Sequence
) -> None:
    day.entity_id = f"{domain}.source"
    await _live(day, sequence)


@pytest.mark.parametrize("sequence", LOOPS, ids=lambda sequence: sequence.name)
@pytest.mark.parametrize(
    "rest", ["off", "on"], ids=["normally open", "normally closed"]
)
async def test_a_loop_is_heard_once_and_never_again(
    day: Day, rest: str, sequence: Sequence
) -> None:
    day.entity_id = "binary_sensor.source"
    day.rest, day.active = rest, "off" if rest == "on" else "on"
    await _live(day, sequence)


def test_the_suite_is_as_long_as_it_was_meant_to_be() -> None:
    assert len(EVENTS) + len(LOOPS) >= 30
