"""From what is configured to the rules of the panic chain."""

from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any, Final

from .const import (
    CONF_ATTACK_LOCKS_DOWN,
    CONF_AUDIBLE,
    CONF_GESTURE,
    CONF_KIND,
    CONF_LOCATION,
    CONF_PANIC_REPEAT,
    CONF_PANIC_SECOND_STEP,
    CONF_PANIC_SIRENS,
    CONF_PANIC_THIRD_STEP,
    CONF_SILENT_IS_SHOWN,
    CONF_SIREN_ENDS_AT,
    CONF_SIREN_TIME,
)
from .equipment import Equipment
from .practice.panic.config import Gesture, PanicConfig, PanicSource
from .practice.panic.state import PanicKind

# When the sirens of a panic fall silent, if not before.
AT_ACKNOWLEDGEMENT: Final = "acknowledgement"
AT_RESET: Final = "reset"

DEFAULT_PANIC: Final[dict[str, bool | int | str]] = {
    CONF_PANIC_REPEAT: 30,
    CONF_PANIC_SECOND_STEP: 30,
    CONF_PANIC_THIRD_STEP: 90,
    CONF_ATTACK_LOCKS_DOWN: True,
    CONF_SILENT_IS_SHOWN: False,
    CONF_SIREN_TIME: 180,
    CONF_SIREN_ENDS_AT: AT_RESET,
}

DEFAULT_SOURCE: Final[dict[str, bool | str]] = {
    CONF_KIND: PanicKind.HOLD_UP.value,
    CONF_GESTURE: Gesture.DOUBLE.value,
    CONF_AUDIBLE: False,
    CONF_LOCATION: "",
}


def panic_source(data: Mapping[str, Any]) -> PanicSource:
    """Return what a panic button means; what is not said is as usual."""
    known = {**DEFAULT_SOURCE, **data}
    return PanicSource(
        kind=PanicKind(known[CONF_KIND]),
        gesture=Gesture(known[CONF_GESTURE]),
        audible=known[CONF_AUDIBLE],
        location=known[CONF_LOCATION],
    )


def panic_config(
    options: Mapping[str, Any], equipment: Collection[Equipment]
) -> PanicConfig:
    """Return the panic buttons of all equipment, and how a panic goes on."""
    known: dict[str, Any] = {**DEFAULT_PANIC, **options}
    sirens = frozenset(siren.id for each in equipment for siren in each.sirens)
    return PanicConfig(
        sources={
            button.id: replace(
                button.source,
                location=button.source.location or each.name,
                equipment=each.id,
            )
            for each in equipment
            for button in each.panic_buttons
        },
        repeat=timedelta(seconds=known[CONF_PANIC_REPEAT]),
        escalation=(
            timedelta(seconds=known[CONF_PANIC_SECOND_STEP]),
            timedelta(seconds=known[CONF_PANIC_THIRD_STEP]),
        ),
        # Where nobody chose, it is all of them.
        sirens=sirens & set(known.get(CONF_PANIC_SIRENS, sirens)),
        siren_time=timedelta(seconds=known[CONF_SIREN_TIME]),
        siren_ends_at_acknowledgement=known[CONF_SIREN_ENDS_AT] == AT_ACKNOWLEDGEMENT,
        attack_locks_down=known[CONF_ATTACK_LOCKS_DOWN],
        silent_is_shown=known[CONF_SILENT_IS_SHOWN],
    )
