"""Options of the alarm: its sensors, its times, its codes."""

from collections.abc import Mapping
from typing import Any

from homeassistant.auth.models import User
from homeassistant.components.binary_sensor.const import DOMAIN as BINARY_SENSOR
from homeassistant.config_entries import ConfigFlowResult, OptionsFlow
from homeassistant.const import UnitOfTime
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers import entity_registry as er
from homeassistant.helpers.selector import (
    BooleanSelector,
    EntitySelector,
    EntitySelectorConfig,
    NumberSelector,
    NumberSelectorConfig,
    NumberSelectorMode,
    SelectOptionDict,
    SelectSelector,
    SelectSelectorConfig,
    SelectSelectorMode,
    TextSelector,
    TextSelectorConfig,
    TextSelectorType,
)
import voluptuous as vol

from .alarm_codes import CodeBook, is_code, is_guessed_first
from .const import (
    CONF_ARM_HOME_WHEN_STAFF_ONLY,
    CONF_ARM_WHEN_CLOSED,
    CONF_BYPASSABLE,
    CONF_CODE,
    CONF_CODE_ALWAYS,
    CONF_CODES,
    CONF_DURESS,
    CONF_ENTRY_DELAY,
    CONF_EXIT_DELAY,
    CONF_HASH,
    CONF_LABEL,
    CONF_LANGUAGE,
    CONF_MOST_SIRENS,
    CONF_PERSON,
    CONF_TRIGGER_TIME,
    DEFAULT_ALARM,
    MAX_ENTRY_DELAY,
    MAX_EXIT_DELAY,
    MAX_SIRENS,
    MAX_TRIGGER_TIME,
    MIN_TRIGGER_TIME,
    SENSOR_ROLES,
    UNDER_DURESS,
)
from .people_flow import async_people

_SENSOR_FIELDS = (*SENSOR_ROLES.values(), CONF_BYPASSABLE)
_SENSORS = EntitySelector(EntitySelectorConfig(domain=BINARY_SENSOR, multiple=True))


def _number(at_least: int, at_most: int, unit: str | None = None) -> NumberSelector:
    config = NumberSelectorConfig(
        min=at_least, max=at_most, step=1, mode=NumberSelectorMode.BOX
    )
    if unit is not None:
        config["unit_of_measurement"] = unit
    return NumberSelector(config)


ALARM_SCHEMA = vol.Schema(
    {
        **{vol.Optional(field): _SENSORS for field in _SENSOR_FIELDS},
        vol.Required(CONF_ENTRY_DELAY): _number(0, MAX_ENTRY_DELAY, UnitOfTime.SECONDS),
        vol.Required(CONF_EXIT_DELAY): _number(0, MAX_EXIT_DELAY, UnitOfTime.SECONDS),
        vol.Required(CONF_TRIGGER_TIME): _number(
            MIN_TRIGGER_TIME, MAX_TRIGGER_TIME, UnitOfTime.SECONDS
        ),
        vol.Required(CONF_MOST_SIRENS): _number(0, MAX_SIRENS),
        vol.Required(CONF_CODE_ALWAYS, default=False): BooleanSelector(),
        vol.Required(CONF_ARM_WHEN_CLOSED, default=False): BooleanSelector(),
        vol.Required(CONF_ARM_HOME_WHEN_STAFF_ONLY, default=False): BooleanSelector(),
    }
)


class AlarmSteps(OptionsFlow):
    """The steps of the options that are about the alarm."""

    async def async_step_alarm(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Change the sensors of the alarm and its times."""
        errors: dict[str, str] = {}
        values = _shown(self.hass, {**DEFAULT_ALARM, **self.config_entry.options})
        if user_input is not None:
            values = _entered(user_input)
            codes = self.config_entry.options.get(CONF_CODES, ())
            if not (errors := _alarm_errors(values, has_codes=bool(codes))):
                return self._keep_options(_stored(self.hass, values))
        return self.async_show_form(
            step_id="alarm",
            data_schema=self.add_suggested_values_to_schema(ALARM_SCHEMA, values),
            errors=errors,
        )

    async def async_step_codes(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Choose what to do with the codes."""
        steps = ["add_code"]
        if self.config_entry.options.get(CONF_CODES):
            steps.append("remove_codes")
        return self.async_show_menu(step_id="codes", menu_options=steps)

    async def async_step_add_code(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Add a code. It is hashed at once, and shown never again."""
        errors: dict[str, str] = {}
        people = await async_people(self.hass)
        if user_input is not None:
            codes: list[dict[str, Any]] = list(
                self.config_entry.options.get(CONF_CODES, ())
            )
            added = {
                CONF_LABEL: _label(user_input, people),
                CONF_PERSON: user_input.get(CONF_PERSON),
                CONF_DURESS: user_input[CONF_DURESS],
                CONF_HASH: await self.hass.async_add_executor_job(
                    CodeBook(codes).hash, user_input[CONF_CODE]
                ),
            }
            errors = _code_errors(user_input[CONF_CODE], added, codes)
            if not errors:
                return self._keep_options({CONF_CODES: [*codes, added]})
        return self.async_show_form(
            step_id="add_code",
            data_schema=self.add_suggested_values_to_schema(
                _code_schema(people),
                # A code is never sent back to the page.
                {k: v for k, v in (user_input or {}).items() if k != CONF_CODE},
            ),
            errors=errors,
        )

    async def async_step_remove_codes(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Remove codes, which work no more at once."""
        errors: dict[str, str] = {}
        options = self.config_entry.options
        codes: list[dict[str, Any]] = options[CONF_CODES]
        if user_input is not None:
            left = [
                code
                for number, code in enumerate(codes)
                if str(number) not in user_input[CONF_CODES]
            ]
            if left or not options.get(CONF_CODE_ALWAYS):
                return self._keep_options({CONF_CODES: left})
            errors[CONF_CODES] = "no_code"
        return self.async_show_form(
            step_id="remove_codes",
            data_schema=vol.Schema(
                {
                    vol.Required(CONF_CODES): SelectSelector(
                        SelectSelectorConfig(
                            options=[
                                SelectOptionDict(
                                    value=str(number), label=self._name(code)
                                )
                                for number, code in enumerate(codes)
                            ],
                            multiple=True,
                            mode=SelectSelectorMode.LIST,
                        )
                    )
                }
            ),
            errors=errors,
        )

    def _name(self, code: Mapping[str, Any]) -> str:
        """Return what a code is called in the list of codes, which only managers see."""
        label: str = code[CONF_LABEL]
        if not code[CONF_DURESS]:
            return label
        return f"{label} ({UNDER_DURESS[self.config_entry.data[CONF_LANGUAGE]]})"

    def _keep_options(self, changed: Mapping[str, Any]) -> ConfigFlowResult:
        return self.async_create_entry(data={**self.config_entry.options, **changed})


def _entered(user_input: Mapping[str, Any]) -> dict[str, Any]:
    """Return what a form gave; a list that was emptied is not in it."""
    return {field: [] for field in _SENSOR_FIELDS} | {
        key: int(value) if isinstance(value, float) else value
        for key, value in user_input.items()
    }


def _alarm_errors(values: Mapping[str, Any], *, has_codes: bool) -> dict[str, str]:
    """Return what is wrong: two roles for a sensor, a code that nobody has."""
    errors: dict[str, str] = {}
    known: set[str] = set()
    for field in SENSOR_ROLES.values():
        if known & set(values[field]):
            errors[field] = "sensor_has_a_role"
        known |= set(values[field])
    if not known.issuperset(values[CONF_BYPASSABLE]):
        errors[CONF_BYPASSABLE] = "sensor_without_a_role"
    if values[CONF_CODE_ALWAYS] and not has_codes:
        errors[CONF_CODE_ALWAYS] = "no_code"
    return errors


@callback
def _shown(hass: HomeAssistant, values: Mapping[str, Any]) -> dict[str, Any]:
    """Return values as a form shows them: entities by their present names."""
    registry = er.async_get(hass)
    return dict(values) | {
        field: [
            entity
            for sensor in values[field]
            if (entity := er.async_resolve_entity_id(registry, sensor)) is not None
        ]
        for field in _SENSOR_FIELDS
    }


@callback
def _stored(hass: HomeAssistant, values: Mapping[str, Any]) -> dict[str, Any]:
    """Return values as they are kept: sensors by what outlives a new name."""
    registry = er.async_get(hass)

    def identifier(entity: str) -> str:
        entry = registry.async_get(entity)
        return entry.id if entry is not None else entity

    return dict(values) | {
        field: [identifier(entity) for entity in values[field]]
        for field in _SENSOR_FIELDS
    }


def _code_schema(people: list[User]) -> vol.Schema:
    return vol.Schema(
        {
            vol.Optional(CONF_PERSON): SelectSelector(
                SelectSelectorConfig(
                    options=[
                        SelectOptionDict(value=user.id, label=user.name or user.id)
                        for user in people
                    ],
                    mode=SelectSelectorMode.DROPDOWN,
                )
            ),
            vol.Optional(CONF_LABEL): TextSelector(),
            vol.Required(CONF_CODE): TextSelector(
                TextSelectorConfig(type=TextSelectorType.PASSWORD)
            ),
            vol.Required(CONF_DURESS, default=False): BooleanSelector(),
        }
    )


def _label(user_input: Mapping[str, Any], people: list[User]) -> str:
    """Return what a code is called: by its label, else by its person's name."""
    label: str = user_input.get(CONF_LABEL, "").strip()
    names = {user.id: user.name or user.id for user in people}
    return label or names.get(user_input.get(CONF_PERSON, ""), "")


def _code_errors(
    code: str, added: Mapping[str, Any], codes: list[dict[str, Any]]
) -> dict[str, str]:
    """Return what is wrong with a new code."""
    errors: dict[str, str] = {}
    if not is_code(code):
        errors[CONF_CODE] = "code_form"
    elif is_guessed_first(code) or any(
        each[CONF_HASH] == added[CONF_HASH] for each in codes
    ):
        # The same answer to both: who tries tells nothing of another's code.
        errors[CONF_CODE] = "code_guessed"
    if not added[CONF_LABEL]:
        errors[CONF_LABEL] = "name_missing"
    elif any(
        (each[CONF_LABEL], each[CONF_DURESS]) == (added[CONF_LABEL], added[CONF_DURESS])
        for each in codes
    ):
        errors[CONF_LABEL] = "name_taken"
    return errors
