"""The forms of the panic chain: its course, and what a panic button means."""

from collections.abc import Mapping
from typing import Any, Final

from homeassistant.config_entries import ConfigEntry, ConfigFlowResult, OptionsFlow
from homeassistant.const import Platform, UnitOfTime
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers import device_registry as dr, entity_registry as er
from homeassistant.helpers.selector import (
    BooleanSelector,
    DeviceSelector,
    DeviceSelectorConfig,
    NumberSelector,
    NumberSelectorConfig,
    NumberSelectorMode,
    SelectOptionDict,
    SelectSelector,
    SelectSelectorConfig,
    SelectSelectorMode,
    TextSelector,
)
import voluptuous as vol

from .const import (
    CONF_ATTACK_LOCKS_DOWN,
    CONF_AUDIBLE,
    CONF_GESTURE,
    CONF_KIND,
    CONF_LOCATION,
    CONF_PANIC_PHONES,
    CONF_PANIC_REPEAT,
    CONF_PANIC_SECOND_STEP,
    CONF_PANIC_SIRENS,
    CONF_PANIC_THIRD_STEP,
    CONF_SILENT_IS_SHOWN,
    CONF_SIREN_ENDS_AT,
    CONF_SIREN_TIME,
    SIREN_SUFFIX,
)
from .panic_setup import AT_ACKNOWLEDGEMENT, AT_RESET, DEFAULT_PANIC
from .practice.panic.config import Gesture
from .practice.panic.state import PanicKind


def _seconds(at_least: int, at_most: int) -> NumberSelector:
    return NumberSelector(
        NumberSelectorConfig(
            min=at_least,
            max=at_most,
            step=1,
            mode=NumberSelectorMode.BOX,
            unit_of_measurement=UnitOfTime.SECONDS,
        )
    )


def _one_of(options: list[str], translation_key: str) -> SelectSelector:
    return SelectSelector(
        SelectSelectorConfig(
            options=options,
            translation_key=translation_key,
            mode=SelectSelectorMode.DROPDOWN,
        )
    )


# DOMAIN, *Panic*: told again at least every minute.
_PANIC: Final[dict[vol.Marker, Any]] = {
    vol.Optional(CONF_PANIC_PHONES): DeviceSelector(
        DeviceSelectorConfig(multiple=True, filter={"integration": "mobile_app"})
    ),
    vol.Required(CONF_PANIC_REPEAT): _seconds(15, 60),
    vol.Required(CONF_PANIC_SECOND_STEP): _seconds(5, 600),
    vol.Required(CONF_PANIC_THIRD_STEP): _seconds(5, 600),
    vol.Required(CONF_SIREN_TIME): _seconds(5, 900),
    vol.Required(CONF_SIREN_ENDS_AT): _one_of(
        [AT_ACKNOWLEDGEMENT, AT_RESET], "siren_ends_at"
    ),
    vol.Required(CONF_ATTACK_LOCKS_DOWN): BooleanSelector(),
    vol.Required(CONF_SILENT_IS_SHOWN): BooleanSelector(),
}

# What a press on a panic button means, whatever it hangs on.
SOURCE_SCHEMA: Final = vol.Schema(
    {
        vol.Required(CONF_KIND): _one_of([kind.value for kind in PanicKind], "panic"),
        vol.Required(CONF_GESTURE): _one_of(
            [gesture.value for gesture in Gesture], "gesture"
        ),
        vol.Optional(CONF_LOCATION): TextSelector(),
        vol.Required(CONF_AUDIBLE): BooleanSelector(),
    }
)


def panic_schema(sirens: Mapping[str, str]) -> vol.Schema:
    """Return the form, with the names of the sirens there are by their identifiers."""
    if not sirens:
        return vol.Schema(_PANIC)
    chosen = SelectSelector(
        SelectSelectorConfig(
            options=[
                SelectOptionDict(value=siren, label=name)
                for siren, name in sirens.items()
            ],
            multiple=True,
        )
    )
    return vol.Schema({vol.Optional(CONF_PANIC_SIRENS): chosen} | _PANIC)


def panic_options(
    user_input: Mapping[str, Any], sirens: Mapping[str, str]
) -> dict[str, Any]:
    """Return what is stored of the form; times are whole seconds."""
    # A list that was emptied does not come back; it means none.
    none: dict[str, Any] = {CONF_PANIC_PHONES: []}
    if sirens:
        none[CONF_PANIC_SIRENS] = []
    return none | {
        key: int(value) if isinstance(value, float) else value
        for key, value in user_input.items()
    }


def panic_errors(values: Mapping[str, Any]) -> dict[str, str]:
    """Return what is wrong: steps come one after the other."""
    if values[CONF_PANIC_THIRD_STEP] <= values[CONF_PANIC_SECOND_STEP]:
        return {CONF_PANIC_THIRD_STEP: "before_the_second"}
    return {}


@callback
def async_siren_names(hass: HomeAssistant, entry: ConfigEntry) -> dict[str, str]:
    """Return the names of the sirens of a practice, by our own identifiers."""
    devices = dr.async_get(hass)
    names: dict[str, str] = {}
    for entity in er.async_entries_for_config_entry(er.async_get(hass), entry.entry_id):
        siren = entity.unique_id.removesuffix(SIREN_SUFFIX)
        if entity.domain == Platform.SIREN and siren != entity.unique_id:
            device = devices.async_get(entity.device_id) if entity.device_id else None
            names[siren] = (device and (device.name_by_user or device.name)) or siren
    return names


class PanicSteps(OptionsFlow):
    """The step that asks how the panic chain goes on."""

    async def async_step_panic(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Change how a panic goes on until somebody acknowledges it."""
        errors: dict[str, str] = {}
        sirens = async_siren_names(self.hass, self.config_entry)
        values: dict[str, Any] = {
            **DEFAULT_PANIC,
            CONF_PANIC_SIRENS: list(sirens),
            **self.config_entry.options,
        }
        if user_input is not None:
            values = panic_options(user_input, sirens)
            if not (errors := panic_errors(values)):
                return self.async_create_entry(
                    data={**self.config_entry.options, **values}
                )
        return self.async_show_form(
            step_id="panic",
            data_schema=self.add_suggested_values_to_schema(
                panic_schema(sirens), values
            ),
            errors=errors,
        )
