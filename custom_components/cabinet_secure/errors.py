"""What people are told when equipment does not do what they asked for."""

from collections.abc import Iterator
from contextlib import contextmanager

from homeassistant.exceptions import HomeAssistantError

from .const import DOMAIN
from .equipment import EquipmentError


def failure_error(err: EquipmentError) -> HomeAssistantError:
    """Return the translated error for a command that came to nothing."""
    return HomeAssistantError(
        translation_domain=DOMAIN, translation_key=f"failed_{err.failure}"
    )


@contextmanager
def translated() -> Iterator[None]:
    """Turn the failure of a command into an error that a person can read."""
    try:
        yield
    except EquipmentError as err:
        raise failure_error(err) from err
