"""A panic button of any brand."""

from typing import override

from homeassistant.core import HomeAssistant, callback
from homeassistant.util import dt as dt_util

from ...practice.events import Fault, PanicPressed, PanicReleased
from ...practice.panic.config import PanicSource
from ..base import PanicButton
from .adopted import AdoptedEquipment, devices_of
from .freshness import Sighting, Standing, standing_of_panic
from .presses import EntityPresses, TriggeredPresses, presses_of
from .settings import PanicButtonSettings
from .supervision import Supervision


class AdoptedPanicButton(AdoptedEquipment):
    """A panic button, and the one device that people see of it."""

    def __init__(
        self,
        hass: HomeAssistant,
        subentry_id: str,
        name: str,
        settings: PanicButtonSettings,
    ) -> None:
        super().__init__(f"panic-{subentry_id}", name)
        self.panic_buttons = (PressedButton(self.id, name, settings.source),)
        self._presses = presses_of(hass, settings.press)
        self._is_pressed = False
        self._wire_broken: bool | None = None
        self.supervision = Supervision(
            hass,
            self._presses.sources,
            {},
            settings.check_in,
            lambda: devices_of(self._presses.sources, self._presses),
        )

    @property
    @override
    def available(self) -> bool:
        if isinstance(self._presses, TriggeredPresses):
            return self._presses.available
        return all(source.state is not None for source in self._presses.sources)

    @override
    def _follow(self) -> None:
        self._wire_broken = None
        self._presses.start(self._pressed, self._released, self._see)
        self._see()

    @override
    async def _let_go(self) -> None:
        self._presses.stop()

    @callback
    def _see(self) -> None:
        if self._tell_reachable():
            self._changed()
        self.supervision.look()

    def _pressed(self, sighting: Sighting) -> None:
        standing = standing_of_panic(sighting, self.left.pressed_at, dt_util.utcnow())
        if standing is Standing.OLD:
            return
        self.note_press(sighting.pressed_at)
        self._is_pressed = True
        if standing is Standing.DOUBTFUL and self._stands_pressed:
            # It came back pressed: a press, or a wire that is cut or shorted.
            self._tell_wire(broken=True)
        self._hear(
            PanicPressed(
                equipment=self.id,
                button=self.id,
                device_time=sighting.pressed_at,
                doubt=standing is Standing.DOUBTFUL,
                late=standing is Standing.LATE,
            )
        )

    @property
    def _stands_pressed(self) -> bool:
        return isinstance(self._presses, EntityPresses) and self._presses.active

    def _released(self) -> None:
        self._tell_wire(broken=False)
        if self._is_pressed:
            self._is_pressed = False
            self._hear(PanicReleased(equipment=self.id, button=self.id))

    def _tell_wire(self, *, broken: bool) -> None:
        if broken is not self._wire_broken:
            self._wire_broken = broken
            self._fault(Fault.WIRE, wrong=broken)


class PressedButton(PanicButton):
    """The button itself."""

    def __init__(self, button_id: str, name: str, source: PanicSource) -> None:
        self.id = button_id
        self.name = name
        self.source = source
