"""Adopt a panic button: an entity, or a trigger of a device that has none."""

from collections.abc import Mapping
from typing import Any, override

from homeassistant.config_entries import SubentryFlowResult
from homeassistant.const import CONF_NAME
from homeassistant.core import split_entity_id
from homeassistant.helpers.selector import (
    BooleanSelector,
    DeviceSelector,
    EntityWithDeviceFilterSelectorConfig,
    TextSelector,
)
import voluptuous as vol

from .adopted_flow import (
    CHECK_IN,
    AdoptingFlow,
    Errors,
    Values,
    entity_selector,
    press_values,
    stored_press,
)
from .const import (
    CONF_CHECK_IN,
    CONF_GESTURE,
    CONF_LOCATION,
    CONF_NORMALLY_CLOSED,
    CONF_PRESS,
    CONF_PRESS_DEVICE,
    CONF_PRESS_TYPES,
    CONF_TRIGGER,
)
from .panic_options import SOURCE_SCHEMA
from .panic_setup import DEFAULT_SOURCE
from .practice.panic.config import Gesture

BUTTONS = EntityWithDeviceFilterSelectorConfig(
    domain=["event", "binary_sensor", "button", "input_button"]
)


class AdoptedPanicButtonFlow(AdoptingFlow):
    """A panic button: what tells of its presses, and which of them count."""

    @override
    def _form_values(self, data: Mapping[str, Any]) -> Values:
        known = press_values(self.hass, data[CONF_PRESS], CONF_PRESS, CONF_PRESS_DEVICE)
        known |= {key: data[key] for key in DEFAULT_SOURCE}
        if data[CONF_CHECK_IN] is not None:
            known[CONF_CHECK_IN] = data[CONF_CHECK_IN]
        return known

    @override
    def _first_schema(self) -> vol.Schema:
        return vol.Schema(
            {
                vol.Required(CONF_NAME): TextSelector(),
                vol.Optional(CONF_PRESS): entity_selector(self.hass, BUTTONS),
                vol.Optional(CONF_PRESS_DEVICE): DeviceSelector(),
                vol.Optional(CONF_CHECK_IN): CHECK_IN,
            }
        )

    @override
    def _first_errors(self, user_input: Values) -> Errors:
        if not {CONF_PRESS, CONF_PRESS_DEVICE} & user_input.keys():
            return {CONF_PRESS: "press_missing"}
        return {}

    @override
    async def _async_next(self) -> SubentryFlowResult:
        return await self.async_step_press()

    @property
    def _is_loop(self) -> bool:
        press: str = self._values.get(CONF_PRESS, "")
        return press.startswith("binary_sensor.")

    async def async_step_press(
        self, user_input: Values | None = None
    ) -> SubentryFlowResult:
        """Ask which presses count, or how the loop is wired."""
        values = self._values
        if user_input is not None:
            if CONF_TRIGGER in user_input:
                user_input[CONF_TRIGGER] = self._trigger(user_input[CONF_TRIGGER])
            values |= user_input
            return await self.async_step_meaning()
        if self._is_loop:
            closed = values.get(CONF_NORMALLY_CLOSED, False)
            schema: vol.Schema | None = vol.Schema(
                {vol.Required(CONF_NORMALLY_CLOSED, default=closed): BooleanSelector()}
            )
        else:
            schema = await self._async_press_schema(
                values.get(CONF_PRESS),
                values.get(CONF_PRESS_DEVICE),
                values.get(CONF_PRESS_TYPES, []),
            )
        if schema is None:
            values.pop(CONF_PRESS_TYPES, None)
            return await self.async_step_meaning()
        return self.async_show_form(
            step_id="loop" if self._is_loop else "press",
            data_schema=schema,
            description_placeholders={"name": values[CONF_NAME]},
        )

    async def async_step_loop(
        self, user_input: Values | None = None
    ) -> SubentryFlowResult:
        """Take how the loop is wired."""
        return await self.async_step_press(user_input)

    async def async_step_meaning(
        self, user_input: Values | None = None
    ) -> SubentryFlowResult:
        """Ask what a press means, and what it takes."""
        errors: Errors = {}
        if user_input is not None:
            if self._is_loop or user_input[CONF_GESTURE] != Gesture.LONG:
                self._values |= {CONF_LOCATION: "", **user_input}
                return await self.async_step_check()
            # Nothing would tell that it was let go before: every press were a long one.
            errors[CONF_GESTURE] = "press_has_no_end"
        known = DEFAULT_SOURCE | self._values
        return self.async_show_form(
            step_id="meaning",
            data_schema=self.add_suggested_values_to_schema(
                SOURCE_SCHEMA, known if user_input is None else user_input
            ),
            errors=errors,
            description_placeholders={"name": self._values[CONF_NAME]},
        )

    @override
    def _facts(self) -> list[str]:
        values = self._values
        if self._is_loop:
            facts = ["panic_is_loop", "panic_loop_returns"]
        elif CONF_PRESS in values:
            domain = split_entity_id(values[CONF_PRESS])[0]
            facts = ["panic_is_event" if domain == "event" else "panic_is_button"]
            if len(values.get(CONF_PRESS_TYPES, ())) > 1:
                facts.append("panic_several_types")
        else:
            facts = ["panic_is_trigger"]
        facts.append("panic_in_doubt")
        if CONF_CHECK_IN not in values:
            facts.append("no_check_in")
        return facts

    @override
    def _data(self) -> Values:
        values = self._values
        return {
            CONF_PRESS: stored_press(
                self.hass,
                values.get(CONF_PRESS),
                types=values.get(CONF_PRESS_TYPES, []),
                normally_closed=self._is_loop and values[CONF_NORMALLY_CLOSED],
                trigger=values.get(CONF_TRIGGER),
            ),
            **{key: values[key] for key in DEFAULT_SOURCE},
            CONF_CHECK_IN: values.get(CONF_CHECK_IN),
        }
