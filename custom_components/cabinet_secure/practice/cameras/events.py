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
