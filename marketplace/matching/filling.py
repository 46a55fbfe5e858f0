"""Filling a need from several lots: what a chosen amount of each brings and costs, and how far a basket has come."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from marketplace.listings.models import Listing
from marketplace.matching import scoring
from marketplace.matching.conversion import in_need
from marketplace.matching.models import OwnRates
from marketplace.matching.queries import Fit
from marketplace.matching.rates import rates_for
from marketplace.projects.models import Need
from marketplace.reservations.models import Basket, Reservation
from marketplace.reservations.queries import of_basket
from marketplace.reservations.states import State

_CENT: Final = Decimal("0.01")
_NOTHING: Final = Decimal(0)


@dataclass(frozen=True, slots=True)
class Share:
    """Hold what an amount of one lot means for a need: how much of it is filled, in its unit, and the costs in EUR."""

    quantity: Decimal
    price: Decimal
    transport: Decimal
    """The way by road with its trips, and storage; an estimate, the same as in the value of a match."""

    @property
    def cost(self) -> Decimal:
        """Return price and transport together, in EUR."""
        return self.price + self.transport


@dataclass(frozen=True, slots=True)
class Progress:
    """Hold how far a basket has come for one need, in its unit.

    `asked` is what its reservations were made for: the sum of what was fetched, is confirmed, waits for an answer or
    in a queue, and fell away.
    """

    need: Need
    fetched: Decimal = _NOTHING
    confirmed: Decimal = _NOTHING
    waiting: Decimal = _NOTHING
    fell_away: Decimal = _NOTHING

    @property
    def asked(self) -> Decimal:
        """Return the sum of all parts, in the unit of the need."""
        return self.fetched + self.confirmed + self.waiting + self.fell_away


def share_of(listing: Listing, need: Need, take: Decimal, fit: Fit | None, rates: OwnRates | None) -> Share:
    """Return what taking this much of a lot, in the unit of its listing, brings to the need and costs.

    `fit` is how the lot fits, which knows its way; without it no transport is counted. `rates` are those of who plans
    the need.
    """
    filled = in_need(listing, need, take, rates)
    price = (take * listing.price_eur).quantize(_CENT)
    if fit is None or not filled:
        return Share(filled, price, _NOTHING)
    terms = scoring.terms(fit.route, float(filled))
    spent = -(terms.transport + terms.storage + terms.trips)
    return Share(filled, price, Decimal(str(spent)).quantize(_CENT))


def total_of(shares: Iterable[Share]) -> Share:
    """Return several shares as one."""
    parts = list(shares)
    return Share(
        sum((part.quantity for part in parts), _NOTHING),
        sum((part.price for part in parts), _NOTHING),
        sum((part.transport for part in parts), _NOTHING),
    )


def progress(
    basket: Basket,
    reservations: Iterable[Reservation] | None = None,
    rates: Mapping[int, OwnRates | None] | None = None,
) -> Progress | None:
    """Return how far a basket has come, or None where it is for no need, or for several.

    Needs its need with the project to be loaded. `reservations` are its own, and `rates` those that `rates_for` gives
    of its need among others, where they were read already.
    """
    if basket.need is None:
        return None
    of_it = of_basket(basket.id) if reservations is None else reservations
    own = rates_for([basket.need]) if rates is None else rates
    return _progress(basket.need, of_it, own[basket.need.id])


def progress_by_need(reservations: Iterable[Reservation]) -> list[Progress]:
    """Return how far the reservations of a basket for a project have come, need by need, what is wanted first on top.

    Needs their needs with the projects to be loaded. What is for no need is left out.
    """
    by_need: dict[int, tuple[Need, list[Reservation]]] = {}
    for reservation in reservations:
        if reservation.need is not None:
            by_need.setdefault(reservation.need.id, (reservation.need, []))[1].append(reservation)
    in_order = sorted(by_need.values(), key=lambda pair: (pair[0].wanted_from, pair[0].id))
    own = rates_for([need for need, _ in in_order])
    return [_progress(need, of_it, own[need.id]) for need, of_it in in_order]


def _progress(need: Need, reservations: Iterable[Reservation], rates: OwnRates | None) -> Progress:
    parts = dict.fromkeys(("fetched", "confirmed", "waiting", "fell_away"), _NOTHING)
    for reservation in reservations:
        for part, amount in _parts(reservation).items():
            parts[part] += in_need(reservation.listing, need, amount, rates)
    return Progress(need, **parts)


def _parts(reservation: Reservation) -> Mapping[str, Decimal]:
    held = "confirmed" if reservation.state is State.CONFIRMED else "waiting"
    parts = dict.fromkeys(("confirmed", "waiting"), _NOTHING)
    parts[held] += reservation.held
    parts["waiting"] += reservation.waiting
    fell_away = reservation.released + reservation.written_off
    return {"fetched": reservation.handed_over, "fell_away": fell_away, **parts}
