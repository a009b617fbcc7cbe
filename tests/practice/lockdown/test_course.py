"""A lockdown reaches the devices, stays there, and ends there."""

from dataclasses import replace
from typing import Any

import pytest

from custom_components.cabinet_secure.practice.effects import (
    AnnounceEquipment,
    AnnounceMode,
    EquipmentEventKind,
    PulseStrike,
    Refusal,
)
from custom_components.cabinet_secure.practice.events import FaultRaised
from custom_components.cabinet_secure.practice.lockdown.effects import (
    BlockEntry,
    FreeEntry,
)
from custom_components.cabinet_secure.practice.lockdown.events import (
    EntryBlocked,
    EntryNotChanged,
    FireReported,
)
from custom_components.cabinet_secure.practice.mode import lock_down
from custom_components.cabinet_secure.practice.people import FIRE, Person
from custom_components.cabinet_secure.practice.state import Mode
from custom_components.cabinet_secure.practice.turn import Turn

from ..builders import CONFIG, COURTYARD, DOCTOR, ENTRANCE, SECRETARY, STATIONS, Story

# The secretary may open during a lockdown.
PEOPLE = {
    **CONFIG.people,
    "secretary": Person(name="Secretary", may_open=True, may_override=True),
}


def blocked(story: Story) -> list[tuple[type, str]]:
    """Return what the devices were told to do with their entries."""
    return [
        (type(effect), effect.door)
        for effect in story.effects
        if isinstance(effect, BlockEntry | FreeEntry)
    ]


def confirm(story: Story, *, entry: bool = True, doors: Any = STATIONS) -> None:
    for door in doors:
        story.hear(EntryBlocked(door=door, blocked=entry))


@pytest.fixture
def locked(story: Story) -> Story:
    """Return a practice in a lockdown that the devices have confirmed."""
    story.choose(DOCTOR, Mode.LOCKDOWN)
    confirm(story)
    return story


def test_every_entry_is_blocked_and_freed_again(story: Story) -> None:
    story.choose(DOCTOR, Mode.LOCKDOWN)
    assert blocked(story) == [(BlockEntry, ENTRANCE), (BlockEntry, COURTYARD)]
    confirm(story)
    assert story.tick(3600) == []
    story.choose(DOCTOR, Mode.STAFF_ONLY)
    assert blocked(story) == [(FreeEntry, ENTRANCE), (FreeEntry, COURTYARD)]
    confirm(story, entry=False)
    assert story.state.lockdown.entries == ()
    assert story.practice.next_deadline() is None


def test_a_device_that_does_not_confirm_is_told_again(story: Story) -> None:
    story.choose(DOCTOR, Mode.LOCKDOWN)
    confirm(story, doors=[COURTYARD])
    story.tick(14)
    assert blocked(story) == []
    story.tick(1)
    assert blocked(story) == [(BlockEntry, ENTRANCE)]
    story.wait(-3600)
    story.tick()
    assert blocked(story) == [(BlockEntry, ENTRANCE)]


def test_a_device_that_cannot_is_a_fault_until_it_can(story: Story) -> None:
    story.choose(DOCTOR, Mode.LOCKDOWN)
    story.hear(EntryNotChanged(door=ENTRANCE))
    assert story.done(AnnounceEquipment) == [
        AnnounceEquipment(
            kind=EquipmentEventKind.FAULT,
            equipment=STATIONS[ENTRANCE],
            fault="lockdown",
        )
    ]
    confirm(story, doors=[ENTRANCE])
    assert [told.kind for told in story.done(AnnounceEquipment)] == [
        EquipmentEventKind.FAULT_CLEARED
    ]


def test_a_station_that_starts_again_is_blocked_again(locked: Story) -> None:
    locked.restore()
    assert blocked(locked) == [(BlockEntry, ENTRANCE)]


def test_a_station_that_was_away_is_blocked_when_it_is_back(story: Story) -> None:
    story.lose()
    story.choose(DOCTOR, Mode.LOCKDOWN)
    assert blocked(story) == [(BlockEntry, COURTYARD)]
    confirm(story, doors=[COURTYARD])
    story.tick(60)
    assert story.practice.next_deadline() is None
    story.restore()
    assert blocked(story) == [(BlockEntry, ENTRANCE)]


def test_a_station_that_missed_the_end_is_freed_when_it_is_back(locked: Story) -> None:
    locked.lose()
    locked.choose(DOCTOR, Mode.OPEN)
    assert blocked(locked) == [(FreeEntry, COURTYARD)]
    locked.restore()
    assert blocked(locked) == [(FreeEntry, ENTRANCE)]


def test_a_restart_blocks_again_and_forgets_doors_that_are_gone(locked: Story) -> None:
    locked.restart(doors={ENTRANCE: CONFIG.doors[ENTRANCE]})
    locked.tick()
    assert blocked(locked) == [(BlockEntry, ENTRANCE)]


def test_what_a_device_says_of_a_lockdown_that_never_was_changes_nothing(
    story: Story,
) -> None:
    confirm(story)
    story.hear(EntryNotChanged(door=ENTRANCE))
    story.secured()
    assert story.state.lockdown.entries == ()
    assert story.state.faults == ()


# --- who may open all the same -----------------------------------------------------------


def test_whoever_may_override_lets_one_visitor_through_and_it_is_blocked_again() -> (
    None
):
    story = Story(people=PEOPLE)
    story.choose(DOCTOR, Mode.LOCKDOWN)
    confirm(story)
    story.ask_to_open(DOCTOR)
    assert story.refusals == [Refusal.LOCKDOWN]
    story.ask_to_open(SECRETARY)
    (pulse,) = story.done(PulseStrike)
    assert blocked(story) == []
    assert story.practice.may_still_go_out(pulse, story.now, story.now)
    other = replace(pulse, opening="other")
    assert not story.practice.may_still_go_out(other, story.now, story.now)
    story.release()
    story.secured()
    assert blocked(story) == [(BlockEntry, ENTRANCE)]


def test_an_override_whose_strike_never_reports_is_blocked_again_all_the_same() -> None:
    story = Story(people=PEOPLE)
    story.choose(DOCTOR, Mode.LOCKDOWN)
    confirm(story)
    story.press()
    story.answer(SECRETARY)
    assert story.done(PulseStrike)
    story.tick(20)
    assert blocked(story) == [(BlockEntry, ENTRANCE)]


def test_whoever_may_override_holds_no_door_open() -> None:
    story = Story(people=PEOPLE)
    story.choose(DOCTOR, Mode.LOCKDOWN)
    story.ask_to_hold(SECRETARY)
    assert story.refusals == [Refusal.LOCKDOWN]


def test_whoever_may_not_open_overrides_nothing() -> None:
    story = Story(people={"secretary": Person(name="Secretary", may_override=True)})
    story.restart(people=story.config.people)
    assert not story.config.may_override(SECRETARY)
    assert not story.config.may_override(DOCTOR)


# --- fire --------------------------------------------------------------------------------


def fire(story: Story, source: str = "input2", **changes: Any) -> None:
    story.hear(
        FireReported(
            **{"equipment": STATIONS[ENTRANCE], "source": source, "active": True}
            | changes
        )
    )


def test_a_fire_ends_a_lockdown_at_once_and_none_begins_during_it(
    locked: Story,
) -> None:
    fire(locked)
    assert locked.done(AnnounceMode) == [
        AnnounceMode(from_mode=Mode.LOCKDOWN, to_mode=Mode.STAFF_ONLY, by=FIRE)
    ]
    assert blocked(locked) == [(FreeEntry, ENTRANCE), (FreeEntry, COURTYARD)]
    locked.choose(DOCTOR, Mode.LOCKDOWN)
    assert locked.refusals == [Refusal.FIRE]
    fire(locked, source="other", active=False)
    fire(locked, active=False)
    locked.choose(DOCTOR, Mode.LOCKDOWN)
    assert locked.state.mode is Mode.LOCKDOWN


def test_no_attack_locks_down_a_practice_on_fire(story: Story) -> None:
    fire(story)
    turn = Turn(
        config=story.config, state=story.state, now=story.now, new_token=lambda: ""
    )
    lock_down(turn, DOCTOR)
    assert turn.effects == []
    assert turn.state.mode is Mode.STAFF_ONLY


def test_a_fire_without_a_lockdown_changes_no_mode(story: Story) -> None:
    fire(story)
    fire(story)
    assert story.effects == []
    assert story.state.lockdown.fires == ("input2",)


def test_a_fire_of_yesterday_ends_nothing_and_its_end_counts(locked: Story) -> None:
    fire(locked, late=True)
    assert locked.state.mode is Mode.LOCKDOWN
    fire(locked)
    fire(locked, active=False, late=True)
    assert locked.state.lockdown.fires == ()


def test_fires_are_told_anew_after_a_restart(story: Story) -> None:
    fire(story)
    story.restart()
    assert story.state.lockdown.fires == ()


def test_a_fault_of_another_kind_stays(story: Story) -> None:
    story.hear(FaultRaised(equipment=STATIONS[ENTRANCE], fault="tamper"))  # type: ignore[arg-type]
    story.choose(DOCTOR, Mode.LOCKDOWN)
    confirm(story)
    assert [fault.fault for fault in story.state.faults] == ["tamper"]
