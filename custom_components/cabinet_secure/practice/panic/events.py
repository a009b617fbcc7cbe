"""What people want of the panic chain."""

from dataclasses import dataclass

from ..events import Request
from .state import PanicKind


@dataclass(frozen=True, slots=True, kw_only=True)
class PanicRequest(Request):
    """Something that somebody wants of the panic chain."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RaisePanic(PanicRequest):
    """Somebody calls for help. Nobody is refused that.

    Without `confirmed` it is a press of a button: anything graver than assistance
    takes a second one within 3 s.
    """

    kind: PanicKind
    location: str = ""
    audible: bool = False
    confirmed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class AcknowledgePanic(PanicRequest):
    """Somebody takes care of a panic, or of all where none is named."""

    panic: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ResetPanic(PanicRequest):
    """Somebody ends a panic, or all where none is named."""

    panic: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class StartDrill(PanicRequest):
    """Somebody has everybody practise."""

    kind: PanicKind = PanicKind.HOLD_UP
    location: str = ""
    # Whether the sirens sound, for 5 s.
    siren: bool = False
