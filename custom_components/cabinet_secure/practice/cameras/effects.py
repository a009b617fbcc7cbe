"""What the practice wants of its cameras, and what it says of them."""

from dataclasses import dataclass
from enum import StrEnum
from typing import ClassVar

from ..effects import Effect, Urgency
from ..people import Actor
from .events import EvidenceKind, ViewingMeans
from .state import EvidenceSession


@dataclass(frozen=True, slots=True, kw_only=True)
class SetPrivacy(Effect):
    """Let the camera itself look away, or look again, where it can."""

    urgency: ClassVar[Urgency] = Urgency.SECURE
    camera: str
    private: bool


class PrivacyReason(StrEnum):
    """Why a camera is hidden, or is not (public: an attribute of the camera)."""

    CHOSEN = "chosen"  # somebody wants it hidden
    MODE = "mode"  # it is hidden in this mode of the practice
    ZONE = "zone"  # no camera may look there
    PANIC = "panic"  # it would be hidden, and is shown because of a panic


@dataclass(frozen=True, slots=True, kw_only=True)
class AnnouncePrivacy(Effect):
    """Say that a camera is hidden, or shown again, why, and by whom."""

    camera: str
    private: bool
    reason: PrivacyReason | None
    by: Actor | None


@dataclass(frozen=True, slots=True, kw_only=True)
class AnnounceViewing(Effect):
    """Say that somebody looks through a camera."""

    urgency: ClassVar[Urgency] = Urgency.COURTESY
    camera: str
    viewer: Actor | None
    means: ViewingMeans


@dataclass(frozen=True, slots=True, kw_only=True)
class StartEvidence(Effect):
    """Keep pictures of the cameras of this session until it ends."""

    session: EvidenceSession
    # Whether it was going on already when we were started.
    resumed: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class AnnounceEvidence(Effect):
    """Say what becomes of evidence; what is stored, with its SHA-256 (hex)."""

    urgency: ClassVar[Urgency] = Urgency.COURTESY
    kind: EvidenceKind
    session: str
    camera: str | None = None
    file: str | None = None
    digest: str | None = None
    reason: str | None = None
