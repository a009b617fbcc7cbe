"""Answers from notifications.

Handled here and not by an automation, so that they work after a restart and after
automations are reloaded, and so that no automation can be talked into opening. The
identifiers of actions are shared by all notifications of all apps: ours carry the
practice and an unguessable one-shot token (DOMAIN: *Notifications*).
"""

import logging
from typing import TYPE_CHECKING, Any, Final

from homeassistant.core import Event, HomeAssistant
from homeassistant.exceptions import HomeAssistantError

from .people import async_actor
from .practice.events import TokenPresented

if TYPE_CHECKING:
    from .coordinator import PracticeCoordinator

_LOGGER = logging.getLogger(__name__)

# What the companion apps fire when somebody taps an action of a notification.
EVENT_NOTIFICATION_ACTION: Final = "mobile_app_notification_action"

_PREFIX: Final = "CABINET_SECURE_"
# A token is far shorter; longer texts are not worth a look.
_LONGEST_TOKEN: Final = 64


def action_id(entry_id: str, token: str) -> str:
    """Return the identifier of the action that presents this token."""
    return f"{_PREFIX}{entry_id}_{token}"


def async_listen_for_answers(
    hass: HomeAssistant, coordinator: PracticeCoordinator
) -> None:
    """Hand answers to this practice to it, until its entry is unloaded."""
    prefix = action_id(coordinator.entry.entry_id, "")

    async def answered(event: Event[dict[str, Any]]) -> None:
        action = event.data.get("action")
        if not isinstance(action, str) or not action.startswith(prefix):
            return
        token = action.removeprefix(prefix)[:_LONGEST_TOKEN]
        actor = await async_actor(hass, event.context)
        try:
            await coordinator.async_request(TokenPresented(actor=actor, token=token))
        except HomeAssistantError as err:
            # Whoever answered is told by the event `answer_rejected` of the ring, or
            # by `open_failed` of the door; there is nobody here to raise it to.
            _LOGGER.info("An answer of %s came to nothing: %s", actor.name, err)

    coordinator.entry.async_on_unload(
        hass.bus.async_listen(EVENT_NOTIFICATION_ACTION, answered)
    )
