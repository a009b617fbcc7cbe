"""A hold of a strike, renewed for as long as it is wanted and we live.

DOMAIN, *Opening a door*: a hold is a short renewed lease on the device, so that the
door secures itself if this software dies.
"""

import asyncio
import contextlib
import logging

from .client import TwoNClient
from .errors import TwoNError
from .models import SwitchAction

_LOGGER = logging.getLogger(__name__)

# Seconds that one lease lasts, and between renewals: two may fail before it ends.
LEASE = 60
RENEWED_EVERY = 20


class Lease:
    """The hold of one switch."""

    def __init__(self, client: TwoNClient, switch: int) -> None:
        self._client = client
        self._switch = switch
        self._renewing: asyncio.Task[None] | None = None

    @property
    def running(self) -> bool:
        """Whether the hold is renewed."""
        return self._renewing is not None

    async def begin(self) -> None:
        """Hold, and keep holding. Raises TwoNError when the first lease is refused."""
        self.drop()
        await self._hold()
        self.drop()
        self._renewing = asyncio.create_task(
            self._renew(), name=f"lease of switch {self._switch}"
        )

    def drop(self) -> None:
        """Renew no more: the device secures the door when the lease is over."""
        if self._renewing is not None:
            self._renewing.cancel()
            self._renewing = None

    async def end(self) -> None:
        """Secure the door now. Raises TwoNError; the lease is not renewed then either."""
        renewing, self._renewing = self._renewing, None
        if renewing is not None:
            renewing.cancel()
            # A renewal on its way would arrive after the release.
            with contextlib.suppress(asyncio.CancelledError):
                await renewing
        await self._client.switch_control(self._switch, SwitchAction.RELEASE)
        await self._client.switch_control(self._switch, SwitchAction.OFF)

    async def _renew(self) -> None:
        while True:
            await asyncio.sleep(RENEWED_EVERY)
            try:
                await self._hold()
            except TwoNError as err:
                _LOGGER.debug("A lease could not be renewed: %s", err)

    async def _hold(self) -> None:
        await self._client.switch_control(
            self._switch, SwitchAction.HOLD, timeout=LEASE
        )
