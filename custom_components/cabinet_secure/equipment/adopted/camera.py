"""A camera that Home Assistant has already, as equipment of the practice.

It is followed by its identifier in the entity registry, through a new name to its
removal; what it sees is asked of it through Home Assistant's own camera component.
"""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO
from typing import Final, override

from homeassistant.components.camera import async_get_image, async_get_stream_source
from homeassistant.const import (
    ATTR_ENTITY_ID,
    SERVICE_TURN_OFF,
    SERVICE_TURN_ON,
    STATE_ON,
    STATE_UNAVAILABLE,
)
from homeassistant.core import CALLBACK_TYPE, Event, HomeAssistant, callback
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers import entity_registry as er
from homeassistant.helpers.event import (
    EventStateChangedData,
    async_call_later,
    async_track_state_change_event,
)
from homeassistant.helpers.start import async_at_started
from PIL import Image, UnidentifiedImageError

from ...practice.cameras.config import CameraConfig
from ...practice.events import (
    EquipmentEvent,
    EquipmentLost,
    EquipmentRestored,
    Fault,
    FaultCleared,
    FaultRaised,
)
from ..base import Camera, Equipment, EquipmentError, Failure, Trouble, TroubleKind

# Seconds within which another integration has to do what it is asked for, and within
# which a privacy switch has to show it: some integrations ask their device now and then.
_PATIENCE: Final = 10
_SWITCHES_WITHIN: Final = 60

# How an entity that turns a camera away is told to. Others are switched on and off.
_RUN: Final = {
    "button": "press",
    "input_button": "press",
    "scene": SERVICE_TURN_ON,
    "script": SERVICE_TURN_ON,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class CameraSources:
    """The entities of others that a camera is made of.

    Each is an identifier of the entity registry, or an entity id where the entity has
    none.
    """

    camera: str
    # On while the camera sees nothing.
    privacy_switch: str | None = None
    # What turns the camera away, and what turns it back.
    hide_action: str | None = None
    show_action: str | None = None


class AdoptedCamera(Camera):
    """What the source shows, and how it is told to look away."""

    def __init__(
        self,
        hass: HomeAssistant,
        camera_id: str,
        sources: CameraSources,
        config: CameraConfig,
    ) -> None:
        self.id = camera_id
        self.config = config
        self._hass = hass
        self._sources = sources
        # What the practice wanted last, whether that could be passed on, and who is to
        # look how it goes on.
        self.told_private = False
        self.listens = True
        self.when_told: Callable[[], None] = _nobody_looks

    @property
    @override
    def entity_id(self) -> str | None:
        return resolved(self._hass, self._sources.camera)

    @property
    def privacy_switch(self) -> str | None:
        """The switch of the source's own privacy; None where there is none."""
        return resolved(self._hass, self._sources.privacy_switch)

    @property
    def looks_away(self) -> bool:
        """Whether the source does as it was told, as far as anybody can tell."""
        if not self.told_private:
            return True
        switch = self.privacy_switch
        return self.listens and (
            switch is None or self._hass.states.is_state(switch, STATE_ON)
        )

    @override
    async def snapshot(
        self, width: int | None, height: int | None, *, seconds_before: int = 0
    ) -> bytes:
        if (entity_id := self.entity_id) is None:
            raise EquipmentError(Failure.UNREACHABLE)
        try:
            image = await async_get_image(
                self._hass, entity_id, _PATIENCE, width, height
            )
        except HomeAssistantError as err:
            raise EquipmentError(Failure.UNREACHABLE) from err
        if image.content_type in ("image/jpeg", "image/jpg"):
            return bytes(image.content)
        return await self._hass.async_add_executor_job(_as_jpeg, image.content)

    async def stream_source(self) -> str | None:
        """Return the address of the source's stream, where it has one."""
        if (entity_id := self.entity_id) is None:
            return None
        try:
            source: str | None = await async_get_stream_source(self._hass, entity_id)
        except HomeAssistantError:
            return None
        return source

    @override
    async def look_away(self, *, private: bool) -> bool:
        self.told_private = private
        self.listens = False
        sources = self._sources
        action = sources.hide_action if private else sources.show_action
        try:
            if sources.privacy_switch is not None:
                await self._call(
                    sources.privacy_switch,
                    SERVICE_TURN_ON if private else SERVICE_TURN_OFF,
                )
            if action is not None:
                await self._call(action)
        except (HomeAssistantError, TimeoutError) as err:
            raise EquipmentError(Failure.UNREACHABLE) from err
        else:
            self.listens = True
        finally:
            self.when_told()
        return sources.privacy_switch is not None or action is not None

    async def _call(self, source: str, action: str | None = None) -> None:
        entity_id = resolved(self._hass, source)
        state = self._hass.states.get(entity_id) if entity_id else None
        if entity_id is None or state is None or state.state == STATE_UNAVAILABLE:
            # Home Assistant leaves unavailable entities out without a word.
            raise EquipmentError(Failure.UNREACHABLE)
        domain = entity_id.partition(".")[0]
        async with asyncio.timeout(_PATIENCE):
            await self._hass.services.async_call(
                domain,
                action or _RUN[domain],
                {ATTR_ENTITY_ID: entity_id},
                blocking=True,
            )


class AdoptedCameraEquipment(Equipment):
    """A camera of another integration, which comes and goes with it."""

    def __init__(
        self,
        hass: HomeAssistant,
        subentry_id: str,
        name: str,
        sources: CameraSources,
        config: CameraConfig,
    ) -> None:
        super().__init__()
        self.id = f"camera-{subentry_id}"
        self.name = name
        self._hass = hass
        self._camera = AdoptedCamera(hass, f"{self.id}-camera", sources, config)
        self._camera.when_told = self._look
        self.cameras = (self._camera,)
        self._stop_following: list[CALLBACK_TYPE] = []
        self._stop_watching: CALLBACK_TYPE | None = None
        self._check: CALLBACK_TYPE | None = None
        self._following: str | None = None
        self._available = False

    @property
    @override
    def available(self) -> bool:
        return self._available

    @override
    def start(
        self, hear: Callable[[EquipmentEvent], None], changed: Callable[[], None]
    ) -> None:
        super().start(hear, changed)
        self._hear(EquipmentLost(equipment=self.id))
        self._stop_following = [
            self._hass.bus.async_listen(
                er.EVENT_ENTITY_REGISTRY_UPDATED, self._registry_updated
            ),
            async_at_started(self._hass, self._all_started),
        ]
        self._follow()

    @override
    async def stop(self) -> None:
        for stop in (*self._stop_following, self._stop_watching, self._check):
            if stop is not None:
                stop()
        self._stop_following = []
        self._stop_watching = self._check = None
        self._available = False
        await super().stop()

    # --- what becomes of the source ----------------------------------------------------

    @callback
    def _registry_updated(
        self, event: Event[er.EventEntityRegistryUpdatedData]
    ) -> None:
        if self._camera.entity_id != self._following or event.data["entity_id"] in (
            self._camera.entity_id,
            self._camera.privacy_switch,
        ):
            self._follow()

    @callback
    def _all_started(self, _hass: HomeAssistant) -> None:
        self._look()

    @callback
    def _follow(self) -> None:
        """Watch the source, and its privacy switch, under their names of now."""
        if self._stop_watching is not None:
            self._stop_watching()
        self._following = self._camera.entity_id
        watched = [
            entity_id
            for entity_id in (self._following, self._camera.privacy_switch)
            if entity_id is not None
        ]
        self._stop_watching = async_track_state_change_event(
            self._hass, watched, self._source_changed
        )
        self._look()

    @callback
    def _source_changed(self, event: Event[EventStateChangedData]) -> None:
        camera = self._camera
        returned = event.data["old_state"] is None or (
            event.data["old_state"].state == STATE_UNAVAILABLE
        )
        if camera.told_private and returned and event.data["new_state"] is not None:
            self._hass.async_create_task(
                self._repeat(), f"privacy of {self.name}", eager_start=False
            )
        self._look()

    @callback
    def _look(self) -> None:
        """Report whether the source is there, and whether it looks away."""
        entity_id = self._camera.entity_id
        state = self._hass.states.get(entity_id) if entity_id else None
        available = state is not None and state.state != STATE_UNAVAILABLE
        gone = entity_id is None or (state is None and self._hass.is_running)
        self.troubles = (
            frozenset({Trouble(kind=TroubleKind.SOURCE_GONE)}) if gone else frozenset()
        )
        if available is not self._available:
            self._available = available
            kind = EquipmentRestored if available else EquipmentLost
            self._hear(kind(equipment=self.id))
        if self._camera.looks_away:
            self._hear(FaultCleared(equipment=self.id, fault=Fault.PRIVACY))
        elif self._check is None:
            self._check = async_call_later(
                self._hass, _SWITCHES_WITHIN, self._check_privacy
            )
        self._changed()

    async def _check_privacy(self, _now: datetime) -> None:
        self._check = None
        if not self._camera.looks_away:
            self._hear(FaultRaised(equipment=self.id, fault=Fault.PRIVACY))
            await self._repeat()

    async def _repeat(self) -> None:
        """Say again what a source did not hear; where it fails, it stays a fault."""
        with suppress(EquipmentError):
            await self._camera.look_away(private=self._camera.told_private)


def resolved(hass: HomeAssistant, source: str | None) -> str | None:
    """Return the entity id of a source of now; None where it is gone, or not named."""
    if source is None:
        return None
    entity_id: str | None = er.async_resolve_entity_id(er.async_get(hass), source)
    return entity_id


def _nobody_looks() -> None:
    """Take a change before anybody looks."""


def _as_jpeg(picture: bytes) -> bytes:
    """Turn a picture of another format into JPEG. Raises EquipmentError."""
    encoded = BytesIO()
    try:
        with Image.open(BytesIO(picture)) as image:
            image.convert("RGB").save(encoded, "JPEG", quality=90)
    except (UnidentifiedImageError, OSError) as err:
        raise EquipmentError(Failure.UNSUPPORTED) from err
    return encoded.getvalue()
