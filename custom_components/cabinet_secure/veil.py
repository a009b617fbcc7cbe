"""The picture that is shown instead of what a hidden camera sees."""

from functools import lru_cache
from io import BytesIO
from typing import Final

from PIL import Image, ImageDraw, ImageFont

_WIDTH: Final = 640
_HEIGHT: Final = 360
_LARGEST: Final = 1920
_SMALLEST: Final = 48

# Without accents: Pillow's own font has none.
_WORDS: Final = {"en": "Private", "fr": "Confidentiel"}
_GROUND: Final = "#2b3a42"
_SIGN: Final = "#bdd4de"


@lru_cache(maxsize=16)
def draw_veil(language: str, width: int | None, height: int | None) -> bytes:
    """Draw a camera that is crossed out, and a word, as JPEG of this size in pixels."""
    size = _within(width, _WIDTH), _within(height, _HEIGHT)
    picture = Image.new("RGB", size, _GROUND)
    draw = ImageDraw.Draw(picture)
    unit = min(size) / 12
    middle, top = size[0] / 2, size[1] / 2 - 2 * unit
    draw.rounded_rectangle(
        (middle - 2.4 * unit, top - 1.2 * unit, middle + 0.9 * unit, top + 1.2 * unit),
        radius=0.3 * unit,
        fill=_SIGN,
    )
    draw.polygon(
        [
            (middle + 1.1 * unit, top - 0.2 * unit),
            (middle + 2.4 * unit, top - 1.0 * unit),
            (middle + 2.4 * unit, top + 1.0 * unit),
            (middle + 1.1 * unit, top + 0.2 * unit),
        ],
        fill=_SIGN,
    )
    for colour, thickness in ((_GROUND, 1.0), ("#d98e4a", 0.45)):
        draw.line(
            (
                (middle - 2.8 * unit, top + 2.2 * unit),
                (middle + 2.8 * unit, top - 2.2 * unit),
            ),
            fill=colour,
            width=max(1, round(thickness * unit)),
        )
    draw.text(
        (middle, size[1] / 2 + 2.4 * unit),
        _WORDS.get(language, _WORDS["en"]),
        fill="white",
        font=ImageFont.load_default(size=max(8, 1.4 * unit)),
        anchor="mm",
    )
    encoded = BytesIO()
    picture.save(encoded, "JPEG", quality=85)
    return encoded.getvalue()


def _within(wanted: int | None, usual: int) -> int:
    return usual if wanted is None else min(max(wanted, _SMALLEST), _LARGEST)
