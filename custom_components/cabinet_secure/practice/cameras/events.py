"""What the practice hears of its cameras, and what people want of them."""

from dataclasses import dataclass
from enum import StrEnum

from ..events import Event, Request
from ..people import Actor


@dataclass(frozen=True, slots=True, kw_only=True)
class PrivacyRequested(Request):
    """Somebody wants a camera hidden, or shown again."""

    camera: str
    private: bool


class ViewingMeans(StrEnum):
    """How somebody looks."""

    PICTURE = "picture"
    LIVE = "live"


@dataclass(frozen=True, slots=True, kw_only=True)
class CameraViewed(Event):
    """Somebody looks through a camera; `viewer` is None where nobody can tell who."""

    camera: str
    viewer: Actor | None
    means: ViewingMeans


class EvidenceKind(StrEnum):
    """What becomes of evidence (public: entries of the register)."""

    STARTED = "started"
    KEPT = "kept"  # a picture or a film is stored
    MISSING = "missing"  # a camera gave nothing, or was hidden
    DELETED = "deleted"  # a session whose time was up


@dataclass(frozen=True, slots=True, kw_only=True)
class EvidenceReported(Event):
    """What became of evidence, as whoever stores it reports."""

    kind: EvidenceKind
    session: str
    camera: str | None = None
    # Where it is below the folder of media, and its SHA-256 (hex).
    file: str | None = None
    digest: str | None = None
    reason: str | None = None
