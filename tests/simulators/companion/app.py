"""What a companion app does with a push, a tap and a swipe: the rules both follow.

Sources: the public code of both apps and the companion app's documentation.
"""

from abc import ABC, abstractmethod
from dataclasses import dataclass
from enum import StrEnum
from typing import ClassVar
import uuid

from .notification import Action, Json, Notification, optional_text

CLEAR_NOTIFICATION = "clear_notification"


class Os(StrEnum):
    """Which app the phone runs."""

    ANDROID = "Android"
    IOS = "iOS"


@dataclass(frozen=True, slots=True, kw_only=True)
class AppEvent:
    """An event that the app fires through its webhook."""

    event_type: str
    data: Json


@dataclass(frozen=True, slots=True, kw_only=True)
class Cleared:
    """Home Assistant took back what lies under a key; None names nothing."""

    key: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Command:
    """A message that the app obeys and does not show."""

    message: str
    data: Json


type Received = Notification | Cleared | Command


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """What the app knows of itself."""

    device_id: str
    device_name: str
    webhook_id: str
    app_version: str


class App(ABC):
    """One of the two apps: pure rules, no network."""

    max_actions: ClassVar[int]
    app_id: ClassVar[str]
    os_name: ClassVar[Os]
    client_id: ClassVar[str]
    manufacturer: ClassVar[str]
    model: ClassVar[str]
    os_version: ClassVar[str]
    default_version: ClassVar[str]
    encrypts: ClassVar[bool]

    def receive(self, event: Json, received_at: float, identity: Identity) -> Received:
        """Return what a push is to this app."""
        message = optional_text(event.get("message")) or ""
        data = event.get("data") if isinstance(event.get("data"), dict) else None
        return self._receive(event, message, data or {}, received_at, identity)

    @abstractmethod
    def _receive(
        self,
        event: Json,
        message: str,
        data: Json,
        received_at: float,
        identity: Identity,
    ) -> Received: ...

    @abstractmethod
    def on_arrival(self, event: Json, identity: Identity) -> list[AppEvent]:
        """Return what is fired because a push has come."""

    @abstractmethod
    def on_tap(
        self,
        notification: Notification,
        action: Action,
        reply: str | None,
        identity: Identity,
    ) -> list[AppEvent]:
        """Return what is fired by a tap on a button; empty where it only opens."""

    @abstractmethod
    def on_dismiss(
        self, notification: Notification, identity: Identity
    ) -> list[AppEvent]:
        """Return what is fired when the person swipes a notification away."""

    @abstractmethod
    def stays(self, notification: Notification, action: Action | None) -> bool:
        """Return whether a notification stays after a tap on it or on a button."""

    @abstractmethod
    def opens(self, action: Action) -> str | None:
        """Return what a tap on a button opens in the app."""

    def _actions(self, data: Json, identity: Identity) -> tuple[Action, ...]:
        raw = data.get("actions")
        listed = [entry for entry in raw if isinstance(entry, dict)] if raw else []
        return tuple(
            self._action(entry, identity) for entry in listed[: self.max_actions]
        )

    def _action(self, raw: Json, identity: Identity) -> Action:
        return Action.read(raw)


def push_of(data: Json) -> Json:
    push = data.get("push")
    return push if isinstance(push, dict) else {}


def new_id() -> str:
    """Return an id that no other notification has."""
    return uuid.uuid4().hex
