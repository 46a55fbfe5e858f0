"""A road from above, in its sections: hectometre posts, what was laid when, and the section that the page is about."""

from collections.abc import Iterator, Sequence
from html import escape
from itertools import pairwise
from typing import Final, NamedTuple

_TARMAC: Final = "#5A5F5B"
_PAINT: Final = "#F6F3EA"
_LEAST: Final = 0.06
"""The share of the road that a section has at least, so that a finger finds it."""


class Stretch(NamedTuple):
    """One section to draw, with its texts as they are read; `length` only counts against that of the others."""

    id: str
    name: str
    title: str
    """For who cannot see the drawing."""
    url: str
    start: str
    end: str
    length: float
    year: str
    reclaimed: str
    """Empty where nothing in it was reclaimed."""
    is_chosen: bool


class _Sheet(NamedTuple):
    """The measures of one form of the drawing."""

    manner: str
    width: int
    gap: int
    between_posts: int


_WIDE: Final = _Sheet("wide", 1184, 24, 66)
_NARROW: Final = _Sheet("narrow", 360, 10, 40)


def strip(stretches: Sequence[Stretch]) -> tuple[str, str]:
    """This will draw the sections, at least one, as two SVG elements, wide and narrow, of which a page shows one."""
    return _drawn(stretches, _WIDE), _drawn(stretches, _NARROW)


def _drawn(stretches: Sequence[Stretch], sheet: _Sheet) -> str:
    spans = _spans(stretches, sheet)
    sections = "".join(_section(stretch, span, sheet) for stretch, span in zip(stretches, spans, strict=True))
    # Frames lie over the neighbours; the links stay in the order of the road.
    chosen = "".join(
        _frame(span, "road-strip__chosen") for stretch, span in zip(stretches, spans, strict=True) if stretch.is_chosen
    )
    height = 128 if sheet is _WIDE else 122
    return (
        f'<svg class="road-strip road-strip--{sheet.manner}" viewBox="-3 0 {sheet.width + 6} {height}">'
        f"{sections}{chosen}{_posts(stretches, spans, sheet)}</svg>"
    )


def _spans(stretches: Sequence[Stretch], sheet: _Sheet) -> list[tuple[float, float]]:
    """This will return from where to where each section is drawn; one that does not join the next leaves a gap."""
    gaps = [sheet.gap if one.end != other.start else 0 for one, other in pairwise(stretches)]
    whole = sum(stretch.length for stretch in stretches)
    shares = [max(stretch.length / whole, _LEAST) for stretch in stretches]
    unit = (sheet.width - sum(gaps)) / sum(shares)
    spans, at = [], 0.0
    for share, gap in zip(shares, [*gaps, 0], strict=True):
        spans.append((at, at + share * unit))
        at += share * unit + gap
    return spans


def _section(stretch: Stretch, span: tuple[float, float], sheet: _Sheet) -> str:
    start, end = span
    width = end - start
    current = ' aria-current="true"' if stretch.is_chosen else ""
    return (
        f'<a class="road-strip__section" href="{escape(stretch.url)}" aria-label="{escape(stretch.title)}"{current}>'
        f'<rect x="{start:.1f}" y="34" width="{width:.1f}" height="54" fill="{_TARMAC}"/>'
        f'<path d="M{start:.1f} 38H{end:.1f}M{start:.1f} 84H{end:.1f}" stroke="{_PAINT}" stroke-width="1.6"/>'
        f"{_middle_line(span, sheet)}{_words(stretch, span, sheet)}{_frame(span, 'road-strip__frame')}</a>"
    )


def _frame(span: tuple[float, float], name: str) -> str:
    return f'<rect class="{name}" x="{span[0]:.1f}" y="31" width="{span[1] - span[0]:.1f}" height="60"/>'


def _middle_line(span: tuple[float, float], sheet: _Sheet) -> str:
    dashes, y = ("26 18", 61) if sheet is _WIDE else ("11 8", 49)
    # The dashes go on from section to section as they do on the road.
    return (
        f'<path d="M{span[0]:.1f} {y}H{span[1]:.1f}" stroke="{_PAINT}" stroke-width="2.2" '
        f'stroke-dasharray="{dashes}" stroke-dashoffset="{span[0]:.1f}"/>'
    )


def _words(stretch: Stretch, span: tuple[float, float], sheet: _Sheet) -> str:
    """This will write the year, and the share that was reclaimed on a green ground."""
    (start, end), middle = span, sum(span) / 2
    called = escape(stretch.name if sheet is _WIDE else stretch.id)
    name = f'<text class="road-strip__name" x="{middle:.1f}" y="20" text-anchor="middle">{called}</text>'
    reclaimed = bool(stretch.reclaimed)
    top, height = (63, 20) if sheet is _WIDE else (53, 31)
    band = f'<rect class="road-strip__reclaimed" x="{start + 1:.1f}" y="{top}" width="{end - start - 2:.1f}"'
    ground = f'{band} height="{height}"/>' if reclaimed else ""
    manner = "road-strip__text road-strip__text--reclaimed" if reclaimed else "road-strip__text"
    parts = [part for part in (stretch.year, stretch.reclaimed) if part]
    lines = [(", ".join(parts), 78.0)] if sheet is _WIDE else _stacked(parts)
    texts = "".join(
        f'<text class="{manner}" x="{middle:.1f}" y="{y:g}" text-anchor="middle">{escape(text)}</text>'
        for text, y in lines
    )
    return name + ground + texts


def _stacked(parts: Sequence[str]) -> list[tuple[str, float]]:
    return [(part, 66.0 + 14 * row) for row, part in enumerate(parts)] if len(parts) > 1 else [(parts[0], 73.0)]


def _posts(stretches: Sequence[Stretch], spans: Sequence[tuple[float, float]], sheet: _Sheet) -> str:
    """This will draw the dimension line with its hectometre posts; a number that has no room is left out."""
    posts = list(_post_places(stretches, spans))
    edges = "".join(f"M{x:.1f} 92v14" for x, _ in posts)
    line = "".join(f"M{start:.1f} 99H{end:.1f}" for start, end in spans)
    ticks = "".join(f"M{x - 4:.1f} 104l8-10" for x, _ in posts)
    numbers = "".join(_number(post, sheet) for post in _with_room(posts, sheet.between_posts))
    return f'<path class="road-block__line" d="{edges}{line}"/><path class="road-block__tick" d="{ticks}"/>{numbers}'


def _post_places(stretches: Sequence[Stretch], spans: Sequence[tuple[float, float]]) -> Iterator[tuple[float, str]]:
    for place, (stretch, (start, end)) in enumerate(zip(stretches, spans, strict=True)):
        if place == 0 or stretches[place - 1].end != stretch.start:
            yield start, stretch.start
        yield end, stretch.end


def _with_room(posts: Sequence[tuple[float, str]], between: float) -> list[tuple[float, str]]:
    kept: list[tuple[float, str]] = []
    for x, text in posts[:-1]:
        if (not kept or x - kept[-1][0] >= between) and posts[-1][0] - x >= between:
            kept.append((x, text))
    return [*kept, posts[-1]]


def _number(post: tuple[float, str], sheet: _Sheet) -> str:
    x, text = post
    anchor = "start" if x < 1 else "end" if x > sheet.width - 1 else "middle"
    words = f"hm {text}" if sheet is _WIDE else text
    return (
        f'<text class="road-strip__post" x="{x:.1f}" y="{122 if sheet is _WIDE else 120}" text-anchor="{anchor}">'
        f"{escape(words)}</text>"
    )
