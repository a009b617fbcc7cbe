"""An incident: what a person writes of it, and how it came to be on record.

Fields as in DOMAIN, *Register of incidents*. Nothing here names a patient; free texts
are looked at by `identity` before they come in. The scale of severity is that of the
national observatory of violence in health care, ONVS *(to verify)*.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Any, Final
from uuid import uuid4

from mashumaro.codecs.basic import BasicDecoder, BasicEncoder
from mashumaro.exceptions import InvalidFieldValue, MissingField

from ..practice.people import Actor
from .model import EntryType, NewEntry, Place


class Location(StrEnum):
    """Where it happened."""

    ENTRANCE = "entrance"
    CORRIDOR = "corridor"
    WAITING_ROOM = "waiting_room"
    RECEPTION = "reception"
    CONSULTATION_ROOM = "consultation_room"
    TOILETS = "toilets"
    BREAK_ROOM = "break_room"
    MEDICINE_STORE = "medicine_store"
    STREET = "street"
    AT_A_PATIENTS = "at_a_patients"
    REMOTE = "remote"  # by telephone or online
    ELSEWHERE = "elsewhere"


class Setting(StrEnum):
    """What was going on."""

    CONSULTATION = "consultation"
    RECEIVING = "receiving"
    WAITING = "waiting"
    ON_CALL = "on_call"
    HOME_VISIT = "home_visit"
    TELEPHONE = "telephone"
    ONLINE = "online"
    CLOSED = "closed"
    OTHER = "other"


class IncidentKind(StrEnum):
    """What it was; several at once are usual."""

    INSULTS = "insults"
    THREATS = "threats"
    HARASSMENT = "harassment"
    WEAPON_SHOWN = "weapon_shown"
    ASSAULT = "assault"
    SEXUAL_ASSAULT = "sexual_assault"
    ARMED_ASSAULT = "armed_assault"
    FALSIFIED_PRESCRIPTION = "falsified_prescription"
    THEFT = "theft"
    VANDALISM = "vandalism"
    BREAK_IN = "break_in"
    ROBBERY = "robbery"
    INTRUSION = "intrusion"
    CYBER = "cyber"
    OTHER = "other"


class Motive(StrEnum):
    """What it was about, as far as known."""

    REFUSED_PRESCRIPTION = "refused_prescription"
    REFUSED_SICK_NOTE = "refused_sick_note"
    REFUSED_CERTIFICATE = "refused_certificate"
    CARE_DISPUTED = "care_disputed"
    REFUSED_CARE = "refused_care"
    WAITING_TIME = "waiting_time"
    FEES = "fees"
    GAIN = "gain"
    STATE_OF_MIND = "state_of_mind"
    OTHER = "other"
    UNKNOWN = "unknown"


class Author(StrEnum):
    """Who did it: a role, never a name."""

    PATIENT = "patient"
    COMPANION = "companion"
    OTHER = "other"
    UNKNOWN = "unknown"


class Victim(StrEnum):
    """Whom it happened to: a role, never a name."""

    DOCTOR = "doctor"
    LOCUM = "locum"
    SECRETARY = "secretary"
    MANAGER = "manager"
    CLEANER = "cleaner"
    OTHER_CARER = "other_carer"
    PATIENT = "patient"
    OTHER = "other"
    NOBODY = "nobody"


class Weapon(StrEnum):
    """What was shown or used."""

    NONE = "none"
    FIREARM = "firearm"
    BLADE = "blade"
    OBJECT = "object"
    DOG = "dog"
    SPRAY = "spray"
    OTHER = "other"


class LegalStep(StrEnum):
    """What was declared to the police or the gendarmerie."""

    NONE = "none"
    MAIN_COURANTE = "main_courante"
    COMPLAINT = "complaint"


class Status(StrEnum):
    """Where an incident stands on record."""

    DRAFT = "draft"  # opened, and waiting for somebody to say what it was
    COMPLETE = "complete"
    VOID = "void"  # a false alarm or a mistake; kept, and counted nowhere


class Cause(StrEnum):
    """What opened an incident."""

    PERSON = "person"
    AUTOMATION = "automation"
    PANIC = "panic"
    INTRUSION = "intrusion"
    FORCED_DOOR = "forced_door"


# A form with all texts at their longest still prints on one page of A4.
LONGEST: Final[Mapping[str, int]] = {
    "account": 1000,
    "measures": 400,
    "lessons": 400,
    "evidence": 100,
}
MOST_EVIDENCE: Final = 4
MOST_LINES: Final = 5
HIGHEST_FOR_PERSONS: Final = 4
HIGHEST_FOR_PROPERTY: Final = 3
LONGEST_STOPPAGE: Final = 999

# Events of entries of the type `incident`.
OPENED: Final = "opened"
CORRECTED: Final = "corrected"

_FOR_PERSONS: Final[Mapping[IncidentKind, int]] = {
    IncidentKind.INSULTS: 1,
    IncidentKind.THREATS: 2,
    IncidentKind.HARASSMENT: 2,
    IncidentKind.WEAPON_SHOWN: 2,
    IncidentKind.ASSAULT: 3,
    IncidentKind.SEXUAL_ASSAULT: 3,
    IncidentKind.ARMED_ASSAULT: 4,
}
_FOR_PROPERTY: Final[Mapping[IncidentKind, int]] = {
    IncidentKind.THEFT: 1,
    IncidentKind.VANDALISM: 1,
    IncidentKind.BREAK_IN: 2,
    IncidentKind.ROBBERY: 3,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What people write of an incident. `None` is not known, or not said yet."""

    at: datetime
    location: Location | None = None
    setting: Setting | None = None
    kinds: tuple[IncidentKind, ...] = ()
    motives: tuple[Motive, ...] = ()
    author: Author | None = None
    victim: Victim | None = None
    weapon: Weapon | None = None
    # Days off work that a doctor prescribed; 0 is none.
    work_stoppage: int | None = None
    legal_step: LegalStep | None = None
    # ONVS: 1 to 4 for persons, 1 to 3 for property (to verify).
    severity_persons: int | None = None
    severity_property: int | None = None
    account: str = ""
    measures: str = ""
    lessons: str = ""
    evidence: tuple[str, ...] = ()
    drill: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Incident:
    """An incident as it stands once its corrections are counted in."""

    id: str
    status: Status
    cause: Cause
    facts: Facts
    opened_at: datetime
    opened_by: str
    # The door, and the session of the panic or alarm, that it began with.
    door: Place | None = None
    began_with: str | None = None
    corrections: int = 0
    changed_at: datetime
    changed_by: str

    @property
    def counts(self) -> bool:
        """Whether statistics count it: neither a drill nor a mistake."""
        return self.status is not Status.VOID and not self.facts.drill

    @property
    def may_be_shown(self) -> bool:
        """Whether screens of the practice may show it.

        The draft of a call for help waits until somebody who manages has looked at it:
        the silent path shows nothing at the place of the attack (DOMAIN: *Panic*).
        """
        return self.status is not Status.DRAFT or self.cause is not Cause.PANIC


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """An incident that is about to be opened, and what opens it."""

    cause: Cause
    facts: Facts
    door: Place | None = None
    began_with: str | None = None


_ENCODER = BasicEncoder(Facts)
_DECODER = BasicDecoder(Facts)


def proposed_severity(kinds: Collection[IncidentKind]) -> tuple[int | None, int | None]:
    """Return the severity for persons and for property that these kinds suggest."""
    return (
        max(
            (_FOR_PERSONS[kind] for kind in kinds if kind in _FOR_PERSONS), default=None
        ),
        max(
            (_FOR_PROPERTY[kind] for kind in kinds if kind in _FOR_PROPERTY),
            default=None,
        ),
    )


def encode(facts: Facts) -> dict[str, Any]:
    """Return facts as JSON knows them."""
    encoded: dict[str, Any] = _ENCODER.encode(facts)
    return encoded


def decode(encoded: Mapping[str, Any]) -> Facts:
    """Return facts from JSON. Raises ValueError where they cannot be understood."""
    try:
        return _DECODER.decode(dict(encoded))
    except (InvalidFieldValue, MissingField, TypeError, AttributeError) as err:
        raise ValueError("The facts of an incident cannot be understood") from err


def opening(draft: Draft, status: Status, *, at: datetime, by: Actor) -> NewEntry:
    """Return the first entry of an incident, whose identifier is that of the incident."""
    incident = uuid4().hex
    return NewEntry(
        id=incident,
        session=incident,
        type=EntryType.INCIDENT,
        event=OPENED,
        at=at,
        actor=by,
        place=draft.door,
        outcome=status.value,
        details={
            "cause": draft.cause.value,
            "status": status.value,
            "facts": encode(draft.facts),
            "began_with": draft.began_with,
        },
    )


def correction(
    before: Incident, status: Status, facts: Facts, *, at: datetime, by: Actor
) -> NewEntry | None:
    """Return the entry that corrects an incident, or None where nothing differs.

    It points at the first entry, and says only what is different now.
    """
    old, new = encode(before.facts), encode(facts)
    changed = {key: value for key, value in new.items() if value != old[key]}
    if not changed and status is before.status:
        return None
    return NewEntry(
        session=before.id,
        type=EntryType.INCIDENT,
        event=CORRECTED,
        at=at,
        actor=by,
        place=before.door,
        outcome=status.value,
        details={"corrects": before.id, "status": status.value, "facts": changed},
    )


def take_in(incidents: Mapping[str, Incident], entry: NewEntry) -> dict[str, Incident]:
    """Return the incidents with one more entry of the register counted in.

    A correction of an incident that retention has removed changes nothing, and neither
    does an entry that cannot be understood: `verify` finds what was altered.
    """
    known = incidents.get(entry.session or "")
    try:
        changed = _opened(entry) if known is None else _corrected(known, entry)
    except ValueError, KeyError, TypeError, AttributeError:
        changed = None
    return {**incidents, changed.id: changed} if changed else {**incidents}


def _opened(entry: NewEntry) -> Incident | None:
    if entry.event != OPENED or entry.session is None:
        return None
    by = entry.actor.name if entry.actor else ""
    return Incident(
        id=entry.session,
        status=Status(entry.details["status"]),
        cause=Cause(entry.details["cause"]),
        facts=decode(entry.details["facts"]),
        opened_at=entry.at,
        opened_by=by,
        door=entry.place,
        began_with=entry.details["began_with"],
        changed_at=entry.at,
        changed_by=by,
    )


def _corrected(known: Incident, entry: NewEntry) -> Incident | None:
    if entry.event != CORRECTED:
        return None
    return replace(
        known,
        status=Status(entry.details["status"]),
        facts=decode({**encode(known.facts), **entry.details["facts"]}),
        corrections=known.corrections + 1,
        changed_at=entry.at,
        changed_by=entry.actor.name if entry.actor else "",
    )


def fold(entries: Iterable[NewEntry]) -> dict[str, Incident]:
    """Return the incidents as they stand after these entries, in their order."""
    incidents: dict[str, Incident] = {}
    for entry in entries:
        incidents = take_in(incidents, entry)
    return incidents
