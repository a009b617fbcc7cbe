"""What a person chose of the entities that are adopted.

A source is named by its identifier in Home Assistant's entity registry, which outlives
a change of its name, or by its entity id where the registry does not have it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from ...practice.panic.config import PanicSource


@dataclass(frozen=True, slots=True, kw_only=True)
class PressSource:
    """What tells of presses: an entity, or a trigger of a device."""

    entity: str | None = None
    # Of an event entity, the types that count; none named: all of them.
    types: frozenset[str] = frozenset()
    # A loop that is closed at rest: a binary sensor that is off when it is pressed.
    normally_closed: bool = False
    trigger: Mapping[str, Any] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DoorSettings:
    """A door, and the entities that it is made of."""

    opener: str
    # How long the door stays released for one visitor, where we end it.
    open_for: timedelta
    # Whether a lock is locked again after that.
    lock_again: bool = True
    # Of a switch: whether it tells what it does, rather than being believed to do it,
    # and whether it was declared to switch off by itself.
    tells: bool = True
    switches_off: bool = True
    bell: PressSource | None = None
    contact: str | None = None
    tamper: str | None = None
    camera: str | None = None
    check_in: timedelta | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PanicButtonSettings:
    """A panic button, and what a press on it means."""

    press: PressSource
    source: PanicSource = field(default_factory=PanicSource)
    check_in: timedelta | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SirenSettings:
    """A siren, or what serves as one."""

    entity: str
    longest: timedelta
    # Of a siren that has several.
    tone: str | None = None
    # From 0 to 1; None leaves it as it is.
    volume: float | None = None
    # What a media player plays, instead of the sound that is shipped.
    media_id: str | None = None
    media_type: str | None = None
    check_in: timedelta | None = None
