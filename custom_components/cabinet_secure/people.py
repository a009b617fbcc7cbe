"""Home Assistant's users as the people of the practice."""

from collections.abc import Mapping
from typing import Any

from homeassistant.core import Context, HomeAssistant

from .const import CONF_MAY_MANAGE, CONF_MAY_OPEN, CONF_MAY_OVERRIDE, CONF_ON_CALL
from .practice.people import AUTOMATION, Actor, ActorKind, Person


async def async_people(
    hass: HomeAssistant, options: Mapping[str, Any]
) -> dict[str, Person]:
    """Return who has a role in the practice. Users that may not sign in have none."""
    may_open, may_manage, on_call = (
        set(options.get(role, ()))
        for role in (CONF_MAY_OPEN, CONF_MAY_MANAGE, CONF_ON_CALL)
    )
    return {
        user.id: Person(
            name=user.name or user.id,
            may_open=user.id in may_open,
            may_manage=user.id in may_manage,
            on_call=user.id in on_call,
            may_override=user.id in options.get(CONF_MAY_OVERRIDE, ()),
        )
        for user in await hass.auth.async_get_users()
        if user.is_active and user.id in may_open | may_manage | on_call
    }


async def async_actor(hass: HomeAssistant, context: Context | None) -> Actor:
    """Return who stands behind a context; without a user it is an automation."""
    if context is None or context.user_id is None:
        return AUTOMATION
    user = await hass.auth.async_get_user(context.user_id)
    name = user.name if user is not None and user.name else context.user_id
    return Actor(kind=ActorKind.USER, id=context.user_id, name=name)
