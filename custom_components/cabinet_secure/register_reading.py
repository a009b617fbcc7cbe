"""Reading the register: queries, files and summaries, each of which is on record.

Only those who manage the practice read it; who may is looked at here, and again when a
file is fetched.
"""

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from functools import partial
import hashlib
from typing import Any, Final

from homeassistant.core import HomeAssistant, callback
from homeassistant.exceptions import HomeAssistantError, ServiceValidationError
from homeassistant.util import dt as dt_util, slugify

from .const import CONF_LANGUAGE, DOMAIN
from .coordinator import PracticeCoordinator
from .handout import LIFE, Handout, async_hand_out
from .practice.people import Actor
from .register import Entry, EntryType, NewEntry, Page, Query, RegisterError
from .register.csv_file import csv_file
from .register.incident import Incident
from .register.incident_form import incident_form, reference
from .register.summary import COUNTED, Summary, first_of_next, summarize
from .register.summary_page import summary_page
from .register_words import async_words

# A file with more is of no use to anybody; a shorter period is asked for.
MOST_IN_A_FILE: Final = 100_000
_PAGE: Final = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class File:
    """A file that waits to be fetched: by this path, until then."""

    name: str
    path: str
    expires_at: datetime


class RegisterReader:
    """The register of a practice, as one person reads it."""

    def __init__(
        self, hass: HomeAssistant, coordinator: PracticeCoordinator, actor: Actor
    ) -> None:
        """Begin to read; raises ServiceValidationError for somebody who may not."""
        if not coordinator.config.may_manage(actor):
            raise ServiceValidationError(
                translation_domain=DOMAIN, translation_key="refused_not_allowed"
            )
        self._hass = hass
        self._coordinator = coordinator
        self._actor = actor

    async def async_query(self, query: Query) -> Page:
        """Return a page of entries."""
        page = await self._page(query)
        self._record(
            EntryType.VIEWING,
            "queried",
            {**_asked(query), "entries": len(page.entries)},
        )
        return page

    async def async_csv(self, query: Query, language: str | None) -> tuple[File, int]:
        """Hand out entries as a file for spreadsheets; return it and their number.

        Raises ServiceValidationError where there are more than `MOST_IN_A_FILE`.
        """
        entries = await self._all(replace(query, newest_first=False))
        words = await async_words(self._hass, language or self._language)
        content = await self._hass.async_add_executor_job(csv_file, entries, words)
        now = dt_util.now()
        return self._hand_out(
            f"{slugify(self._title)}-{now:%Y%m%d-%H%M%S}.csv",
            "text/csv",
            content,
            {**_asked(query), "entries": len(entries)},
        ), len(entries)

    async def async_form(self, incident: Incident, language: str | None) -> File:
        """Hand out the printable form of an incident."""
        words = await async_words(self._hass, language or self._language)
        content = incident_form(
            incident, practice=self._title, printed_at=dt_util.now(), words=words
        )
        return self._hand_out(
            f"incident-{slugify(reference(incident, words), separator='-')}.html",
            "text/html",
            content,
            {"incident": incident.id},
        )

    async def async_summary(
        self, month: date, incidents: Collection[Incident], language: str | None
    ) -> tuple[Summary, File]:
        """Return the figures of a month, and hand them out as a page."""
        zone = dt_util.get_default_time_zone()
        entries = await self._all(
            Query(
                types=COUNTED,
                start=datetime.combine(month, time(), zone),
                end=datetime.combine(first_of_next(month), time(), zone),
                newest_first=False,
            )
        )
        summary = summarize(month, incidents, entries, zone)
        words = await async_words(self._hass, language or self._language)
        file = self._hand_out(
            f"{slugify(self._title)}-{month:%Y-%m}.html",
            "text/html",
            summary_page(summary, practice=self._title, words=words),
            {"month": f"{month:%Y-%m}"},
        )
        return summary, file

    @callback
    def _may_read(self) -> bool:
        return self._coordinator.config.may_manage(self._actor)

    # --- the register ----------------------------------------------------------------

    async def _page(self, query: Query) -> Page:
        try:
            return await self._coordinator.records.register.query(query)
        except RegisterError as err:
            raise register_unavailable() from err

    async def _all(self, query: Query) -> list[Entry]:
        entries: list[Entry] = []
        query = replace(query, limit=_PAGE)
        while True:
            page = await self._page(query)
            entries += page.entries
            if page.after is None:
                return entries
            if len(entries) >= MOST_IN_A_FILE:
                raise ServiceValidationError(
                    translation_domain=DOMAIN,
                    translation_key="too_many_entries",
                    translation_placeholders={"most": str(MOST_IN_A_FILE)},
                )
            query = replace(query, after=page.after)

    # --- files -----------------------------------------------------------------------

    @property
    def _title(self) -> str:
        return self._coordinator.entry.title

    @property
    def _language(self) -> str:
        language: str = self._coordinator.entry.data[CONF_LANGUAGE]
        return language

    @callback
    def _hand_out(
        self, name: str, content_type: str, content: bytes, about: dict[str, Any]
    ) -> File:
        details = {
            "file": name,
            # Whether a file that turns up somewhere is this one.
            "sha256": hashlib.sha256(content).hexdigest(),
            **about,
        }
        path = async_hand_out(
            self._hass,
            Handout(
                practice=self._coordinator.entry.entry_id,
                user=self._actor.id or "",
                name=name,
                content_type=content_type,
                content=content,
                may_have=self._may_read,
                fetched=partial(self._record, EntryType.EXPORT, "fetched", details),
            ),
        )
        self._record(EntryType.EXPORT, "exported", details)
        return File(name=name, path=path, expires_at=dt_util.now() + LIFE)

    @callback
    def _record(self, kind: EntryType, event: str, details: dict[str, Any]) -> None:
        self._coordinator.records.append(
            NewEntry(
                type=kind,
                event=event,
                at=dt_util.now(),
                actor=self._actor,
                details=details,
            )
        )


def period(begin: date, end: date) -> Query:
    """Return a query for everything from one day to another, both included."""
    zone = dt_util.get_default_time_zone()
    return Query(
        start=datetime.combine(begin, time(), zone),
        end=datetime.combine(end + timedelta(days=1), time(), zone),
    )


def register_unavailable() -> HomeAssistantError:
    """Return the translated error for a register that cannot be read or written."""
    return HomeAssistantError(
        translation_domain=DOMAIN, translation_key="register_unavailable"
    )


def _asked(query: Query) -> dict[str, Any]:
    """Return what was asked for, as it is put on record."""
    asked = {
        "from": query.start.isoformat() if query.start else None,
        "until": query.end.isoformat() if query.end else None,
        "types": sorted(query.types) or None,
        "place": query.place,
        "person": query.person,
        "session": query.session,
    }
    return {key: value for key, value in asked.items() if value is not None}
