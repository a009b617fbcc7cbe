"""From the option of the hours to what the practice is told of them."""

from collections.abc import Mapping
from datetime import date, time, timedelta
import logging
from typing import Any, Final

import holidays
from homeassistant.config_entries import ConfigEntry
from homeassistant.const import CONF_COUNTRY, EVENT_CORE_CONFIG_UPDATE
from homeassistant.core import Event, HomeAssistant
from homeassistant.util import dt as dt_util

from .const import (
    CONF_FIRST_PERSON_IN,
    CONF_HOLIDAYS,
    CONF_HOLIDAYS_REGION,
    CONF_HOURS,
    CONF_HOURS_KIND,
    CONF_NOBODY_CAME_AFTER,
    CONF_NOT_STAFF,
    CONF_ON_CALL_BEGIN,
    CONF_ON_CALL_END,
    CONF_ON_CALL_HOLIDAYS,
    CONF_ON_CALL_HOURS,
    CONF_ON_CALL_SUNDAYS,
    CONF_WEEK,
    DEFAULT_NOBODY_CAME_AFTER,
    HOURS_BY_HAND,
    HOURS_FOLLOWED,
)
from .practice.hours.config import Hours, OnCall, Window

_LOGGER = logging.getLogger(__name__)

DEFAULT_HOURS: Final[dict[str, Any]] = {
    CONF_HOURS_KIND: HOURS_BY_HAND,
    CONF_HOLIDAYS: True,
    CONF_ON_CALL_HOURS: True,
    CONF_ON_CALL_BEGIN: "20:00",
    CONF_ON_CALL_END: "08:00",
    CONF_ON_CALL_SUNDAYS: True,
    CONF_ON_CALL_HOLIDAYS: True,
    CONF_FIRST_PERSON_IN: False,
    CONF_NOBODY_CAME_AFTER: DEFAULT_NOBODY_CAME_AFTER,
    CONF_NOT_STAFF: [],
}
# Home Assistant is updated, and so restarted, more often than that.
_YEARS_AHEAD = 5


def hours_options(entry: ConfigEntry) -> dict[str, Any]:
    """Return the option of the hours with its defaults."""
    return {**DEFAULT_HOURS, **entry.options.get(CONF_HOURS, {})}


async def async_hours(hass: HomeAssistant, entry: ConfigEntry) -> Hours | None:
    """Return the hours of a practice; None where its mode is chosen by hand."""
    option = hours_options(entry)
    if option[CONF_HOURS_KIND] == HOURS_BY_HAND:
        return None
    off: frozenset[date] = frozenset()
    if option[CONF_HOLIDAYS]:
        off = await hass.async_add_executor_job(
            public_holidays,
            entry.data[CONF_COUNTRY],
            option.get(CONF_HOLIDAYS_REGION),
            dt_util.now().year,
        )
    return Hours(
        zone=dt_util.get_default_time_zone(),
        windows=week_windows(option.get(CONF_WEEK, ())),
        follows=option[CONF_HOURS_KIND] == HOURS_FOLLOWED,
        holidays=off,
        on_call=_on_call(option),
        first_person_in=option[CONF_FIRST_PERSON_IN],
        nobody_came_after=timedelta(minutes=option[CONF_NOBODY_CAME_AFTER]),
        not_staff=frozenset(name.casefold() for name in option[CONF_NOT_STAFF]),
    )


def week_windows(week: Any) -> tuple[Window, ...]:
    """Return the opening windows of a week as it is stored."""
    return tuple(
        Window(
            weekday=weekday,
            begin=time.fromisoformat(begin),
            end=time.fromisoformat(end),
        )
        for weekday, day in enumerate(week)
        for begin, end in day
    )


def _on_call(option: Mapping[str, Any]) -> OnCall | None:
    if not option[CONF_ON_CALL_HOURS]:
        return None
    return OnCall(
        begin=time.fromisoformat(option[CONF_ON_CALL_BEGIN]),
        end=time.fromisoformat(option[CONF_ON_CALL_END]),
        sundays=option[CONF_ON_CALL_SUNDAYS],
        holidays=option[CONF_ON_CALL_HOLIDAYS],
    )


def public_holidays(country: str, region: str | None, year: int) -> frozenset[date]:
    """Return the public holidays of some years around this one.

    Reads the library's files: not for the event loop. A country that the library does
    not know has none.
    """
    if country not in holidays.list_supported_countries():
        _LOGGER.warning("The public holidays of %s are not known", country)
        return frozenset()
    return frozenset(
        holidays.country_holidays(
            country,
            # The practice may have moved to another country since.
            subdiv=region if region in regions(country) else None,
            years=range(year - 1, year + _YEARS_AHEAD),
        )
    )


def regions(country: str) -> list[str]:
    """Return the regions of a country that have holidays of their own."""
    return list(holidays.list_supported_countries().get(country, []))


def async_follow_time_zone(hass: HomeAssistant, entry: ConfigEntry) -> None:
    """Set the practice up anew when Home Assistant is moved to another time zone."""

    async def changed(event: Event[Any]) -> None:
        if "time_zone" in event.data:
            await hass.config_entries.async_reload(entry.entry_id)

    entry.async_on_unload(hass.bus.async_listen(EVENT_CORE_CONFIG_UPDATE, changed))
