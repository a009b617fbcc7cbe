"""Actions of Home Assistant, called so that their failure is known."""

import asyncio
from collections.abc import Mapping
import logging
from typing import Any

from homeassistant.exceptions import (
    HomeAssistantError,
    ServiceNotFound,
    ServiceNotSupported,
    ServiceValidationError,
    Unauthorized,
)

from ..base import EquipmentError, Failure
from .source import Source

_LOGGER = logging.getLogger(__name__)

# Seconds after which an integration that does not answer is not waited for any more.
_ANSWERS_WITHIN = 10


async def call(
    source: Source,
    service: str,
    data: Mapping[str, Any] | None = None,
    *,
    domain: str | None = None,
) -> None:
    """Call an action of the source's domain on it, and wait until it is done.

    Raises EquipmentError. An entity that is unavailable is not even called: Home
    Assistant would leave it out without a word.
    """
    state = source.state
    if state is None:
        raise EquipmentError(Failure.UNREACHABLE)
    try:
        async with asyncio.timeout(_ANSWERS_WITHIN):
            await source.hass.services.async_call(
                domain or state.domain,
                service,
                {**(data or {}), "entity_id": state.entity_id},
                blocking=True,
            )
    except (ServiceNotFound, ServiceNotSupported) as err:
        raise EquipmentError(Failure.UNSUPPORTED) from err
    except ServiceValidationError as err:
        raise EquipmentError(Failure.REFUSED) from err
    except Unauthorized as err:
        raise EquipmentError(Failure.PRIVILEGE) from err
    except (TimeoutError, HomeAssistantError) as err:
        raise EquipmentError(Failure.UNREACHABLE) from err
    except Exception as err:
        # Whatever another integration lets through must not stop what we have to do.
        _LOGGER.exception("%s.%s failed for %s", state.domain, service, source.name)
        raise EquipmentError(Failure.UNREACHABLE) from err
