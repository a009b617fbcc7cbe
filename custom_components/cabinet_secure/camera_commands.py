"""What the practice wants of cameras, carried out."""

from collections.abc import Mapping

from .door_commands import Command
from .equipment import Camera
from .practice.cameras.effects import SetPrivacy
from .practice.effects import Effect


class CameraCommands:
    """Tells cameras to look away, and to look again."""

    def __init__(self, cameras: Mapping[str, Camera]) -> None:
        self._cameras = cameras
        # Each raises EquipmentError where the device does not do it.
        self.commands: dict[type[Effect], Command] = {SetPrivacy: self._set_privacy}

    async def _set_privacy(self, effect: SetPrivacy) -> None:
        await self._cameras[effect.camera].look_away(private=effect.private)
