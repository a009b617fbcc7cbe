"""Adopt a door: what opens it, and what tells of it."""

from collections.abc import Mapping
from typing import Any, override

from homeassistant.components.cover import CoverDeviceClass
from homeassistant.components.event.const import EventDeviceClass
from homeassistant.components.lock.const import LockEntityFeature
from homeassistant.config_entries import SubentryFlowResult
from homeassistant.const import ATTR_ASSUMED_STATE, CONF_DOMAIN, CONF_NAME
from homeassistant.core import split_entity_id
from homeassistant.helpers.selector import (
    BooleanSelector,
    DeviceSelector,
    EntityWithDeviceFilterSelectorConfig,
    NumberSelector,
    NumberSelectorConfig,
    NumberSelectorMode,
    TextSelector,
)
import voluptuous as vol

from .adopted_flow import (
    CHECK_IN,
    AdoptingFlow,
    Errors,
    Values,
    can,
    entity_of,
    entity_selector,
    press_values,
    reference,
    stored_press,
)
from .const import (
    CONF_BELL,
    CONF_BELL_DEVICE,
    CONF_CAMERA,
    CONF_CHECK_IN,
    CONF_CONTACT,
    CONF_EXIT_DECLARED,
    CONF_LOCK_AGAIN,
    CONF_OPEN_FOR,
    CONF_OPENER,
    CONF_OPENER_TELLS,
    CONF_PRESS_TYPES,
    CONF_SWITCHES_OFF,
    CONF_TAMPER,
    CONF_TRIGGER,
    SUBENTRY_DOOR,
)

# Seconds for which a door is released for one visitor.
DEFAULT_OPEN_FOR = 5
OPEN_FOR = NumberSelector(
    NumberSelectorConfig(
        min=1, max=60, step=1, mode=NumberSelectorMode.BOX, unit_of_measurement="s"
    )
)

OPENERS = (
    EntityWithDeviceFilterSelectorConfig(domain=["lock", "button", "switch"]),
    EntityWithDeviceFilterSelectorConfig(
        domain="cover",
        device_class=[
            CoverDeviceClass.GATE,
            CoverDeviceClass.GARAGE,
            CoverDeviceClass.DOOR,
        ],
    ),
)
BELLS = (
    EntityWithDeviceFilterSelectorConfig(
        domain="event",
        device_class=[EventDeviceClass.DOORBELL, EventDeviceClass.BUTTON],
    ),
    EntityWithDeviceFilterSelectorConfig(domain=["event", "button", "input_button"]),
    EntityWithDeviceFilterSelectorConfig(domain="binary_sensor"),
)
CONTACTS = EntityWithDeviceFilterSelectorConfig(
    domain="binary_sensor", device_class=["door", "garage_door", "opening", "window"]
)
TAMPERS = EntityWithDeviceFilterSelectorConfig(
    domain="binary_sensor", device_class="tamper"
)
CAMERAS = EntityWithDeviceFilterSelectorConfig(domain="camera")


class AdoptedDoorFlow(AdoptingFlow):
    """A door: its opener first, then what else there is, then what that comes to."""

    @override
    def _form_values(self, data: Mapping[str, Any]) -> Values:
        hass = self.hass
        entities = {
            key: entity_of(hass, data[key])
            for key in (CONF_OPENER, CONF_CONTACT, CONF_TAMPER, CONF_CAMERA)
        }
        plain = {
            key: data[key]
            for key in (
                CONF_OPEN_FOR,
                CONF_LOCK_AGAIN,
                CONF_SWITCHES_OFF,
                CONF_CHECK_IN,
                CONF_EXIT_DECLARED,
            )
        }
        known = {
            key: value for key, value in (entities | plain).items() if value is not None
        }
        return known | press_values(hass, data[CONF_BELL], CONF_BELL, CONF_BELL_DEVICE)

    @override
    def _first_schema(self) -> vol.Schema:
        return vol.Schema(
            {
                vol.Required(CONF_NAME): TextSelector(),
                vol.Required(CONF_OPENER): entity_selector(self.hass, *OPENERS),
                vol.Required(CONF_EXIT_DECLARED, default=False): BooleanSelector(),
            }
        )

    @override
    def _first_errors(self, user_input: Values) -> Errors:
        # DOMAIN: exits are never locked by software; set-up asks for the declaration.
        if not user_input[CONF_EXIT_DECLARED]:
            return {CONF_EXIT_DECLARED: "exit_not_declared"}
        opener = reference(self.hass, user_input[CONF_OPENER])
        if any(
            other.subentry_type == SUBENTRY_DOOR and other.data[CONF_OPENER] == opener
            for other in self._others()
        ):
            return {CONF_OPENER: "opener_taken"}
        return {}

    @override
    async def _async_next(self) -> SubentryFlowResult:
        return await self.async_step_parts()

    @property
    def _domain(self) -> str:
        return split_entity_id(self._values[CONF_OPENER])[0]

    def _parts_schema(self) -> vol.Schema:
        fields: dict[vol.Marker, Any] = {
            vol.Required(CONF_OPEN_FOR, default=DEFAULT_OPEN_FOR): OPEN_FOR,
        }
        if self._domain == "lock":
            fields[vol.Required(CONF_LOCK_AGAIN, default=True)] = BooleanSelector()
        if self._domain == "switch":
            fields[vol.Required(CONF_SWITCHES_OFF, default=False)] = BooleanSelector()
        return vol.Schema(
            fields
            | {
                vol.Optional(CONF_BELL): entity_selector(self.hass, *BELLS),
                vol.Optional(CONF_BELL_DEVICE): DeviceSelector(),
                vol.Optional(CONF_CONTACT): entity_selector(self.hass, CONTACTS),
                vol.Optional(CONF_TAMPER): entity_selector(self.hass, TAMPERS),
                vol.Optional(CONF_CAMERA): entity_selector(self.hass, CAMERAS),
                vol.Optional(CONF_CHECK_IN): CHECK_IN,
            }
        )

    async def async_step_parts(
        self, user_input: Values | None = None
    ) -> SubentryFlowResult:
        """Ask how it opens, and for the bell, the contact, the tamper, the camera."""
        schema = self._parts_schema()
        errors: Errors = {}
        if user_input is not None and not (errors := self._own_errors(user_input)):
            self._values |= user_input
            self._forget_emptied(schema, user_input)
            return await self.async_step_bell()
        return self.async_show_form(
            step_id="parts",
            data_schema=self.add_suggested_values_to_schema(
                schema, self._values if user_input is None else user_input
            ),
            errors=errors,
            description_placeholders={"name": self._values[CONF_NAME]},
        )

    async def async_step_bell(
        self, user_input: Values | None = None
    ) -> SubentryFlowResult:
        """Ask what counts as a press on the bell, where there is something to choose."""
        values = self._values
        if user_input is not None:
            if CONF_TRIGGER in user_input:
                user_input[CONF_TRIGGER] = self._trigger(user_input[CONF_TRIGGER])
            values |= user_input
            return await self.async_step_check()
        bell, device = values.get(CONF_BELL), values.get(CONF_BELL_DEVICE)
        if bell is None and device is None:
            return await self.async_step_check()
        schema = await self._async_press_schema(
            bell, device, values.get(CONF_PRESS_TYPES, [])
        )
        if schema is None:
            values.pop(CONF_PRESS_TYPES, None)
            return await self.async_step_check()
        return self.async_show_form(
            step_id="bell",
            data_schema=schema,
            description_placeholders={"name": values[CONF_NAME]},
        )

    @override
    def _facts(self) -> list[str]:
        values = self._values
        state = self.hass.states.get(values[CONF_OPENER])
        contact = CONF_CONTACT in values
        facts: list[str] = []
        match self._domain:
            case "lock":
                opens = can(state, LockEntityFeature.OPEN)
                facts.append("lock_opens" if opens else "lock_unlocks")
                facts.append(
                    "lock_locks_again" if values[CONF_LOCK_AGAIN] else "lock_stays"
                )
                facts.append("lock_holds")
            case "button":
                facts += ["button_never_tells", "cannot_hold"]
            case "switch":
                facts.append("switch_tells" if self._tells else "switch_never_tells")
                facts.append(
                    "switch_switches_off"
                    if values[CONF_SWITCHES_OFF]
                    else "switch_stays_on"
                )
                facts.append("cannot_hold")
            case "cover":
                facts += ["gate_is_not_closed", "cannot_hold"]
        facts.append("lockdown_locks" if self._domain == "lock" else "lockdown_refuses")
        if contact:
            facts.append("contact_proves")
        else:
            facts.append("no_contact" if self._tells else "nothing_proves")
        if CONF_BELL in values:
            loop = values[CONF_BELL].startswith("binary_sensor.")
            facts.append("bell_stays_pressed" if loop else "bell_rings")
        elif CONF_BELL_DEVICE in values:
            facts.append("bell_is_trigger")
        else:
            facts.append("no_bell")
        if CONF_CAMERA not in values:
            facts.append("no_camera")
        if CONF_CHECK_IN not in values:
            facts.append("no_check_in")
        return facts

    @property
    def _tells(self) -> bool:
        """Whether the opener tells what it does."""
        if self._domain == "button":
            return False
        state = self.hass.states.get(self._values[CONF_OPENER])
        return state is None or not state.attributes.get(ATTR_ASSUMED_STATE)

    @override
    def _data(self) -> Values:
        hass, values = self.hass, self._values
        bell, device = values.get(CONF_BELL), values.get(CONF_BELL_DEVICE)
        return {
            CONF_OPENER: reference(hass, values[CONF_OPENER]),
            CONF_DOMAIN: self._domain,
            CONF_OPENER_TELLS: self._tells,
            CONF_OPEN_FOR: values[CONF_OPEN_FOR],
            CONF_LOCK_AGAIN: values.get(CONF_LOCK_AGAIN, False),
            CONF_SWITCHES_OFF: values.get(CONF_SWITCHES_OFF, True),
            CONF_BELL: None
            if bell is None and device is None
            else stored_press(
                hass,
                bell,
                types=values.get(CONF_PRESS_TYPES, []),
                normally_closed=False,
                trigger=values.get(CONF_TRIGGER),
            ),
            CONF_CONTACT: reference(hass, values.get(CONF_CONTACT)),
            CONF_TAMPER: reference(hass, values.get(CONF_TAMPER)),
            CONF_CAMERA: reference(hass, values.get(CONF_CAMERA)),
            CONF_CHECK_IN: values.get(CONF_CHECK_IN),
            CONF_EXIT_DECLARED: True,
        }
