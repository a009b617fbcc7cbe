"""One-shot answers: what a notification carries, and what is remembered of it.

Every token is good for one answer, for one ring, once, until the life of the ring is
over (DOMAIN: *Notifications*). Who presents it is looked at elsewhere: a token alone
opens nothing.
"""

from collections.abc import Mapping
from dataclasses import replace
import hashlib
import hmac

from .state import Answer, Ring, Token
from .turn import Turn


def digest(token: str) -> str:
    """Return what is kept of a token: enough to recognise it, not to present it."""
    return hashlib.sha256(token.encode(errors="surrogatepass")).hexdigest()


def hand_out(turn: Turn, ring: Ring) -> tuple[Ring, Mapping[Answer, str]]:
    """Return the ring with new tokens, and their texts for whoever may answer."""
    texts = {answer: turn.new_token() for answer in Answer}
    tokens = tuple(
        Token(
            digest=digest(text),
            answer=answer,
            step=ring.step,
            expires_at=ring.expires_at,
        )
        for answer, text in texts.items()
    )
    return replace(ring, tokens=ring.tokens + tokens), texts


def find(turn: Turn, presented: str) -> tuple[Ring, Token] | None:
    """Return the token with this text and its ring, or None for a forged one.

    Every token is compared, each in constant time: how long it takes tells nothing.
    """
    presented_digest = digest(presented)
    found = None
    for ring in turn.state.rings:
        for token in ring.tokens:
            if hmac.compare_digest(token.digest, presented_digest):
                found = (ring, token)
    return found


def use(ring: Ring, token: Token) -> Ring:
    """Return the ring with this token used up."""
    used = replace(token, used=True)
    return replace(ring, tokens=tuple(used if t is token else t for t in ring.tokens))
