"""Actions that read the register; only those who manage the practice take them."""

from collections.abc import Mapping
from datetime import date, datetime
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
from homeassistant.helpers.network import NoURLAvailableError, get_url
from homeassistant.util import dt as dt_util
import voluptuous as vol

from .const import (
    ATTR_CURSOR,
    ATTR_END,
    ATTR_FORMAT,
    ATTR_INCIDENT,
    ATTR_LIMIT,
    ATTR_MONTH,
    ATTR_PERSON,
    ATTR_PRACTICE,
    ATTR_START,
    ATTR_TYPES,
    CONF_DOOR,
    CONF_LANGUAGE,
    DOMAIN,
    LANGUAGES,
)
from .coordinator import PracticeCoordinator
from .hours_services import async_practice
from .incident_services import incident_of
from .people import async_actor
from .register import Cursor, Entry, EntryType, Query
from .register.incident import encode
from .register.summary import as_response
from .register_reading import File, RegisterReader

SERVICE_QUERY: Final = "query_register"
SERVICE_EXPORT: Final = "export_register"
SERVICE_SUMMARIZE: Final = "summarize_register"

FORMAT_CSV: Final = "csv"
FORMAT_FORM: Final = "incident_form"

_PRACTICE: Final[Mapping[vol.Marker, Any]] = {vol.Optional(ATTR_PRACTICE): cv.string}
_LANGUAGE: Final[Mapping[vol.Marker, Any]] = {
    vol.Optional(CONF_LANGUAGE): vol.In(LANGUAGES)
}
_FILTERS: Final[Mapping[vol.Marker, Any]] = {
    vol.Optional(ATTR_START): cv.datetime,
    vol.Optional(ATTR_END): cv.datetime,
    vol.Optional(ATTR_TYPES, default=list): vol.All(
        cv.ensure_list, [vol.In([kind.value for kind in EntryType])]
    ),
    vol.Optional(CONF_DOOR): cv.string,
    vol.Optional(ATTR_PERSON): cv.string,
}
_QUERY = vol.Schema(
    {
        **_PRACTICE,
        **_FILTERS,
        vol.Optional(ATTR_LIMIT, default=100): vol.All(
            vol.Coerce(int), vol.Range(min=1, max=500)
        ),
        vol.Optional(ATTR_CURSOR): cv.string,
    }
)
_EXPORT = vol.Schema(
    {
        **_PRACTICE,
        **_LANGUAGE,
        **_FILTERS,
        vol.Required(ATTR_FORMAT): vol.In((FORMAT_CSV, FORMAT_FORM)),
        vol.Optional(ATTR_INCIDENT): cv.string,
    }
)
_SUMMARIZE = vol.Schema({**_PRACTICE, **_LANGUAGE, vol.Optional(ATTR_MONTH): cv.date})


@callback
def async_setup_register_services(hass: HomeAssistant) -> None:
    """Register the actions, whether or not a practice is set up yet."""

    async def reading(call: ServiceCall) -> tuple[PracticeCoordinator, RegisterReader]:
        coordinator = async_practice(hass, call)
        actor = await async_actor(hass, call.context)
        return coordinator, RegisterReader(hass, coordinator, actor)

    async def query(call: ServiceCall) -> ServiceResponse:
        """Respond with a page of entries, and with where the next one begins."""
        coordinator, reader = await reading(call)
        page = await reader.async_query(_query(coordinator, call))
        return {
            "entries": [_entry(entry) for entry in page.entries],
            "cursor": f"{page.after.at}-{page.after.sequence}" if page.after else None,
            "damaged": list(page.damaged),
        }

    async def export(call: ServiceCall) -> ServiceResponse:
        """Respond with the link to a file that the caller alone can fetch, for a while."""
        coordinator, reader = await reading(call)
        language = call.data.get(CONF_LANGUAGE)
        if call.data[ATTR_FORMAT] == FORMAT_CSV:
            file, entries = await reader.async_csv(_query(coordinator, call), language)
            return {**_file(hass, file), "entries": entries}
        if ATTR_INCIDENT not in call.data:
            raise ServiceValidationError(
                translation_domain=DOMAIN, translation_key="incident_not_named"
            )
        incident = incident_of(coordinator, call.data[ATTR_INCIDENT])
        file = await reader.async_form(incident, language)
        return {**_file(hass, file), "facts": encode(incident.facts)}

    async def summarize(call: ServiceCall) -> ServiceResponse:
        """Respond with the figures of a month, and with the link to its page."""
        coordinator, reader = await reading(call)
        day: date = call.data.get(ATTR_MONTH, dt_util.now().date())
        summary, file = await reader.async_summary(
            day.replace(day=1),
            coordinator.incidents.newest_first(),
            call.data.get(CONF_LANGUAGE),
        )
        return {**as_response(summary), **_file(hass, file)}

    for name, action, schema in (
        (SERVICE_QUERY, query, _QUERY),
        (SERVICE_EXPORT, export, _EXPORT),
        (SERVICE_SUMMARIZE, summarize, _SUMMARIZE),
    ):
        hass.services.async_register(
            DOMAIN,
            name,
            action,
            schema=schema,
            supports_response=SupportsResponse.ONLY,
        )


def _query(coordinator: PracticeCoordinator, call: ServiceCall) -> Query:
    """Return what is asked for. Times without a zone are those of the practice."""

    def local(key: str) -> datetime | None:
        return dt_util.as_local(call.data[key]) if key in call.data else None

    return Query(
        start=local(ATTR_START),
        end=local(ATTR_END),
        types=frozenset(EntryType(kind) for kind in call.data[ATTR_TYPES]),
        place=_place(coordinator, call.data.get(CONF_DOOR)),
        person=call.data.get(ATTR_PERSON),
        limit=call.data.get(ATTR_LIMIT, 100),
        after=_cursor(call.data.get(ATTR_CURSOR)),
    )


def _place(coordinator: PracticeCoordinator, device: str | None) -> str | None:
    """Return the identifier of a place by its device; the name of another is itself."""
    return next(
        (
            place
            for place, identifier in coordinator.devices.items()
            if identifier == device
        ),
        device,
    )


def _cursor(text: str | None) -> Cursor | None:
    if text is None:
        return None
    try:
        at, sequence = (int(part) for part in text.split("-"))
    except ValueError as err:
        raise ServiceValidationError(
            translation_domain=DOMAIN, translation_key="unknown_cursor"
        ) from err
    return Cursor(at=at, sequence=sequence)


def _entry(entry: Entry) -> dict[str, Any]:
    return {
        "number": entry.sequence,
        "id": entry.id,
        "type": entry.type.value,
        "event": entry.event,
        "at": entry.at.isoformat(),
        "by": entry.actor.name if entry.actor else None,
        "by_kind": entry.actor.kind.value if entry.actor else None,
        "place": entry.place.name if entry.place else None,
        "outcome": entry.outcome,
        "session": entry.session,
        "details": dict(entry.details),
        "hash": entry.hash,
    }


def _file(hass: HomeAssistant, file: File) -> dict[str, Any]:
    try:
        url = f"{get_url(hass, allow_cloud=False)}{file.path}"
    except NoURLAvailableError:
        url = file.path
    return {
        "url": url,
        "path": file.path,
        "file_name": file.name,
        "expires_at": file.expires_at.isoformat(),
    }
