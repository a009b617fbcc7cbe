"""A door that stands open for too long is told of, whatever equipment it is on."""

from datetime import timedelta

from hypothesis import given, settings, strategies as st
import pytest

from custom_components.cabinet_secure.practice.door_watch.config import DoorWatchConfig
from custom_components.cabinet_secure.practice.effects import DoorEventKind
from custom_components.cabinet_secure.practice.events import DoorHeldOpen
from custom_components.cabinet_secure.practice.state import Mode

from ..builders import COURTYARD, DOCTOR, ENTRANCE, STATIONS, Story

DAY = 300
NIGHT = 60
WATCH = DoorWatchConfig(
    by_day=timedelta(seconds=DAY), after_hours=timedelta(seconds=NIGHT)
)
AFTER_HOURS = (Mode.ON_CALL, Mode.CLOSED, Mode.LOCKDOWN)
HELD_OPEN = [DoorEventKind.HELD_OPEN]


@pytest.fixture
def story() -> Story:
    """Return a practice with its entrance seen closed."""
    story = Story(door_watch=WATCH)
    story.look()
    return story


@pytest.mark.parametrize("mode", list(Mode))
def test_each_mode_has_its_time_and_it_is_said_once(story: Story, mode: Mode) -> None:
    longest = NIGHT if mode in AFTER_HOURS else DAY
    story.choose(DOCTOR, mode)
    story.door_opens()
    story.tick(longest - 1)
    assert story.door_events == []
    assert story.practice.next_deadline() == story.now + timedelta(seconds=1)
    story.tick(1)
    assert story.door_events == HELD_OPEN
    assert story.state.door(ENTRANCE).held_open
    story.tick(10 * DAY)
    assert story.door_events == []


def test_a_door_that_closes_in_time_is_not_told_of(story: Story) -> None:
    story.door_opens()
    story.wait(DAY - 1)
    story.door_closes()
    assert story.state.standing_open == ()
    assert story.practice.next_deadline() is None
    story.tick(DAY)
    assert story.door_events == []


def test_closing_is_the_end_of_it_and_the_next_time_counts_anew(story: Story) -> None:
    story.door_opens()
    story.tick(DAY)
    story.door_closes()
    assert story.door_events == [DoorEventKind.CLOSED]
    assert not story.state.door(ENTRANCE).held_open
    story.door_opens()
    story.tick(DAY)
    assert story.door_events == HELD_OPEN


def test_a_door_that_still_stands_open_at_closing_is_told_of_again(
    story: Story,
) -> None:
    story.door_opens()
    story.tick(DAY)
    assert story.door_events == HELD_OPEN
    story.choose(DOCTOR, Mode.CLOSED)
    assert story.door_events == HELD_OPEN
    story.choose(DOCTOR, Mode.STAFF_ONLY)
    story.tick(DAY)
    assert story.door_events == []


def test_what_the_station_says_by_itself_is_not_said_twice(story: Story) -> None:
    story.choose(DOCTOR, Mode.CLOSED)
    story.door_opens()
    story.wait(30)
    story.hear(DoorHeldOpen(equipment=STATIONS[ENTRANCE], door=ENTRANCE))
    assert story.door_events == HELD_OPEN
    story.tick(NIGHT)
    assert story.door_events == []


def test_a_restart_and_a_loss_forget_nothing_and_say_nothing_twice(
    story: Story,
) -> None:
    story.door_opens()
    story.restart(DAY)
    story.tick()
    # Nobody knows yet whether it still stands open.
    assert story.door_events == []
    story.look(contact_open=True)
    assert story.door_events == HELD_OPEN
    story.lose()
    story.restore()
    story.look(contact_open=True)
    story.tick(DAY)
    assert story.door_events == []


def test_a_door_of_equipment_that_is_gone_is_forgotten(story: Story) -> None:
    story.door_opens()
    story.restart(doors={})
    story.tick(DAY)
    assert story.state.standing_open == ()


def test_a_clock_that_is_set_back_has_the_time_begin_anew(story: Story) -> None:
    story.door_opens()
    story.tick(-7200)
    story.tick(DAY - 1)
    assert story.door_events == []
    story.tick(1)
    assert story.door_events == HELD_OPEN


def test_a_practice_that_does_not_want_it_is_told_nothing() -> None:
    story = Story()
    story.look()
    story.door_opens()
    assert story.practice.next_deadline() is None
    story.tick(86400)
    assert story.door_events == []


@settings(max_examples=200, derandomize=True, deadline=None, database=None)
@given(
    steps=st.lists(
        st.tuples(
            st.sampled_from(["open", "close", "wait", "lose", "look", *Mode]),
            st.integers(0, DAY),
        ),
        max_size=15,
    )
)
def test_no_door_that_is_seen_open_is_left_untold(
    steps: list[tuple[str, int]],
) -> None:
    story = Story(door_watch=WATCH)
    story.look()
    story.look(COURTYARD, contact_open=None)
    for step, seconds in steps:
        match step:
            case "open":
                story.door_opens()
            case "close":
                story.door_closes()
            case "lose":
                story.lose()
                story.restore()
            case "look":
                story.look(contact_open=seconds % 2 == 0)
            case "wait":
                pass
            case _:
                story.choose(DOCTOR, Mode(step))
        until = story.now + timedelta(seconds=seconds)
        while (due := story.practice.next_deadline()) and due <= until:
            story.now = max(due, story.now)
            story.tick()
        story.now = until
        story.tick()
    standing_open = story.state.door(ENTRANCE).contact_open is True
    story.tick(DAY)
    if standing_open:
        assert story.state.door(ENTRANCE).held_open
    else:
        assert DoorEventKind.HELD_OPEN not in story.door_events
