"""The mass of one unit of a material: from its sizes and density, or else from the vocabulary."""

from collections.abc import Mapping
from decimal import Decimal
from itertools import pairwise
from typing import Final

from marketplace.kit.quantities import Unit
from marketplace.materials.dimensions import DimensionName, Dimensions, Slot
from marketplace.materials.profiles import find_by_section
from marketplace.materials.vocabulary import Category

Masses = dict[Unit, Decimal]

# One m3 times a height is one m2, times a width one m, times a length one piece: each unit is one size from the next.
_LADDER: Final = (Unit.M3, Unit.M2, Unit.M, Unit.PIECE)
_RUNGS: Final = ("height", "width", "length")
_MM_PER_M: Final = 1000
_PROFILE_SERIES: Final = {"steel_ipe": "IPE", "steel_hea": "HEA", "steel_heb": "HEB"}
_NO_DIMENSIONS: Final = Dimensions()


def mass_per_unit(
    category: Category,
    dimensions: Dimensions = _NO_DIMENSIONS,
    *,
    weighed: Mapping[Unit, Decimal] | None = None,
) -> Mapping[Unit, Decimal]:
    """Return the mass in kg of one of each unit of the category for which it can be known, and of kg and t.

    `dimensions` are those of one piece in mm; `weighed` is what the lister knows of one unit, such as 42.3 kg per
    metre, and goes before every table. Otherwise the mass comes from sizes and density, from the table of steel
    sections, or from the vocabulary's usual mass, in this order. The other units follow through the sizes.
    A unit that is missing here needs a size or a mass from the lister. Nothing is rounded.
    """
    own: Masses = {unit: mass for unit, mass in (weighed or {}).items() if unit in _LADDER and mass > 0}
    known = own or _usual_masses(category, dimensions)
    found = {unit: _mass_of(unit, known, category, dimensions) for unit in category.units}
    masses = {unit: mass for unit, mass in found.items() if mass is not None}
    return own | masses | {Unit.KG: Decimal(1), Unit.T: Decimal(1000)}


def _usual_masses(category: Category, dimensions: Dimensions) -> Masses:
    density = category.gross_density_kg_m3
    by_volume = {Unit.M3: density} if density else {}
    calculated = _profile_mass(category, dimensions) or _climb(category.unit, by_volume, category, dimensions)
    usual = calculated or category.kg_per_unit
    by_unit = {category.unit: usual} if usual and category.unit in _LADDER else {}
    return by_unit | by_volume


def _profile_mass(category: Category, dimensions: Dimensions) -> Decimal | None:
    series = _PROFILE_SERIES.get(category.id)
    if series is None or dimensions.height is None or dimensions.width is None:
        return None
    profile = find_by_section(series, height_mm=dimensions.height, width_mm=dimensions.width)
    return profile.kg_per_m if profile else None


def _mass_of(unit: Unit, known: Masses, category: Category, dimensions: Dimensions) -> Decimal | None:
    if unit in known:
        return known[unit]
    if category.pieces_per_m2 is None:
        return _climb(unit, known, category, dimensions)
    return _mass_by_coverage(unit, known, category, dimensions)


def _mass_by_coverage(unit: Unit, known: Masses, category: Category, dimensions: Dimensions) -> Decimal | None:
    """Return the mass where a square metre is a number of pieces with joints or overlap, not a face of one."""
    per_m2 = category.pieces_per_m2 or Decimal(1)
    pieces = {Unit.PIECE: known[Unit.M2] / per_m2} if Unit.M2 in known else {}
    without_faces = pieces | {key: mass for key, mass in known.items() if key is not Unit.M2}
    if unit is not Unit.M2:
        return _climb(unit, without_faces, category, dimensions)
    piece = _climb(Unit.PIECE, without_faces, category, dimensions)
    return piece * per_m2 if piece else None


def _climb(unit: Unit, known: Masses, category: Category, dimensions: Dimensions) -> Decimal | None:
    """Return the mass of a unit from the first known unit from which all sizes on the way are known."""
    if unit not in _LADDER:
        return None
    sizes = _sizes_in_m(category, dimensions)
    ways = (_along(mass, start, unit, sizes) for start, mass in known.items())
    return next((mass for mass in ways if mass is not None), None)


def _sizes_in_m(category: Category, dimensions: Dimensions) -> dict[tuple[Unit, Unit], Decimal]:
    width = category.dimension(Slot.WIDTH)
    round_section = width is not None and width.name is DimensionName.DIAMETER
    sizes = {}
    for step, slot in zip(pairwise(_LADDER), _RUNGS, strict=True):
        size = getattr(dimensions, slot)
        if size and not (round_section and slot != "length"):
            sizes[step] = size / _MM_PER_M
    return sizes


def _along(mass: Decimal, start: Unit, end: Unit, sizes: Mapping[tuple[Unit, Unit], Decimal]) -> Decimal | None:
    first, last = _LADDER.index(start), _LADDER.index(end)
    steps = list(pairwise(_LADDER[min(first, last) : max(first, last) + 1]))
    if any(step not in sizes for step in steps):
        return None
    for step in steps:
        mass = mass * sizes[step] if first < last else mass / sizes[step]
    return mass
