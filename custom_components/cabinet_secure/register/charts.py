"""Small plots as SVG inside a page: bars, upright or lying, each with its number.

Colours come from the page's variables, so that they follow its light and its dark.
"""

from collections.abc import Sequence
from html import escape
from typing import Final

# One bar: its name, how many, and what a pointer that rests on it reads.
type Bar = tuple[str, int]

_LEFT: Final = 236
_ROW: Final = 24
_LYING: Final = 520
_UPRIGHT_HEIGHT: Final = 132
_BASE: Final = 104


def lying_bars(bars: Sequence[Bar], *, title: str) -> str:
    """Return bars one below the other, with their names to the left."""
    most = max((count for _, count in bars), default=0) or 1
    room = _LYING - _LEFT - 40
    rows = []
    for number, (name, count) in enumerate(bars):
        y = number * _ROW
        width = room * count / most
        rows.append(
            f'<text class="name" x="{_LEFT - 10}" y="{y + 16}" text-anchor="end">'
            f"{escape(name)}</text>"
            f'<rect class="bar" x="{_LEFT}" y="{y + 4}" width="{max(width, 1):.1f}" '
            f'height="{_ROW - 8}" rx="3"/>'
            f'<text class="count" x="{_LEFT + width + 7:.1f}" y="{y + 16}">{count}</text>'
        )
    return _svg(_LYING, len(bars) * _ROW, title, "".join(rows))


def upright_bars(bars: Sequence[Bar], *, title: str, names_every: int = 1) -> str:
    """Return bars side by side; of their names, every so many is written."""
    width = 520
    step = width / len(bars)
    most = max(count for _, count in bars) or 1
    columns = [
        f'<line class="base" x1="0" y1="{_BASE}" x2="{width}" y2="{_BASE}"/>',
    ]
    for number, (name, count) in enumerate(bars):
        middle = (number + 0.5) * step
        height = (_BASE - 22) * count / most
        columns.append(
            f'<rect class="bar" x="{middle - step * 0.36:.1f}" '
            f'y="{_BASE - height:.1f}" width="{step * 0.72:.1f}" '
            f'height="{height:.1f}" rx="{min(3.0, step * 0.2):.1f}">'
            f"<title>{escape(name)}: {count}</title></rect>"
        )
        if count:
            columns.append(
                f'<text class="count" x="{middle:.1f}" y="{_BASE - height - 5:.1f}" '
                f'text-anchor="middle">{count}</text>'
            )
        if number % names_every == 0:
            columns.append(
                f'<text class="name" x="{middle:.1f}" y="{_BASE + 18}" '
                f'text-anchor="middle">{escape(name)}</text>'
            )
    return _svg(width, _UPRIGHT_HEIGHT, title, "".join(columns))


def _svg(width: int, height: int, title: str, content: str) -> str:
    return (
        f'<svg viewBox="0 0 {width} {height}" role="img" '
        f'aria-label="{escape(title)}">{content}</svg>'
    )
