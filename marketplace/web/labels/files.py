"""Labels as a file to keep or to send to a printer."""

from collections.abc import Sequence
from typing import Final

from flask import make_response
from werkzeug.wrappers import Response

from marketplace.kit import clock
from marketplace.kit.typesetter import Format
from marketplace.labels import artwork, zpl
from marketplace.labels.content import Blank, Label
from marketplace.labels.media import Medium
from marketplace.labels.models import PrintFormat

TYPES: Final = {"svg": "image/svg+xml", "png": "image/png", "pdf": "application/pdf", "zpl": "text/plain"}

_PICTURES: Final[dict[PrintFormat, Format]] = {PrintFormat.SVG: "svg", PrintFormat.PNG: "png"}


def download(
    labels: Sequence[Label | Blank], medium: Medium, form: PrintFormat, *, dpi: int | None, skip: int
) -> Response:
    """Return the labels as an answer that the browser saves."""
    response = make_response(_made(labels, medium, form, dpi, skip))
    response.mimetype = TYPES[form]
    name = f"labels-{clock.today():%Y%m%d}-{len(labels)}.{form}"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    response.headers["Cache-Control"] = "no-store"
    return response


def _made(
    labels: Sequence[Label | Blank], medium: Medium, form: PrintFormat, dpi: int | None, skip: int
) -> bytes | str:
    if form is PrintFormat.ZPL:
        return zpl.render(labels, medium, dpi or zpl.RESOLUTIONS[0])
    if form is PrintFormat.PDF:
        return artwork.render_sheet(labels, medium, skip)
    return artwork.render(labels[0], _PICTURES[form], medium)
