"""Where opening links lead: a page for anybody, and a button that the practice answers.

Looking opens nothing, whoever or whatever looks: messages are previewed by programs. A
press counts only from a page of ours, and once.
"""

from datetime import datetime
from http import HTTPStatus
import logging
import secrets
import time
from typing import Final
from urllib.parse import parse_qs

from aiohttp import hdrs
from aiohttp.web import Request, Response
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError, ServiceValidationError
from homeassistant.helpers.http import HomeAssistantView
from homeassistant.util import dt as dt_util

from .const import DOMAIN, LANGUAGES
from .coordinator import CabinetSecureConfigEntry
from .grants_view import door_name, written
from .opening_links import PATH, OpeningLink, recognise
from .opening_page import HEADERS, WITH_BUTTON, Notice, opening_page, spoken
from .practice.grants.events import LinkPresented, LinkVisited
from .practice.grants.times import stretch_of
from .practice.people import Actor, ActorKind
from .rate_limit import RateLimit, neighbourhood

_LOGGER = logging.getLogger(__name__)

# Whoever presses a button of a page older than this, in seconds, is asked again.
VISIT_LIFE: Final = 900.0
_MOST_VISITS: Final = 1024
# What a browser sends for our form is shorter.
_LONGEST_BODY: Final = 256
_WARNED_EVERY: Final = 3600.0

_VISITOR: Final = Actor(kind=ActorKind.CODE, name="link")

_STATUS: Final = {
    Notice.AGAIN: HTTPStatus.CONFLICT,
    Notice.NOT_YET: HTTPStatus.FORBIDDEN,
    Notice.OVER: HTTPStatus.GONE,
    Notice.NOT_NOW: HTTPStatus.FORBIDDEN,
    Notice.SECOND_PERSON: HTTPStatus.ACCEPTED,
    Notice.UNKNOWN: HTTPStatus.NOT_FOUND,
    Notice.TOO_MANY: HTTPStatus.TOO_MANY_REQUESTS,
}


class Visits:
    """The pages that were shown: each is good for one press, of its own link."""

    def __init__(self) -> None:
        self._open: dict[str, tuple[str, float]] = {}

    def begin(self, link: OpeningLink) -> str:
        """Return what the button of a new page sends."""
        while len(self._open) >= _MOST_VISITS:
            del self._open[next(iter(self._open))]
        visit = secrets.token_urlsafe(16)
        self._open[visit] = (link.digest, time.monotonic() + VISIT_LIFE)
        return visit

    def end(self, visit: str, link: OpeningLink) -> bool:
        """Whether this is the first press on a page of this link, soon enough."""
        shown, ends_at = self._open.pop(visit, ("", 0.0))
        return shown == link.digest and time.monotonic() < ends_at


class OpeningLinkView(HomeAssistantView):
    """Shows the page of an opening link, and takes the press of its button."""

    url = PATH + "/{token}"
    name = f"api:{DOMAIN}:open"
    requires_auth = False

    def __init__(self, hass: HomeAssistant) -> None:
        self._hass = hass
        self._visits = Visits()
        self._genuine = RateLimit(20, 3.0)
        # Links cannot be guessed; this keeps whoever tries from keeping us busy. What
        # is genuine is answered all the same: many may share an address.
        self._forged = RateLimit(10, 6.0)
        self._warned_at: float | None = None

    async def get(self, request: Request, token: str) -> Response:
        """Show the page, and have it recorded that it was looked at."""
        link = self._recognise(request, token)
        if isinstance(link, Notice):
            return self._answer(request, link)
        return await self._look(request, link)

    async def post(self, request: Request, token: str) -> Response:
        """Let the practice decide on a press of the button."""
        link = self._recognise(request, token)
        if isinstance(link, Notice):
            return self._answer(request, link)
        if _is_over(link):
            return await self._look(request, link)
        if not (
            _comes_from_here(request)
            and self._visits.end(await _visit_in(request), link)
        ):
            return await self._look(request, link, Notice.AGAIN)
        try:
            await link.coordinator.async_request(
                LinkPresented(actor=_VISITOR, digest=link.digest, door=link.door)
            )
        except ServiceValidationError as err:
            return self._answer(request, _refused(link, err.translation_key), link)
        except HomeAssistantError:
            return self._answer(request, Notice.NOT_NOW, link)
        return self._answer(request, Notice.OPENED, link)

    def _recognise(self, request: Request, token: str) -> OpeningLink | Notice:
        practices: list[CabinetSecureConfigEntry] = (
            self._hass.config_entries.async_loaded_entries(DOMAIN)
        )
        link = recognise(
            (practice.runtime_data for practice in practices), token, request.host
        )
        if link is not None:
            return link if self._genuine.allows(link.digest) else Notice.TOO_MANY
        if self._forged.allows(neighbourhood(request.remote)):
            return Notice.UNKNOWN
        now = time.monotonic()
        if self._warned_at is None or now - self._warned_at > _WARNED_EVERY:
            self._warned_at = now
            _LOGGER.warning("Many wrong opening links from %s", request.remote)
        return Notice.TOO_MANY

    async def _look(
        self, request: Request, link: OpeningLink, ready: Notice = Notice.READY
    ) -> Response:
        """Record a look at the page, and show it."""
        try:
            await link.coordinator.async_request(
                LinkVisited(actor=_VISITOR, digest=link.digest)
            )
        except ServiceValidationError:
            return self._answer(request, Notice.UNKNOWN)
        standing = _standing(link)
        return self._answer(
            request, ready if standing is Notice.READY else standing, link
        )

    def _answer(
        self, request: Request, notice: Notice, link: OpeningLink | None = None
    ) -> Response:
        configured = self._hass.config.language
        language = spoken(
            request.headers.get(hdrs.ACCEPT_LANGUAGE, ""),
            configured if configured in LANGUAGES else LANGUAGES[0],
        )
        told: dict[str, str] = {}
        if link is not None and notice is not Notice.UNKNOWN:
            told = _told(link, language)
            if notice in WITH_BUTTON:
                told["visit"] = self._visits.begin(link)
        return Response(
            body=opening_page(language, notice, **told),
            status=_STATUS.get(notice, HTTPStatus.OK),
            content_type="text/html",
            charset="utf-8",
            headers=HEADERS,
        )


def _told(link: OpeningLink, language: str) -> dict[str, str]:
    """Return what the page of a genuine link tells of it."""
    told = {"door": door_name(link.coordinator, link.door)}
    if (stretch := _stretch(link)) is not None:
        since, until = (written(moment, language) for moment in stretch)
        told |= {"since": since, "until": until}
    return told


def _is_over(link: OpeningLink) -> bool:
    return dt_util.utcnow().timestamp() >= link.expires_at


def _stretch(link: OpeningLink) -> tuple[datetime, datetime] | None:
    """Return from when to when a link opens, now or next."""
    coordinator = link.coordinator
    grant = next(
        (
            each
            for each in coordinator.state.grants.grants
            if each.digest == link.digest
        ),
        None,
    )
    if grant is None or _is_over(link):
        return None
    return stretch_of(grant, dt_util.utcnow(), coordinator.config.grants.zone)


def _standing(link: OpeningLink) -> Notice:
    stretch = _stretch(link)
    if stretch is None:
        return Notice.OVER
    return Notice.READY if stretch[0] <= dt_util.utcnow() else Notice.NOT_YET


def _refused(link: OpeningLink, refusal: str | None) -> Notice:
    """Return what a visitor is told; why a door stays shut is not for everybody."""
    match refusal:
        case "refused_second_person":
            return Notice.SECOND_PERSON
        case "refused_unknown_grant":
            return Notice.UNKNOWN
        case "refused_outside_window":
            return _standing(link)
        case _:
            return Notice.NOT_NOW


def _comes_from_here(request: Request) -> bool:
    """Whether a form was sent from a page of ours, as far as the browser says.

    Our pages send no referrer, and then browsers name no origin either (Fetch, *Append
    a request Origin header*).
    """
    if request.headers.get("Sec-Fetch-Site", "same-origin") != "same-origin":
        return False
    origin = request.headers.get(hdrs.ORIGIN, "null")
    return origin == "null" or origin.partition("://")[2] == request.host


async def _visit_in(request: Request) -> str:
    length = request.content_length
    if (
        request.content_type != "application/x-www-form-urlencoded"
        or length is None
        or length > _LONGEST_BODY
    ):
        return ""
    fields = parse_qs((await request.read()).decode("ascii", "replace"))
    return fields.get("visit", [""])[0]
