"""From what is configured to the equipment and the rules of a practice."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any

from homeassistant.config_entries import ConfigEntry, ConfigSubentry
from homeassistant.const import (
    CONF_HOST,
    CONF_NAME,
    CONF_PASSWORD,
    CONF_PORT,
    CONF_SSL,
    CONF_USERNAME,
    CONF_VERIFY_SSL,
)
from homeassistant.core import HomeAssistant
from homeassistant.helpers.aiohttp_client import async_get_clientsession
from homeassistant.util import dt as dt_util

from .adopted_setup import create_door, create_panic_button, create_siren
from .alarm_setup import async_intrusion_config
from .const import (
    CONF_AUTO_OPEN,
    CONF_AUTOMATIONS_MAY_OPEN,
    CONF_BUTTONS,
    CONF_CAMERA,
    CONF_CONTACT,
    CONF_DOORS,
    CONF_EVIDENCE,
    CONF_FIRE_INPUTS,
    CONF_FIRMWARE,
    CONF_HIDDEN_IN,
    CONF_HIDE_ACTION,
    CONF_INPUTS,
    CONF_LINKS,
    CONF_MODEL,
    CONF_OUTPUTS,
    CONF_PANIC_INPUTS,
    CONF_PANIC_LIFTS,
    CONF_PANIC_SOURCES,
    CONF_PRIVACY_SWITCH,
    CONF_RING_LIFE,
    CONF_SECOND_STEP,
    CONF_SHOW_ACTION,
    CONF_SIREN_OUTPUTS,
    CONF_SOURCE,
    CONF_STATION_EVIDENCE,
    CONF_SWITCH,
    CONF_TAMPER_INPUTS,
    CONF_THIRD_STEP,
    CONF_TWO_PEOPLE,
    CONF_ZONE,
    DEFAULT_RING_LIFE,
    DEFAULT_SECOND_STEP,
    DEFAULT_THIRD_STEP,
    SUBENTRY_CAMERA,
    SUBENTRY_DEMO,
    SUBENTRY_DOOR,
    SUBENTRY_PANIC_BUTTON,
    SUBENTRY_SIREN,
    SUBENTRY_STATION,
)
from .door_watch_options import door_watch_config
from .equipment import Camera, Equipment
from .equipment.adopted.camera import AdoptedCameraEquipment, CameraSources
from .equipment.demo import Demonstration
from .equipment.two_n.client import TwoNClient
from .equipment.two_n.roles import DoorRole, StationRoles
from .equipment.two_n.station import TwoNStation
from .hours_setup import async_hours
from .panic_setup import panic_config, panic_source
from .people import async_people
from .practice.cameras.config import CameraConfig, EvidenceCause, Zone
from .practice.config import DoorConfig, PracticeConfig
from .practice.grants.config import GrantsConfig
from .practice.sirens.config import SirenConfig
from .practice.state import Mode


def create_equipment(hass: HomeAssistant, entry: ConfigEntry) -> dict[str, Equipment]:
    """Return the equipment of a practice, by the identifier of its subentry."""
    return {
        subentry_id: _create(hass, subentry)
        for subentry_id, subentry in entry.subentries.items()
    }


def _create(hass: HomeAssistant, subentry: ConfigSubentry) -> Equipment:
    if subentry.subentry_type == SUBENTRY_STATION:
        return _create_station(hass, subentry)
    if subentry.subentry_type == SUBENTRY_CAMERA:
        return _create_camera(hass, subentry)
    if subentry.subentry_type == SUBENTRY_DEMO:
        return Demonstration(
            subentry.subentry_id, subentry.title, subentry.data[CONF_NAME]
        )
    if subentry.subentry_type == SUBENTRY_DOOR:
        return create_door(hass, subentry)
    if subentry.subentry_type == SUBENTRY_PANIC_BUTTON:
        return create_panic_button(hass, subentry)
    if subentry.subentry_type == SUBENTRY_SIREN:
        return create_siren(hass, subentry)
    raise ValueError(f"Unknown equipment {subentry.subentry_type}")


def _create_camera(
    hass: HomeAssistant, subentry: ConfigSubentry
) -> AdoptedCameraEquipment:
    data = subentry.data
    return AdoptedCameraEquipment(
        hass,
        subentry.subentry_id,
        subentry.title,
        CameraSources(
            camera=data[CONF_SOURCE],
            privacy_switch=data.get(CONF_PRIVACY_SWITCH),
            hide_action=data.get(CONF_HIDE_ACTION),
            show_action=data.get(CONF_SHOW_ACTION),
        ),
        CameraConfig(
            zone=Zone(data[CONF_ZONE]),
            hidden_in=frozenset(Mode(mode) for mode in data[CONF_HIDDEN_IN]),
            panic_lifts=data[CONF_PANIC_LIFTS],
            evidence=_causes(data[CONF_EVIDENCE]),
        ),
    )


def _camera_config(
    equipment: Equipment, camera: Camera, options: Mapping[str, Any]
) -> CameraConfig:
    """Return what is configured of a camera; that of a station sees its own doors."""
    if isinstance(equipment, AdoptedCameraEquipment):
        return camera.config
    return replace(
        camera.config,
        evidence=_causes(options.get(CONF_STATION_EVIDENCE, ())),
        doors=frozenset(door.id for door in equipment.doors if door.camera is camera),
    )


def _causes(names: Iterable[str]) -> frozenset[EvidenceCause]:
    return frozenset(EvidenceCause(name) for name in names)


def _create_station(hass: HomeAssistant, subentry: ConfigSubentry) -> TwoNStation:
    data = subentry.data
    verify = data[CONF_VERIFY_SSL]
    client = TwoNClient(
        async_get_clientsession(hass, verify_ssl=verify),
        data[CONF_HOST],
        data[CONF_USERNAME],
        data[CONF_PASSWORD],
        tls=data[CONF_SSL],
        verify_certificate=verify,
        port=data.get(CONF_PORT),
    )
    station = TwoNStation(
        client,
        subentry.unique_id or subentry.subentry_id,
        subentry.title,
        StationRoles(
            doors=tuple(
                DoorRole(
                    switch=door[CONF_SWITCH],
                    name=door[CONF_NAME],
                    buttons=frozenset(door[CONF_BUTTONS]),
                    contact=door[CONF_CONTACT],
                )
                for door in data[CONF_DOORS]
            ),
            camera=data[CONF_CAMERA],
            panic_inputs={
                port: panic_source(data.get(CONF_PANIC_SOURCES, {}).get(port, {}))
                for port in data[CONF_PANIC_INPUTS]
            },
            tamper_inputs=frozenset(data[CONF_TAMPER_INPUTS]),
            fire_inputs=frozenset(data[CONF_FIRE_INPUTS]),
            siren_outputs=tuple(data[CONF_SIREN_OUTPUTS]),
            inputs=tuple(data[CONF_INPUTS]),
            outputs=tuple(data[CONF_OUTPUTS]),
        ),
    )
    station.model = data.get(CONF_MODEL)
    station.firmware = data.get(CONF_FIRMWARE)
    scheme = "https" if data[CONF_SSL] else "http"
    port = f":{data[CONF_PORT]}" if data.get(CONF_PORT) else ""
    station.address = f"{scheme}://{data[CONF_HOST]}{port}"
    return station


async def async_practice_config(
    hass: HomeAssistant, entry: ConfigEntry, equipment: Collection[Equipment]
) -> PracticeConfig:
    """Return what the practice is told: its people, its doors, its times."""
    options = entry.options
    return PracticeConfig(
        people=await async_people(hass, options),
        equipment=frozenset(each.id for each in equipment),
        doors={
            door.id: DoorConfig(
                name=door.name,
                equipment=each.id,
                has_contact=door.has_contact,
                strike_time=door.strike_time,
                can_hold=door.can_hold,
                strike_reports=door.strike_reports,
                strike_reports_within=door.strike_reports_within,
            )
            for each in equipment
            for door in each.doors
        },
        cameras={
            camera.id: _camera_config(each, camera, options)
            for each in equipment
            for camera in each.all_cameras
        },
        automations_may_open=options.get(CONF_AUTOMATIONS_MAY_OPEN, False),
        ring_life=timedelta(seconds=options.get(CONF_RING_LIFE, DEFAULT_RING_LIFE)),
        escalation=(
            timedelta(seconds=options.get(CONF_SECOND_STEP, DEFAULT_SECOND_STEP)),
            timedelta(seconds=options.get(CONF_THIRD_STEP, DEFAULT_THIRD_STEP)),
        ),
        door_watch=door_watch_config(options),
        auto_open=frozenset(options.get(CONF_AUTO_OPEN, ())),
        hours=await async_hours(hass, entry),
        sirens={
            siren.id: SirenConfig(equipment=each.id, longest=siren.longest)
            for each in equipment
            for siren in each.sirens
        },
        panic=panic_config(options, equipment),
        intrusion=async_intrusion_config(hass, options),
        grants=GrantsConfig(
            zone=dt_util.get_default_time_zone(),
            lists=frozenset(
                each.id for each in equipment if each.access_list is not None
            ),
            two_people=frozenset(options.get(CONF_TWO_PEOPLE, ())),
            links=options.get(CONF_LINKS, False),
        ),
    )
