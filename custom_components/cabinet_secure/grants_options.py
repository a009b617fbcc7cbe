"""Options of access: give it, end it, and which doors need two people."""

from collections.abc import Mapping
from datetime import datetime, time
from typing import Any

from homeassistant.config_entries import ConfigEntryState, ConfigFlowResult, OptionsFlow
from homeassistant.exceptions import ServiceValidationError
from homeassistant.helpers.selector import (
    BooleanSelector,
    DateTimeSelector,
    NumberSelector,
    NumberSelectorConfig,
    NumberSelectorMode,
    SelectOptionDict,
    SelectSelector,
    SelectSelectorConfig,
    SelectSelectorMode,
    TextSelector,
    TimeSelector,
)
from homeassistant.util import dt as dt_util
import voluptuous as vol

from .configuration_changes import async_person_at_work
from .const import (
    ATTR_CARD,
    ATTR_DAYS,
    ATTR_END,
    ATTR_GRANT,
    ATTR_LABEL,
    ATTR_MEANS,
    ATTR_REASON,
    ATTR_ROLE,
    ATTR_START,
    ATTR_USES,
    ATTR_VALID_FROM,
    ATTR_VALID_TO,
    CONF_DOORS,
    CONF_LINKS,
    CONF_TWO_PEOPLE,
)
from .coordinator import CabinetSecureConfigEntry, PracticeCoordinator
from .granting import LONGEST_LABEL, Wish, async_grant
from .grants_view import DAYS, door_name, period, shared_text
from .practice.grants.events import RevokeHolderRequested, RevokeRequested
from .practice.grants.model import Grant, GrantRole, Means, WeeklyWindow
from .practice.people import Actor

# What `person:` before a choice means: everything of one person.
_PERSON = "person:"

# Which field of a form what the practice refuses is about.
_REFUSED = {"base": "access_refused"}
_ERRORS: Mapping[str | None, dict[str, str]] = {
    "no_safe_address": {ATTR_MEANS: "no_safe_address"},
    "not_a_card": {ATTR_CARD: "not_a_card"},
    "refused_code_taken": {ATTR_CARD: "code_taken"},
    "refused_grant_times": {ATTR_VALID_TO: "grant_times"},
    "refused_not_checked": {CONF_DOORS: "not_checked"},
    "refused_unknown_grant": {ATTR_GRANT: "access_over"},
}


def _choice(
    options: list[SelectOptionDict] | list[str],
    *,
    multiple: bool = False,
    translation_key: str | None = None,
) -> SelectSelector:
    config = SelectSelectorConfig(
        options=options, multiple=multiple, mode=SelectSelectorMode.DROPDOWN
    )
    if translation_key is not None:
        config["translation_key"] = translation_key
    return SelectSelector(config)


class AccessSteps(OptionsFlow):
    """The steps with which a practice is opened to people who have no account."""

    _given: tuple[Grant, str | None]

    async def async_step_access(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Choose what to do about access."""
        return self.async_show_menu(
            step_id="access",
            menu_options=[
                "access_give",
                "access_end",
                "access_doors",
                "access_links",
            ],
        )

    async def async_step_access_give(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Ask whom to let in, where and when."""
        if (managing := self._managing()) is None:
            return self.async_abort(reason="only_managers_give_access")
        coordinator, actor = managing
        errors: dict[str, str] = {}
        if user_input is not None and not (errors := _mistakes(user_input)):
            try:
                self._given = await async_grant(coordinator, actor, _wish(user_input))
            except ServiceValidationError as err:
                errors = _ERRORS.get(err.translation_key, _REFUSED)
            else:
                return await self.async_step_access_given()
        return self.async_show_form(
            step_id="access_give",
            data_schema=self.add_suggested_values_to_schema(
                _give_schema(coordinator),
                user_input
                or {ATTR_ROLE: GrantRole.LOCUM.value, ATTR_MEANS: Means.CODE.value},
            ),
            errors=errors,
        )

    async def async_step_access_given(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Show the code, this once, and a message that may be sent."""
        if user_input is not None:
            return self.async_create_entry(data=dict(self.config_entry.options))
        grant, secret = self._given
        coordinator = self._entry.runtime_data
        return self.async_show_form(
            step_id="access_given",
            data_schema=vol.Schema({}),
            description_placeholders={
                "label": grant.label,
                "code": secret or "–",
                "english": shared_text(coordinator, grant, secret, "en"),
                "french": shared_text(coordinator, grant, secret, "fr"),
            },
            last_step=True,
        )

    async def async_step_access_end(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Ask what to end: one access, or everything of a person."""
        if (managing := self._managing()) is None:
            return self.async_abort(reason="only_managers_give_access")
        coordinator, actor = managing
        going_on = [g for g in coordinator.state.grants.grants if g.ended is None]
        if not going_on:
            return self.async_abort(reason="nobody_has_access")
        errors: dict[str, str] = {}
        if user_input is not None:
            chosen: str = user_input[ATTR_GRANT]
            try:
                await coordinator.async_request(
                    RevokeHolderRequested(
                        actor=actor, holder=chosen.removeprefix(_PERSON)
                    )
                    if chosen.startswith(_PERSON)
                    else RevokeRequested(actor=actor, grant=chosen)
                )
            except ServiceValidationError as err:
                errors = _ERRORS.get(err.translation_key, _REFUSED)
            else:
                return self.async_create_entry(data=dict(self.config_entry.options))
        language = self.hass.config.language
        options = [
            SelectOptionDict(value=f"{_PERSON}{holder}", label=f"{label} (×{count})")
            for holder, (label, count) in _holders(going_on).items()
            if count > 1
        ] + [
            SelectOptionDict(
                value=grant.id,
                label=f"{grant.label} · {_doors(coordinator, grant)} · "
                f"{period(grant, language)}",
            )
            for grant in going_on
        ]
        return self.async_show_form(
            step_id="access_end",
            data_schema=vol.Schema({vol.Required(ATTR_GRANT): _choice(options)}),
            errors=errors,
        )

    async def async_step_access_doors(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Ask which doors only two people open together."""
        if (managing := self._managing()) is None:
            return self.async_abort(reason="only_managers_give_access")
        options = self.config_entry.options
        if user_input is not None:
            return self.async_create_entry(
                data={**options, CONF_TWO_PEOPLE: user_input.get(CONF_TWO_PEOPLE, [])}
            )
        form = vol.Schema(
            {
                vol.Optional(CONF_TWO_PEOPLE): _choice(
                    _door_options(managing[0]), multiple=True
                )
            }
        )
        return self.async_show_form(
            step_id="access_doors",
            data_schema=self.add_suggested_values_to_schema(
                form, {CONF_TWO_PEOPLE: options.get(CONF_TWO_PEOPLE, [])}
            ),
        )

    async def async_step_access_links(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Ask whether doors may be opened by links."""
        if self._managing() is None:
            return self.async_abort(reason="only_managers_give_access")
        options = self.config_entry.options
        if user_input is not None:
            return self.async_create_entry(data={**options, **user_input})
        return self.async_show_form(
            step_id="access_links",
            data_schema=self.add_suggested_values_to_schema(
                vol.Schema({vol.Required(CONF_LINKS): BooleanSelector()}),
                {CONF_LINKS: options.get(CONF_LINKS, False)},
            ),
        )

    @property
    def _entry(self) -> CabinetSecureConfigEntry:
        return self.config_entry

    def _managing(self) -> tuple[PracticeCoordinator, Actor] | None:
        """Return the practice and who is at work, if they manage it and it runs."""
        actor = async_person_at_work()
        if actor is None or self._entry.state is not ConfigEntryState.LOADED:
            return None
        coordinator = self._entry.runtime_data
        return (coordinator, actor) if coordinator.config.may_manage(actor) else None


def _give_schema(coordinator: PracticeCoordinator) -> vol.Schema:
    return vol.Schema(
        {
            vol.Required(ATTR_LABEL): TextSelector(),
            vol.Required(ATTR_ROLE): _choice(
                [role.value for role in GrantRole], translation_key="grant_role"
            ),
            vol.Required(CONF_DOORS): _choice(
                _door_options(coordinator), multiple=True
            ),
            vol.Optional(ATTR_VALID_FROM): DateTimeSelector(),
            vol.Required(ATTR_VALID_TO): DateTimeSelector(),
            vol.Optional(ATTR_DAYS): _choice(
                list(DAYS), multiple=True, translation_key="weekday"
            ),
            vol.Optional(ATTR_START): TimeSelector(),
            vol.Optional(ATTR_END): TimeSelector(),
            vol.Optional(ATTR_USES): NumberSelector(
                NumberSelectorConfig(min=1, max=1000, mode=NumberSelectorMode.BOX)
            ),
            vol.Optional(ATTR_REASON): TextSelector(),
            vol.Required(ATTR_MEANS): _choice(
                [
                    means.value
                    for means in Means
                    if means is not Means.LINK or coordinator.config.grants.links
                ],
                translation_key="grant_means",
            ),
            vol.Optional(ATTR_CARD): TextSelector(),
        }
    )


def _mistakes(user_input: dict[str, Any]) -> dict[str, str]:
    """Return what a form says that cannot be meant."""
    errors: dict[str, str] = {}
    if not 0 < len(user_input[ATTR_LABEL].strip()) <= LONGEST_LABEL:
        errors[ATTR_LABEL] = "no_label"
    window = [user_input.get(key) for key in (ATTR_DAYS, ATTR_START, ATTR_END)]
    if any(window) and not all(window):
        errors[ATTR_DAYS] = "half_a_window"
    return errors


def _wish(user_input: dict[str, Any]) -> Wish:
    days = user_input.get(ATTR_DAYS)
    uses = user_input.get(ATTR_USES)
    begins = user_input.get(ATTR_VALID_FROM)
    return Wish(
        label=user_input[ATTR_LABEL].strip(),
        role=GrantRole(user_input[ATTR_ROLE]),
        means=Means(user_input[ATTR_MEANS]),
        card=user_input.get(ATTR_CARD, ""),
        doors=tuple(user_input[CONF_DOORS]),
        valid_from=_moment(begins) if begins else dt_util.utcnow(),
        valid_to=_moment(user_input[ATTR_VALID_TO]),
        windows=(
            WeeklyWindow(
                days=tuple(sorted(DAYS.index(day) for day in days)),
                start=time.fromisoformat(user_input[ATTR_START]),
                end=time.fromisoformat(user_input[ATTR_END]),
            ),
        )
        if days
        else (),
        uses=int(uses) if uses else None,
        reason=user_input.get(ATTR_REASON, ""),
    )


def _moment(text: str) -> datetime:
    return dt_util.as_utc(datetime.fromisoformat(text))


def _door_options(coordinator: PracticeCoordinator) -> list[SelectOptionDict]:
    return [
        SelectOptionDict(value=door.id, label=door.name)
        for door in coordinator.doors.values()
    ]


def _doors(coordinator: PracticeCoordinator, grant: Grant) -> str:
    return ", ".join(door_name(coordinator, door) for door in grant.doors)


def _holders(grants: list[Grant]) -> dict[str, tuple[str, int]]:
    """Return how often somebody has access, by who they are."""
    holders: dict[str, tuple[str, int]] = {}
    for grant in grants:
        count = holders.get(grant.holder, ("", 0))[1]
        holders[grant.holder] = (grant.label, count + 1)
    return holders
