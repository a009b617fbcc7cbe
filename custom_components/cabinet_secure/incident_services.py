"""Actions that put incidents on record and correct them.

Everybody of the practice may log one: whoever was there writes it down. An automation
may open a draft, and no more. Only those who manage correct, and so complete a draft.
"""

from typing import Final

from homeassistant.core import (
    HomeAssistant,
    ServiceCall,
    ServiceResponse,
    SupportsResponse,
    callback,
)
from homeassistant.exceptions import ServiceValidationError
from homeassistant.helpers import config_validation as cv
from homeassistant.util import dt as dt_util
import voluptuous as vol

from .const import (
    ATTR_DRAFT,
    ATTR_INCIDENT,
    ATTR_PRACTICE,
    ATTR_STATUS,
    CONF_LANGUAGE,
    DOMAIN,
)
from .coordinator import PracticeCoordinator
from .hours_services import async_practice
from .incident_input import FACTS_FIELDS, facts_of
from .people import async_actor
from .practice.people import ActorKind
from .register import RegisterError
from .register.checking import problem_of, with_severity
from .register.incident import Cause, Draft, Facts, Incident, Status
from .register.incident_form import reference
from .register.words import Words
from .register_reading import register_unavailable
from .register_words import async_words

SERVICE_LOG: Final = "log_incident"
SERVICE_CORRECT: Final = "correct_incident"

_LOG = vol.Schema(
    {
        vol.Optional(ATTR_PRACTICE): cv.string,
        vol.Optional(ATTR_DRAFT, default=False): cv.boolean,
        **FACTS_FIELDS,
    }
)
_CORRECT = vol.Schema(
    {
        vol.Optional(ATTR_PRACTICE): cv.string,
        vol.Required(ATTR_INCIDENT): cv.string,
        vol.Optional(ATTR_STATUS): vol.All(
            vol.In([status.value for status in Status]), vol.Coerce(Status)
        ),
        **FACTS_FIELDS,
    }
)


@callback
def async_setup_incident_services(hass: HomeAssistant) -> None:
    """Register the actions, whether or not a practice is set up yet."""

    async def log(call: ServiceCall) -> ServiceResponse:
        """Put an incident on record; respond with how it is called.

        Raises ServiceValidationError where the caller may not or a field is wrong, and
        HomeAssistantError where the register takes nothing.
        """
        coordinator = async_practice(hass, call)
        actor = await async_actor(hass, call.context)
        automated = actor.kind is ActorKind.AUTOMATION
        if not automated and not coordinator.config.belongs(actor):
            raise not_allowed()
        draft = automated or call.data[ATTR_DRAFT]
        status = Status.DRAFT if draft else Status.COMPLETE
        facts = with_severity(facts_of(call.data, Facts(at=dt_util.now())))
        words = await _words(hass, coordinator)
        check(facts, status, words)
        try:
            incident = await coordinator.incidents.async_log(
                Draft(
                    cause=Cause.AUTOMATION if automated else Cause.PERSON, facts=facts
                ),
                status,
                actor,
            )
        except RegisterError as err:
            raise register_unavailable() from err
        return _response(incident, words)

    async def correct(call: ServiceCall) -> ServiceResponse:
        """Correct an incident by a new entry; respond with how it stands then.

        Raises ServiceValidationError where the caller may not, there is no such
        incident or a field is wrong, and HomeAssistantError where the register takes
        nothing.
        """
        coordinator = async_practice(hass, call)
        actor = await async_actor(hass, call.context)
        if not coordinator.config.may_manage(actor):
            raise not_allowed()
        before = incident_of(coordinator, call.data[ATTR_INCIDENT])
        status = call.data.get(ATTR_STATUS, before.status)
        facts = with_severity(facts_of(call.data, before.facts))
        words = await _words(hass, coordinator)
        check(facts, status, words)
        try:
            incident = await coordinator.incidents.async_correct(
                before, status, facts, actor
            )
        except RegisterError as err:
            raise register_unavailable() from err
        return _response(incident, words)

    for name, action, schema in (
        (SERVICE_LOG, log, _LOG),
        (SERVICE_CORRECT, correct, _CORRECT),
    ):
        hass.services.async_register(
            DOMAIN,
            name,
            action,
            schema=schema,
            supports_response=SupportsResponse.OPTIONAL,
        )


@callback
def incident_of(coordinator: PracticeCoordinator, incident: str) -> Incident:
    """Return an incident by its identifier.

    Raises HomeAssistantError where the register was not read yet, and
    ServiceValidationError where there is none.
    """
    if (known := coordinator.incidents.known) is None:
        raise register_unavailable()
    if incident not in known:
        raise ServiceValidationError(
            translation_domain=DOMAIN, translation_key="unknown_incident"
        )
    return known[incident]


def check(facts: Facts, status: Status, words: Words) -> None:
    """Raise ServiceValidationError, naming the field and the reason, where it is wrong."""
    if problem := problem_of(facts, status, dt_util.now()):
        field, why = problem
        raise ServiceValidationError(
            translation_domain=DOMAIN,
            translation_key=f"incident_{why}",
            translation_placeholders={"field": words("incident_field", field)},
        )


def not_allowed() -> ServiceValidationError:
    """Return the translated error for somebody who may not."""
    return ServiceValidationError(
        translation_domain=DOMAIN, translation_key="refused_not_allowed"
    )


async def _words(hass: HomeAssistant, coordinator: PracticeCoordinator) -> Words:
    return await async_words(hass, coordinator.entry.data[CONF_LANGUAGE])


def _response(incident: Incident, words: Words) -> ServiceResponse:
    return {
        "incident": incident.id,
        "reference": reference(incident, words),
        "status": incident.status.value,
        "severity_persons": incident.facts.severity_persons,
        "severity_property": incident.facts.severity_property,
        "corrections": incident.corrections,
    }
