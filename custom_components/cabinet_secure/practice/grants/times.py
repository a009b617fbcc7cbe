"""When a grant is valid."""

from datetime import UTC, datetime, timedelta, tzinfo

from .model import Grant, GrantPhase, WeeklyWindow

_WEEK_AND_A_DAY = 8


def phase_of(grant: Grant, now: datetime) -> GrantPhase:
    """Return where a grant stands."""
    if grant.ended is not None:
        return grant.ended
    if now >= grant.valid_to:
        return GrantPhase.EXPIRED
    return GrantPhase.PLANNED if now < grant.valid_from else GrantPhase.ACTIVE


def stretch_of(
    grant: Grant, now: datetime, zone: tzinfo
) -> tuple[datetime, datetime] | None:
    """Return from when to when a grant is valid without a break, now or next.

    None where it will not be valid any more. The end is not part of it.
    """
    if grant.ended is not None:
        return None
    if not grant.windows:
        stretches = [(grant.valid_from, grant.valid_to)]
    else:
        # A grant may begin long after now.
        first = max(now, grant.valid_from)
        stretches = [
            (max(start, grant.valid_from), min(end, grant.valid_to))
            for window in grant.windows
            for start, end in _around(window, first, zone)
        ]
    ahead = [(start, end) for start, end in stretches if start < end and now < end]
    if not ahead:
        return None
    start, end = min(ahead)
    # Windows that touch or overlap are one stretch.
    for next_start, next_end in sorted(ahead):
        if next_start <= end:
            end = max(end, next_end)
    return start, end


def is_valid_at(grant: Grant, now: datetime, zone: tzinfo) -> bool:
    """Whether a grant is valid at this moment."""
    stretch = stretch_of(grant, now, zone)
    return stretch is not None and stretch[0] <= now


def _around(
    window: WeeklyWindow, time: datetime, zone: tzinfo
) -> list[tuple[datetime, datetime]]:
    """Return the occurrences of a window from the day before a time to a week after."""
    today = time.astimezone(zone).date()
    days = (today + timedelta(days=n) for n in range(-1, _WEEK_AND_A_DAY))
    return [
        (
            _at(zone, datetime.combine(day, window.start)),
            _at(
                zone,
                datetime.combine(
                    day + timedelta(days=window.end <= window.start), window.end
                ),
            ),
        )
        for day in days
        if day.weekday() in window.days
    ]


def _at(zone: tzinfo, wall: datetime) -> datetime:
    """Return the moment at which the clock of the practice shows a time."""
    return wall.replace(tzinfo=zone).astimezone(UTC)
