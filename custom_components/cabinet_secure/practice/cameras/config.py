"""Where cameras look, and what the practice was told of each."""

from dataclasses import dataclass
from enum import StrEnum

from ..modes import Mode


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


class EvidenceCause(StrEnum):
    """What makes the practice keep pictures (public: stored)."""

    FORCED_DOOR = "forced_door"
    INTRUSION = "intrusion"
    PANIC = "panic"


@dataclass(frozen=True, slots=True, kw_only=True)
class CameraConfig:
    """Where a camera looks, in which modes it is hidden, and what its pictures prove."""

    zone: Zone = Zone.ENTRANCE
    hidden_in: frozenset[Mode] = frozenset()
    # Whether a panic shows it all the same, until the panic is reset.
    panic_lifts: bool = False
    evidence: frozenset[EvidenceCause] = frozenset()
    # The doors that it sees; empty: it is of use for any.
    doors: frozenset[str] = frozenset()
