"""What a new piece costs the environment, which a match avoids; indicative, with the figure it was made from."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from marketplace.impact.factors import Boundary, GwpFactor, MkiFactor, co2_price, gwp_of, mki_of
from marketplace.kit.quantities import Unit
from marketplace.materials.dimensions import Dimensions
from marketplace.materials.masses import mass_per_unit
from marketplace.materials.vocabulary import get_category

_NOTHING: Final = Decimal(0)


@dataclass(frozen=True, slots=True)
class Avoided:
    """Hold the environmental cost of one new unit in EUR, and the one factor behind it; neither where none is known.

    A declared MKI goes before a GWP that is priced, because the MKI already prices CO2: the two are never added.
    """

    eur: Decimal
    mki: MkiFactor | None = None
    gwp: GwpFactor | None = None


def avoided(category_id: str, unit: Unit, sizes: Dimensions) -> Avoided:
    """Return what one new unit of these sizes in mm costs the environment, not rounded.

    The declared MKI (set A1), else the GWP of A1-A3 at the price of CO2; zero where there is no figure, or no mass to
    apply it to. See impact/data/SOURCE.md.
    """
    masses = mass_per_unit(get_category(category_id), sizes)
    declared = mki_of(category_id, sizes.height)
    if declared and (amount := _units(declared.per, unit, masses)):
        return Avoided(declared.value_eur * amount, mki=declared)
    gwp = gwp_of(category_id)
    if gwp and gwp.boundary is Boundary.A1_A3 and (amount := _units(gwp.per, unit, masses)):
        return Avoided(gwp.value * amount * co2_price().value, gwp=gwp)
    return Avoided(_NOTHING)


def _units(per: Unit, unit: Unit, masses: Mapping[Unit, Decimal]) -> Decimal | None:
    """Return how many times `per` goes into one `unit` of the same mass, or None where that is not known."""
    if per is unit:
        return Decimal(1)
    return masses[unit] / masses[per] if unit in masses and per in masses else None
