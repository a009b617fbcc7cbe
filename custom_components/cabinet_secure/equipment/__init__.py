"""Equipment: what speaks to the world.

It turns whatever a device says into the events of `practice.events`, and carries out
commands. It decides nothing.
"""

from .base import (
    Bookmark,
    Camera,
    Door,
    Equipment,
    EquipmentError,
    Failure,
    PanicButton,
    Part,
    Siren,
    SourceBookmark,
    Trouble,
    TroubleKind,
)

__all__ = [
    "Bookmark",
    "Camera",
    "Door",
    "Equipment",
    "EquipmentError",
    "Failure",
    "PanicButton",
    "Part",
    "Siren",
    "SourceBookmark",
    "Trouble",
    "TroubleKind",
]
