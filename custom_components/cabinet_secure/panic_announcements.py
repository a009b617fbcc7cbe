"""What the panic chain announces, in the words of its trigger (public contract)."""

from typing import TYPE_CHECKING, Any

from .answers import action_id
from .phones import async_phones_of
from .practice.panic.effects import AnnouncePanic
from .practice.panic.state import Panic

if TYPE_CHECKING:
    from .coordinator import PracticeCoordinator


def panic_payload(
    coordinator: PracticeCoordinator, announced: AnnouncePanic
) -> dict[str, Any]:
    """Return `trigger.panic`."""
    by = announced.by
    return {
        "event": announced.event.value,
        "practice": coordinator.entry.title,
        "reason": announced.reason,
        "by": by.name,
        "by_kind": by.kind.value,
        # Where to tell the one who answered, such as that it does not count.
        "by_devices": async_phones_of(coordinator.hass, by.id) if by.id else [],
        "actions": {
            answer.value: action_id(coordinator.entry.entry_id, token)
            for answer, token in announced.actions.items()
        },
    } | panic_details(announced.panic)


def panic_details(panic: Panic) -> dict[str, Any]:
    """Return what triggers and actions tell of a panic."""
    return {
        "id": panic.id,
        "kind": panic.kind.value,
        "drill": panic.drill,
        "audible": panic.audible,
        "certain": panic.certain,
        "location": panic.location,
        "phase": panic.phase.value,
        "step": panic.step,
        "presses": panic.presses,
        "raised_at": panic.raised_at.isoformat(),
        "raised_by": panic.by.name,
        "acknowledged_by": (
            panic.acknowledged_by.name if panic.acknowledged_by else None
        ),
    }
