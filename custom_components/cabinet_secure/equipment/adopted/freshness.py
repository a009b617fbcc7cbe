"""The replay rule: what a press that a source tells of is worth.

Sources tell old presses again: after a reload, after a restart, when they come back.
A press counts iff it is newer than the last one that counted and close to now. What the
source showed before is not looked at: that would lose the first press after a restart.
A press that may be a replay is recorded; it opens nothing, and no siren sounds for it
(DOMAIN: *Opening a door* fails closed, *Panic* fails loud to staff).
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

# A press of now is not older than this, by our clock, nor further ahead of it.
FRESH_WITHIN = timedelta(seconds=10)
# A panic is in doubt until this age, and something of the past after it.
DOUBT_WITHIN = timedelta(seconds=120)
# A source that has just come back may tell again what it told before.
SETTLES_WITHIN = timedelta(seconds=3)


class Standing(StrEnum):
    """What is to be done about a press."""

    FRESH = "fresh"  # act on it
    DOUBTFUL = "doubtful"  # alert staff; the siren waits for certainty
    LATE = "late"  # record it
    OLD = "old"  # nothing: it is known, or of a time before us


@dataclass(frozen=True, slots=True, kw_only=True)
class Sighting:
    """A press, as a source tells of it.

    `settling`: the source came back from being unavailable less than 3 s ago. `first`:
    it has told nothing else since.
    """

    pressed_at: datetime
    settling: bool = False
    first: bool = False


def standing_of_ring(
    sighting: Sighting, last: datetime | None, now: datetime
) -> Standing:
    """Say what a press on a bell is worth; `last` is the last one that was heard."""
    if not _is_new(sighting, last, now):
        return Standing.OLD
    if _is_close(sighting, now, FRESH_WITHIN):
        return Standing.LATE if sighting.settling else Standing.FRESH
    return _past(sighting, last, now)


def standing_of_panic(
    sighting: Sighting, last: datetime | None, now: datetime
) -> Standing:
    """Say what a panic is worth; `last` is the last one that was heard.

    One that is ahead of the clock is new, and the clock has been set back: staff is
    alerted.
    """
    if not _is_new(sighting, last, now):
        return Standing.OLD
    if _is_close(sighting, now, FRESH_WITHIN):
        may_be_replay = sighting.first and sighting.settling
        return Standing.DOUBTFUL if may_be_replay else Standing.FRESH
    if sighting.pressed_at > now or _is_close(sighting, now, DOUBT_WITHIN):
        return Standing.DOUBTFUL
    return _past(sighting, last, now)


def _is_new(sighting: Sighting, last: datetime | None, now: datetime) -> bool:
    if last is None:
        return True
    if last > now:
        # The clock was set back since; all that it still tells is which press that was.
        return sighting.pressed_at != last
    return sighting.pressed_at > last


def _is_close(sighting: Sighting, now: datetime, limit: timedelta) -> bool:
    return abs(now - sighting.pressed_at) <= limit


def _past(sighting: Sighting, last: datetime | None, now: datetime) -> Standing:
    # Of a source that was never heard, yesterday's press is none of ours.
    if last is None and not _is_close(sighting, now, DOUBT_WITHIN):
        return Standing.OLD
    return Standing.LATE
