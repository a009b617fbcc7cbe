"""The printable form of an incident: one page of A4, for the declaration and the file."""

from collections.abc import Collection
from datetime import datetime
from enum import StrEnum
from html import escape
from typing import Final

from .incident import (
    HIGHEST_FOR_PERSONS,
    HIGHEST_FOR_PROPERTY,
    Author,
    Facts,
    Incident,
    IncidentKind,
    LegalStep,
    Motive,
    Status,
    Victim,
)
from .page import page, paragraphs
from .words import Words

# Of a door; its names are short, and nothing keeps them so.
_LONGEST_NAME: Final = 40

_STYLE = """
:root { color-scheme: light; }
@page { size: A4 portrait; margin: 8mm 12mm; }
* { box-sizing: border-box; }
body { font: 8.7pt/1.25 "Source Sans 3", "Segoe UI", Roboto, "Helvetica Neue", Arial,
  "Liberation Sans", sans-serif; color: #1b1f24; background: #fff; margin: 0 auto;
  max-width: 186mm; }
@media screen { body { padding: 11mm 4mm; } }
header { display: flex; justify-content: space-between; align-items: flex-end;
  border-bottom: 2pt solid #0b5563; padding-bottom: 2mm; margin-bottom: 2.5mm; }
h1 { font-size: 16pt; line-height: 1.1; margin: 0; color: #0b5563; }
header p { margin: 0.8mm 0 0; }
header .right { text-align: right; font-size: 8.4pt; color: #49525c; }
.flags { border: 1.2pt solid #9c2f10; color: #9c2f10; font-weight: 700; display: flex;
  justify-content: center; gap: 8mm; padding: .8mm; margin: 0 0 2mm; }
section { margin: 0 0 1.5mm; }
h2 { font-size: 8.8pt; text-transform: uppercase; letter-spacing: .05em; margin: 0 0 .8mm;
  break-after: avoid;
  color: #0b5563; border-bottom: .5pt solid #b9c6cc; }
dl { display: grid; grid-template-columns: repeat(6, 1fr); gap: .6mm 4mm; margin: 0; }
dl > div { grid-column: span 2; }
dl > .wide { grid-column: span 3; }
dl > .full { grid-column: span 6; }
dt { font-size: 7.4pt; color: #49525c; }
dd { margin: 0; overflow-wrap: anywhere; }
.unsaid { color: #7a838c; font-style: italic; }
ul.boxes { list-style: none; display: grid; grid-template-columns: repeat(3, 1fr);
  gap: .4mm 3mm; margin: 0 0 .8mm; padding: 0; font-size: 8pt; }
ul.boxes.line { display: flex; flex-wrap: wrap; }
ul.boxes li { display: flex; gap: 1.4mm; align-items: flex-start; }
ul.boxes li::before { content: ""; flex: none; width: 2.6mm; height: 2.6mm;
  border: .7pt solid #49525c; margin-top: .4mm; }
ul.boxes li.yes { font-weight: 600; }
ul.boxes li.yes::before { background: linear-gradient(45deg, transparent 43%, #1b1f24 43%,
  #1b1f24 57%, transparent 57%), linear-gradient(-45deg, transparent 43%, #1b1f24 43%,
  #1b1f24 57%, transparent 57%); print-color-adjust: exact;
  -webkit-print-color-adjust: exact; }
.text { min-height: 9mm; margin: 0; overflow-wrap: anywhere; }
.sign { display: grid; grid-template-columns: 1fr 1fr; gap: 4mm; }
.sign div { border: .5pt solid #b9c6cc; min-height: 11mm; padding: .8mm 1.6mm;
  font-size: 7.4pt; color: #49525c; }
footer { font-size: 7.4pt; line-height: 1.25; color: #49525c;
  border-top: .5pt solid #b9c6cc; padding-top: 1mm; }
footer p { margin: 0 0 .4mm; }
"""


def incident_form(
    incident: Incident, *, practice: str, printed_at: datetime, words: Words
) -> bytes:
    """Return the form of one incident as it stands, with its corrections counted in."""

    def form(key: str, **values: str | int) -> str:
        return escape(words("incident_form", key, **values))

    facts = incident.facts
    body = "\n".join(
        (
            _header(incident, practice, printed_at, words),
            _flags(incident, words),
            _section(
                form("when_where"), _list(_when_and_where(incident, words), words)
            ),
            _section(form("what"), _what(facts, words)),
            _section(form("people"), _people(facts, words)),
            _section(form("account"), _text(facts.account, words)),
            _section(form("after"), _after(facts, words)),
            _section_to_sign(form("signature"), form("stamp")),
            f"<footer><p>{_history(incident, words)}</p><p>{form('notice')}</p></footer>",
        )
    )
    return page(
        language=words.language,
        title=f"{words('incident_form', 'title')} {reference(incident, words)}",
        style=_STYLE,
        body=body,
    )


def reference(incident: Incident, words: Words) -> str:
    """Return what people call an incident by: its day and the start of its identifier."""
    day = incident.facts.at.astimezone(words.zone)
    return f"{day:%Y%m%d}-{incident.id[:6].upper()}"


def _header(
    incident: Incident, practice: str, printed_at: datetime, words: Words
) -> str:
    title, name, printed = (
        escape(words("incident_form", key, time=words.time(printed_at)))
        for key in ("title", "reference", "printed")
    )
    return (
        f"<header><div><h1>{title}</h1><p>{escape(practice)}</p></div>"
        f'<div class="right"><p>{name} <b>{escape(reference(incident, words))}</b></p>'
        f"<p>{printed}</p></div></header>"
    )


def _section_to_sign(signature: str, stamp: str) -> str:
    return f'<section class="sign"><div>{signature}</div><div>{stamp}</div></section>'


def _flags(incident: Incident, words: Words) -> str:
    flags = ["drill"] if incident.facts.drill else []
    if incident.status is not Status.COMPLETE:
        flags.append(incident.status.value)
    if not flags:
        return ""
    texts = (f"<span>{escape(words('incident_form', flag))}</span>" for flag in flags)
    return f'<p class="flags">{"".join(texts)}</p>'


def _section(title: str, content: str) -> str:
    return f"<section><h2>{title}</h2>{content}</section>"


def _list(fields: Collection[tuple[str, str | None, str]], words: Words) -> str:
    """Return named values; `None` is shown as not said. The third is their width."""
    parts = []
    for name, value, width in fields:
        shown = (
            f"<dd>{escape(value)}</dd>"
            if value is not None
            else f'<dd class="unsaid">{escape(words("incident_form", "not_said"))}</dd>'
        )
        parts.append(
            f'<div class="{width}"><dt>{escape(words("incident_field", name))}</dt>'
            f"{shown}</div>"
        )
    return f"<dl>{''.join(parts)}</dl>"


def _choice(words: Words, group: str, value: StrEnum | int | None) -> str | None:
    return None if value is None else words(group, value)


def _when_and_where(
    incident: Incident, words: Words
) -> tuple[tuple[str, str | None, str], ...]:
    facts = incident.facts
    where = [
        text
        for text in (
            _choice(words, "incident_location", facts.location),
            incident.door.name[:_LONGEST_NAME] if incident.door else None,
        )
        if text
    ]
    return (
        ("at", words.time(facts.at), ""),
        ("location", " · ".join(where) or None, ""),
        ("setting", _choice(words, "incident_setting", facts.setting), ""),
    )


def _boxes(
    words: Words, group: str, choices: type[StrEnum], chosen: Collection[str], name: str
) -> str:
    items = "".join(
        f"<li{' class="yes"' if choice in chosen else ''}>"
        f"{escape(words(group, choice))}</li>"
        for choice in choices
    )
    return f'<ul class="{name}">{items}</ul>'


def _what(facts: Facts, words: Words) -> str:
    title = escape(words("incident_field", "motives"))
    return (
        _boxes(words, "incident_kind", IncidentKind, facts.kinds, "boxes")
        + _list(
            (
                (
                    "severity_persons",
                    _severity(
                        words, "persons", facts.severity_persons, HIGHEST_FOR_PERSONS
                    ),
                    "wide",
                ),
                (
                    "severity_property",
                    _severity(
                        words, "property", facts.severity_property, HIGHEST_FOR_PROPERTY
                    ),
                    "wide",
                ),
            ),
            words,
        )
        + f"<dl><div class='full'><dt>{title}</dt></div></dl>"
        + _boxes(words, "incident_motive", Motive, facts.motives, "boxes")
    )


def _severity(words: Words, of: str, value: int | None, highest: int) -> str | None:
    if value is None:
        return None
    return words(f"severity_{of}", min(max(value, 1), highest))


def _people(facts: Facts, words: Words) -> str:
    def one(choices: type[StrEnum], group: str, value: StrEnum | None) -> str:
        chosen = () if value is None else (value,)
        return _boxes(words, group, choices, chosen, "boxes line")

    def field(name: str, content: str) -> str:
        return (
            f'<div class="full"><dt>{escape(words("incident_field", name))}</dt>'
            f"<dd>{content}</dd></div>"
        )

    days = (
        None
        if facts.work_stoppage is None
        else words("incident_form", "days", days=facts.work_stoppage)
        if facts.work_stoppage
        else words("incident_form", "none")
    )
    return (
        f"<dl>{field('author', one(Author, 'incident_author', facts.author))}"
        f"{field('victim', one(Victim, 'incident_victim', facts.victim))}</dl>"
        + _list(
            (
                ("weapon", _choice(words, "incident_weapon", facts.weapon), "wide"),
                ("work_stoppage", days, "wide"),
            ),
            words,
        )
    )


def _text(text: str, words: Words) -> str:
    if text:
        return f'<div class="text">{paragraphs(text)}</div>'
    return f'<p class="text unsaid">{escape(words("incident_form", "not_said"))}</p>'


def _after(facts: Facts, words: Words) -> str:
    chosen = () if facts.legal_step is None else (facts.legal_step,)
    step = escape(words("incident_field", "legal_step"))
    return (
        f'<dl><div class="full"><dt>{step}</dt><dd>'
        + _boxes(words, "incident_legal_step", LegalStep, chosen, "boxes line")
        + "</dd></div></dl>"
        + _list(
            (
                ("measures", facts.measures or None, "full"),
                ("lessons", facts.lessons or None, "full"),
                ("evidence", " · ".join(facts.evidence) or None, "full"),
            ),
            words,
        )
    )


def _history(incident: Incident, words: Words) -> str:
    return escape(
        words(
            "incident_form",
            "history",
            time=words.time(incident.opened_at),
            by=incident.opened_by,
            corrections=incident.corrections,
            changed=words.time(incident.changed_at),
        )
    )
