"""Options of the hours: where they come from, and the week without typing a format."""

from collections.abc import Mapping
from typing import Any

from homeassistant.config_entries import ConfigFlowResult, OptionsFlow
from homeassistant.const import CONF_COUNTRY, UnitOfTime
from homeassistant.core import HomeAssistant, callback
from homeassistant.data_entry_flow import section
from homeassistant.helpers import entity_registry as er
from homeassistant.helpers.selector import (
    BooleanSelector,
    EntitySelector,
    EntitySelectorConfig,
    NumberSelector,
    NumberSelectorConfig,
    NumberSelectorMode,
    SelectSelector,
    SelectSelectorConfig,
    SelectSelectorMode,
    TextSelector,
    TextSelectorConfig,
    TimeSelector,
)
import voluptuous as vol

from .const import (
    CONF_FIRST_PERSON_IN,
    CONF_FOLLOWED_ENTITY,
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
    DOMAIN,
    HOURS_BY_HAND,
    HOURS_FOLLOWED,
    HOURS_WEEKLY,
    MAX_NOBODY_CAME_AFTER,
    MIN_NOBODY_CAME_AFTER,
    WINDOWS_A_DAY,
)
from .hours_setup import hours_options, regions, week_windows
from .practice.hours.timetable import overlaps

WEEKDAYS = (
    "monday",
    "tuesday",
    "wednesday",
    "thursday",
    "friday",
    "saturday",
    "sunday",
)
# What a week is proposed to be: nothing of it counts before somebody has seen it.
_USUAL_DAY = [["08:00", "12:00"], ["14:00", "19:00"]]
_USUAL_WEEK = [*([_USUAL_DAY] * 5), [], []]

# Public: a week as a form gives it, and as it is stored.
type Week = list[list[list[str]]]


def _form(hass: HomeAssistant, country: str, regions_there: list[str]) -> vol.Schema:
    fields: dict[vol.Marker, Any] = {
        vol.Required(CONF_HOURS_KIND): SelectSelector(
            SelectSelectorConfig(
                options=[HOURS_BY_HAND, HOURS_WEEKLY, HOURS_FOLLOWED],
                mode=SelectSelectorMode.LIST,
                translation_key="hours_kind",
            )
        ),
        vol.Optional(CONF_FOLLOWED_ENTITY): EntitySelector(
            EntitySelectorConfig(
                domain=["schedule", "calendar"], exclude_entities=_own_calendars(hass)
            )
        ),
        vol.Required(CONF_HOLIDAYS): BooleanSelector(),
    }
    if regions_there:
        fields[vol.Optional(CONF_HOLIDAYS_REGION)] = SelectSelector(
            SelectSelectorConfig(
                options=regions_there, mode=SelectSelectorMode.DROPDOWN
            )
        )
    return vol.Schema(
        fields
        | {
            vol.Required(CONF_ON_CALL_HOURS): BooleanSelector(),
            vol.Required(CONF_ON_CALL_BEGIN): TimeSelector(),
            vol.Required(CONF_ON_CALL_END): TimeSelector(),
            vol.Required(CONF_ON_CALL_SUNDAYS): BooleanSelector(),
            vol.Required(CONF_ON_CALL_HOLIDAYS): BooleanSelector(),
            vol.Required(CONF_FIRST_PERSON_IN): BooleanSelector(),
            vol.Required(CONF_NOBODY_CAME_AFTER): NumberSelector(
                NumberSelectorConfig(
                    min=MIN_NOBODY_CAME_AFTER,
                    max=MAX_NOBODY_CAME_AFTER,
                    step=1,
                    mode=NumberSelectorMode.BOX,
                    unit_of_measurement=UnitOfTime.MINUTES,
                )
            ),
            vol.Optional(CONF_NOT_STAFF): TextSelector(
                TextSelectorConfig(multiple=True)
            ),
        }
    )


@callback
def _own_calendars(hass: HomeAssistant) -> list[str]:
    # A practice that followed its own calendar would follow itself.
    return [
        entity.entity_id
        for entity in er.async_get(hass).entities.values()
        if entity.platform == DOMAIN and entity.domain == "calendar"
    ]


_DAY = vol.Schema(
    {
        vol.Optional(f"{edge}_{number}"): TimeSelector()
        for number in range(1, WINDOWS_A_DAY + 1)
        for edge in ("open", "close")
    }
)
_WEEK = vol.Schema({vol.Required(day): section(_DAY) for day in WEEKDAYS})


class HoursSteps(OptionsFlow):
    """The steps that ask for the hours of a practice."""

    _hours: dict[str, Any]

    async def async_step_hours(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Ask where the hours come from, when somebody is on call, who opens."""
        errors: dict[str, str] = {}
        values = hours_options(self.config_entry)
        if user_input is not None:
            values = user_input
            followed = user_input[CONF_HOURS_KIND] == HOURS_FOLLOWED
            if followed and not user_input.get(CONF_FOLLOWED_ENTITY):
                errors[CONF_FOLLOWED_ENTITY] = "nothing_followed"
            else:
                self._hours = _stored(user_input)
                if user_input[CONF_HOURS_KIND] == HOURS_WEEKLY:
                    return await self.async_step_week()
                return self._keep(self._week)
        country = self.config_entry.data[CONF_COUNTRY]
        regions_there = await self.hass.async_add_executor_job(regions, country)
        return self.async_show_form(
            step_id="hours",
            data_schema=self.add_suggested_values_to_schema(
                _form(self.hass, country, regions_there), values
            ),
            errors=errors,
        )

    async def async_step_week(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Ask for the opening windows of each day."""
        errors: dict[str, str] = {}
        values = _shown(self._week or _USUAL_WEEK)
        if user_input is not None:
            values = user_input
            week = _week_of(user_input)
            if week is None:
                errors["base"] = "window_incomplete"
            elif overlaps(week_windows(week)):
                errors["base"] = "windows_overlap"
            else:
                return self._keep(week)
        return self.async_show_form(
            step_id="week",
            data_schema=self.add_suggested_values_to_schema(_WEEK, values),
            errors=errors,
        )

    @property
    def _week(self) -> Week:
        week: Week = hours_options(self.config_entry).get(CONF_WEEK, [])
        return week

    @callback
    def _keep(self, week: Week) -> ConfigFlowResult:
        return self.async_create_entry(
            data={
                **self.config_entry.options,
                CONF_HOURS: {**self._hours, CONF_WEEK: week},
            }
        )


def _stored(user_input: Mapping[str, Any]) -> dict[str, Any]:
    """Return the hours as they are stored: whole minutes, times without seconds."""
    return {
        **user_input,
        CONF_ON_CALL_BEGIN: _minutes(user_input[CONF_ON_CALL_BEGIN]),
        CONF_ON_CALL_END: _minutes(user_input[CONF_ON_CALL_END]),
        CONF_NOBODY_CAME_AFTER: int(user_input[CONF_NOBODY_CAME_AFTER]),
        CONF_NOT_STAFF: [
            name.strip() for name in user_input.get(CONF_NOT_STAFF, []) if name.strip()
        ],
    }


def _minutes(text: str) -> str:
    """Return a time of the form, with or without seconds, as hours and minutes."""
    return text[:5]


def _shown(week: Week) -> dict[str, dict[str, str]]:
    return {
        name: {
            key: value
            for number, (begin, end) in enumerate(day, 1)
            for key, value in ((f"open_{number}", begin), (f"close_{number}", end))
        }
        for name, day in zip(WEEKDAYS, week, strict=True)
    }


def _week_of(user_input: Mapping[str, Mapping[str, str]]) -> Week | None:
    """Return the week of a form; None where an opening or a closing is missing."""
    week: Week = []
    for name in WEEKDAYS:
        day: list[list[str]] = []
        for number in range(1, WINDOWS_A_DAY + 1):
            window = [
                _minutes(user_input[name][key])
                for key in (f"open_{number}", f"close_{number}")
                if user_input[name].get(key)
            ]
            if len(window) == 1:
                return None
            if window:
                day.append(window)
        week.append(sorted(day))
    return week
