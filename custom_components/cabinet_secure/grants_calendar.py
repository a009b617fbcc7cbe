"""Who may come in without an account, as a calendar."""

from datetime import datetime, timedelta
from typing import override

from homeassistant.components.calendar import CalendarEntity, CalendarEvent
from homeassistant.core import HomeAssistant
from homeassistant.util import dt as dt_util

from .entity import PracticeEntity
from .grants_view import door_name
from .practice.grants.model import Grant
from .practice.grants.times import stretch_of

# A calendar shows each time of a week; one that has more of them is cut off.
_MOST = 200


class AccessCalendar(PracticeEntity, CalendarEntity):
    """Each time at which an access is valid. It is on while somebody may come in."""

    @property
    @override
    def event(self) -> CalendarEvent | None:
        """Return the access that is valid now, or the next."""
        now = dt_util.utcnow()
        zone = self.coordinator.config.grants.zone
        ahead = [
            (stretch, grant)
            for grant in self.coordinator.state.grants.grants
            if (stretch := stretch_of(grant, now, zone)) is not None
        ]
        if not ahead:
            return None
        (begins, ends), grant = min(ahead, key=lambda each: each[0])
        return self._event(grant, begins, ends)

    @override
    async def async_get_events(
        self, hass: HomeAssistant, start_date: datetime, end_date: datetime
    ) -> list[CalendarEvent]:
        """Return the times at which somebody may come in."""
        events: list[CalendarEvent] = []
        for grant in self.coordinator.state.grants.grants:
            at = start_date
            while len(events) < _MOST:
                stretch = stretch_of(grant, at, self.coordinator.config.grants.zone)
                if stretch is None or stretch[0] >= end_date:
                    break
                events.append(self._event(grant, *stretch))
                at = max(stretch[1], at + timedelta(seconds=1))
        return sorted(events, key=lambda event: event.start)

    def _event(self, grant: Grant, begins: datetime, ends: datetime) -> CalendarEvent:
        return CalendarEvent(
            summary=grant.label,
            start=dt_util.as_local(begins),
            end=dt_util.as_local(ends),
            location=", ".join(
                door_name(self.coordinator, door) for door in grant.doors
            ),
            uid=grant.id,
        )
