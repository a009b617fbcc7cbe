"""Where cameras look, and what the practice was told of each."""

from dataclasses import dataclass
from enum import StrEnum

from ..state import Mode


class Zone(StrEnum):
    """What a camera looks at (public: stored, and an attribute of the camera)."""

    ENTRANCE = "entrance"
    CORRIDOR = "corridor"
    WAITING_ROOM = "waiting_room"
    RECEPTION = "reception"
    STAIRS = "stairs"
    CAR_PARK = "car_park"
    STREET = "street"
    STORE = "store"
    CONSULTATION_ROOM = "consultation_room"
    TOILETS = "toilets"
    BREAK_ROOM = "break_room"

    @property
    def is_refused(self) -> bool:
        """Whether no camera may look there (DOMAIN: *Cameras and privacy*; CNIL)."""
        return self in (Zone.CONSULTATION_ROOM, Zone.TOILETS, Zone.BREAK_ROOM)

    @property
    def needs_confirmation(self) -> bool:
        """Whether it is allowed only where the picture is framed with care."""
        return self in (Zone.RECEPTION, Zone.STREET)


@dataclass(frozen=True, slots=True, kw_only=True)
class CameraConfig:
    """Where a camera looks and in which modes of the practice it is hidden."""

    zone: Zone = Zone.ENTRANCE
    hidden_in: frozenset[Mode] = frozenset()
