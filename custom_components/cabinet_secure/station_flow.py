"""Add a door station, or change one: connection, roles, one form for each door."""

from abc import abstractmethod
from collections.abc import Mapping
from typing import Any, override

from homeassistant.config_entries import (
    SOURCE_RECONFIGURE,
    ConfigSubentryFlow,
    SubentryFlowContext,
    SubentryFlowResult,
)
from homeassistant.const import (
    CONF_HOST,
    CONF_PASSWORD,
    CONF_PORT,
    CONF_SSL,
    CONF_USERNAME,
    CONF_VERIFY_SSL,
)
from homeassistant.core import HomeAssistant, callback
from homeassistant.data_entry_flow import (
    AbortFlow,
    FlowContext,
    FlowHandler,
    FlowResult,
)
from homeassistant.helpers.device_registry import format_mac
from homeassistant.helpers.selector import (
    BooleanSelector,
    NumberSelector,
    NumberSelectorConfig,
    NumberSelectorMode,
    TextSelector,
    TextSelectorConfig,
    TextSelectorType,
)
from homeassistant.util.network import is_host_valid
import voluptuous as vol

from .const import CONF_LANGUAGE, DOMAIN, SUBENTRY_STATION
from .panic_options import SOURCE_SCHEMA
from .station_draft import Errors, StationDraft
from .station_survey import Survey, SurveyError, async_survey

USERNAME = TextSelector(TextSelectorConfig(autocomplete="off"))
PASSWORD = TextSelector(
    TextSelectorConfig(type=TextSelectorType.PASSWORD, autocomplete="new-password")
)
PORT = NumberSelector(
    NumberSelectorConfig(min=1, max=65535, step=1, mode=NumberSelectorMode.BOX)
)


def connection_schema(known: Mapping[str, Any]) -> vol.Schema:
    """Return the form for the connection; a password that is known is not asked again."""
    password = vol.Optional if CONF_PASSWORD in known else vol.Required
    return vol.Schema(
        {
            vol.Required(CONF_HOST): TextSelector(),
            vol.Optional(CONF_PORT): PORT,
            vol.Required(CONF_SSL, default=True): BooleanSelector(),
            vol.Required(CONF_VERIFY_SSL, default=True): BooleanSelector(),
            vol.Required(CONF_USERNAME): USERNAME,
            password(CONF_PASSWORD): PASSWORD,
        }
    )


@callback
def _async_configured(hass: HomeAssistant, serial: str) -> bool:
    """Return whether a practice, whichever it is, has the device."""
    return any(
        station.unique_id == serial
        for entry in hass.config_entries.async_entries(DOMAIN)
        for station in entry.get_subentries_of_type(SUBENTRY_STATION)
    )


class StationSteps[
    ContextT: FlowContext,
    ResultT: FlowResult[Any, Any],
    HandlerT,
](FlowHandler[ContextT, ResultT, HandlerT]):
    """The steps that describe a station, for every flow that has them."""

    _draft: StationDraft

    @abstractmethod
    async def _async_described(self, draft: StationDraft) -> ResultT:
        """Carry on once everything about the station is known."""

    async def _async_connect(
        self,
        step_id: str,
        user_input: dict[str, Any] | None,
        *,
        language: str,
        known: Mapping[str, Any],
        serial: str | None = None,
        found: Mapping[str, str] | None = None,
    ) -> ResultT:
        """Ask how to reach the station, and look at what it has.

        `known` is what was found or configured before; with `serial`, only the
        device of that serial number will do. The form may name what was `found`.
        """
        errors: Errors = {}
        placeholders: dict[str, str] = dict(found or {})
        if user_input is not None:
            connection = {
                CONF_PORT: None,
                CONF_PASSWORD: known.get(CONF_PASSWORD),
                **user_input,
                CONF_HOST: user_input[CONF_HOST].strip(),
            }
            if connection[CONF_PORT] is not None:
                connection[CONF_PORT] = int(connection[CONF_PORT])
            survey, errors, named = await self._async_look(connection, serial)
            placeholders |= named
            if survey is not None:
                self._draft = StationDraft(
                    language=language,
                    before=known if serial is not None else {},
                    connection=connection,
                    survey=survey,
                )
                return await self.async_step_roles()
        shown = {
            key: value
            for key, value in (known if user_input is None else user_input).items()
            if key != CONF_PASSWORD and value is not None
        }
        return self.async_show_form(
            step_id=step_id,
            data_schema=self.add_suggested_values_to_schema(
                connection_schema(known), shown
            ),
            errors=errors,
            description_placeholders=placeholders,
        )

    async def _async_look(
        self, connection: Mapping[str, Any], serial: str | None
    ) -> tuple[Survey | None, Errors, dict[str, str]]:
        """Look at the device; return what it has, or the errors and what they name."""
        if not is_host_valid(connection[CONF_HOST]):
            return None, {CONF_HOST: "invalid_host"}, {}
        try:
            survey = await async_survey(self.hass, connection)
        except SurveyError as failure:
            return None, {"base": failure.error}, failure.placeholders
        if serial is None:
            if _async_configured(self.hass, survey.serial):
                raise AbortFlow("already_configured")
        elif survey.serial != serial:
            return None, {"base": "wrong_device"}, {}
        return survey, {}, {}

    async def async_step_roles(
        self, user_input: dict[str, Any] | None = None
    ) -> ResultT:
        """Ask what each switch, input and output is."""
        draft = self._draft
        errors: Errors = {}
        if user_input is not None and not (errors := draft.take_roles(user_input)):
            return await self._async_next_part()
        return self.async_show_form(
            step_id="roles",
            data_schema=draft.roles_schema(user_input),
            errors=errors,
            description_placeholders={
                "station": draft.title,
                "model": draft.survey.model,
            },
        )

    async def _async_next_part(self) -> ResultT:
        if self._draft.panic_input is not None:
            return await self.async_step_panic_input()
        if self._draft.switch is None:
            return await self._async_described(self._draft)
        return await self.async_step_door()

    async def async_step_panic_input(
        self, user_input: dict[str, Any] | None = None
    ) -> ResultT:
        """Ask what a press on one panic button means."""
        draft = self._draft
        if user_input is not None:
            draft.take_panic_input(user_input)
            return await self._async_next_part()
        return self.async_show_form(
            step_id="panic_input",
            data_schema=self.add_suggested_values_to_schema(
                SOURCE_SCHEMA, draft.panic_to_begin_with
            ),
            description_placeholders=draft.panic_placeholders,
        )

    async def async_step_door(
        self, user_input: dict[str, Any] | None = None
    ) -> ResultT:
        """Ask for the name, the bells and the contact of one door."""
        draft = self._draft
        errors: Errors = {}
        if user_input is not None and not (errors := draft.take_door(user_input)):
            return await self._async_next_part()
        return self.async_show_form(
            step_id="door",
            data_schema=draft.door_schema(user_input),
            errors=errors,
            description_placeholders=draft.door_placeholders,
        )


class StationSubentryFlow(
    StationSteps[SubentryFlowContext, SubentryFlowResult, tuple[str, str]],
    ConfigSubentryFlow,
):
    """Add a station to a practice, or change one."""

    async def async_step_user(
        self, user_input: dict[str, Any] | None = None
    ) -> SubentryFlowResult:
        """Add a station."""
        return await self._async_connect(
            "user",
            user_input,
            language=self._get_entry().data[CONF_LANGUAGE],
            known={},
        )

    async def async_step_reconfigure(
        self, user_input: dict[str, Any] | None = None
    ) -> SubentryFlowResult:
        """Change a station; it stays the same device."""
        subentry = self._get_reconfigure_subentry()
        return await self._async_connect(
            "reconfigure",
            user_input,
            language=self._get_entry().data[CONF_LANGUAGE],
            known=subentry.data,
            serial=subentry.unique_id,
        )

    @override
    async def _async_described(self, draft: StationDraft) -> SubentryFlowResult:
        if self.source == SOURCE_RECONFIGURE:
            return self.async_update_and_abort(
                self._get_entry(), self._get_reconfigure_subentry(), data=draft.data
            )
        if mac := draft.survey.mac:
            self._async_withdraw_discovery(mac)
        return self.async_create_entry(
            title=draft.title, data=draft.data, unique_id=draft.survey.serial
        )

    @callback
    def _async_withdraw_discovery(self, mac: str) -> None:
        """Stop offering the device that has just been added by hand."""
        flows = self.hass.config_entries.flow
        for flow in flows.async_progress_by_handler(
            DOMAIN, match_context={"unique_id": format_mac(mac)}
        ):
            flows.async_abort(flow["flow_id"])
