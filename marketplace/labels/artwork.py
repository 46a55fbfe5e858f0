"""The label as it is printed, on every medium: with what must be readable without a phone beside the code."""

import json
from collections.abc import Sequence
from dataclasses import asdict
from itertools import groupby
from pathlib import Path
from typing import Any, Literal

from marketplace.kit.errors import N_, InvalidInputError
from marketplace.labels import qr
from marketplace.labels.content import Blank, Label, rules, texts
from marketplace.labels.layout import layout, module_mm
from marketplace.labels.media import SQUARE, Medium
from marketplace.labels.setting import CAP, PITCH, measured
from marketplace.labels.words import words

SIDE_MM = 50
PIXELS_PER_INCH = 300

_FOLDER = Path(__file__).parent
_FONTS = str(_FOLDER / "fonts")
_TEMPLATE = (_FOLDER / "label.typ").read_bytes()

Format = Literal["svg", "png", "pdf"]


def render(label: Label | Blank, form: Format, medium: Medium = SQUARE) -> bytes:
    """Return one label as a PDF page of its own size, as SVG with outlined text, or as PNG at 300 dots per inch.

    All three come from one drawing, so that they cannot differ. Raise InvalidInputError where the code would become
    too small on this medium.
    """
    return _compiled(
        form,
        medium,
        (medium.width, medium.height),
        [[_drawn(label, medium)]],
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
    # Loaded at the first label: most requests print none, and the typesetter takes a while to load.
    import typst  # noqa: PLC0415

    told: dict[str, Any] = more | {
        "page": page,
        "pages": pages,
        "label": (medium.width, medium.height),
        "qr": asdict(layout(medium).qr),
        "cap": CAP,
        "pitch": PITCH,
    }
    return typst.compile(  # type: ignore[misc]  # mypy also tries the overload that writes a file
        _TEMPLATE,
        format=form,
        font_paths=[_FONTS],
        ignore_system_fonts=True,
        sys_inputs={"print": json.dumps(told)},
        ppi=PIXELS_PER_INCH if form == "png" else None,
    )


def _pages(labels: Sequence[Label | Blank], medium: Medium, skip: int) -> list[list[dict[str, Any]]]:
    placed = [(medium.position(n, skip), label) for n, label in enumerate(labels)]
    return [
        [_drawn(label, medium) | {"x": place.x, "y": place.y} for place, label in page]
        for _, page in groupby(placed, key=lambda each: each[0].page)
    ]


def _drawn(label: Label | Blank, medium: Medium) -> dict[str, Any]:
    symbol = qr.symbol(label.address)
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
