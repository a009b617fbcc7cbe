"""Adopt a siren, or what serves as one: a relay, a light, a media player."""

from collections.abc import Mapping
from typing import Any, override

from homeassistant.components.light.const import LightEntityFeature
from homeassistant.components.media_player.const import MediaPlayerEntityFeature
from homeassistant.components.siren.const import (
    ATTR_AVAILABLE_TONES,
    SirenEntityFeature,
)
from homeassistant.config_entries import SubentryFlowResult
from homeassistant.const import CONF_DOMAIN, CONF_NAME
from homeassistant.core import State, split_entity_id
from homeassistant.helpers.selector import (
    EntityWithDeviceFilterSelectorConfig,
    MediaSelector,
    NumberSelector,
    NumberSelectorConfig,
    NumberSelectorMode,
    SelectSelector,
    SelectSelectorConfig,
    SelectSelectorMode,
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
    reference,
)
from .const import (
    CONF_CHECK_IN,
    CONF_LONGEST,
    CONF_MEDIA,
    CONF_PLACE,
    CONF_SIREN,
    CONF_TONE,
    CONF_VOLUME,
    LONGEST_INDOORS,
    LONGEST_OUTDOORS,
)

INDOORS = "indoors"
OUTDOORS = "outdoors"
# Seconds that a siren sounds at most (DOMAIN: *Panic*).
LONGEST = {OUTDOORS: LONGEST_OUTDOORS, INDOORS: LONGEST_INDOORS}
SHORTEST = 5

SIRENS = EntityWithDeviceFilterSelectorConfig(
    domain=["siren", "switch", "light", "media_player"]
)
PLACES = SelectSelector(
    SelectSelectorConfig(
        options=[OUTDOORS, INDOORS],
        mode=SelectSelectorMode.LIST,
        translation_key="place",
    )
)
VOLUME = NumberSelector(
    NumberSelectorConfig(
        min=0, max=100, step=1, mode=NumberSelectorMode.SLIDER, unit_of_measurement="%"
    )
)


class AdoptedSirenFlow(AdoptingFlow):
    """A siren: where it is, and how it sounds."""

    @override
    def _form_values(self, data: Mapping[str, Any]) -> Values:
        known = {
            CONF_SIREN: entity_of(self.hass, data[CONF_SIREN]),
            **{
                key: data[key]
                for key in (
                    CONF_PLACE,
                    CONF_LONGEST,
                    CONF_TONE,
                    CONF_VOLUME,
                    CONF_MEDIA,
                    CONF_CHECK_IN,
                )
            },
        }
        return {key: value for key, value in known.items() if value is not None}

    @override
    def _first_schema(self) -> vol.Schema:
        return vol.Schema(
            {
                vol.Required(CONF_NAME): TextSelector(),
                vol.Required(CONF_SIREN): entity_selector(self.hass, SIRENS),
                vol.Required(CONF_PLACE, default=OUTDOORS): PLACES,
                vol.Optional(CONF_CHECK_IN): CHECK_IN,
            }
        )

    @override
    def _first_errors(self, user_input: Values) -> Errors:
        # What cannot be silenced is not turned on.
        entity_id = user_input[CONF_SIREN]
        state = self.hass.states.get(entity_id)
        match split_entity_id(entity_id)[0]:
            case "siren" if not can(state, SirenEntityFeature.TURN_OFF):
                return {CONF_SIREN: "siren_cannot_stop"}
            case "media_player" if not can(
                state, MediaPlayerEntityFeature.PLAY_MEDIA
            ) or not can(
                state,
                MediaPlayerEntityFeature.STOP | MediaPlayerEntityFeature.TURN_OFF,
            ):
                return {CONF_SIREN: "player_cannot_serve"}
        return {}

    @override
    async def _async_next(self) -> SubentryFlowResult:
        return await self.async_step_sound()

    @property
    def _state(self) -> State | None:
        return self.hass.states.get(self._values[CONF_SIREN])

    @property
    def _domain(self) -> str:
        return split_entity_id(self._values[CONF_SIREN])[0]

    def _sound_schema(self) -> vol.Schema:
        values, state, domain = self._values, self._state, self._domain
        longest = LONGEST[values[CONF_PLACE]]
        fields: dict[vol.Marker, Any] = {
            vol.Required(
                CONF_LONGEST,
                default=min(values.get(CONF_LONGEST, LONGEST_OUTDOORS), longest),
            ): NumberSelector(
                NumberSelectorConfig(
                    min=SHORTEST,
                    max=longest,
                    step=1,
                    mode=NumberSelectorMode.BOX,
                    unit_of_measurement="s",
                )
            )
        }
        if domain == "siren" and can(state, SirenEntityFeature.TONES):
            fields[vol.Optional(CONF_TONE)] = SelectSelector(
                SelectSelectorConfig(
                    options=_tones(state), mode=SelectSelectorMode.DROPDOWN
                )
            )
        if (domain == "siren" and can(state, SirenEntityFeature.VOLUME_SET)) or (
            domain == "media_player" and can(state, MediaPlayerEntityFeature.VOLUME_SET)
        ):
            fields[vol.Optional(CONF_VOLUME)] = VOLUME
        if domain == "media_player":
            fields[vol.Optional(CONF_MEDIA)] = MediaSelector()
        return vol.Schema(fields)

    async def async_step_sound(
        self, user_input: Values | None = None
    ) -> SubentryFlowResult:
        """Ask how long and how it sounds."""
        schema = self._sound_schema()
        if user_input is not None:
            for key in (CONF_TONE, CONF_VOLUME, CONF_MEDIA):
                self._values.pop(key, None)
            self._values |= user_input
            return await self.async_step_check()
        known = {
            key: value for key, value in self._values.items() if key != CONF_LONGEST
        }
        return self.async_show_form(
            step_id="sound",
            data_schema=self.add_suggested_values_to_schema(schema, known),
            description_placeholders={"name": self._values[CONF_NAME]},
        )

    @override
    def _facts(self) -> list[str]:
        state = self._state
        match self._domain:
            case "siren" if can(state, SirenEntityFeature.DURATION):
                facts = ["siren_ends_itself"]
            case "siren":
                facts = ["siren_ended_by_us"]
            case "switch":
                facts = ["siren_ended_by_us"]
            case "light":
                flashes = can(state, LightEntityFeature.FLASH)
                facts = ["light_flashes" if flashes else "light_shines", "put_back"]
            case _:
                facts = [
                    "player_plays_chosen"
                    if CONF_MEDIA in self._values
                    else "player_plays_ours",
                    "put_back",
                ]
        if CONF_CHECK_IN not in self._values:
            facts.append("no_check_in")
        return facts

    @override
    def _data(self) -> Values:
        values = self._values
        return {
            CONF_SIREN: reference(self.hass, values[CONF_SIREN]),
            CONF_DOMAIN: self._domain,
            CONF_PLACE: values[CONF_PLACE],
            CONF_LONGEST: values[CONF_LONGEST],
            CONF_TONE: values.get(CONF_TONE),
            CONF_VOLUME: values.get(CONF_VOLUME),
            CONF_MEDIA: values.get(CONF_MEDIA),
            CONF_CHECK_IN: values.get(CONF_CHECK_IN),
        }


def _tones(state: State | None) -> list[str]:
    """Return the tones that a siren offers; some name them by number."""
    tones: Any = state.attributes.get(ATTR_AVAILABLE_TONES) if state else None
    names = tones.values() if isinstance(tones, Mapping) else tones or ()
    return [str(tone) for tone in names]
