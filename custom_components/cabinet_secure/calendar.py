"""Calendars of the practice: its incidents, its hours, and who may come in.

That of the hours takes exceptional closures and openings.
"""

from datetime import date, datetime, timedelta
from typing import Any, override

from homeassistant.components.calendar import (
    CalendarEntity,
    CalendarEntityDescription,
    CalendarEvent,
)
from homeassistant.components.calendar.const import CalendarEntityFeature
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import ServiceValidationError
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback
from homeassistant.util import dt as dt_util

from .const import CONF_LANGUAGE, DOMAIN, MODES
from .coordinator import CabinetSecureConfigEntry, PracticeCoordinator
from .entity import PracticeEntity
from .grants_calendar import AccessCalendar
from .incident_entities import IncidentCalendar
from .practice.hours import course
from .practice.hours.events import PeriodAdded, PeriodRemoved
from .practice.hours.state import Scheduled
from .practice.hours.timetable import Timetable
from .practice.people import AUTOMATION
from .practice.state import Mode
from .register_words import async_words

PARALLEL_UPDATES = 0

HOURS = CalendarEntityDescription(key="hours", translation_key="hours")
ACCESS_CALENDAR = CalendarEntityDescription(key="access", translation_key="access")
INCIDENT_CALENDAR = CalendarEntityDescription(
    key="incidents", translation_key="incidents"
)

# How people begin what they write into the calendar, in either language. Anything else
# is a closure: what cannot be understood never opens.
_WORDS = (
    (("open", "ouvert", "ouverture"), Mode.OPEN),
    (("staff", "personnel", "équipe"), Mode.STAFF_ONLY),
    (("on call", "on-call", "garde", "astreinte"), Mode.ON_CALL),
)


# Where the opening that is going on may have begun, and the next is looked for.
_BACK = timedelta(days=2)
_AHEAD = timedelta(days=14)


async def async_setup_entry(
    hass: HomeAssistant,
    entry: CabinetSecureConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Set up the calendars."""
    practice = entry.runtime_data
    words = await async_words(hass, entry.data[CONF_LANGUAGE])
    async_add_entities(
        [
            HoursCalendar(practice, HOURS),
            IncidentCalendar(practice, INCIDENT_CALENDAR, words),
            AccessCalendar(practice, ACCESS_CALENDAR),
        ]
    )


class HoursCalendar(PracticeEntity, CalendarEntity):
    """When the practice is open, on call, and closed by way of exception.

    It is on while the practice is open by its hours, whatever somebody chose.
    """

    _attr_supported_features = (
        CalendarEntityFeature.CREATE_EVENT | CalendarEntityFeature.DELETE_EVENT
    )

    def __init__(
        self, coordinator: PracticeCoordinator, description: CalendarEntityDescription
    ) -> None:
        super().__init__(coordinator, description)
        self._looked_up_for: Scheduled | None = None
        self._opening: CalendarEvent | None = None
        self._names = MODES[coordinator.entry.data[CONF_LANGUAGE]]

    @property
    def _timetable(self) -> Timetable | None:
        hours = self.coordinator.config.hours
        if hours is None:
            return None
        return course.timetable(hours, self.coordinator.state.hours)

    @property
    @override
    def event(self) -> CalendarEvent | None:
        """Return the opening that is going on, or the next."""
        table = self._timetable
        scheduled = self.coordinator.state.hours.scheduled
        if table is None or scheduled is None:
            return None
        if scheduled is not self._looked_up_for:
            # Worked out with the hours, not at every ring.
            self._looked_up_for = scheduled
            now = scheduled.worked_out_at
            opening = next(
                (
                    period
                    for period in table.periods(now - _BACK, now + _AHEAD)
                    if period.mode is Mode.OPEN and period.end > now
                ),
                None,
            )
            self._opening = (
                self._event(opening.mode, opening.begin, opening.end)
                if opening
                else None
            )
        return self._opening

    @override
    async def async_get_events(
        self, hass: HomeAssistant, start_date: datetime, end_date: datetime
    ) -> list[CalendarEvent]:
        table = self._timetable
        if table is None:
            return []
        regular = Timetable(hours=table.hours, followed=table.followed)
        return [
            self._event(period.mode, period.begin, period.end)
            for period in regular.periods(start_date, end_date)
        ] + [
            self._event(period.mode, period.begin, period.end, uid=period.id)
            for period in table.exceptions
            if period.begin < end_date and period.end > start_date
        ]

    def _event(
        self, mode: Mode, begin: datetime, end: datetime, uid: str | None = None
    ) -> CalendarEvent:
        return CalendarEvent(
            start=dt_util.as_local(begin),
            end=dt_util.as_local(end),
            summary=self._names[mode],
            uid=uid,
        )

    @override
    async def async_create_event(self, **kwargs: Any) -> None:
        """Enter an exceptional closure. What it is called decides on its mode.

        Home Assistant's calendar does not tell who uses it, so it is nobody's request.
        The text itself is not kept: it might name a patient.
        """
        if kwargs.get("rrule"):
            raise ServiceValidationError(
                translation_domain=DOMAIN, translation_key="period_repeats"
            )
        await self.coordinator.async_request(
            PeriodAdded(
                actor=AUTOMATION,
                mode=_mode_of(kwargs["summary"]),
                begin=_instant(kwargs["dtstart"]),
                end=_instant(kwargs["dtend"]),
            )
        )

    @override
    async def async_delete_event(
        self,
        uid: str,
        recurrence_id: str | None = None,
        recurrence_range: str | None = None,
    ) -> None:
        await self.coordinator.async_request(
            PeriodRemoved(actor=AUTOMATION, period=uid)
        )


def _mode_of(text: str) -> Mode:
    words = text.strip().casefold()
    return next(
        (mode for names, mode in _WORDS if words.startswith(names)), Mode.CLOSED
    )


def _instant(day_or_time: date | datetime) -> datetime:
    """Return a time of the calendar; a whole day begins at midnight."""
    if isinstance(day_or_time, datetime):
        return dt_util.as_utc(day_or_time)
    return dt_util.as_utc(dt_util.start_of_local_day(day_or_time))
