"""Evidence: takes pictures of what happens, keeps them, and deletes them in time."""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine, Mapping
from datetime import datetime, timedelta
from functools import partial
import logging
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from homeassistant.components.stream import Stream
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers.event import async_track_time_interval
from homeassistant.util import dt as dt_util, slugify

from .const import (
    CONF_MEDIA_DAYS,
    CONF_MEDIA_LIMIT,
    DEFAULT_MEDIA_DAYS,
    DEFAULT_MEDIA_LIMIT,
    MAX_MEDIA_DAYS,
)
from .door_commands import Handler
from .equipment import Camera, EquipmentError
from .evidence_film import async_film
from .evidence_room import EvidenceRoom, Note, Stored
from .practice.cameras.effects import StartEvidence
from .practice.cameras.events import EvidenceKind, EvidenceReported
from .practice.effects import Effect
from .practice.events import Fault, FaultCleared, FaultRaised
from .register import EntryType, Query, RegisterError

if TYPE_CHECKING:
    from .coordinator import PracticeCoordinator

_LOGGER = logging.getLogger(__name__)

# Seconds between two pictures, and how many of one camera a session has at most.
_INTERVAL: Final = 2
_MOST: Final = 31
# Seconds before the event of which a camera is asked that remembers.
_BEFORE: Final = (10, 5)
# Bytes; no camera has a reason to send more in one picture.
_LARGEST: Final = 5_000_000
_PATIENCE: Final = 10
_PURGE_INTERVAL: Final = timedelta(hours=1)
_MEGABYTE: Final = 1_000_000
# A crash between a file and its entry is made up for within this time.
_LOOK_BACK: Final = timedelta(days=7)

# Why a camera gave nothing (in the register).
HIDDEN: Final = "hidden"
TOO_LARGE: Final = "too_large"
NO_SPACE: Final = "no_space"
FAILED: Final = "failed"
# Why a file is on record only now: a crash came in between.
FOUND: Final = "found_at_start"

type OpenStream = Callable[[], Awaitable[Stream | None]]


class PublicFolderError(OSError):
    """The folder of media is served to people who are not signed in."""


class Evidence:
    """Keeps the evidence of one practice."""

    def __init__(
        self, coordinator: PracticeCoordinator, cameras: Mapping[str, Camera]
    ) -> None:
        self._hass = hass = coordinator.hass
        self._entry = entry = coordinator.entry
        self._coordinator = coordinator
        self._cameras = cameras
        days = min(
            entry.options.get(CONF_MEDIA_DAYS, DEFAULT_MEDIA_DAYS), MAX_MEDIA_DAYS
        )
        self._kept_for = timedelta(days=days)
        self._media = media_folder(hass)
        self._room = EvidenceRoom(
            self._media,
            entry.entry_id,
            entry.options.get(CONF_MEDIA_LIMIT, DEFAULT_MEDIA_LIMIT) * _MEGABYTE,
        )
        self._equipment_of = {
            camera.id: each.id
            for each in coordinator.equipment.values()
            for camera in each.all_cameras
        }
        self._name_of = {
            camera.id: slugify(each.name)
            for each in coordinator.equipment.values()
            for camera in each.all_cameras
        }
        # Nothing is begun before what a crash has left is finished.
        self._ready = asyncio.Event()
        self._tasks: set[asyncio.Task[None]] = set()
        # How the streams of cameras are opened, where they have any.
        self.streams: dict[str, OpenStream] = {}
        self.handlers: dict[type[Effect], Handler] = {StartEvidence: self._start}

    @callback
    def async_start(self) -> None:
        """Finish what was interrupted, and delete what was kept for long enough."""
        self._background(self._tidy(), "evidence")
        self._entry.async_on_unload(
            async_track_time_interval(
                self._hass, self.async_purge, _PURGE_INTERVAL, cancel_on_shutdown=True
            )
        )

    async def stop(self) -> None:
        """Let go of whatever is going on: the next start goes on with it."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _tidy(self) -> None:
        in_executor = self._hass.async_add_executor_job
        since = dt_util.now() - _LOOK_BACK
        try:
            try:
                left = await in_executor(self._room.leftovers, since)
            finally:
                self._ready.set()
            for note, files in left:
                known = await self._on_record(note.session)
                for stored in await in_executor(self._room.unknown, files, known):
                    self._report(
                        EvidenceKind.KEPT, note.session, stored=stored, reason=FOUND
                    )
        except (OSError, RegisterError) as err:
            _LOGGER.warning("Evidence that was interrupted is not finished: %s", err)
        await self.async_purge()

    async def _on_record(self, session: str) -> frozenset[str]:
        """Return the files of a session that are on record. Raises RegisterError."""
        query = Query(types=frozenset({EntryType.CAMERA}), session=session, limit=1000)
        entries = (await self._coordinator.records.register.query(query)).entries
        return frozenset(e.details["file"] for e in entries if "file" in e.details)

    async def async_purge(self, _now: datetime | None = None) -> None:
        """Delete the sessions whose time is up, but for those that are frozen."""
        try:
            frozen = await self._frozen()
            gone = await self._hass.async_add_executor_job(
                self._room.purge, self._kept_for, dt_util.now(), frozen
            )
        except (OSError, RegisterError) as err:
            # In doubt it stays; the next time makes up for it.
            _LOGGER.warning("Evidence was not deleted: %s", err)
            return
        for note in gone:
            self._report(EvidenceKind.DELETED, note.session, reason=note.cause)

    async def _frozen(self) -> Callable[[Note], bool]:
        """Return what tells whether a session is frozen. Raises RegisterError."""
        register = self._coordinator.records.register
        now = dt_util.utcnow()
        query = Query(types=frozenset({EntryType.FREEZE}), limit=1000)
        freezes = [
            entry.details
            for entry in (await register.query(query)).entries
            if datetime.fromisoformat(entry.details["until"]) > now
        ]
        sessions = {each for freeze in freezes for each in freeze["sessions"]}
        if ids := frozenset(each for freeze in freezes for each in freeze["entries"]):
            named = await register.query(Query(ids=ids, limit=1000))
            sessions |= {entry.session for entry in named.entries if entry.session}
        periods = [
            (datetime.fromisoformat(start), datetime.fromisoformat(end))
            for freeze in freezes
            for start, end in freeze["periods"]
        ]
        return lambda note: (
            note.session in sessions
            or any(start <= note.started_at < end for start, end in periods)
        )

    # --- a session -------------------------------------------------------------------

    @callback
    def _start(self, effect: StartEvidence) -> None:
        for camera in effect.session.cameras:
            self._background(
                self._watch(effect, self._cameras[camera]),
                f"evidence of {camera}",
            )

    async def _watch(self, effect: StartEvidence, camera: Camera) -> None:
        await self._ready.wait()
        session = effect.session
        note = Note(
            entry_id=self._entry.entry_id,
            session=session.id,
            cause=session.cause,
            started_at=dt_util.as_local(session.started_at),
        )
        prepared = self._hass.async_add_executor_job(self._prepare, note)
        folder = await self._guarded(prepared, session.id, camera)
        if folder is None:
            return
        work: list[Awaitable[None]] = [self._pictures(effect, camera, folder)]
        if open_stream := self.streams.get(camera.id):
            work.append(self._film(effect, camera, folder, open_stream))
        await asyncio.gather(
            *(self._guarded(part, session.id, camera) for part in work)
        )

    async def _guarded[T](
        self, work: Awaitable[T], session: str, camera: Camera
    ) -> T | None:
        """Do a part of the work; where it fails, say so, and let the rest go on."""
        try:
            return await work
        except OSError as err:
            _LOGGER.error("Evidence cannot be kept: %s", err)
            reason = NO_SPACE
            self._coordinator.hear(
                FaultRaised(
                    equipment=self._equipment_of[camera.id], fault=Fault.STORAGE
                )
            )
        except Exception:
            _LOGGER.exception("Evidence of %s is not complete", camera.id)
            reason = FAILED
        self._report(EvidenceKind.MISSING, session, camera=camera.id, reason=reason)
        return None

    def _prepare(self, note: Note) -> Path:
        """Return the folder of a session. Raises OSError where there is no space."""
        www = Path(self._hass.config.path("www")).resolve()
        media = self._media.resolve()
        if media == www or www in media.parents:
            raise PublicFolderError("The folder of media is served to everybody")
        folder = self._room.open_session(note)
        self._room.make_room()
        return folder

    async def _pictures(
        self, effect: StartEvidence, camera: Camera, folder: Path
    ) -> None:
        missed: set[str] = set()

        def miss(reason: str) -> None:
            """Say once why there is no picture."""
            if reason not in missed:
                missed.add(reason)
                self._report(
                    EvidenceKind.MISSING,
                    effect.session.id,
                    camera=camera.id,
                    reason=reason,
                )

        async def take(look: Awaitable[bytes | None], name: str) -> None:
            try:
                async with asyncio.timeout(_PATIENCE):
                    picture = await look
            except EquipmentError as err:
                return miss(err.failure)
            except TimeoutError:
                return miss("too_late")
            if picture is None:
                return miss(HIDDEN)
            if len(picture) > _LARGEST:
                return miss(TOO_LARGE)
            stored = await self._hass.async_add_executor_job(
                self._room.keep, folder / f"{name}.jpg", picture
            )
            self._kept(effect.session.id, camera.id, stored)
            return None

        look = self._coordinator.cameras.look
        if camera.remembers and not effect.resumed:
            for seconds in _BEFORE:
                before = look(camera, None, None, seconds_before=seconds)
                await take(before, f"{self._stamp(camera)}_{seconds}s_before")
        loop = asyncio.get_running_loop()
        for _ in range(_MOST):
            began = loop.time()
            await take(look(camera, None, None), self._stamp(camera))
            if dt_util.utcnow() >= effect.session.ends_at:
                break
            await asyncio.sleep(max(0.0, began + _INTERVAL - loop.time()))

    async def _film(
        self,
        effect: StartEvidence,
        camera: Camera,
        folder: Path,
        open_stream: OpenStream,
    ) -> None:
        stored = await async_film(
            self._hass,
            self._room,
            folder / f"{self._stamp(camera)}.mp4",
            open_stream,
            until=effect.session.ends_at,
            is_hidden=partial(self._coordinator.cameras.is_hidden, camera.id),
        )
        if stored is not None:
            self._kept(effect.session.id, camera.id, stored)

    def _stamp(self, camera: Camera) -> str:
        """Return a name for a file: which camera, and when."""
        now = dt_util.now().strftime("%H%M%S_%f")[:-3]
        return f"{self._name_of[camera.id]}_{now}"

    # --- what is told ----------------------------------------------------------------

    @callback
    def _kept(self, session: str, camera: str, stored: Stored) -> None:
        self._report(EvidenceKind.KEPT, session, camera=camera, stored=stored)
        self._coordinator.hear(
            FaultCleared(equipment=self._equipment_of[camera], fault=Fault.STORAGE)
        )

    @callback
    def _report(
        self,
        kind: EvidenceKind,
        session: str,
        *,
        camera: str | None = None,
        stored: Stored | None = None,
        reason: str | None = None,
    ) -> None:
        self._coordinator.hear(
            EvidenceReported(
                kind=kind,
                session=session,
                camera=camera,
                file=stored.file if stored else None,
                digest=stored.digest if stored else None,
                reason=reason,
            )
        )

    @callback
    def _background(self, work: Coroutine[Any, Any, None], name: str) -> None:
        task = self._entry.async_create_background_task(self._hass, work, name)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)


def media_folder(hass: HomeAssistant) -> Path:
    """Return Home Assistant's folder of media, which only signed-in people reach."""
    folders = hass.config.media_dirs
    usual = next(iter(folders.values()), hass.config.path("media"))
    return Path(folders.get("local", usual))
