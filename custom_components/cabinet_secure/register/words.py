"""The words of what is printed and exported, from the integration's translations."""

from collections.abc import Mapping
from datetime import datetime, tzinfo
from typing import Final

from .model import EntryType

# Where the events of each type of entry have their words; then all others.
_EVENTS: Final[Mapping[EntryType, str]] = {
    EntryType.ALARM: "intrusion_events",
    EntryType.DOOR: "door_events",
    EntryType.EQUIPMENT: "equipment_events",
    EntryType.INCIDENT: "incident_event",
    EntryType.PANIC: "panic_events",
    EntryType.RING: "ring_events",
}
_OTHER_EVENTS: Final = "register_event"
_TIMES: Final = {"fr": "%d/%m/%Y à %H:%M", "en": "%Y-%m-%d %H:%M"}


class Words:
    """Texts in one language, by the selector and the option they are translated as.

    `texts` has Home Assistant's keys without `component.cabinet_secure.selector.`.
    """

    def __init__(self, language: str, texts: Mapping[str, str], zone: tzinfo) -> None:
        self.language = language
        self.zone = zone
        self._texts = texts

    def __call__(self, group: str, key: str | int, /, **values: str | int) -> str:
        """Return a text; raises KeyError for one that is not translated."""
        return self._texts[f"{group}.options.{key}"].format(**values)

    def event(self, kind: EntryType, event: str) -> str:
        """Return what an entry says that happened; as is, where there are no words."""
        groups = (_EVENTS.get(kind, _OTHER_EVENTS), _OTHER_EVENTS)
        return next(
            (
                self._texts[key]
                for key in (f"{group}.options.{event}" for group in groups)
                if key in self._texts
            ),
            event,
        )

    def time(self, time: datetime) -> str:
        """Return a time as the clock on the wall shows it."""
        return time.astimezone(self.zone).strftime(_TIMES[self.language])


def offset_text(time: datetime) -> str:
    """Return an offset as `UTC+01:00`, which no spreadsheet takes for a formula."""
    return f"UTC{time:%:z}"
