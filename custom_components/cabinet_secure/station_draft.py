"""A door station while it is being described: the forms, and what is wrong in them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
import re
from typing import Any

from homeassistant.const import CONF_NAME
from homeassistant.helpers.selector import (
    BooleanSelector,
    SelectSelector,
    SelectSelectorConfig,
    SelectSelectorMode,
    TextSelector,
)
import voluptuous as vol

from .const import (
    CONF_BUTTONS,
    CONF_CAMERA,
    CONF_CONTACT,
    CONF_DOORS,
    CONF_EXIT_DECLARED,
    CONF_FIRE_INPUTS,
    CONF_FIRMWARE,
    CONF_INPUTS,
    CONF_MODEL,
    CONF_OUTPUTS,
    CONF_PANIC_INPUTS,
    CONF_PANIC_SOURCES,
    CONF_SIREN_OUTPUTS,
    CONF_SWITCH,
    CONF_TAMPER_INPUTS,
    CONTACT_NONE,
    CONTACT_OF_STATION,
    FIRST_DOOR,
    FURTHER_DOOR,
)
from .panic_setup import DEFAULT_SOURCE
from .station_survey import Survey

# Call buttons (2N HTTP API, KeyPressed): the first eight are proposed.
PROPOSED_BUTTONS = [f"%{number}" for number in range(1, 9)]
BUTTON = re.compile(r"%([1-9]|[1-9]\d|1[0-4]\d|150)")

type Errors = dict[str, str]
type Fields = dict[vol.Marker, Any]


def _several(
    options: list[str], *, translation_key: str | None = None, others: bool = False
) -> SelectSelector:
    config = SelectSelectorConfig(
        options=options,
        multiple=True,
        custom_value=others,
        mode=SelectSelectorMode.DROPDOWN,
    )
    if translation_key is not None:
        config["translation_key"] = translation_key
    return SelectSelector(config)


def _suggested(key: str, values: list[str]) -> vol.Optional:
    """Return a key whose list, once emptied, stays empty."""
    return vol.Optional(key, description={"suggested_value": values})


@dataclass(slots=True, kw_only=True)
class StationDraft:
    """What is known so far of a station, step by step: connection, roles, doors."""

    language: str
    before: Mapping[str, Any] = field(default_factory=dict[str, Any])
    """What was configured until now; empty for a new station."""
    connection: dict[str, Any] = field(default_factory=dict[str, Any])
    survey: Survey
    _roles: dict[str, Any] = field(default_factory=dict[str, Any])
    _sources: dict[str, dict[str, Any]] = field(
        default_factory=dict[str, dict[str, Any]]
    )
    _switches: list[int] = field(default_factory=list[int])
    _doors: list[dict[str, Any]] = field(default_factory=list[dict[str, Any]])

    @property
    def title(self) -> str:
        """Return the name that the device has, or else its model."""
        return self.survey.name or self.survey.model

    @property
    def data(self) -> dict[str, Any]:
        """Return what is stored of the station."""
        return {
            **self.connection,
            CONF_MODEL: self.survey.model,
            CONF_FIRMWARE: self.survey.firmware,
            CONF_INPUTS: list(self.survey.inputs),
            CONF_OUTPUTS: list(self.survey.outputs),
            **self._roles,
            CONF_PANIC_SOURCES: dict(self._sources),
            CONF_DOORS: list(self._doors),
        }

    # Roles: what each switch, input and output is.

    def roles_schema(self, user_input: Mapping[str, Any] | None) -> vol.Schema:
        """Return the form for the roles, with fields only for what the device has."""
        survey = self.survey
        values = user_input if user_input is not None else self._roles_to_begin_with()
        fields: Fields = {}
        if survey.switches:
            fields[_suggested(CONF_DOORS, values.get(CONF_DOORS, []))] = _several(
                [str(switch) for switch in survey.switches], translation_key="switch"
            )
        if survey.inputs:
            for role in (CONF_PANIC_INPUTS, CONF_TAMPER_INPUTS, CONF_FIRE_INPUTS):
                fields[_suggested(role, values.get(role, []))] = _several(
                    list(survey.inputs)
                )
        if survey.outputs:
            fields[
                _suggested(CONF_SIREN_OUTPUTS, values.get(CONF_SIREN_OUTPUTS, []))
            ] = _several(list(survey.outputs))
        if survey.camera:
            fields[vol.Required(CONF_CAMERA, default=values.get(CONF_CAMERA, True))] = (
                BooleanSelector()
            )
        if survey.switches:
            fields[
                vol.Required(
                    CONF_EXIT_DECLARED, default=values.get(CONF_EXIT_DECLARED, False)
                )
            ] = BooleanSelector()
        return vol.Schema(fields)

    def _roles_to_begin_with(self) -> dict[str, Any]:
        """Return what was configured where the device still has it, or else a guess."""
        survey = self.survey
        if not self.before:
            strikes = [
                switch for switch in survey.switches if switch in survey.monostable
            ]
            return {
                CONF_DOORS: [
                    str(switch) for switch in (strikes or survey.switches)[:1]
                ],
                CONF_TAMPER_INPUTS: [
                    port for port in survey.inputs if "tamper" in port.lower()
                ],
            }
        present: dict[str, tuple[str, ...]] = {
            CONF_PANIC_INPUTS: survey.inputs,
            CONF_TAMPER_INPUTS: survey.inputs,
            CONF_FIRE_INPUTS: survey.inputs,
            CONF_SIREN_OUTPUTS: survey.outputs,
        }
        return {
            **{
                role: [port for port in self.before[role] if port in ports]
                for role, ports in present.items()
            },
            CONF_DOORS: [
                str(door[CONF_SWITCH])
                for door in self.before[CONF_DOORS]
                if door[CONF_SWITCH] in survey.switches
            ],
            CONF_CAMERA: self.before[CONF_CAMERA],
            CONF_EXIT_DECLARED: self.before[CONF_EXIT_DECLARED],
        }

    def take_roles(self, user_input: Mapping[str, Any]) -> Errors:
        """Keep the roles, or say what is wrong: one role for a port, exits that open."""
        doors: list[str] = user_input.get(CONF_DOORS, [])
        panic: list[str] = user_input.get(CONF_PANIC_INPUTS, [])
        tamper: list[str] = user_input.get(CONF_TAMPER_INPUTS, [])
        fire: list[str] = user_input.get(CONF_FIRE_INPUTS, [])
        sirens: list[str] = user_input.get(CONF_SIREN_OUTPUTS, [])
        declared: bool = user_input.get(CONF_EXIT_DECLARED, False)
        errors: Errors = {}
        if set(panic) & set(tamper):
            errors[CONF_TAMPER_INPUTS] = "port_has_a_role"
        if {*panic, *tamper} & set(fire):
            errors[CONF_FIRE_INPUTS] = "port_has_a_role"
        # Switch n of a 2N device drives relay n unless somebody has rewired it.
        if {f"relay{switch}" for switch in doors} & set(sirens):
            errors[CONF_SIREN_OUTPUTS] = "output_opens_a_door"
        # DOMAIN: exits are never locked by software; set-up asks for the declaration.
        if doors and not declared:
            errors[CONF_EXIT_DECLARED] = "exit_not_declared"
        if not errors:
            self._roles = {
                CONF_CAMERA: user_input.get(CONF_CAMERA, False),
                CONF_PANIC_INPUTS: panic,
                CONF_TAMPER_INPUTS: tamper,
                CONF_FIRE_INPUTS: fire,
                CONF_SIREN_OUTPUTS: sirens,
                CONF_EXIT_DECLARED: declared,
            }
            self._sources = {}
            self._switches = sorted(int(switch) for switch in doors)
            self._doors = []
        return errors

    # Panic buttons: one form for each input that one hangs on.

    @property
    def panic_input(self) -> str | None:
        """Return the input whose button comes next; None when all are described."""
        return next(
            (p for p in self._roles[CONF_PANIC_INPUTS] if p not in self._sources), None
        )

    @property
    def panic_placeholders(self) -> dict[str, str]:
        """Return what the form for a panic button says of it."""
        return {"station": self.title, "port": str(self.panic_input)}

    @property
    def panic_to_begin_with(self) -> dict[str, Any]:
        """Return the button as it was configured, or else what is usual."""
        known = self.before.get(CONF_PANIC_SOURCES, {})
        return {**DEFAULT_SOURCE, **known.get(self.panic_input, {})}

    def take_panic_input(self, user_input: Mapping[str, Any]) -> None:
        """Keep what a press on the button means."""
        if (port := self.panic_input) is not None:
            self._sources[port] = {**DEFAULT_SOURCE, **user_input}

    # Doors: one form for each switch that opens one.

    @property
    def switch(self) -> int | None:
        """Return the switch whose door comes next; None when all are described."""
        done = len(self._doors)
        return self._switches[done] if done < len(self._switches) else None

    @property
    def door_placeholders(self) -> dict[str, str]:
        """Return what the form for a door says of it."""
        return {
            "station": self.title,
            "switch": str(self.switch),
            "index": str(len(self._doors) + 1),
            "count": str(len(self._switches)),
        }

    def door_schema(self, user_input: Mapping[str, Any] | None) -> vol.Schema:
        """Return the form for the next door."""
        values = user_input if user_input is not None else self._door_to_begin_with()
        contacts = self._contacts
        contact = values[CONF_CONTACT]
        return vol.Schema(
            {
                vol.Required(CONF_NAME, default=values[CONF_NAME]): TextSelector(),
                _suggested(CONF_BUTTONS, values.get(CONF_BUTTONS, [])): _several(
                    PROPOSED_BUTTONS, others=True
                ),
                vol.Required(
                    CONF_CONTACT,
                    default=contact if contact in contacts else CONTACT_NONE,
                ): SelectSelector(
                    SelectSelectorConfig(
                        options=contacts,
                        mode=SelectSelectorMode.DROPDOWN,
                        translation_key="contact",
                    )
                ),
            }
        )

    @property
    def _contacts(self) -> list[str]:
        """Return the contacts that nothing else uses."""
        taken = {
            *self._roles[CONF_PANIC_INPUTS],
            *self._roles[CONF_TAMPER_INPUTS],
            *self._roles[CONF_FIRE_INPUTS],
            *(door[CONF_CONTACT] for door in self._doors),
        }
        free = [
            contact
            for contact in (CONTACT_OF_STATION, *self.survey.inputs)
            if contact not in taken
        ]
        return [CONTACT_NONE, *free]

    def _door_to_begin_with(self) -> dict[str, Any]:
        """Return the door as it was configured, or else a guess."""
        for door in self.before.get(CONF_DOORS, []):
            if door[CONF_SWITCH] == self.switch:
                return {**door, CONF_CONTACT: door[CONF_CONTACT] or CONTACT_NONE}
        number = len(self._doors) + 1
        return {
            CONF_NAME: FIRST_DOOR[self.language]
            if number == 1
            else FURTHER_DOOR[self.language].format(number=number),
            CONF_BUTTONS: [] if len(self._switches) == 1 else [f"%{number}"],
            CONF_CONTACT: CONTACT_OF_STATION,
        }

    def take_door(self, user_input: Mapping[str, Any]) -> Errors:
        """Keep the door, or say what is wrong: one name, and bells that ring one door."""
        name: str = user_input[CONF_NAME].strip()
        buttons: list[str] = list(dict.fromkeys(user_input.get(CONF_BUTTONS, [])))
        contact: str = user_input[CONF_CONTACT]
        errors: Errors = {}
        if not name:
            errors[CONF_NAME] = "name_missing"
        elif any(name.casefold() == door[CONF_NAME].casefold() for door in self._doors):
            errors[CONF_NAME] = "name_taken"
        if not all(BUTTON.fullmatch(button) for button in buttons):
            errors[CONF_BUTTONS] = "button_unknown"
        elif not buttons and len(self._switches) > 1:
            errors[CONF_BUTTONS] = "button_missing"
        elif any(
            button in door[CONF_BUTTONS] for door in self._doors for button in buttons
        ):
            errors[CONF_BUTTONS] = "button_taken"
        if not errors:
            self._doors.append(
                {
                    CONF_SWITCH: self.switch,
                    CONF_NAME: name,
                    CONF_BUTTONS: buttons,
                    CONF_CONTACT: None if contact == CONTACT_NONE else contact,
                }
            )
        return errors
