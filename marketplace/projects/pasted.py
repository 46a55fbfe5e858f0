"""A table as a spreadsheet puts it on the clipboard: which column says what, and the cells of each row. Pure."""

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, Literal

from marketplace.kit.errors import N_, InvalidInputError
from marketplace.kit.words import words

MOST_ROWS: Final = 200
MOST_CHARACTERS: Final = 100_000


class Column(StrEnum):
    """What a column of pasted needs may say."""

    TITLE = "title"
    CATEGORY = "category"
    QUANTITY = "quantity"
    UNIT = "unit"
    SIZES = "sizes"
    LENGTH = "length"
    WIDTH = "width"
    HEIGHT = "height"
    THICKNESS = "thickness"
    DEPTH = "depth"
    DIAMETER = "diameter"
    FROM = "wanted_from"
    UNTIL = "wanted_until"
    NEW_EUR = "new_eur"
    MAX_PRICE = "max_price"
    GRADE = "grade"
    MAX_KM = "max_km"
    SUBSTITUTES = "substitutes"
    UNTESTED = "accepts_untested"
    MIN_BATCH = "min_batch"
    NOTE = "note"


LABELS: Final = {
    Column.TITLE: N_("Titel"),
    Column.CATEGORY: N_("Materiaal"),
    Column.QUANTITY: N_("Hoeveel"),
    Column.UNIT: N_("Eenheid"),
    Column.SIZES: N_("Maten"),
    Column.LENGTH: N_("Lengte"),
    Column.WIDTH: N_("Breedte"),
    Column.HEIGHT: N_("Hoogte"),
    Column.THICKNESS: N_("Dikte"),
    Column.DEPTH: N_("Diepte"),
    Column.DIAMETER: N_("Diameter"),
    Column.FROM: N_("Nodig vanaf"),
    Column.UNTIL: N_("Uiterlijk op"),
    Column.NEW_EUR: N_("Prijs van nieuw"),
    Column.MAX_PRICE: N_("Budget"),
    Column.GRADE: N_("Minste kwaliteit"),
    Column.MAX_KM: N_("Hoogstens km"),
    Column.SUBSTITUTES: N_("Ook goed"),
    Column.UNTESTED: N_("Ook niet onderzocht"),
    Column.MIN_BATCH: N_("Kleinste levering"),
    Column.NOTE: N_("Toelichting"),
}
"""What a column is called on the page; a heading of that name is recognised."""

WITHOUT_HEADINGS: Final = (
    Column.CATEGORY,
    Column.QUANTITY,
    Column.UNIT,
    Column.SIZES,
    Column.FROM,
    Column.UNTIL,
    Column.NEW_EUR,
    Column.MAX_PRICE,
    Column.GRADE,
    Column.MAX_KM,
    Column.SUBSTITUTES,
    Column.TITLE,
    Column.NOTE,
)
"""The order of the columns where the first row does not name them."""

DIMENSIONS: Final = (
    Column.LENGTH,
    Column.WIDTH,
    Column.HEIGHT,
    Column.THICKNESS,
    Column.DEPTH,
    Column.DIAMETER,
)

_HEADINGS: Final = {
    Column.TITLE: "titel, naam, omschrijving, beschrijving, title, name, description",
    Column.CATEGORY: "materiaal, materiaalsoort, soort, categorie, product, wat, wat zoekt u, material, category, kind",
    Column.QUANTITY: "hoeveel, hoeveelheid, aantal, quantity, amount, number, qty, count, how much, how many",
    Column.UNIT: "eenheid, eh, ehd, unit, uom, units",
    Column.SIZES: "maten, maat, afmeting, afmetingen, lxbxh, lxb, formaat, sizes, size, dimensions",
    Column.LENGTH: "lengte, lang, l, length",
    Column.WIDTH: "breedte, breed, b, width, w",
    Column.HEIGHT: "hoogte, hoog, h, height",
    Column.THICKNESS: "dikte, dik, d, thickness",
    Column.DEPTH: "diepte, diep, depth",
    Column.DIAMETER: "diameter, doorsnede, dia",
    Column.FROM: "nodig vanaf, vanaf, van, nodig, wanneer, periode, startdatum, begin, start, week, maand, datum, "
    "from, wanted from, needed from, needed, wanted, when, period, date, start date, month",
    Column.UNTIL: "uiterlijk op, uiterlijk, tot, tot en met, t m, einde, einddatum, nodig tot, until, by, to, end, "
    "wanted until, needed by, needed until, end date, no later than, deadline",
    Column.NEW_EUR: "prijs van nieuw, prijs nieuw, nieuwprijs, nieuw prijs, nieuwwaarde, nieuw, "
    "prijs van nieuw per eenheid, prijs nieuw per eenheid, price of new, new price, price new, new, "
    "price of new per unit, new price per unit",
    Column.MAX_PRICE: "budget, grens, uw grens, uw grens per eenheid, budget per eenheid, max prijs, maximale prijs, "
    "maximumprijs, max price, maximum price, limit, your limit, budget per unit, your limit per unit",
    Column.GRADE: "minste kwaliteit, kwaliteit, klasse, grade, quality, lowest grade, minimum grade, lowest quality",
    Column.MAX_KM: "hoogstens km, afstand, max afstand, straal, hoogstens, hoogstens zo ver, km, distance, "
    "max distance, radius, at most, at most km, maximum distance",
    Column.SUBSTITUTES: "ook goed, alternatief, alternatieven, dit is ook goed, of, vervanging, substitutes, "
    "substitute, alternatives, alternative, also fine, also good, also acceptable",
    Column.UNTESTED: "ook niet onderzocht, niet onderzocht, ongetest, untested, also untested, accepts untested",
    Column.MIN_BATCH: "kleinste levering, minimale levering, min levering, smallest delivery, min batch, minimum batch",
    Column.NOTE: "toelichting, opmerking, opmerkingen, notitie, bijzonderheden, note, notes, remark, remarks, comment",
}
_COLUMN_OF: Final = {
    words(heading): column for column, headings in _HEADINGS.items() for heading in headings.split(",")
}
_UNITS_IN_HEADINGS: Final = frozenset({"mm", "cm", "m", "m1", "m2", "m3", "st", "stuks", "ton", "kg", "euro", "eur"})
_COUNTED: Final = frozenset({("aantal",), ("number",), ("count",)})
"""Headings of a quantity that is counted in pieces, unless another column says otherwise."""

_LEAST: Final = frozenset({"min", "minimaal", "minimum", "kleinste", "smallest", "least", "vanaf", "van", "from"})
_MOST: Final = frozenset({"max", "maximaal", "maximum", "grootste", "largest", "most", "tot", "to"})


@dataclass(frozen=True, slots=True)
class PastedTable:
    """Hold what was pasted: the columns that it has, its rows, and the headings that were not understood."""

    columns: tuple[Column, ...]
    rows: tuple[dict[Column, str], ...]
    ignored: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Heading:
    """Hold what a heading says: `end` is -1 for the least size, 1 for the most, 0 for neither."""

    column: Column
    end: int = 0
    unit: str = ""


def table_of(text: str) -> PastedTable:
    """Return the rows of a text with tabs or semicolons between its cells. Raises InvalidInputError for `text`."""
    if len(text) > MOST_CHARACTERS:
        message = N_("Dit is te veel tekst: meer dan %(most)s tekens. Plak de lijst in delen.")
        raise InvalidInputError(message, field="text", most=MOST_CHARACTERS)
    rows = [row for row in _cells(text) if any(row)]
    if not rows:
        raise InvalidInputError(N_("Plak hier de rijen uit uw rekenblad."), field="text")
    if all(len(row) < 2 for row in rows):
        message = N_("Hier staan geen kolommen. Kopieer de cellen uit uw rekenblad, of zet er puntkomma's tussen.")
        raise InvalidInputError(message, field="text")
    headings = _headings(rows[0])
    body = rows if headings is None else rows[1:]
    if not body:
        raise InvalidInputError(N_("Hier staan alleen koppen. Plak ook de rijen eronder."), field="text")
    if len(body) > MOST_ROWS:
        message = N_("Dit zijn %(rows)s rijen; er kunnen er %(most)s tegelijk. Plak de lijst in delen.")
        raise InvalidInputError(message, field="text", rows=len(body), most=MOST_ROWS)
    known = [_Heading(column) for column in WITHOUT_HEADINGS] if headings is None else headings
    filled = tuple(_row(known, row) for row in body)
    return PastedTable(
        columns=tuple(column for column in Column if any(row.get(column) for row in filled)),
        rows=filled,
        ignored=_ignored(known, rows[0] if headings is not None else (), body),
    )


def _cells(text: str) -> list[list[str]]:
    delimiter = "\t" if "\t" in text else ";"
    # An odd number of quotes are inches or a mistake; taken as quotes they would swallow the rows that follow.
    quoting: Literal[0, 3] = csv.QUOTE_NONE if text.count('"') % 2 else csv.QUOTE_MINIMAL
    lines = io.StringIO(text.replace("\r\n", "\n").replace("\r", "\n"), newline="")
    return [[" ".join(cell.split()) for cell in row] for row in csv.reader(lines, delimiter=delimiter, quoting=quoting)]


def _headings(row: Sequence[str]) -> list[_Heading | None] | None:
    """Return what each heading says, or None where this row is no row of headings."""
    found = [_heading(cell) for cell in row]
    known = sum(heading is not None for heading in found)
    if known < 2 and known != sum(bool(cell) for cell in row):
        return None
    said = [(heading.column, heading.end) if heading else None for heading in found]
    return [
        heading if said.index(one) == at else None for at, (heading, one) in enumerate(zip(found, said, strict=True))
    ]


def _heading(cell: str) -> _Heading | None:
    said = words(cell.replace("/", " "))
    unit = next((word for word in said if word in _UNITS_IN_HEADINGS), "st" if said in _COUNTED else "")
    plain = tuple(word for word in said if word not in _UNITS_IN_HEADINGS and word != "in")
    column = _COLUMN_OF.get(said) or _COLUMN_OF.get(plain)
    if column is not None:
        return _Heading(column, unit=unit)
    for names, end in ((_LEAST, -1), (_MOST, 1)):
        column = _COLUMN_OF.get(tuple(word for word in plain if word not in names))
        if column in DIMENSIONS:
            return _Heading(column, end, unit)
    return None


def _row(headings: Sequence[_Heading | None], cells: Sequence[str]) -> dict[Column, str]:
    ends: dict[Column, dict[int, str]] = {}
    row: dict[Column, str] = {}
    for heading, cell in zip(headings, cells, strict=False):
        if heading is None or not cell:
            continue
        text = cell
        if heading.column in {*DIMENSIONS, Column.SIZES} and heading.unit in {"cm", "m"} and cell[-1].isdecimal():
            text = f"{cell} {heading.unit}"
        if heading.unit and heading.column is Column.QUANTITY:
            row.setdefault(Column.UNIT, heading.unit)
        if heading.column is Column.UNIT or heading.column not in row:
            row[heading.column] = text
        ends.setdefault(heading.column, {})[heading.end] = text
    return row | {column: _window(found) for column, found in ends.items() if set(found) & {-1, 1}}


def _window(ends: dict[int, str]) -> str:
    least, most = ends.get(-1), ends.get(1)
    if least and most:
        return f"{least} - {most}"
    return f"min {least}" if least else f"max {most}"


def _ignored(
    known: Sequence[_Heading | None], headings: Sequence[str], body: Sequence[Sequence[str]]
) -> tuple[str, ...]:
    """Return the headings of the columns that were left out although something stands in them."""
    widest = max(len(row) for row in body)
    left_out = [at for at in range(widest) if (at >= len(known) or known[at] is None) and _any_at(body, at)]
    return tuple((headings[at] if at < len(headings) and headings[at] else str(at + 1))[:60] for at in left_out)


def _any_at(body: Sequence[Sequence[str]], at: int) -> bool:
    return any(at < len(row) and row[at] for row in body)
