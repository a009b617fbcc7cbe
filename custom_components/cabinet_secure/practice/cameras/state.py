"""What the practice remembers of its cameras."""

from dataclasses import dataclass, replace
from datetime import datetime

from ..people import Actor
from .config import EvidenceCause


@dataclass(frozen=True, slots=True, kw_only=True)
class CameraPrivacy:
    """Whether a camera is hidden. Until it was decided on, it is."""

    camera: str
    private: bool = True
    # Why it is hidden: a `PrivacyReason`.
    reason: str | None = None
    # Who wants it hidden, where somebody does.
    chosen_by: Actor | None = None
    # Whether it was decided on, and the camera was told, since we were started.
    told: bool = False

    @property
    def is_hidden(self) -> bool:
        """Whether nobody may see anything: in doubt, nobody may."""
        return self.private or not self.told


@dataclass(frozen=True, slots=True, kw_only=True)
class Viewing:
    """Somebody who looks through a camera, and since when. None: nobody knows who."""

    camera: str
    viewer: Actor | None
    since: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class EvidenceSession:
    """Pictures that are being kept of something that happened, until `ends_at`."""

    id: str
    cause: EvidenceCause
    cameras: tuple[str, ...]
    started_at: datetime
    ends_at: datetime
    door: str | None = None
    # Whether whoever takes the pictures was told since we were started.
    told: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class CamerasState:
    """Everything that the practice remembers of its cameras."""

    privacy: tuple[CameraPrivacy, ...] = ()
    viewings: tuple[Viewing, ...] = ()
    evidence: tuple[EvidenceSession, ...] = ()

    def privacy_of(self, camera: str) -> CameraPrivacy:
        """Return whether a camera is hidden; one that nobody knows is."""
        return next(
            (known for known in self.privacy if known.camera == camera),
            CameraPrivacy(camera=camera),
        )

    def with_privacy(self, privacy: CameraPrivacy) -> CamerasState:
        """Return the state with what was decided on one camera."""
        others = tuple(x for x in self.privacy if x.camera != privacy.camera)
        return replace(self, privacy=(*others, privacy))
