"""A source that lives through a day: pressed, lost, reloaded, restarted, corrected.

It behaves as the entities of Home Assistant do: an event keeps the time of its last
press and tells it again whenever it comes back; a loop keeps nothing but whether it is
pressed.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
import json

from freezegun.api import FrozenDateTimeFactory
from homeassistant.core import HomeAssistant
from homeassistant.util import dt as dt_util
from mashumaro.codecs.basic import BasicDecoder, BasicEncoder
from pytest_homeassistant_custom_component.common import async_fire_time_changed

from custom_components.cabinet_secure.equipment import SourceBookmark
from custom_components.cabinet_secure.equipment.adopted import (
    AdoptedDoor,
    AdoptedPanicButton,
)
from custom_components.cabinet_secure.equipment.adopted.settings import (
    DoorSettings,
    PanicButtonSettings,
    PressSource,
)
from custom_components.cabinet_secure.practice.events import (
    BellPressed,
    EquipmentEvent,
    Fault,
    FaultRaised,
    PanicPressed,
)

OPENER = "lock.source"

type Step = Callable[[Day], None]


@dataclass
class Day:
    """One source, and what a door and a panic button hear of it."""

    hass: HomeAssistant
    freezer: FrozenDateTimeFactory
    entity_id: str
    rest: str = "off"
    active: str = "on"
    heard: list[EquipmentEvent] = field(default_factory=list)
    pressed_at: datetime | None = None
    kind: str = "single"

    @property
    def is_event(self) -> bool:
        """Whether it tells of moments rather than of a state."""
        return not self.entity_id.startswith("binary_sensor")

    # --- us -----------------------------------------------------------------------------

    def begin(self) -> None:
        """Set the practice up, with what it kept."""
        chosen = PressSource(
            entity=self.entity_id,
            types=frozenset({"single", "multi_press_end"}),
            normally_closed=self.rest == "on",
        )
        self.door = AdoptedDoor(
            self.hass,
            "1",
            "Entrance",
            "lock",
            DoorSettings(opener=OPENER, open_for=timedelta(seconds=5), bell=chosen),
        )
        self.button = AdoptedPanicButton(
            self.hass, "2", "Desk", PanicButtonSettings(press=chosen)
        )
        for equipment, kept in ((self.door, "door"), (self.button, "button")):
            equipment.bookmark = self._kept.get(kept)
            equipment.start(self.heard.append, lambda: None)

    _kept: dict[str, SourceBookmark | None] = field(default_factory=dict)

    async def end(self) -> None:
        """Stop, and keep what is kept on a disk."""
        for equipment, name in ((self.door, "door"), (self.button, "button")):
            await equipment.stop()
            self._kept[name] = stored(equipment.bookmark)

    # --- the source ---------------------------------------------------------------------

    def show(self) -> None:
        """Tell what it would tell now."""
        if not self.is_event:
            state = self.rest
        elif self.pressed_at is None:
            state = "unknown"
        else:
            state = self.pressed_at.isoformat(timespec="milliseconds")
        self.hass.states.async_set(self.entity_id, state, self._attributes())

    def _attributes(self) -> dict[str, str]:
        is_event = self.entity_id.startswith("event.") and self.pressed_at is not None
        return {"event_type": self.kind} if is_event else {}

    def press(self, kind: str = "single") -> None:
        """Be pressed, and tell of it."""
        if not self.is_event:
            self.hass.states.async_set(self.entity_id, self.active)
            return
        now = dt_util.utcnow()
        # As `EventEntity` does: times only go forward.
        if self.pressed_at is not None:
            now = max(now, self.pressed_at + timedelta(milliseconds=1))
        self.pressed_at, self.kind = now, kind
        self.show()

    # --- what came of it ----------------------------------------------------------------

    @property
    def rings(self) -> list[str]:
        """What the door made of it, ring by ring."""
        return [
            "late" if event.late else "fresh"
            for event in self.heard
            if isinstance(event, BellPressed)
        ]

    @property
    def panics(self) -> list[str]:
        """What the panic button made of it, press by press."""
        return [
            "late" if event.late else "doubt" if event.doubt else "fresh"
            for event in self.heard
            if isinstance(event, PanicPressed)
        ]

    @property
    def wire_faults(self) -> int:
        """How often the loop was found not at rest."""
        return sum(
            isinstance(event, FaultRaised) and event.fault is Fault.WIRE
            for event in self.heard
        )


_ENCODER = BasicEncoder(SourceBookmark)
_DECODER = BasicDecoder(SourceBookmark)


def stored(bookmark: object) -> SourceBookmark | None:
    """Return what is read again of what was written."""
    if not isinstance(bookmark, SourceBookmark):
        return None
    read: SourceBookmark = _DECODER.decode(
        json.loads(json.dumps(_ENCODER.encode(bookmark)))
    )
    return read


# --- steps -------------------------------------------------------------------------------


async def press(day: Day) -> None:
    """Press, and let go."""
    day.press()
    if not day.is_event:
        day.show()


async def hold(day: Day) -> None:
    """Press a loop that stays pressed."""
    day.press()


async def let_go(day: Day) -> None:
    """Let the loop be at rest again."""
    day.show()


async def other(day: Day) -> None:
    """Tell of something that is no press that counts."""
    day.press("long_press_end")


async def multi(day: Day) -> None:
    """Press several times, as newer buttons tell."""
    day.press("multi_press_end")


async def repeat(day: Day) -> None:
    """Tell the same again."""
    state = day.hass.states.get(day.entity_id)
    assert state is not None
    day.hass.states.async_set(day.entity_id, state.state, state.attributes)


async def decorate(day: Day) -> None:
    """Change an attribute of the source, and nothing else."""
    state = day.hass.states.get(day.entity_id)
    assert state is not None
    day.hass.states.async_set(
        day.entity_id, state.state, {**state.attributes, "battery": len(day.heard)}
    )


async def away(day: Day) -> None:
    """Make the source unavailable."""
    day.hass.states.async_set(day.entity_id, "unavailable")


async def back(day: Day) -> None:
    """Bring the source back: it tells what it told last."""
    day.show()


async def back_pressed(day: Day) -> None:
    """Bring the source back with a press of this moment."""
    day.press()


async def blank(day: Day) -> None:
    """Have a source that knows nothing yet."""
    day.hass.states.async_set(day.entity_id, "unknown")


async def removed(day: Day) -> None:
    """Take the source away altogether."""
    day.hass.states.async_remove(day.entity_id)


async def source_reload(day: Day) -> None:
    """Reload the other integration."""
    await away(day)
    await removed(day)
    await back(day)


async def our_reload(day: Day) -> None:
    """Reload the practice, at once."""
    await day.end()
    day.begin()


async def our_stop(day: Day) -> None:
    """Stop the practice."""
    await day.end()


async def our_start(day: Day) -> None:
    """Start the practice again."""
    day.begin()


def wait(seconds: float) -> Callable[[Day], object]:
    """Let time pass, on every clock."""

    async def step(day: Day) -> None:
        later = dt_util.utcnow() + timedelta(seconds=seconds)
        async_fire_time_changed(day.hass, later)
        day.freezer.move_to(later)

    return step


def clock(seconds: float) -> Callable[[Day], object]:
    """Set the clock by which everybody writes the time."""

    async def step(day: Day) -> None:
        day.freezer.move_to(dt_util.utcnow() + timedelta(seconds=seconds))

    return step


def at(moment: datetime) -> Callable[[Day], object]:
    """Let it be this moment."""

    async def step(day: Day) -> None:
        day.freezer.move_to(moment.astimezone(UTC))

    return step
