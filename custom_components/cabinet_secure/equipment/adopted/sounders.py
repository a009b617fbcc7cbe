"""What makes itself heard or seen: a siren, a switch, a light, a media player."""

from abc import ABC, abstractmethod
from datetime import datetime, timedelta
from typing import Any, override

from homeassistant.components.light.const import LightEntityFeature
from homeassistant.components.media_player.const import (
    MediaPlayerEntityFeature,
    MediaPlayerState,
    RepeatMode,
)
from homeassistant.components.siren.const import SirenEntityFeature
from homeassistant.const import (
    ATTR_SUPPORTED_FEATURES,
    SERVICE_MEDIA_STOP,
    SERVICE_TURN_OFF,
    SERVICE_TURN_ON,
    SERVICE_VOLUME_SET,
    STATE_OFF,
    STATE_ON,
)
from homeassistant.core import CALLBACK_TYPE, State, callback
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers.event import async_track_time_interval
from homeassistant.helpers.network import NoURLAvailableError, get_url
from homeassistant.helpers.state import async_reproduce_state

from ...const import SIREN_SOUND
from ..base import EquipmentError, Failure
from .calls import call
from .settings import SirenSettings
from .source import Source

# A light flashes for about this long on one command.
_FLASHES_FOR = timedelta(seconds=10)

# What is kept of how it was before, to be put back after a restart too.
type Before = dict[str, Any]


class Sounder(ABC):
    """Sounds by one entity.

    `tells`: that it is on means that it sounds. `follows`: it has to be kept going.
    """

    tells = True
    follows = False

    def __init__(self, source: Source, settings: SirenSettings) -> None:
        self.source = source
        self.settings = settings

    def before(self, state: State) -> Before | None:
        """Return what is to be put back once it is silent."""
        return None

    @abstractmethod
    async def sound(self) -> None:
        """Begin to sound. Raises EquipmentError."""

    @abstractmethod
    async def silence(self, before: Before | None) -> None:
        """Stop, and put back what was before. Raises EquipmentError."""

    async def seen(self, state: State) -> None:  # noqa: B027
        """Go on sounding where the entity has stopped by itself."""

    def stop(self) -> None:  # noqa: B027
        """Let go of what is under way."""


class SirenSounder(Sounder):
    """A siren, with the tone, the volume and the end that it knows of."""

    @override
    async def sound(self) -> None:
        settings = self.settings
        data: dict[str, Any] = {}
        if _can(self.source, SirenEntityFeature.DURATION):
            # Should we die, it ends all the same.
            data["duration"] = int(settings.longest.total_seconds())
        if settings.tone is not None and _can(self.source, SirenEntityFeature.TONES):
            data["tone"] = settings.tone
        if settings.volume is not None and _can(
            self.source, SirenEntityFeature.VOLUME_SET
        ):
            data["volume_level"] = settings.volume
        await call(self.source, SERVICE_TURN_ON, data)

    @override
    async def silence(self, before: Before | None) -> None:
        await call(self.source, SERVICE_TURN_OFF)


class SwitchSounder(Sounder):
    """A relay that drives a siren."""

    @override
    async def sound(self) -> None:
        await call(self.source, SERVICE_TURN_ON)

    @override
    async def silence(self, before: Before | None) -> None:
        await call(self.source, SERVICE_TURN_OFF)


class LightSounder(Sounder):
    """A light that flashes where it can, and else is on; afterwards as it was."""

    tells = False

    def __init__(self, source: Source, settings: SirenSettings) -> None:
        super().__init__(source, settings)
        self._flashing: CALLBACK_TYPE | None = None

    @override
    def before(self, state: State) -> Before | None:
        return {
            "state": state.state,
            "attributes": {
                name: value
                for name, value in state.attributes.items()
                if name in _OF_LIGHT and value is not None
            },
        }

    @override
    async def sound(self) -> None:
        self.stop()
        self._flashing = async_track_time_interval(
            self.source.hass, self._flash_again, _FLASHES_FOR
        )
        try:
            await self._flash()
        except EquipmentError:
            self.stop()
            raise

    async def _flash(self) -> None:
        flash = _can(self.source, LightEntityFeature.FLASH)
        await call(self.source, SERVICE_TURN_ON, {"flash": "long"} if flash else {})

    async def _flash_again(self, _now: datetime) -> None:
        if _can(self.source, LightEntityFeature.FLASH) or _is_off(self.source):
            try:
                await self._flash()
            except EquipmentError:
                return  # tried again in a moment

    @override
    async def silence(self, before: Before | None) -> None:
        state = self.source.state
        if before is None or state is None or before["state"] != STATE_ON:
            await call(self.source, SERVICE_TURN_OFF)
        else:
            await _reproduce(
                self.source,
                State(state.entity_id, before["state"], before["attributes"]),
            )
        self.stop()

    @callback
    @override
    def stop(self) -> None:
        if self._flashing is not None:
            self._flashing()
            self._flashing = None


class PlayerSounder(Sounder):
    """A media player: a sound again and again, its volume put back afterwards."""

    tells = False
    follows = True

    def __init__(self, source: Source, settings: SirenSettings) -> None:
        super().__init__(source, settings)
        self._wanted = False
        self._played = False

    @override
    def before(self, state: State) -> Before | None:
        return {"volume": state.attributes.get("volume_level")}

    @override
    async def sound(self) -> None:
        self._wanted, self._played = True, False
        try:
            if (volume := self.settings.volume) is not None and _can(
                self.source, MediaPlayerEntityFeature.VOLUME_SET
            ):
                await call(self.source, SERVICE_VOLUME_SET, {"volume_level": volume})
            await self._play()
            if _can(self.source, MediaPlayerEntityFeature.REPEAT_SET):
                await call(self.source, "repeat_set", {"repeat": RepeatMode.ONE})
        except EquipmentError:
            self._wanted = False
            raise

    async def _play(self) -> None:
        settings = self.settings
        media = settings.media_id or self._shipped()
        await call(
            self.source,
            "play_media",
            {
                "media_content_id": media,
                "media_content_type": settings.media_type or "music",
            },
        )

    def _shipped(self) -> str:
        """Return where players on the network find the sound that is shipped."""
        try:
            return f"{get_url(self.source.hass)}{SIREN_SOUND}"
        except NoURLAvailableError as err:
            raise EquipmentError(Failure.UNSUPPORTED) from err

    @override
    async def seen(self, state: State) -> None:
        if not self._wanted:
            return
        if state.state in (MediaPlayerState.PLAYING, MediaPlayerState.BUFFERING):
            self._played = True
        elif self._played:
            # It has come to the end of the sound, or somebody stopped it.
            self._played = False
            try:
                await self._play()
            except EquipmentError:
                return  # it has gone; whoever supervises it says so

    @override
    async def silence(self, before: Before | None) -> None:
        self._wanted = False
        if _can(self.source, MediaPlayerEntityFeature.REPEAT_SET):
            await call(self.source, "repeat_set", {"repeat": RepeatMode.OFF})
        if _can(self.source, MediaPlayerEntityFeature.STOP):
            await call(self.source, SERVICE_MEDIA_STOP)
        else:
            await call(self.source, SERVICE_TURN_OFF)
        volume = (before or {}).get("volume")
        if volume is not None and self.settings.volume is not None:
            await call(self.source, SERVICE_VOLUME_SET, {"volume_level": volume})


_OF_LIGHT = {
    "brightness",
    "color_mode",
    "color_temp_kelvin",
    "effect",
    "hs_color",
    "rgb_color",
    "rgbw_color",
    "rgbww_color",
    "xy_color",
}


def sounder_of(source: Source, settings: SirenSettings, domain: str) -> Sounder:
    """Return what sounds by an entity of this domain."""
    match domain:
        case "siren":
            return SirenSounder(source, settings)
        case "switch":
            return SwitchSounder(source, settings)
        case "light":
            return LightSounder(source, settings)
        case "media_player":
            return PlayerSounder(source, settings)
    raise ValueError(f"{domain} makes no noise")


def _can(
    source: Source,
    feature: SirenEntityFeature | LightEntityFeature | MediaPlayerEntityFeature,
) -> bool:
    state = source.state
    return state is not None and bool(
        state.attributes.get(ATTR_SUPPORTED_FEATURES, 0) & feature
    )


def _is_off(source: Source) -> bool:
    state = source.state
    return state is not None and state.state == STATE_OFF


async def _reproduce(source: Source, state: State) -> None:
    try:
        await async_reproduce_state(source.hass, state)
    except HomeAssistantError as err:
        raise EquipmentError(Failure.UNREACHABLE) from err
