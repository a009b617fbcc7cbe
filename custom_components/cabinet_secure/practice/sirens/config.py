"""What the practice was told about its sirens."""

from dataclasses import dataclass
from datetime import timedelta


@dataclass(frozen=True, slots=True, kw_only=True)
class SirenConfig:
    """A siren: which equipment drives it, and how long it may sound for one cause.

    DOMAIN, *Panic*: 180 s outdoors, 900 s indoors.
    """

    equipment: str
    longest: timedelta = timedelta(seconds=180)
