"""The factors for CO2 and MKI, each with its source, year and boundary. All are indicative.

What a factor covers differs by source, so values of different boundaries or sets are never added or compared.
"""

import re
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from functools import cache
from typing import Final

from marketplace.kit.quantities import Unit
from marketplace.kit.tables import read_table
from marketplace.materials.vocabulary import find_category

_PACKAGE: Final = "marketplace.impact"
_LOCAL_KM: Final = 60
# Boverket 02.06.000 gives structural steel 0.90 kg CO2e/kg from scrap and 2.52 with 80 % primary material.
_STRUCTURAL_STEEL: Final = "6000000150"
_STRUCTURAL_STEEL_FROM_SCRAP: Final = Decimal("0.90")
_THICKNESS: Final = re.compile(r"(\d+)(?: mm|R|$)")
_NEAR_ENOUGH: Final = Decimal("0.25")


class Boundary(StrEnum):
    """Name the part of the life that a GWP covers."""

    A1_A3 = "A1-A3"
    PRODUCTION_AND_DISPOSAL = "production+disposal total (NOT A1-A3)"


@dataclass(frozen=True, slots=True)
class GwpFactor:
    """Hold the GWP of a new product: kg CO2e, fossil, per kg or m2 (`per`), within one boundary.

    `lowest` is below `value` where the source gives a range. `conservative` is the source's value for a design of
    new work (25 % higher); it overstates what reuse saves and must not be used for that.
    """

    category_id: str
    value: Decimal
    lowest: Decimal
    conservative: Decimal | None
    per: Unit
    boundary: Boundary
    source: str
    source_id: str
    source_name: str
    year: str
    note: str


@dataclass(frozen=True, slots=True)
class MkiFactor:
    """Hold a declared Dutch MKI value: EUR per kg or m2 (`per`) in one set of weights ('A1'), for one thickness."""

    value_eur: Decimal
    per: Unit
    norm_set: str
    description: str
    thickness_mm: int | None
    source: str


@dataclass(frozen=True, slots=True)
class Figure:
    """Hold one figure on transport or price with its unit, boundary and source; `status` says how firm it is."""

    key: str
    value: Decimal
    unit: str
    boundary: str
    source: str
    year: str
    status: str
    note: str


def gwp_of(category_id: str) -> GwpFactor | None:
    """Return the GWP of a new product of this category, or None where no open value is known.

    Look at `boundary` before use: only A1-A3 values may be compared, added, or used for a saving.
    """
    return _gwp_factors().get(category_id)


def mki_of(category_id: str, height_mm: Decimal | None = None) -> MkiFactor | None:
    """Return the declared MKI that comes nearest to a product of this category and thickness, or None.

    A value per m2 counts for a thickness within a quarter of its own; without one, or else, a value per kg.
    """
    category = find_category(category_id)
    known = (Unit.KG, *category.units) if category else ()
    factors = [factor for factor in _mki_factors().get(category_id, []) if factor.per in known]
    per_kg = next((factor for factor in factors if factor.per is Unit.KG), None)
    return (_nearest(factors, height_mm) if height_mm else None) or per_kg


def truck_factor(km: Decimal) -> Figure:
    """Return kg CO2e per tonne-kilometre for a diesel lorry: the local round below 60 km, otherwise long haul."""
    key = "truck_local_fossil_diesel" if km < _LOCAL_KM else "truck_long_haul_fossil_diesel"
    return _figures()[key]


def co2_price() -> Figure:
    """Return the price of CO2 in EUR per kg: 0.13, CE Delft, Handboek Milieuprijzen 2023, central value."""
    return _figures()["co2_price_ce_delft_2023"]


def _nearest(factors: list[MkiFactor], height_mm: Decimal) -> MkiFactor | None:
    sized = [(abs(factor.thickness_mm - height_mm), factor) for factor in factors if factor.thickness_mm]
    if not sized:
        return None
    distance, factor = min(sized, key=lambda pair: pair[0])
    return factor if distance <= _NEAR_ENOUGH * (factor.thickness_mm or 0) else None


@cache
def _gwp_factors() -> dict[str, GwpFactor]:
    return {
        row["category_id"]: _gwp_factor(row) for row in read_table(_PACKAGE, "category_gwp") if row["factor_typical"]
    }


def _gwp_factor(row: dict[str, str]) -> GwpFactor:
    value = Decimal(row["factor_typical"])
    return GwpFactor(
        category_id=row["category_id"],
        value=value,
        lowest=_STRUCTURAL_STEEL_FROM_SCRAP if row["source_id"] == _STRUCTURAL_STEEL else value,
        conservative=Decimal(row["factor_conservative"]) if row["factor_conservative"] else None,
        per=Unit(row["factor_per"]),
        boundary=Boundary(row["boundary"]),
        source=row["source"],
        source_id=row["source_id"],
        source_name=row["source_name"],
        year=row["year"],
        note=row["note"],
    )


@cache
def _mki_factors() -> dict[str, list[MkiFactor]]:
    found: dict[str, list[MkiFactor]] = {}
    for row in read_table(_PACKAGE, "mki_vademecum"):
        for category_id in filter(None, row["category_id"].split(";")):
            found.setdefault(category_id, []).append(_mki_factor(row))
    return found


def _mki_factor(row: dict[str, str]) -> MkiFactor:
    per = Unit(row["per"])
    thickness = _THICKNESS.search(row["description_nl"]) if per is Unit.M2 else None
    return MkiFactor(
        value_eur=Decimal(row["mki_eur"]),
        per=per,
        norm_set=row["norm_set"],
        description=row["description_nl"],
        thickness_mm=int(thickness[1]) if thickness else None,
        source=row["primary_source"],
    )


@cache
def _figures() -> dict[str, Figure]:
    rows = [row for row in read_table(_PACKAGE, "transport") if row["value"]]
    columns = ("key", "unit", "boundary", "source", "year", "status", "note")
    return {row["key"]: Figure(value=Decimal(row["value"]), **{name: row[name] for name in columns}) for row in rows}
