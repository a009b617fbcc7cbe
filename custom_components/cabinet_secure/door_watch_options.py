"""Options of the door watch: how long a door may stand open."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from homeassistant.config_entries import ConfigFlowResult, OptionsFlow
from homeassistant.const import UnitOfTime
from homeassistant.helpers.selector import (
    NumberSelector,
    NumberSelectorConfig,
    NumberSelectorMode,
)
import voluptuous as vol

from .const import (
    CONF_OPEN_AFTER_HOURS,
    CONF_OPEN_BY_DAY,
    DEFAULT_DOOR_WATCH,
    MAX_STANDING_OPEN,
)
from .practice.door_watch.config import DoorWatchConfig

_SECONDS = NumberSelector(
    NumberSelectorConfig(
        min=0,
        max=MAX_STANDING_OPEN,
        mode=NumberSelectorMode.BOX,
        unit_of_measurement=UnitOfTime.SECONDS,
    )
)
_FORM = vol.Schema(
    {
        vol.Required(CONF_OPEN_BY_DAY): _SECONDS,
        vol.Required(CONF_OPEN_AFTER_HOURS): _SECONDS,
    }
)


class DoorWatchSteps(OptionsFlow):
    """The step that asks how long doors may stand open."""

    async def async_step_door_watch(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Ask how long a door may stand open by day and after hours."""
        options = self.config_entry.options
        if user_input is not None:
            times = {key: int(value) for key, value in user_input.items()}
            return self.async_create_entry(data={**options, **times})
        return self.async_show_form(
            step_id="door_watch",
            data_schema=self.add_suggested_values_to_schema(
                _FORM, {**DEFAULT_DOOR_WATCH, **options}
            ),
        )


def door_watch_config(options: Mapping[str, Any]) -> DoorWatchConfig:
    """Return how long doors may stand open, as the options have it."""
    times = {**DEFAULT_DOOR_WATCH, **options}
    return DoorWatchConfig(
        by_day=_time(times[CONF_OPEN_BY_DAY]),
        after_hours=_time(times[CONF_OPEN_AFTER_HOURS]),
    )


def _time(seconds: int) -> timedelta | None:
    return timedelta(seconds=seconds) if seconds else None
