"""From what is configured to the sensors and the times of the alarm."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any, Final

from homeassistant.components.binary_sensor.const import BinarySensorDeviceClass
from homeassistant.const import ATTR_DEVICE_CLASS
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers import entity_registry as er

from .const import (
    CONF_ARM_HOME_WHEN_STAFF_ONLY,
    CONF_ARM_WHEN_CLOSED,
    CONF_BYPASSABLE,
    CONF_CODE_ALWAYS,
    CONF_ENTRY_DELAY,
    CONF_EXIT_DELAY,
    CONF_MOST_SIRENS,
    CONF_TRIGGER_TIME,
    DEFAULT_ALARM,
    DOMAIN,
    SENSOR_ROLES,
)
from .practice.intrusion.config import IntrusionConfig, SensorConfig, SensorRole

# What says that something happens rather than that something stands open.
_MOMENTARY: Final = frozenset(
    {
        BinarySensorDeviceClass.MOTION,
        BinarySensorDeviceClass.MOVING,
        BinarySensorDeviceClass.OCCUPANCY,
        BinarySensorDeviceClass.PRESENCE,
        BinarySensorDeviceClass.SOUND,
        BinarySensorDeviceClass.VIBRATION,
    }
)
_CONTACT: Final = "-contact"


@callback
def async_intrusion_config(
    hass: HomeAssistant, options: Mapping[str, Any]
) -> IntrusionConfig:
    """Return what the alarm is told."""
    values = {**DEFAULT_ALARM, **options}
    bypassable = frozenset(values[CONF_BYPASSABLE])
    return IntrusionConfig(
        sensors={
            sensor: _sensor(hass, sensor, role, may_be_bypassed=sensor in bypassable)
            for role in SensorRole
            for sensor in values[SENSOR_ROLES[role]]
        },
        entry_delay=timedelta(seconds=values[CONF_ENTRY_DELAY]),
        exit_delay=timedelta(seconds=values[CONF_EXIT_DELAY]),
        trigger_time=timedelta(seconds=values[CONF_TRIGGER_TIME]),
        most_sirens=values[CONF_MOST_SIRENS],
        code_always=values[CONF_CODE_ALWAYS],
        arm_when_closed=values[CONF_ARM_WHEN_CLOSED],
        arm_home_when_staff_only=values[CONF_ARM_HOME_WHEN_STAFF_ONLY],
    )


def _sensor(
    hass: HomeAssistant, sensor: str, role: SensorRole, *, may_be_bypassed: bool
) -> SensorConfig:
    entry = er.async_get(hass).async_get(sensor)
    device_class: str | None
    door: str | None = None
    if entry is not None:
        device_class = entry.device_class or entry.original_device_class
        if entry.platform == DOMAIN and entry.unique_id.endswith(_CONTACT):
            door = entry.unique_id.removesuffix(_CONTACT)
    else:
        state = hass.states.get(sensor)
        device_class = state.attributes.get(ATTR_DEVICE_CLASS) if state else None
    return SensorConfig(
        role=role,
        momentary=device_class in _MOMENTARY,
        may_be_bypassed=may_be_bypassed,
        door=door,
    )
