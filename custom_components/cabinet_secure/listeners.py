"""Who wants to know of what: entities by topic, triggers of everything."""

from collections import defaultdict
from collections.abc import Callable
from typing import Final

from homeassistant.core import CALLBACK_TYPE, callback

from .practice.effects import Effect
from .practice.state import PracticeState

# The topic of the practice itself rather than of one equipment or door.
PRACTICE: Final = "practice"
# That of its alarm, whose sensors tell much more often than anything else changes.
ALARM: Final = "alarm"


def different(before: PracticeState, after: PracticeState) -> list[str]:
    """Return the topics of what is different: the practice, its alarm, doors, cameras.

    What the alarm sees at the moment is different for its own topic alone.
    """
    topics = [ALARM] if after.intrusion is not before.intrusion else []
    if after == before:
        return topics
    # Doors and attempts to open them: whatever is in one and not in the other.
    doors = {*before.doors} ^ {*after.doors} | ({*before.openings} ^ {*after.openings})
    cameras = {*before.cameras.privacy} ^ {*after.cameras.privacy}
    return [
        PRACTICE,
        *topics,
        *{each.door for each in doors},
        *{each.camera for each in cameras},
    ]


class Listeners:
    """The listeners of one practice, so that a press at one door wakes only its own."""

    def __init__(self) -> None:
        self._changes: dict[str, list[Callable[[], None]]] = defaultdict(list)
        self._announcements: dict[str, list[Callable[[Effect], None]]] = defaultdict(
            list
        )

    @callback
    def async_listen(self, topic: str, listener: Callable[[], None]) -> CALLBACK_TYPE:
        """Call `listener` when an equipment, a door or the practice is different."""
        return _add(self._changes[topic], listener)

    @callback
    def async_on_announcement(
        self, topic: str, listener: Callable[[Effect], None]
    ) -> CALLBACK_TYPE:
        """Call `listener` with what is announced of a door, a button or the practice."""
        return _add(self._announcements[topic], listener)

    @callback
    def notify(self, topic: str) -> None:
        """Say that what this topic is about is different."""
        for listener in self._changes[topic]:
            listener()

    @callback
    def announce(self, topic: str, effect: Effect) -> None:
        """Say what happened."""
        for listener in self._announcements[topic]:
            listener(effect)


def _add[T](listeners: list[T], listener: T) -> CALLBACK_TYPE:
    listeners.append(listener)
    return lambda: listeners.remove(listener)
