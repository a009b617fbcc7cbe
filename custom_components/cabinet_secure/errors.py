"""What people are told when equipment does not do what they asked for."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from homeassistant.exceptions import HomeAssistantError, ServiceValidationError
from homeassistant.util import dt as dt_util

from .const import DOMAIN
from .equipment import EquipmentError
from .practice.effects import Refused


def failure_error(err: EquipmentError) -> HomeAssistantError:
    """Return the translated error for a command that came to nothing."""
    return HomeAssistantError(
        translation_domain=DOMAIN, translation_key=f"failed_{err.failure}"
    )


def refusal_error(
    refused: Refused, name: Callable[[str], str]
) -> ServiceValidationError:
    """Return the translated error for a request that is not met.

    `name` gives what people call a door or a sensor.
    """
    until = dt_util.as_local(refused.until) if refused.until else None
    return ServiceValidationError(
        translation_domain=DOMAIN,
        translation_key=f"refused_{refused.refusal}",
        translation_placeholders={
            "by": refused.by.name if refused.by else "?",
            "parts": ", ".join(name(part) for part in refused.parts),
            "until": until.strftime("%H:%M:%S") if until else "?",
        },
    )


@contextmanager
def translated() -> Iterator[None]:
    """Turn the failure of a command into an error that a person can read."""
    try:
        yield
    except EquipmentError as err:
        raise failure_error(err) from err
