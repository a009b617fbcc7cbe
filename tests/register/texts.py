"""The words of pages and files, and incidents to show with them."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from custom_components.cabinet_secure.register.incident import (
    LONGEST,
    MOST_EVIDENCE,
    MOST_LINES,
    Author,
    Cause,
    Facts,
    Incident,
    IncidentKind,
    LegalStep,
    Location,
    Motive,
    Setting,
    Status,
    Victim,
    Weapon,
)
from custom_components.cabinet_secure.register.words import Words
from tests.integration_files import texts, translations

PARIS = ZoneInfo("Europe/Paris")
NOW = datetime(2026, 11, 25, 13, 5, 7, tzinfo=UTC)


def words(language: str) -> Words:
    """Return the words of a language, as the integration loads them."""
    return Words(language, dict(texts(translations(language)["selector"])), PARIS)


FACTS = Facts(
    at=datetime(2026, 11, 24, 15, 40, tzinfo=UTC),
    location=Location.RECEPTION,
    setting=Setting.RECEIVING,
    kinds=(IncidentKind.INSULTS, IncidentKind.THREATS, IncidentKind.VANDALISM),
    motives=(Motive.REFUSED_SICK_NOTE, Motive.WAITING_TIME),
    author=Author.PATIENT,
    victim=Victim.SECRETARY,
    weapon=Weapon.NONE,
    work_stoppage=3,
    legal_step=LegalStep.COMPLAINT,
    severity_persons=2,
    severity_property=1,
    account=(
        "La personne demandait un arrêt de travail antidaté. Après le refus du médecin, "
        "elle a insulté la secrétaire, l’a menacée de « l’attendre à la sortie », puis a "
        "frappé du poing sur la vitre de l’accueil, qui s’est fendue.\n"
        "Le médecin est intervenu ; la personne est partie à 16 h 52 en claquant la porte."
    ),
    measures="Porte verrouillée dix minutes. Police appelée. Secrétaire reçue le soir même.",
    lessons="Ne pas rester seul à l’accueil entre 16 h et 18 h. Bouton d’alarme à déplacer.",
    evidence=(
        "Caméra de l’accueil, 16:38 à 16:53, gelée jusqu’au 24/02/2027",
        "Photo de la vitre",
    ),
)


def an_incident(
    facts: Facts = FACTS, status: Status = Status.COMPLETE, **changes: object
) -> Incident:
    """Return an incident as the register would show it."""
    values = {
        "id": "4f2a90c1d7e84b0f8f3bb0d1c2a3e4f5",
        "cause": Cause.PERSON,
        "opened_at": NOW,
        "opened_by": "Secrétariat",
        "corrections": 2,
        "changed_at": NOW,
        "changed_by": "Responsable",
    } | changes
    return Incident(facts=facts, status=status, **values)


def longest_facts() -> Facts:
    """Return facts in which everything is said, and at its longest."""
    sentence = "Le déroulement précis est décrit ici avec autant de mots que permis ; "

    def text(length: int) -> str:
        return (sentence * 40)[:length]

    def in_lines(text: str) -> str:
        return "\n".join(
            (text[: 1 - MOST_LINES], *(each for each in text[1 - MOST_LINES :]))
        )[: LONGEST["account"]]

    return Facts(
        at=NOW,
        location=Location.REMOTE,
        setting=Setting.TELEPHONE,
        kinds=tuple(IncidentKind),
        motives=tuple(Motive),
        author=Author.COMPANION,
        victim=Victim.OTHER_CARER,
        weapon=Weapon.OBJECT,
        work_stoppage=999,
        legal_step=LegalStep.MAIN_COURANTE,
        severity_persons=2,
        severity_property=1,
        account=in_lines(text(LONGEST["account"])),
        measures=text(LONGEST["measures"]),
        lessons=text(LONGEST["lessons"]),
        evidence=tuple(text(LONGEST["evidence"]) for _ in range(MOST_EVIDENCE)),
        drill=True,
    )
