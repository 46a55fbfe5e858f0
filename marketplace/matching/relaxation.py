"""Which routes matter, and what no plan can be worth more than.

The linear programme begins with the best few routes of each need. The prices of its solution then tell for every other
route whether it could be worth more than what it takes from others; those that could are added, until little is left.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import numpy as np

from marketplace.matching.programme import Prices, Programme
from marketplace.matching.screening import Floats, Ints, Market, Routes, joined

# Lots of each need with which the linear programme begins, fewer where there are very many needs, and how many routes
# each need may be given more in each round.
FIRST_LOTS: Final = 40
FIRST_IN_ALL: Final = 200_000
MORE_ROUTES: Final = 8
ROUNDS: Final = 4
# What the prices still promise for the routes that were left out, as a share of the bound, below which it is enough.
ENOUGH: Final = 0.0005


@dataclass(frozen=True, slots=True)
class Relaxed:
    """The routes that matter, how many pieces the linear programme sends over each, its prices, and the bound in EUR.

    Routes stand in the order of their needs, lots and hubs.
    """

    routes: Routes
    pieces: Floats
    prices: Prices
    bound: float


def relax(market: Market, routes: Routes, *, told: Callable[[float], None] = lambda _share: None) -> Relaxed:
    """Solve the problem without whole pieces and least quantities, and add the routes that the prices ask for.

    `routes` must hold those of every reservation, and reservations that can be kept. `told` hears how far it is.
    """
    programme = Programme(market, routes)
    bound = np.inf
    for number in range(1, ROUNDS + 1):
        pieces, prices, value = programme.solve()
        beyond, more = _priced_out(market, prices, routes)
        bound = min(bound, programme.worth(prices) + beyond)
        told(number / ROUNDS)
        if number == ROUNDS or bound - value <= ENOUGH * abs(bound) or not len(more):
            break
        programme.add(more)
        routes = joined([routes, more])
    order = np.lexsort((routes.hub, routes.lot, routes.need))
    return Relaxed(routes.take(order), pieces[order], prices, float(bound))


def promising(market: Market) -> Routes:
    """Return, for each need, the profitable routes of its best lots, and every route of a reserved pair."""
    lots = max(1, min(FIRST_LOTS, FIRST_IN_ALL // max(1, len(market.needs))))
    return joined([market.none, *(_best_of(market, need, lots) for need in range(len(market.needs)))])


def _best_of(market: Market, need: int, most: int) -> Routes:
    found = market.routes(need)
    kept = market.reservation_of(found) < len(market.agreed)
    found, kept = found.take((found.greatest > 0) | kept), kept[(found.greatest > 0) | kept]
    lots, which = np.unique(found.lot, return_inverse=True)
    best = np.full(len(lots), -np.inf)
    np.maximum.at(best, which, found.greatest)
    chosen = np.zeros(len(lots), bool)
    chosen[np.argsort(-best, kind="stable")[:most]] = True
    return found.take(chosen[which] | kept)


def _priced_out(market: Market, prices: Prices, known: Routes) -> tuple[float, Routes]:
    """Return what all routes are worth beyond the prices, in EUR, and the best of those that are not known yet."""
    beyond, more = 0.0, [market.none]
    order = np.argsort(known.need, kind="stable")
    keys, ends = _keys(known)[order], np.searchsorted(known.need[order], np.arange(len(market.needs) + 1))
    for need in range(len(market.needs)):
        found = market.routes(need)
        left = prices.left_over(found)
        beyond += float(np.maximum(left, 0) @ found.most)
        new = np.flatnonzero((left > 0) & ~np.isin(_keys(found), keys[ends[need] : ends[need + 1]]))
        more.append(found.take(new[np.argsort(-(left * found.most)[new], kind="stable")[:MORE_ROUTES]]))
    return beyond, joined(more)


def _keys(routes: Routes) -> Ints:
    """Return a number for lot and hub of each route, which is its own among the routes of one need."""
    return routes.lot * 4096 + routes.hub
