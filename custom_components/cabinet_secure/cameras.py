"""The cameras of a practice: told to look away, looked through, asked for evidence."""

from collections.abc import Iterable, Mapping
from itertools import chain
from typing import TYPE_CHECKING

from homeassistant.core import callback

from .door_commands import Command, Handler
from .equipment import Camera
from .evidence import Evidence
from .practice.cameras.effects import SetPrivacy
from .practice.effects import Effect

if TYPE_CHECKING:
    from .coordinator import PracticeCoordinator


class Cameras:
    """Tells cameras to look away, and looks through those that are not hidden."""

    def __init__(self, coordinator: PracticeCoordinator) -> None:
        self._coordinator = coordinator
        self._cameras: Mapping[str, Camera] = {
            camera.id: camera
            for each in coordinator.equipment.values()
            for camera in each.all_cameras
        }
        self.evidence = Evidence(coordinator, self._cameras)
        # Done at once, while the turn lasts.
        self.handlers: dict[type[Effect], Handler] = self.evidence.handlers
        # Each raises EquipmentError where the device does not do it.
        self.commands: dict[type[Effect], Command] = {SetPrivacy: self._set_privacy}

    @callback
    def is_hidden(self, camera: str) -> bool:
        """Whether nobody may see anything through this camera.

        It is hidden with any other that shows the same: a camera of the practice may
        also be what a door sees its visitors with.
        """
        cameras = self._coordinator.state.cameras
        return any(cameras.privacy_of(each).is_hidden for each in self._alike(camera))

    @callback
    def with_alike(self, topics: Iterable[str]) -> list[str]:
        """Return what is different, with the cameras that show what a different one does."""
        alike = (
            (topic, *self._alike(topic)) if topic in self._cameras else (topic,)
            for topic in topics
        )
        return list(dict.fromkeys(chain.from_iterable(alike)))

    def _alike(self, camera: str) -> tuple[str, ...]:
        source = self._cameras[camera].entity_id if camera in self._cameras else None
        if source is None:
            return (camera,)
        return tuple(
            each.id for each in self._cameras.values() if each.entity_id == source
        )

    async def look(
        self,
        camera: Camera,
        width: int | None,
        height: int | None,
        *,
        seconds_before: int = 0,
    ) -> bytes | None:
        """Return what a camera sees as JPEG; None while it is hidden.

        Raises EquipmentError where there is nothing to be had.
        """
        if self.is_hidden(camera.id):
            return None
        picture = await camera.snapshot(width, height, seconds_before=seconds_before)
        return None if self.is_hidden(camera.id) else picture

    async def _set_privacy(self, effect: SetPrivacy) -> None:
        await self._cameras[effect.camera].look_away(private=effect.private)
