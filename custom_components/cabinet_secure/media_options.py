"""Options of evidence: how long it is kept, and what stations keep pictures of."""

from typing import Any, Final

from homeassistant.config_entries import ConfigFlowResult, OptionsFlow
from homeassistant.const import UnitOfInformation, UnitOfTime
from homeassistant.helpers.selector import (
    NumberSelector,
    NumberSelectorConfig,
    NumberSelectorMode,
    SelectSelector,
    SelectSelectorConfig,
    SelectSelectorMode,
)
import voluptuous as vol

from .const import (
    CONF_MEDIA_DAYS,
    CONF_MEDIA_LIMIT,
    CONF_STATION_EVIDENCE,
    DEFAULT_MEDIA_DAYS,
    DEFAULT_MEDIA_LIMIT,
    MAX_MEDIA_DAYS,
    MAX_MEDIA_LIMIT,
    MIN_MEDIA_LIMIT,
)
from .practice.cameras.config import EvidenceCause

EVIDENCE_CAUSES: Final = SelectSelector(
    SelectSelectorConfig(
        options=[cause.value for cause in EvidenceCause],
        multiple=True,
        mode=SelectSelectorMode.LIST,
        translation_key="evidence",
    )
)

_DEFAULTS: Final[dict[str, Any]] = {
    CONF_MEDIA_DAYS: DEFAULT_MEDIA_DAYS,
    CONF_MEDIA_LIMIT: DEFAULT_MEDIA_LIMIT,
    CONF_STATION_EVIDENCE: [],
}
_SCHEMA: Final = vol.Schema(
    {
        vol.Required(CONF_MEDIA_DAYS): NumberSelector(
            NumberSelectorConfig(
                min=1,
                max=MAX_MEDIA_DAYS,
                step=1,
                mode=NumberSelectorMode.BOX,
                unit_of_measurement=UnitOfTime.DAYS,
            )
        ),
        vol.Required(CONF_MEDIA_LIMIT): NumberSelector(
            NumberSelectorConfig(
                min=MIN_MEDIA_LIMIT,
                max=MAX_MEDIA_LIMIT,
                step=100,
                mode=NumberSelectorMode.BOX,
                unit_of_measurement=UnitOfInformation.MEGABYTES,
            )
        ),
        vol.Optional(CONF_STATION_EVIDENCE, default=list): EVIDENCE_CAUSES,
    }
)


class MediaSteps(OptionsFlow):
    """The step that is about pictures which are kept."""

    async def async_step_media(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Change how long evidence is kept, and what stations keep pictures of."""
        options = self.config_entry.options
        if user_input is not None:
            media = user_input | {
                key: int(user_input[key]) for key in (CONF_MEDIA_DAYS, CONF_MEDIA_LIMIT)
            }
            return self.async_create_entry(data={**options, **media})
        values = {key: options.get(key, value) for key, value in _DEFAULTS.items()}
        return self.async_show_form(
            step_id="media",
            data_schema=self.add_suggested_values_to_schema(_SCHEMA, values),
        )
