"""The label as it is printed, on every medium: with what must be readable without a phone beside the code."""

import json
from collections.abc import Sequence
from dataclasses import asdict
from itertools import groupby
from pathlib import Path
from typing import Any, Final

from marketplace.kit.errors import N_, InvalidInputError
from marketplace.kit.typesetter import Format, typeset, typeset_apart
from marketplace.labels import qr
from marketplace.labels.content import Blank, Label, rules, texts
from marketplace.labels.layout import layout, module_mm
from marketplace.labels.media import SQUARE, Medium
from marketplace.labels.setting import CAP, PITCH, measured
from marketplace.labels.words import words

SIDE_MM = 50

_TEMPLATE: Final = (Path(__file__).parent / "label.typ").read_text(encoding="utf-8")
_MOST_HERE: Final = 100
"""Labels that are set in this process; more go to one of their own."""


def render(label: Label | Blank, form: Format, medium: Medium = SQUARE) -> bytes:
    """Return one label as a PDF page of its own size, as SVG with outlined text, or as PNG at 300 dots per inch.

    All three come from one drawing, so that they cannot differ. Raise InvalidInputError where the code would become
    too small on this medium.
    """
    return _compiled(
        form,
        medium,
        (medium.width, medium.height),
        [[_drawn(label, medium, qr.symbol(label.address))]],
        title=label.name if isinstance(label, Label) else words(label.language).blank,
        author=label.owner if isinstance(label, Label) else "",
        is_cut=False,
    )


def render_sheet(labels: Sequence[Label | Blank], medium: Medium, skip: int = 0) -> bytes:
    """Return the labels on pages of `medium` as one tagged PDF, from the first free place of the first page.

    Raise InvalidInputError where there is none to print, where `skip` is not a place on the page, and where a code
    would become too small on this medium.
    """
    if not labels:
        raise InvalidInputError(N_("Kies minstens één label om te printen."))
    return _compiled(
        "pdf",
        medium,
        (medium.page_width, medium.page_height),
        _pages(labels, medium, skip),
        title=f"{words(labels[0].language).labels}: {len(labels)}",
        author="",
        is_cut=medium.is_cut,
    )


def _compiled(form: Format, medium: Medium, page: tuple[float, float], pages: list[Any], **more: str | bool) -> bytes:
    told: dict[str, Any] = more | {
        "page": page,
        "pages": pages,
        "label": (medium.width, medium.height),
        "qr": asdict(layout(medium).qr),
        "cap": CAP,
        "pitch": PITCH,
    }
    set_in = typeset_apart if sum(map(len, pages)) > _MOST_HERE else typeset
    return set_in(_TEMPLATE, {"print": json.dumps(told)}, form)


def _pages(labels: Sequence[Label | Blank], medium: Medium, skip: int) -> list[list[dict[str, Any]]]:
    codes = qr.symbols([label.address for label in labels])
    placed = [(medium.position(n, skip), label, codes[n]) for n, label in enumerate(labels)]
    return [
        [_drawn(label, medium, code) | {"x": place.x, "y": place.y} for place, label, code in page]
        for _, page in groupby(placed, key=lambda each: each[0].page)
    ]


def _drawn(label: Label | Blank, medium: Medium, symbol: qr.Symbol) -> dict[str, Any]:
    module_mm(medium, symbol)
    boxes = layout(medium)
    return {
        "x": 0,
        "y": 0,
        "address": label.address,
        "lang": "en" if label.language == "en" else "nl",
        "qr": qr.svg(symbol),
        "rules": [asdict(rule) for rule in rules(label, boxes, measured)],
        "texts": [asdict(text) for text in texts(label, boxes, measured)],
    }
