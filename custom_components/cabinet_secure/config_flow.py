"""Set up a practice, change it, sign in again, and offer stations that were found."""

from collections.abc import Mapping
from typing import Any, override

from homeassistant.config_entries import (
    DISCOVERY_SOURCES,
    ConfigEntry,
    ConfigFlowResult,
    ConfigSubentry,
    ConfigSubentryFlow,
    OptionsFlow,
)
from homeassistant.const import CONF_COUNTRY, CONF_NAME, CONF_PASSWORD, CONF_USERNAME
from homeassistant.core import DOMAIN as HOMEASSISTANT_DOMAIN, callback
from homeassistant.helpers.selector import (
    CountrySelector,
    LanguageSelector,
    LanguageSelectorConfig,
    TextSelector,
)
import voluptuous as vol

from .adopted_door_flow import AdoptedDoorFlow
from .adopted_panic_flow import AdoptedPanicButtonFlow
from .adopted_siren_flow import AdoptedSirenFlow
from .camera_flow import CameraSubentryFlow
from .const import (
    CONF_LANGUAGE,
    DOMAIN,
    LANGUAGES,
    SUBENTRY_CAMERA,
    SUBENTRY_DEMO,
    SUBENTRY_DOOR,
    SUBENTRY_PANIC_BUTTON,
    SUBENTRY_SIREN,
    SUBENTRY_STATION,
)
from .demo_flow import DemoSubentryFlow
from .discovery_flow import DiscoverySteps
from .options_flow import DEFAULT_RING, PracticeOptionsFlow
from .people_flow import (
    async_people,
    default_roles,
    people_schema,
    role_errors,
    roles_of,
)
from .station_flow import PASSWORD, USERNAME, StationSubentryFlow
from .station_survey import SurveyError, async_survey

CONF_SUBENTRY_ID = "subentry_id"

PRACTICE_SCHEMA = vol.Schema(
    {
        vol.Required(CONF_NAME): TextSelector(),
        vol.Required(CONF_COUNTRY): CountrySelector(),
        vol.Required(CONF_LANGUAGE): LanguageSelector(
            LanguageSelectorConfig(languages=list(LANGUAGES), native_name=True)
        ),
    }
)
CREDENTIALS_SCHEMA = vol.Schema(
    {vol.Required(CONF_USERNAME): USERNAME, vol.Required(CONF_PASSWORD): PASSWORD}
)


class PracticeConfigFlow(DiscoverySteps, domain=DOMAIN):
    """A practice: its name, country, language and people."""

    VERSION = 1
    MINOR_VERSION = 1

    # The station whose user name or password is asked for again.
    _station: ConfigSubentry

    @staticmethod
    @callback
    @override
    def async_get_options_flow(config_entry: ConfigEntry) -> OptionsFlow:
        """Return the flow that changes the people and the times of rings."""
        return PracticeOptionsFlow()

    @classmethod
    @callback
    @override
    def async_get_supported_subentry_types(
        cls, config_entry: ConfigEntry
    ) -> dict[str, type[ConfigSubentryFlow]]:
        """Return the equipment that a practice can have."""
        return {
            SUBENTRY_STATION: StationSubentryFlow,
            SUBENTRY_CAMERA: CameraSubentryFlow,
            SUBENTRY_DOOR: AdoptedDoorFlow,
            SUBENTRY_PANIC_BUTTON: AdoptedPanicButtonFlow,
            SUBENTRY_SIREN: AdoptedSirenFlow,
            SUBENTRY_DEMO: DemoSubentryFlow,
        }

    # The practice.

    @override
    async def async_step_user(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Ask for the name, the country and the language of notifications."""
        values: dict[str, Any] = {
            CONF_COUNTRY: self.hass.config.country,
            CONF_LANGUAGE: _language(self.hass.config.language),
        }
        errors: dict[str, str] = {}
        if user_input is not None:
            values = user_input
            if not (errors := self._practice_errors(user_input)):
                self._title, self._data = _practice(user_input)
                return await self.async_step_people()
        return self.async_show_form(
            step_id="user",
            data_schema=self.add_suggested_values_to_schema(PRACTICE_SCHEMA, values),
            errors=errors,
        )

    async def async_step_people(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Ask who may open, who may manage and who is on call."""
        people = await async_people(self.hass)
        roles = default_roles(people)
        errors: dict[str, str] = {}
        if user_input is not None:
            roles = roles_of(user_input)
            if not (errors := role_errors(roles)):
                self._options = {**DEFAULT_RING, **roles}
                if self.source in DISCOVERY_SOURCES:
                    return await self.async_step_station()
                return self.async_create_entry(
                    title=self._title, data=self._data, options=self._options
                )
        return self.async_show_form(
            step_id="people", data_schema=people_schema(people, roles), errors=errors
        )

    async def async_step_reconfigure(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Change the name, the country or the language of notifications."""
        entry = self._get_reconfigure_entry()
        values: dict[str, Any] = {CONF_NAME: entry.title, **entry.data}
        errors: dict[str, str] = {}
        if user_input is not None:
            values = user_input
            if not (errors := self._practice_errors(user_input)):
                title, data = _practice(user_input)
                return self.async_update_and_abort(entry, title=title, data=data)
        return self.async_show_form(
            step_id="reconfigure",
            data_schema=self.add_suggested_values_to_schema(PRACTICE_SCHEMA, values),
            errors=errors,
        )

    def _practice_errors(self, user_input: Mapping[str, Any]) -> dict[str, str]:
        """Return what is wrong: a practice has a name that no other one has."""
        name: str = user_input[CONF_NAME].strip().casefold()
        if not name:
            return {CONF_NAME: "name_missing"}
        if any(
            entry.title.strip().casefold() == name
            for entry in self._practices()
            if entry.entry_id != self.context.get("entry_id")
        ):
            return {CONF_NAME: "name_taken"}
        return {}

    # Signing in again.

    async def async_step_reauth(
        self, entry_data: Mapping[str, Any]
    ) -> ConfigFlowResult:
        """Begin where a station refused its user name or password."""
        subentry = self._get_reauth_entry().subentries.get(
            entry_data.get(CONF_SUBENTRY_ID, "")
        )
        if subentry is None:
            return self.async_abort(reason="station_removed")
        self._station = subentry
        self.context["title_placeholders"] = {CONF_NAME: subentry.title}
        return await self.async_step_reauth_confirm()

    async def async_step_reauth_confirm(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Ask for the user name and password of the station."""
        entry = self._get_reauth_entry()
        station = self._station
        errors: dict[str, str] = {}
        placeholders = {CONF_NAME: station.title}
        if user_input is not None:
            try:
                survey = await async_survey(self.hass, {**station.data, **user_input})
            except SurveyError as failure:
                errors["base"] = failure.error
                placeholders |= failure.placeholders
            else:
                if survey.serial == station.unique_id:
                    return self._async_signed_in(entry, user_input)
                errors["base"] = "wrong_device"
        return self.async_show_form(
            step_id="reauth_confirm",
            data_schema=self.add_suggested_values_to_schema(
                CREDENTIALS_SCHEMA,
                {CONF_USERNAME: (user_input or station.data)[CONF_USERNAME]},
            ),
            errors=errors,
            description_placeholders=placeholders,
        )

    @callback
    def _async_signed_in(
        self, entry: ConfigEntry, credentials: Mapping[str, Any]
    ) -> ConfigFlowResult:
        station = self._station
        if station.subentry_id not in entry.subentries:
            return self.async_abort(reason="station_removed")
        if not self.hass.config_entries.async_update_subentry(
            entry, station, data={**station.data, **credentials}
        ):
            # The device takes the old password again: nothing changed that would
            # make the practice try it.
            self.hass.config_entries.async_schedule_reload(entry.entry_id)
        return self.async_abort(
            reason="reauth_successful", translation_domain=HOMEASSISTANT_DOMAIN
        )


def _language(language: str) -> str:
    """Return the language that notifications have by default: Home Assistant's, or English."""
    spoken = language.partition("-")[0]
    return spoken if spoken in LANGUAGES else LANGUAGES[0]


def _practice(user_input: Mapping[str, Any]) -> tuple[str, dict[str, Any]]:
    """Return the title and the data of a practice."""
    return user_input[CONF_NAME].strip(), {
        CONF_COUNTRY: user_input[CONF_COUNTRY],
        CONF_LANGUAGE: user_input[CONF_LANGUAGE],
    }
