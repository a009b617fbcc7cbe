"""Files from the register, handed to the one who asked for them and to nobody else.

They are in memory for a few minutes. A link is unguessable, signed by Home Assistant
for the session of whoever exported, and answered to that person alone, for as long as
they manage the practice. Whatever else is asked for is not found. Nothing is written
where it could be fetched without signing in, and a restart forgets everything.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from http import HTTPStatus
import secrets
import time
from typing import Final

from aiohttp.web import Request, Response
from homeassistant.components.http.auth import async_sign_path
from homeassistant.components.http.const import KEY_HASS_USER
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers.http import HomeAssistantView
from homeassistant.util.hass_dict import HassKey

from .const import DOMAIN
from .register.page import POLICY

LIFE: Final = timedelta(minutes=5)
# The oldest goes when there are more.
_MOST: Final = 16
_URL: Final = f"/api/{DOMAIN}/handout"

_HEADERS: Final = {
    # A page of ours is shown in a sandbox: no script, no form, no frame around it.
    "Content-Security-Policy": f"{POLICY}; frame-ancestors 'none'; sandbox",
    "Cache-Control": "no-store, private",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Resource-Policy": "same-origin",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Handout:
    """A file for one person, and who is asked whether they may still have it."""

    practice: str
    user: str
    name: str
    content_type: str
    content: bytes
    # Whether that person may still have it, and who is told that they fetched it.
    may_have: Callable[[], bool]
    fetched: Callable[[], None]


class Handouts:
    """The files that wait to be fetched."""

    def __init__(self) -> None:
        self._waiting: dict[str, tuple[float, Handout]] = {}

    @callback
    def offer(self, handout: Handout) -> str:
        """Keep a file for a few minutes; return the path that it is fetched from."""
        self._forget_old()
        while len(self._waiting) >= _MOST:
            del self._waiting[next(iter(self._waiting))]
        token = secrets.token_urlsafe(32)
        self._waiting[token] = (time.monotonic() + LIFE.total_seconds(), handout)
        return f"{_URL}/{token}"

    @callback
    def find(self, token: str, user: str) -> Handout | None:
        """Return the file with this token for this person, unless it is too late."""
        self._forget_old()
        found = self._waiting.get(token)
        if found is None:
            return None
        _, handout = found
        return handout if handout.user == user and handout.may_have() else None

    @callback
    def forget(self, practice: str) -> None:
        """Forget the files of a practice that is unloaded."""
        self._waiting = {
            token: kept
            for token, kept in self._waiting.items()
            if kept[1].practice != practice
        }

    def _forget_old(self) -> None:
        now = time.monotonic()
        self._waiting = {
            token: kept for token, kept in self._waiting.items() if kept[0] > now
        }


HANDOUTS: HassKey[Handouts] = HassKey(f"{DOMAIN}_handouts")


class HandoutView(HomeAssistantView):
    """Hands a file to the one who exported it."""

    url = _URL + "/{token}"
    name = f"api:{DOMAIN}:handout"

    def __init__(self, handouts: Handouts) -> None:
        self._handouts = handouts

    async def get(self, request: Request, token: str) -> Response:
        """Answer with the file, or that there is none: never why."""
        handout = self._handouts.find(token, request[KEY_HASS_USER].id)
        if handout is None:
            return Response(status=HTTPStatus.NOT_FOUND, headers=_HEADERS)
        handout.fetched()
        shown = "inline" if handout.content_type == "text/html" else "attachment"
        return Response(
            body=handout.content,
            content_type=handout.content_type,
            charset="utf-8",
            headers=_HEADERS
            | {"Content-Disposition": f'{shown}; filename="{handout.name}"'},
        )


@callback
def async_setup_handouts(hass: HomeAssistant) -> None:
    """Register the view, whether or not a practice is set up yet."""
    handouts = hass.data[HANDOUTS] = Handouts()
    hass.http.register_view(HandoutView(handouts))


@callback
def async_hand_out(hass: HomeAssistant, handout: Handout) -> str:
    """Keep a file, and return the signed path for whoever asks at the moment."""
    return async_sign_path(hass, hass.data[HANDOUTS].offer(handout), LIFE)
