"""Mend a blueprint that is behind, or that an automation misses."""

import logging
from typing import override

from homeassistant.components.repairs import ConfirmRepairFlow, RepairsFlowResult
from homeassistant.exceptions import HomeAssistantError

from .blueprint_install import async_take_shipped

_LOGGER = logging.getLogger(__name__)


class BlueprintRepairFlow(ConfirmRepairFlow):
    """Takes the blueprint that is shipped, once somebody has agreed to it."""

    def __init__(self, path: str) -> None:
        self._path = path

    @override
    async def async_step_confirm(
        self, user_input: dict[str, str] | None = None
    ) -> RepairsFlowResult:
        if user_input is None:
            return await super().async_step_confirm()
        try:
            await async_take_shipped(self.hass, self._path)
        except (OSError, HomeAssistantError) as err:
            _LOGGER.warning("Cannot write the blueprint: %s", err)
            return self.async_abort(reason="not_written")
        return self.async_create_entry(data={})
