"""How often something may be asked for."""

from collections.abc import Callable
from ipaddress import IPv6Network, ip_address
import time
from typing import Final

# The oldest are forgotten when there are more.
_MOST: Final = 1024


class RateLimit:
    """Lets each asker ask some times in a row, and then once every few seconds."""

    def __init__(
        self,
        in_a_row: int,
        every: float,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._ahead = (in_a_row - 1) * every
        self._every = every
        self._clock = clock
        # When each will have asked no more than once every few seconds.
        self._even: dict[str, float] = {}

    def allows(self, asker: str) -> bool:
        """Whether this asker may ask now; if so, it is counted."""
        now = self._clock()
        even = max(self._even.pop(asker, now), now)
        allowed = even - now <= self._ahead
        if allowed:
            even += self._every
        while len(self._even) >= _MOST:
            del self._even[next(iter(self._even))]
        self._even[asker] = even
        return allowed


def neighbourhood(address: str | None) -> str:
    """Return who asks: an IPv4 address, or the network that one household has of IPv6."""
    if address is None:
        return ""
    try:
        known = ip_address(address)
    except ValueError:
        return address
    return (
        address
        if known.version == 4
        else str(IPv6Network((int(known), 64), strict=False))
    )
