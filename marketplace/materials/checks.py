"""What holds of any amount, size or year of a material: each check raises at the field it concerns."""

from datetime import date
from typing import Final

from marketplace.kit.errors import N_, InvalidInputError
from marketplace.kit.measures import LARGEST_MM
from marketplace.kit.quantities import Quantity, Unit
from marketplace.materials.vocabulary import Category

OLDEST_YEAR: Final = 1000

WEIGHED: Final = (Unit.KG, Unit.T)
"""Units in which any material may be counted, whatever its category says."""


def check_quantity(quantity: Quantity, category: Category) -> None:
    """Raise InvalidInputError unless there is something, in a unit in which this category is counted."""
    if quantity.value <= 0:
        raise InvalidInputError(N_("Vul een hoeveelheid groter dan nul in."), field="quantity")
    if quantity.unit not in (*category.units, *WEIGHED):
        message = N_("%(category)s wordt niet per %(unit)s geteld. Kies uit %(units)s.")
        names = ", ".join(unit.label() for unit in category.units)
        raise InvalidInputError(
            message, field="unit", category=category.name(), unit=quantity.unit.label(), units=names
        )


def check_size(size_mm: int | None, *, field: str) -> None:
    """Raise InvalidInputError where a size in mm is stated that no building part has."""
    if size_mm is not None and not 0 < size_mm <= LARGEST_MM:
        raise InvalidInputError(N_("Een maat ligt tussen 1 en 200.000 mm."), field=field)


def check_building_year(year: int | None, *, on: date) -> None:
    """Raise InvalidInputError where a year is stated in which nothing that stands was built, seen from the day `on`."""
    if year is not None and not OLDEST_YEAR <= year <= on.year:
        message = N_("Een bouwjaar ligt tussen 1000 en %(year)s.")
        raise InvalidInputError(message, field="building_year", year=str(on.year))
