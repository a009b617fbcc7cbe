"""What is put on record of each thing that the practice wants done or announces."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from ..practice.auto_open.effects import RecordAutoOpen
from ..practice.cameras.effects import (
    AnnounceEvidence,
    AnnouncePrivacy,
    AnnounceViewing,
)
from ..practice.cameras.events import EvidenceKind
from ..practice.effects import (
    AnnounceDoor,
    AnnounceEquipment,
    AnnounceMode,
    AnnouncePanicPress,
    AnnounceRing,
    DoorEventKind,
    Effect,
    HoldStrike,
    PulseStrike,
    SecureStrike,
)
from ..practice.grants.effects import AnnounceGrant
from ..practice.hours.effects import AnnounceHours
from ..practice.intrusion.effects import AnnounceIntrusion
from ..practice.lockdown.effects import BlockEntry, FreeEntry
from ..practice.panic.effects import AnnouncePanic
from ..practice.people import Actor
from ..practice.sirens.effects import SilenceSiren, SoundSiren
from ..practice.state import PracticeState
from .model import EntryType, NewEntry, Place

# What somebody does at a door; all else is what the door itself reports.
_ACCESS: Final = frozenset(
    {
        DoorEventKind.GRANTED,
        DoorEventKind.DENIED,
        DoorEventKind.DENIED_REPEATEDLY,
        DoorEventKind.OPEN_FAILED,
        DoorEventKind.EXIT_BUTTON,
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """What is known around something that is put on record."""

    # In the zone of the practice.
    at: datetime
    state: PracticeState
    # Doors, panic buttons, cameras and equipment, by their identifiers.
    places: Mapping[str, Place]
    # What anything else is called, such as a sensor of the alarm.
    name_of: Callable[[str], str]

    def place(self, identifier: str | None) -> Place | None:
        """Return a place; one that was removed meanwhile keeps its identifier."""
        if identifier is None:
            return None
        return self.places.get(identifier) or Place(
            id=identifier, name=self.name_of(identifier)
        )


def _ring(effect: AnnounceRing, scene: Scene) -> NewEntry:
    ring = effect.ring
    return NewEntry(
        type=EntryType.RING,
        event=effect.event,
        at=scene.at,
        actor=effect.by,
        place=scene.place(ring.door if ring else None),
        outcome=effect.reason,
        session=ring.id if ring else None,
        details=(
            {"step": ring.step, "mode": ring.mode, "presses": ring.presses}
            if ring
            else {}
        ),
    )


def _door(effect: AnnounceDoor, scene: Scene) -> NewEntry:
    told = {
        "method": effect.method,
        "late": effect.late or None,
        "device_time": effect.device_time.isoformat() if effect.device_time else None,
    }
    return NewEntry(
        type=EntryType.ACCESS if effect.kind in _ACCESS else EntryType.DOOR,
        event=effect.kind,
        at=scene.at,
        actor=effect.by,
        place=scene.place(effect.door),
        outcome=effect.reason,
        session=effect.ring,
        details={name: value for name, value in told.items() if value is not None},
    )


def _pulse(effect: PulseStrike, scene: Scene) -> NewEntry:
    return _commanded("open_commanded", effect, scene)


def _hold(effect: HoldStrike, scene: Scene) -> NewEntry:
    return _commanded("hold_commanded", effect, scene)


def _commanded(event: str, effect: PulseStrike | HoldStrike, scene: Scene) -> NewEntry:
    """Put on record that a strike is told to release, for whom, before it is."""
    opening = next((o for o in scene.state.openings if o.id == effect.opening), None)
    return NewEntry(
        type=EntryType.ACCESS,
        event=event,
        at=scene.at,
        actor=opening.by if opening else None,
        place=scene.place(effect.door),
        session=opening.ring if opening else None,
    )


def _secure(effect: SecureStrike, scene: Scene) -> NewEntry:
    return NewEntry(
        type=EntryType.ACCESS,
        event="lock_commanded",
        at=scene.at,
        actor=scene.state.door(effect.door).changed_by,
        place=scene.place(effect.door),
    )


def _auto_open(effect: RecordAutoOpen, scene: Scene) -> NewEntry:
    until = effect.until
    return NewEntry(
        type=EntryType.ACCESS,
        event=effect.event,
        at=scene.at,
        actor=effect.by,
        place=scene.place(effect.door),
        details=(
            {"until": until.astimezone(scene.at.tzinfo).isoformat()} if until else {}
        ),
    )


def _entry(effect: BlockEntry | FreeEntry, scene: Scene) -> NewEntry:
    blocks = isinstance(effect, BlockEntry)
    return NewEntry(
        type=EntryType.ACCESS,
        event="block_commanded" if blocks else "free_commanded",
        at=scene.at,
        place=scene.place(effect.door),
    )


def _panic_press(effect: AnnouncePanicPress, scene: Scene) -> NewEntry:
    return NewEntry(
        type=EntryType.PANIC,
        event="pressed",
        at=scene.at,
        place=scene.place(effect.button),
        details={"late": True} if effect.late else {},
    )


def _panic(effect: AnnouncePanic, scene: Scene) -> NewEntry:
    panic = effect.panic
    return NewEntry(
        type=EntryType.PANIC,
        event=effect.event,
        at=scene.at,
        actor=effect.by,
        place=Place(id=panic.place, name=panic.location) if panic.location else None,
        outcome=effect.reason,
        session=panic.id,
        details={
            "kind": panic.kind,
            "drill": panic.drill,
            "audible": panic.audible,
            "certain": panic.certain,
            "step": panic.step,
            "presses": panic.presses,
        },
    )


def _siren(effect: SoundSiren | SilenceSiren, scene: Scene) -> NewEntry | None:
    if effect.again:
        return None
    sounding = isinstance(effect, SoundSiren)
    return NewEntry(
        type=EntryType.ALARM,
        event="siren_commanded" if sounding else "silence_commanded",
        at=scene.at,
        place=scene.place(effect.siren),
    )


def _mode(effect: AnnounceMode, scene: Scene) -> NewEntry:
    return NewEntry(
        type=EntryType.MODE,
        event="changed",
        at=scene.at,
        actor=effect.by,
        outcome=effect.to_mode,
        details={"from": effect.from_mode},
    )


def _hours(effect: AnnounceHours, scene: Scene) -> NewEntry:
    zone = scene.at.tzinfo
    told = {
        "begin": effect.begin.astimezone(zone).isoformat(),
        "end": effect.end.astimezone(zone).isoformat() if effect.end else None,
    }
    return NewEntry(
        type=EntryType.MODE,
        event=effect.kind,
        at=scene.at,
        actor=effect.by,
        outcome=effect.mode,
        details={name: value for name, value in told.items() if value is not None},
    )


def _equipment(effect: AnnounceEquipment, scene: Scene) -> NewEntry:
    return NewEntry(
        type=EntryType.EQUIPMENT,
        event=effect.kind,
        at=scene.at,
        place=scene.place(effect.equipment),
        outcome=effect.fault,
    )


def _privacy(effect: AnnouncePrivacy, scene: Scene) -> NewEntry:
    return NewEntry(
        type=EntryType.CAMERA,
        event="hidden" if effect.private else "shown",
        at=scene.at,
        actor=effect.by,
        place=scene.place(effect.camera),
        outcome=effect.reason,
    )


def _viewing(effect: AnnounceViewing, scene: Scene) -> NewEntry:
    return NewEntry(
        type=EntryType.VIEWING,
        event="camera",
        at=scene.at,
        actor=effect.viewer,
        place=scene.place(effect.camera),
        outcome=None if effect.viewer else "unknown_viewer",
        details={"means": effect.means},
    )


def _intrusion(effect: AnnounceIntrusion, scene: Scene) -> NewEntry:
    told = {
        "arm_mode": effect.arm_mode,
        "sensors": [scene.name_of(each) for each in effect.sensors],
        "doors": [scene.name_of(each) for each in effect.doors],
        "bypassed": [scene.name_of(each) for each in sorted(effect.bypassed)],
    }
    return NewEntry(
        type=EntryType.ALARM,
        event=effect.event,
        at=scene.at,
        actor=effect.by,
        place=scene.place(effect.sensors[0] if effect.sensors else None),
        outcome=effect.reason,
        session=effect.session,
        details={name: value for name, value in told.items() if value},
    )


def _grant(effect: AnnounceGrant, scene: Scene) -> NewEntry:
    grant = effect.grant
    doors = [place.name for door in grant.doors if (place := scene.place(door))]
    return NewEntry(
        type=EntryType.GRANT,
        event=effect.event,
        at=scene.at,
        actor=effect.by,
        place=scene.place(effect.door or effect.equipment),
        session=grant.id,
        details={
            "label": grant.label,
            "role": grant.role,
            "means": grant.means,
            "doors": doors,
            "valid_from": grant.valid_from.isoformat(),
            "valid_to": grant.valid_to.isoformat(),
            "used": grant.used,
            "reason": grant.reason,
        },
    )


def _evidence(effect: AnnounceEvidence, scene: Scene) -> NewEntry:
    deleted = effect.kind is EvidenceKind.DELETED
    told = {"file": effect.file, "sha256": effect.digest}
    return NewEntry(
        type=EntryType.DELETION if deleted else EntryType.CAMERA,
        event=f"evidence_{effect.kind}",
        at=scene.at,
        place=scene.place(effect.camera),
        outcome=effect.reason,
        session=effect.session,
        details={name: value for name, value in told.items() if value is not None},
    )


# One function for each effect that is put on record.
RECORDED: Final[dict[type[Effect], Callable[[Any, Scene], NewEntry | None]]] = {
    AnnounceDoor: _door,
    AnnounceEquipment: _equipment,
    AnnounceEvidence: _evidence,
    AnnounceHours: _hours,
    AnnounceIntrusion: _intrusion,
    AnnounceGrant: _grant,
    AnnounceMode: _mode,
    AnnouncePanic: _panic,
    AnnouncePanicPress: _panic_press,
    AnnouncePrivacy: _privacy,
    AnnounceRing: _ring,
    AnnounceViewing: _viewing,
    BlockEntry: _entry,
    RecordAutoOpen: _auto_open,
    FreeEntry: _entry,
    HoldStrike: _hold,
    PulseStrike: _pulse,
    SecureStrike: _secure,
    SilenceSiren: _siren,
    SoundSiren: _siren,
}


def record(effect: Effect, scene: Scene) -> NewEntry | None:
    """Return what is put on record of an effect; None for a mere courtesy."""
    recorded = RECORDED.get(type(effect))
    return recorded(effect, scene) if recorded else None


def configured(
    *, at: datetime, actor: Actor | None, changed: Mapping[str, Any], name: str | None
) -> NewEntry:
    """Return the entry of a changed configuration: of the practice, or of equipment."""
    return NewEntry(
        type=EntryType.CONFIGURATION,
        event="changed",
        at=at,
        actor=actor,
        place=Place(id=name, name=name) if name else None,
        details=changed,
    )
