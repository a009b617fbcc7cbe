"""Add the demonstration: equipment without hardware."""

from typing import Any

from homeassistant.config_entries import ConfigSubentryFlow, SubentryFlowResult
from homeassistant.const import CONF_NAME
from homeassistant.helpers.selector import TextSelector
import voluptuous as vol

from .const import CONF_LANGUAGE, DEMONSTRATION, FIRST_DOOR, SUBENTRY_DEMO

SCHEMA = vol.Schema({vol.Required(CONF_NAME): TextSelector()})


class DemoSubentryFlow(ConfigSubentryFlow):
    """Name the door of the demonstration; a practice has one demonstration at most."""

    async def async_step_user(
        self, user_input: dict[str, Any] | None = None
    ) -> SubentryFlowResult:
        """Add the demonstration."""
        entry = self._get_entry()
        if any(
            subentry.subentry_type == SUBENTRY_DEMO
            for subentry in entry.subentries.values()
        ):
            return self.async_abort(reason="already_configured")
        language: str = entry.data[CONF_LANGUAGE]
        name = FIRST_DOOR[language]
        errors: dict[str, str] = {}
        if user_input is not None:
            if name := user_input[CONF_NAME].strip():
                return self.async_create_entry(
                    title=DEMONSTRATION[language],
                    data={CONF_NAME: name},
                    unique_id=SUBENTRY_DEMO,
                )
            errors[CONF_NAME] = "name_missing"
        return self._async_ask("user", name, errors)

    async def async_step_reconfigure(
        self, user_input: dict[str, Any] | None = None
    ) -> SubentryFlowResult:
        """Give the door another name."""
        subentry = self._get_reconfigure_subentry()
        name: str = subentry.data[CONF_NAME]
        errors: dict[str, str] = {}
        if user_input is not None:
            if name := user_input[CONF_NAME].strip():
                return self.async_update_and_abort(
                    self._get_entry(), subentry, data={CONF_NAME: name}
                )
            errors[CONF_NAME] = "name_missing"
        return self._async_ask("reconfigure", name, errors)

    def _async_ask(
        self, step_id: str, name: str, errors: dict[str, str]
    ) -> SubentryFlowResult:
        return self.async_show_form(
            step_id=step_id,
            data_schema=self.add_suggested_values_to_schema(SCHEMA, {CONF_NAME: name}),
            errors=errors,
        )
