"""What the practice wants of sirens."""

from dataclasses import dataclass
from typing import ClassVar

from ..effects import Effect, Urgency


@dataclass(frozen=True, slots=True, kw_only=True)
class SirenEffect(Effect):
    """A command to a siren; a crash must not forget that it may sound."""

    urgency: ClassVar[Urgency] = Urgency.HELP
    stored_at_once: ClassVar[bool] = True
    # Its command is on the wire before anything is announced.
    eager: ClassVar[bool] = True
    siren: str
    # It was told so before, and has not proven that it obeyed.
    again: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class SoundSiren(SirenEffect):
    """Have a siren sound."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SilenceSiren(SirenEffect):
    """Have a siren be silent."""
