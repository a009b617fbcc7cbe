"""Add a camera that Home Assistant has already: its zone, its privacy."""

from typing import Any, Final

from homeassistant.components.camera import async_get_image
from homeassistant.components.camera.const import DOMAIN as CAMERA_DOMAIN, StreamType
from homeassistant.components.camera.helper import get_camera_from_entity_id
from homeassistant.config_entries import (
    SOURCE_RECONFIGURE,
    ConfigSubentryFlow,
    SubentryFlowResult,
)
from homeassistant.const import CONF_NAME
from homeassistant.core import callback
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers import entity_registry as er
from homeassistant.helpers.selector import (
    BooleanSelector,
    EntitySelector,
    EntitySelectorConfig,
    SelectSelector,
    SelectSelectorConfig,
    SelectSelectorMode,
    TextSelector,
)
import voluptuous as vol

from .const import (
    CONF_EVIDENCE,
    CONF_HIDDEN_IN,
    CONF_HIDE_ACTION,
    CONF_PANIC_LIFTS,
    CONF_PRIVACY_SWITCH,
    CONF_SHOW_ACTION,
    CONF_SOURCE,
    CONF_ZONE,
    DOMAIN,
    SUBENTRY_CAMERA,
)
from .equipment.adopted.camera import resolved
from .media_options import EVIDENCE_CAUSES
from .practice.cameras.config import EvidenceCause, Zone
from .practice.state import Mode

CONF_CONFIRMED: Final = "confirmed"

# What a practice reads where no camera may look.
_REFUSED: Final = {
    Zone.CONSULTATION_ROOM: "no_camera_in_consultation_room",
    Zone.TOILETS: "no_camera_in_toilets",
    Zone.BREAK_ROOM: "no_camera_in_break_room",
}
_ENTITIES: Final = (CONF_PRIVACY_SWITCH, CONF_HIDE_ACTION, CONF_SHOW_ACTION)
# Seconds within which the source has to show a picture.
_PATIENCE: Final = 10

CONFIRM_SCHEMA: Final = vol.Schema(
    {vol.Required(CONF_CONFIRMED, default=False): BooleanSelector()}
)


def _camera_schema(ours: list[str]) -> vol.Schema:
    return vol.Schema(
        {
            vol.Required(CONF_SOURCE): EntitySelector(
                EntitySelectorConfig(domain=CAMERA_DOMAIN, exclude_entities=ours)
            ),
            vol.Required(CONF_NAME): TextSelector(),
            vol.Required(CONF_ZONE): SelectSelector(
                SelectSelectorConfig(
                    options=[zone.value for zone in Zone],
                    mode=SelectSelectorMode.DROPDOWN,
                    translation_key="zone",
                )
            ),
        }
    )


def _privacy_schema(ours: list[str]) -> vol.Schema:
    action = EntitySelector(
        EntitySelectorConfig(
            domain=["button", "input_button", "scene", "script"], exclude_entities=ours
        )
    )
    return vol.Schema(
        {
            vol.Optional(CONF_HIDDEN_IN, default=list): SelectSelector(
                SelectSelectorConfig(
                    options=[mode.value for mode in Mode],
                    multiple=True,
                    mode=SelectSelectorMode.LIST,
                    translation_key="mode",
                )
            ),
            vol.Optional(CONF_PANIC_LIFTS, default=False): BooleanSelector(),
            vol.Optional(CONF_PRIVACY_SWITCH): EntitySelector(
                EntitySelectorConfig(
                    domain=["switch", "input_boolean"], exclude_entities=ours
                )
            ),
            vol.Optional(CONF_HIDE_ACTION): action,
            vol.Optional(CONF_SHOW_ACTION): action,
            vol.Optional(CONF_EVIDENCE, default=list): EVIDENCE_CAUSES,
        }
    )


class CameraSubentryFlow(ConfigSubentryFlow):
    """Describe a camera of the practice: what it is, where it looks, who may see."""

    def __init__(self) -> None:
        self._data: dict[str, Any] = {}
        self._name = ""

    async def async_step_user(
        self, user_input: dict[str, Any] | None = None
    ) -> SubentryFlowResult:
        """Add a camera."""
        return await self._async_describe("user", user_input)

    async def async_step_reconfigure(
        self, user_input: dict[str, Any] | None = None
    ) -> SubentryFlowResult:
        """Change a camera."""
        if user_input is None:
            subentry = self._get_reconfigure_subentry()
            self._name, self._data = subentry.title, dict(subentry.data)
        return await self._async_describe("reconfigure", user_input)

    async def _async_describe(
        self, step_id: str, user_input: dict[str, Any] | None
    ) -> SubentryFlowResult:
        """Ask which camera it is, how it is called and where it looks."""
        errors: dict[str, str] = {}
        values = {
            CONF_NAME: self._name,
            CONF_SOURCE: resolved(self.hass, self._data.get(CONF_SOURCE)),
            CONF_ZONE: self._data.get(CONF_ZONE),
        }
        if user_input is not None:
            values = user_input
            if not (errors := self._errors(user_input)):
                self._name = user_input[CONF_NAME].strip()
                self._data |= {
                    CONF_SOURCE: self._reference(user_input[CONF_SOURCE]),
                    CONF_ZONE: user_input[CONF_ZONE],
                }
                match Zone(user_input[CONF_ZONE]):
                    case Zone.RECEPTION:
                        return await self.async_step_reception()
                    case Zone.STREET:
                        return await self.async_step_street()
                return await self.async_step_privacy()
        return self.async_show_form(
            step_id=step_id,
            data_schema=self.add_suggested_values_to_schema(
                _camera_schema(self._ours()), values
            ),
            errors=errors,
        )

    def _errors(self, user_input: dict[str, Any]) -> dict[str, str]:
        errors: dict[str, str] = {}
        source = self._reference(user_input[CONF_SOURCE])
        if user_input[CONF_SOURCE] in self._ours():
            errors[CONF_SOURCE] = "camera_of_ours"
        elif source in self._taken():
            errors[CONF_SOURCE] = "camera_taken"
        if not user_input[CONF_NAME].strip():
            errors[CONF_NAME] = "name_missing"
        if refused := _REFUSED.get(Zone(user_input[CONF_ZONE])):
            errors[CONF_ZONE] = refused
        return errors

    async def async_step_reception(
        self, user_input: dict[str, Any] | None = None
    ) -> SubentryFlowResult:
        """Have it confirmed that nobody is watched at work."""
        return await self._async_confirm("reception", user_input)

    async def async_step_street(
        self, user_input: dict[str, Any] | None = None
    ) -> SubentryFlowResult:
        """Have it confirmed that passers-by and neighbours are left out."""
        return await self._async_confirm("street", user_input)

    async def _async_confirm(
        self, step_id: str, user_input: dict[str, Any] | None
    ) -> SubentryFlowResult:
        errors: dict[str, str] = {}
        if user_input is not None:
            if user_input[CONF_CONFIRMED]:
                return await self.async_step_privacy()
            errors[CONF_CONFIRMED] = "not_confirmed"
        return self.async_show_form(
            step_id=step_id, data_schema=CONFIRM_SCHEMA, errors=errors
        )

    async def async_step_privacy(
        self, user_input: dict[str, Any] | None = None
    ) -> SubentryFlowResult:
        """Ask when the camera is hidden, and how it looks away itself."""
        if user_input is not None:
            for key in (CONF_HIDDEN_IN, CONF_PANIC_LIFTS, CONF_EVIDENCE):
                self._data[key] = user_input[key]
            for key in _ENTITIES:
                entity_id = user_input.get(key)
                self._data[key] = self._reference(entity_id) if entity_id else None
            return await self._async_check()
        values = {
            key: resolved(self.hass, self._data.get(key)) for key in _ENTITIES
        } | {
            CONF_HIDDEN_IN: self._data.get(CONF_HIDDEN_IN, []),
            CONF_PANIC_LIFTS: self._data.get(CONF_PANIC_LIFTS, False),
            CONF_EVIDENCE: self._data.get(CONF_EVIDENCE, list(EvidenceCause)),
        }
        return self.async_show_form(
            step_id="privacy",
            data_schema=self.add_suggested_values_to_schema(
                _privacy_schema(self._ours()), values
            ),
            description_placeholders={CONF_NAME: self._name},
        )

    # What the camera can do, in words: one step each.

    async def _async_check(self) -> SubentryFlowResult:
        entity_id = resolved(self.hass, self._data[CONF_SOURCE])
        try:
            source = get_camera_from_entity_id(self.hass, str(entity_id))
            await async_get_image(self.hass, source.entity_id, _PATIENCE)
        except HomeAssistantError:
            return await self.async_step_shows_nothing()
        types = source.camera_capabilities.frontend_stream_types
        if types == {StreamType.WEB_RTC}:
            return await self.async_step_shows_live()
        if types:
            return await self.async_step_shows_stream()
        return await self.async_step_shows_pictures()

    async def async_step_shows_nothing(
        self, user_input: dict[str, Any] | None = None
    ) -> SubentryFlowResult:
        """Say that the source shows nothing at the moment."""
        return self._async_conclude("shows_nothing", user_input)

    async def async_step_shows_pictures(
        self, user_input: dict[str, Any] | None = None
    ) -> SubentryFlowResult:
        """Say that there are pictures, and no stream."""
        return self._async_conclude("shows_pictures", user_input)

    async def async_step_shows_stream(
        self, user_input: dict[str, Any] | None = None
    ) -> SubentryFlowResult:
        """Say that there are pictures and a stream that can be recorded."""
        return self._async_conclude("shows_stream", user_input)

    async def async_step_shows_live(
        self, user_input: dict[str, Any] | None = None
    ) -> SubentryFlowResult:
        """Say that there are pictures, and a stream that cannot be recorded."""
        return self._async_conclude("shows_live", user_input)

    @callback
    def _async_conclude(
        self, step_id: str, user_input: dict[str, Any] | None
    ) -> SubentryFlowResult:
        if user_input is None:
            return self.async_show_form(
                step_id=step_id,
                data_schema=vol.Schema({}),
                description_placeholders={CONF_NAME: self._name},
                last_step=True,
            )
        if self.source == SOURCE_RECONFIGURE:
            return self.async_update_and_abort(
                self._get_entry(),
                self._get_reconfigure_subentry(),
                title=self._name,
                data=self._data,
                unique_id=self._data[CONF_SOURCE],
            )
        return self.async_create_entry(
            title=self._name, data=self._data, unique_id=self._data[CONF_SOURCE]
        )

    # Entities of others, and of ours.

    def _reference(self, entity_id: str) -> str:
        """Return what an entity is followed by: its identifier in the registry."""
        entry = er.async_get(self.hass).async_get(entity_id)
        return entity_id if entry is None else entry.id

    def _ours(self) -> list[str]:
        return [
            entry.entity_id
            for entry in er.async_get(self.hass).entities.values()
            if entry.platform == DOMAIN
        ]

    def _taken(self) -> set[str]:
        """Return the sources of the other cameras of this practice."""
        own = (
            self._get_reconfigure_subentry().subentry_id
            if self.source == SOURCE_RECONFIGURE
            else None
        )
        return {
            subentry.data[CONF_SOURCE]
            for subentry in self._get_entry().get_subentries_of_type(SUBENTRY_CAMERA)
            if subentry.subentry_id != own
        }
