"""Actions of the panic chain: raise, acknowledge, reset, practise."""

from collections.abc import Callable
from typing import Any, Final

from homeassistant.core import (
    HomeAssistant,
    ServiceCall,
    ServiceResponse,
    SupportsResponse,
    callback,
)
from homeassistant.exceptions import ServiceValidationError
from homeassistant.helpers import config_validation as cv
import voluptuous as vol

from .const import (
    ATTR_CONFIRMED,
    ATTR_PANIC,
    ATTR_SIREN,
    CONF_AUDIBLE,
    CONF_KIND,
    CONF_LOCATION,
    DOMAIN,
)
from .coordinator import CabinetSecureConfigEntry, PracticeCoordinator
from .panic_announcements import panic_details
from .people import async_actor
from .practice.panic.events import (
    AcknowledgePanic,
    PanicRequest,
    RaisePanic,
    ResetPanic,
    StartDrill,
)
from .practice.panic.state import PanicKind
from .practice.people import Actor

SERVICE_RAISE: Final = "raise_panic"
SERVICE_ACKNOWLEDGE: Final = "acknowledge_panic"
SERVICE_RESET: Final = "reset_panic"
SERVICE_DRILL: Final = "start_drill"

_LONGEST_LOCATION: Final = 60

_CRY: Final[dict[vol.Marker, Any]] = {
    vol.Optional(CONF_KIND, default=PanicKind.HOLD_UP): vol.Coerce(PanicKind),
    vol.Optional(CONF_LOCATION, default=""): vol.All(
        cv.string, str.strip, vol.Length(max=_LONGEST_LOCATION)
    ),
}
_RAISE: Final = vol.Schema(
    _CRY
    | {
        vol.Optional(CONF_AUDIBLE, default=False): cv.boolean,
        vol.Optional(ATTR_CONFIRMED, default=False): cv.boolean,
    }
)
_DRILL: Final = vol.Schema(_CRY | {vol.Optional(ATTR_SIREN, default=False): cv.boolean})
_ONE_PANIC: Final = vol.Schema({vol.Optional(ATTR_PANIC): cv.string})


@callback
def async_setup_panic_services(hass: HomeAssistant) -> None:
    """Register the actions of the panic chain."""

    def register(
        service: str,
        schema: vol.Schema,
        request: Callable[[Actor, ServiceCall], PanicRequest],
    ) -> None:
        async def handle(call: ServiceCall) -> ServiceResponse:
            """Ask every practice it is about; respond with the panics that go on.

            Raises ServiceValidationError where the caller may not.
            """
            wanted = request(await async_actor(hass, call.context), call)
            practices = _practices(hass, getattr(wanted, "panic", None))
            refused: list[ServiceValidationError] = []
            for coordinator in practices:
                try:
                    await coordinator.async_request(wanted)
                except ServiceValidationError as err:
                    refused.append(err)
            if len(refused) == len(practices):
                raise refused[0]
            return {
                "panics": [
                    panic_details(panic)
                    for coordinator in practices
                    for panic in coordinator.state.panic.open
                ]
            }

        hass.services.async_register(
            DOMAIN,
            service,
            handle,
            schema=schema,
            supports_response=SupportsResponse.OPTIONAL,
        )

    register(
        SERVICE_RAISE,
        _RAISE,
        lambda actor, call: RaisePanic(
            actor=actor,
            kind=call.data[CONF_KIND],
            location=call.data[CONF_LOCATION],
            audible=call.data[CONF_AUDIBLE],
            confirmed=call.data[ATTR_CONFIRMED],
        ),
    )
    register(
        SERVICE_ACKNOWLEDGE,
        _ONE_PANIC,
        lambda actor, call: AcknowledgePanic(
            actor=actor, panic=call.data.get(ATTR_PANIC)
        ),
    )
    register(
        SERVICE_RESET,
        _ONE_PANIC,
        lambda actor, call: ResetPanic(actor=actor, panic=call.data.get(ATTR_PANIC)),
    )
    register(
        SERVICE_DRILL,
        _DRILL,
        lambda actor, call: StartDrill(
            actor=actor,
            kind=call.data[CONF_KIND],
            location=call.data[CONF_LOCATION],
            siren=call.data[ATTR_SIREN],
        ),
    )


def _practices(hass: HomeAssistant, panic: str | None) -> list[PracticeCoordinator]:
    """Return the practice of a panic, or every one: help is called wherever it is."""
    entries: list[CabinetSecureConfigEntry] = hass.config_entries.async_loaded_entries(
        DOMAIN
    )
    if not entries:
        raise ServiceValidationError(
            translation_domain=DOMAIN, translation_key="no_practice"
        )
    practices = [entry.runtime_data for entry in entries]
    if panic is None:
        return practices
    return [p for p in practices if p.state.panic.panic(panic)] or practices[:1]
