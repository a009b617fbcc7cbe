"""What devices that check by themselves should hold, and what is said of it."""

import pytest

from custom_components.cabinet_secure.practice.grants.effects import GrantEvent
from custom_components.cabinet_secure.practice.grants.model import Grant, HoldingStatus

from .builders import COURTYARD, ENTRANCE
from .grant_story import GrantStory


@pytest.fixture
def story() -> GrantStory:
    return GrantStory()


def status(story: GrantStory, grant: Grant) -> HoldingStatus:
    (held,) = story.now_of(grant).holdings
    return held.status


def test_what_a_device_has_is_known(story: GrantStory) -> None:
    first, second = story.given("One"), story.given("Two")
    story.given("Three", doors=(COURTYARD,))
    story.list_read(first)
    assert status(story, first) is HoldingStatus.HELD
    assert status(story, second) is HoldingStatus.WAITING
    assert story.grant_events == []
    story.list_read(first, second)
    assert story.wanted().keys() == {first.id, second.id}


def test_a_code_that_the_device_lost_is_told_once_and_wanted_no_more(
    story: GrantStory,
) -> None:
    grant = story.given()
    story.list_read(lost=frozenset({grant.id}))
    assert story.grant_events == [GrantEvent.CODE_LOST]
    assert story.wanted() == {}
    story.list_read()
    assert story.grant_events == []
    assert status(story, grant) is HoldingStatus.LOST


def test_what_others_changed_is_told_and_put_right(story: GrantStory) -> None:
    grant = story.given()
    story.list_read(grant, repaired=frozenset({grant.id}))
    assert story.grant_events == [GrantEvent.CHANGED_BY_OTHERS]


def test_a_device_that_does_not_take_it_makes_the_grant_say_so(
    story: GrantStory,
) -> None:
    held = story.given("One")
    story.list_read(held)
    grant = story.given("Two")
    story.list_refused()
    assert story.grant_events == [GrantEvent.NOT_WRITTEN]
    assert status(story, grant) is HoldingStatus.REFUSED
    assert status(story, held) is HoldingStatus.HELD
    story.list_refused()
    assert story.grant_events == []
    assert grant.id in story.wanted()
    story.list_read(held, grant)
    assert status(story, grant) is HoldingStatus.HELD
    story.list_read(held, grant, refused=frozenset({grant.id}))
    assert status(story, grant) is HoldingStatus.REFUSED


def test_a_grant_for_doors_of_two_devices_waits_for_each(story: GrantStory) -> None:
    grant = story.given(doors=(ENTRANCE, COURTYARD))
    assert [held.equipment for held in grant.holdings] == ["front_station"]
    assert story.wanted()[grant.id].doors == (ENTRANCE,)


def test_a_door_that_is_gone_is_not_written(story: GrantStory) -> None:
    grant = story.given()
    doors = {
        door: config for door, config in story.config.doors.items() if door != ENTRANCE
    }
    story.restart(doors=doors)
    assert grant.id not in story.wanted()
