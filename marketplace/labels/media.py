"""What labels are printed on: rolls, sheets of labels, plain paper, and pages for the crane driver. Pure.

The sheets are those of Avery Zweckform with A4 geometry. Their grids are centred on the page, so that the margins
follow from the size of a label and the pitch; the sizes are those that the maker prints on the pack. Three have the
same grid in weatherproof polyester, which is what belongs on a building site.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from marketplace.kit.errors import N_, InvalidInputError, NotFoundError

A4: Final = (210.0, 297.0)


class Kind(StrEnum):
    """How a medium goes through the printer."""

    ROLL = "roll"
    SHEET = "sheet"
    CRANE = "crane"


@dataclass(frozen=True, slots=True)
class Position:
    """Where a label comes: the page, counted from 0, and its upper left corner in mm from that of the page."""

    page: int
    x: float
    y: float


@dataclass(frozen=True, slots=True)
class Medium:
    """A kind of label stock; all sizes in mm.

    `pitch_x` and `pitch_y` lead from a label to its neighbour. `is_cut` tells that it is plain paper, on which lines
    are printed to cut along.
    """

    id: str
    name_nl: str
    name_en: str
    kind: Kind
    width: float
    height: float
    page_width: float
    page_height: float
    columns: int = 1
    rows: int = 1
    pitch_x: float = 0
    pitch_y: float = 0
    is_cut: bool = False

    def name(self, locale: str) -> str:
        """Return what people call it, in the language of `locale`."""
        return self.name_en if locale.startswith("en") else self.name_nl

    @property
    def per_page(self) -> int:
        """Return how many labels a page holds."""
        return self.columns * self.rows

    @property
    def margin_left(self) -> float:
        """Return the white to the left of the grid, which is the same to its right."""
        return round((self.page_width - self.pitch_x * (self.columns - 1) - self.width) / 2, 3)

    @property
    def margin_top(self) -> float:
        """Return the white above the grid, which is the same below it."""
        return round((self.page_height - self.pitch_y * (self.rows - 1) - self.height) / 2, 3)

    def position(self, n: int, skip: int = 0) -> Position:
        """Return the place of label `n`, counted from 0, when the first `skip` places of the first page are used up.

        Places go by row, as one reads. Raise InvalidInputError where `skip` is not a place on the page.
        """
        if not 0 <= skip < self.per_page:
            raise InvalidInputError(
                N_("Sla 0 tot en met %(most)s labels over; een vel van dit papier heeft er %(places)s."),
                field="skip",
                most=self.per_page - 1,
                places=self.per_page,
            )
        page, place = divmod(n + skip, self.per_page)
        row, column = divmod(place, self.columns)
        return Position(
            page,
            round(self.margin_left + column * self.pitch_x, 3),
            round(self.margin_top + row * self.pitch_y, 3),
        )

    def pages(self, count: int, skip: int = 0) -> int:
        """Return how many pages `count` labels take."""
        return -(-(count + skip) // self.per_page)


def get(medium_id: str) -> Medium:
    """Return the medium with this id, or raise NotFoundError."""
    if medium_id not in MEDIA:
        raise NotFoundError(N_("Dit labelpapier kennen we niet."), field="medium")
    return MEDIA[medium_id]


def _single(medium_id: str, kind: Kind, size: tuple[float, float], name_nl: str, name_en: str) -> Medium:
    return Medium(medium_id, name_nl, name_en, kind, *size, *size)


def _avery(
    product: str, size: tuple[float, float], grid: tuple[int, int], *, gap: float = 2.5, foil: str = ""
) -> Medium:
    """Return a sheet of the maker; its rows touch, and `foil` is the product with the same grid in polyester."""
    columns, rows = grid
    sides = f"{size[0]:g} × {size[1]:g} mm"
    name_nl = f"Avery {product}, {columns * rows} van {sides}".replace(".", ",")
    name_en = f"Avery {product}, {columns * rows} of {sides}"
    if foil:
        name_nl, name_en = f"{name_nl}; weerbestendig: {foil}", f"{name_en}; weatherproof: {foil}"
    pitch = round(size[0] + gap, 3)
    return Medium(product.lower(), name_nl, name_en, Kind.SHEET, *size, *A4, columns, rows, pitch, size[1])


_TO_CUT: Final = Medium(
    "a4-50x50",
    "A4 om te knippen, 20 van 50 × 50 mm",
    "A4 to cut, 20 of 50 × 50 mm",
    Kind.SHEET,
    *(50, 50),
    *A4,
    columns=4,
    rows=5,
    pitch_x=50,
    pitch_y=50,
    is_cut=True,
)

SQUARE: Final = _single("50x50", Kind.ROLL, (50, 50), "Vierkant, 50 × 50 mm", "Square, 50 × 50 mm")

MEDIA: Final = {
    medium.id: medium
    for medium in (
        SQUARE,
        _single("62x50", Kind.ROLL, (62, 50), "Rol van 62 mm, label van 50 mm hoog", "62 mm roll, label 50 mm high"),
        _single("102x51", Kind.ROLL, (102, 51), "Rol, 102 × 51 mm", "Roll, 102 × 51 mm"),
        _TO_CUT,
        _avery("L7159", (63.5, 33.9), (3, 8), foil="L4773"),
        _avery("L7160", (63.5, 38.1), (3, 7)),
        _avery("L7163", (99.1, 38.1), (2, 7)),
        _avery("L7177", (99.1, 42.3), (2, 6), foil="L4776"),
        _avery("L7173", (99.1, 57), (2, 5)),
        _avery("L7165", (99.1, 67.7), (2, 4)),
        _avery("L7169", (99.1, 139), (2, 2), foil="L4774"),
        _avery("L7168", (199.6, 143.5), (1, 2), gap=0),
        _avery("L7167", (199.6, 289.1), (1, 1), gap=0),
        _single("crane-a5", Kind.CRANE, (148, 210), "Kraanmaat, A5", "Crane size, A5"),
        _single("crane-a4", Kind.CRANE, A4, "Kraanmaat, A4", "Crane size, A4"),
    )
}
"""Every medium by its id, in the order in which it is offered."""
