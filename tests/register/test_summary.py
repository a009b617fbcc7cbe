"""A month in figures, and the page that shows them."""

from collections.abc import Collection
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from hypothesis import given, strategies as st
import pytest

from custom_components.cabinet_secure.register.incident import (
    Facts,
    Incident,
    IncidentKind,
    LegalStep,
    Status,
)
from custom_components.cabinet_secure.register.model import Entry, EntryType
from custom_components.cabinet_secure.register.summary import (
    Summary,
    as_response,
    first_of_next,
    month_before,
    response_times,
    summarize,
)
from custom_components.cabinet_secure.register.summary_page import (
    duration,
    summary_page,
)

from .browser import describe, print_page, words_on
from .test_incident_form import parsed
from .texts import FACTS, PARIS, an_incident, words

NOVEMBER = date(2026, 11, 1)
START = datetime(2026, 11, 10, 9, 0, tzinfo=UTC)


def entry(
    kind: EntryType, event: str, session: str | None, after: float = 0, **details: Any
) -> Entry:
    return Entry(
        sequence=1,
        hash="",
        previous="",
        type=kind,
        event=event,
        at=START + timedelta(seconds=after),
        session=session,
        details=details,
    )


def ring(event: str, session: str | None, after: float = 0) -> Entry:
    return entry(EntryType.RING, event, session, after)


def panic(event: str, session: str, after: float = 0, **details: Any) -> Entry:
    return entry(EntryType.PANIC, event, session, after, **details)


def incident(at: datetime, **changes: Any) -> Incident:
    status = changes.pop("status", Status.COMPLETE)
    return an_incident(replace(FACTS, at=at, **changes), status)


def november(
    incidents: Collection[Incident] = (), entries: Collection[Entry] = ()
) -> Summary:
    return summarize(NOVEMBER, incidents, entries, PARIS)


def test_incidents_are_counted_by_what_how_grave_and_when() -> None:
    summary = november(
        [
            incident(START),
            incident(START + timedelta(days=1), kinds=(IncidentKind.INSULTS,)),
            incident(START, status=Status.DRAFT, kinds=(), severity_persons=None),
            incident(START, status=Status.VOID),
            incident(START, drill=True),
            incident(datetime(2026, 10, 5, tzinfo=UTC)),
        ]
    )
    assert (summary.incidents, summary.before, summary.drafts) == (3, 1, 1)
    assert summary.drills == 1
    assert summary.kinds == {"insults": 2, "threats": 1, "vandalism": 1}
    assert summary.severity_persons == {2: 2}
    assert summary.severity_property == {1: 3}
    assert summary.work_stoppage == 9
    assert summary.complaints == 3
    # 9 h UTC is 10 h in Paris; 10 November 2026 is a Tuesday.
    assert summary.hours[10] == 3
    assert summary.weekdays == (0, 2, 1, 0, 0, 0, 0)
    assert summary.months[-2:] == ((date(2026, 10, 1), 1), (NOVEMBER, 3))
    assert len(summary.months) == 12


def test_the_month_is_that_of_the_clock_on_the_wall() -> None:
    almost = datetime(2026, 10, 31, 23, 30, tzinfo=UTC)  # 1 November in Paris
    assert november([incident(almost)]).incidents == 1
    assert november([incident(almost - timedelta(hours=1))]).incidents == 0


def test_a_ring_is_met_by_its_first_answer() -> None:
    summary = november(
        entries=[
            ring("started", "a"),
            ring("answered", "a", 4),
            ring("opened", "a", 30),
            ring("ended", "a", 30),
            ring("started", "b"),
            ring("refused", "b", 12),
            ring("started", "c"),
            ring("missed", "c", 120),
            ring("missed", "late"),
            ring("opened", "of the month before", 5),
            ring("answer_rejected", None),
        ]
    )
    assert (summary.rings, summary.rings_missed) == (4, 2)
    assert summary.ring_answer.cases == 2
    assert summary.ring_answer.median == 4
    assert summary.ring_answer.within_95 == 12


def test_a_panic_is_met_by_whoever_acknowledges_and_a_drill_is_counted_apart() -> None:
    summary = november(
        entries=[
            panic("raised", "p"),
            panic("escalated", "p", 20),
            panic("acknowledged", "p", 33),
            panic("acknowledged", "p", 50),
            panic("raised", "d", drill=True),
            panic("acknowledged", "d", 5, drill=True),
        ]
    )
    assert (summary.panics, summary.drills) == (1, 1)
    assert summary.panic_acknowledge.median == 33
    assert summary.panic_acknowledge.cases == 1


def test_a_clock_that_was_set_back_makes_no_negative_time() -> None:
    summary = november(entries=[ring("started", "a", 10), ring("opened", "a", 0)])
    assert summary.ring_answer.median == 0


@given(st.lists(st.floats(0, 1e6), min_size=1))
def test_half_of_the_cases_are_within_the_median_and_almost_all_within_the_other(
    seconds: list[float],
) -> None:
    times = response_times(seconds)
    assert times.median is not None
    assert times.within_95 is not None
    assert 2 * sum(each <= times.median for each in seconds) >= len(seconds)
    assert 2 * sum(each < times.median for each in seconds) < len(seconds) + 1
    assert sum(each <= times.within_95 for each in seconds) >= 0.95 * len(seconds)
    assert times.within_95 in seconds


@given(st.dates(date(1990, 1, 1), date(2100, 1, 1)), st.integers(-30, 30))
def test_months_are_counted_over_the_end_of_the_year(day: date, number: int) -> None:
    month = day.replace(day=1)
    assert month_before(month_before(month, number), -number) == month
    assert month_before(first_of_next(month), 1) == month


def test_the_response_of_the_action_is_json_with_units_in_its_names() -> None:
    response = as_response(november([incident(START)], [ring("started", "a")]))
    assert response["month"] == "2026-11"
    assert response["ring_to_answer"] == {
        "cases": 0,
        "p50_seconds": None,
        "p95_seconds": None,
    }
    assert response["severity_persons"] == {"2": 1}
    assert response["months"]["2026-11"] == 1


# --- the page ------------------------------------------------------------------------


def page(summary: Summary, language: str = "fr") -> bytes:
    return summary_page(summary, practice="<Cabinet>", words=words(language))


def full() -> Summary:
    return november(
        [
            incident(
                START + timedelta(hours=number),
                kinds=(kind,),
                severity_persons=1 + number % 4,
                severity_property=1 + number % 3,
                legal_step=LegalStep.COMPLAINT,
            )
            for number, kind in enumerate(IncidentKind)
        ],
        [ring("started", "a"), ring("opened", "a", 75), panic("raised", "p")],
    )


def test_the_page_prints_on_one_sheet_and_says_its_figures(tmp_path: Path) -> None:
    pdf = print_page(tmp_path, page(full()))
    assert describe(pdf)["Pages"] == "1"
    text = words_on(pdf)
    for said in ("2026", "Nature des faits", "Cybermalveillance", "1 min 15 s", "lun."):
        assert said in text, said


@pytest.mark.parametrize("language", ["fr", "en"])
@pytest.mark.parametrize("summary", [full(), november()], ids=["full", "empty"])
def test_the_page_has_no_script_and_nothing_from_outside(
    summary: Summary, language: str
) -> None:
    content = page(summary, language)
    tags = parsed(content)
    assert tags.tags & {"script", "img", "a", "link", "iframe", "image", "use"} == set()
    assert tags.attributes & {"src", "href", "style", "onload"} == set()
    assert b"url(" not in content
    assert b"&lt;Cabinet&gt;" in content


def test_a_month_without_anything_says_so() -> None:
    text = page(november()).decode()
    assert text.count("Rien ce mois-ci") == 3
    assert text.count("Aucun cas ce mois-ci") == 2


@pytest.mark.parametrize(
    ("before", "said"),
    [(0, "1 de plus que"), (1, "autant que"), (3, "2 de moins que")],
)
def test_the_month_is_set_against_the_one_before(before: int, said: str) -> None:
    october = datetime(2026, 10, 5, tzinfo=UTC)
    summary = november([incident(START), *(incident(october) for _ in range(before))])
    assert said in page(summary).decode()


@pytest.mark.parametrize(
    ("seconds", "said"),
    [
        (0.4, "0\u00a0s"),
        (59.4, "59\u00a0s"),
        (59.6, "1\u00a0min\u00a000\u00a0s"),
        (125, "2\u00a0min\u00a005\u00a0s"),
        (3725, "1\u00a0h\u00a002\u00a0min"),
    ],
)
def test_durations_are_said_as_people_say_them(seconds: float, said: str) -> None:
    assert duration(seconds) == said


def test_facts_without_a_time_zone_of_the_practice_are_shown_in_it() -> None:
    assert november([an_incident(Facts(at=START))]).hours[10] == 1
