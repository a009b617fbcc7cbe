"""What every adopted equipment has in common: its bookmark, its faults, its troubles."""

from abc import abstractmethod
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import Any, override

from ...practice.events import (
    EquipmentEvent,
    EquipmentLost,
    EquipmentRestored,
    Fault,
    FaultCleared,
    FaultRaised,
)
from ..base import Equipment, SourceBookmark, Trouble
from .presses import Presses
from .source import Source
from .supervision import Supervision


class AdoptedEquipment(Equipment):
    """One thing that entities of other integrations are, and one device to people."""

    def __init__(self, equipment_id: str, name: str) -> None:
        super().__init__()
        self.id = equipment_id
        self.name = name
        self.supervision: Supervision
        self._reachable: bool | None = None

    @override
    def start(
        self, hear: Callable[[EquipmentEvent], None], changed: Callable[[], None]
    ) -> None:
        super().start(hear, changed)
        self._reachable = None
        self._follow()
        self.supervision.start(self._fault, self._troubled)

    @override
    async def stop(self) -> None:
        self.supervision.stop()
        await self._let_go()
        await super().stop()

    @abstractmethod
    def _follow(self) -> None:
        """Begin to follow the entities."""

    @abstractmethod
    async def _let_go(self) -> None:
        """Follow the entities no more, and put back what we moved."""

    # --- what is kept ------------------------------------------------------------------

    @property
    def left(self) -> SourceBookmark:
        """What is kept of it across a restart."""
        bookmark = self.bookmark
        return bookmark if isinstance(bookmark, SourceBookmark) else SourceBookmark()

    def note_press(self, pressed_at: datetime) -> None:
        """Keep when it was pressed last."""
        self.bookmark = replace(self.left, pressed_at=pressed_at)

    def note_moved(self, before: dict[str, Any] | None = None) -> None:
        """Keep that it was moved by us, and how it was before."""
        self.bookmark = replace(self.left, moved=True, before=before)

    def note_moved_back(self) -> None:
        """Keep that it is as it was."""
        self.bookmark = replace(self.left, moved=False, before=None)

    # --- what is told --------------------------------------------------------------------

    def _tell_reachable(self) -> bool:
        """Tell when it is lost and when it is back; True where that is different."""
        available = self.available
        if available is self._reachable:
            return False
        self._reachable = available
        event = EquipmentRestored if available else EquipmentLost
        self._hear(event(equipment=self.id))
        return True

    def _fault(self, fault: Fault, *, wrong: bool) -> None:
        event = FaultRaised if wrong else FaultCleared
        self._hear(event(equipment=self.id, fault=fault))

    def _troubled(self, troubles: frozenset[Trouble]) -> None:
        if troubles != self.troubles:
            self.troubles = troubles
            self._changed()


def devices_of(sources: tuple[Source, ...], presses: Presses | None) -> set[str]:
    """Return the devices whose batteries and signs of life count."""
    devices = {source.device_id for source in sources}
    if presses is not None:
        devices.add(presses.device_id)
    return {device for device in devices if device is not None}
