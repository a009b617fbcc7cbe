"""Pages of HTML that are read and printed, with nothing from outside and no script."""

from html import escape
from typing import Final

# What a browser may do with a page of ours: show it. Also said in the page itself, so
# that a copy on disk is no less shut.
POLICY: Final = (
    "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"
)


def page(*, language: str, title: str, style: str, body: str) -> bytes:
    """Return a page; `body` is HTML in which every text was escaped."""
    return (
        f'<!doctype html>\n<html lang="{escape(language)}">\n<head>\n'
        '<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{escape(POLICY)}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        '<meta name="robots" content="noindex">\n'
        f"<title>{escape(title)}</title>\n<style>\n{style}\n</style>\n</head>\n"
        f"<body>\n{body}\n</body>\n</html>\n"
    ).encode("utf-8", "replace")


def paragraphs(text: str) -> str:
    """Return a text that a person wrote, escaped, with its line breaks."""
    return "<br>".join(escape(line) for line in text.splitlines())
