"""What an incident must be before it is put on record."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from .identity import Identity, find_identity
from .incident import (
    LONGEST,
    MOST_EVIDENCE,
    MOST_LINES,
    Facts,
    Status,
    proposed_severity,
)

# Clocks of phones differ a little from ours.
_AHEAD: Final = timedelta(minutes=5)


class Problem(StrEnum):
    """What is wrong with the facts of an incident, apart from identities."""

    IN_THE_FUTURE = "in_the_future"
    KINDS_MISSING = "kinds_missing"
    TOO_LONG = "too_long"
    TOO_MANY = "too_many"


def problem_of(
    facts: Facts, status: Status, now: datetime
) -> tuple[str, Problem | Identity] | None:
    """Return the field that is wrong and why, or None.

    `now` is aware, in the time zone of the practice.
    """
    if facts.at > now + _AHEAD:
        return "at", Problem.IN_THE_FUTURE
    if status is Status.COMPLETE and not facts.kinds:
        return "kinds", Problem.KINDS_MISSING
    if len(facts.evidence) > MOST_EVIDENCE:
        return "evidence", Problem.TOO_MANY
    if len(facts.account.splitlines()) > MOST_LINES:
        return "account", Problem.TOO_MANY
    for field, text in _texts(facts):
        if len(text) > LONGEST[field]:
            return field, Problem.TOO_LONG
        if identity := find_identity(text, now.date()):
            return field, identity
    return None


def _texts(facts: Facts) -> Iterator[tuple[str, str]]:
    yield "account", facts.account
    yield "measures", facts.measures
    yield "lessons", facts.lessons
    for reference in facts.evidence:
        yield "evidence", reference


def with_severity(facts: Facts) -> Facts:
    """Return facts with the severity that their kinds suggest, where none is said."""
    persons, goods = proposed_severity(facts.kinds)
    return replace(
        facts,
        severity_persons=facts.severity_persons or persons,
        severity_property=facts.severity_property or goods,
    )
