"""An incident is what its entries say, the corrections counted in."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
import json
from typing import Any

from hypothesis import given, strategies as st
import pytest

from custom_components.cabinet_secure.practice.effects import (
    AnnounceDoor,
    AnnounceMode,
    DoorEventKind,
    Effect,
)
from custom_components.cabinet_secure.practice.intrusion.effects import (
    AnnounceIntrusion,
    IntrusionEvent,
)
from custom_components.cabinet_secure.practice.intrusion.state import (
    AlarmPhase,
    ArmMode,
)
from custom_components.cabinet_secure.practice.panic.effects import (
    AnnouncePanic,
    PanicEvent,
)
from custom_components.cabinet_secure.practice.panic.state import Panic, PanicKind
from custom_components.cabinet_secure.practice.people import SYSTEM, Actor, ActorKind
from custom_components.cabinet_secure.practice.state import Mode
from custom_components.cabinet_secure.register.checking import (
    Problem,
    problem_of,
    with_severity,
)
from custom_components.cabinet_secure.register.drafts import (
    SAME_INCIDENT,
    draft_of,
    is_open_already,
)
from custom_components.cabinet_secure.register.identity import Identity
from custom_components.cabinet_secure.register.incident import (
    LONGEST,
    MOST_EVIDENCE,
    MOST_LINES,
    Author,
    Cause,
    Draft,
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
    correction,
    encode,
    fold,
    opening,
    proposed_severity,
    take_in,
)
from custom_components.cabinet_secure.register.model import NewEntry, Place
from tests.register.texts import FACTS, NOW, longest_facts

MANAGER = Actor(kind=ActorKind.USER, id="m", name="Responsable")
DOOR = Place(id="door1", name="Entrée")

_text = st.text(max_size=20)
facts = st.builds(
    Facts,
    at=st.datetimes(
        min_value=datetime(2020, 1, 1),  # noqa: DTZ001
        max_value=datetime(2030, 1, 1),  # noqa: DTZ001
        timezones=st.just(UTC),
    ).map(lambda time: time.replace(fold=0)),
    location=st.none() | st.sampled_from(Location),
    setting=st.none() | st.sampled_from(Setting),
    kinds=st.lists(st.sampled_from(IncidentKind), unique=True, max_size=3).map(tuple),
    motives=st.lists(st.sampled_from(Motive), unique=True, max_size=3).map(tuple),
    author=st.none() | st.sampled_from(Author),
    victim=st.none() | st.sampled_from(Victim),
    weapon=st.none() | st.sampled_from(Weapon),
    work_stoppage=st.none() | st.integers(0, 999),
    legal_step=st.none() | st.sampled_from(LegalStep),
    severity_persons=st.none() | st.integers(1, 4),
    severity_property=st.none() | st.integers(1, 3),
    account=_text,
    measures=_text,
    lessons=_text,
    evidence=st.lists(_text, max_size=3).map(tuple),
    drill=st.booleans(),
)
steps = st.lists(
    st.tuples(st.integers(0, 2), st.sampled_from(Status), facts), max_size=12
)


def opened(draft: Draft, status: Status = Status.DRAFT) -> NewEntry:
    return opening(draft, status, at=NOW, by=SYSTEM)


def through_json(entry: NewEntry) -> NewEntry:
    """Return an entry as the register gives it back."""
    return replace(entry, details=json.loads(json.dumps(entry.details)))


def history(
    course: list[tuple[int, Status, Facts]],
) -> tuple[list[NewEntry], dict[int, tuple[Status, Facts]]]:
    """Open and correct some incidents; return the entries, and how they end."""
    entries: list[NewEntry] = []
    standing: dict[int, Incident] = {}
    for which, status, said in course:
        if which in standing:
            entry = correction(standing[which], status, said, at=NOW, by=MANAGER)
            if entry is None:
                continue
        else:
            entry = opened(Draft(cause=Cause.PERSON, facts=said), status)
        entries.append(through_json(entry))
        known = {i.id: i for i in standing.values()}
        standing[which] = take_in(known, entries[-1])[entry.session or ""]
    return entries, {key: (i.status, i.facts) for key, i in standing.items()}


@given(steps)
def test_the_last_correction_of_each_field_counts_whatever_else_was_written_between(
    course: list[tuple[int, Status, Facts]],
) -> None:
    entries, _ = history(course)
    last: dict[int, tuple[Status, Facts]] = {}
    for which, status, said in course:
        last[which] = (status, said)
    folded = fold(entries).values()
    assert sorted((i.status, repr(i.facts)) for i in folded) == sorted(
        (status, repr(said)) for status, said in last.values()
    )


@given(steps)
def test_every_correction_points_at_the_first_entry_and_changes_none(
    course: list[tuple[int, Status, Facts]],
) -> None:
    entries, _ = history(course)
    first = {entry.id for entry in entries if entry.event == "opened"}
    for entry in entries:
        assert entry.session in first
        if entry.event == "corrected":
            assert entry.details["corrects"] == entry.session != entry.id
    incidents = fold(entries)
    assert sum(i.corrections for i in incidents.values()) == len(entries) - len(first)


@given(steps, st.integers(0, 12))
def test_taking_in_one_entry_after_the_other_is_the_same_as_reading_them_all(
    course: list[tuple[int, Status, Facts]], read: int
) -> None:
    entries, _ = history(course)
    incidents: Mapping[str, Incident] = fold(entries[:read])
    for entry in entries[read:]:
        incidents = take_in(incidents, entry)
    assert incidents == fold(entries)


@given(facts)
def test_facts_survive_the_register(said: Facts) -> None:
    entry = through_json(opened(Draft(cause=Cause.PANIC, facts=said, began_with="p1")))
    (incident,) = fold((entry,)).values()
    assert incident.facts == said
    assert incident.began_with == "p1"


def test_a_correction_that_says_nothing_new_is_none() -> None:
    (incident,) = fold((opened(Draft(cause=Cause.PERSON, facts=FACTS)),)).values()
    assert correction(incident, Status.DRAFT, FACTS, at=NOW, by=MANAGER) is None
    changed = replace(FACTS, weapon=Weapon.BLADE)
    entry = correction(incident, Status.DRAFT, changed, at=NOW, by=MANAGER)
    assert entry is not None
    assert entry.details["facts"] == {"weapon": "blade"}
    assert entry.actor == MANAGER


def test_a_correction_without_its_first_entry_changes_nothing() -> None:
    entry = opened(Draft(cause=Cause.PERSON, facts=FACTS))
    (incident,) = fold((entry,)).values()
    fixed = correction(incident, Status.COMPLETE, FACTS, at=NOW, by=MANAGER)
    assert fixed is not None
    assert fold((fixed,)) == {}


@pytest.mark.parametrize(
    "changes",
    [
        {"details": {}},
        {"details": {"status": "finished", "cause": "person", "facts": {}}},
        {"details": {"status": "draft", "cause": "person", "facts": {"at": 3}}},
        {"details": {"status": "draft", "cause": "person", "facts": None}},
        {"event": "whatever"},
        {"session": None},
    ],
)
def test_an_entry_that_cannot_be_understood_is_left_to_verification(
    changes: dict[str, Any],
) -> None:
    entry = opened(Draft(cause=Cause.PERSON, facts=FACTS))
    assert fold((replace(entry, **changes),)) == {}
    known = fold((entry,))
    broken = replace(entry, **{"event": "corrected", **changes})
    assert take_in(known, broken) == known


def test_drills_and_mistakes_do_not_count() -> None:
    for said, status, counts in (
        (FACTS, Status.DRAFT, True),
        (FACTS, Status.COMPLETE, True),
        (FACTS, Status.VOID, False),
        (replace(FACTS, drill=True), Status.COMPLETE, False),
    ):
        entry = opened(Draft(cause=Cause.PERSON, facts=said), status)
        (incident,) = fold((entry,)).values()
        assert incident.counts is counts


# --- severity ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kinds", "severity"),
    [
        ((), (None, None)),
        (("insults",), (1, None)),
        (("insults", "weapon_shown"), (2, None)),
        (("assault", "threats"), (3, None)),
        (("armed_assault", "insults"), (4, None)),
        (("theft",), (None, 1)),
        (("break_in", "vandalism"), (None, 2)),
        (("robbery", "armed_assault"), (4, 3)),
        (("cyber", "falsified_prescription", "other", "intrusion"), (None, None)),
    ],
)
def test_the_gravest_of_several_kinds_suggests_the_severity(
    kinds: tuple[str, ...], severity: tuple[int | None, int | None]
) -> None:
    assert proposed_severity([IncidentKind(kind) for kind in kinds]) == severity


def test_what_a_person_says_of_the_severity_stays() -> None:
    said = replace(FACTS, severity_persons=4, severity_property=None)
    assert with_severity(said).severity_persons == 4
    assert with_severity(said).severity_property == 1


# --- what is refused -----------------------------------------------------------------


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({}, None),
        ({"at": NOW + timedelta(minutes=4)}, None),
        ({"at": NOW + timedelta(minutes=6)}, ("at", Problem.IN_THE_FUTURE)),
        ({"kinds": ()}, ("kinds", Problem.KINDS_MISSING)),
        ({"account": "x" * LONGEST["account"]}, None),
        ({"account": "x" * (LONGEST["account"] + 1)}, ("account", Problem.TOO_LONG)),
        ({"evidence": ("x" * 101,)}, ("evidence", Problem.TOO_LONG)),
        ({"evidence": ("x",) * (MOST_EVIDENCE + 1)}, ("evidence", Problem.TOO_MANY)),
        ({"account": "x\n" * MOST_LINES}, None),
        ({"account": "x\n" * (MOST_LINES + 1)}, ("account", Problem.TOO_MANY)),
        ({"measures": "Mme Dupont reçue"}, ("measures", Identity.NAME)),
        ({"lessons": "rappeler le 06 12 34 56 78"}, ("lessons", Identity.PHONE)),
        ({"evidence": ("a", "né le 1er mai")}, ("evidence", Identity.BIRTH_DATE)),
    ],
)
def test_the_field_and_the_reason_are_named(
    changes: dict[str, Any], problem: tuple[str, str] | None
) -> None:
    assert problem_of(replace(FACTS, **changes), Status.COMPLETE, NOW) == problem


def test_a_draft_need_not_say_what_happened() -> None:
    assert problem_of(Facts(at=NOW), Status.DRAFT, NOW) is None
    assert problem_of(longest_facts(), Status.COMPLETE, NOW) is None


# --- drafts that open by themselves --------------------------------------------------


def place_of(part: str) -> Place:
    return DOOR if part == "door1" else Place(id=part, name=part)


def forced(**changes: Any) -> AnnounceDoor:
    return AnnounceDoor(kind=DoorEventKind.FORCED, door="door1", **changes)


def intrusion(event: IntrusionEvent, *sensors: str) -> AnnounceIntrusion:
    return AnnounceIntrusion(
        event=event, arm_mode=ArmMode.AWAY, was=AlarmPhase.ARMED, sensors=sensors
    )


def panic(event: PanicEvent, **changes: Any) -> AnnouncePanic:
    values = {
        "id": "p1",
        "kind": PanicKind.HOLD_UP,
        "location": "Accueil",
        "place": "desk",
        "raised_at": NOW,
        "since": NOW,
        "announced_at": NOW,
        "by": SYSTEM,
    } | changes
    return AnnouncePanic(event=event, panic=Panic(**values), by=SYSTEM)


def test_a_forced_door_opens_a_draft_there() -> None:
    draft = draft_of(forced(), NOW, place_of)
    assert draft == Draft(cause=Cause.FORCED_DOOR, facts=Facts(at=NOW), door=DOOR)


def test_an_alarm_opens_a_draft_where_it_tripped_first() -> None:
    tripped = intrusion(IntrusionEvent.TRIGGERED, "door1", "window")
    draft = draft_of(tripped, NOW, place_of)
    assert draft == Draft(cause=Cause.INTRUSION, facts=Facts(at=NOW), door=DOOR)
    somewhere = draft_of(intrusion(IntrusionEvent.TRIGGERED), NOW, place_of)
    assert somewhere == Draft(cause=Cause.INTRUSION, facts=Facts(at=NOW))


def test_a_call_for_help_opens_a_draft_and_a_drill_none() -> None:
    draft = draft_of(panic(PanicEvent.RAISED), NOW, place_of)
    assert draft == Draft(
        cause=Cause.PANIC,
        facts=Facts(at=NOW),
        door=Place(id="desk", name="Accueil"),
        began_with="p1",
    )
    nowhere = draft_of(panic(PanicEvent.RAISED, location=""), NOW, place_of)
    assert nowhere is not None
    assert nowhere.door is None
    assert draft_of(panic(PanicEvent.RAISED, drill=True), NOW, place_of) is None


def test_what_is_heard_late_happened_when_the_device_saw_it() -> None:
    seen = NOW - timedelta(hours=3)
    draft = draft_of(forced(late=True, device_time=seen), NOW, place_of)
    assert draft is not None
    assert draft.facts.at == seen
    ahead = forced(late=True, device_time=NOW + timedelta(days=1))
    draft = draft_of(ahead, NOW, place_of)
    assert draft is not None
    assert draft.facts.at == NOW


@pytest.mark.parametrize(
    "effect",
    [
        *(
            AnnounceDoor(kind=kind, door="door1")
            for kind in DoorEventKind
            if kind is not DoorEventKind.FORCED
        ),
        *(
            intrusion(event)
            for event in IntrusionEvent
            if event is not IntrusionEvent.TRIGGERED
        ),
        *(panic(event) for event in PanicEvent if event is not PanicEvent.RAISED),
        AnnounceMode(from_mode=Mode.OPEN, to_mode=Mode.CLOSED, by=SYSTEM),
    ],
)
def test_nothing_else_opens_one(effect: Effect) -> None:
    assert draft_of(effect, NOW, place_of) is None


def draft(
    after: timedelta = timedelta(),
    door: Place | None = DOOR,
    cause: Cause = Cause.FORCED_DOOR,
    began_with: str | None = None,
) -> Draft:
    facts = Facts(at=NOW + after)
    return Draft(cause=cause, facts=facts, door=door, began_with=began_with)


def test_a_door_that_is_forced_again_belongs_to_the_draft_that_is_open() -> None:
    entry = opened(draft())
    incidents = fold((entry,))
    assert is_open_already(draft(SAME_INCIDENT), incidents.values())
    later = draft(SAME_INCIDENT + timedelta(seconds=1))
    assert not is_open_already(later, incidents.values())
    elsewhere = draft(door=Place(id="door2", name="Cour"))
    assert not is_open_already(elsewhere, incidents.values())
    done = correction(incidents[entry.id], Status.COMPLETE, FACTS, at=NOW, by=MANAGER)
    assert done is not None
    assert not is_open_already(draft(), take_in(incidents, done).values())


def test_the_alarm_and_the_door_that_was_forced_for_it_are_one_incident() -> None:
    alarm = draft(door=Place(id="motion", name="Couloir"), cause=Cause.INTRUSION)
    assert is_open_already(alarm, fold((opened(draft()),)).values())
    assert is_open_already(draft(), fold((opened(alarm),)).values())
    assert is_open_already(alarm, fold((opened(alarm),)).values())
    written = opened(Draft(cause=Cause.PERSON, facts=Facts(at=NOW)))
    assert not is_open_already(alarm, fold((written,)).values())


def test_each_call_for_help_is_one_incident_and_no_break_in() -> None:
    first = draft(cause=Cause.PANIC, began_with="p1")
    incidents = fold((opened(first, Status.COMPLETE),)).values()
    again = draft(timedelta(hours=2), cause=Cause.PANIC, began_with="p1")
    assert is_open_already(again, incidents)
    other = draft(cause=Cause.PANIC, began_with="p2")
    assert not is_open_already(other, incidents)
    assert not is_open_already(draft(), fold((opened(first),)).values())


def test_the_draft_of_a_call_for_help_is_shown_once_somebody_has_looked() -> None:
    for cause, status, shown in (
        (Cause.PANIC, Status.DRAFT, False),
        (Cause.PANIC, Status.COMPLETE, True),
        (Cause.INTRUSION, Status.DRAFT, True),
    ):
        (incident,) = fold((opened(draft(cause=cause), status),)).values()
        assert incident.may_be_shown is shown


def test_the_facts_of_an_incident_hold_no_field_for_a_name() -> None:
    assert encode(FACTS).keys() == {
        "at", "location", "setting", "kinds", "motives", "author", "victim", "weapon",
        "work_stoppage", "legal_step", "severity_persons", "severity_property",
        "account", "measures", "lessons", "evidence", "drill",
    }  # fmt: skip
