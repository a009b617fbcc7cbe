"""A practice without hardware: to try the product, and to train with it.

It keeps the promises of real equipment: the strike reports, the contact moves, the
picture shows the time at which it was taken. Nothing in it opens anything.
"""

import asyncio
from collections.abc import Callable
from datetime import datetime, timedelta
from io import BytesIO
from typing import override

from PIL import Image, ImageDraw, ImageFont

from ..practice.events import (
    BellPressed,
    DoorClosed,
    DoorOpened,
    DoorSeen,
    EquipmentEvent,
    EquipmentRestored,
    Originator,
    PanicPressed,
    StrikeReleased,
    StrikeSecured,
)
from ..practice.panic.config import PanicSource
from .base import Camera, Door, Equipment, EquipmentError, Failure, PanicButton, Siren

# A visitor who was let in is inside after this time.
_DOOR_STANDS_OPEN = timedelta(seconds=4)


class Demonstration(Equipment):
    """A door with a bell and a camera, a panic button and a siren, all drawn."""

    def __init__(self, subentry_id: str, name: str, door_name: str) -> None:
        super().__init__()
        self.id = f"demo-{subentry_id}"
        self.name = name
        self._camera = DemoCamera(f"{self.id}-camera", door_name)
        self._door = DemoDoor(self, door_name, self._camera)
        self._button = DemoPanicButton(f"{self.id}-panic")
        self._siren = DemoSiren(f"{self.id}-siren", self.touch)
        self.doors = (self._door,)
        self.cameras = (self._camera,)
        self.panic_buttons = (self._button,)
        self.sirens = (self._siren,)

    @property
    @override
    def available(self) -> bool:
        return True

    @override
    def start(
        self, hear: Callable[[EquipmentEvent], None], changed: Callable[[], None]
    ) -> None:
        super().start(hear, changed)
        self.report(EquipmentRestored(equipment=self.id))
        self.report(
            DoorSeen(
                equipment=self.id,
                door=self._door.id,
                released=False,
                contact_open=False,
            )
        )

    @override
    async def stop(self) -> None:
        self._door.stop()
        await super().stop()

    def report(self, event: EquipmentEvent) -> None:
        """Let the practice hear of something."""
        self._hear(event)

    def touch(self) -> None:
        """Say that something is different."""
        self._changed()

    def ring(self) -> None:
        """Press the bell, as a visitor does."""
        self.report(BellPressed(equipment=self.id, door=self._door.id))

    def push_door(self) -> None:
        """Push the door: it opens if the strike is released, and closes behind."""
        self._door.push()

    def press_panic(self) -> None:
        """Press the panic button."""
        self.report(PanicPressed(equipment=self.id, button=self._button.id))


class DemoDoor(Door):
    """A door whose strike and contact behave as real ones do."""

    strike_time = timedelta(seconds=5)
    has_contact = True

    def __init__(self, demo: Demonstration, name: str, camera: Camera) -> None:
        self.id = f"{demo.id}-door"
        self.name = name
        self.camera = camera
        self._demo = demo
        self._released = False
        self._open = False
        self._timers: set[asyncio.TimerHandle] = set()
        self._secures: asyncio.TimerHandle | None = None

    @override
    async def pulse(self) -> None:
        self._release()
        self._secures = self._later(self.strike_time, self._secure)

    @override
    async def hold(self) -> None:
        self._release()

    @override
    async def secure(self) -> None:
        self._secure()

    @override
    async def hang_up(self, call: str, *, refused: bool) -> None:
        raise EquipmentError(Failure.UNSUPPORTED)

    def push(self) -> None:
        """Push the door from outside."""
        if not self._released or self._open:
            return
        self._open = True
        self._demo.report(DoorOpened(equipment=self._demo.id, door=self.id))
        self._later(_DOOR_STANDS_OPEN, self._close)

    def stop(self) -> None:
        """Forget what was going to happen."""
        for timer in self._timers:
            timer.cancel()
        self._timers.clear()
        self._released = self._open = False

    def _release(self) -> None:
        if self._secures is not None:
            self._secures.cancel()
            self._secures = None
        if not self._released:
            self._released = True
            self._demo.report(
                StrikeReleased(
                    equipment=self._demo.id,
                    door=self.id,
                    originator=Originator.REQUEST,
                )
            )

    def _secure(self) -> None:
        if self._released:
            self._released = False
            self._demo.report(StrikeSecured(equipment=self._demo.id, door=self.id))

    def _close(self) -> None:
        self._open = False
        self._demo.report(DoorClosed(equipment=self._demo.id, door=self.id))

    def _later(
        self, delay: timedelta, action: Callable[[], None]
    ) -> asyncio.TimerHandle:
        timer = asyncio.get_running_loop().call_later(delay.total_seconds(), action)
        self._timers.add(timer)
        return timer


class DemoPanicButton(PanicButton):
    """A panic button that is pressed on the screen."""

    kind = "demo_panic"
    # It can be heard, so that the whole chain is seen at work.
    source = PanicSource(audible=True)

    def __init__(self, button_id: str) -> None:
        self.id = button_id


class DemoSiren(Siren):
    """A siren that nobody hears."""

    kind = "demo_siren"

    def __init__(self, siren_id: str, changed: Callable[[], None]) -> None:
        self.id = siren_id
        self._changed = changed
        self._sounding = False

    @property
    @override
    def sounding(self) -> bool:
        return self._sounding

    @override
    async def sound(self) -> None:
        self._sounding = True
        self._changed()

    @override
    async def silence(self) -> None:
        self._sounding = False
        self._changed()


class DemoCamera(Camera):
    """A camera that draws a visitor at the door, and the time."""

    def __init__(self, camera_id: str, place: str) -> None:
        self.id = camera_id
        self._place = place

    @override
    async def snapshot(
        self, width: int | None, height: int | None, *, seconds_before: int = 0
    ) -> bytes:
        return await asyncio.to_thread(
            _draw, self._place, datetime.now().astimezone(), width or 640, height or 480
        )


def _draw(place: str, now: datetime, width: int, height: int) -> bytes:
    """Draw somebody at a door, seen from above the bell, with the time on it."""
    picture = Image.new("RGB", (width, height), "#2b3a42")
    draw = ImageDraw.Draw(picture)
    unit = min(width, height) / 12
    draw.rectangle((0, height * 0.78, width, height), fill="#3f5765")
    draw.rectangle(
        (width * 0.08, height * 0.12, width * 0.3, height * 0.8), fill="#bdd4de"
    )
    middle = width * 0.58
    draw.ellipse(
        (middle - 2.6 * unit, height * 0.62, middle + 2.6 * unit, height * 1.3),
        fill="#d98e4a",
    )
    draw.ellipse(
        (middle - 1.6 * unit, height * 0.3, middle + 1.6 * unit, height * 0.64),
        fill="#efd6bb",
    )
    font = ImageFont.load_default(size=max(10, unit * 0.7))
    draw.text((unit * 0.4, unit * 0.3), place, fill="white", font=font)
    draw.text(
        (unit * 0.4, height - unit),
        now.strftime("%Y-%m-%d %H:%M:%S"),
        fill="white",
        font=font,
    )
    encoded = BytesIO()
    picture.save(encoded, "JPEG", quality=85)
    return encoded.getvalue()
