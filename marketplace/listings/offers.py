"""What a person states of an offer: how good, how dear, from when, and where it lies. The amount is the passport's."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final

from marketplace.kit.errors import N_, InvalidInputError
from marketplace.kit.location import Site
from marketplace.kit.quantities import Quantity, amount_of
from marketplace.listings.models import ShortHarvest, Stage
from marketplace.projects.models import Grade

LARGEST_PRICE: Final = Decimal(10_000_000)
_CENT: Final = Decimal("0.01")


@dataclass(frozen=True, slots=True)
class Estimate:
    """Hold between which amounts, in the unit of the offer, there will be how much, and on what that rests.

    Without a source it is the owner who says so.
    """

    low: Decimal
    high: Decimal
    source: str = ""
    method: str = ""


@dataclass(frozen=True, slots=True)
class Offer:
    """Hold the terms of an offer.

    `price_eur` is per unit without VAT; 0 is free of charge, and None, for a draft only, not known yet. It lies at the
    hub, or else at `site`, or else where the project is, or else at the organisation itself. `short_harvest` counts for
    what is still in its building, and so does `estimate`, which is of an amount that nobody counted yet; what is
    offered lies within it.
    """

    grade: Grade
    price_eur: Decimal | None
    available_from: date
    available_until: date | None = None
    crusher_on: date | None = None
    stage: Stage = Stage.IN_STOCK
    short_harvest: ShortHarvest = ShortHarvest.FIRST_COME
    min_take: Decimal = Decimal(1)
    hub_id: int | None = None
    project_id: int | None = None
    site: Site | None = None
    rack: str = ""
    estimate: Estimate | None = None


def check(offer: Offer, quantity: Quantity) -> None:
    """Raise InvalidInputError, for the field it concerns, where these terms contradict each other."""
    if offer.price_eur is not None:
        check_price(offer.price_eur)
    _check_days(offer)
    _check_least(offer.min_take, quantity)
    if offer.estimate is not None and offer.stage is Stage.EXPECTED:
        check_estimate(offer.estimate, quantity)
    if offer.stage is Stage.GONE:
        raise InvalidInputError(N_("Wat al weg is kan niet worden aangeboden."), field="stage")


def check_estimate(estimate: Estimate, quantity: Quantity, *, field: str = "quantity") -> None:
    """Raise InvalidInputError where a range is none, or, at `field`, where the amount lies outside it."""
    low = amount_of(estimate.low, quantity.unit, field="estimate_low")
    high = amount_of(estimate.high, quantity.unit, field="estimate_high")
    if not low.value:
        raise InvalidInputError(N_("Een schatting begint boven nul."), field="estimate_low")
    if high.value < low.value:
        raise InvalidInputError(N_("Het meeste is minder dan het minste."), field="estimate_high")
    if not low.value <= quantity.value <= high.value:
        message = N_("Kies een hoeveelheid binnen de schatting, van %(low)s tot %(high)s.")
        raise InvalidInputError(message, field=field, low=low, high=high)


def check_price(price: Decimal, *, field: str = "price_eur") -> None:
    """Raise InvalidInputError, at `field`, for what is no price."""
    if not 0 <= price <= LARGEST_PRICE:
        raise InvalidInputError(N_("Een prijs ligt tussen 0 en 10 miljoen euro."), field=field)
    if price != price.quantize(_CENT):
        raise InvalidInputError(N_("Een prijs heeft ten hoogste twee cijfers achter de komma."), field=field)


def _check_days(offer: Offer) -> None:
    if offer.available_until and offer.available_until < offer.available_from:
        message = N_("De laatste dag ligt voor de eerste dag waarop het beschikbaar is.")
        raise InvalidInputError(message, field="available_until")
    if offer.crusher_on and offer.crusher_on < offer.available_from:
        message = N_("De dag van de breker ligt voor de dag waarop het beschikbaar is.")
        raise InvalidInputError(message, field="crusher_on")


def _check_least(least: Decimal, quantity: Quantity) -> None:
    if least <= 0:
        raise InvalidInputError(N_("De kleinste afname is groter dan nul."), field="min_take")
    if least > quantity.value:
        raise InvalidInputError(N_("De kleinste afname is groter dan de partij zelf."), field="min_take")
    if quantity.unit.round(least) != least:
        raise InvalidInputError(N_("De kleinste afname past niet bij de eenheid."), field="min_take")
