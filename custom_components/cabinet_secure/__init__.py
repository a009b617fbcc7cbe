"""Cabinet Secure: a medical practice that stays open and safe."""

from pathlib import Path
from typing import Any

from homeassistant.auth import EVENT_USER_REMOVED, EVENT_USER_UPDATED
from homeassistant.components.http.server import StaticPathConfig
from homeassistant.const import EVENT_HOMEASSISTANT_STOP
from homeassistant.core import Event, HomeAssistant
from homeassistant.exceptions import ConfigEntryError
from homeassistant.helpers import config_validation as cv
from homeassistant.helpers.typing import ConfigType

from .answers import async_listen_for_answers
from .blueprint_install import async_remove_blueprints, async_setup_blueprints
from .const import DOMAIN, PLATFORMS, SIREN_SOUND
from .coordinator import CabinetSecureConfigEntry, PracticeCoordinator
from .devices import async_follow_devices, async_register_devices
from .fire_sensors import async_follow_fire_sensors
from .handout import HANDOUTS, async_setup_handouts
from .hours_setup import async_follow_time_zone
from .hours_source import async_follow_schedule
from .incident_services import async_setup_incident_services
from .incidents import Incidents
from .logbook_events import async_tell_logbook
from .opening_view import OpeningLinkView
from .panic_watch import async_watch_panic_chain
from .practice_setup import async_practice_config, create_equipment
from .register_repairs import async_forget_register_repairs, async_show_left_file
from .register_services import async_setup_register_services
from .repairs import async_follow_troubles, async_forget_troubles
from .services import async_setup_services
from .storage import PracticeStore

_SOUND = Path(__file__).parent / "sounds" / "siren.wav"

CONFIG_SCHEMA = cv.config_entry_only_config_schema(DOMAIN)


async def async_setup(hass: HomeAssistant, config: ConfigType) -> bool:
    """Register what does not depend on a practice."""
    async_setup_services(hass)
    async_setup_incident_services(hass)
    async_setup_register_services(hass)
    async_setup_handouts(hass)
    # Without signing in: players on the network cannot, and it is a sound.
    await hass.http.async_register_static_paths(
        [StaticPathConfig(SIREN_SOUND, str(_SOUND), cache_headers=True)]
    )
    hass.http.register_view(OpeningLinkView(hass))
    return True


async def async_setup_entry(
    hass: HomeAssistant, entry: CabinetSecureConfigEntry
) -> bool:
    """Set up a practice. Equipment that is away never keeps it from starting."""
    equipment = create_equipment(hass, entry)
    coordinator = PracticeCoordinator(
        hass,
        entry,
        equipment,
        async_register_devices(hass, entry, equipment),
        await async_practice_config(hass, entry, equipment.values()),
    )
    coordinator.incidents = Incidents(hass, coordinator)
    entry.runtime_data = coordinator
    try:
        await coordinator.async_restore()
    except ValueError as err:
        raise ConfigEntryError(
            translation_domain=DOMAIN, translation_key="state_unreadable"
        ) from err
    try:
        await _async_start(hass, entry, coordinator)
    except BaseException:
        # Home Assistant does not unload what it could not set up.
        await coordinator.async_stop()
        raise
    return True


async def _async_start(
    hass: HomeAssistant,
    entry: CabinetSecureConfigEntry,
    coordinator: PracticeCoordinator,
) -> None:
    await hass.config_entries.async_forward_entry_setups(entry, PLATFORMS)
    # Entities and triggers are there before the first event is heard.
    async_follow_devices(coordinator)
    async_follow_troubles(coordinator)
    async_listen_for_answers(hass, coordinator)
    async_tell_logbook(hass, entry, coordinator)
    async_setup_blueprints(hass)
    coordinator.incidents.async_start(entry)
    coordinator.async_start()
    async_watch_panic_chain(coordinator)
    async_follow_time_zone(hass, entry)
    async_follow_schedule(coordinator)
    async_follow_fire_sensors(coordinator)

    async def users_changed(_event: Event[Any]) -> None:
        await coordinator.async_users_changed()

    async def stopping(_event: Event[Any]) -> None:
        await coordinator.async_stop()

    # Home Assistant does not unload what it stops; held doors are secured all the same.
    entry.async_on_unload(
        hass.bus.async_listen_once(EVENT_HOMEASSISTANT_STOP, stopping)
    )
    entry.async_on_unload(hass.bus.async_listen(EVENT_USER_REMOVED, users_changed))
    entry.async_on_unload(hass.bus.async_listen(EVENT_USER_UPDATED, users_changed))
    entry.async_on_unload(entry.add_update_listener(_async_reload))


async def async_unload_entry(
    hass: HomeAssistant, entry: CabinetSecureConfigEntry
) -> bool:
    """Let go of a practice."""
    if unloaded := await hass.config_entries.async_unload_platforms(entry, PLATFORMS):
        hass.data[HANDOUTS].forget(entry.entry_id)
        await entry.runtime_data.async_stop()
    return unloaded


async def async_remove_entry(
    hass: HomeAssistant, entry: CabinetSecureConfigEntry
) -> None:
    """Forget everything about a practice but its register.

    What happened may still have to be proven; a repair offers to delete the file.
    """
    async_forget_troubles(hass, entry.entry_id)
    async_forget_register_repairs(hass, entry.entry_id)
    await PracticeStore(hass, entry.entry_id).remove()
    await async_show_left_file(hass, entry)
    await async_remove_blueprints(hass)


async def _async_reload(hass: HomeAssistant, entry: CabinetSecureConfigEntry) -> None:
    entry.runtime_data.records.async_configuration_changed()
    await hass.config_entries.async_reload(entry.entry_id)
