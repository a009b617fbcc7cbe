"""A one-shot answer as it is remembered."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Token:
    """A one-shot answer that was handed out. Only its digest is kept."""

    digest: str
    # A value of `Answer` or `PanicAnswer`, whichever the token was handed out for.
    answer: str
    step: int
    expires_at: datetime
    used: bool = False
