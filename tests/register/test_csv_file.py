"""Entries as a file that French spreadsheets open, and that calculates nothing."""

import csv
from datetime import UTC, datetime, timedelta, timezone
import io
from typing import Any

from hypothesis import given, strategies as st
import pytest

from custom_components.cabinet_secure.practice.people import Actor, ActorKind
from custom_components.cabinet_secure.register.csv_file import (
    COLUMNS,
    csv_file,
    safe_cell,
)
from custom_components.cabinet_secure.register.model import Entry, EntryType, Place
from tests.register.texts import PARIS, words

FRENCH = words("fr")
ENGLISH = words("en")


def entry(**changes: Any) -> Entry:
    values = {
        "sequence": 12,
        "hash": "ab" * 32,
        "previous": "cd" * 32,
        "type": EntryType.ACCESS,
        "event": "granted",
        "at": datetime(2026, 11, 25, 13, 5, 7, tzinfo=UTC).astimezone(PARIS),
        "actor": Actor(kind=ActorKind.USER, id="1", name="Docteur"),
        "place": Place(id="d", name="Entrée"),
        "outcome": "ring",
        "session": "s1",
        "details": {"method": "ring", "nothing": None},
    } | changes
    return Entry(**values)


def rows(file: bytes) -> list[list[str]]:
    """Read a file as its name for the format says."""
    text = io.StringIO(file.decode("utf-8-sig"), newline="")
    return list(csv.reader(text, delimiter=";", strict=True))


def test_the_file_is_what_french_spreadsheets_expect() -> None:
    file = csv_file([entry()], FRENCH)
    assert file.startswith(b"\xef\xbb\xbfN\xc2\xb0;Date;Heure;")
    assert file.endswith(b"\r\n")
    assert file.count(b"\n") == file.count(b"\r\n") == 2
    _, row = rows(file)
    assert row == [
        "12",
        "25/11/2026",
        "14:05:07",
        "UTC+01:00",
        "Accès",
        "Accès accordé",
        "Personne",
        "Docteur",
        "Entrée",
        "ring",
        "s1",
        "method: ring",
        "ab" * 32,
    ]


def test_what_is_not_said_is_an_empty_cell() -> None:
    bare = entry(actor=None, place=None, outcome=None, session=None, details={})
    _, row = rows(csv_file([bare], ENGLISH))
    assert row[6:12] == [""] * 6


@pytest.mark.parametrize(
    ("kind", "event", "said"),
    [
        (EntryType.DOOR, "forced", "Forcée"),
        (EntryType.DOOR, "exit_button", "Bouton de sortie"),
        (EntryType.RING, "missed", "Personne n’a répondu"),
        (EntryType.EQUIPMENT, "lost", "Perdu"),
        (EntryType.INCIDENT, "opened", "Ouverte"),
        (EntryType.PANIC, "pressed", "Appui"),
        (EntryType.ACCESS, "never_heard_of", "never_heard_of"),
    ],
)
def test_events_are_said_in_words_where_there_are_any(
    kind: EntryType, event: str, said: str
) -> None:
    _, row = rows(csv_file([entry(type=kind, event=event)], FRENCH))
    assert row[5] == said


def test_what_is_deep_in_the_details_is_said_in_one_cell() -> None:
    details = {"facts": {"kinds": ["insults", "threats"], "drill": False, "x": []}}
    _, row = rows(csv_file([entry(details=details)], FRENCH))
    assert row[11] == "facts.kinds: insults, threats | facts.drill: False"


@pytest.mark.parametrize(
    "sign", ["=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠"]
)
def test_nothing_that_anybody_wrote_is_calculated(sign: str) -> None:
    attack = f'{sign}HYPERLINK("http://example.org";"x")'
    for text in (attack, f"  {attack}", f"\u00a0{attack}"):
        _, row = rows(
            csv_file([entry(place=Place(id="d", name=text), outcome=text)], FRENCH)
        )
        assert row[8] == row[9] == f"'{text}"


@given(
    st.lists(
        st.tuples(
            st.text(st.characters(codec="utf-8", exclude_characters="\0")),
            st.text(st.characters(codec="utf-8", exclude_characters="\0")),
        ),
        max_size=5,
    )
)
def test_whatever_was_written_is_read_back_by_the_usual_reader(
    written: list[tuple[str, str]],
) -> None:
    file = csv_file(
        [
            entry(sequence=number, outcome=outcome, session=session)
            for number, (outcome, session) in enumerate(written)
        ],
        FRENCH,
    )
    read = rows(file)[1:]
    assert len(read) == len(written)
    assert all(len(row) == len(COLUMNS) for row in read)
    for row, (outcome, session) in zip(read, written, strict=True):
        assert [unsafe(row[9]), unsafe(row[10])] == [outcome, session]


def unsafe(cell: str) -> str:
    """Take away the apostrophe, as who reads by program does."""
    return cell.removeprefix("'")


@given(st.text())
def test_no_cell_begins_as_a_formula_does(text: str) -> None:
    cell = safe_cell(text)
    assert not cell.lstrip(" \u00a0").startswith(("=", "+", "-", "@", "\t", "\r"))


def test_what_has_no_bytes_is_replaced_and_the_rest_stays() -> None:
    _, row = rows(csv_file([entry(outcome="a\ud800b", session="c\0d")], FRENCH))
    assert row[9] == "a?b"
    assert row[10] == "c\N{REPLACEMENT CHARACTER}d"


def test_the_offset_is_that_of_the_time_itself() -> None:
    west = timezone(timedelta(hours=-4, minutes=-30))
    _, row = rows(
        csv_file([entry(at=datetime(2026, 1, 2, 3, 4, 5, tzinfo=west))], FRENCH)
    )
    assert row[1:4] == ["02/01/2026", "03:04:05", "UTC-04:30"]
