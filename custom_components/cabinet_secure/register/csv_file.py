"""Entries as a file that French spreadsheets open with a double click.

UTF-8 with a byte order mark, semicolons, CRLF, dates as dd/mm/yyyy; RFC 4180 but for
the semicolon. A cell that a spreadsheet would take for a formula begins with an
apostrophe, and so does one that begins with an apostrophe itself: who reads the file
by program takes one away (OWASP: CSV injection).
"""

from collections.abc import Iterable, Mapping
import csv
import io
from typing import Any, Final

from .model import Entry
from .words import Words, offset_text

COLUMNS: Final = (
    "number",
    "date",
    "time",
    "offset",
    "type",
    "event",
    "actor_kind",
    "actor",
    "place",
    "outcome",
    "session",
    "details",
    "hash",
)
_FORMULA: Final = tuple("=+-@\t\r\n＝＋－＠'")


def csv_file(entries: Iterable[Entry], words: Words) -> bytes:
    """Return the file, with a line of titles in the language of the words."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, delimiter=";", lineterminator="\r\n")
    writer.writerow([words("register_column", column) for column in COLUMNS])
    writer.writerows(
        [safe_cell(cell) for cell in _cells(entry, words)] for entry in entries
    )
    # A lone half of a surrogate pair has no bytes; nothing else is replaced.
    return text.getvalue().encode("utf-8-sig", "replace")


def safe_cell(text: str) -> str:
    """Return a text so that it is shown and never calculated."""
    text = text.replace("\0", "\N{REPLACEMENT CHARACTER}")
    return f"'{text}" if text.lstrip(" \u00a0").startswith(_FORMULA) else text


def _cells(entry: Entry, words: Words) -> tuple[str, ...]:
    actor = entry.actor
    return (
        str(entry.sequence),
        entry.at.strftime("%d/%m/%Y"),
        entry.at.strftime("%H:%M:%S"),
        offset_text(entry.at),
        words("register_type", entry.type),
        words.event(entry.type, entry.event),
        words("actor_kind", actor.kind) if actor else "",
        actor.name if actor else "",
        entry.place.name if entry.place else "",
        entry.outcome or "",
        entry.session or "",
        " | ".join(_flat(entry.details)),
        entry.hash,
    )


def _flat(details: Mapping[str, Any], path: str = "") -> Iterable[str]:
    """Yield `key: value` for everything that is said, however deep."""
    for key, value in details.items():
        where = f"{path}.{key}" if path else key
        if value in (None, "", [], {}):
            continue
        match value:
            case dict():
                yield from _flat(value, where)
            case list():
                yield f"{where}: {', '.join(str(item) for item in value)}"
            case _:
                yield f"{where}: {value}"
