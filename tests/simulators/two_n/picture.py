"""What the station's camera sees: a drawn street, and a clock that is right."""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from functools import lru_cache, partial
from io import BytesIO
from itertools import pairwise

from PIL import Image, ImageDraw, ImageFont

_SKY = ((150, 190, 222), (222, 232, 236))
_QUALITY = 80
_PICTURES_KEPT = 64


@lru_cache(maxsize=16)
def _street(width: int, height: int) -> Image.Image:
    """Draw the view without anybody in it."""
    image = Image.new("RGB", (width, height))
    draw = ImageDraw.Draw(image)

    def at(x: float, y: float) -> tuple[int, int]:
        return round(x * width), round(y * height)

    horizon = round(0.62 * height)
    for y in range(horizon):
        part = y / horizon
        top, bottom = _SKY
        draw.line(
            (0, y, width, y),
            fill=tuple(
                round(a + (b - a) * part) for a, b in zip(top, bottom, strict=True)
            ),
        )
    draw.rectangle((*at(0, 0.62), width, height), fill=(126, 128, 132))
    draw.polygon(
        [at(0, 0.72), at(1, 0.68), at(1, 0.76), at(0, 0.82)], fill=(150, 152, 154)
    )
    houses = (0.0, 0.2, 0.44, 0.66, 0.85, 1.0)
    walls = ((206, 188, 160), (184, 120, 98), (222, 212, 190), (160, 150, 140))
    for index, (left, right) in enumerate(pairwise(houses)):
        roof = 0.16 + 0.06 * (index % 3)
        draw.rectangle(
            (*at(left, roof), *at(right, 0.64)), fill=walls[index % len(walls)]
        )
        draw.polygon(
            [
                at(left, roof),
                at((left + right) / 2, roof - 0.09),
                at(right, roof),
            ],
            fill=(110, 74, 64),
        )
        for row in range(2):
            for column in range(2):
                window = left + (right - left) * (0.2 + 0.42 * column)
                sill = roof + 0.08 + 0.18 * row
                draw.rectangle(
                    (*at(window, sill), *at(window + 0.045, sill + 0.1)),
                    fill=(84, 104, 122),
                )
    return image


def _visitor(image: Image.Image) -> None:
    width, height = image.size
    draw = ImageDraw.Draw(image)
    middle, unit = width * 0.5, height * 0.1
    draw.rounded_rectangle(
        (middle - 2.4 * unit, 5.4 * unit, middle + 2.4 * unit, 12 * unit),
        radius=1.4 * unit,
        fill=(44, 66, 92),
    )
    draw.ellipse(
        (middle - 1.3 * unit, 2.1 * unit, middle + 1.3 * unit, 5.4 * unit),
        fill=(226, 184, 152),
    )
    draw.chord(
        (middle - 1.4 * unit, 1.8 * unit, middle + 1.4 * unit, 5.0 * unit),
        195,
        345,
        fill=(70, 48, 36),
    )


def draw_jpeg(
    width: int, height: int, name: str, moment: datetime, *, visitor: bool
) -> bytes:
    """Draw one picture; `moment` is written on it to the second."""
    image = _street(width, height).copy()
    if visitor:
        _visitor(image)
    draw = ImageDraw.Draw(image)
    size = max(10, height // 16)
    font = ImageFont.load_default(size)
    margin = size // 2
    stamp = moment.strftime("%Y-%m-%d  %H:%M:%S")
    draw.rectangle((0, height - 2 * size, width, height), fill=(16, 22, 30))
    draw.text((margin, height - 1.6 * size), stamp, font=font, fill=(255, 255, 255))
    left = width - margin - draw.textlength(name, font=font)
    if left > margin * 3 + draw.textlength(stamp, font=font):
        draw.text((left, height - 1.6 * size), name, font=font, fill=(150, 205, 235))
    output = BytesIO()
    image.save(output, "JPEG", quality=_QUALITY)
    return output.getvalue()


class Camera:
    """Draws each second's picture once per size, outside the event loop."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._drawn: dict[tuple[int, int, int, bool], asyncio.Future[bytes]] = {}
        self._painter: ThreadPoolExecutor | None = None

    async def snapshot(
        self, width: int, height: int, moment: float, *, visitor: bool
    ) -> bytes:
        """Return the JPEG of a moment (seconds since the epoch)."""
        if self._painter is None:
            self._painter = ThreadPoolExecutor(1, "street-painter")
        key = (width, height, int(moment), visitor)
        if (picture := self._drawn.get(key)) is None:
            if len(self._drawn) >= _PICTURES_KEPT:
                self._drawn.pop(next(iter(self._drawn)))
            picture = self._drawn[key] = asyncio.get_running_loop().run_in_executor(
                self._painter,
                partial(
                    draw_jpeg,
                    width,
                    height,
                    self._name,
                    datetime.fromtimestamp(int(moment)).astimezone(),
                    visitor=visitor,
                ),
            )
        return await asyncio.shield(picture)

    def close(self) -> None:
        """Stop drawing; a later snapshot starts it again."""
        self._drawn.clear()
        if self._painter is not None:
            self._painter.shutdown()
            self._painter = None
