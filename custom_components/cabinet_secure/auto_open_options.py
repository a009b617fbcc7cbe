"""Options of the doors that open by themselves in consultation hours."""

from typing import Any

from homeassistant.config_entries import ConfigFlowResult, OptionsFlow
from homeassistant.helpers.selector import (
    SelectOptionDict,
    SelectSelector,
    SelectSelectorConfig,
    SelectSelectorMode,
)
import voluptuous as vol

from .const import CONF_AUTO_OPEN
from .practice_setup import create_equipment


class AutoOpenSteps(OptionsFlow):
    """The step that asks which doors open by themselves."""

    async def async_step_auto_open(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Ask which doors open by themselves."""
        options = self.config_entry.options
        if user_input is not None:
            return self.async_create_entry(
                data={**options, CONF_AUTO_OPEN: user_input.get(CONF_AUTO_OPEN, [])}
            )
        equipment = create_equipment(self.hass, self.config_entry)
        doors = {
            door.id: door.name for each in equipment.values() for door in each.doors
        }
        chosen = [door for door in options.get(CONF_AUTO_OPEN, []) if door in doors]
        return self.async_show_form(
            step_id="auto_open",
            data_schema=vol.Schema(
                {
                    vol.Optional(
                        CONF_AUTO_OPEN, description={"suggested_value": chosen}
                    ): SelectSelector(
                        SelectSelectorConfig(
                            options=[
                                SelectOptionDict(value=door, label=name)
                                for door, name in doors.items()
                            ],
                            multiple=True,
                            mode=SelectSelectorMode.DROPDOWN,
                        )
                    )
                }
            ),
        )
