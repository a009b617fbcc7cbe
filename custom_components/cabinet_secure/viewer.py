"""Who looks through a camera, as far as Home Assistant tells.

A camera is not told who asks it. The WebSocket connection and the web request that the
question came with know who is signed in; a link with the camera's own token, as it is
in dashboards, belongs to nobody.
"""

from homeassistant.auth.models import User
from homeassistant.components.http.const import KEY_HASS_USER
from homeassistant.components.websocket_api.connection import current_connection
from homeassistant.core import callback
from homeassistant.helpers.http import current_request

from .practice.people import AUTOMATION, Actor, ActorKind


@callback
def async_viewer() -> Actor | None:
    """Return who asks at the moment; None where nobody can tell."""
    if (connection := current_connection.get()) is not None:
        return _person(connection.user)
    if (request := current_request.get()) is not None:
        user: User | None = request.get(KEY_HASS_USER)
        return _person(user) if user is not None else None
    return AUTOMATION


def _person(user: User) -> Actor:
    return Actor(kind=ActorKind.USER, id=user.id, name=user.name or user.id)
