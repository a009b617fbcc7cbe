"""Evidence: of what happens pictures are kept, from which cameras, and for how long.

It begins with what the practice announces, whoever has found out. Whether a camera is
hidden is asked anew for every picture: privacy comes before evidence.
"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta

from ..config import PracticeConfig
from ..effects import AnnounceDoor, DoorEventKind
from ..intrusion.effects import AnnounceIntrusion, IntrusionEvent
from ..panic.effects import AnnouncePanic, PanicEvent, PanicReason
from ..panic.state import Panic
from ..state import PracticeState
from ..turn import Turn
from .config import CameraConfig, EvidenceCause
from .effects import AnnounceEvidence, StartEvidence
from .events import EvidenceKind, EvidenceReported
from .state import EvidenceSession

# Pictures are taken for this long (issue: every 2 s for 60 s).
LASTS = timedelta(seconds=60)
# Sessions of one cause that go on at once; doors that are forced by the dozen fill no
# disk, and take no place from a call for help.
_AT_ONCE = 8


def settle(turn: Turn) -> None:
    """Begin what calls for it, end what is over, and go on after a restart."""
    _put(
        turn,
        [
            session
            for session in turn.state.cameras.evidence
            if session.ends_at > turn.now
            and not turn.is_from_future(session.started_at)
        ],
    )
    for effect in list(turn.effects):
        match effect:
            case AnnounceDoor(kind=DoorEventKind.FORCED, door=door, late=False):
                _begin(turn, EvidenceCause.FORCED_DOOR, turn.new_token(), door)
            case (
                AnnouncePanic(
                    event=PanicEvent.RAISED, panic=Panic(id=panic, drill=False)
                )
                | AnnouncePanic(
                    reason=PanicReason.PRESSED_AGAIN, panic=Panic(id=panic, drill=False)
                )
            ):
                _begin(turn, EvidenceCause.PANIC, panic, None)
            case AnnounceIntrusion(event=IntrusionEvent.TRIGGERED, session=named):
                alarm = named or turn.new_token()
                _begin(turn, EvidenceCause.INTRUSION, alarm, None)
    for session in turn.state.cameras.evidence:
        if not session.told:
            resumed = session.started_at < turn.now
            turn.emit(StartEvidence(session=session, resumed=resumed))
            if not resumed:
                turn.emit(
                    AnnounceEvidence(
                        kind=EvidenceKind.STARTED,
                        session=session.id,
                        reason=session.cause,
                    )
                )
    _put(turn, [replace(session, told=True) for session in turn.state.cameras.evidence])


def _begin(turn: Turn, cause: EvidenceCause, session: str, door: str | None) -> None:
    """Begin a session, unless one of this name or of this door is going on."""
    known = turn.state.cameras.evidence
    alike = [each for each in known if each.cause is cause]
    cameras = tuple(
        camera
        for camera, config in turn.config.cameras.items()
        if _sees(config, cause, door)
    )
    goes_on = any(
        each.id == session or (door is not None and each.door == door) for each in alike
    )
    if not cameras or goes_on or len(alike) >= _AT_ONCE:
        return
    begun = EvidenceSession(
        id=session,
        cause=cause,
        cameras=cameras,
        door=door,
        started_at=turn.now,
        ends_at=turn.now + LASTS,
    )
    _put(turn, [*known, begun])


def _sees(config: CameraConfig, cause: EvidenceCause, door: str | None) -> bool:
    return cause in config.evidence and (
        door is None or not config.doors or door in config.doors
    )


def reported(turn: Turn, event: EvidenceReported) -> None:
    """Say what became of evidence."""
    turn.emit(
        AnnounceEvidence(
            kind=event.kind,
            session=event.session,
            camera=event.camera,
            file=event.file,
            digest=event.digest,
            reason=event.reason,
        )
    )


def deadlines(state: PracticeState) -> Iterator[datetime]:
    """Yield when sessions end."""
    for session in state.cameras.evidence:
        yield session.ends_at


def after_restart(config: PracticeConfig, state: PracticeState) -> PracticeState:
    """Let sessions go on with the cameras that there are still."""
    return replace(
        state,
        cameras=replace(
            state.cameras,
            evidence=tuple(
                replace(
                    session,
                    told=False,
                    cameras=tuple(
                        camera for camera in session.cameras if camera in config.cameras
                    ),
                )
                for session in state.cameras.evidence
            ),
        ),
    )


def _put(turn: Turn, sessions: list[EvidenceSession]) -> None:
    if (evidence := tuple(sessions)) != turn.state.cameras.evidence:
        turn.state = replace(
            turn.state, cameras=replace(turn.state.cameras, evidence=evidence)
        )
