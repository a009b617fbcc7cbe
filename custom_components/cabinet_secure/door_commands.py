"""What the practice wants of doors and visitors, carried out: one handler per effect."""

from collections.abc import Awaitable, Callable, Coroutine, Mapping
from typing import Any

from .equipment import Door, EquipmentError, Failure
from .practice.effects import (
    Effect,
    ForgetVisitor,
    HangUp,
    HoldStrike,
    PulseStrike,
    SecureStrike,
    ShowVisitor,
)
from .practice.events import CommandFailed, Event
from .practice.lockdown.effects import BlockEntry, FreeEntry
from .practice.lockdown.events import EntryBlocked, EntryNotChanged
from .visitor import Visitor

type Command = Callable[[Any], Coroutine[Any, Any, None]]
type Handler = Callable[[Any], None]


def part_of(effect: Effect) -> str:
    """Return the door, camera, siren or button that an effect is about."""
    for part in ("door", "camera", "siren", "button"):
        if (identifier := getattr(effect, part, None)) is not None:
            return str(identifier)
    return ""


class DoorCommands:
    """Commands the doors of a practice, and looks at who stands before them."""

    def __init__(
        self,
        doors: Mapping[str, Door],
        visitors: Mapping[str, Visitor],
        hear: Callable[[Event], None],
    ) -> None:
        self._hear = hear
        self._doors = doors
        self._visitors = visitors
        # Done at once, while the turn lasts.
        self.handlers: dict[type[Effect], Handler] = {
            ShowVisitor: self._show_visitor,
            ForgetVisitor: self._forget_visitor,
        }
        # Each raises EquipmentError where the device does not do it.
        self.commands: dict[type[Effect], Command] = {
            PulseStrike: self._pulse,
            HoldStrike: self._hold,
            SecureStrike: self._secure,
            BlockEntry: self._block,
            FreeEntry: self._free,
            HangUp: self._hang_up,
        }

    def _show_visitor(self, effect: ShowVisitor) -> None:
        self._visitors[effect.door].show()

    def _forget_visitor(self, effect: ForgetVisitor) -> None:
        # The door of a ring that was going on may have been removed meanwhile.
        if visitor := self._visitors.get(effect.door):
            visitor.forget()

    async def _pulse(self, effect: PulseStrike) -> None:
        await self._doors[effect.door].pulse()

    async def _hold(self, effect: HoldStrike) -> None:
        await self._doors[effect.door].hold()

    async def _secure(self, effect: SecureStrike) -> None:
        await self._doors[effect.door].secure()

    async def _block(self, effect: BlockEntry) -> None:
        await self._change_entry(
            effect.door, self._doors[effect.door].block(), blocked=True
        )

    async def _free(self, effect: FreeEntry) -> None:
        await self._change_entry(
            effect.door, self._doors[effect.door].free(), blocked=False
        )

    async def _change_entry(
        self, door: str, command: Awaitable[None], *, blocked: bool
    ) -> None:
        try:
            await command
        except EquipmentError:
            self._hear(EntryNotChanged(door=door))
            raise
        self._hear(EntryBlocked(door=door, blocked=blocked))

    async def _hang_up(self, effect: HangUp) -> None:
        if door := self._doors.get(effect.door):
            await door.hang_up(effect.call, refused=effect.refused)


def command_failed(opening: str, err: EquipmentError) -> CommandFailed:
    """Return what the practice hears of an attempt to open whose command failed."""
    return CommandFailed(
        opening=opening,
        reason=err.failure,
        may_have_worked=err.failure is Failure.UNREACHABLE,
    )
