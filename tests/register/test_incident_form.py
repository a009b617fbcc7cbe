"""The printable form of an incident: one page, everything on it, nothing else in it."""

from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path
import re

import pytest

from custom_components.cabinet_secure.register.incident import (
    Facts,
    Incident,
    IncidentKind,
    Motive,
    Status,
)
from custom_components.cabinet_secure.register.incident_form import (
    incident_form,
    reference,
)
from custom_components.cabinet_secure.register.model import Place

from .browser import describe, print_page, words_on
from .texts import FACTS, NOW, an_incident, longest_facts, words

ATTACK = '<script>alert(1)</script><img src="https://example.org/x" onerror=alert(1)>'


def form(incident: Incident, language: str = "fr") -> bytes:
    return incident_form(
        incident, practice="Cabinet des Tilleuls", printed_at=NOW, words=words(language)
    )


class Tags(HTMLParser):
    """Collects what a page is made of, and how it would be left open."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: set[str] = set()
        self.open: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes |= {name for name, _ in attrs}
        if tag not in ("meta", "br"):
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def parsed(page: bytes) -> Tags:
    tags = Tags()
    tags.feed(page.decode())
    assert tags.open == []
    return tags


@pytest.mark.parametrize("language", ["fr", "en"])
@pytest.mark.parametrize(
    ("said", "status"),
    [
        (Facts(at=NOW), Status.DRAFT),
        (FACTS, Status.COMPLETE),
        (longest_facts(), Status.DRAFT),
    ],
    ids=["empty", "usual", "longest"],
)
def test_it_prints_on_one_page_of_a4(
    tmp_path: Path, said: Facts, status: Status, language: str
) -> None:
    incident = an_incident(said, status, door=Place(id="d", name="Entrée " * 12))
    told = describe(print_page(tmp_path, form(incident, language)))
    assert told["Pages"] == "1"
    assert "A4" in told["Page size"]


def test_what_was_said_is_on_the_paper(tmp_path: Path) -> None:
    text = words_on(print_page(tmp_path, form(an_incident())))
    for said in (
        "Fiche de déclaration d’incident",
        "Cabinet des Tilleuls",
        "24/11/2026 à 16:40",
        "Accueil, secrétariat",
        "2 – menaces, y compris arme exhibée",
        "1 – vol sans effraction, dégradation légère",
        "3 jours",
        "frappé du poing sur la vitre",
        "Porte verrouillée dix minutes.",
        "Bouton d’alarme à déplacer.",
        "Photo de la vitre",
        "corrections : 2",
        "(à vérifier)",
    ):
        assert said in text, said


def test_each_choice_that_was_made_is_ticked_and_no_other() -> None:
    page = form(an_incident(replace(FACTS, author=None))).decode()
    ticked = re.findall(r'<li class="yes">([^<]+)</li>', page)
    assert ticked == [
        "Insultes, provocations",
        "Menaces",
        "Dégradations, vandalisme",
        "Refus d’arrêt de travail",
        "Temps d’attente",
        "Secrétaire",
        "Plainte",
    ]
    assert page.count("<li") == len(IncidentKind) + len(Motive) + 4 + 9 + 3


def test_nothing_that_anybody_wrote_becomes_a_part_of_the_page() -> None:
    said = replace(
        FACTS, account=ATTACK, measures=ATTACK, lessons=ATTACK, evidence=(ATTACK,)
    )
    page = incident_form(
        an_incident(said, opened_by=ATTACK, id=ATTACK, door=Place(id="d", name=ATTACK)),
        practice=ATTACK,
        printed_at=NOW,
        words=words("fr"),
    )
    tags = parsed(page)
    assert (
        tags.tags & {"script", "img", "a", "form", "iframe", "link", "object"} == set()
    )
    assert {name for name in tags.attributes if name.startswith("on")} == set()
    assert tags.attributes & {"src", "href", "style"} == set()
    assert b"default-src &#x27;none&#x27;" in page


@pytest.mark.parametrize(
    ("said", "status", "flags"),
    [
        (FACTS, Status.COMPLETE, []),
        (FACTS, Status.DRAFT, ["BROUILLON"]),
        (FACTS, Status.VOID, ["SANS OBJET"]),
        (replace(FACTS, drill=True), Status.COMPLETE, ["EXERCICE"]),
        (replace(FACTS, drill=True), Status.DRAFT, ["EXERCICE", "BROUILLON"]),
    ],
)
def test_a_drill_and_a_draft_cannot_be_taken_for_anything_else(
    said: Facts, status: Status, flags: list[str]
) -> None:
    page = form(an_incident(said, status)).decode()
    known = ["EXERCICE", "BROUILLON", "SANS OBJET"]
    assert [flag for flag in known if flag in page] == flags


def test_a_work_stoppage_of_no_days_is_none_rather_than_not_said() -> None:
    assert (
        "<dd>aucun</dd>" in form(an_incident(replace(FACTS, work_stoppage=0))).decode()
    )
    none = form(an_incident(replace(FACTS, work_stoppage=None))).decode()
    assert "<dd>aucun</dd>" not in none


def test_the_reference_has_the_day_of_the_practice() -> None:
    late = NOW.replace(hour=23, minute=30)
    assert reference(an_incident(Facts(at=late)), words("fr")) == "20261126-4F2A90"
