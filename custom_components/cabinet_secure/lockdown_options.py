"""Options of the lockdown: who may open all the same, and what ends it in a fire."""

from typing import Any

from homeassistant.config_entries import ConfigFlowResult, OptionsFlow
from homeassistant.helpers.selector import (
    EntitySelector,
    EntitySelectorConfig,
    SelectOptionDict,
    SelectSelector,
    SelectSelectorConfig,
    SelectSelectorMode,
)
import voluptuous as vol

from .const import CONF_FIRE_SENSORS, CONF_MAY_OPEN, CONF_MAY_OVERRIDE
from .people_flow import async_people


class LockdownSteps(OptionsFlow):
    """The step that asks about the lockdown."""

    async def async_step_lockdown(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Ask who may open during a lockdown, and which sensors end it in a fire."""
        options = self.config_entry.options
        if user_input is not None:
            return self.async_create_entry(
                data={
                    **options,
                    CONF_MAY_OVERRIDE: user_input.get(CONF_MAY_OVERRIDE, []),
                    CONF_FIRE_SENSORS: user_input.get(CONF_FIRE_SENSORS, []),
                }
            )
        may_open = [
            user
            for user in await async_people(self.hass)
            if user.id in options[CONF_MAY_OPEN]
        ]
        known = {user.id for user in may_open}
        form = vol.Schema(
            {
                vol.Optional(CONF_MAY_OVERRIDE): SelectSelector(
                    SelectSelectorConfig(
                        options=[
                            SelectOptionDict(value=user.id, label=user.name or user.id)
                            for user in may_open
                        ],
                        multiple=True,
                        mode=SelectSelectorMode.DROPDOWN,
                    )
                ),
                vol.Optional(CONF_FIRE_SENSORS): EntitySelector(
                    EntitySelectorConfig(domain="binary_sensor", multiple=True)
                ),
            }
        )
        return self.async_show_form(
            step_id="lockdown",
            data_schema=self.add_suggested_values_to_schema(
                form,
                {
                    CONF_MAY_OVERRIDE: [
                        user
                        for user in options.get(CONF_MAY_OVERRIDE, [])
                        if user in known
                    ],
                    CONF_FIRE_SENSORS: options.get(CONF_FIRE_SENSORS, []),
                },
            ),
        )
