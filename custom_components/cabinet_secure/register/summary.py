"""A month of the practice in figures: what happened, when, and how fast it was met."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, tzinfo
import math
from typing import Any, Final

from .incident import Incident, LegalStep, Status
from .model import Entry, EntryType

# The types of entries that a summary looks at.
COUNTED: Final = frozenset({EntryType.RING, EntryType.PANIC})
_ANSWERS: Final = frozenset({"answered", "opened", "refused"})


@dataclass(frozen=True, slots=True, kw_only=True)
class ResponseTimes:
    """How long it took, in seconds; None where nothing had to be met."""

    cases: int
    median: float | None
    within_95: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """A month, in the time zone of the practice. Drills and mistakes are not counted."""

    month: date
    incidents: int
    before: int  # in the month before
    drafts: int
    drills: int
    work_stoppage: int
    complaints: int
    kinds: Mapping[str, int]
    severity_persons: Mapping[int, int]
    severity_property: Mapping[int, int]
    hours: tuple[int, ...]
    weekdays: tuple[int, ...]  # Monday first
    months: tuple[tuple[date, int], ...]  # twelve, this one last
    rings: int
    rings_missed: int
    panics: int
    ring_answer: ResponseTimes
    panic_acknowledge: ResponseTimes


def first_of_next(month: date) -> date:
    """Return the first day of the month after."""
    return month_before(month, -1)


def month_before(month: date, number: int) -> date:
    """Return the first day of the month that many months before; negative: after."""
    months = month.year * 12 + month.month - 1 - number
    return date(months // 12, months % 12 + 1, 1)


def summarize(
    month: date,
    incidents: Collection[Incident],
    entries: Iterable[Entry],
    zone: tzinfo,
) -> Summary:
    """Return the figures of the month that begins on this day.

    `entries` are those of the types `COUNTED` in this month, the oldest first; they are
    gone through once. Each case counts in the month in which it began.
    """

    def month_of(incident: Incident) -> date:
        return incident.facts.at.astimezone(zone).date().replace(day=1)

    counted = [incident for incident in incidents if incident.counts]
    mine = [incident for incident in counted if month_of(incident) == month]
    times = [incident.facts.at.astimezone(zone) for incident in mine]
    by_month = Counter(month_of(incident) for incident in counted)
    by_hour = Counter(time.hour for time in times)
    by_weekday = Counter(time.weekday() for time in times)
    sessions = _Sessions()
    for entry in entries:
        sessions.take_in(entry)
    return Summary(
        month=month,
        incidents=len(mine),
        before=by_month[month_before(month, 1)],
        drafts=sum(incident.status is Status.DRAFT for incident in mine),
        drills=len(
            sessions.drills
            | {
                incident.began_with or incident.id
                for incident in incidents
                if incident.facts.drill
                and incident.status is not Status.VOID
                and month_of(incident) == month
            }
        ),
        work_stoppage=sum(incident.facts.work_stoppage or 0 for incident in mine),
        complaints=sum(
            incident.facts.legal_step is LegalStep.COMPLAINT for incident in mine
        ),
        kinds=dict(
            Counter(kind.value for incident in mine for kind in incident.facts.kinds)
        ),
        severity_persons=_levels(incident.facts.severity_persons for incident in mine),
        severity_property=_levels(
            incident.facts.severity_property for incident in mine
        ),
        hours=tuple(by_hour[hour] for hour in range(24)),
        weekdays=tuple(by_weekday[day] for day in range(7)),
        months=tuple(
            (each, by_month[each])
            for each in (month_before(month, number) for number in range(11, -1, -1))
        ),
        rings=len(sessions.rung),
        rings_missed=len(sessions.missed),
        panics=len(sessions.raised),
        ring_answer=response_times(sessions.answers),
        panic_acknowledge=response_times(sessions.acknowledgements),
    )


class _Sessions:
    """The rings and panics of a month, and how long each took to be met."""

    def __init__(self) -> None:
        self.rung: dict[str, datetime] = {}
        self.missed: set[str] = set()
        self.raised: dict[str, datetime] = {}
        self.drills: set[str] = set()
        self.answers: list[float] = []
        self.acknowledgements: list[float] = []
        self._met: set[str] = set()

    def take_in(self, entry: Entry) -> None:
        """Count one entry."""
        session = entry.session
        if session is None:
            return
        if entry.type is EntryType.RING:
            self._ring(session, entry)
        elif entry.details.get("drill"):
            self.drills.add(session)
        elif entry.event == "raised":
            self.raised[session] = entry.at
        elif entry.event == "acknowledged":
            self._meet(session, entry.at, self.raised, self.acknowledgements)

    def _ring(self, session: str, entry: Entry) -> None:
        if entry.event == "started":
            self.rung[session] = entry.at
        elif entry.event == "missed":
            # Heard late, it was never announced as begun.
            self.rung.setdefault(session, entry.at)
            self.missed.add(session)
        elif entry.event in _ANSWERS:
            self._meet(session, entry.at, self.rung, self.answers)

    def _meet(
        self,
        session: str,
        at: datetime,
        begun: Mapping[str, datetime],
        times: list[float],
    ) -> None:
        # What began in the month before is counted there; the first answer counts.
        if session in begun and session not in self._met:
            self._met.add(session)
            times.append(max(0.0, (at - begun[session]).total_seconds()))


def response_times(seconds: Collection[float]) -> ResponseTimes:
    """Return the figures of some response times; quantiles by the nearest rank."""
    ordered = sorted(seconds)

    def within(part: float) -> float | None:
        return ordered[math.ceil(part * len(ordered)) - 1] if ordered else None

    return ResponseTimes(cases=len(ordered), median=within(0.5), within_95=within(0.95))


def _levels(levels: Iterable[int | None]) -> dict[int, int]:
    return dict(Counter(level for level in levels if level is not None))


def as_response(summary: Summary) -> dict[str, Any]:
    """Return a summary as an action answers it."""

    def times(measured: ResponseTimes) -> dict[str, Any]:
        return {
            "cases": measured.cases,
            "p50_seconds": measured.median,
            "p95_seconds": measured.within_95,
        }

    return {
        "month": f"{summary.month:%Y-%m}",
        "incidents": summary.incidents,
        "incidents_month_before": summary.before,
        "drafts": summary.drafts,
        "drills": summary.drills,
        "work_stoppage_days": summary.work_stoppage,
        "complaints": summary.complaints,
        "kinds": dict(summary.kinds),
        "severity_persons": _named(summary.severity_persons),
        "severity_property": _named(summary.severity_property),
        "hours": list(summary.hours),
        "weekdays": list(summary.weekdays),
        "months": {f"{month:%Y-%m}": count for month, count in summary.months},
        "rings": summary.rings,
        "rings_missed": summary.rings_missed,
        "panics": summary.panics,
        "ring_to_answer": times(summary.ring_answer),
        "panic_to_acknowledgement": times(summary.panic_acknowledge),
    }


def _named(levels: Mapping[int, int]) -> dict[str, int]:
    return {str(level): count for level, count in sorted(levels.items())}
