"""What the practice wants of sirens, carried out, and what sirens tell by themselves."""

import asyncio
from collections.abc import Callable, Iterable, Iterator
import contextlib

from homeassistant.core import callback

from .door_commands import Command
from .equipment import Equipment, Siren
from .practice.effects import Effect
from .practice.events import Event
from .practice.sirens.effects import SilenceSiren, SirenEffect, SoundSiren
from .practice.sirens.events import SirenCommanded, SirenReported


class SirenCommands:
    """Commands the sirens of a practice, and reports what became of it."""

    def __init__(
        self, equipment: Iterable[Equipment], hear: Callable[[Event], None]
    ) -> None:
        self._sirens = {siren.id: siren for each in equipment for siren in each.sirens}
        self._hear = hear
        self._reported: dict[str, bool] = {}
        # Each raises EquipmentError where the device does not do it.
        self.commands: dict[type[Effect], Command] = {
            SoundSiren: self._sound,
            SilenceSiren: self._silence,
        }

    async def stop(self, sirens: Iterable[str]) -> None:
        """Silence sirens as well as that can be done at the end; never fails.

        The practice does not hear of it: to it they sound, and they go on after a
        restart for what is left of their time.
        """
        self._hear = _nobody_hears
        await asyncio.gather(
            *(self._sirens[siren].silence() for siren in sirens),
            return_exceptions=True,
        )

    @callback
    def look(self, sirens: Iterable[Siren]) -> None:
        """Report what sirens do, where that is different from what they did."""
        for siren in sirens:
            sounding = siren.sounding
            if sounding is None or sounding is self._reported.get(siren.id, False):
                continue
            self._reported[siren.id] = sounding
            self._hear(SirenReported(siren=siren.id, sounding=sounding))

    async def _sound(self, effect: SirenEffect) -> None:
        siren = self._sirens[effect.siren]
        with self._told(siren, sound=True):
            await siren.sound()

    async def _silence(self, effect: SirenEffect) -> None:
        siren = self._sirens[effect.siren]
        with self._told(siren, sound=False):
            await siren.silence()

    @contextlib.contextmanager
    def _told(self, siren: Siren, *, sound: bool) -> Iterator[None]:
        """Let the practice know what became of a command."""
        try:
            yield
        except Exception:
            self._hear(SirenCommanded(siren=siren.id, sound=sound, accepted=False))
            raise
        self._hear(
            SirenCommanded(
                siren=siren.id, sound=sound, accepted=True, sounding=siren.sounding
            )
        )


def _nobody_hears(event: Event) -> None:
    """Take what sirens do once nobody listens any more."""
