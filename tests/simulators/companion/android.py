"""Home Assistant for Android.

Source: the app's code (WebsocketManager, MessagingManager, NotificationActionReceiver,
NotificationDeleteReceiver).
"""

import re
from typing import ClassVar, override

from .app import (
    CLEAR_NOTIFICATION,
    App,
    AppEvent,
    Cleared,
    Command,
    Identity,
    Os,
    Received,
    new_id,
    push_of,
)
from .notification import Action, Json, Notification, optional_text, text, truth


class AndroidApp(App):
    """Home Assistant for Android: three buttons, every value turned into text."""

    max_actions = 3
    app_id = "io.homeassistant.companion.android"
    client_id = "https://home-assistant.io/android"
    manufacturer = "Google"
    model = "Pixel 9"
    os_name = Os.ANDROID
    os_version = "36"
    default_version = "2026.9.4-full"
    encrypts = False

    # The app's change 6907 came in mid-2026; older ones ignore the key.
    authentication_since: ClassVar[tuple[int, int]] = (2026, 6)

    _commands: ClassVar[frozenset[str]] = frozenset({"TTS", "request_location_update"})

    @override
    def _receive(
        self,
        event: Json,
        message: str,
        data: Json,
        received_at: float,
        identity: Identity,
    ) -> Received:
        tag = optional_text(data.get("tag"))
        channel = optional_text(data.get("channel"))
        # Without a tag the app shows the words "clear_notification".
        if message == CLEAR_NOTIFICATION and tag:
            return Cleared(key=tag)
        if (
            message in self._commands
            or message.startswith("command_")
            or (message == "remove_channel" and channel)
        ):
            return Command(message=message, data=data)
        timeout = str(data.get("timeout", ""))
        identifier = new_id()
        return Notification(
            id=identifier,
            key=tag or identifier,
            received_at=received_at,
            title=optional_text(event.get("title")),
            message=message,
            subtitle=optional_text(data.get("subject")),
            data=data,
            tag=tag,
            actions=self._actions(data, identity),
            image=optional_text(data.get("image")),
            opens=optional_text(data.get("clickAction")),
            channel=channel,
            push=push_of(data),
            group=optional_text(data.get("group")),
            visibility=optional_text(data.get("visibility")),
            critical=channel in {"alarm_stream", "alarm_stream_max"},
            sticky=truth(data.get("sticky")),
            timeout_s=float(timeout) if timeout.isdecimal() else None,
        )

    @override
    def _action(self, raw: Json, identity: Identity) -> Action:
        action = Action.read(raw)
        version = re.match(r"(\d+)\.(\d+)", identity.app_version)
        honours = version is not None and (
            int(version[1]), int(version[2])
        ) >= self.authentication_since  # fmt: skip
        return Action(
            id=action.id,
            title=action.title,
            # Only the key URI opens anything on Android.
            uri=action.uri if action.id == "URI" else None,
            reply=action.reply,
            authentication_required=honours and action.authentication_required,
        )

    @override
    def on_arrival(self, event: Json, identity: Identity) -> list[AppEvent]:
        data = self.flatten(event, identity)
        if not truth(data.get("confirmation")):
            return []
        return [self._event("mobile_app_notification_received", data, identity)]

    @override
    def on_tap(
        self,
        notification: Notification,
        action: Action,
        reply: str | None,
        identity: Identity,
    ) -> list[AppEvent]:
        if action.id == "URI":
            return []
        data = self._kept(notification, identity)
        if action.reply:
            data["reply_text"] = reply or ""
        data["action"] = action.id
        return [self._event("mobile_app_notification_action", data, identity)]

    @override
    def on_dismiss(
        self, notification: Notification, identity: Identity
    ) -> list[AppEvent]:
        data = self._kept(notification, identity)
        return [self._event("mobile_app_notification_cleared", data, identity)]

    @override
    def stays(self, notification: Notification, action: Action | None) -> bool:
        return notification.sticky or (action is not None and action.reply)

    @override
    def opens(self, action: Action) -> str | None:
        return action.uri

    def flatten(self, event: Json, identity: Identity) -> Json:
        """Return a push as the one level of texts that the app works with.

        All actions are in it, those beyond the third too.
        """
        flat: Json = {}
        for key, value in (event.get("data") or {}).items():
            if key == "actions" and isinstance(value, list):
                for number, raw in enumerate(value, 1):
                    if isinstance(raw, dict):
                        flat |= self._flat_action(number, raw)
            else:
                flat[key] = text(value)
        for key in ("message", "title"):
            if key in event:
                flat[key] = text(event[key])
        return flat | {"webhook_id": identity.webhook_id}

    def _flat_action(self, number: int, raw: Json) -> Json:
        flat: Json = {
            f"action_{number}_key": text(raw.get("action")),
            f"action_{number}_title": text(raw.get("title")),
        }
        for key in ("uri", "behavior", "authenticationRequired"):
            if raw.get(key) is not None:
                flat[f"action_{number}_{key}"] = text(raw[key])
        return flat

    def _kept(self, notification: Notification, identity: Identity) -> Json:
        event: Json = {"message": notification.message, "data": notification.data}
        if notification.title is not None:
            event["title"] = notification.title
        return self.flatten(event, identity) | {"server_id": "1"}

    def _event(self, event_type: str, data: Json, identity: Identity) -> AppEvent:
        return AppEvent(
            event_type=event_type, data=data | {"device_id": identity.device_id}
        )
