"""What reusing an amount of one category saves, with the figures that were used. Indicative."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from marketplace.impact.factors import Boundary, Figure, GwpFactor, co2_price, gwp_of, truck_factor
from marketplace.impact.formulas import CarbonSaving, co2_value_eur, saving
from marketplace.kit.quantities import Unit, kg_per_unit


@dataclass(frozen=True, slots=True)
class SavingEstimate:
    """Hold the saving with its sources; `lowest` differs from `typical` where the source gives a range (steel)."""

    typical: CarbonSaving
    lowest: CarbonSaving
    gwp: GwpFactor
    truck: Figure
    price: Figure
    value_eur: Decimal


def saving_by_reuse(
    category_id: str, *, mass_kg: Decimal, km: Decimal, kg_per: Mapping[Unit, Decimal] | None = None
) -> SavingEstimate | None:
    """Return what reuse of this mass over this road distance saves, or None where no A1-A3 value is known.

    `kg_per` is needed where the factor is per m2 (solar panels): see `materials.masses.mass_per_unit`.
    Raises UnknownMassError where it is missing.
    """
    gwp = gwp_of(category_id)
    if gwp is None or gwp.boundary is not Boundary.A1_A3:
        return None
    truck, price = truck_factor(km), co2_price()
    kg = kg_per_unit(gwp.per, kg_per or {})

    def with_new(gwp_per_unit: Decimal) -> CarbonSaving:
        return saving(gwp_new_per_kg=gwp_per_unit / kg, mass_kg=mass_kg, km=km, truck_kg_per_tkm=truck.value)

    typical = with_new(gwp.value)
    value = co2_value_eur(typical.total_kg, price.value)
    return SavingEstimate(typical, with_new(gwp.lowest), gwp, truck, price, value)
