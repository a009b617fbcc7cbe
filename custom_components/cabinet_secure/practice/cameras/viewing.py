"""Who looked through which camera (DOMAIN: *Viewing is recorded*)."""

from dataclasses import replace
from datetime import timedelta

from ..people import Actor
from ..turn import Turn
from .effects import AnnounceViewing
from .events import CameraViewed
from .state import Viewing

# A dashboard asks for a picture every few seconds: that is one viewing.
SAME_VIEWING = timedelta(minutes=5)
# Nobody fills the memory by looking.
_REMEMBERED = 100


def camera_viewed(turn: Turn, event: CameraViewed) -> None:
    """Say that somebody looks, once in five minutes for each who does."""
    viewings = tuple(
        viewing
        for viewing in turn.state.cameras.viewings
        if viewing.since + SAME_VIEWING > turn.now
        and not turn.is_from_future(viewing.since)
    )
    if event.camera in turn.config.cameras and not any(
        viewing.camera == event.camera and _are_one(viewing.viewer, event.viewer)
        for viewing in viewings
    ):
        viewings = (
            *viewings,
            Viewing(camera=event.camera, viewer=event.viewer, since=turn.now),
        )
        turn.emit(
            AnnounceViewing(camera=event.camera, viewer=event.viewer, means=event.means)
        )
    if viewings != turn.state.cameras.viewings:
        turn.state = replace(
            turn.state,
            cameras=replace(turn.state.cameras, viewings=viewings[-_REMEMBERED:]),
        )


def _are_one(one: Actor | None, other: Actor | None) -> bool:
    if one is None or other is None:
        return one is other
    return one.is_same_as(other)
