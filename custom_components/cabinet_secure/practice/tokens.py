"""One-shot answers: what a notification carries, and what is remembered of it.

Every token is good for one answer, for one ring or panic, once, until it expires
(DOMAIN: *Notifications*). Who presents it is looked at elsewhere: a token alone opens
nothing.
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from enum import StrEnum
import hashlib
import hmac
from typing import Protocol

from .one_shot import Token
from .turn import Turn


class Holder(Protocol):
    """What tokens were handed out for: a ring, a panic."""

    @property
    def tokens(self) -> tuple[Token, ...]:
        """The tokens, the oldest first."""
        ...


def digest(token: str) -> str:
    """Return what is kept of a token: enough to recognise it, not to present it."""
    return hashlib.sha256(token.encode(errors="surrogatepass")).hexdigest()


def hand_out[A: StrEnum](
    turn: Turn, answers: Iterable[A], *, step: int, expires_at: datetime
) -> tuple[tuple[Token, ...], Mapping[A, str]]:
    """Return new tokens, one for each answer, and their texts for who may answer."""
    texts = {answer: turn.new_token() for answer in answers}
    tokens = tuple(
        Token(digest=digest(text), answer=answer, step=step, expires_at=expires_at)
        for answer, text in texts.items()
    )
    return tokens, texts


def find[H: Holder](holders: Iterable[H], presented: str) -> tuple[H, Token] | None:
    """Return the token with this text and its holder, or None for a forged one.

    Every token is compared, each in constant time: how long it takes tells nothing.
    """
    presented_digest = digest(presented)
    found = None
    for holder in holders:
        for token in holder.tokens:
            if hmac.compare_digest(token.digest, presented_digest):
                found = (holder, token)
    return found


def use(tokens: tuple[Token, ...], used: Token) -> tuple[Token, ...]:
    """Return the tokens with this one used up."""
    return tuple(replace(t, used=True) if t is used else t for t in tokens)
