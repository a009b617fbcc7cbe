"""Home Assistant for iOS.

Source: the app's code (NotificationParserLegacy, LocalPushEvent, HAAPI,
UNNotificationContent+Additions).
"""

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


class IosApp(App):
    """Home Assistant for iOS: ten buttons, says little with a tap, nothing else."""

    max_actions = 10
    app_id = "io.robbie.HomeAssistant"
    client_id = "https://home-assistant.io/iOS"
    manufacturer = "Apple"
    model = "iPhone17,3"
    os_name = Os.IOS
    os_version = "26.1"
    default_version = "2026.9.1 (2026.1240)"
    encrypts = True

    _commands: ClassVar[frozenset[str]] = frozenset(
        {
            "request_location_update",
            "request_location_updates",
            "clear_badge",
            "update_complications",
            "update_widgets",
        }
    )

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
        headers = data.get("apns_headers")
        collapse = (
            headers.get("apns-collapse-id") if isinstance(headers, dict) else None
        )
        key = optional_text(collapse) or tag
        if message == CLEAR_NOTIFICATION:
            return Cleared(key=key)
        if message in self._commands:
            return Command(message=message, data=data)
        push = push_of(data)
        sound = data.get("sound", push.get("sound"))
        level = str(push.get("interruption-level", "")).lower()
        loud = isinstance(sound, dict) and truth(sound.get("critical"))
        identifier = new_id()
        return Notification(
            id=identifier,
            key=key or identifier,
            received_at=received_at,
            title=optional_text(event.get("title")),
            message=message,
            subtitle=optional_text(data.get("subtitle")),
            data=data,
            tag=tag,
            actions=self._actions(data, identity),
            image=self._image(data),
            opens=optional_text(data.get("url")),
            push=push,
            group=optional_text(data.get("group")),
            critical=loud or level == "critical",
            time_sensitive=level == "time-sensitive",
        )

    def _image(self, data: Json) -> str | None:
        attachment = data.get("attachment")
        if isinstance(attachment, dict) and attachment.get("url"):
            return text(attachment["url"])
        if data.get("image"):
            return text(data["image"])
        if data.get("entity_id"):
            return f"/api/camera_proxy/{data['entity_id']}"
        return None

    @override
    def on_arrival(self, event: Json, identity: Identity) -> list[AppEvent]:
        return []

    @override
    def on_tap(
        self,
        notification: Notification,
        action: Action,
        reply: str | None,
        identity: Identity,
    ) -> list[AppEvent]:
        answered = reply if action.reply else None
        legacy: Json = {
            "sourceDevicePermanentID": identity.device_id,
            "sourceDeviceName": identity.device_name,
            "sourceDeviceID": identity.device_id,
            "actionName": action.id,
            "categoryName": str(notification.push.get("category", "DYNAMIC")).upper(),
        }
        modern: Json = {"action": action.id}
        if (action_data := notification.data.get("action_data")) is not None:
            legacy["action_data"] = modern["action_data"] = action_data
        if answered is not None:
            legacy["response_info"] = legacy["textInput"] = answered
            modern["reply_text"] = answered
        return [
            AppEvent(event_type="ios.notification_action_fired", data=legacy),
            AppEvent(event_type="mobile_app_notification_action", data=modern),
        ]

    @override
    def on_dismiss(
        self, notification: Notification, identity: Identity
    ) -> list[AppEvent]:
        return []

    @override
    def stays(self, notification: Notification, action: Action | None) -> bool:
        return False

    @override
    def opens(self, action: Action) -> str | None:
        return action.uri
