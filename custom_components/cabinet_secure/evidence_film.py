"""Films what a camera's stream shows while evidence is kept."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Final

from homeassistant.components.stream import HLS_PROVIDER, Stream
from homeassistant.core import HomeAssistant
from homeassistant.util import dt as dt_util

from .evidence_room import EvidenceRoom, Stored

if TYPE_CHECKING:
    from .film import Film

# Seconds after which it is looked whether a stream still goes on.
_LOOK_AGAIN: Final = 5


async def async_film(
    hass: HomeAssistant,
    room: EvidenceRoom,
    path: Path,
    open_stream: Callable[[], Awaitable[Stream | None]],
    *,
    until: datetime,
    is_hidden: Callable[[], bool],
) -> Stored | None:
    """Film until then, with what the stream still has of before; None without a film.

    It ends where the camera is hidden. Raises OSError where it cannot be written.
    """
    stream = await open_stream()
    if stream is None:
        return None
    output = stream.add_provider(HLS_PROVIDER)
    await stream.start()
    partial = await hass.async_add_executor_job(room.begin, path)
    film = await hass.async_add_executor_job(_begin, partial)
    last = -1
    try:
        # An output that was taken from its stream would never have us wait again.
        while (
            stream.outputs().get(HLS_PROVIDER) is output
            and not film.is_full
            and not is_hidden()
        ):
            # Somebody looks: the stream goes on.
            output.idle_timer.awake()
            for segment in list(output.get_segments()):
                if segment.complete and segment.sequence > last:
                    last = segment.sequence
                    await hass.async_add_executor_job(film.add, segment)
            if dt_util.utcnow() >= until:
                break
            with suppress(TimeoutError):
                async with asyncio.timeout(_LOOK_AGAIN):
                    await output.recv()
    finally:
        await hass.async_add_executor_job(film.close)
    if film.size:
        return await hass.async_add_executor_job(room.finish, partial)
    await hass.async_add_executor_job(partial.unlink)
    return None


def _begin(path: Path) -> Film:
    # Whoever has a stream has this library; nobody else needs it.
    from .film import Film

    return Film(path)
