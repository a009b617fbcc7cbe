"""Actions that people and automations take."""

from typing import Final

from homeassistant.components.alarm_control_panel.const import (
    DOMAIN as ALARM_CONTROL_PANEL,
)
from homeassistant.core import (
    HomeAssistant,
    ServiceCall,
    ServiceResponse,
    SupportsResponse,
    callback,
)
from homeassistant.exceptions import ServiceValidationError
from homeassistant.helpers import config_validation as cv, service
from homeassistant.helpers.typing import VolDictType
import voluptuous as vol

from .auto_open_services import async_setup_auto_open_services
from .const import ATTR_ANSWER, ATTR_BYPASS, ATTR_RING, CONF_CODE, CONF_MODE, DOMAIN
from .coordinator import CabinetSecureConfigEntry, PracticeCoordinator
from .evidence_services import async_setup_evidence_services
from .grants_services import async_setup_grant_services
from .hours_services import async_setup_hours_services
from .panic_services import async_setup_panic_services
from .people import async_actor
from .practice.events import RingAnswer
from .practice.intrusion.state import ArmMode
from .practice.state import Answer

SERVICE_ANSWER_RING: Final = "answer_ring"

SERVICE_ARM_ALARM: Final = "arm_alarm"

_ARM_ALARM: Final[VolDictType] = {
    vol.Required(CONF_MODE): vol.In([mode.value for mode in ArmMode]),
    vol.Optional(ATTR_BYPASS, default=False): cv.boolean,
    vol.Optional(CONF_CODE): cv.string,
}
_ANSWER_RING = vol.Schema(
    {
        vol.Required(ATTR_RING): cv.string,
        vol.Required(ATTR_ANSWER): vol.In([answer.value for answer in Answer]),
    }
)


@callback
def async_setup_services(hass: HomeAssistant) -> None:
    """Register the actions, whether or not a practice is set up yet."""
    async_setup_panic_services(hass)
    async_setup_evidence_services(hass)

    async def answer_ring(call: ServiceCall) -> ServiceResponse:
        """Answer a ring; respond with what became of it.

        Raises ServiceValidationError where the caller may not, or comes too late, and
        HomeAssistantError where the door could not be opened.
        """
        ring: str = call.data[ATTR_RING]
        coordinator = _practice_of_ring(hass, ring)
        await coordinator.async_request(
            RingAnswer(
                actor=await async_actor(hass, call.context),
                ring=ring,
                answer=Answer(call.data[ATTR_ANSWER]),
            )
        )
        answered = coordinator.state.ring(ring)
        return {
            "ring": ring,
            "phase": answered.phase.value if answered else None,
            "answered_by": (
                answered.answered_by.name if answered and answered.answered_by else None
            ),
        }

    hass.services.async_register(
        DOMAIN,
        SERVICE_ANSWER_RING,
        answer_ring,
        schema=_ANSWER_RING,
        supports_response=SupportsResponse.OPTIONAL,
    )
    async_setup_hours_services(hass)
    async_setup_auto_open_services(hass)
    service.async_register_platform_entity_service(
        hass,
        DOMAIN,
        SERVICE_ARM_ALARM,
        entity_domain=ALARM_CONTROL_PANEL,
        schema=_ARM_ALARM,
        func="async_arm",
    )
    async_setup_grant_services(hass)


def _practice_of_ring(hass: HomeAssistant, ring: str) -> PracticeCoordinator:
    """Return the practice where this ring is, or any that can say that there is none."""
    entries: list[CabinetSecureConfigEntry] = hass.config_entries.async_loaded_entries(
        DOMAIN
    )
    if not entries:
        raise ServiceValidationError(
            translation_domain=DOMAIN, translation_key="no_practice"
        )
    coordinators = [entry.runtime_data for entry in entries]
    return next(
        (each for each in coordinators if each.state.ring(ring) is not None),
        coordinators[0],
    )
