"""What happens when somebody presents a code, a card or a link."""

from datetime import UTC, time, timedelta

import pytest

from custom_components.cabinet_secure.practice.effects import (
    AnnounceDoor,
    DoorEventKind,
    PulseStrike,
    Refusal,
)
from custom_components.cabinet_secure.practice.grants.effects import GrantEvent
from custom_components.cabinet_secure.practice.grants.model import (
    GrantPhase,
    GrantRole,
    Means,
    WeeklyWindow,
)
from custom_components.cabinet_secure.practice.grants.passing import (
    DENIED_IN_A_ROW,
    FIRST_PAUSE,
    LONGEST_PAUSE,
)
from custom_components.cabinet_secure.practice.hours.config import Hours, Window
from custom_components.cabinet_secure.practice.people import Actor, ActorKind
from custom_components.cabinet_secure.practice.state import Mode, RingPhase

from .builders import COURTYARD, DOCTOR, ENTRANCE
from .grant_story import PARIS, GrantStory, at


@pytest.fixture
def story() -> GrantStory:
    return GrantStory()


# --- a keypad that leaves it to us ---------------------------------------------------


def test_a_code_opens_its_door_in_its_time(story: GrantStory) -> None:
    grant = story.given(doors=(COURTYARD,))
    story.type_code(grant)
    assert [pulse.door for pulse in story.done(PulseStrike)] == [COURTYARD]
    story.release(COURTYARD)
    (announced,) = story.done(AnnounceDoor)
    assert announced.kind is DoorEventKind.GRANTED
    assert announced.method == "keypad"
    assert announced.by == Actor(kind=ActorKind.CODE, name="Locum", id=grant.id)
    assert story.now_of(grant).used == 1


def test_a_code_ends_the_ring_at_its_door(story: GrantStory) -> None:
    grant = story.given(doors=(COURTYARD,))
    story.press(COURTYARD)
    story.type_code(grant)
    story.release(COURTYARD)
    assert story.ring.phase is RingPhase.OPENED
    # A strike that is released already has nothing left to report.
    story.press(COURTYARD)
    story.type_code(grant)
    assert story.ring.phase is RingPhase.OPENED
    assert story.ring.answered_by == grant.actor


@pytest.mark.parametrize(
    ("presented", "reason"),
    [
        ("unknown", "unknown_code"),
        ("late", "late"),
        ("planned", "planned"),
        ("revoked", "revoked"),
        ("expired", "expired"),
        ("other_door", "other_door"),
        ("outside", "outside_window"),
        ("card", "unknown_code"),
    ],
)
def test_a_code_that_is_not_good_here_and_now_is_denied(
    story: GrantStory, presented: str, reason: str
) -> None:
    night = WeeklyWindow(days=(0,), start=time(22), end=time(23))
    match presented:
        case "unknown":
            grant = None
        case "planned":
            grant = story.given(doors=(COURTYARD,), begins=timedelta(hours=1))
        case "other_door":
            grant = story.given()
        case "card":
            grant = story.given(means=Means.CARD)
        case "outside":
            grant = story.given(doors=(COURTYARD,), windows=(night,))
        case _:
            grant = story.given(doors=(COURTYARD,))
    if presented == "revoked":
        assert grant
        story.revoke(grant)
    if presented == "expired":
        story.wait(8 * 24 * 3600)
    story.type_code(grant, late=presented == "late")
    assert story.door_events == [DoorEventKind.DENIED]
    assert story.reasons == [reason]
    assert not story.done(PulseStrike)


def test_a_code_opens_nothing_in_a_lockdown_nor_where_nothing_answers(
    story: GrantStory,
) -> None:
    grant = story.given(doors=(COURTYARD,))
    story.lose(COURTYARD)
    story.type_code(grant)
    assert story.reasons == [Refusal.EQUIPMENT_LOST]
    story.restore(COURTYARD)
    story.choose(DOCTOR, Mode.LOCKDOWN)
    story.type_code(grant)
    assert story.reasons == [Refusal.LOCKDOWN]
    assert not story.done(PulseStrike)
    assert story.now_of(grant).used == 0


def test_a_single_use_is_one_use(story: GrantStory) -> None:
    grant = story.given(doors=(COURTYARD,), uses=1)
    story.type_code(grant)
    assert story.done(PulseStrike)
    assert story.grant_events == [GrantEvent.USED_UP]
    story.type_code(grant)
    assert not story.done(PulseStrike)
    assert story.reasons == ["used_up"]


def test_five_denied_in_a_row_are_announced_and_none_is_looked_at_for_a_while(
    story: GrantStory,
) -> None:
    grant = story.given(doors=(COURTYARD,))
    for _ in range(DENIED_IN_A_ROW - 1):
        story.type_code(None)
    story.type_code(grant)
    assert story.done(PulseStrike)
    for _ in range(DENIED_IN_A_ROW):
        story.type_code(None)
    assert DoorEventKind.DENIED_REPEATEDLY in story.door_events
    story.type_code(grant)
    assert not story.done(PulseStrike)
    assert story.reasons == ["blocked"]
    story.wait(FIRST_PAUSE.total_seconds())
    story.type_code(grant)
    assert story.done(PulseStrike)


def test_whoever_goes_on_guessing_waits_ever_longer_but_never_for_hours(
    story: GrantStory,
) -> None:
    grant = story.given(doors=(COURTYARD,))
    for _ in range(DENIED_IN_A_ROW):
        story.type_code(None)
    pause = FIRST_PAUSE
    for _ in range(20):
        story.wait(pause.total_seconds() - 1)
        story.type_code(grant)
        assert story.reasons == ["blocked"]
        story.wait(1)
        story.type_code(None)
        assert story.reasons[0] == "unknown_code"
        pause = min(2 * pause, LONGEST_PAUSE)
    story.wait(LONGEST_PAUSE.total_seconds())
    story.type_code(grant)
    assert story.done(PulseStrike)


def test_whoever_is_far_away_with_a_link_neither_shuts_a_keypad_nor_opens_it_to_guessing(
    story: GrantStory,
) -> None:
    grant = story.given(doors=(COURTYARD,))
    link = story.given("Delivery", doors=(COURTYARD,), means=Means.LINK, uses=2)
    gone = story.given("Former", doors=(COURTYARD,), means=Means.LINK)
    story.revoke(gone)
    told = []
    for _ in range(2 * DENIED_IN_A_ROW):
        story.press_button(gone, COURTYARD)
        told += story.door_events
    assert told.count(DoorEventKind.DENIED_REPEATEDLY) == 2
    story.type_code(grant)
    assert story.done(PulseStrike)
    for _ in range(DENIED_IN_A_ROW):
        story.type_code(None)
    story.press_button(link, COURTYARD)
    assert story.done(PulseStrike)
    story.type_code(grant)
    assert story.reasons == ["blocked"]


def test_a_clock_that_is_set_back_does_not_block_a_keypad_for_long(
    story: GrantStory,
) -> None:
    grant = story.given(doors=(COURTYARD,), begins=timedelta(hours=-2))
    for _ in range(DENIED_IN_A_ROW):
        story.type_code(None)
    story.wait(-3600)
    story.type_code(grant)
    assert story.done(PulseStrike)


# --- a device that checks by itself --------------------------------------------------


def test_the_first_use_that_a_device_tells_of_uses_up_a_single_use(
    story: GrantStory,
) -> None:
    grant = story.given(uses=1)
    story.list_read(grant)
    story.device_grants(grant, late=True)
    assert story.door_events == [DoorEventKind.GRANTED]
    assert story.now_of(grant).ended is GrantPhase.USED_UP
    assert story.is_written
    assert story.wanted() == {}
    story.device_grants(grant)
    assert story.now_of(grant).used == 1


def test_those_whom_others_let_in_are_recorded_and_not_counted(
    story: GrantStory,
) -> None:
    story.device_grants(None)
    assert story.door_events == [DoorEventKind.GRANTED]
    assert story.grants == ()


def test_five_denied_by_a_device_are_announced(story: GrantStory) -> None:
    for _ in range(DENIED_IN_A_ROW - 1):
        story.device_denies(None, "invalidCredential")
        assert story.door_events == [DoorEventKind.DENIED]
    story.device_grants(None)
    for _ in range(DENIED_IN_A_ROW):
        story.device_denies(None, "invalidCredential")
    assert story.door_events == [DoorEventKind.DENIED, DoorEventKind.DENIED_REPEATEDLY]


# --- two people ----------------------------------------------------------------------


@pytest.fixture
def store() -> GrantStory:
    return GrantStory(two_people=frozenset({ENTRANCE, COURTYARD}))


def test_a_door_for_two_opens_for_two_people_within_30_seconds(
    store: GrantStory,
) -> None:
    first = store.given("Locum", doors=(COURTYARD,))
    second = store.given("Secretary", doors=(COURTYARD,))
    store.type_code(first)
    assert not store.done(PulseStrike)
    assert store.grant_events == [GrantEvent.SECOND_PERSON_AWAITED]
    store.wait(30)
    store.type_code(second)
    assert store.done(PulseStrike)
    assert store.now_of(first).used == store.now_of(second).used == 1
    # The two are used up as a pair.
    store.type_code(first)
    assert not store.done(PulseStrike)


@pytest.mark.parametrize("why", ["too_late", "same_person", "clock", "revoked", "same"])
def test_a_door_for_two_does_not_open_for_one(store: GrantStory, why: str) -> None:
    first = store.given("Locum", doors=(COURTYARD,))
    other = "LOCUM " if why == "same_person" else "Secretary"
    second = store.given(other, doors=(COURTYARD,), begins=timedelta(hours=-1))
    store.type_code(first)
    store.wait({"too_late": 31, "clock": -5}.get(why, 1))
    if why == "revoked":
        store.revoke(first)
    store.type_code(first if why == "same" else second)
    assert not store.done(PulseStrike)
    assert store.grant_events[-1] is GrantEvent.SECOND_PERSON_AWAITED


def test_a_door_for_two_whose_device_recognises_people_leaves_it_to_us(
    store: GrantStory,
) -> None:
    first, second = store.given("Locum"), store.given("Secretary")
    assert not any(entry.admits for entry in store.wanted().values())
    store.press()
    store.device_denies(first)
    assert not store.done(PulseStrike)
    store.device_denies(second)
    assert store.done(PulseStrike)
    store.release()
    assert store.ring.phase is RingPhase.OPENED
    # The strike is released still: who comes through now ends the ring at once.
    store.press()
    store.device_denies(first)
    store.device_denies(second)
    assert store.ring.phase is RingPhase.OPENED


def test_what_a_device_tells_late_or_for_another_reason_opens_nothing(
    store: GrantStory,
) -> None:
    first, second = store.given("Locum"), store.given("Secretary")
    store.device_denies(first)
    store.device_denies(second, late=True)
    assert not store.done(PulseStrike)
    store.device_denies(second, "invalidTime")
    assert not store.done(PulseStrike)
    store.device_denies(None)
    assert not store.done(PulseStrike)
    store.revoke(second)
    store.device_denies(second)
    assert not store.done(PulseStrike)
    assert store.reasons == ["revoked"]


# --- an opening link -----------------------------------------------------------------


def test_a_link_opens_its_door_only_when_its_button_is_pressed(
    story: GrantStory,
) -> None:
    grant = story.given("Delivery", means=Means.LINK, uses=1)
    assert not story.is_written
    story.visit(grant)
    assert story.grant_events == [GrantEvent.VISITED]
    assert not story.done(PulseStrike)
    story.press()
    story.press_button(grant)
    assert [pulse.door for pulse in story.done(PulseStrike)] == [ENTRANCE]
    story.release()
    assert story.ring.phase is RingPhase.OPENED
    story.press_button(grant)
    assert story.refusals == [Refusal.OUTSIDE_WINDOW]
    assert story.reasons == ["used_up"]


def test_a_link_opens_no_other_door_and_not_outside_its_window(
    story: GrantStory,
) -> None:
    evening = WeeklyWindow(days=(0,), start=time(18), end=time(19))
    grant = story.given("Delivery", means=Means.LINK, windows=(evening,))
    story.press_button(grant)
    assert story.refusals == [Refusal.OUTSIDE_WINDOW]
    story.now = at(2, 18, 30).astimezone(UTC)
    story.press_button(grant, COURTYARD)
    assert story.refusals == [Refusal.OUTSIDE_WINDOW]
    story.choose(DOCTOR, Mode.LOCKDOWN)
    story.press_button(grant)
    assert story.refusals == [Refusal.LOCKDOWN]
    story.choose(DOCTOR, Mode.OPEN)
    story.release()
    story.press()
    story.press_button(grant)
    assert story.ring.phase is RingPhase.OPENED


def test_a_link_that_is_unknown_or_whose_kind_was_turned_off_opens_nothing(
    story: GrantStory,
) -> None:
    grant = story.given("Delivery", means=Means.LINK)
    story.visit(None)
    assert story.refusals == [Refusal.UNKNOWN_GRANT]
    story.press_button(None)
    assert story.refusals == [Refusal.UNKNOWN_GRANT]
    story.restart(grants=GrantStory(links=False).config.grants)
    story.visit(grant)
    assert story.refusals == [Refusal.UNKNOWN_GRANT]
    story.press_button(grant)
    assert story.refusals == [Refusal.UNKNOWN_GRANT]
    assert not story.done(PulseStrike)


def test_a_grant_opens_no_door_by_a_request_that_is_not_its_own(
    story: GrantStory,
) -> None:
    grant = story.given(doors=(COURTYARD,))
    story.ask_to_open(Actor(kind=ActorKind.CODE, name="x"), COURTYARD)
    assert story.refusals == [Refusal.NOT_ALLOWED]
    story.ask_to_open(Actor(kind=ActorKind.CODE, name="x", id="x"), COURTYARD)
    assert story.refusals == [Refusal.NOT_ALLOWED]
    story.ask_to_open(grant.actor, ENTRANCE)
    assert story.refusals == [Refusal.NOT_ALLOWED]


@pytest.mark.parametrize(
    ("role", "staff"),
    [(GrantRole.LOCUM, True), (GrantRole.STAFF, True), (GrantRole.CLEANER, False)],
)
def test_only_the_access_of_staff_opens_a_practice_that_waits_for_them(
    role: GrantRole, *, staff: bool
) -> None:
    window = Window(weekday=0, begin=time(8), end=time(19))
    story = GrantStory()
    story.restart(hours=Hours(zone=PARIS, windows=(window,), first_person_in=True))
    story.tick()
    grant = story.given(role=role)
    story.device_grants(grant)
    assert (story.state.mode is Mode.OPEN) is staff
