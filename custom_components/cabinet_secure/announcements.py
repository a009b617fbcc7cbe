"""What the practice announces, in the words of triggers (public contract).

Each payload is what an automation finds in `trigger.<name>`.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from homeassistant.config_entries import ConfigEntry
from homeassistant.const import Platform
from homeassistant.helpers import entity_registry as er
from homeassistant.util.signal_type import SignalType

from .answers import action_id
from .const import DOMAIN
from .equipment import Equipment
from .phones import async_phones_of
from .practice.effects import (
    AnnounceDoor,
    AnnounceEquipment,
    AnnounceMode,
    AnnounceRing,
    Effect,
)
from .practice.hours.effects import AnnounceHours
from .practice.intrusion.effects import AnnounceIntrusion
from .practice.panic.chain import CHAIN
from .practice.people import Actor
from .practice.state import Ring

if TYPE_CHECKING:
    from .coordinator import PracticeCoordinator


@dataclass(frozen=True, slots=True, kw_only=True)
class Announcement:
    """Something announced, and the practice that announces it."""

    coordinator: PracticeCoordinator
    effect: Effect


SIGNAL_ANNOUNCEMENT: Final = SignalType[Announcement](f"{DOMAIN}_announcement")


def names_of(entry: ConfigEntry, equipment: Iterable[Equipment]) -> dict[str, str]:
    """Return what people call equipment, and the panic chain as if it were some."""
    return {each.id: each.name for each in equipment} | {CHAIN: entry.title}


def ring_payload(
    coordinator: PracticeCoordinator, announced: AnnounceRing
) -> dict[str, Any]:
    """Return `trigger.ring`."""
    return (
        {
            "event": announced.event.value,
            "practice": coordinator.entry.title,
            "reason": announced.reason,
            "by": announced.by.name if announced.by else None,
            "by_kind": announced.by.kind.value if announced.by else None,
            # Where to tell the one who acted, such as that they came too late.
            "by_devices": _phones(coordinator, announced.by),
            "actions": {
                answer.value: action_id(coordinator.entry.entry_id, token)
                for answer, token in announced.actions.items()
            },
        }
        | _ring(coordinator, announced.ring)
        | _door(coordinator, announced.ring.door if announced.ring else None)
    )


def door_payload(
    coordinator: PracticeCoordinator, announced: AnnounceDoor
) -> dict[str, Any]:
    """Return `trigger.door`."""
    return {
        "event": announced.kind.value,
        "practice": coordinator.entry.title,
        "by": announced.by.name if announced.by else None,
        "by_kind": announced.by.kind.value if announced.by else None,
        "by_devices": _phones(coordinator, announced.by),
        "method": announced.method,
        "reason": announced.reason,
        "ring": announced.ring,
        "late": announced.late,
    } | _door(coordinator, announced.door)


def mode_payload(
    coordinator: PracticeCoordinator, announced: AnnounceMode
) -> dict[str, Any]:
    """Return `trigger.mode`."""
    return {
        "practice": coordinator.entry.title,
        "from_mode": announced.from_mode.value,
        "to_mode": announced.to_mode.value,
        "source": announced.by.kind.value,
        "by": announced.by.name,
    }


def hours_payload(
    coordinator: PracticeCoordinator, announced: AnnounceHours
) -> dict[str, Any]:
    """Return `trigger.hours`."""
    return {
        "event": announced.kind.value,
        "practice": coordinator.entry.title,
        "mode": announced.mode.value if announced.mode else None,
        "begin": announced.begin.isoformat(),
        "end": announced.end.isoformat() if announced.end else None,
        "by": announced.by.name if announced.by else None,
        "by_kind": announced.by.kind.value if announced.by else None,
        # Whom to tell that nobody came.
        "manager_devices": [
            phone
            for user, person in coordinator.config.people.items()
            if person.may_manage
            for phone in async_phones_of(coordinator.hass, user)
        ],
    }


def equipment_payload(
    coordinator: PracticeCoordinator, announced: AnnounceEquipment
) -> dict[str, Any]:
    """Return `trigger.equipment`."""
    return {
        "event": announced.kind.value,
        "practice": coordinator.entry.title,
        "equipment": coordinator.devices.get(announced.equipment),
        "equipment_name": coordinator.names.get(announced.equipment),
        "fault": announced.fault,
    }


def intrusion_payload(
    coordinator: PracticeCoordinator, announced: AnnounceIntrusion
) -> dict[str, Any]:
    """Return `trigger.intrusion`."""
    sensors = coordinator.alarm_sensors
    entities = er.async_get(coordinator.hass)
    return {
        "event": announced.event.value,
        "practice": coordinator.entry.title,
        "alarm_entity": entities.async_get_entity_id(
            Platform.ALARM_CONTROL_PANEL, DOMAIN, f"{coordinator.entry.entry_id}-alarm"
        ),
        "id": announced.session,
        "arm_mode": announced.arm_mode.value if announced.arm_mode else None,
        "from_phase": announced.was.value,
        "by": announced.by.name if announced.by else None,
        "by_kind": announced.by.kind.value if announced.by else None,
        "by_devices": _phones(coordinator, announced.by),
        "reason": announced.reason,
        "sensors": sensors.entity_ids(announced.sensors),
        "sensor_names": [sensors.name(sensor) for sensor in announced.sensors],
        "door_names": [coordinator.name_of(door) for door in announced.doors],
        "bypassed_sensors": sensors.entity_ids(sorted(announced.bypassed)),
        "expires_at": announced.until.isoformat() if announced.until else None,
        "audible": announced.audible,
    }


def _ring(coordinator: PracticeCoordinator, ring: Ring | None) -> dict[str, Any]:
    if ring is None:
        return dict.fromkeys(
            (
                "id",
                "step",
                "mode",
                "phase",
                "answered_by",
                "started_at",
                "expires_at",
            )
        )
    return {
        "id": ring.id,
        "step": ring.step,
        "mode": ring.mode.value,
        "phase": ring.phase.value,
        "answered_by": ring.answered_by.name if ring.answered_by else None,
        "started_at": ring.started_at.isoformat(),
        "expires_at": ring.expires_at.isoformat(),
    }


def _door(coordinator: PracticeCoordinator, door: str | None) -> dict[str, Any]:
    if door is None or (known := coordinator.doors.get(door)) is None:
        return dict.fromkeys(
            ("door", "door_name", "lock_entity", "image_entity", "camera_entity")
        )
    entities = er.async_get(coordinator.hass)

    def entity(platform: Platform, unique_id: str) -> str | None:
        return entities.async_get_entity_id(platform, DOMAIN, unique_id)

    camera = known.camera
    return {
        "door": coordinator.devices[door],
        "door_name": known.name,
        "lock_entity": entity(Platform.LOCK, f"{door}-lock"),
        "image_entity": entity(Platform.IMAGE, f"{door}-visitor"),
        "camera_entity": entity(Platform.CAMERA, camera.id) if camera else None,
    }


def _phones(coordinator: PracticeCoordinator, actor: Actor | None) -> list[str]:
    if actor is None or actor.id is None:
        return []
    return async_phones_of(coordinator.hass, actor.id)
