"""Codes and links: made so that nobody guesses them, and kept as digests only."""

from collections.abc import Collection
import hashlib
import hmac
import secrets

from homeassistant.core import HomeAssistant

from .practice.grants.codes import is_strong, neighbours

# What trying one code costs whoever has our files: with scrypt, and a secret of this
# practice as its salt, some 10 ms and 4 MiB.
_COST = 2**12
_BLOCK = 8


class Credentials:
    """What a practice gives to people, and how it recognises it again."""

    def __init__(self, hass: HomeAssistant, secret: str) -> None:
        self._hass = hass
        self._secret = secret.encode()

    def key(self, purpose: str) -> bytes:
        """Return the key of this practice for one purpose, of 256 bits."""
        return hmac.digest(self._secret, purpose.encode(), "sha256")

    async def digest(self, code: str) -> str:
        """Return what is kept of a code or a card: enough to recognise it."""
        return await self._hass.async_add_executor_job(self._digest, code)

    async def new_code(self, digits: int, taken: Collection[str]) -> tuple[str, str]:
        """Return a new code and its digest.

        It is strong, was not given before, and a slip of the finger does not make it
        out of one that was; `taken` are the digests of those.
        """
        return await self._hass.async_add_executor_job(
            self._new_code, digits, frozenset(taken)
        )

    def _new_code(self, digits: int, taken: frozenset[str]) -> tuple[str, str]:
        while True:
            code = "".join(secrets.choice("0123456789") for _ in range(digits))
            if not is_strong(code):
                continue
            digest = self._digest(code)
            if digest not in taken and not any(
                self._digest(near) in taken
                for near in (neighbours(code) if taken else ())
            ):
                return code, digest

    def _digest(self, code: str) -> str:
        return hashlib.scrypt(
            code.encode(), salt=self._secret, n=_COST, r=_BLOCK, p=1, dklen=32
        ).hex()


def new_secret() -> str:
    """Return the secret of a new practice."""
    return secrets.token_hex(32)
