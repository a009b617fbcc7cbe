"""What the flows that adopt entities have in common."""

from abc import abstractmethod
from collections.abc import Iterable, Mapping
from typing import Any

from homeassistant.components.device_automation import (
    DeviceAutomationType,
    async_get_device_automations,
)
from homeassistant.components.device_automation.exceptions import DeviceNotFound
from homeassistant.components.event.const import (
    ATTR_EVENT_TYPES,
    DOMAIN as EVENT,
    DoorbellEventType,
)
from homeassistant.config_entries import (
    SOURCE_RECONFIGURE,
    ConfigSubentry,
    ConfigSubentryFlow,
    SubentryFlowResult,
)
from homeassistant.const import (
    ATTR_ENTITY_ID,
    ATTR_SUPPORTED_FEATURES,
    CONF_DEVICE_ID,
    CONF_NAME,
)
from homeassistant.core import HomeAssistant, State, split_entity_id
from homeassistant.helpers import entity_registry as er
from homeassistant.helpers.selector import (
    EntitySelector,
    EntitySelectorConfig,
    EntityWithDeviceFilterSelectorConfig,
    NumberSelector,
    NumberSelectorConfig,
    NumberSelectorMode,
    SelectOptionDict,
    SelectSelector,
    SelectSelectorConfig,
    SelectSelectorMode,
)
from homeassistant.helpers.translation import async_get_translations
import voluptuous as vol

from .const import (
    CONF_DOORS,
    CONF_NORMALLY_CLOSED,
    CONF_PRESS_TYPES,
    CONF_TRIGGER,
    DOMAIN,
    SUBENTRY_DEMO,
    SUBENTRY_STATION,
)

CONF_ENTITY = "entity"

# Hours without a sign of life, up to four weeks.
CHECK_IN = NumberSelector(
    NumberSelectorConfig(
        min=1, max=672, step=1, mode=NumberSelectorMode.BOX, unit_of_measurement="h"
    )
)

type Errors = dict[str, str]
type Values = dict[str, Any]


def entity_selector(
    hass: HomeAssistant, *filters: EntityWithDeviceFilterSelectorConfig
) -> EntitySelector:
    """Return a field for an entity that fits, and is none of ours."""
    ours = [
        entry.entity_id
        for entry in er.async_get(hass).entities.values()
        if entry.platform == DOMAIN
    ]
    return EntitySelector(
        EntitySelectorConfig(filter=list(filters), exclude_entities=ours)
    )


def reference(hass: HomeAssistant, entity_id: str | None) -> str | None:
    """Return what is stored of an entity: its registry identifier, or else its id."""
    if entity_id is None:
        return None
    entry = er.async_get(hass).async_get(entity_id)
    return entry.id if entry else entity_id


def entity_of(hass: HomeAssistant, stored: str | None) -> str | None:
    """Return the entity that is stored, as it is called now."""
    if stored is None:
        return None
    return er.async_resolve_entity_id(er.async_get(hass), stored)


def is_ours(hass: HomeAssistant, entity_id: str) -> bool:
    """Whether an entity is this integration's, or a group that one of ours is in."""
    registry = er.async_get(hass)
    state = hass.states.get(entity_id)
    members: Iterable[str] = state.attributes.get(ATTR_ENTITY_ID, ()) if state else ()
    return any(
        entry is not None and entry.platform == DOMAIN
        for entry in map(registry.async_get, (entity_id, *members))
    )


def can(state: State | None, feature: int) -> bool:
    """Whether an entity has a feature, as far as it tells."""
    return state is not None and bool(
        state.attributes.get(ATTR_SUPPORTED_FEATURES, 0) & feature
    )


class AdoptingFlow(ConfigSubentryFlow):
    """Adopt entities: their names are new, none is ours, and what they can do is told."""

    # What is known so far, as the forms give it.
    _values: Values

    async def async_step_user(
        self, user_input: Values | None = None
    ) -> SubentryFlowResult:
        """Adopt something."""
        return await self._async_begin("user", {}, user_input)

    async def async_step_reconfigure(
        self, user_input: Values | None = None
    ) -> SubentryFlowResult:
        """Change what was adopted."""
        subentry = self._get_reconfigure_subentry()
        known = {CONF_NAME: subentry.title, **self._form_values(subentry.data)}
        return await self._async_begin("reconfigure", known, user_input)

    async def _async_begin(
        self, step_id: str, known: Values, user_input: Values | None
    ) -> SubentryFlowResult:
        errors: Errors = {}
        if user_input is not None:
            user_input[CONF_NAME] = user_input[CONF_NAME].strip()
            errors = self._name_errors(user_input[CONF_NAME])
            errors |= self._own_errors(user_input) or self._first_errors(user_input)
            if not errors:
                self._values = {**known, **user_input}
                self._forget_emptied(self._first_schema(), user_input)
                return await self._async_next()
        return self.async_show_form(
            step_id=step_id,
            data_schema=self.add_suggested_values_to_schema(
                self._first_schema(), known if user_input is None else user_input
            ),
            errors=errors,
        )

    def _forget_emptied(self, schema: vol.Schema, user_input: Values) -> None:
        """Forget what was known of the fields that were left empty now."""
        for key in map(str, schema.schema):
            if key not in user_input:
                self._values.pop(key, None)

    @abstractmethod
    def _form_values(self, data: Mapping[str, Any]) -> Values:
        """Return what is stored as the forms show it."""

    @abstractmethod
    def _first_schema(self) -> vol.Schema:
        """Return the first form, with the name in it."""

    def _first_errors(self, user_input: Values) -> Errors:
        """Return what else is wrong in the first form."""
        return {}

    @abstractmethod
    async def _async_next(self) -> SubentryFlowResult:
        """Carry on after the first form."""

    @abstractmethod
    def _facts(self) -> list[str]:
        """Return what the choice can and cannot do, by the keys of their texts."""

    @abstractmethod
    def _data(self) -> Values:
        """Return what is stored."""

    # --- what is wrong -------------------------------------------------------------------

    def _name_errors(self, name: str) -> Errors:
        if not name:
            return {CONF_NAME: "name_missing"}
        if name.casefold() in {taken.casefold() for taken in self._names_taken()}:
            return {CONF_NAME: "name_taken"}
        return {}

    def _names_taken(self) -> list[str]:
        """Return the names of whatever else the practice has: doors, buttons, sirens."""
        names: list[str] = []
        for subentry in self._others():
            names.append(subentry.title)
            if subentry.subentry_type == SUBENTRY_STATION:
                names += [door[CONF_NAME] for door in subentry.data[CONF_DOORS]]
            elif subentry.subentry_type == SUBENTRY_DEMO:
                names.append(subentry.data[CONF_NAME])
        return names

    def _others(self) -> list[ConfigSubentry]:
        own = (
            self._reconfigure_subentry_id if self.source == SOURCE_RECONFIGURE else None
        )
        return [
            subentry
            for subentry in self._get_entry().subentries.values()
            if subentry.subentry_id != own
        ]

    def _own_errors(self, user_input: Values) -> Errors:
        return {
            field: "own_entity"
            for field, value in user_input.items()
            if isinstance(value, str)
            and "." in value
            and self.hass.states.get(value) is not None
            and is_ours(self.hass, value)
        }

    # --- what can be done ----------------------------------------------------------------

    async def async_step_check(
        self, user_input: Values | None = None
    ) -> SubentryFlowResult:
        """Tell in words what the choice can and cannot do, and finish."""
        if user_input is not None:
            if self.source == SOURCE_RECONFIGURE:
                return self.async_update_and_abort(
                    self._get_entry(),
                    self._get_reconfigure_subentry(),
                    title=self._values[CONF_NAME],
                    data=self._data(),
                )
            return self.async_create_entry(
                title=self._values[CONF_NAME], data=self._data()
            )
        return self.async_show_form(
            step_id="check",
            data_schema=vol.Schema({}),
            description_placeholders={
                "name": self._values[CONF_NAME],
                "facts": await self._async_words(self._facts()),
            },
            last_step=True,
        )

    async def _async_words(self, facts: list[str]) -> str:
        texts = await async_get_translations(
            self.hass, self.hass.config.language, "selector", {DOMAIN}
        )
        prefix = f"component.{DOMAIN}.selector.facts.options."
        return "\n".join(f"- {texts[prefix + fact]}" for fact in facts)

    # --- presses -------------------------------------------------------------------------

    async def _async_press_schema(
        self, entity_id: str | None, device_id: str | None, types: list[str]
    ) -> vol.Schema | None:
        """Return the form for what counts as a press; None where nothing is to choose."""
        if entity_id is None:
            options = await self._async_triggers(device_id)
            return vol.Schema({vol.Required(CONF_TRIGGER): _one_of(options)})
        if split_entity_id(entity_id)[0] != EVENT:
            return None
        state = self.hass.states.get(entity_id)
        offered: list[str] = (
            list(state.attributes.get(ATTR_EVENT_TYPES, ())) if state else []
        )
        chosen = [kind for kind in types if kind in offered]
        if not chosen:
            rings = [kind for kind in offered if kind == DoorbellEventType.RING]
            chosen = rings or offered
        return vol.Schema(
            {
                vol.Required(CONF_PRESS_TYPES, default=chosen): SelectSelector(
                    SelectSelectorConfig(
                        options=offered,
                        multiple=True,
                        custom_value=True,
                        mode=SelectSelectorMode.LIST,
                    )
                )
            }
        )

    async def _async_triggers(self, device_id: str | None) -> list[SelectOptionDict]:
        """Return the triggers that a device offers, by their place in its list."""
        try:
            offered = await async_get_device_automations(
                self.hass, DeviceAutomationType.TRIGGER, [device_id or ""]
            )
        except DeviceNotFound:
            offered = {}
        # Those of entities are told by the entities themselves.
        self._offered = [
            trigger
            for trigger in offered.get(device_id or "", ())
            if ATTR_ENTITY_ID not in trigger
        ]
        return [
            SelectOptionDict(value=str(number), label=_label(trigger))
            for number, trigger in enumerate(self._offered)
        ]

    _offered: list[dict[str, Any]]

    def _trigger(self, chosen: str) -> dict[str, Any]:
        """Return a trigger that was chosen, as it is stored."""
        return {
            key: value
            for key, value in self._offered[int(chosen)].items()
            if key != "metadata"
        }


def _one_of(options: list[SelectOptionDict]) -> SelectSelector:
    return SelectSelector(
        SelectSelectorConfig(options=options, mode=SelectSelectorMode.LIST)
    )


def _label(trigger: Mapping[str, Any]) -> str:
    """Return what tells a trigger from the others of its device."""
    words = (trigger.get("type"), trigger.get("subtype"))
    return " · ".join(str(word) for word in words if word) or str(trigger.get("domain"))


def stored_press(
    hass: HomeAssistant,
    entity_id: str | None,
    *,
    types: list[str],
    normally_closed: bool,
    trigger: dict[str, Any] | None,
) -> Values:
    """Return what is stored of a source of presses."""
    return {
        CONF_ENTITY: reference(hass, entity_id),
        CONF_PRESS_TYPES: types,
        CONF_NORMALLY_CLOSED: normally_closed,
        CONF_TRIGGER: None if entity_id else trigger,
    }


def press_values(
    hass: HomeAssistant, stored: Mapping[str, Any] | None, entity: str, device: str
) -> Values:
    """Return a stored source of presses as the fields `entity` and `device` show it."""
    if stored is None:
        return {}
    trigger = stored[CONF_TRIGGER] or {}
    values = {
        entity: entity_of(hass, stored[CONF_ENTITY]),
        device: trigger.get(CONF_DEVICE_ID),
        CONF_PRESS_TYPES: stored[CONF_PRESS_TYPES],
        CONF_NORMALLY_CLOSED: stored[CONF_NORMALLY_CLOSED],
    }
    return {key: value for key, value in values.items() if value is not None}
