"""The page of an opening link: for any phone, without script, in two languages."""

from base64 import b64encode
from enum import StrEnum
import hashlib
from html import escape
from typing import Final

# None of these tells more of a practice than the link itself did, since a message may
# be read by others.


class Notice(StrEnum):
    """What the page says."""

    READY = "ready"
    AGAIN = "again"
    NOT_YET = "not_yet"
    OVER = "over"
    OPENED = "opened"
    SECOND_PERSON = "second_person"
    NOT_NOW = "not_now"
    UNKNOWN = "unknown"
    TOO_MANY = "too_many"


# Where there is something to press.
WITH_BUTTON: Final = frozenset({Notice.READY, Notice.AGAIN, Notice.NOT_NOW})

_SAID: Final = {
    "en": {
        Notice.READY: "Press only when you stand at the door. You can until {until}.",
        Notice.AGAIN: "Please press again: the page was too old.",
        Notice.NOT_YET: "You can open from {since}.",
        Notice.OVER: "This link is not valid any more.",
        Notice.OPENED: "The door is unlocked for some seconds. Please come in.",
        Notice.SECOND_PERSON: "A second person has to open within 30 seconds.",
        Notice.NOT_NOW: "The door cannot be opened at the moment. Please ring.",
        Notice.UNKNOWN: "This link is not valid.",
        Notice.TOO_MANY: "Too many attempts. Please wait a minute.",
    },
    "fr": {
        Notice.READY: (
            "N’appuyez qu’une fois devant la porte. C’est possible jusqu’au {until}."
        ),
        Notice.AGAIN: "Veuillez appuyer de nouveau\N{NO-BREAK SPACE}: la page était trop ancienne.",
        Notice.NOT_YET: "Vous pourrez ouvrir à partir du {since}.",
        Notice.OVER: "Ce lien n’est plus valable.",
        Notice.OPENED: "La porte est déverrouillée quelques secondes. Veuillez entrer.",
        Notice.SECOND_PERSON: (
            "Une deuxième personne doit ouvrir dans les 30 secondes."
        ),
        Notice.NOT_NOW: (
            "La porte ne peut pas être ouverte pour le moment. Veuillez sonner."
        ),
        Notice.UNKNOWN: "Ce lien n’est pas valable.",
        Notice.TOO_MANY: "Trop de tentatives. Veuillez patienter une minute.",
    },
}
_BUTTON: Final = {"en": "Open the door", "fr": "Ouvrir la porte"}

_STYLE: Final = """
:root { color-scheme: light dark; font: 1.125rem/1.5 system-ui, sans-serif; }
body { margin: 0; min-height: 100vh; min-height: 100dvh; display: grid;
  place-items: center; }
main { box-sizing: border-box; width: 100%; max-width: 26rem; padding: 1.5rem;
  text-align: center; }
h1 { margin: 0 0 1rem; font-size: 1.75rem; overflow-wrap: anywhere; }
p { margin: 0 0 2rem; }
button { width: 100%; min-height: 5rem; border: 0; border-radius: 1rem;
  background: #14532d; color: #fff; font: inherit; font-size: 1.5rem;
  font-weight: 600; }
button:active { background: #052e16; }
button:focus-visible { outline: 0.25rem solid #f59e0b; outline-offset: 0.25rem; }
"""
_STYLE_HASH: Final = b64encode(hashlib.sha256(_STYLE.encode()).digest()).decode()

HEADERS: Final = {
    # No script, nothing from elsewhere, no frame around it, and one form: ours.
    "Content-Security-Policy": (
        f"default-src 'none'; style-src 'sha256-{_STYLE_HASH}'; form-action 'self'; "
        "base-uri 'none'; frame-ancestors 'none'"
    ),
    "Cache-Control": "no-store, private",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "X-Robots-Tag": "noindex, nofollow, noarchive",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}


def opening_page(
    language: str,
    notice: Notice,
    *,
    door: str = "",
    visit: str = "",
    since: str = "",
    until: str = "",
) -> bytes:
    """Return the page; with a button, whose press carries `visit`, where there is one."""
    title = escape(door or _BUTTON[language])
    said = escape(_SAID[language][notice].format(since=since, until=until))
    form = (
        '<form method="post">'
        f'<input type="hidden" name="visit" value="{escape(visit)}">'
        f"<button>{_BUTTON[language]}</button></form>"
        if notice in WITH_BUTTON
        else ""
    )
    return (
        f'<!doctype html>\n<html lang="{language}">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{_BUTTON[language]}</title>\n<style>{_STYLE}</style>\n</head>\n"
        f'<body><main>\n<h1>{title}</h1>\n<p role="status">{said}</p>\n{form}\n'
        "</main></body>\n</html>\n"
    ).encode("utf-8", "replace")


def spoken(accepted: str, otherwise: str) -> str:
    """Return the language of the page that a browser prefers (RFC 9110, 12.5.4)."""
    best = (0.0, otherwise)
    for part in accepted.split(","):
        tag, _, weight = part.partition(";")
        language = tag.strip().casefold().partition("-")[0]
        if language in _SAID and (quality := _quality(weight)) > best[0]:
            best = (quality, language)
    return best[1]


def _quality(weight: str) -> float:
    name, _, value = weight.strip().partition("=")
    if not name:
        return 1.0
    try:
        return float(value) if name == "q" else 0.0
    except ValueError:
        return 0.0
