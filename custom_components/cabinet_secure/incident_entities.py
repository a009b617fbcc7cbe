"""The incidents of a practice as entities: how many, when, what, and never who."""

from datetime import datetime, timedelta
from typing import Final, override

from homeassistant.components.calendar import (
    CalendarEntity,
    CalendarEntityDescription,
    CalendarEvent,
)
from homeassistant.components.sensor import SensorEntity
from homeassistant.core import HomeAssistant
from homeassistant.util import dt as dt_util

from .coordinator import PracticeCoordinator
from .entity import PracticeEntity
from .incidents import INCIDENTS
from .register.incident import Incident, Status
from .register.words import Words

# An incident has a beginning; a calendar wants an end.
_SHOWN_FOR: Final = timedelta(minutes=15)


class RecentIncidents(PracticeEntity, SensorEntity):
    """How many incidents there were in the last thirty days; unknown until read."""

    _topic = INCIDENTS

    @property
    @override
    def native_value(self) -> int | None:
        return self.coordinator.incidents.recent()


class LastIncident(PracticeEntity, SensorEntity):
    """When the last incident happened; neither a drill nor a mistake."""

    _topic = INCIDENTS

    @property
    @override
    def native_value(self) -> datetime | None:
        return next(
            (
                incident.facts.at
                for incident in self.coordinator.incidents.newest_first()
                if incident.counts and incident.may_be_shown
            ),
            None,
        )


class IncidentCalendar(PracticeEntity, CalendarEntity):
    """Incidents and drills, by what they were. Texts of people are not shown."""

    _topic = INCIDENTS

    def __init__(
        self,
        coordinator: PracticeCoordinator,
        description: CalendarEntityDescription,
        words: Words,
    ) -> None:
        super().__init__(coordinator, description)
        self._words = words

    @property
    @override
    def event(self) -> CalendarEvent | None:
        """The last one: nobody knows of the next."""
        now = dt_util.utcnow()
        return next(
            (
                self._event(incident)
                for incident in self._shown()
                if incident.facts.at <= now
            ),
            None,
        )

    @override
    async def async_get_events(
        self, hass: HomeAssistant, start_date: datetime, end_date: datetime
    ) -> list[CalendarEvent]:
        """Return those that lie between two times, the first one first."""
        return [
            self._event(incident)
            for incident in reversed(self._shown())
            if incident.facts.at < end_date
            and incident.facts.at + _SHOWN_FOR > start_date
        ]

    def _shown(self) -> list[Incident]:
        return [
            incident
            for incident in self.coordinator.incidents.newest_first()
            if incident.status is not Status.VOID and incident.may_be_shown
        ]

    def _event(self, incident: Incident) -> CalendarEvent:
        words = self._words
        what = ", ".join(words("incident_kind", kind) for kind in incident.facts.kinds)
        name = words(
            "incident_calendar", "drill" if incident.facts.drill else "incident"
        )
        start = dt_util.as_local(incident.facts.at)
        return CalendarEvent(
            start=start,
            end=start + _SHOWN_FOR,
            summary=f"{name} – {what}" if what else name,
            description=words("incident_status", incident.status),
            uid=incident.id,
        )
