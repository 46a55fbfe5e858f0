"""A family of passports as a drawing: cards under each other, the oldest on top, with what went from one to the other.

Pure: from plain texts to SVG text. It is as narrow as a phone, so that nobody scrolls sideways; each generation stands
a little further in. A dimension line with a slashed end leads from every card to what came out of it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from typing import Final

WIDTH: Final = 320
_INDENT: Final = 16
_DEEPEST: Final = 5
_CARD: Final = 48
_LABEL: Final = 22
_GAP: Final = 10
_PAD: Final = 12
_LETTER: Final = 6.9
"""The mean width of a letter at the size in which cards are written, with some to spare."""


@dataclass(frozen=True, slots=True)
class Card:
    """Hold one passport: its texts as they are read, how deep it stands, and in what manner it is drawn.

    `built_in` is dashed; `is_over` is pale, because nothing is left of it.
    """

    key: int
    depth: int
    name: str
    text: str
    url: str | None = None
    is_present: bool = False
    built_in: bool = False
    is_over: bool = False


@dataclass(frozen=True, slots=True)
class Edge:
    """Hold what went from one card to another below it."""

    parent: int
    child: int
    text: str


def tree(cards: Sequence[Card], edges: Sequence[Edge], *, label: str) -> str:
    """Return the drawing as an SVG element. `cards` are in order; every edge leads from a card to a later one."""
    places, body, y = dict[int, tuple[int, int]](), list[str](), 2
    for card in cards:
        x = 2 + _INDENT * min(card.depth, _DEEPEST)
        for edge in (edge for edge in edges if edge.child == card.key and edge.parent in places):
            body.append(_edge(edge, places[edge.parent], (x, y + 14)))
            y += _LABEL
        body.append(_card(card, x, y))
        places[card.key] = x, y + _CARD
        y += _CARD + _GAP
    height = y - _GAP + 2
    return (
        f'<svg class="family__drawing" viewBox="0 0 {WIDTH} {height}" width="{WIDTH}" height="{height}" role="group"'
        f' aria-label="{escape(label)}">{"".join(body)}</svg>'
    )


def _edge(edge: Edge, start: tuple[int, int], end: tuple[int, int]) -> str:
    """Draw the line from under a card to beside the words of what went, with a slash where it ends."""
    (parent_x, parent_bottom), (x, y) = start, end
    rail = parent_x + 7
    stop = x + 7 if x > parent_x else rail + 12
    words = escape(_cut(edge.text, WIDTH - stop - 12))
    return (
        f'<path class="family__line" d="M{rail} {parent_bottom}V{y - 4}H{stop}"/>'
        f'<path class="family__slash" d="M{stop - 4} {y}l8 -8"/>'
        f'<text class="family__edge" x="{stop + 9}" y="{y}">{words}</text>'
    )


def _card(card: Card, x: int, y: int) -> str:
    width = WIDTH - x - 2
    kinds = [
        "family__card",
        "family__card--present" if card.is_present else "",
        "family__card--built-in" if card.built_in else "",
        "family__card--over" if card.is_over else "",
    ]
    inner = (
        f'<rect x="{x}" y="{y}" width="{width}" height="{_CARD}" rx="6"/>'
        f'<text class="family__name" x="{x + _PAD}" y="{y + 20}">{escape(_cut(card.name, width - 2 * _PAD))}</text>'
        f'<text class="family__text" x="{x + _PAD}" y="{y + 38}">{escape(_cut(card.text, width - 2 * _PAD))}</text>'
    )
    classes = " ".join(filter(None, kinds))
    if card.url is None or card.is_present:
        return f'<g class="{classes}">{inner}</g>'
    return f'<a class="{classes}" href="{escape(card.url)}">{inner}</a>'


def _cut(text: str, width: float) -> str:
    most = int(width / _LETTER)
    return text if len(text) <= most else text[: most - 1].rstrip(" ,·") + "…"
