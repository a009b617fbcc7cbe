"""Incidents without YAML: the list, the form of one, and its printed page.

Options flows know an administrator and not which one, so that the person behind the
request is looked at: only those who manage the practice get any further.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from html import escape
from typing import Any, Final

from homeassistant.config_entries import ConfigEntryState, ConfigFlowResult, OptionsFlow
from homeassistant.const import UnitOfTime
from homeassistant.core import callback
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers.selector import (
    BooleanSelector,
    DateSelector,
    DateTimeSelector,
    NumberSelector,
    NumberSelectorConfig,
    NumberSelectorMode,
    SelectOptionDict,
    SelectSelector,
    SelectSelectorConfig,
    SelectSelectorMode,
    TextSelector,
    TextSelectorConfig,
)
from homeassistant.util import dt as dt_util
import voluptuous as vol

from .configuration_changes import async_person_at_work
from .const import ATTR_INCIDENT, ATTR_STATUS, CONF_LANGUAGE
from .coordinator import CabinetSecureConfigEntry, PracticeCoordinator
from .incident_input import FACTS_FIELDS, facts_of
from .practice.people import Actor
from .register import RegisterError
from .register.checking import problem_of, with_severity
from .register.incident import (
    HIGHEST_FOR_PERSONS,
    HIGHEST_FOR_PROPERTY,
    LONGEST_STOPPAGE,
    Author,
    Cause,
    Draft,
    Facts,
    Incident,
    IncidentKind,
    LegalStep,
    Location,
    Motive,
    Setting,
    Status,
    Victim,
    Weapon,
    encode,
)
from .register.words import Words
from .register_reading import File, RegisterReader, period
from .register_words import async_words

CONF_TASK: Final = "task"
CONF_FROM: Final = "from"
CONF_UNTIL: Final = "until"
SUMMARY: Final = "summary"
CSV: Final = "csv"
WRITE: Final = "write"
PRINT: Final = "print"
NEW: Final = "new"
_OFFERED: Final = 50


def _choice(
    choices: Iterable[str], key: str, *, several: bool = False
) -> SelectSelector:
    return SelectSelector(
        SelectSelectorConfig(
            options=[str(choice) for choice in choices],
            translation_key=key,
            multiple=several,
            mode=SelectSelectorMode.DROPDOWN,
        )
    )


def _one(choices: type[StrEnum], key: str) -> SelectSelector:
    return _choice(choices, key)


def _levels(highest: int, key: str) -> SelectSelector:
    return _choice((str(level) for level in range(1, highest + 1)), key)


_TEXT = TextSelector(TextSelectorConfig(multiline=True))
_FORM: Final = vol.Schema(
    {
        vol.Required("at"): DateTimeSelector(),
        vol.Optional("location"): _one(Location, "incident_location"),
        vol.Optional("setting"): _one(Setting, "incident_setting"),
        vol.Optional("kinds"): _choice(IncidentKind, "incident_kind", several=True),
        vol.Optional("motives"): _choice(Motive, "incident_motive", several=True),
        vol.Optional("author"): _one(Author, "incident_author"),
        vol.Optional("victim"): _one(Victim, "incident_victim"),
        vol.Optional("weapon"): _one(Weapon, "incident_weapon"),
        vol.Optional("severity_persons"): _levels(
            HIGHEST_FOR_PERSONS, "severity_persons"
        ),
        vol.Optional("severity_property"): _levels(
            HIGHEST_FOR_PROPERTY, "severity_property"
        ),
        vol.Optional("work_stoppage"): NumberSelector(
            NumberSelectorConfig(
                min=0,
                max=LONGEST_STOPPAGE,
                step=1,
                mode=NumberSelectorMode.BOX,
                unit_of_measurement=UnitOfTime.DAYS,
            )
        ),
        vol.Optional("legal_step"): _one(LegalStep, "incident_legal_step"),
        vol.Optional("account"): _TEXT,
        vol.Optional("measures"): _TEXT,
        vol.Optional("lessons"): _TEXT,
        vol.Optional("evidence"): TextSelector(TextSelectorConfig(multiple=True)),
        vol.Optional("drill"): BooleanSelector(),
        vol.Required(ATTR_STATUS): _one(Status, "incident_status"),
    }
)
_FACTS: Final = vol.Schema(FACTS_FIELDS, extra=vol.REMOVE_EXTRA)
_FILES: Final = vol.Schema(
    {
        vol.Required(CONF_TASK, default=SUMMARY): _choice(
            (SUMMARY, CSV), "register_file"
        ),
        vol.Required(CONF_FROM): DateSelector(),
        vol.Required(CONF_UNTIL): DateSelector(),
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Manager:
    """Somebody who manages the practice, and the practice."""

    coordinator: PracticeCoordinator
    actor: Actor


class IncidentSteps(OptionsFlow):
    """The steps about incidents and about files from the register."""

    _incident: Incident | None = None

    async def async_step_incidents(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Choose an incident, the drafts first, and what to do with it."""
        if (manager := self._manager()) is None:
            return self.async_abort(reason="not_allowed")
        incidents = manager.coordinator.incidents
        if incidents.known is None:
            return self.async_abort(reason="register_unavailable")
        if user_input is not None:
            self._incident = incidents.known.get(user_input[ATTR_INCIDENT])
            if user_input[CONF_TASK] == PRINT and self._incident is not None:
                return await self._async_print(manager, self._incident)
            return await self.async_step_incident()
        offered = sorted(
            incidents.newest_first(), key=lambda each: each.status is not Status.DRAFT
        )[:_OFFERED]
        words = await async_words(self.hass, self.config_entry.data[CONF_LANGUAGE])
        return self.async_show_form(
            step_id="incidents",
            data_schema=vol.Schema(
                {
                    vol.Required(
                        ATTR_INCIDENT, default=offered[0].id if offered else NEW
                    ): _incident_selector(offered, words),
                    vol.Required(CONF_TASK, default=WRITE): _choice(
                        (WRITE, PRINT), "incident_task"
                    ),
                }
            ),
            last_step=False,
        )

    async def async_step_incident(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Write what happened, or correct it."""
        if (manager := self._manager()) is None:
            return self.async_abort(reason="not_allowed")
        errors: dict[str, str] = {}
        values = _values(self._incident)
        if user_input is not None:
            values = user_input
            # What a person empties in a form is not said any more.
            facts = facts_of(_FACTS(user_input), Facts(at=dt_util.now()))
            errors = await self._async_save(
                manager, with_severity(facts), Status(user_input[ATTR_STATUS])
            )
            if not errors:
                return self.async_abort(reason="incident_saved")
        return self.async_show_form(
            step_id="incident",
            data_schema=self.add_suggested_values_to_schema(_FORM, values),
            errors=errors,
        )

    async def async_step_register_files(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Choose a file from the register: the summary of a month, or its entries."""
        if (manager := self._manager()) is None:
            return self.async_abort(reason="not_allowed")
        today = dt_util.now().date()
        values: dict[str, Any] = {
            CONF_FROM: today.replace(day=1).isoformat(),
            CONF_UNTIL: today.isoformat(),
        }
        errors: dict[str, str] = {}
        if user_input is not None:
            values = user_input
            begin, end = (
                date.fromisoformat(user_input[key]) for key in (CONF_FROM, CONF_UNTIL)
            )
            if begin > end:
                errors[CONF_UNTIL] = "ends_before_it_begins"
            else:
                return await self._async_file(
                    manager, begin, end, summary=user_input[CONF_TASK] == SUMMARY
                )
        return self.async_show_form(
            step_id="register_files",
            data_schema=self.add_suggested_values_to_schema(_FILES, values),
            errors=errors,
        )

    async def async_step_file(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Go back to the incidents once the file was fetched."""
        return await self.async_step_incidents()

    @callback
    def _manager(self) -> _Manager | None:
        """Return who is at work, if they manage this practice and it runs."""
        actor = async_person_at_work()
        entry: CabinetSecureConfigEntry = self.config_entry
        if actor is None or entry.state is not ConfigEntryState.LOADED:
            return None
        coordinator = entry.runtime_data
        if not coordinator.config.may_manage(actor):
            return None
        return _Manager(coordinator=coordinator, actor=actor)

    async def _async_save(
        self, manager: _Manager, facts: Facts, status: Status
    ) -> dict[str, str]:
        """Put an incident on record; return what keeps it from that."""
        if problem := problem_of(facts, status, dt_util.now()):
            field, why = problem
            return {field: why}
        incidents = manager.coordinator.incidents
        try:
            if self._incident is None:
                await incidents.async_log(
                    Draft(cause=Cause.PERSON, facts=facts), status, manager.actor
                )
            else:
                await incidents.async_correct(
                    self._incident, status, facts, manager.actor
                )
        except RegisterError:
            return {"base": "register_unavailable"}
        return {}

    async def _async_print(
        self, manager: _Manager, incident: Incident
    ) -> ConfigFlowResult:
        reader = RegisterReader(self.hass, manager.coordinator, manager.actor)
        return self._show_file(await reader.async_form(incident, None))

    async def _async_file(
        self, manager: _Manager, begin: date, end: date, *, summary: bool
    ) -> ConfigFlowResult:
        reader = RegisterReader(self.hass, manager.coordinator, manager.actor)
        try:
            if summary:
                _, file = await reader.async_summary(
                    begin.replace(day=1),
                    manager.coordinator.incidents.newest_first(),
                    None,
                )
            else:
                file, _ = await reader.async_csv(period(begin, end), None)
        except HomeAssistantError as err:
            return self.async_abort(
                reason=err.translation_key or "register_unavailable"
            )
        return self._show_file(file)

    @callback
    def _show_file(self, file: File) -> ConfigFlowResult:
        return self.async_show_form(
            step_id="file",
            data_schema=vol.Schema({}),
            description_placeholders={
                # A link without a target would be followed inside of Home Assistant.
                "link": f'<a href="{escape(file.path)}" target="_blank">'
                f"{escape(file.name)}</a>"
            },
            last_step=False,
        )


def _incident_selector(incidents: Iterable[Incident], words: Words) -> SelectSelector:
    return SelectSelector(
        SelectSelectorConfig(
            options=[
                SelectOptionDict(value=NEW, label=words("incident_task", NEW)),
                *(
                    SelectOptionDict(value=each.id, label=title_of(each, words))
                    for each in incidents
                ),
            ],
            mode=SelectSelectorMode.DROPDOWN,
        )
    )


def title_of(incident: Incident, words: Words) -> str:
    """Return what people recognise an incident by: when, what, and how it stands."""
    kinds = [words("incident_kind", kind) for kind in incident.facts.kinds]
    parts = [
        words.time(incident.facts.at),
        ", ".join(kinds) or words("incident_cause", incident.cause),
        incident.door.name if incident.door else "",
        words("incident_form", "drill") if incident.facts.drill else "",
        words("incident_status", incident.status),
    ]
    return " · ".join(part for part in parts if part)


def _values(incident: Incident | None) -> Mapping[str, Any]:
    """Return what the form of an incident shows at first."""
    status = Status.COMPLETE
    facts = Facts(at=dt_util.now())
    if incident is not None:
        facts = incident.facts
        if incident.status is Status.VOID:
            status = Status.VOID
    values = {
        name: value
        for name, value in encode(facts).items()
        if value not in (None, "", [])
    }
    return {
        **values,
        **{
            level: str(values[level])
            for level in ("severity_persons", "severity_property")
            if level in values
        },
        "at": dt_util.as_local(facts.at).strftime("%Y-%m-%d %H:%M:%S"),
        ATTR_STATUS: status.value,
    }
