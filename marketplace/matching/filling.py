"""Filling a need from several lots: what a chosen amount of each brings and costs, and how far a basket has come."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from marketplace.listings.models import Listing
from marketplace.matching import scoring
from marketplace.matching.conversion import in_need
from marketplace.matching.models import OwnRates
from marketplace.matching.queries import Fit
from marketplace.matching.rates import rates_by_need
from marketplace.projects.models import Need
from marketplace.reservations.baskets import Line
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


def lines_of(fits: Iterable[Fit]) -> list[Line]:
    """Return proposals as lines of a basket for their project, as `baskets.hold_for_project` takes them.

    Where two needs share a lot that is counted in larger pieces, each of their amounts was rounded up: no more is asked
    than what the lines before it leave of what is available.
    """
    left: dict[int, Decimal] = {}
    lines: list[Line] = []
    for fit in fits:
        rest = left.setdefault(fit.listing.id, fit.listing.available)
        take = min(fit.take, rest)
        left[fit.listing.id] = rest - take
        if take:
            lines.append(Line(fit.listing.id, take, fit.need.id))
    return lines


def progress(basket: Basket, reservations: Iterable[Reservation] | None = None) -> Progress | None:
    """Return how far a basket has come, or None where it is for no need, or for several.

    Needs its need with the project to be loaded. `reservations` are its own where they were read already.
    """
    rows = of_basket(basket.id) if reservations is None else reservations
    return progress_of_all([basket], {basket.id: rows}).get(basket.id)


def progress_of_all(baskets: Sequence[Basket], rows: Mapping[int, Iterable[Reservation]]) -> dict[int, Progress]:
    """Return how far these baskets have come, by the id of each, of those that are for one need.

    Needs their needs with the projects to be loaded; `rows` are the reservations of each.
    """
    rates = rates_by_need([basket.need for basket in baskets if basket.need])
    return {each.id: _progress(each.need, rows[each.id], rates[each.need.id]) for each in baskets if each.need}


def progress_by_need(reservations: Iterable[Reservation]) -> list[Progress]:
    """Return how far the reservations of a basket for a project have come, need by need, what is wanted first on top.

    Needs their needs with the projects to be loaded. What is for no need is left out.
    """
    by_need: dict[int, tuple[Need, list[Reservation]]] = {}
    for reservation in reservations:
        if reservation.need is not None:
            by_need.setdefault(reservation.need.id, (reservation.need, []))[1].append(reservation)
    in_order = sorted(by_need.values(), key=lambda pair: (pair[0].wanted_from, pair[0].id))
    rates = rates_by_need([need for need, _ in in_order])
    return [_progress(need, of_it, rates[need.id]) for need, of_it in in_order]


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
