"""What the practice hears of sirens, and what people want of them."""

from dataclasses import dataclass
from datetime import timedelta

from ..events import Event, Request


@dataclass(frozen=True, slots=True, kw_only=True)
class SirenEvent(Event):
    """Something about a siren."""

    siren: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SirenReported(SirenEvent):
    """The device reports that a siren sounds, or that it does not any more."""

    sounding: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class SirenCommanded(SirenEvent):
    """A command to a siren came back.

    `sounding` is what the device says by now; None where it does not tell, and then a
    command that was accepted has to do.
    """

    sound: bool
    accepted: bool
    sounding: bool | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SirenRequest(Request):
    """Something that somebody wants of a siren, or of all where none is named."""

    siren: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SoundRequested(SirenRequest):
    """Somebody wants a siren to sound, for as long as it may where no time is named."""

    duration: timedelta | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SilenceRequested(SirenRequest):
    """Somebody wants a siren silent, whatever it sounds for."""
