"""What lies on the phone, what came, and what became of it."""

import asyncio
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum

from .app import Command
from .notification import Notification

_HISTORY = 200


class Happening(StrEnum):
    """What the history of the phone tells."""

    RECEIVED = "received"
    REPLACED = "replaced"
    CLEARED = "cleared"
    COMMAND = "command"
    TAPPED = "tapped"
    OPENED = "opened"
    DISMISSED = "dismissed"
    TIMED_OUT = "timed_out"
    FAILED = "failed"


@dataclass(frozen=True, slots=True, kw_only=True)
class HistoryEntry:
    """One line of the history; `detail` is the button tapped, or what failed."""

    happening: Happening
    title: str
    detail: str = ""
    at: datetime = field(default_factory=lambda: datetime.now(UTC))


class Screen:
    """The notifications of a phone, and who waits for a change of them."""

    def __init__(self) -> None:
        self.notifications: list[Notification] = []
        self.shown: dict[str, Notification] = {}
        self.commands: list[Command] = []
        self.history: deque[HistoryEntry] = deque(maxlen=_HISTORY)
        self.listeners: list[Callable[[], None]] = []
        self._unread = 0
        self._changed = asyncio.Condition()

    async def show(self, notification: Notification) -> None:
        """Show a notification on top; it takes the place of one with its key."""
        former = self.shown.pop(notification.key, None)
        if former is not None:
            self.tell(Happening.REPLACED, former)
        self.notifications.append(notification)
        self.shown[notification.key] = notification
        self.tell(Happening.RECEIVED, notification)
        await self.changed()

    async def clear(self, key: str | None) -> None:
        """Take back what lies under a key, if anything does."""
        if key is not None and (former := self.shown.pop(key, None)) is not None:
            self.tell(Happening.CLEARED, former)
        await self.changed()

    async def remove(self, notification: Notification) -> bool:
        """Remove this very notification; False where another has its place."""
        if self.shown.get(notification.key) is not notification:
            return False
        del self.shown[notification.key]
        await self.changed()
        return True

    async def obey(self, command: Command) -> None:
        """Keep a command that the app would obey."""
        self.commands.append(command)
        self.history.append(
            HistoryEntry(happening=Happening.COMMAND, title=command.message)
        )
        await self.changed()

    def tell(
        self, happening: Happening, notification: Notification, detail: str = ""
    ) -> None:
        """Write a line of the history."""
        self.history.append(
            HistoryEntry(
                happening=happening,
                title=notification.title or notification.message,
                detail=detail,
            )
        )

    async def changed(self) -> None:
        """Wake whoever waits."""
        async with self._changed:
            self._changed.notify_all()
        for listener in list(self.listeners):
            listener()

    async def until(self, condition: Callable[[], bool], timeout_s: float) -> None:
        """Wait until a condition holds; raises TimeoutError."""
        async with asyncio.timeout(timeout_s), self._changed:
            await self._changed.wait_for(condition)

    async def next(self, timeout_s: float) -> Notification:
        """Return the oldest notification not returned yet; raises TimeoutError."""
        await self.until(lambda: len(self.notifications) > self._unread, timeout_s)
        self._unread += 1
        return self.notifications[self._unread - 1]
