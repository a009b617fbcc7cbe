"""From what actions and forms give to the facts of an incident."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from enum import StrEnum
from typing import Any, Final

from homeassistant.helpers import config_validation as cv
from homeassistant.util import dt as dt_util
import voluptuous as vol

from .register.incident import (
    HIGHEST_FOR_PERSONS,
    HIGHEST_FOR_PROPERTY,
    LONGEST_STOPPAGE,
    Author,
    Facts,
    IncidentKind,
    LegalStep,
    Location,
    Motive,
    Setting,
    Victim,
    Weapon,
)


def _one(choices: type[StrEnum]) -> Any:
    return vol.All(
        cv.string, vol.In([each.value for each in choices]), vol.Coerce(choices)
    )


def _some(choices: type[StrEnum]) -> Any:
    return vol.All(cv.ensure_list, vol.Unique(), [_one(choices)], vol.Coerce(tuple))


def _level(highest: int) -> Any:
    # A list of choices gives texts.
    return vol.All(vol.Coerce(int), vol.Range(min=1, max=highest))


# Fields of an incident as actions take them; forms give the same.
FACTS_FIELDS: Final[Mapping[vol.Marker, Any]] = {
    vol.Optional("at"): cv.datetime,
    vol.Optional("location"): _one(Location),
    vol.Optional("setting"): _one(Setting),
    vol.Optional("kinds"): _some(IncidentKind),
    vol.Optional("motives"): _some(Motive),
    vol.Optional("author"): _one(Author),
    vol.Optional("victim"): _one(Victim),
    vol.Optional("weapon"): _one(Weapon),
    vol.Optional("work_stoppage"): vol.All(
        vol.Coerce(int), vol.Range(min=0, max=LONGEST_STOPPAGE)
    ),
    vol.Optional("legal_step"): _one(LegalStep),
    vol.Optional("severity_persons"): _level(HIGHEST_FOR_PERSONS),
    vol.Optional("severity_property"): _level(HIGHEST_FOR_PROPERTY),
    vol.Optional("account"): vol.All(cv.string, vol.Strip),
    vol.Optional("measures"): vol.All(cv.string, vol.Strip),
    vol.Optional("lessons"): vol.All(cv.string, vol.Strip),
    vol.Optional("evidence"): vol.All(
        cv.ensure_list,
        [vol.All(cv.string, vol.Strip, vol.Length(min=1))],
        vol.Coerce(tuple),
    ),
    vol.Optional("drill"): cv.boolean,
}
_NAMES: Final = frozenset(str(field) for field in FACTS_FIELDS)


def facts_of(data: Mapping[str, Any], before: Facts) -> Facts:
    """Return facts with what was given, and the rest as before.

    A time without a zone is the one on the practice's clock.
    """
    given = {name: value for name, value in data.items() if name in _NAMES}
    if isinstance(at := given.get("at"), datetime):
        given["at"] = dt_util.as_local(at)
    return replace(before, **given)
