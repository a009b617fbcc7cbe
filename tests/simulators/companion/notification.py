"""A notification as it lies on a phone."""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

type Json = dict[str, Any]

_TEXT_INPUT = "textinput"


@dataclass(frozen=True, slots=True, kw_only=True)
class Action:
    """A button below a notification, as the app shows it."""

    id: str
    title: str
    uri: str | None = None
    reply: bool = False
    destructive: bool = False
    authentication_required: bool = False

    @classmethod
    def read(cls, raw: Json) -> Action:
        """Read an entry of `actions`; missing keys read as Kotlin prints them."""
        key = text(raw.get("action", raw.get("identifier")))
        return cls(
            id=key,
            title=text(raw.get("title")),
            uri=None if raw.get("uri") is None else text(raw["uri"]),
            reply=key == "REPLY"
            or text(raw.get("behavior", "")).lower() == _TEXT_INPUT,
            destructive=truth(raw.get("destructive")),
            authentication_required=truth(raw.get("authenticationRequired")),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Notification:
    """What Home Assistant sent, and what the app makes of it.

    `received_at` is `time.monotonic()` of the moment at which the frame was read.
    `key` is the place on the screen: a later notification with the same key takes it.
    `opens` is where a tap on the notification itself leads.
    """

    id: str
    key: str
    received_at: float
    arrived: datetime = field(default_factory=lambda: datetime.now(UTC))
    title: str | None
    message: str
    subtitle: str | None = None
    data: Json
    tag: str | None = None
    actions: tuple[Action, ...] = ()
    image: str | None = None
    opens: str | None = None
    channel: str | None = None
    push: Json = field(default_factory=dict)
    group: str | None = None
    visibility: str | None = None
    critical: bool = False
    time_sensitive: bool = False
    sticky: bool = False
    timeout_s: float | None = None

    def action(self, action_id: str) -> Action:
        """Return the button with this id; raises KeyError where it is not shown."""
        for action in self.actions:
            if action.id == action_id:
                return action
        raise KeyError(action_id)


def text(value: object) -> str:
    """Return a JSON value as Kotlin's `toString` prints it.

    The Android app turns everything in `data` into text on arrival, and sends that
    text back with a tap.
    """
    match value:
        case None:
            return "null"
        case bool():
            return "true" if value else "false"
        case dict():
            inside = ", ".join(f"{key}={text(item)}" for key, item in value.items())
            return f"{{{inside}}}"
        case list():
            return f"[{', '.join(text(item) for item in value)}]"
        case _:
            return str(value)


def truth(value: object) -> bool:
    """Return whether a value given in YAML, by template or as a number means yes."""
    return str(value).lower() in {"true", "1"}


def optional_text(value: object) -> str | None:
    """Return the text of a value that may be missing or empty."""
    return None if value is None or value == "" else text(value)
