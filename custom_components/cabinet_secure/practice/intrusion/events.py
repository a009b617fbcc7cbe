"""What the alarm can hear."""

from dataclasses import dataclass

from ..events import Event, Request
from .state import ArmMode


@dataclass(frozen=True, slots=True, kw_only=True)
class SensorEvent(Event):
    """Something that a sensor tells, now or when it is first asked after a restart."""

    sensor: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SensorTripped(SensorEvent):
    """A contact stands open, something moves, glass broke."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SensorRestored(SensorEvent):
    """A sensor tells that nothing is the matter."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SensorLost(SensorEvent):
    """A sensor tells nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ArmRequested(Request):
    """Somebody wants the alarm armed; `bypass` leaves out what is open and may be."""

    mode: ArmMode
    bypass: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class DisarmRequested(Request):
    """Somebody wants the alarm disarmed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TriggerRequested(Request):
    """Somebody, or an automation, reports an intrusion."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CodeOffered(Request):
    """Somebody is about to have a code compared; `source` is where it comes from."""

    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CodeHolder:
    """Whose code it is: a person's, or anybody's who was told it."""

    label: str
    person: str | None = None
    # Given by somebody who is forced to: it looks like any other, and calls for help.
    duress: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class CodePresented(Request):
    """A code was compared with all that there are. `holder` is None for a wrong one."""

    source: str
    holder: CodeHolder | None
    wish: ArmRequested | DisarmRequested
