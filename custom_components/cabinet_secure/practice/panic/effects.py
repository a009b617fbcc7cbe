"""What the panic chain wants done."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import ClassVar

from ..effects import Effect, Urgency
from ..people import Actor
from .state import Panic, PanicAnswer


class PanicEvent(StrEnum):
    """What can happen to a panic (public: `trigger.panic.event`)."""

    RAISED = "raised"
    ESCALATED = "escalated"
    ACKNOWLEDGED = "acknowledged"
    RESET = "reset"
    ANSWER_REJECTED = "answer_rejected"


class PanicReason(StrEnum):
    """Why a panic escalated (public: `trigger.panic.reason`)."""

    UNANSWERED = "unanswered"
    PRESSED_AGAIN = "pressed_again"
    GRAVER = "graver"


@dataclass(frozen=True, slots=True, kw_only=True)
class AnnouncePanic(Effect):
    """Say what happened to a panic."""

    urgency: ClassVar[Urgency] = Urgency.HELP
    stored_at_once: ClassVar[bool] = True
    event: PanicEvent
    panic: Panic
    by: Actor
    reason: str | None = None
    # The one-shot answers that may be handed out with this announcement.
    actions: Mapping[PanicAnswer, str] = field(default_factory=dict)
