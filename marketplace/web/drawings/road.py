"""A road as a building drawing shows it: the stepped block of its layers with their thickness, and leaders to the rows.

Thickness is not to scale, because a sand bed is fifteen times a surface; the numbers on the dimension lines are true.
Outlines, lines and words take their colour from classes, so that they turn light where the page is dark.
"""

import math
import random
from collections.abc import Iterator, Sequence
from functools import lru_cache
from html import escape
from itertools import accumulate
from typing import Final, NamedTuple
from zlib import crc32

from marketplace.passports.details import LayerKind
from marketplace.web.drawings.palettes import PALETTES, Palette, mix
from marketplace.web.drawings.projection import Point
from marketplace.web.drawings.rendering import dutch, path_data

HEAD, ROW = 86, 84
"""Units of height of the head and of each row beside the block; the rows in the page share their room alike."""

_WIDE: Final = 700
_NARROW: Final = 360
_FRONT: Final = 450.0
_DEPTH: Final = (118.0, -66.0)
_LARGEST_STEP: Final = 37.0
_ABOVE: Final = 56
_BELOW: Final = 56
_BROKEN_HEIGHT: Final = 72.0
_MOST_GROWN: Final = 1.4
"""Layers fill the height of their rows where they can, so that the leaders run level."""

_SHRUNK: Final = 0.52


class Slab(NamedTuple):
    """One layer to draw, from the top down."""

    kind: LayerKind
    thickness_mm: int


class BlockWords(NamedTuple):
    """What is written beside a block: what it shows (for who cannot see it), the width, and that it is not to scale."""

    title: str
    width: str
    note: str


class Block(NamedTuple):
    """The parts of one drawing: the shared block, and the two sheets on which it stands, wide and narrow."""

    shared: str
    wide: str
    narrow: str


class _Grit(NamedTuple):
    """How the aggregate of a layer looks: cells of this size, of which a share holds a stone between two radii."""

    cell: float
    share: float
    least: float
    most: float
    tones: tuple[str, ...]
    is_round: bool = False


def _toned(palette: Palette, towards: str, share: float) -> Palette:
    return Palette(*(mix(colour, towards, share) for colour in palette))


_PAINT: Final = {
    LayerKind.SURFACE: _toned(PALETTES["asphalt"], "#000000", 0.22),
    LayerKind.BINDER: PALETTES["asphalt"],
    LayerKind.BASE: _toned(PALETTES["asphalt"], "#FFFFFF", 0.14),
    LayerKind.FOUNDATION: PALETTES["gravel"],
    LayerKind.SAND_BED: _toned(PALETTES["sand"], "#FFFFFF", 0.25),
}
_GRIT: Final = {
    LayerKind.SURFACE: _Grit(8, 0.85, 0.8, 1.7, ("#888D86", "#B3A88E"), is_round=True),
    LayerKind.BINDER: _Grit(11, 0.9, 1.4, 3.6, ("#8F948C", "#B8AC92")),
    LayerKind.BASE: _Grit(15.5, 0.95, 2.6, 6.2, ("#A1A69E", "#C3B799")),
    LayerKind.FOUNDATION: _Grit(18.5, 1.0, 3.6, 8.4, ("#E4DCCB", "#D3C7AC")),
    LayerKind.SAND_BED: _Grit(7.5, 0.95, 0.6, 1.1, ("#A08F5E",), is_round=True),
}
_SHEEN: Final = _Grit(15, 0.7, 0.6, 1.2, ("#A9ABA3",), is_round=True)


def block(slabs: Sequence[Slab], words: BlockWords) -> Block:
    """This will draw the layers of one section, at least one, as two sheets of which a page shows the one that fits.

    The wide sheet ends its leaders where the rows of the page are; the narrow one numbers the layers instead.
    """
    heights = _heights(slabs)
    return Block(
        shared=f'<g id="road-block" stroke-linejoin="round" stroke-linecap="round">{_body(tuple(slabs), heights)}</g>',
        wide=_wide(slabs, heights, words),
        narrow=_narrow(slabs, heights, words),
    )


def sheet_height(count: int) -> int:
    """This will return the height of the wide sheet for this many layers: a head, a row for each, and a foot."""
    return HEAD + ROW * (count + 1)


def _heights(slabs: Sequence[Slab]) -> tuple[float, ...]:
    """This will return how high each layer is drawn: thicker is higher, and all of them fit beside their rows."""
    drawn = [min(16 + 4.6 * math.sqrt(slab.thickness_mm), 110.0) for slab in slabs]
    if _is_broken(slabs):
        drawn[-1] = _BROKEN_HEIGHT
    room = sheet_height(len(slabs)) - _ABOVE - _BELOW + _DEPTH[1]
    scale = min(room / sum(drawn), _MOST_GROWN)
    return tuple(height * scale for height in drawn)


def _is_broken(slabs: Sequence[Slab]) -> bool:
    return len(slabs) > 1 and slabs[-1].kind is LayerKind.SAND_BED


def _tops(heights: Sequence[float]) -> list[float]:
    return [0.0, *accumulate(heights)]


def _widths(count: int) -> list[float]:
    """This will return the width of each front: every layer sticks out beyond the one that lies on it."""
    step = min(_LARGEST_STEP, 150 / max(count - 1, 1))
    return [_FRONT - step * (count - 1 - place) for place in range(count)]


@lru_cache(maxsize=256)
def _body(slabs: tuple[Slab, ...], heights: tuple[float, ...]) -> str:
    """This will draw the block itself with the upper left corner of its front at (0, 0), from the bottom up."""
    tops, widths = _tops(heights), _widths(len(slabs))
    layers = [_layer(slab, widths[i], tops[i], heights[i]) for i, slab in enumerate(slabs)]
    markings = _markings(widths[0]) if slabs[0].kind is LayerKind.SURFACE else ""
    broken = _break(widths[-1], tops[-1]) if _is_broken(slabs) else ""
    return "".join(reversed(layers)) + markings + broken


def _layer(slab: Slab, width: float, top: float, height: float) -> str:
    paint, (dx, dy) = _PAINT[slab.kind], _DEPTH
    low = top + height
    upper = [(0, top), (width, top), (width + dx, top + dy), (dx, top + dy)]
    right = [(width, top), (width + dx, top + dy), (width + dx, low + dy), (width, low)]
    front = [(0, top), (width, top), (width, low), (0, low)]
    grit = _stones(_GRIT[slab.kind], (width, height), (0, top), crc32(slab.kind.encode()))
    faces = "".join(
        f'<path class="road-block__face" d="{path_data(face, closed=True)}" fill="{fill}"/>'
        for face, fill in ((upper, paint.top), (right, paint.right), (front, paint.left))
    )
    sheen = _sheen(width, top) if slab.kind is LayerKind.SURFACE else ""
    return faces + grit + sheen


def _sheen(width: float, top: float) -> str:
    dx, dy = _DEPTH
    return _stones(_SHEEN, (width - 8, -dy - 4), (4, top + dy + 2), 7, slant=dx / dy)


def _stones(grit: _Grit, size: Point, corner: Point, seed: int, *, slant: float = 0.0) -> str:
    """This will scatter stones over a rectangle, the same every time: one in most cells, each somewhere in its own.

    `slant` is how far the rectangle leans aside for each unit downwards, measured from its foot.
    """
    chance = random.Random(seed)  # noqa: S311 - chance decides about stones, not about secrets
    runs: dict[str, list[str]] = {tone: [] for tone in grit.tones}
    for x, y in _cells(grit, size):
        radius = chance.uniform(grit.least, min(grit.most, size[1] / 2 - 1.5))
        slack = max(grit.cell / 2 - radius * 0.8, 0.0)
        centre = (x + chance.uniform(-slack, slack), y + chance.uniform(-slack, slack))
        tone, lies = chance.choice(grit.tones), chance.random() < grit.share
        inside = all(radius + 1 < at < side - radius - 1 for at, side in zip(centre, size, strict=True))
        if lies and inside:
            aside = (centre[1] - size[1]) * slant
            place = (corner[0] + centre[0] + aside, corner[1] + centre[1])
            runs[tone].append(_stone(place, radius, grit, chance))
    return "".join(_run(tone, data, grit) for tone, data in runs.items() if data)


def _cells(grit: _Grit, size: Point) -> Iterator[Point]:
    columns, rows = (max(round(side / grit.cell), 1) for side in size)
    for row in range(rows):
        for column in range(columns):
            # Every second row stands half a cell aside, so that no rows are seen.
            aside = grit.cell / 2 if row % 2 else 0.0
            yield (column + 0.5) * size[0] / columns + aside, (row + 0.5) * size[1] / rows


def _stone(centre: Point, radius: float, grit: _Grit, chance: random.Random) -> str:
    if grit.is_round:
        return f"M{centre[0]:.1f} {centre[1]:.1f}h0"
    corners, turn = chance.randint(5, 7), chance.uniform(0, math.tau)
    points = []
    for corner in range(corners):
        reach, angle = radius * chance.uniform(0.78, 1.08), turn + math.tau * corner / corners
        points.append((centre[0] + reach * math.cos(angle), centre[1] + reach * 0.88 * math.sin(angle)))
    return path_data(points, closed=True)


def _run(tone: str, data: list[str], grit: _Grit) -> str:
    if not grit.is_round:
        return f'<path d="{"".join(data)}" fill="{tone}" stroke="{mix(tone, "#000000", 0.45)}" stroke-width=".5"/>'
    # Round caps turn lines of no length into dots; two widths are enough to look like many.
    return "".join(
        f'<path d="{"".join(part)}" stroke="{tone}" stroke-width="{2 * radius:g}" fill="none"/>'
        for part, radius in ((data[::2], grit.least), (data[1::2], grit.most))
        if part
    )


def _markings(width: float) -> str:
    """This will paint the line at the edge and two dashes of the line in the middle on the surface."""
    stripes = [_stripe(11, 0, 1), _stripe(width / 2 - 3.5, 0.06, 0.4), _stripe(width / 2 - 3.5, 0.6, 0.94)]
    return "".join(f'<path d="{path_data(stripe, closed=True)}" fill="#F4F1E8"/>' for stripe in stripes)


def _stripe(x: float, start: float, end: float) -> list[Point]:
    (dx, dy), breadth = _DEPTH, 8
    return [
        (x + dx * start, dy * start),
        (x + breadth + dx * start, dy * start),
        (x + breadth + dx * end, dy * end),
        (x + dx * end, dy * end),
    ]


def _break(width: float, low: float) -> str:
    """This will draw the zigzag by which a drawing says that a part goes on further than the paper."""
    middle = width * 0.42
    zigzag = [(-7, 0), (middle - 14, 0), (middle - 6, -9), (middle + 6, 9), (middle + 14, 0), (width + 8, 0)]
    return f'<path class="road-block__break" d="{path_data([(x, low + y) for x, y in zigzag], closed=False)}"/>'


def _wide(slabs: Sequence[Slab], heights: Sequence[float], words: BlockWords) -> str:
    height, left = sheet_height(len(slabs)), 96
    spare = height - _ABOVE - _BELOW + _DEPTH[1] - sum(heights)
    top = _ABOVE - _DEPTH[1] + spare / 2
    return _sheet(
        (_WIDE, height),
        words,
        "wide",
        _placed(left, top, 1.0),
        _thickness(slabs, heights, (left - 26, top), 1.0),
        _width(words.width, (left + _DEPTH[0], top + _DEPTH[1] - 24), _widths(len(slabs))[0]),
        "".join(_leader(end, row) for row, end in enumerate(_ends(heights, (left, top), 1.0))),
        f'<text class="road-block__note" x="28" y="{height - 20}">{escape(words.note)}</text>',
    )


def _narrow(slabs: Sequence[Slab], heights: Sequence[float], words: BlockWords) -> str:
    left, top = 50, 46 - _DEPTH[1] * _SHRUNK
    low = top + sum(heights) * _SHRUNK
    return _sheet(
        (_NARROW, round(low) + 44),
        words,
        "narrow",
        _placed(left, top, _SHRUNK),
        _thickness(slabs, heights, (left - 12, top), _SHRUNK),
        _width(words.width, (left + _DEPTH[0] * _SHRUNK, 34), _widths(len(slabs))[0] * _SHRUNK),
        "".join(_badge(end, row) for row, end in enumerate(_ends(heights, (left, top), _SHRUNK))),
        f'<text class="road-block__note" x="8" y="{round(low) + 34}">{escape(words.note)}</text>',
    )


def _sheet(size: tuple[int, int], words: BlockWords, name: str, *parts: str) -> str:
    return (
        f'<svg class="road-block road-block--{name}" viewBox="0 0 {size[0]} {size[1]}" role="img" '
        f'aria-label="{escape(words.title)}">{"".join(parts)}</svg>'
    )


def _placed(left: float, top: float, scale: float) -> str:
    return f'<use href="#road-block" transform="translate({left:g} {top:.1f}) scale({scale:g})"/>'


def _thickness(slabs: Sequence[Slab], heights: Sequence[float], start: Point, scale: float) -> str:
    """This will draw the dimension line beside the front, with the thickness of each layer in mm."""
    x, tops = start[0], [start[1] + top * scale for top in _tops(heights)]
    reach = 22 if scale == 1.0 else 8
    extensions = "".join(f"M{x - 8:g} {y:.1f}h{8 + reach:g}" for y in tops)
    ticks = "".join(f"M{x - 4:g} {y + 5:.1f}l8-10" for y in tops)
    numbers = "".join(
        f'<text class="road-block__number" x="{x - 11:g}" y="{(high + low) / 2 + 5:.1f}" text-anchor="end">'
        f"{dutch(slab.thickness_mm)}</text>"
        for slab, high, low in zip(slabs, tops, tops[1:], strict=False)
    )
    return (
        f'<path class="road-block__extension" d="{extensions}"/>'
        f'<path class="road-block__line" d="M{x:g} {tops[0]:.1f}V{tops[-1]:.1f}"/>'
        f'<path class="road-block__tick" d="{ticks}"/>{numbers}'
        f'<text class="road-block__note" x="{x - 11:g}" y="{tops[0] - 12:.1f}" text-anchor="end">mm</text>'
    )


def _width(text: str, start: Point, length: float) -> str:
    if not text:
        return ""
    (x, y), half = start, len(text) * 4 + 8
    middle = x + length / 2
    return (
        f'<path class="road-block__line" d="M{x:.1f} {y:.1f}H{middle - half:.1f}M{middle + half:.1f} {y:.1f}'
        f'H{x + length:.1f}"/><path class="road-block__tick" d="M{x - 5:.1f} {y + 4:.1f}l10-8'
        f'M{x + length - 5:.1f} {y + 4:.1f}l10-8"/><text class="road-block__number" x="{middle:.1f}" '
        f'y="{y + 5:.1f}" text-anchor="middle">{escape(text)}</text>'
    )


def _ends(heights: Sequence[float], corner: Point, scale: float) -> Iterator[Point]:
    """This will give the middle of the far edge of each layer, where its leader begins."""
    tops, widths = _tops(heights), _widths(len(heights))
    for top, height, width in zip(tops, heights, widths, strict=False):
        x, y = width + _DEPTH[0], top + height / 2 + _DEPTH[1]
        yield corner[0] + x * scale, corner[1] + y * scale


def _leader(end: Point, row: int) -> str:
    line = [end, (_WIDE - 24, HEAD + ROW * (row + 0.5)), (_WIDE, HEAD + ROW * (row + 0.5))]
    return (
        f'<path class="road-block__line" d="{path_data(line, closed=False)}"/>'
        f'<circle class="road-block__dot" cx="{end[0]:.1f}" cy="{end[1]:.1f}" r="4"/>'
    )


def _badge(end: Point, row: int) -> str:
    return (
        f'<circle class="road-block__badge" cx="{end[0]:.1f}" cy="{end[1]:.1f}" r="9.5"/>'
        f'<text class="road-block__badge-number" x="{end[0]:.1f}" y="{end[1] + 4.5:.1f}" text-anchor="middle">'
        f"{row + 1}</text>"
    )
