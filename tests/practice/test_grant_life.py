"""How access is given, runs out and is revoked."""

from datetime import timedelta
from typing import Any

import pytest

from custom_components.cabinet_secure.practice.effects import Refusal
from custom_components.cabinet_secure.practice.grants.effects import GrantEvent
from custom_components.cabinet_secure.practice.grants.model import (
    GrantPhase,
    HoldingStatus,
    Means,
    WeeklyWindow,
)
from custom_components.cabinet_secure.practice.grants.times import phase_of
from custom_components.cabinet_secure.practice.people import AUTOMATION, Actor

from .builders import CLEANER, COURTYARD, ENTRANCE, SECRETARY, STRANGER
from .grant_story import LIST, GrantStory

DAY = timedelta(days=1)


@pytest.fixture
def story() -> GrantStory:
    return GrantStory()


def test_who_manages_gives_access_and_the_device_is_told(story: GrantStory) -> None:
    grant = story.given(reason="holidays")
    assert story.grant_events == [GrantEvent.GRANTED]
    assert story.is_written
    assert [held.status for held in grant.holdings] == [HoldingStatus.WAITING]
    assert phase_of(grant, story.now) is GrantPhase.ACTIVE
    assert story.wanted()[grant.id].valid_to == grant.valid_to


@pytest.mark.parametrize("actor", [SECRETARY, CLEANER, STRANGER, AUTOMATION])
def test_nobody_else_gives_or_revokes_access(story: GrantStory, actor: Actor) -> None:
    grant = story.given()
    assert story.grant("Another", actor=actor) is None
    assert story.refusals == [Refusal.NOT_ALLOWED]
    story.revoke(grant, actor)
    assert story.refusals == [Refusal.NOT_ALLOWED]
    story.revoke_all_of("Locum", actor)
    assert story.refusals == [Refusal.NOT_ALLOWED]
    assert story.now_of(grant).ended is None


@pytest.mark.parametrize(
    ("wish", "refusal"),
    [
        ({"doors": ()}, Refusal.UNKNOWN_DOOR),
        ({"doors": ("cellar",)}, Refusal.UNKNOWN_DOOR),
        ({"lasts": timedelta()}, Refusal.GRANT_TIMES),
        ({"begins": -2 * DAY, "lasts": DAY}, Refusal.GRANT_TIMES),
        ({"lasts": timedelta(days=367)}, Refusal.GRANT_TIMES),
        ({"uses": 0}, Refusal.GRANT_TIMES),
        ({"means": Means.CARD, "doors": (COURTYARD,)}, Refusal.NOT_CHECKED),
        ({"means": Means.LINK, "doors": (ENTRANCE, COURTYARD)}, Refusal.NOT_CHECKED),
    ],
)
def test_what_makes_no_sense_is_refused(
    story: GrantStory, wish: dict[str, Any], refusal: Refusal
) -> None:
    assert story.grant(**wish) is None
    assert story.refusals == [refusal]
    assert not story.is_written


def test_a_window_without_a_day_is_refused(story: GrantStory) -> None:
    window = WeeklyWindow(days=(), start=story.now.time(), end=story.now.time())
    assert story.grant(windows=(window,)) is None
    assert story.refusals == [Refusal.GRANT_TIMES]


def test_one_code_does_not_open_two_doors_of_one_device() -> None:
    story = GrantStory(lists=frozenset({LIST}))
    doors = story.config.doors
    twins = {**doors, "side": doors[ENTRANCE]}
    story.restart(doors=twins)
    assert story.grant(doors=(ENTRANCE, "side")) is None
    assert story.refusals == [Refusal.NOT_CHECKED]
    assert story.grant(doors=("side", COURTYARD)) is not None


def test_a_door_that_nothing_checks_is_refused() -> None:
    story = GrantStory(keypads=frozenset())
    assert story.grant(doors=(COURTYARD,)) is None
    assert story.refusals == [Refusal.NOT_CHECKED]


def test_links_are_refused_unless_they_are_turned_on() -> None:
    story = GrantStory(links=False)
    assert story.grant(means=Means.LINK) is None
    assert story.refusals == [Refusal.LINKS_OFF]


def test_a_link_opens_once_and_lives_for_a_month_unless_told_less(
    story: GrantStory,
) -> None:
    assert story.given(means=Means.LINK).uses == 1
    assert story.given(means=Means.LINK, uses=3).uses == 3
    assert story.given(means=Means.LINK, lasts=timedelta(days=31))
    assert story.grant(means=Means.LINK, lasts=timedelta(days=32)) is None
    assert story.refusals == [Refusal.GRANT_TIMES]


def test_a_code_is_not_given_again_within_90_days(story: GrantStory) -> None:
    grant = story.given(lasts=DAY, digest="x")
    assert story.grant(digest="x") is None
    assert story.refusals == [Refusal.CODE_TAKEN]
    story.tick(DAY.total_seconds())
    story.list_read()
    story.tick(timedelta(days=89).total_seconds())
    assert story.grant(digest="x") is None
    story.tick(DAY.total_seconds())
    assert grant.id not in {known.id for known in story.grants}
    assert story.grant(digest="x") is not None


def test_what_is_planned_becomes_active_and_expires(story: GrantStory) -> None:
    grant = story.given(begins=DAY, lasts=3 * DAY)
    assert phase_of(grant, story.now) is GrantPhase.PLANNED
    assert story.practice.next_deadline() == grant.valid_from
    story.tick(DAY.total_seconds())
    assert phase_of(story.now_of(grant), story.now) is GrantPhase.ACTIVE
    assert story.practice.next_deadline() == grant.valid_to - DAY
    story.tick(2 * DAY.total_seconds())
    assert story.grant_events == [GrantEvent.EXPIRING]
    assert phase_of(story.now_of(grant), grant.valid_to) is GrantPhase.EXPIRED
    story.tick(DAY.total_seconds())
    assert story.grant_events == [GrantEvent.EXPIRED]
    assert story.is_written
    assert story.now_of(grant).ended is GrantPhase.EXPIRED
    assert story.wanted() == {}


def test_a_short_access_is_not_announced_to_end(story: GrantStory) -> None:
    story.given(lasts=timedelta(hours=2))
    assert story.grant_events == [GrantEvent.GRANTED]
    story.tick(3600)
    assert story.grant_events == []


def test_everything_of_one_person_is_revoked_at_once(story: GrantStory) -> None:
    first = story.given("Dr Martin")
    second = story.given(" dr martin", doors=(COURTYARD,))
    third = story.given("Dr M.", person="person.martin")
    other = story.given("Dr Bernard")
    story.revoke_all_of("DR MARTIN ")
    assert story.grant_events == [GrantEvent.REVOKED] * 2
    assert {first.id, second.id} == {g.id for g in story.grants if g.ended}
    story.revoke_all_of("person.martin")
    assert story.now_of(third).ended is GrantPhase.REVOKED
    assert story.now_of(other).ended is None
    story.revoke_all_of("Dr Martin")
    assert story.refusals == [Refusal.UNKNOWN_GRANT]


def test_what_has_ended_is_not_revoked_again(story: GrantStory) -> None:
    grant = story.given()
    story.revoke(grant)
    assert story.grant_events == [GrantEvent.REVOKED]
    story.revoke(grant)
    assert story.refusals == [Refusal.UNKNOWN_GRANT]


def test_what_is_revoked_while_the_device_is_away_is_pending_until_it_is_back(
    story: GrantStory,
) -> None:
    grant = story.given()
    story.list_read(grant)
    story.lose()
    story.revoke(grant)
    assert [held.status for held in story.now_of(grant).holdings] == [
        HoldingStatus.REMOVING
    ]
    story.restart()
    story.restore()
    assert story.is_written
    assert story.wanted() == {}
    story.list_read(grant)
    assert story.now_of(grant).holdings != ()
    story.list_read()
    assert story.now_of(grant).holdings == ()
    assert story.grant_events == [GrantEvent.REMOVED]


def test_a_device_that_is_gone_from_the_practice_is_waited_for_no_more(
    story: GrantStory,
) -> None:
    grant = story.given()
    story.revoke(grant)
    story.restart(equipment=frozenset())
    assert story.now_of(grant).holdings == ()


def test_a_clock_that_is_set_back_has_everything_looked_at_again(
    story: GrantStory,
) -> None:
    grant = story.given(begins=DAY, lasts=DAY)
    story.tick(DAY.total_seconds())
    assert not story.is_written
    story.tick(-DAY.total_seconds() / 2)
    assert story.is_written
    assert phase_of(story.now_of(grant), story.now) is GrantPhase.PLANNED
    assert story.practice.next_deadline() == grant.valid_from


def test_equipment_without_a_list_is_not_written_to(story: GrantStory) -> None:
    story.restore(COURTYARD)
    assert not story.is_written


def test_grants_survive_a_restart(story: GrantStory) -> None:
    window = WeeklyWindow(
        days=(0, 2), start=story.now.time(), end=story.now.time().replace(hour=18)
    )
    grant = story.given(windows=(window,), uses=3)
    story.restart()
    assert story.grants == (grant,)
    story.tick()
    assert story.practice.next_deadline() is not None
