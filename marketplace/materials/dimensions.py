"""Dimensions are oriented: which size of a thing goes in which place, and how an offered size must fit a wanted one."""

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Final, NamedTuple


class Slot(StrEnum):
    """Name the place of a dimension, in this order, in every passport, listing and need."""

    LENGTH = "length"
    WIDTH = "width"
    HEIGHT = "height"


class DimensionName(StrEnum):
    """Name what people in the field call the dimension: the slot 'length' of a door is its height."""

    LENGTH = "length"
    WIDTH = "width"
    HEIGHT = "height"
    THICKNESS = "thickness"
    DEPTH = "depth"
    DIAMETER = "diameter"

    def label(self, locale: str = "nl") -> str:
        """Return the word in Dutch, or in English where the locale starts with 'en'."""
        return self.value if locale.startswith("en") else _DUTCH[self]


_DUTCH: Final = {
    DimensionName.LENGTH: "lengte",
    DimensionName.WIDTH: "breedte",
    DimensionName.HEIGHT: "hoogte",
    DimensionName.THICKNESS: "dikte",
    DimensionName.DEPTH: "diepte",
    DimensionName.DIAMETER: "diameter",
}


class Fit(StrEnum):
    """Say how an offered size must fit a wanted one.

    CUT: longer is fine, and one piece may be cut into several. AT_LEAST: larger is fine, but yields one.
    EQUAL: within the tolerance.
    """

    CUT = "cut"
    AT_LEAST = "at_least"
    EQUAL = "equal"


@dataclass(frozen=True, slots=True)
class DimensionRule:
    """Hold how one dimension of a category is called and fits."""

    slot: Slot
    name: DimensionName
    fit: Fit
    tolerance_mm: int


def window_around(rule: DimensionRule, size_mm: int) -> tuple[int, int | None]:
    """Return the least and the most in mm that do for who has a use for this size: equal sizes within the tolerance.

    What may be cut or may be larger has no most; the second end is then None.
    """
    if rule.fit is not Fit.EQUAL or not rule.tolerance_mm:
        return size_mm, None
    return max(size_mm - rule.tolerance_mm, 1), size_mm + rule.tolerance_mm


class Dimensions(NamedTuple):
    """Hold the sizes of one piece in mm, in slot order; None where a size is unknown or does not exist."""

    length: Decimal | None = None
    width: Decimal | None = None
    height: Decimal | None = None
