"""A ring opens the door by itself only when all that DOMAIN asks for holds."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

from hypothesis import HealthCheck, given, settings, strategies as st
import pytest

from custom_components.cabinet_secure.practice.auto_open.course import MOST, Bar, bar
from custom_components.cabinet_secure.practice.auto_open.effects import RecordAutoOpen
from custom_components.cabinet_secure.practice.auto_open.events import (
    AutoOpenSuspended,
    AutoOpenSwitched,
)
from custom_components.cabinet_secure.practice.effects import (
    AnnounceDoor,
    AnnounceRing,
    DoorEventKind,
    HangUp,
    PulseStrike,
    Refusal,
    RingEvent,
)
from custom_components.cabinet_secure.practice.events import (
    Fault,
    FaultCleared,
    FaultRaised,
)
from custom_components.cabinet_secure.practice.hours.state import HoursState, Presence
from custom_components.cabinet_secure.practice.intrusion.state import (
    AlarmPhase,
    IntrusionState,
)
from custom_components.cabinet_secure.practice.lockdown.events import FireReported
from custom_components.cabinet_secure.practice.panic.events import (
    RaisePanic,
    ResetPanic,
)
from custom_components.cabinet_secure.practice.panic.state import PanicKind
from custom_components.cabinet_secure.practice.people import AUTO_OPEN, AUTOMATION
from custom_components.cabinet_secure.practice.state import Mode, RingPhase

from ..builders import (
    CLEANER,
    CONFIG,
    COURTYARD,
    DOCTOR,
    ENTRANCE,
    SECRETARY,
    STATIONS,
    STRANGER,
    Story,
)

BOTH = frozenset({ENTRANCE, COURTYARD})


@pytest.fixture
def story() -> Story:
    """Return a practice that is open, with staff, all doors being known and closed."""
    story = Story(auto_open=frozenset({ENTRANCE}))
    story.look(ENTRANCE)
    story.look(COURTYARD)
    story.choose(DOCTOR, Mode.OPEN)
    return story


def opens(story: Story, door: str = ENTRANCE, **how: Any) -> bool:
    story.press(door, **how)
    return bool(story.done(PulseStrike))


def keeps(story: Story, door: str = ENTRANCE) -> Bar | None:
    return bar(story.config, story.state, door, story.now)


def test_a_visitor_is_let_in_quietly_and_it_is_on_record(story: Story) -> None:
    assert opens(story)
    assert story.done(AnnounceRing) == []
    story.call()
    story.release()
    assert story.done(AnnounceRing) == []
    assert story.done(AnnounceDoor) == [
        AnnounceDoor(
            kind=DoorEventKind.GRANTED,
            door=ENTRANCE,
            by=AUTO_OPEN,
            method="auto_open",
            ring=story.ring.id,
        )
    ]
    assert [hung_up.refused for hung_up in story.done(HangUp)] == [False]
    assert story.ring.phase is RingPhase.OPENED


def test_a_strike_that_is_released_already_ends_the_ring_at_once(story: Story) -> None:
    story.look(released=True)
    assert opens(story)
    assert story.ring.phase is RingPhase.OPENED


def test_a_door_that_does_not_open_by_itself_rings(story: Story) -> None:
    assert opens(story)
    story.fail()
    assert story.ring_events == [RingEvent.STARTED]
    assert story.ring.expires_at == story.now + story.config.ring_life
    story.answer(SECRETARY)
    assert story.done(PulseStrike)


def test_a_visitor_who_was_not_let_in_before_a_restart_is_missed(story: Story) -> None:
    assert opens(story)
    story.restart(7200)
    story.tick()
    assert story.ring_events == [RingEvent.MISSED, RingEvent.ENDED]


def test_another_door_rings(story: Story) -> None:
    assert not opens(story, COURTYARD)
    assert story.ring_events == [RingEvent.STARTED]


def test_a_late_press_opens_nothing(story: Story) -> None:
    assert not opens(story, late=True)


@pytest.mark.parametrize("mode", [m for m in Mode if m is not Mode.OPEN])
def test_no_other_mode_opens(story: Story, mode: Mode) -> None:
    story.choose(DOCTOR, mode)
    assert not opens(story)
    assert keeps(story) is Bar.NOT_OPEN


def test_without_staff_an_open_practice_rings(story: Story) -> None:
    story.choose(DOCTOR, Mode.CLOSED)
    story.choose(AUTOMATION, Mode.OPEN)
    assert keeps(story) is Bar.NO_STAFF
    assert not opens(story)


def test_staff_of_a_future_that_never_was_are_none(story: Story) -> None:
    story.wait(-3600)
    assert not opens(story)
    assert keeps(story) is Bar.NO_STAFF


def test_fire_alarm_and_a_call_for_help_ring(story: Story) -> None:
    story.hear(FireReported(equipment="x", source="x", active=True))
    assert keeps(story) is Bar.FIRE
    assert not opens(story)
    story.hear(FireReported(equipment="x", source="x", active=False))
    for phase in AlarmPhase:
        armed = replace(story.state, intrusion=IntrusionState(phase=phase))
        kept = bar(story.config, armed, ENTRANCE, story.now)
        assert kept is (None if phase is AlarmPhase.DISARMED else Bar.ALARM)


def test_a_call_for_help_rings_until_it_is_over(story: Story) -> None:
    story.hear(RaisePanic(actor=SECRETARY, kind=PanicKind.ASSISTANCE, confirmed=True))
    assert keeps(story) is Bar.PANIC
    assert not opens(story)
    story.hear(ResetPanic(actor=DOCTOR))
    assert keeps(story) is None


def test_a_strike_that_never_tells_is_no_doubt() -> None:
    silent = replace(CONFIG.doors[COURTYARD], strike_reports=False, can_hold=False)
    story = Story(auto_open=BOTH, doors={COURTYARD: silent})
    story.choose(DOCTOR, Mode.OPEN)
    assert keeps(story, COURTYARD) is None
    assert opens(story, COURTYARD)


@pytest.mark.parametrize("fault", [Fault.TAMPER, Fault.BLOCKED, Fault.LOCKDOWN])
def test_equipment_with_a_fault_rings(story: Story, fault: Fault) -> None:
    story.hear(FaultRaised(equipment=STATIONS[ENTRANCE], fault=fault))
    assert keeps(story) is Bar.EQUIPMENT
    assert not opens(story)
    story.hear(FaultCleared(equipment=STATIONS[ENTRANCE], fault=fault))
    assert keeps(story) is None


def test_lost_equipment_and_what_is_unknown_of_a_door_ring(story: Story) -> None:
    story.lose()
    assert keeps(story) is Bar.EQUIPMENT
    story.restore()
    assert keeps(story) is Bar.UNKNOWN
    story.look(contact_open=None)
    assert keeps(story) is Bar.UNKNOWN
    assert not opens(story)
    story.restart(auto_open=BOTH)
    story.look(COURTYARD, contact_open=None)
    # A door without a contact has none that could be unknown.
    assert keeps(story, COURTYARD) is None


def test_a_door_opens_once_in_five_seconds_and_thirty_times_in_ten_minutes(
    story: Story,
) -> None:
    def let_in() -> bool:
        opened = opens(story)
        story.release()
        if story.state.ring_at(ENTRANCE):
            story.answer(DOCTOR)
        story.secured()
        story.door_opens()
        story.door_closes()
        return opened

    assert let_in()
    story.wait(4.9)
    assert not let_in()
    for _ in range(MOST - 1):
        story.wait(5)
        assert let_in()
    story.wait(5)
    assert not let_in()
    story.wait(600)
    assert let_in()


def test_anybody_suspends_it_and_it_comes_back_by_itself(story: Story) -> None:
    story.hear(
        AutoOpenSuspended(actor=CLEANER, door=ENTRANCE, duration=timedelta(minutes=5))
    )
    assert [told.event for told in story.done(RecordAutoOpen)] == [
        "auto_open_suspended"
    ]
    assert keeps(story) is Bar.SUSPENDED
    story.tick(299)
    assert not opens(story)
    assert story.practice.next_deadline() is not None
    story.tick(1)
    assert keeps(story) is None


def test_anybody_switches_it_off_and_staff_alone_switch_it_on(story: Story) -> None:
    story.hear(
        AutoOpenSuspended(actor=CLEANER, door=ENTRANCE, duration=timedelta(days=1))
    )
    story.hear(AutoOpenSwitched(actor=CLEANER, door=ENTRANCE, on=False))
    assert keeps(story) is Bar.OFF
    story.restart()
    story.look()
    for actor in (CLEANER, STRANGER, AUTOMATION):
        story.hear(AutoOpenSwitched(actor=actor, door=ENTRANCE, on=True))
        assert story.refusals == [Refusal.NOT_ALLOWED]
        assert not opens(story)
    story.hear(AutoOpenSwitched(actor=SECRETARY, door=ENTRANCE, on=True))
    assert keeps(story) is None


def test_a_door_that_was_not_chosen_is_none_to_switch(story: Story) -> None:
    story.hear(AutoOpenSwitched(actor=DOCTOR, door=COURTYARD, on=True))
    assert story.refusals == [Refusal.UNKNOWN_DOOR]
    story.hear(AutoOpenSuspended(actor=DOCTOR, door="?", duration=timedelta(minutes=1)))
    assert story.refusals == [Refusal.UNKNOWN_DOOR]
    assert keeps(story, COURTYARD) is Bar.NOT_CHOSEN


def test_what_changed_while_the_decision_was_stored_counts(story: Story) -> None:
    assert opens(story)
    (pulse,) = story.done(PulseStrike)
    may = story.practice.may_still_go_out
    assert may(pulse, story.now, story.now)
    story.choose(SECRETARY, Mode.STAFF_ONLY)
    assert not may(pulse, story.now, story.now)


choices = st.sampled_from


@settings(
    max_examples=1500,
    derandomize=True,
    deadline=None,
    database=None,
    suppress_health_check=list(HealthCheck),
)
@given(
    mode=choices([Mode.OPEN, Mode.OPEN, Mode.OPEN, *Mode]),
    staff=choices([(-60, 60), (-60, 60), (-60, 60), None, (-60, 0), (120, 180)]),
    off=choices([False, False, False, True]),
    suspended=choices([None, None, None, -1, 0, 60]),
    fire=choices([False, False, False, True]),
    alarm=choices([AlarmPhase.DISARMED, AlarmPhase.DISARMED, *AlarmPhase]),
    lost=choices([False, False, False, True]),
    fault=choices([None, None, Fault.TAMPER, Fault.BLOCKED, Fault.UNREGISTERED]),
    released=choices([False, False, True, None]),
    contact_open=choices([False, False, True, None]),
    chosen=choices([True, True, True, False]),
    late=choices([False, False, False, True]),
)
def test_a_door_never_opens_by_itself_outside_of_the_rule(
    mode: Mode,
    staff: tuple[int, int] | None,
    off: bool,
    suspended: int | None,
    fire: bool,
    alarm: AlarmPhase,
    lost: bool,
    fault: Fault | None,
    released: bool | None,
    contact_open: bool | None,
    chosen: bool,
    late: bool,
) -> None:
    story = Story(auto_open=frozenset({ENTRANCE}) if chosen else frozenset())
    minute = timedelta(minutes=1)
    if suspended is not None and chosen:
        story.hear(
            AutoOpenSuspended(actor=DOCTOR, door=ENTRANCE, duration=suspended * minute)
        )
    if off and chosen:
        story.hear(AutoOpenSwitched(actor=DOCTOR, door=ENTRANCE, on=False))
        suspended = None
    if lost:
        story.lose()
    if fault:
        story.hear(FaultRaised(equipment=STATIONS[ENTRANCE], fault=fault))
    if fire:
        story.hear(FireReported(equipment="x", source="x", active=True))
    if not lost:
        story.look(released=released, contact_open=contact_open)
    presence = None
    if staff is not None:
        presence = Presence(
            by=DOCTOR,
            since=story.now + staff[0] * minute,
            until=story.now + staff[1] * minute,
        )
    story.practice.state = replace(
        story.state,
        mode=mode,
        hours=HoursState(presence=presence),
        intrusion=IntrusionState(phase=alarm),
    )
    allowed = (
        chosen
        and not off
        and (suspended is None or suspended <= 0)
        and mode is Mode.OPEN
        and staff == (-60, 60)
        and not fire
        and alarm is AlarmPhase.DISARMED
        and not lost
        and fault not in (Fault.TAMPER, Fault.BLOCKED)
        and released is not None
        and contact_open is not None
        and not late
    )
    assert opens(story, late=late) is allowed
