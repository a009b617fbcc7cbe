"""Actions that keep evidence, and that find out whether the register is whole."""

import asyncio
from contextlib import suppress
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Final

from homeassistant.core import (
    HomeAssistant,
    ServiceCall,
    ServiceResponse,
    SupportsResponse,
    callback,
)
from homeassistant.exceptions import HomeAssistantError, ServiceValidationError
from homeassistant.helpers import config_validation as cv
from homeassistant.util import dt as dt_util
import voluptuous as vol

from .const import ATTR_PRACTICE, ATTR_UNTIL, DOMAIN
from .coordinator import PracticeCoordinator
from .hours_services import async_practice
from .people import async_actor
from .practice.effects import Refusal
from .practice.people import Actor, ActorKind
from .register import Freeze, Query, RegisterError, freeze

SERVICE_FREEZE_EVIDENCE: Final = "freeze_evidence"
SERVICE_VERIFY_REGISTER: Final = "verify_register"

ATTR_ENTRIES: Final = "entries"
ATTR_REASON: Final = "reason"
ATTR_SESSIONS: Final = "sessions"
ATTR_SINCE: Final = "since"
ATTR_KEEP_UNTIL: Final = "keep_until"

# Years for which evidence may be kept at most; a longer procedure is frozen again.
LONGEST: Final = timedelta(days=3653)
# Seconds for which an action waits for the disk.
_PATIENCE: Final = 5
# What one freeze may name.
MOST_NAMED: Final = 200

_NAMES = vol.All(cv.ensure_list, [cv.string], vol.Length(max=MOST_NAMED))
_VERIFY = vol.Schema({vol.Optional(ATTR_PRACTICE): cv.string})
_FREEZE = _VERIFY.extend(
    {
        vol.Optional(ATTR_SESSIONS, default=list): _NAMES,
        vol.Optional(ATTR_ENTRIES, default=list): _NAMES,
        vol.Inclusive(ATTR_SINCE, "period"): cv.datetime,
        vol.Inclusive(ATTR_UNTIL, "period"): cv.datetime,
        vol.Required(ATTR_REASON): vol.All(cv.string, vol.Length(min=3, max=500)),
        vol.Required(ATTR_KEEP_UNTIL): cv.date,
    }
)


class Refused(StrEnum):
    """Why nothing is frozen (keys of texts)."""

    UNTIL = "until"
    PERIOD = "period"
    NOTHING = "nothing"
    UNKNOWN = "unknown"


@callback
def async_setup_evidence_services(hass: HomeAssistant) -> None:
    """Register the actions."""

    async def freeze_evidence(call: ServiceCall) -> ServiceResponse:
        return await _freeze(hass, call)

    async def verify_register(call: ServiceCall) -> ServiceResponse:
        return await _verify(hass, call)

    hass.services.async_register(
        DOMAIN,
        SERVICE_FREEZE_EVIDENCE,
        freeze_evidence,
        schema=_FREEZE,
        supports_response=SupportsResponse.OPTIONAL,
    )
    hass.services.async_register(
        DOMAIN,
        SERVICE_VERIFY_REGISTER,
        verify_register,
        schema=_VERIFY,
        supports_response=SupportsResponse.ONLY,
    )


async def _freeze(hass: HomeAssistant, call: ServiceCall) -> ServiceResponse:
    """Keep entries for a complaint; respond with how many there are at the moment.

    Raises ServiceValidationError where the caller may not, or where one of the things
    named is not on record: to believe that it is kept would be worse.
    """
    coordinator = async_practice(hass, call)
    actor = await async_actor(hass, call.context)
    if not coordinator.config.may_manage(actor):
        raise _not_allowed()
    wanted = _wanted(call.data)
    try:
        kept = await _count(coordinator, wanted)
        entry = freeze(wanted, by=actor, at=dt_util.now())
        # It stands once it is accepted, as nothing is removed before it is written.
        with suppress(TimeoutError):
            async with asyncio.timeout(_PATIENCE):
                await coordinator.records.append(entry)
    except RegisterError as err:
        raise _unavailable() from err
    return {"freeze": entry.id, "entries": kept}


def _wanted(data: dict[str, Any]) -> Freeze:
    until = dt_util.start_of_local_day(data[ATTR_KEEP_UNTIL] + timedelta(days=1))
    now = dt_util.now()
    if not now < until <= now + LONGEST:
        raise _refused(Refused.UNTIL)
    periods: tuple[tuple[datetime, datetime], ...] = ()
    if ATTR_SINCE in data:
        start, end = (dt_util.as_local(data[name]) for name in (ATTR_SINCE, ATTR_UNTIL))
        if start >= end:
            raise _refused(Refused.PERIOD)
        periods = ((start, end),)
    wanted = Freeze(
        why=data[ATTR_REASON],
        until=until,
        sessions=frozenset(data[ATTR_SESSIONS]),
        entries=frozenset(data[ATTR_ENTRIES]),
        periods=periods,
    )
    if not (wanted.sessions or wanted.entries or wanted.periods):
        raise _refused(Refused.NOTHING)
    return wanted


async def _count(coordinator: PracticeCoordinator, wanted: Freeze) -> int:
    """Return how many entries are kept by a freeze; each part has to be of some use."""
    register = coordinator.records.register
    queries = [
        *((session, Query(session=session)) for session in sorted(wanted.sessions)),
        *((each, Query(ids=frozenset({each}))) for each in sorted(wanted.entries)),
        *(
            (start.isoformat(), Query(start=start, end=end))
            for start, end in wanted.periods
        ),
    ]
    kept = 0
    for name, query in queries:
        if not (found := await register.count(query)):
            raise _refused(Refused.UNKNOWN, name=name)
        kept += found
    return kept


async def _verify(hass: HomeAssistant, call: ServiceCall) -> ServiceResponse:
    """Verify the register; respond with what is wrong with it.

    The response names nobody; automations may ask for it too. Raises
    ServiceValidationError where the caller may not.
    """
    coordinator = async_practice(hass, call)
    if not _may_verify(coordinator, await async_actor(hass, call.context)):
        raise _not_allowed()
    try:
        verified = await coordinator.records.async_verify()
    except RegisterError as err:
        raise _unavailable() from err
    return {
        "intact": verified.intact,
        "entries": verified.entries,
        "removed": verified.removed,
        "faults": [
            {"kind": fault.kind.value, "entry": fault.sequence}
            for fault in verified.faults
        ],
        "interruptions": list(verified.interruptions),
    }


def _may_verify(coordinator: PracticeCoordinator, actor: Actor) -> bool:
    return actor.kind is ActorKind.AUTOMATION or coordinator.config.may_manage(actor)


def _refused(refusal: Refused, **placeholders: str) -> ServiceValidationError:
    return ServiceValidationError(
        translation_domain=DOMAIN,
        translation_key=f"freeze_{refusal}",
        translation_placeholders=placeholders,
    )


def _not_allowed() -> ServiceValidationError:
    return ServiceValidationError(
        translation_domain=DOMAIN, translation_key=f"refused_{Refusal.NOT_ALLOWED}"
    )


def _unavailable() -> HomeAssistantError:
    return HomeAssistantError(
        translation_domain=DOMAIN, translation_key="register_unavailable"
    )
