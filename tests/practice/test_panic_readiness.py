"""Whether a call for help would reach somebody, and what is due to be tried."""

from dataclasses import replace
from datetime import timedelta

import pytest

from custom_components.cabinet_secure.practice.effects import AnnounceEquipment
from custom_components.cabinet_secure.practice.panic.chain import (
    ChainStatus,
    ChainWalked,
    Phone,
    Reminder,
    due,
    status,
)
from custom_components.cabinet_secure.practice.panic.config import PanicSource
from custom_components.cabinet_secure.practice.panic.state import (
    ChainProblem,
    ChainTrouble,
    PanicKind,
)

from .builders import DOCTOR, ENTRANCE, STATIONS
from .panic_story import DESK, INDOORS, OUTDOORS, PANIC, ROOM, PanicStory


@pytest.fixture
def story() -> PanicStory:
    story = PanicStory()
    set_sources(story, {DESK: PanicSource(location="Desk", equipment="front_station")})
    return story


def set_sources(story: PanicStory, sources: dict[str, PanicSource]) -> None:
    story.practice.config = story.config = replace(
        story.config, panic=replace(PANIC, sources=sources)
    )


def phone(story: PanicStory, *, hours: float | None = 1, registered: bool = True):
    seen = None if hours is None else story.now - timedelta(hours=hours)
    return Phone(name="Doctor's", registered=registered, seen_at=seen)


def walk(story: PanicStory, *phones: Phone, storable: bool = True) -> list[str]:
    """Walk the chain; return what was said of it."""
    story.hear(ChainWalked(phones=phones, storable=storable))
    return [str(announced.kind) for announced in story.done(AnnounceEquipment)]


def problems(story: PanicStory) -> dict[ChainTrouble, str]:
    return {p.trouble: p.subject for p in story.state.panic.problems}


def test_it_is_not_ready_before_somebody_acknowledged_from_a_phone(
    story: PanicStory,
) -> None:
    assert walk(story, phone(story)) == []
    assert status(story.state.panic) is ChainStatus.UNTESTED
    story.push(DESK)
    story.take_care(DOCTOR)
    assert status(story.state.panic) is ChainStatus.UNTESTED
    story.reset(DOCTOR)
    story.drill(DOCTOR)
    story.tap(DOCTOR, story.acknowledgement())
    assert status(story.state.panic) is ChainStatus.READY


def test_a_phone_that_is_gone_or_unseen_is_a_fault_until_it_is_back(
    story: PanicStory,
) -> None:
    assert walk(story, phone(story, registered=False)) == ["fault"]
    assert problems(story) == {ChainTrouble.PHONE_GONE: "Doctor's"}
    assert status(story.state.panic) is ChainStatus.BROKEN
    assert walk(story, phone(story, hours=49)) == []
    assert problems(story) == {ChainTrouble.PHONE_UNSEEN: "Doctor's"}
    # One that never reports anything is not judged.
    assert walk(story, phone(story, hours=None)) == ["fault_cleared"]
    assert walk(story, phone(story, hours=47)) == []


def test_a_state_that_cannot_be_kept_is_a_fault(story: PanicStory) -> None:
    assert walk(story, storable=False) == ["fault"]
    assert problems(story) == {ChainTrouble.NOT_STORED: ""}
    assert walk(story) == ["fault_cleared"]


def test_a_button_and_a_siren_that_do_not_answer_break_the_chain(
    story: PanicStory,
) -> None:
    story.lose(ENTRANCE)
    assert walk(story) == []
    story.tick(60)
    walk(story)
    assert story.state.panic.problems[0] == ChainProblem(
        trouble=ChainTrouble.BUTTON_LOST, subject="Desk"
    )
    assert {p.subject for p in story.state.panic.problems[1:]} == {OUTDOORS, INDOORS}
    story.restore(ENTRANCE)
    assert walk(story) == ["fault_cleared"]


def test_a_siren_of_other_equipment_still_answers(story: PanicStory) -> None:
    story.practice.config = replace(
        story.config,
        sirens={
            INDOORS: replace(story.config.sirens[INDOORS], equipment="back_station")
        },
    )
    story.lose(ENTRANCE)
    story.tick(60)
    walk(story)
    assert problems(story) == {ChainTrouble.BUTTON_LOST: "Desk"}
    assert STATIONS[ENTRANCE] == "front_station"


def test_the_result_is_dated_once_a_day_or_when_it_changes(story: PanicStory) -> None:
    walk(story)
    first = story.state.panic.walked_at
    story.wait(3600)
    walk(story)
    assert story.state.panic.walked_at == first
    story.wait(23 * 3600)
    walk(story)
    assert story.state.panic.walked_at == story.now
    story.wait(-3600)
    walk(story)
    assert story.state.panic.walked_at == story.now


def test_each_button_is_tested_every_month_and_a_drill_held_every_half_year(
    story: PanicStory,
) -> None:
    set_sources(
        story,
        {
            DESK: PanicSource(location="Desk"),
            ROOM: PanicSource(kind=PanicKind.DURESS),
        },
    )

    def waiting() -> list[tuple[Reminder, str]]:
        return [
            (each.reminder, each.source)
            for each in due(story.config, story.state.panic, story.now)
        ]

    assert waiting() == [(Reminder.TEST, DESK), (Reminder.DRILL, "")]
    story.push(DESK)
    assert (Reminder.TEST, DESK) in waiting()
    story.take_care(DOCTOR)
    story.reset(DOCTOR)
    story.drill(DOCTOR)
    assert waiting() == []
    tested = story.now
    story.wait(32 * 24 * 3600)
    (test,) = due(story.config, story.state.panic, story.now)
    assert test.last == tested
    story.wait(152 * 24 * 3600)
    assert waiting() == [(Reminder.TEST, DESK), (Reminder.DRILL, "")]


def test_nothing_is_due_where_nothing_is_used(story: PanicStory) -> None:
    set_sources(story, {})
    assert due(story.config, story.state.panic, story.now) == []
