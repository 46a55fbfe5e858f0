"""What a person states when a passport is made or changed, checked before it becomes a row."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final

from marketplace.kit.errors import N_, InvalidInputError
from marketplace.kit.quantities import Quantity, Unit, kg_per_unit
from marketplace.materials.checks import WEIGHED, check_building_year, check_quantity, check_size
from marketplace.materials.dimensions import Dimensions
from marketplace.materials.masses import mass_per_unit
from marketplace.materials.vocabulary import get_category
from marketplace.passports.details import Details
from marketplace.passports.levels import Granularity

LONGEST_NAME: Final = 120
_IN_BRACKETS: Final = re.compile(r"\s*\([^)]*\)")
_LEAST_MASS: Final = Decimal("0.001")


@dataclass(frozen=True, slots=True)
class PassportFacts:
    """Hold what is stated of a thing or batch. Sizes are in mm, in the slots of the category.

    Without a name it is called after its category and sizes; without `kg_per_unit` the mass comes from the vocabulary
    and is marked as an estimate. Without `granularity`, `details` or `origin_unknown`, what the passport says of them
    stays as it is; a new one is of a batch.
    """

    category: str
    name: str
    quantity: Quantity
    description: str = ""
    kg_per_unit: Decimal | None = None
    length_mm: int | None = None
    width_mm: int | None = None
    height_mm: int | None = None
    building_year: int | None = None
    origin: str = ""
    origin_project_id: int | None = None
    granularity: Granularity | None = None
    origin_unknown: bool | None = None
    details: Details | None = None

    @property
    def dimensions(self) -> tuple[int | None, int | None, int | None]:
        return self.length_mm, self.width_mm, self.height_mm


def check(facts: PassportFacts, *, on: date) -> None:
    """Raise InvalidInputError, for the field it concerns, where these facts cannot be true on the day `on`."""
    category = get_category(facts.category)
    check_quantity(facts.quantity, category)
    if len(facts.name) > LONGEST_NAME:
        raise InvalidInputError(N_("Houd de naam korter dan %(most)s tekens."), field="name", most=str(LONGEST_NAME))
    for field, size in zip(("length_mm", "width_mm", "height_mm"), facts.dimensions, strict=True):
        check_size(size, field=field)
    check_building_year(facts.building_year, on=on)


def mass_of_one(facts: PassportFacts) -> tuple[Decimal, bool]:
    """Return the mass in kg of one unit, to the gram, and whether it is an estimate.

    Raises InvalidInputError where it was not given and the vocabulary cannot know it.
    """
    unit = facts.quantity.unit
    if facts.kg_per_unit is not None and unit not in WEIGHED:
        if facts.kg_per_unit <= 0:
            raise InvalidInputError(N_("Een gewicht is groter dan nul."), field="kg_per_unit")
        return max(Unit.KG.round(facts.kg_per_unit), _LEAST_MASS), False
    masses = mass_per_unit(get_category(facts.category), _in_decimals(facts))
    _check_known(unit, masses)
    return max(Unit.KG.round(masses[unit]), _LEAST_MASS), unit not in WEIGHED


def _check_known(unit: Unit, masses: Mapping[Unit, Decimal]) -> None:
    try:
        kg_per_unit(unit, masses)
    except InvalidInputError as unknown:
        raise InvalidInputError(unknown.message, field="kg_per_unit", **unknown.params) from unknown


def _in_decimals(facts: PassportFacts) -> Dimensions:
    return Dimensions(*(None if size is None else Decimal(size) for size in facts.dimensions))


def name_of(facts: PassportFacts) -> str:
    """Return the name that was given, or else one made of category and sizes: 'Binnendeur 2115 × 930 × 40 mm'."""
    if given := " ".join(facts.name.split()):
        return given
    kind = _IN_BRACKETS.sub("", get_category(facts.category).name()).strip()
    sizes = " × ".join(str(size) for size in facts.dimensions if size is not None)
    return f"{kind} {sizes} mm" if sizes else kind
