"""Options of the register: where it is kept, and for how long what stays."""

from typing import Any, Final

from homeassistant.config_entries import ConfigFlowResult, OptionsFlow
from homeassistant.const import UnitOfTime
from homeassistant.helpers.selector import (
    NumberSelector,
    NumberSelectorConfig,
    NumberSelectorMode,
    SelectSelector,
    SelectSelectorConfig,
    TextSelector,
    TextSelectorConfig,
    TextSelectorType,
)
from sqlalchemy.exc import ArgumentError
import voluptuous as vol

from .const import (
    CONF_ACCESS_DAYS,
    CONF_DB_URL,
    CONF_INCIDENT_DAYS,
    CONF_OTHER_DAYS,
    CONF_WHERE,
)
from .register import Retention, Trouble, location_of, probe
from .register_files import register_file

IN_A_FILE: Final = "file"
ON_A_SERVER: Final = "server"

# Days: from, to. DOMAIN: access records 90 days at most; all else ends as well.
_LIMITS: Final = {
    CONF_ACCESS_DAYS: (1, 90),
    CONF_INCIDENT_DAYS: (90, 3653),
    CONF_OTHER_DAYS: (30, 1096),
}


def _days(option: str) -> NumberSelector:
    least, most = _LIMITS[option]
    return NumberSelector(
        NumberSelectorConfig(
            min=least,
            max=most,
            step=1,
            mode=NumberSelectorMode.BOX,
            unit_of_measurement=UnitOfTime.DAYS,
        )
    )


REGISTER_SCHEMA = vol.Schema(
    {
        **{vol.Required(option): _days(option) for option in _LIMITS},
        vol.Required(CONF_WHERE): SelectSelector(
            SelectSelectorConfig(
                options=[IN_A_FILE, ON_A_SERVER], translation_key="register_where"
            )
        ),
        # Never shown again: an empty one stays what it is.
        vol.Optional(CONF_DB_URL): TextSelector(
            TextSelectorConfig(type=TextSelectorType.PASSWORD)
        ),
    }
)


class RegisterSteps(OptionsFlow):
    """The step about the register."""

    async def async_step_register(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Change for how long entries stay, and where they are kept."""
        options = self.config_entry.options
        address: str = options.get(CONF_DB_URL, "")
        errors: dict[str, str] = {}
        default = Retention()
        values: dict[str, Any] = {
            CONF_ACCESS_DAYS: default.access_days,
            CONF_INCIDENT_DAYS: default.incident_days,
            CONF_OTHER_DAYS: default.other_days,
            CONF_WHERE: ON_A_SERVER if address else IN_A_FILE,
            **{name: options[name] for name in _LIMITS if name in options},
        }
        if user_input is not None:
            values = {key: user_input[key] for key in (*_LIMITS, CONF_WHERE)}
            if user_input[CONF_WHERE] == IN_A_FILE:
                address = ""
            elif not (address := user_input.get(CONF_DB_URL) or address):
                errors[CONF_DB_URL] = "address_missing"
            elif error := await self._refused(address):
                errors[CONF_DB_URL] = error
            if not errors:
                return self.async_create_entry(
                    data={
                        **options,
                        **{name: int(user_input[name]) for name in _LIMITS},
                        CONF_DB_URL: address,
                    }
                )
        return self.async_show_form(
            step_id="register",
            data_schema=self.add_suggested_values_to_schema(REGISTER_SCHEMA, values),
            errors=errors,
        )

    async def _refused(self, address: str) -> str | None:
        """Return why this database cannot keep the register, or None if it can."""
        entry_id = self.config_entry.entry_id
        try:
            location = location_of(address, register_file(self.hass, entry_id))
        except ArgumentError:
            return "address_wrong"
        trouble = await self.hass.async_add_executor_job(probe, location, entry_id)
        return None if trouble is None else _ERRORS.get(trouble, "address_refuses")


_ERRORS: Final = {
    Trouble.DRIVER: "driver_missing",
    Trouble.NOT_OURS: "another_register",
    Trouble.UNREACHABLE: "address_unreachable",
}
