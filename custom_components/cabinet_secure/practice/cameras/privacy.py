"""Privacy: when a camera shows nothing to anybody.

DOMAIN, *Cameras and privacy*. Anybody may have a camera hidden; it is shown again to
whoever has a role in the practice, and never in a mode in which it is to be hidden. A
panic shows it until the reset, where that is configured; a drill does not. What is not
known is hidden.
"""

from dataclasses import replace

from ..config import PracticeConfig
from ..effects import Refusal, Refused
from ..events import Event, Request
from ..state import PracticeState
from ..turn import Turn
from .effects import AnnouncePrivacy, PrivacyReason, SetPrivacy
from .events import PrivacyRequested
from .state import CameraPrivacy


def decide(
    config: PracticeConfig, state: PracticeState, camera: str
) -> tuple[bool, PrivacyReason | None]:
    """Say whether this camera of the practice must show nothing now, and why."""
    known = config.cameras[camera]
    if known.zone.is_refused:
        return True, PrivacyReason.ZONE
    reason: PrivacyReason | None = None
    if state.cameras.privacy_of(camera).chosen_by is not None:
        reason = PrivacyReason.CHOSEN
    elif state.mode in known.hidden_in:
        reason = PrivacyReason.MODE
    if reason and known.panic_lifts and any(not p.drill for p in state.panic.open):
        return False, PrivacyReason.PANIC
    return reason is not None, reason


def privacy_requested(turn: Turn, event: PrivacyRequested) -> None:
    """Hide a camera for anybody, or show it again to somebody who may see it."""
    if refusal := _refusal(turn, event):
        turn.emit(Refused(refusal=refusal))
        return
    privacy = turn.state.cameras.privacy_of(event.camera)
    if (privacy.chosen_by is not None) is not event.private:
        _put(turn, replace(privacy, chosen_by=event.actor if event.private else None))


def _refusal(turn: Turn, event: PrivacyRequested) -> Refusal | None:
    config = turn.config.cameras.get(event.camera)
    if config is None:
        return Refusal.UNKNOWN_CAMERA
    if event.private:
        return None
    if not turn.config.has_role(event.actor):
        return Refusal.NOT_ALLOWED
    if turn.state.mode in config.hidden_in or config.zone.is_refused:
        return Refusal.HIDDEN_BY_RULE
    return None


def settle(turn: Turn, event: Event) -> None:
    """Decide on every camera after whatever has happened, and say what is different."""
    for camera in turn.config.cameras:
        known = turn.state.cameras.privacy_of(camera)
        is_new = known not in turn.state.cameras.privacy
        private, reason = decide(turn.config, turn.state, camera)
        if (known.private, known.reason, known.told) == (private, reason, True):
            continue
        _put(turn, replace(known, private=private, reason=reason, told=True))
        # One that is only being set up is left as it was found, unless it is hidden.
        if private if is_new or not known.told else known.private is not private:
            turn.emit(SetPrivacy(camera=camera, private=private))
        if not is_new and (known.private, known.reason) != (private, reason):
            turn.emit(
                AnnouncePrivacy(
                    camera=camera,
                    private=private,
                    reason=reason,
                    by=event.actor if isinstance(event, Request) else None,
                )
            )


def after_restart(config: PracticeConfig, state: PracticeState) -> PracticeState:
    """Forget cameras that are gone; the others are hidden until they were told anew."""
    return replace(
        state,
        cameras=replace(
            state.cameras,
            privacy=tuple(
                replace(privacy, told=False)
                for privacy in state.cameras.privacy
                if privacy.camera in config.cameras
            ),
        ),
    )


def _put(turn: Turn, privacy: CameraPrivacy) -> None:
    turn.state = replace(turn.state, cameras=turn.state.cameras.with_privacy(privacy))
