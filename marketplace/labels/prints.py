"""The facts of a print, kept so that it is known later what hangs on a building site and how strong it is. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass

from marketplace.kit.errors import N_, InvalidInputError
from marketplace.labels import layout, qr, zpl
from marketplace.labels.content import Blank, Label
from marketplace.labels.media import Kind, Medium


@dataclass(frozen=True, slots=True)
class PrintFacts:
    """What was printed: sizes in mm; `module_mm` and `level` are those of the weakest code among the labels.

    `language` is nl, en or both; labels in different languages count as both. `skipped` is the number of places of the
    first sheet that were left out.
    """

    medium: str
    width_mm: float
    height_mm: float
    module_mm: float
    level: str
    language: str
    count: int
    skipped: int = 0


def require_file(form: str, medium: Medium, count: int) -> None:
    """Raise InvalidInputError where a file of this form, pdf, zpl, svg or png, cannot hold these labels."""
    if form == "zpl" and medium.kind is not Kind.ROLL:
        raise InvalidInputError(zpl.NO_ROLL, field="medium")
    if form in {"svg", "png"} and (count > 1 or medium.kind is Kind.SHEET):
        raise InvalidInputError(N_("SVG en PNG zijn er voor één label op een rol of op kraanmaat."), field="format")


def facts_of(labels: Sequence[Label | Blank], medium: Medium, *, skip: int = 0, dpi: int | None = None) -> PrintFacts:
    """Return the facts of printing these labels; `dpi` is the resolution of a label printer that draws the code itself.

    Raise InvalidInputError where there is nothing to print, where `skip` is not a place on the page, or where a code
    would become too small.
    """
    if not labels:
        raise InvalidInputError(N_("Kies minstens één label om te printen."))
    medium.position(0, skip)
    symbols = qr.symbols([label.address for label in labels])
    weakest = max(symbols, key=lambda symbol: symbol.size)
    languages = {label.language for label in labels}
    return PrintFacts(
        medium=medium.id,
        width_mm=medium.width,
        height_mm=medium.height,
        module_mm=layout.module_mm(medium, weakest) if dpi is None else zpl.module_mm(medium, weakest, dpi),
        level=max(symbol.level for symbol in symbols),
        language=languages.pop() if len(languages) == 1 else "both",
        count=len(labels),
        skipped=skip,
    )
