"""What a pasted row states of a need: each cell read by itself, so that a mistake stands where it can be mended."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from typing import Any, Final

from marketplace.kit.errors import N_, InvalidInputError
from marketplace.kit.measures import Window, parse_money, parse_unit, parse_window
from marketplace.kit.periods import parse_period
from marketplace.kit.quantities import Quantity, amount_of
from marketplace.kit.texts import at_most
from marketplace.materials.dimensions import DimensionName, Slot
from marketplace.materials.vocabulary import Category
from marketplace.projects.cells import (
    read_amount,
    read_grade,
    read_kind,
    read_km,
    read_substitutes,
    read_yes_or_no,
    unknown_kind,
)
from marketplace.projects.facts import LONGEST_NAME, NeedFacts, check_window, mistakes_in_need
from marketplace.projects.models import Grade
from marketplace.projects.pasted import DIMENSIONS, Column
from marketplace.projects.sections import check_section, section_in, sizes_of, without_section

LONGEST_NOTE: Final = 2000
LONGEST_CELL: Final = 200
LONGEST_KIND: Final = 60
"""What stands beyond this in the name of a kind is not looked at."""

USUAL_KM: Final = 50

_BETWEEN_SIZES: Final = re.compile(r"\s*[x×*]\s*", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Cell:
    """Hold what stood in a cell and what was understood of it: None where it is empty or a mistake.

    `choices` are the kinds of material that may be meant.
    """

    text: str
    value: Any = None
    error: InvalidInputError | None = None
    choices: tuple[Category, ...] = ()


@dataclass(frozen=True, slots=True)
class Reading:
    """Hold a row as it was understood; `facts` only where nothing in it is wrong."""

    cells: Mapping[Column, Cell]
    facts: NeedFacts | None

    @property
    def missing(self) -> tuple[Column, ...]:
        """Return the columns that are to be filled in or corrected."""
        return tuple(column for column, cell in self.cells.items() if cell.error)


def read_row(
    texts: Mapping[Column, str], *, window: tuple[date, date], language: str, chosen: Category | None = None
) -> Reading:
    """Return what a row states, with a sentence at each cell that is not understood; raises nothing.

    `window` are the first and last day that count where the row names none; `chosen` is the kind that somebody picked
    where its name may mean several.
    """
    return _Row(texts, window, language, chosen).reading()


@dataclass(slots=True)
class _Row:
    """Read one row; `cells` fills as it goes."""

    texts: Mapping[Column, str]
    window: tuple[date, date]
    language: str
    chosen: Category | None
    cells: dict[Column, Cell] = field(default_factory=dict)

    def reading(self) -> Reading:
        category = self._category()
        self._each_by_itself()
        sizes = self._sizes(category) if category else self._sizes_of_anything()
        self._unit(category)
        self._days()
        self._together(category, sizes)
        understood = not any(cell.error for cell in self.cells.values())
        facts = self._facts(category, sizes) if category and understood else None
        return Reading({column: self.cells.get(column, Cell(self._text(column))) for column in Column}, facts)

    def _text(self, column: Column) -> str:
        return self.texts.get(column, "").strip()

    def _put(self, column: Column, read: Callable[[str], object]) -> None:
        text = self._text(column)
        if not text:
            self.cells[column] = Cell("")
            return
        try:
            if column is not Column.NOTE:
                at_most(text, LONGEST_CELL, column.value)
            self.cells[column] = Cell(text, read(text))
        except InvalidInputError as error:
            self.cells[column] = Cell(text, error=error)

    def _fail(self, column: Column, error: InvalidInputError) -> None:
        known = self.cells.get(column) or Cell(self._text(column))
        self.cells[column] = replace(known, error=known.error or error)

    def _value(self, column: Column) -> Any:  # noqa: ANN401 (what the column says)
        return self.cells[column].value

    def _category(self) -> Category | None:
        # Many lists have no column for the kind: then what a row is called must say it.
        text = self._text(Column.CATEGORY) or self._text(Column.TITLE)
        if not text:
            error = InvalidInputError(N_("Vul in wat het is, zoals binnendeur of kanaalplaat."), field="category")
            self.cells[Column.CATEGORY] = Cell("", error=error)
            return None
        short = text[:LONGEST_KIND]
        category, hits = read_kind(short, self.chosen)
        several = hits if len(hits) > 1 and (category is None or category is self.chosen) else ()
        own = self._text(Column.CATEGORY)
        self.cells[Column.CATEGORY] = Cell(own, category, None if category else unknown_kind(short, hits), several)
        return category

    def _each_by_itself(self) -> None:
        language = self.language
        readers: dict[Column, Callable[[str], object]] = {
            Column.TITLE: lambda text: at_most(text, LONGEST_NAME, "title"),
            Column.QUANTITY: lambda text: read_amount(text, language, "quantity"),
            Column.MIN_BATCH: lambda text: read_amount(text, language, "min_batch")[0],
            Column.UNIT: lambda text: parse_unit(text, field="unit"),
            Column.FROM: lambda text: parse_period(text, field="wanted_from"),
            Column.UNTIL: lambda text: parse_period(text, field="wanted_until"),
            Column.NEW_EUR: lambda text: parse_money(text, field="new_eur", language=language),
            Column.MAX_PRICE: lambda text: parse_money(text, field="max_price", language=language),
            Column.GRADE: read_grade,
            Column.MAX_KM: lambda text: read_km(text, language),
            Column.SUBSTITUTES: read_substitutes,
            Column.UNTESTED: read_yes_or_no,
            Column.NOTE: lambda text: at_most(text, LONGEST_NOTE, "note"),
        }
        for column, read in readers.items():
            self._put(column, read)
        self._ask(Column.QUANTITY, N_("Vul in hoeveel u nodig hebt."))
        self._ask(Column.NEW_EUR, N_("Vul in wat nieuw kost. Een schatting is goed."))

    def _ask(self, column: Column, sentence: str) -> None:
        if not self.cells[column].text:
            self._fail(column, InvalidInputError(sentence, field=column.value))

    def _sizes(self, category: Category) -> dict[Slot, Window]:
        """Return the wanted windows per slot, from the columns of the sizes or from the one with all of them."""
        found: dict[Slot, Window] = {}
        slots = {rule.name: rule.slot for rule in category.dimensions}
        for column in DIMENSIONS:
            self._put(column, self._window)
            if not self.cells[column].text:
                continue
            slot = slots.get(DimensionName(column.value))
            if slot is None:
                self._fail(column, self._no_such_size(category))
            elif window := self._value(column):
                found[slot] = window
        self._put(Column.SIZES, lambda text: self._all_sizes(text, category))
        for slot, window in (self._value(Column.SIZES) or {}).items():
            if slot in found:
                self._fail(Column.SIZES, InvalidInputError(N_("Deze maat staat ook in een eigen kolom.")))
            found[slot] = window
        return found | self._by_name(category, found)

    def _by_name(self, category: Category, stated: Mapping[Slot, Window]) -> dict[Slot, Window]:
        """Return the sizes that the name of a steel section says beside those that are stated."""
        text = " ".join(self._text(column) for column in (Column.CATEGORY, Column.TITLE, Column.SIZES))
        try:
            section = section_in(text, category)
            if section is None:
                return {}
            check_section(section, stated, category)
        except InvalidInputError as error:
            if error.field != "sizes" or not {Slot.WIDTH, Slot.HEIGHT} <= stated.keys():
                self._fail(self._column_of(error.field or "", category), error)
            return {}
        said = {slot: window for slot, window in sizes_of(section).items() if slot not in stated}
        cell = self.cells[Column.SIZES]
        self.cells[Column.SIZES] = replace(cell, value={**(cell.value or {}), **said})
        return said

    def _sizes_of_anything(self) -> dict[Slot, Window]:
        """Say which sizes cannot be read; of what they are is not known yet."""
        for column in DIMENSIONS:
            self._put(column, self._window)
        self._put(Column.SIZES, self._windows)
        return {}

    def _windows(self, text: str) -> list[Window]:
        parts = _BETWEEN_SIZES.split(re.sub(r"\s*mm\.?$", "", text, flags=re.IGNORECASE))
        return [self._window(part) for part in parts]

    def _window(self, text: str) -> Window:
        window = parse_window(text, language=self.language)
        check_window(Slot.LENGTH, window)
        return window

    def _all_sizes(self, text: str, category: Category) -> dict[Slot, Window]:
        sizes = without_section(text) if section_in(text, category) else text
        windows = self._windows(sizes) if sizes else []
        if len(windows) > len(category.dimensions):
            raise self._no_such_size(category)
        return {rule.slot: window for rule, window in zip(category.dimensions, windows, strict=False)}

    def _no_such_size(self, category: Category) -> InvalidInputError:
        names = ", ".join(rule.name.label(self.language) for rule in category.dimensions)
        if not names:
            message = N_("Van %(category)s vragen we hier geen maten. Zet ze in de toelichting.")
            return InvalidInputError(message, category=category.name(self.language))
        message = N_("Van %(category)s vragen we hier: %(names)s, in die volgorde.")
        return InvalidInputError(message, category=category.name(self.language), names=names)

    def _unit(self, category: Category | None) -> None:
        amount = self._value(Column.QUANTITY)
        if amount is None or self.cells[Column.UNIT].error:
            return
        number, behind = amount
        stated = self._value(Column.UNIT)
        if stated and behind and stated is not behind:
            self._fail(Column.UNIT, InvalidInputError(N_("Bij de hoeveelheid staat een andere eenheid."), field="unit"))
            return
        unit = stated or behind or (category.unit if category else None)
        if unit is None:
            return
        try:
            quantity = amount_of(number, unit, field="quantity")
        except InvalidInputError as error:
            self._fail(Column.QUANTITY, error)
            return
        self.cells[Column.QUANTITY] = replace(self.cells[Column.QUANTITY], value=quantity)
        self.cells[Column.UNIT] = replace(self.cells[Column.UNIT], value=unit)

    def _days(self) -> None:
        """Let a month or week begin on its first day and end on its last; what is left out is as of the project."""
        first, last = self._value(Column.FROM), self._value(Column.UNTIL)
        starts, ends = self.window
        starts = first.first if first else starts
        ends = last.last if last else ends
        for column, on in ((Column.FROM, starts), (Column.UNTIL, ends)):
            if not self.cells[column].error:
                self.cells[column] = replace(self.cells[column], value=on)

    def _together(self, category: Category | None, sizes: Mapping[Slot, Window]) -> None:
        """Say what the cells contradict of each other, also while one of them is still to be mended."""
        value = {column.value: cell.value for column, cell in self.cells.items() if not cell.error}
        if isinstance(value.get("quantity"), tuple):
            value["quantity"] = None  # without its kind nothing says in which unit it is
        stated = value | {slot.value: sizes.get(slot) for slot in Slot} | {"category": category and category.id}
        for error in mistakes_in_need(stated):
            self._fail(self._column_of(error.field or "", category), error)

    def _facts(self, category: Category, sizes: Mapping[Slot, Window]) -> NeedFacts:
        value = {column: cell.value for column, cell in self.cells.items()}
        quantity = value[Column.QUANTITY]
        return NeedFacts(
            title=value[Column.TITLE] or self._title(category, quantity),
            category=category.id,
            quantity=quantity,
            wanted_from=value[Column.FROM],
            wanted_until=value[Column.UNTIL],
            new_eur=value[Column.NEW_EUR],
            substitutes=value[Column.SUBSTITUTES] or (),
            length=sizes.get(Slot.LENGTH),
            width=sizes.get(Slot.WIDTH),
            height=sizes.get(Slot.HEIGHT),
            max_km=value[Column.MAX_KM] or USUAL_KM,
            grade=value[Column.GRADE] or Grade.C,
            accepts_untested=bool(value[Column.UNTESTED]),
            max_price=value[Column.MAX_PRICE],
            min_batch=value[Column.MIN_BATCH] or min(Decimal(1), quantity.value),
            note=value[Column.NOTE] or "",
        )

    def _title(self, category: Category, quantity: Quantity) -> str:
        """Return what a row without a title is called; a type or size in the name of its kind is kept."""
        said = self._text(Column.CATEGORY)
        named = said[:1].upper() + said[1:] if any(sign.isdecimal() for sign in said) else category.name(self.language)
        return f"{named}, {quantity.label(self.language)}"[:LONGEST_NAME]

    def _column_of(self, name: str, category: Category | None) -> Column:
        """Return the column in which a mistake of the facts stands: of a size, the one that says it."""
        slot = next((slot for slot in Slot if name.startswith(slot.value)), None)
        rule = category.dimension(slot) if category and slot else None
        if rule is not None:
            own = Column(rule.name.value)
            return own if self.cells[own].text else Column.SIZES
        return Column(name) if name in set(Column) else Column.TITLE
