"""Actions on grants: only those who manage a practice take them."""

from typing import Any, Final

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
    ATTR_CARD,
    ATTR_ENDED,
    ATTR_GRANT,
    ATTR_LABEL,
    ATTR_MEANS,
    ATTR_PERSON,
    ATTR_REASON,
    ATTR_ROLE,
    ATTR_USES,
    ATTR_VALID_FROM,
    ATTR_VALID_TO,
    ATTR_WINDOWS,
    CONF_DOOR,
    DOMAIN,
    LANGUAGES,
)
from .coordinator import CabinetSecureConfigEntry, PracticeCoordinator
from .granting import LONGEST_LABEL, Wish, async_grant
from .grants_view import DAYS, grant_view, shared_text
from .people import async_actor
from .practice.effects import Refusal
from .practice.grants.events import RevokeHolderRequested, RevokeRequested
from .practice.grants.model import GrantRole, Means, WeeklyWindow

SERVICE_GRANT_ACCESS: Final = "grant_access"
SERVICE_REVOKE_ACCESS: Final = "revoke_access"
SERVICE_LIST_GRANTS: Final = "list_grants"

_WINDOW = vol.Schema(
    {
        vol.Required("days"): vol.All(
            cv.ensure_list, vol.Length(min=1), [vol.In(DAYS)]
        ),
        vol.Required("start"): cv.time,
        vol.Required("end"): cv.time,
    }
)
_GRANT_ACCESS = vol.Schema(
    {
        vol.Required(ATTR_LABEL): vol.All(
            cv.string, str.strip, vol.Length(min=1, max=LONGEST_LABEL)
        ),
        vol.Optional(ATTR_PERSON): cv.entity_id,
        vol.Required(ATTR_ROLE): vol.Coerce(GrantRole),
        vol.Optional(ATTR_MEANS, default=Means.CODE): vol.Coerce(Means),
        vol.Optional(ATTR_CARD, default=""): cv.string,
        vol.Required(CONF_DOOR): vol.All(
            cv.ensure_list, vol.Length(min=1), [cv.string]
        ),
        vol.Optional(ATTR_VALID_FROM): cv.datetime,
        vol.Required(ATTR_VALID_TO): cv.datetime,
        vol.Optional(ATTR_WINDOWS, default=list): vol.All(cv.ensure_list, [_WINDOW]),
        vol.Optional(ATTR_USES): cv.positive_int,
        vol.Optional(ATTR_REASON, default=""): cv.string,
    }
)
_REVOKE_ACCESS = vol.All(
    vol.Schema({vol.Optional(ATTR_GRANT): cv.string, vol.Optional(ATTR_PERSON): str}),
    cv.has_at_least_one_key(ATTR_GRANT, ATTR_PERSON),
)
_LIST_GRANTS = vol.Schema({vol.Optional(ATTR_ENDED, default=False): cv.boolean})


@callback
def async_setup_grant_services(hass: HomeAssistant) -> None:
    """Register the actions, whether or not a practice is set up yet."""
    hass.services.async_register(
        DOMAIN,
        SERVICE_GRANT_ACCESS,
        _grant_access,
        schema=_GRANT_ACCESS,
        supports_response=SupportsResponse.ONLY,
    )
    hass.services.async_register(
        DOMAIN,
        SERVICE_REVOKE_ACCESS,
        _revoke_access,
        schema=_REVOKE_ACCESS,
        supports_response=SupportsResponse.OPTIONAL,
    )
    hass.services.async_register(
        DOMAIN,
        SERVICE_LIST_GRANTS,
        _list_grants,
        schema=_LIST_GRANTS,
        supports_response=SupportsResponse.ONLY,
    )


async def _grant_access(call: ServiceCall) -> ServiceResponse:
    """Let somebody in; the response holds the code or link, shown nowhere else."""
    data = call.data
    coordinator, doors = _doors(call.hass, data[CONF_DOOR])
    begins = data.get(ATTR_VALID_FROM)
    grant, secret = await async_grant(
        coordinator,
        await async_actor(call.hass, call.context),
        Wish(
            label=data[ATTR_LABEL],
            person=data.get(ATTR_PERSON),
            role=data[ATTR_ROLE],
            means=data[ATTR_MEANS],
            card=data[ATTR_CARD],
            doors=doors,
            valid_from=dt_util.as_utc(begins) if begins else dt_util.utcnow(),
            valid_to=dt_util.as_utc(data[ATTR_VALID_TO]),
            windows=tuple(_window(window) for window in data[ATTR_WINDOWS]),
            uses=data.get(ATTR_USES),
            reason=data[ATTR_REASON],
        ),
    )
    response = grant_view(coordinator, grant)
    if secret is not None:
        response["link" if grant.means is Means.LINK else "code"] = secret
    return response | {
        f"text_{language}": shared_text(coordinator, grant, secret, language)
        for language in LANGUAGES
    }


async def _revoke_access(call: ServiceCall) -> ServiceResponse:
    """End a grant, or all of a person's; respond with what devices still have."""
    actor = await async_actor(call.hass, call.context)
    grant: str | None = call.data.get(ATTR_GRANT)
    holder: str = call.data.get(ATTR_PERSON, "")
    coordinator = _practice_of(call.hass, grant, holder)
    before = {each.id for each in coordinator.state.grants.grants if not each.ended}
    await coordinator.async_request(
        RevokeRequested(actor=actor, grant=grant)
        if grant
        else RevokeHolderRequested(actor=actor, holder=holder)
    )
    revoked = [
        each
        for each in coordinator.state.grants.grants
        if each.id in before and each.ended
    ]
    await coordinator.lists.settled(
        held.equipment for each in revoked for held in each.holdings
    )
    after = coordinator.state.grants
    return {
        "revoked": [
            grant_view(coordinator, now)
            for each in revoked
            if (now := after.grant(each.id)) is not None
        ]
    }


async def _list_grants(call: ServiceCall) -> ServiceResponse:
    """Respond with the grants of the practices that the caller manages."""
    actor = await async_actor(call.hass, call.context)
    managed = [
        coordinator
        for coordinator in _coordinators(call.hass)
        if coordinator.config.may_manage(actor)
    ]
    if not managed:
        raise _refused(Refusal.NOT_ALLOWED)
    return {
        "grants": [
            grant_view(coordinator, grant)
            for coordinator in managed
            for grant in coordinator.state.grants.grants
            if call.data[ATTR_ENDED] or grant.ended is None or grant.holdings
        ]
    }


def _window(window: dict[str, Any]) -> WeeklyWindow:
    return WeeklyWindow(
        days=tuple(sorted({DAYS.index(day) for day in window["days"]})),
        start=window["start"],
        end=window["end"],
    )


def _coordinators(hass: HomeAssistant) -> list[PracticeCoordinator]:
    entries: list[CabinetSecureConfigEntry] = hass.config_entries.async_loaded_entries(
        DOMAIN
    )
    if not entries:
        raise ServiceValidationError(
            translation_domain=DOMAIN, translation_key="no_practice"
        )
    return [entry.runtime_data for entry in entries]


def _doors(
    hass: HomeAssistant, devices: list[str]
) -> tuple[PracticeCoordinator, tuple[str, ...]]:
    """Return the practice that has all these devices as doors, and the doors."""
    for coordinator in _coordinators(hass):
        doors = {coordinator.devices[door]: door for door in coordinator.doors}
        if {*devices} <= doors.keys():
            return coordinator, tuple(doors[device] for device in devices)
    raise _refused(Refusal.UNKNOWN_DOOR)


def _practice_of(
    hass: HomeAssistant, grant: str | None, holder: str
) -> PracticeCoordinator:
    """Return the practice that gave this, or any that can say that it did not."""
    coordinators = _coordinators(hass)
    name = holder.strip().casefold()
    return next(
        (
            coordinator
            for coordinator in coordinators
            for each in coordinator.state.grants.grants
            if each.ended is None
            and (each.id == grant or name in (each.holder, each.label.casefold()))
        ),
        coordinators[0],
    )


def _refused(refusal: Refusal) -> ServiceValidationError:
    return ServiceValidationError(
        translation_domain=DOMAIN, translation_key=f"refused_{refusal}"
    )
