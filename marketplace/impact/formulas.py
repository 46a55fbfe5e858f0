"""What reuse saves, as pure formulas in which every term stays visible. All outcomes are indicative."""

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Final

_KG_PER_T: Final = 1000
_GRAM: Final = Decimal("0.001")
_CENT: Final = Decimal("0.01")


@dataclass(frozen=True, slots=True)
class CarbonSaving:
    """Hold what reuse saves, in kg CO2e rounded half up to the gram: new minus reused minus lorry.

    It covers A1-A3 of the product and A4 by road, the fuel from well to wheel.
    Taking apart, repair, storage and the end of life are not in it.
    """

    new_kg: Decimal
    reused_kg: Decimal
    transport_kg: Decimal

    @property
    def total_kg(self) -> Decimal:
        """Return the saving; below zero where the transport costs more than the reuse brings."""
        return self.new_kg - self.reused_kg - self.transport_kg


def saving(
    *,
    gwp_new_per_kg: Decimal,
    mass_kg: Decimal,
    km: Decimal,
    truck_kg_per_tkm: Decimal,
    gwp_reused_per_kg: Decimal = Decimal(0),
) -> CarbonSaving:
    """Return the CO2e that reuse saves: mass x GWP of new (A1-A3), minus the reused product, minus the lorry.

    GWP in kg CO2e per kg, mass in kg, road distance in km, lorry in kg CO2e per tonne-kilometre. A reused product
    counts zero for A1-A3, as in Boverket klimatdatabas 02.06.000, record 6000000174.
    """
    return CarbonSaving(
        new_kg=_to(_GRAM, gwp_new_per_kg * mass_kg),
        reused_kg=_to(_GRAM, gwp_reused_per_kg * mass_kg),
        transport_kg=transport_kg(mass_kg=mass_kg, km=km, truck_kg_per_tkm=truck_kg_per_tkm),
    )


def transport_kg(*, mass_kg: Decimal, km: Decimal, truck_kg_per_tkm: Decimal) -> Decimal:
    """Return the CO2e of a lorry in kg, to the gram: tonnes x km x kg CO2e per tonne-kilometre, one way."""
    return _to(_GRAM, mass_kg / _KG_PER_T * km * truck_kg_per_tkm)


def co2_value_eur(kg: Decimal, eur_per_kg: Decimal) -> Decimal:
    """Return what an amount of CO2e is worth in EUR, to the cent.

    The usual price is 0.13 EUR/kg: CE Delft, Handboek Milieuprijzen 2023, table 1, central value, price level 2021.
    It is no part of the MKI and must not be added to it: the MKI already prices CO2.
    """
    return _to(_CENT, kg * eur_per_kg)


def _to(step: Decimal, value: Decimal) -> Decimal:
    return value.quantize(step, ROUND_HALF_UP)
