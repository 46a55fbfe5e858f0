"""What an amount of an offer costs on a site, and what it saves there, with every term that counts. Indicative."""

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Final

from marketplace.impact.savings import SavingEstimate
from marketplace.kit.location import Located
from marketplace.listings.models import Listing
from marketplace.matching.conversion import PARAMS
from marketplace.web.cards import saving_of

_CENT: Final = Decimal("0.01")
EUR_PER_TKM: Final = Decimal(str(PARAMS.eur_per_tkm))
TRIP_EUR: Final = Decimal(str(PARAMS.trip_eur))


@dataclass(frozen=True, slots=True)
class Delivery:
    """Hold the parts of a delivered price in EUR, to the cent; `km` by road and `saving` count to `site`.

    Without a site only the material is known, and the saving is without transport.
    """

    quantity: Decimal
    material_eur: Decimal
    site: str
    km: Decimal
    mass_kg: Decimal
    transport_eur: Decimal
    trip_eur: Decimal
    saving: SavingEstimate | None

    @property
    def total_eur(self) -> Decimal:
        """Return what it costs all together, without VAT."""
        return self.material_eur + self.transport_eur + self.trip_eur


def delivery_of(listing: Listing, quantity: Decimal, site: Located | None) -> Delivery:
    """Return what this amount costs at `site`: its price, its tonne-kilometres and one trip.

    Distance, rate and trip are those with which matches are valued, so that both pages say the same.
    """
    km = Decimal(round(listing.point.road_km_to(site.point))) if site else Decimal(0)
    mass = quantity * listing.passport.kg_per_unit
    return Delivery(
        quantity=quantity,
        material_eur=_cents(quantity * listing.price_eur),
        site=site.place if site else "",
        km=km,
        mass_kg=mass,
        transport_eur=_cents(mass / 1000 * km * EUR_PER_TKM),
        trip_eur=TRIP_EUR if km else Decimal(0),
        saving=saving_of(listing, quantity, km=km),
    )


def _cents(eur: Decimal) -> Decimal:
    return eur.quantize(_CENT, ROUND_HALF_UP)
