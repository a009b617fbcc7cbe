"""The modes in which a practice is run."""

from enum import StrEnum


class Mode(StrEnum):
    """How the practice is run at the moment."""

    OPEN = "open"
    STAFF_ONLY = "staff_only"
    ON_CALL = "on_call"
    CLOSED = "closed"
    LOCKDOWN = "lockdown"
