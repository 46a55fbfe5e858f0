"""What may be harvested out of a building, estimated by rules of thumb or after another building. Pure.

Every amount is a range. `data/SOURCE.md` says where the rules come from, and that nothing in them was measured.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from functools import cache
from textwrap import shorten
from typing import Final

from marketplace.kit.quantities import Quantity, Unit
from marketplace.kit.tables import read_table
from marketplace.projects.buildings import Building, BuildingType

MARGIN: Final = Decimal("0.20")
"""How far the harvest of one building may lie from that of another like it, to either side; our own choice."""

_FIGURES: Final = 2
"""How many figures of a range mean something."""

_LONGEST_NAME: Final = 70
"""How much of the name of another building is kept."""

_PER_DWELLING: Final = "dwelling"


@dataclass(frozen=True, slots=True)
class ExpectedItem:
    """Hold one kind that may come free, from `low` to `high` in `unit`; sizes are in mm, in the slots of the category.

    `key` tells it from the others of the same estimate. `only_if` is what somebody must have seen before it makes
    sense, in Dutch and English; empty where nothing. `after` is what it is called in the building it is modelled on,
    and `kg_per_unit` what one unit weighed there.
    """

    key: str
    category: str
    unit: Unit
    low: Decimal
    high: Decimal
    length_mm: int | None = None
    width_mm: int | None = None
    height_mm: int | None = None
    only_if: tuple[str, str] = ("", "")
    after: str = ""
    kg_per_unit: Decimal | None = None

    def scaled(self, least: Decimal, most: Decimal) -> "ExpectedItem | None":
        """Return the same kind with its range multiplied and rounded outwards, or None where that may be nothing."""
        low, high = _outwards(self.low * least, self.unit, up=False), _outwards(self.high * most, self.unit, up=True)
        return replace(self, low=low, high=high) if low > 0 else None


@dataclass(frozen=True, slots=True)
class Basis:
    """Hold on what an estimate rests, in Dutch, as the source and the method of a claim keep it."""

    source: str
    method: str


@dataclass(frozen=True, slots=True)
class _Rule:
    """Hold one row of the table; its item's range is per m2 of floor area, or per dwelling."""

    type: BuildingType
    item: ExpectedItem
    per_dwelling: bool
    built_from: int | None
    built_before: int | None

    def holds(self, year: int | None) -> bool:
        if year is None:
            return self.built_from is None and self.built_before is None
        return (self.built_from or year) <= year and (self.built_before is None or year < self.built_before)


def estimate(building: Building) -> list[ExpectedItem]:
    """Return what may come out of a building, in the order of the table.

    Without a year only what holds for every year, without dwellings only what follows from the floor area.
    """
    found = [
        rule.item.scaled(times, times)
        for rule in _rules()
        if rule.type is building.type and rule.holds(building.year)
        if (times := _times(rule, building))
    ]
    return [item for item in found if item is not None]


def basis_of(building: Building) -> Basis:
    """Return how an estimate by the table was made."""
    year = f", bouwjaar {building.year}" if building.year else ""
    homes = f", {building.dwellings} woningen" if building.dwellings else ""
    stated = f"{building.type.label()}, {_dotted(building.floor_area_m2)} m² bvo{homes}{year}"
    return Basis("schatting met vuistregels, niet opgenomen in het gebouw", stated)


def after_another(item: ExpectedItem, ratio: Decimal) -> ExpectedItem | None:
    """Return what a building may give where another gave `item`; `ratio` is its floor area over that of the other.

    What was known exactly of the other gets a margin, and what was an estimate there a wider one.
    """
    return item.scaled(ratio * (1 - MARGIN), ratio * (1 + MARGIN))


def basis_after(name: str, there_m2: int, here_m2: int) -> Basis:
    """Return how an estimate after the building of this name was made."""
    stated = f"{shorten(name, _LONGEST_NAME, placeholder='…')}, van {_dotted(there_m2)} naar {_dotted(here_m2)} m² bvo"
    return Basis("schatting naar de oogst van een ander gebouw", stated)


def _dotted(whole: int) -> str:
    return f"{whole:,}".replace(",", ".")


def _times(rule: _Rule, building: Building) -> Decimal:
    return Decimal((building.dwellings or 0) if rule.per_dwelling else building.floor_area_m2)


def _outwards(value: Decimal, unit: Unit, *, up: bool) -> Decimal:
    """Return a value with two figures, and as whole pieces, so that the range only grows."""
    if not value:
        return Decimal(0)
    finest = Decimal(1).scaleb(max(value.adjusted() - _FIGURES + 1, 0 if unit.whole else -1))
    steps = (value / finest).to_integral_value(ROUND_CEILING if up else ROUND_FLOOR)
    return Quantity(steps * finest, unit).value


@cache
def _rules() -> tuple[_Rule, ...]:
    return tuple(_rule(row) for row in read_table("marketplace.projects", "harvest_estimates"))


def _rule(row: Mapping[str, str]) -> _Rule:
    item = ExpectedItem(
        key=row["category"],
        category=row["category"],
        unit=Unit(row["unit"]),
        low=Decimal(row["low"]),
        high=Decimal(row["high"]),
        length_mm=_whole(row["length_mm"]),
        width_mm=_whole(row["width_mm"]),
        height_mm=_whole(row["height_mm"]),
        only_if=(row["only_if_nl"], row["only_if_en"]),
    )
    return _Rule(
        BuildingType(row["building_type"]),
        item,
        row["per"] == _PER_DWELLING,
        _whole(row["built_from"]),
        _whole(row["built_before"]),
    )


def _whole(text: str) -> int | None:
    return int(text) if text else None
