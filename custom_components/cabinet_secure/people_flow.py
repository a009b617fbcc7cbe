"""Who may open, who may manage, who is on call: asked at set-up and in the options."""

from collections.abc import Mapping
from typing import Any

from homeassistant.auth.models import User
from homeassistant.core import HomeAssistant
from homeassistant.helpers.selector import (
    SelectOptionDict,
    SelectSelector,
    SelectSelectorConfig,
    SelectSelectorMode,
)
import voluptuous as vol

from .const import CONF_MAY_MANAGE, CONF_MAY_OPEN, CONF_ON_CALL

ROLES = (CONF_MAY_OPEN, CONF_MAY_MANAGE, CONF_ON_CALL)


async def async_people(hass: HomeAssistant) -> list[User]:
    """Return the people who can have a role, by name.

    Accounts of software and accounts that were switched off can have none.
    """
    return sorted(
        (
            user
            for user in await hass.auth.async_get_users()
            if user.is_active and not user.system_generated
        ),
        key=lambda user: (user.name or "").casefold(),
    )


def default_roles(people: list[User]) -> dict[str, list[str]]:
    """Return the roles to begin with: administrators open and manage, nobody is on call."""
    administrators = [user.id for user in people if user.is_admin]
    return {
        CONF_MAY_OPEN: administrators,
        CONF_MAY_MANAGE: administrators,
        CONF_ON_CALL: [],
    }


def people_schema(people: list[User], roles: Mapping[str, Any]) -> vol.Schema:
    """Return the form; somebody whose account is gone is no longer offered.

    The values are suggested rather than defaults: a list that was emptied must come
    back empty.
    """
    known = {user.id for user in people}
    selector = SelectSelector(
        SelectSelectorConfig(
            options=[
                SelectOptionDict(value=user.id, label=user.name or user.id)
                for user in people
            ],
            multiple=True,
            mode=SelectSelectorMode.DROPDOWN,
        )
    )
    return vol.Schema(
        {
            vol.Optional(
                role,
                description={
                    "suggested_value": [
                        person for person in roles.get(role, []) if person in known
                    ]
                },
            ): selector
            for role in ROLES
        }
    )


def roles_of(user_input: Mapping[str, Any]) -> dict[str, list[str]]:
    """Return the roles that a form gave."""
    return {role: list(user_input.get(role, [])) for role in ROLES}


def role_errors(roles: Mapping[str, list[str]]) -> dict[str, str]:
    """Return what is wrong: a door that nobody may open, a practice nobody manages."""
    errors: dict[str, str] = {}
    if not roles[CONF_MAY_OPEN]:
        errors[CONF_MAY_OPEN] = "nobody_may_open"
    if not roles[CONF_MAY_MANAGE]:
        errors[CONF_MAY_MANAGE] = "nobody_may_manage"
    return errors
