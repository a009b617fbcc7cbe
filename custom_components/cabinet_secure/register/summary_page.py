"""The monthly summary as one page that a person would rather look at than read."""

from collections.abc import Mapping
from html import escape

from .charts import lying_bars, upright_bars
from .incident import HIGHEST_FOR_PERSONS, HIGHEST_FOR_PROPERTY, IncidentKind
from .page import page
from .summary import ResponseTimes, Summary
from .words import Words

_STYLE = """
:root { color-scheme: light dark; --ground: #f3f6f7; --card: #ffffff; --ink: #17212b;
  --soft: #5c6873; --line: #dbe3e7; --bar: #0f7286; --accent: #0b5563; }
@media (prefers-color-scheme: dark) { :root { --ground: #10171d; --card: #18222b;
  --ink: #e8eef2; --soft: #9fb0bd; --line: #2a3843; --bar: #4fb6c9; --accent: #7fd0df; } }
@media print { :root { color-scheme: light; --ground: #fff; --card: #fff; --ink: #17212b;
  --soft: #5c6873; --line: #cfd8dd; --bar: #0f7286; --accent: #0b5563; } }
@page { size: A4 portrait; margin: 10mm; }
* { box-sizing: border-box; }
body { font: 15px/1.4 "Source Sans 3", "Segoe UI", Roboto, "Helvetica Neue", Arial,
  "Liberation Sans", sans-serif; color: var(--ink); background: var(--ground); margin: 0;
  font-variant-numeric: tabular-nums; }
main { max-width: 1120px; margin: 0 auto; padding: 28px 20px 36px; }
header { display: flex; flex-wrap: wrap; justify-content: space-between;
  align-items: baseline; gap: 4px 20px; margin-bottom: 18px; }
h1 { margin: 0; font-size: 27px; line-height: 1.15; color: var(--accent); }
h1::first-letter { text-transform: uppercase; }
header p { margin: 0; color: var(--soft); }
.figures { display: grid; grid-template-columns: repeat(4, 1fr); gap: 12px; margin-bottom: 12px; }
.plots { display: grid; grid-template-columns: repeat(auto-fit, minmax(400px, 1fr));
  gap: 12px; align-items: stretch; }
.card { background: var(--card); border: 1px solid var(--line); border-radius: 12px;
  padding: 14px 16px; break-inside: avoid; }
.figure b { display: block; font-size: 30px; line-height: 1.1; font-weight: 650; }
.figure span { color: var(--soft); font-size: 13.5px; }
.figure small { display: block; color: var(--soft); font-size: 12.5px; margin-top: 3px; }
.lead b { font-size: 44px; color: var(--accent); }
h2 { margin: 0 0 10px; font-size: 15px; font-weight: 650; }
h3 { margin: 10px 0 4px; font-size: 13.5px; font-weight: 600; color: var(--soft); }
svg { display: block; width: 100%; height: auto; }
svg text { font-size: 13px; fill: var(--ink); }
svg .name { fill: var(--soft); }
svg .count { font-weight: 600; }
svg .bar { fill: var(--bar); }
svg .base { stroke: var(--line); }
.times { display: flex; flex-wrap: wrap; gap: 4px 26px; }
.times b { font-size: 22px; font-weight: 650; }
.times span { color: var(--soft); font-size: 13.5px; }
.nothing { color: var(--soft); margin: 0; }
footer { color: var(--soft); font-size: 13px; margin-top: 16px; }
@media (max-width: 700px) { .figures { grid-template-columns: 1fr 1fr; }
  .plots { grid-template-columns: 1fr; } }
@media print { body { font-size: 12px; print-color-adjust: exact;
    -webkit-print-color-adjust: exact; } main { padding: 0; max-width: none; }
  .figures { grid-template-columns: repeat(4, 1fr); gap: 6px; }
  .plots { grid-template-columns: 1fr 1fr; gap: 6px; } .card { padding: 8px 10px; }
  .lead b { font-size: 30px; } .figure b { font-size: 24px; } }
"""


def summary_page(summary: Summary, *, practice: str, words: Words) -> bytes:
    """Return the page of a month."""
    month = f"{words('register_month', summary.month.month)} {summary.month.year}"

    def say(key: str, **values: str | int) -> str:
        return escape(words("register_summary", key, **values))

    figures = "".join(
        (
            _figure(
                summary.incidents,
                say("incidents"),
                _difference(summary, words),
                lead=True,
            ),
            _figure(summary.drafts, say("drafts")),
            _figure(summary.drills, say("drills")),
            _figure(summary.work_stoppage, say("stoppage")),
            _figure(summary.complaints, say("complaints")),
            _figure(summary.panics, say("panics")),
            _figure(summary.rings, say("rings")),
            _figure(summary.rings_missed, say("missed")),
        )
    )
    plots = "".join(
        _card(words("register_summary", key), content)
        for key, content in (
            ("by_kind", _kinds(summary, words)),
            ("by_month", _months(summary, words)),
            ("severity", _severities(summary, words)),
            ("response", _responses(summary, words)),
            ("by_hour", _hours(summary, words)),
            ("by_weekday", _weekdays(summary, words)),
        )
    )
    return page(
        language=words.language,
        title=f"{words('register_summary', 'title')} – {month}",
        style=_STYLE,
        body=(
            f"<main><header><h1>{escape(month)}</h1>"
            f"<p>{escape(practice)} · {say('title')}</p></header>"
            f'<div class="figures">{figures}</div><div class="plots">{plots}</div>'
            f"<footer>{say('note')}</footer></main>"
        ),
    )


def _figure(number: int, name: str, note: str = "", *, lead: bool = False) -> str:
    return (
        f'<div class="card figure{" lead" if lead else ""}"><b>{number}</b>'
        f"<span>{name}</span>{f'<small>{note}</small>' if note else ''}</div>"
    )


def _difference(summary: Summary, words: Words) -> str:
    difference = summary.incidents - summary.before
    key = "more" if difference > 0 else "less" if difference < 0 else "none"
    return escape(words("register_summary", f"difference_{key}", count=abs(difference)))


def _card(title: str, content: str) -> str:
    return f'<section class="card"><h2>{escape(title)}</h2>{content}</section>'


def _part(title: str, content: str) -> str:
    return f"<h3>{escape(title)}</h3>{content}"


def _nothing(words: Words) -> str:
    return f'<p class="nothing">{escape(words("register_summary", "nothing"))}</p>'


def _kinds(summary: Summary, words: Words) -> str:
    bars = sorted(
        (
            (words("incident_kind", kind), summary.kinds[kind])
            for kind in IncidentKind
            if kind in summary.kinds
        ),
        key=lambda bar: -bar[1],
    )
    if not bars:
        return _nothing(words)
    return lying_bars(bars, title=words("register_summary", "by_kind"))


def _severities(summary: Summary, words: Words) -> str:
    return "".join(
        _part(words("register_summary", f"by_{of}"), _levels(levels, of, most, words))
        for of, levels, most in (
            ("persons", summary.severity_persons, HIGHEST_FOR_PERSONS),
            ("property", summary.severity_property, HIGHEST_FOR_PROPERTY),
        )
    )


def _levels(levels: Mapping[int, int], of: str, highest: int, words: Words) -> str:
    if not levels:
        return _nothing(words)
    return lying_bars(
        [
            (words(f"severity_{of}_short", level), levels.get(level, 0))
            for level in range(1, highest + 1)
        ],
        title=words("register_summary", f"by_{of}"),
    )


def _hours(summary: Summary, words: Words) -> str:
    return upright_bars(
        [(f"{hour:02}", count) for hour, count in enumerate(summary.hours)],
        title=words("register_summary", "by_hour"),
        names_every=3,
    )


def _weekdays(summary: Summary, words: Words) -> str:
    return upright_bars(
        [
            (words("register_weekday", day), count)
            for day, count in enumerate(summary.weekdays)
        ],
        title=words("register_summary", "by_weekday"),
    )


def _months(summary: Summary, words: Words) -> str:
    return upright_bars(
        [(f"{month:%m/%y}", count) for month, count in summary.months],
        title=words("register_summary", "by_month"),
    )


def _responses(summary: Summary, words: Words) -> str:
    return "".join(
        _part(words("register_summary", key), _times(times, words))
        for key, times in (
            ("ring_answer", summary.ring_answer),
            ("panic_acknowledge", summary.panic_acknowledge),
        )
    )


def _times(times: ResponseTimes, words: Words) -> str:
    if times.median is None or times.within_95 is None:
        return f'<p class="nothing">{escape(words("register_summary", "no_case"))}</p>'

    def say(key: str) -> str:
        return escape(words("register_summary", key))

    return (
        '<div class="times">'
        f"<div><span>{say('median')}</span><br><b>{duration(times.median)}</b></div>"
        f"<div><span>{say('slowest')}</span><br><b>{duration(times.within_95)}</b></div>"
        f"<div><span>{say('cases')}</span><br><b>{times.cases}</b></div></div>"
    )


def duration(seconds: float) -> str:
    """Return a duration of seconds as people say it: `8 s`, `2 min 05 s`, `1 h 02 min`."""
    whole = round(seconds)
    if whole < 60:
        return f"{whole}\u00a0s"
    if whole < 3600:
        return f"{whole // 60}\u00a0min\u00a0{whole % 60:02}\u00a0s"
    return f"{whole // 3600}\u00a0h\u00a0{whole % 3600 // 60:02}\u00a0min"
