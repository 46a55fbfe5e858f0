"""Text set in the boxes of a label: how large, and where each line ends. Pure; all sizes in mm.

Lines are broken here and not by the printer's own rules, so that a PDF and a label printer show the same, and because
a typesetter that has to try sizes takes ten times as long over a thousand labels. A long text becomes smaller, never
longer; what does not fit at the smallest size is cut off with an ellipsis.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Final

from marketplace.kit.typesetter import FONTS
from marketplace.labels.layout import Box

if TYPE_CHECKING:
    from PIL.ImageFont import FreeTypeFont

Measure = Callable[[str, bool], float]
"""The width of a text as a share of its letter size; the flag asks for bold."""

PITCH: Final = 1.12
"""From one baseline to the next, as a share of the letter size."""

CAP: Final = 0.66
DESCENT: Final = 0.22
"""Height of a capital above the baseline, and depth of a descender below it."""

_SPACES: Final = re.compile(r"[^\S\u00a0\u202f]+")
"""Where a line may end: at any space but those that hold a figure to its unit."""

_UNITS: Final = 1000


@dataclass(frozen=True, slots=True)
class Text:
    """Lines of one size, flush left or centred on `x`; `y` is the top of the capitals of the first line."""

    x: float
    y: float
    size: float
    is_bold: bool
    lines: tuple[str, ...]
    is_centred: bool = False

    @property
    def height(self) -> float:
        """Return the room from the top of the first line to below the last."""
        return height_of(len(self.lines)) * self.size


def height_of(lines: int) -> float:
    """Return the height of so many lines as a share of the letter size."""
    return CAP + DESCENT + PITCH * (lines - 1)


def fitted(text: str, box: Box, sizes: Sequence[float], measure: Measure, *, is_bold: bool) -> Text:
    """Return `text` at the first of `sizes`, largest first, at which its words fit the box unbroken.

    At the last size words are broken too, and what is still too long is cut off.
    """
    for size in sizes:
        most = box.width / size
        lines = wrapped(text, most, measure, is_bold=is_bold)
        if height_of(len(lines)) * size <= box.height and all(measure(line, is_bold) <= most for line in lines):
            return Text(box.x, box.y, size, is_bold, lines)
    return cut(text, box, sizes[-1], measure, is_bold=is_bold)


def cut(text: str, box: Box, size: float, measure: Measure, *, is_bold: bool) -> Text:
    """Return `text` at `size`, with words broken where they are too long and the end left off where it must be."""
    most = box.width / size
    pieces = " ".join(_broken(text, most, measure, is_bold=is_bold))
    lines = wrapped(pieces, most, measure, is_bold=is_bold)
    room = max(1, int((box.height / size - CAP - DESCENT) / PITCH + 1.001))
    if len(lines) > room:
        last = lines[room - 1]
        while last and measure(last + "…", is_bold) > most:
            last = last[:-1]
        lines = (*lines[: room - 1], last.rstrip() + "…")
    return Text(box.x, box.y, size, is_bold, lines)


def wrapped(text: str, most: float, measure: Measure, *, is_bold: bool) -> tuple[str, ...]:
    """Return the lines of `text`, broken at spaces only; `most` is their width as a share of the letter size."""
    lines: list[str] = []
    line, used, space = "", 0.0, measure(" ", is_bold)
    for word in _words(text):
        width = measure(word, is_bold)
        if line and used + space + width > most:
            lines.append(line)
            line, used = word, width
        else:
            line, used = (f"{line} {word}", used + space + width) if line else (word, width)
    return (*lines, line) if line else tuple(lines)


def _words(text: str) -> list[str]:
    return [word for word in _SPACES.split(text) if word]


def _broken(text: str, most: float, measure: Measure, *, is_bold: bool) -> Iterator[str]:
    for whole in _words(text):
        word = whole
        while measure(word, is_bold) > most and len(word) > 1:
            end = len(word) - 1
            while end > 1 and measure(word[:end], is_bold) > most:
                end -= 1
            yield word[:end]
            word = word[end:]
        yield word


def stacked(parts: Sequence[Text], gaps: Sequence[float], top: float) -> list[Text]:
    """Return the parts one below the other from `top`, each after its gap."""
    placed = []
    for part, gap in zip(parts, gaps, strict=True):
        top += gap
        placed.append(replace(part, y=top))
        top += part.height
    return placed


@lru_cache(maxsize=20_000)
def measured(text: str, is_bold: bool) -> float:
    """Return the width of `text` in the label's own letters, as a share of their size."""
    return _font("Bold" if is_bold else "Regular").getlength(text) / _UNITS


@cache
def _font(style: str) -> "FreeTypeFont":
    from PIL import ImageFont  # noqa: PLC0415 (most requests print no label)

    font = FONTS / f"SourceSans3-{style}.ttf"
    return ImageFont.truetype(font, _UNITS, layout_engine=ImageFont.Layout.BASIC)
