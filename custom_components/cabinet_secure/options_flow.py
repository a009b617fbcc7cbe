"""Options of the practice: its people, rings, hours and panic chain."""

from typing import Any

from homeassistant.config_entries import ConfigFlowResult
from homeassistant.const import UnitOfTime
from homeassistant.helpers.selector import (
    BooleanSelector,
    NumberSelector,
    NumberSelectorConfig,
    NumberSelectorMode,
)
import voluptuous as vol

from .alarm_options import AlarmSteps
from .auto_open_options import AutoOpenSteps
from .const import (
    CONF_AUTOMATIONS_MAY_OPEN,
    CONF_RING_LIFE,
    CONF_SECOND_STEP,
    CONF_THIRD_STEP,
    DEFAULT_RING_LIFE,
    DEFAULT_SECOND_STEP,
    DEFAULT_THIRD_STEP,
    MAX_RING_LIFE,
    MIN_RING_LIFE,
    MIN_STEP,
)
from .door_watch_options import DoorWatchSteps
from .grants_options import AccessSteps
from .hours_options import HoursSteps
from .incident_options import IncidentSteps
from .lockdown_options import LockdownSteps
from .media_options import MediaSteps
from .panic_options import PanicSteps
from .people_flow import async_people, people_schema, role_errors, roles_of
from .register_options import RegisterSteps

DEFAULT_RING: dict[str, bool | int] = {
    CONF_RING_LIFE: DEFAULT_RING_LIFE,
    CONF_SECOND_STEP: DEFAULT_SECOND_STEP,
    CONF_THIRD_STEP: DEFAULT_THIRD_STEP,
    CONF_AUTOMATIONS_MAY_OPEN: False,
}


def _seconds(at_least: int) -> NumberSelector:
    return NumberSelector(
        NumberSelectorConfig(
            min=at_least,
            max=MAX_RING_LIFE,
            step=1,
            mode=NumberSelectorMode.BOX,
            unit_of_measurement=UnitOfTime.SECONDS,
        )
    )


RING_SCHEMA = vol.Schema(
    {
        vol.Required(CONF_RING_LIFE): _seconds(MIN_RING_LIFE),
        vol.Required(CONF_SECOND_STEP): _seconds(MIN_STEP),
        vol.Required(CONF_THIRD_STEP): _seconds(MIN_STEP),
        vol.Required(CONF_AUTOMATIONS_MAY_OPEN, default=False): BooleanSelector(),
    }
)


class PracticeOptionsFlow(
    IncidentSteps,
    AccessSteps,
    AlarmSteps,
    AutoOpenSteps,
    DoorWatchSteps,
    HoursSteps,
    LockdownSteps,
    PanicSteps,
    RegisterSteps,
    MediaSteps,
):
    """Change a practice: its people, rings, hours, alarm, panic chain, what it keeps."""

    async def async_step_init(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Choose what to change."""
        return self.async_show_menu(
            step_id="init",
            menu_options=[
                "incidents",
                "register_files",
                "access",
                "people",
                "ring",
                "hours",
                "auto_open",
                "door_watch",
                "lockdown",
                "alarm",
                "codes",
                "panic",
                "register",
                "media",
            ],
        )

    async def async_step_people(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Change who may open, who may manage and who is on call."""
        errors: dict[str, str] = {}
        roles: dict[str, Any] = dict(self.config_entry.options)
        if user_input is not None:
            roles = roles_of(user_input)
            if not (errors := role_errors(roles)):
                return self.async_create_entry(
                    data={**self.config_entry.options, **roles}
                )
        return self.async_show_form(
            step_id="people",
            data_schema=people_schema(await async_people(self.hass), roles),
            errors=errors,
        )

    async def async_step_ring(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Change how long a ring lives and when it goes on to the next step."""
        errors: dict[str, str] = {}
        values: dict[str, Any] = {**DEFAULT_RING, **self.config_entry.options}
        if user_input is not None:
            ring = {
                key: value if isinstance(value, bool) else int(value)
                for key, value in user_input.items()
            }
            if not (errors := _ring_errors(ring)):
                return self.async_create_entry(
                    data={**self.config_entry.options, **ring}
                )
            values = ring
        return self.async_show_form(
            step_id="ring",
            data_schema=self.add_suggested_values_to_schema(RING_SCHEMA, values),
            errors=errors,
        )


def _ring_errors(ring: dict[str, int]) -> dict[str, str]:
    """Return what is wrong: steps come one after the other, within the ring's life."""
    errors = {
        step: "after_the_end"
        for step in (CONF_SECOND_STEP, CONF_THIRD_STEP)
        if ring[step] >= ring[CONF_RING_LIFE]
    }
    if (
        CONF_THIRD_STEP not in errors
        and ring[CONF_THIRD_STEP] <= ring[CONF_SECOND_STEP]
    ):
        errors[CONF_THIRD_STEP] = "before_the_second"
    return errors
