"""From a scene to SVG text: fitted to the paper, dashed where the thing is still in its building, no inline styles."""

import math
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import groupby, pairwise
from typing import NamedTuple

from marketplace.web.drawings.palettes import Palette, mix
from marketplace.web.drawings.projection import Point
from marketplace.web.drawings.scene import OUTLINE, Measure, Scene, Shape

FONT = 12
MARGIN = (28, 22)
Fit = Callable[[Point], Point]


def dutch(number: int) -> str:
    """This will return a whole number the Dutch way: 5400 is '5.400'."""
    return f"{number:,}".replace(",", ".")


def render(scene: Scene, *, expected: bool, width: int, height: int, with_dimensions: bool) -> str:
    """This will return the scene as a complete SVG element of the given size."""
    measures = [m for m in scene.measures if with_dimensions and scene.dims[m.slot] is not None]
    fit = _fit(scene.shapes, measures, width, height)
    ink = scene.palette.line
    manners = groupby(scene.shapes, key=lambda shape: _manner(shape, expected=expected))
    body = "".join(_group(manner, list(run), fit, _Paint(scene.palette, expected)) for manner, run in manners)
    notes = "".join(_dimension(m, dutch(scene.dims[m.slot] or 0), fit, scene.palette) for m in measures)
    return (
        f'<svg class="art" viewBox="0 0 {width} {height}" aria-hidden="true" preserveAspectRatio="xMidYMid slice"'
        f' fill="none" stroke="{ink}" stroke-width="{OUTLINE}" stroke-linejoin="round" stroke-linecap="round">'
        f'<path d="M0 0h{width}v{height}H0z" fill="{scene.palette.ground}" stroke="none"/>{body}{notes}</svg>'
    )


def _fit(shapes: Sequence[Shape], measures: Sequence[Measure], width: int, height: int) -> Fit:
    points = [p for s in shapes for p in s.points] + [p for m in measures for p in m.beside]
    xs, ys = [p[0] for p in points], [p[1] for p in points]
    middle_x, middle_y = (min(xs) + max(xs)) / 2, (min(ys) + max(ys)) / 2
    scale = min((width - 2 * MARGIN[0]) / (max(xs) - min(xs)), (height - 2 * MARGIN[1]) / (max(ys) - min(ys)))
    return lambda p: ((p[0] - middle_x) * scale + width / 2, (p[1] - middle_y) * scale + height / 2)


def _manner(shape: Shape, *, expected: bool) -> str:
    """The attributes that neighbouring shapes often share, so that a group can carry them once."""
    width = "" if shape.width == OUTLINE else f' stroke-width="{shape.width:g}"'.replace('"0.', '".')
    if not expected:
        return width
    if shape.outline:
        return width + ' stroke-dasharray="4.2 2.8"'
    return ' stroke="none"' if shape.facet else width + ' stroke-opacity=".45"'


class _Paint(NamedTuple):
    palette: Palette
    expected: bool

    def fill(self, shape: Shape) -> str:
        if shape.fill is None or not self.expected:
            return shape.fill or ""
        share, strength = (0.55, 0.0) if shape.outline else (0.55, 0.1) if shape.facet else (0.4, 0.22)
        return mix(mix(self.palette.ground, "#FFFFFF", share), shape.fill, strength)

    def stroke(self, shape: Shape) -> str:
        return "" if self.expected else shape.stroke or ""


def _group(manner: str, shapes: list[Shape], fit: Fit, paint: _Paint) -> str:
    paths = ["".join(_paths(list(run), fit, paint)) for _, run in groupby(shapes, key=_line_colour)]
    inner = "".join(paths)
    if not manner:
        return inner
    return f"<g{manner}>{inner}</g>" if inner.count("/>") > 1 else inner.replace("/>", f"{manner}/>")


def _line_colour(shape: Shape) -> tuple[bool, str | None]:
    return (shape.fill is None, shape.stroke if shape.fill is None else None)


def _paths(shapes: list[Shape], fit: Fit, paint: _Paint) -> Iterator[str]:
    """Lines of one colour share a path; faces keep their own, because each covers what is drawn before it."""
    parts = [path_data(map(fit, shape.points), closed=shape.closed) for shape in shapes]
    if shapes[0].fill is None:
        parts, shapes = ["".join(parts)], shapes[:1]
    for data, shape in zip(parts, shapes, strict=True):
        fill, stroke = paint.fill(shape), paint.stroke(shape)
        colours = (f' fill="{fill}"' if fill else "") + (f' stroke="{stroke}"' if stroke else "")
        yield f'<path d="{data}"{colours}/>'


def _tenths(value: float) -> int:
    return round(value * 10)


def _number(tenths: int) -> str:
    whole, rest = divmod(abs(tenths), 10)
    text = (str(whole) if whole or not rest else "") + (f".{rest}" if rest else "")
    return ("-" if tenths < 0 else "") + text


def path_data(points: Iterable[Point], *, closed: bool) -> str:
    """This will return points as compact path data: one absolute start, then steps in tenths of a unit."""
    grid = [(_tenths(x), _tenths(y)) for x, y in points]
    steps = [f"{_number(x - last_x)} {_number(y - last_y)}" for (last_x, last_y), (x, y) in pairwise(grid)]
    start = f"M{_number(grid[0][0])} {_number(grid[0][1])}"
    return (start + "l" + " ".join(steps) + ("z" if closed else "")).replace(" -", "-")


def _readable(angle: float) -> float:
    """This will turn an angle so that the text reads from the left, or from below where it stands upright."""
    while angle > 85:
        angle -= 180
    while angle <= -95:
        angle += 180
    return angle


def _dimension(measure: Measure, number: str, fit: Fit, palette: Palette) -> str:
    (a, b), (start, end) = (tuple(map(fit, pair)) for pair in (measure.ends, measure.beside))
    along = _unit(start, end)
    lines = _extension(a, start) + _extension(b, end) + path_data((start, end), closed=False)
    ticks = "".join(_tick(point, along) for point in (start, end))
    return f'<path d="{lines}" stroke-width=".8" stroke-opacity=".75"/><path d="{ticks}" stroke-width="1.5"/>' + _label(
        measure.prefix + number, (start, end), along, _unit(a, start), palette
    )


def _unit(start: Point, end: Point) -> Point:
    dx, dy = end[0] - start[0], end[1] - start[1]
    length = math.hypot(dx, dy) or 1.0
    return dx / length, dy / length


def _extension(thing: Point, beside: Point) -> str:
    dx, dy = (4 * part for part in _unit(thing, beside))
    return path_data(((thing[0] + dx, thing[1] + dy), (beside[0] + dx, beside[1] + dy)), closed=False)


def _tick(point: Point, along: Point) -> str:
    slash = (0.7 * (along[0] - along[1]), 0.7 * (along[0] + along[1]))
    if abs(slash[1]) < 0.5:
        slash = (0.7 * (along[0] + along[1]), 0.7 * (along[1] - along[0]))
    ends = [(point[0] + sign * 4 * slash[0], point[1] + sign * 4 * slash[1]) for sign in (-1, 1)]
    return path_data(ends, closed=False)


def _label(text: str, line: tuple[Point, Point], along: Point, aside: Point, palette: Palette) -> str:
    (x, y), (far_x, far_y) = line
    angle = _readable(math.degrees(math.atan2(along[1], along[0])))
    half = (len(text) * FONT * 0.5 + 8) / 2
    centre = ((x + far_x) / 2, (y + far_y) / 2)
    if math.hypot(far_x - x, far_y - y) < 2 * half + 4:
        centre, angle = (centre[0] + aside[0] * (half + 2), centre[1] + aside[1] * 11), 0.0
    return (
        f'<g transform="translate({centre[0]:.1f} {centre[1]:.1f}) rotate({angle:.1f})" stroke="none">'
        f'<path d="M{-half:g}-7.5h{2 * half:g}v15h{-2 * half:g}z" fill="{palette.ground}"/>'
        f'<text y="4" text-anchor="middle" font-size="{FONT}" font-weight="600" fill="{palette.line}">{text}</text></g>'
    )
