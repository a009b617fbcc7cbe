"""Codes of the alarm: hashed, compared off the event loop, never shown again.

All codes of a practice share one salt, so that one hash is computed per attempt,
whatever the number of codes. It is as costly as several cheaper ones would be, to the
practice and to whoever steals the file alike, and takes the same time for every code.
"""

import asyncio
from collections import defaultdict
from collections.abc import Iterable, Mapping
import hmac
from itertools import pairwise
from typing import TYPE_CHECKING, Any, Final

import bcrypt
from homeassistant.util import dt as dt_util

from .const import CONF_CODES, CONF_DURESS, CONF_HASH, CONF_LABEL, CONF_PERSON
from .practice.intrusion.codes import answer_after
from .practice.intrusion.events import (
    ArmRequested,
    CodeHolder,
    CodeOffered,
    CodePresented,
    DisarmRequested,
)
from .practice.people import Actor

if TYPE_CHECKING:
    from .coordinator import PracticeCoordinator

SHORTEST: Final = 6
LONGEST: Final = 12

# As costly as Home Assistant's own passwords.
_ROUNDS: Final = 12
_SALT_LENGTH: Final = 29
# What is compared for something that cannot be a code: no code has this hash.
_NO_CODE: Final = b"-"


class CodeBook:
    """The codes of a practice, as they are stored."""

    def __init__(self, codes: Iterable[Mapping[str, Any]]) -> None:
        self._codes = [(str(code[CONF_HASH]).encode(), code) for code in codes]
        self._salt = (
            self._codes[0][0][:_SALT_LENGTH] if self._codes else bcrypt.gensalt(_ROUNDS)
        )

    def __bool__(self) -> bool:
        """Whether there are any codes."""
        return bool(self._codes)

    def hash(self, code: str) -> str:
        """Return what is kept of a code. Takes a fraction of a second: never in the loop."""
        text = code.encode() if is_code(code) else _NO_CODE
        return bcrypt.hashpw(text, self._salt).decode()

    def holder(self, code: str) -> CodeHolder | None:
        """Return whose code it is, or None for a wrong one. Never in the loop.

        Every code is compared, each in constant time: how long it takes tells nothing.
        """
        hashed = self.hash(code).encode()
        found: CodeHolder | None = None
        for known, about in self._codes:
            if hmac.compare_digest(known, hashed):
                found = CodeHolder(
                    label=about[CONF_LABEL],
                    person=about[CONF_PERSON],
                    duress=about[CONF_DURESS],
                )
        return found


class AlarmCodes:
    """Has codes compared, those of one source one after the other."""

    def __init__(self, coordinator: PracticeCoordinator) -> None:
        self._coordinator = coordinator
        self.book = CodeBook(coordinator.entry.options.get(CONF_CODES, ()))
        self._turns: dict[str, asyncio.Lock] = defaultdict(asyncio.Lock)

    async def present(
        self, actor: Actor, code: str, wish: ArmRequested | DisarmRequested
    ) -> None:
        """Do what a code is presented for.

        Raises ServiceValidationError for a wrong code, and for any while its source is
        locked out.
        """
        coordinator = self._coordinator
        source = actor.id or actor.kind
        async with self._turns[source]:
            await coordinator.async_request(CodeOffered(actor=actor, source=source))
            holder = await coordinator.hass.async_add_executor_job(
                self.book.holder, code
            )
            if holder is not None and not await self._may_sign_in(holder):
                holder = None
            alarm = coordinator.state.intrusion
            await asyncio.sleep(answer_after(alarm, dt_util.utcnow()).total_seconds())
            await coordinator.async_request(
                CodePresented(actor=actor, source=source, holder=holder, wish=wish)
            )

    async def _may_sign_in(self, holder: CodeHolder) -> bool:
        """Whether the person whose code it is still has an account, if it is a person's."""
        if holder.person is None:
            return True
        user = await self._coordinator.hass.auth.async_get_user(holder.person)
        return user is not None and user.is_active


def is_code(text: str) -> bool:
    """Whether this may be a code: 6 to 12 digits, and no other sign."""
    return SHORTEST <= len(text) <= LONGEST and text.isascii() and text.isdigit()


def is_guessed_first(code: str) -> bool:
    """Whether a code is among those that everybody tries: 000000, 123456, 987654."""
    steps = {(int(b) - int(a)) % 10 for a, b in pairwise(code)}
    return steps in ({0}, {1}, {9})
