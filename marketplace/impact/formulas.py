"""What reuse saves, as pure formulas in which every term stays visible. All outcomes are indicative."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Final

from marketplace.kit.errors import N_, InvalidInputError

_KG_PER_T: Final = 1000
_GRAM: Final = Decimal("0.001")
_CENT: Final = Decimal("0.01")


class MixedSetsError(InvalidInputError):
    """Say that MKI values of different sets were to be added."""


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


@dataclass(frozen=True, slots=True)
class MkiAmount:
    """Hold an MKI in EUR together with the set of weights ('A1', 'A2') without which it has no meaning."""

    eur: Decimal
    norm_set: str


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


def mki_of_amount(eur_per_unit: Decimal, amount: Decimal, norm_set: str) -> MkiAmount:
    """Return the MKI of an amount, to the cent: EUR per unit x units, in the set of the factor."""
    return MkiAmount(_to(_CENT, eur_per_unit * amount), norm_set)


def add_mki(amounts: Iterable[MkiAmount]) -> MkiAmount | None:
    """Return the sum of MKI values of one set, or None of nothing.

    Raises MixedSetsError: A2 values are 1.4 to 2.1 times A1 values, without a factor that converts them.
    """
    amounts = list(amounts)
    sets = {amount.norm_set for amount in amounts}
    if len(sets) > 1:
        message = N_("MKI-waarden uit verschillende sets (%(sets)s) kunnen niet worden opgeteld.")
        raise MixedSetsError(message, sets=", ".join(sorted(sets)))
    return MkiAmount(sum((amount.eur for amount in amounts), Decimal(0)), sets.pop()) if sets else None


def mki_saving_eur(*, new: MkiAmount, process: Iterable[MkiAmount]) -> Decimal:
    """Return the MKI that reuse saves in EUR: the new product minus harvest, transport and rework, all of one set.

    Raises MixedSetsError.
    """
    spent = add_mki([MkiAmount(Decimal(0), new.norm_set), *process])
    return new.eur - (spent.eur if spent else Decimal(0))


def _to(step: Decimal, value: Decimal) -> Decimal:
    return value.quantize(step, ROUND_HALF_UP)
