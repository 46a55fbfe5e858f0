"""Pasting a list of needs from a spreadsheet: looked at row by row and corrected, then added all together."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Final

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext, ngettext
from werkzeug.wrappers import Response

from marketplace.accounts.permissions import Permission
from marketplace.kit.database import commit, session
from marketplace.kit.errors import InvalidInputError
from marketplace.kit.measures import Window
from marketplace.kit.quantities import Quantity, Unit
from marketplace.materials.vocabulary import Category, find_category
from marketplace.projects import actions
from marketplace.projects.models import Project
from marketplace.projects.pasted import DIMENSIONS, LABELS, MOST_ROWS, WITHOUT_HEADINGS, Column, table_of
from marketplace.projects.pasting import Cell, Reading, read_row
from marketplace.web.access import acting, requires
from marketplace.web.errors import sentence
from marketplace.web.filters import category_name, day, language, money, number, quantity, unit_label
from marketplace.web.needs.blueprint import blueprint
from marketplace.web.own import own_project

Answer = tuple[str, int] | Response
Texts = dict[Column, str]

_FIELD: Final = re.compile(r"r(?P<row>[0-9]{1,3})-(?P<what>[a-z_]+)")
_ALWAYS: Final = frozenset({Column.CATEGORY, Column.QUANTITY, Column.UNIT, Column.FROM, Column.UNTIL, Column.NEW_EUR})
"""Columns that are shown whether or not they were pasted, for something in them is needed or assumed."""

_MOST_TOLD: Final = 8


@dataclass(frozen=True, slots=True)
class Sent:
    """Hold a row as it came, with the kind that was picked for it and whether it is to be left out."""

    texts: Texts
    chosen: Category | None = None
    is_left_out: bool = False


@dataclass(frozen=True, slots=True)
class CellView:
    """Hold a cell as the table shows it; `name` is also its id, `understood` what is not said by its text."""

    name: str
    label: str
    text: str
    understood: str
    error: str
    choices: list[tuple[str, str, bool]]


@dataclass(frozen=True, slots=True)
class RowView:
    """Hold a row as the table shows it."""

    number: int
    cells: list[CellView]
    is_ready: bool
    is_left_out: bool
    left_out_name: str


@blueprint.get("/projecten/<slug>/behoeften/plakken")
@requires(Permission.TRADE)
def paste(slug: str) -> str:
    """Ask for a list of needs, and say what may stand in it."""
    return _asking(own_project(slug))


@blueprint.post("/projecten/<slug>/behoeften/plakken")
@requires(Permission.TRADE)
def pasted(slug: str) -> Answer:
    """Show what is understood of a list, and add it once nothing in it is wrong."""
    project, is_adding = own_project(slug), request.form.get("step") == "add"
    if not is_adding:
        session.rollback()  # nothing is written, so nobody need wait while a long list is read
        project = own_project(slug)
    try:
        rows, ignored = _rows(request.form)
    except InvalidInputError as error:
        return _asking(project, text=request.form["text"], error=sentence(error)), 422
    readings = [_read(row, project) for row in rows]
    taken = [reading.facts for row, reading in zip(rows, readings, strict=True) if not row.is_left_out]
    whole = [facts for facts in taken if facts is not None]
    if not is_adding or not whole or len(whole) < len(taken):
        return _looked_at(project, rows, readings, ignored), 422 if is_adding else 200
    for facts in whole:
        actions.add_need(project=project, facts=facts, by=acting())
    commit()
    told = ngettext("%(num)s behoefte is toegevoegd.", "%(num)s behoeften zijn toegevoegd.", len(whole))
    flash(told, "success")
    return redirect(url_for("projects.show", slug=slug, _anchor="needs"), 303)


def _asking(project: Project, text: str = "", error: str = "") -> str:
    order = [gettext(LABELS[column]) for column in WITHOUT_HEADINGS]
    return render_template(
        "needs/paste.html", project=project, text=text, error=error, order=order, most=MOST_ROWS, example=_example()
    )


def _example() -> str:
    """Return two rows with their headings, as a spreadsheet in the reader's language would put them in a text."""
    headings = (Column.CATEGORY, Column.QUANTITY, Column.UNIT, Column.SIZES, Column.FROM, Column.NEW_EUR)
    first = (category_name("hollowcore_slab"), "90", unit_label(Unit.PIECE), "5300-5600", gettext("mrt 2027"), "210")
    second = (category_name("timber_joist"), "1334", unit_label(Unit.PIECE), "3900 x 71 x 171", "week 12 2027", "46")
    return "\n".join("; ".join(row) for row in ([gettext(LABELS[column]) for column in headings], first, second))


def _rows(form: Mapping[str, str]) -> tuple[list[Sent], tuple[str, ...]]:
    """Return the rows of what was pasted or sent back, and the columns that were left out of it."""
    if "text" not in form:
        return _sent_rows(form), ()
    table = table_of(form["text"])
    return [Sent(row) for row in table.rows], table.ignored


def _sent_rows(form: Mapping[str, str]) -> list[Sent]:
    """Return the rows of the table as it was sent back, with what was corrected in it."""
    fields: dict[int, dict[str, str]] = {}
    for name, text in form.items():
        if (match := _FIELD.fullmatch(name)) and int(match["row"]) < MOST_ROWS:
            fields.setdefault(int(match["row"]), {})[match["what"]] = text
    return [
        Sent(
            {column: " ".join(sent[column].split()) for column in Column if column in sent},
            find_category(sent.get("choice", "")),
            "left_out" in sent,
        )
        for _, sent in sorted(fields.items())
    ]


def _read(row: Sent, project: Project) -> Reading:
    window = (project.starts_on, project.ends_on)
    return read_row(row.texts, window=window, language=language(), chosen=row.chosen)


def _looked_at(project: Project, rows: Sequence[Sent], readings: Sequence[Reading], ignored: tuple[str, ...]) -> str:
    columns = _shown(rows, readings)
    views = [_row_view(at, row, reading, columns) for at, (row, reading) in enumerate(zip(rows, readings, strict=True))]
    taken = [view for view in views if not view.is_left_out]
    mistakes = [(view.number, cell) for view in taken for cell in view.cells if cell.error]
    return render_template(
        "needs/pasted.html",
        project=project,
        columns=[gettext(LABELS[column]) for column in columns],
        rows=views,
        ready=sum(view.is_ready for view in taken),
        taken=len(taken),
        mistakes=mistakes[:_MOST_TOLD],
        more_mistakes=max(len(mistakes) - _MOST_TOLD, 0),
        ignored=ignored,
    )


def _shown(rows: Sequence[Sent], readings: Sequence[Reading]) -> list[Column]:
    """Return the columns of the table: what was pasted or is needed, and the right sizes where one is of no use."""
    needed = {*_ALWAYS, *(column for row in rows for column in row.texts)}
    for reading in readings:
        category = reading.cells[Column.CATEGORY].value
        if category and set(reading.missing) & set(DIMENSIONS):
            needed |= {Column(rule.name.value) for rule in category.dimensions}
        needed |= set(reading.missing)
    return [column for column in Column if column in needed]


def _row_view(at: int, row: Sent, reading: Reading, columns: Sequence[Column]) -> RowView:
    cells = [_cell_view(f"r{at}-{column}", column, reading.cells[column], at, row.chosen) for column in columns]
    return RowView(at + 1, cells, reading.facts is not None, row.is_left_out, f"r{at}-left_out")


def _cell_view(name: str, column: Column, cell: Cell, at: int, chosen: Category | None) -> CellView:
    understood = _words(cell.value) if cell.error is None else ""
    locale = language()
    return CellView(
        name=name,
        label=gettext("%(column)s, rij %(number)s", column=gettext(LABELS[column]), number=at + 1),
        text=cell.text,
        understood="" if understood.casefold() == cell.text.casefold() else understood,
        error=sentence(cell.error) if cell.error else "",
        choices=[(each.id, each.name(locale), each is chosen) for each in cell.choices],
    )


def _words(value: object) -> str:
    """Return what was understood of a cell, for who wants to see it; nothing where the cell says it as well."""
    write = _WRITE.get(type(value))
    return write(value) if write else ""


def _sizes(windows: Mapping[object, Window]) -> str:
    return f"{' × '.join(_window(window) for window in windows.values())} mm"


def _window_or_kinds(value: tuple[Any, ...]) -> str:
    if value and isinstance(value[0], str):
        return ", ".join(category_name(category) for category in value)
    is_window = len(value) == 2 and any(isinstance(end, int) for end in value)
    return f"{_window((value[0], value[1]))} mm" if is_window else ""


def _window(window: Window) -> str:
    least, most = window
    if least is None:
        return str(gettext("tot %(most)s", most=number(Decimal(most or 0))))
    first = number(Decimal(least))
    return first if most is None or most == least else f"{first}–{number(Decimal(most))}"


_WRITE: Final[Mapping[type, Callable[[Any], str]]] = {
    Category: lambda category: category.name(language()),
    Quantity: lambda amount: quantity(amount.value, amount.unit),
    Unit: unit_label,
    date: day,
    Decimal: money,
    dict: _sizes,
    tuple: _window_or_kinds,
}
