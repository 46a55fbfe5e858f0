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

# Lots with which the linear programme begins: for each need as many as fit in the whole, once for each hub, but never
# fewer than so many, nor than would fill it twice.
FIRST_LOTS: Final = 20
FIRST_IN_ALL: Final = 400_000
# How many routes each need may be given more in each round, and how many rounds there may be.
MORE_ROUTES: Final = 16
ROUNDS: Final = 12
# What the prices still promise for the routes that were left out, as a share of the bound, below which it is enough.
ENOUGH: Final = 0.0005
# How far chance may change which routes of a need are taken, so that needs that are alike do not all ask for the same.
UNLIKE: Final = 0.9


@dataclass(frozen=True, slots=True)
class Relaxed:
    """The routes that matter, how many pieces the linear programme sends over each, its prices, and the bound in EUR.

    Routes stand in the order of their needs, lots and hubs. They are `complete` where none that pays was left out.
    """

    routes: Routes
    pieces: Floats
    prices: Prices
    bound: float
    complete: bool


def relax(market: Market, routes: Routes, *, told: Callable[[float], None] = lambda _share: None) -> Relaxed:
    """Solve the problem without whole pieces and least quantities, and add the routes that the prices ask for.

    `routes` must hold those of every reservation, and reservations that can be kept. `told` hears how far it is.
    """
    programme = Programme(market, routes)
    bound = np.inf
    for number in range(1, ROUNDS + 1):
        pieces, prices, value = programme.solve()
        beyond, left_out, more = _priced_out(market, prices, routes, number)
        bound = min(bound, programme.worth(prices) + beyond)
        told(number / ROUNDS)
        if number == ROUNDS or bound - value <= ENOUGH * abs(bound) or not len(more):
            break
        programme.add(more)
        routes = joined([routes, more])
    order = np.lexsort((routes.hub, routes.lot, routes.need))
    return Relaxed(routes.take(order), pieces[order], prices, float(bound), complete=not left_out)


def promising(market: Market) -> Routes:
    """Return, for each need, the profitable routes of its best lots, and every route of a reserved pair."""
    lots = max(FIRST_LOTS, FIRST_IN_ALL // max(1, len(market.needs) * len(market.hubs)))
    return joined([market.none, *(_best_of(market, need, lots) for need in range(len(market.needs)))])


def _best_of(market: Market, need: int, most: int) -> Routes:
    found = market.routes(need)
    kept = market.reservation_of(found) < len(market.agreed)
    found, kept = found.take((found.greatest > 0) | kept), kept[(found.greatest > 0) | kept]
    lots, first, which = np.unique(found.lot, return_index=True, return_inverse=True)
    best = np.full(len(lots), -np.inf)
    np.maximum.at(best, which, found.greatest)
    chosen = np.zeros(len(lots), bool)
    for rank in (best, best * (1 - UNLIKE * _drawn(found.take(first), 0))):
        order = np.argsort(-rank, kind="stable")
        filling = int(np.searchsorted(np.cumsum(found.most[first][order]), 2 * market.needs[need].quantity)) + 1
        chosen[order[: max(most // 2, filling)]] = True
    return found.take(chosen[which] | kept)


def _priced_out(market: Market, prices: Prices, known: Routes, number: int) -> tuple[float, int, Routes]:
    """Return what all routes are worth beyond the prices, in EUR, and of those that are not known yet the best.

    Between the two: how many pay and are not known.
    """
    beyond, left_out, more = 0.0, 0, [market.none]
    order = np.argsort(known.need, kind="stable")
    keys, ends = _keys(known)[order], np.searchsorted(known.need[order], np.arange(len(market.needs) + 1))
    for need in range(len(market.needs)):
        found = market.routes(need)
        left = prices.left_over(found)
        beyond += float(np.maximum(left, 0) @ found.most)
        unknown = ~np.isin(_keys(found), keys[ends[need] : ends[need + 1]])
        left_out += int(np.count_nonzero(unknown & (found.greatest > 0)))
        new = np.flatnonzero((left > 0) & unknown)
        worth = left[new] * found.most[new] * (1 - UNLIKE * _drawn(found.take(new), number))
        more.append(found.take(new[np.argsort(-worth, kind="stable")[:MORE_ROUTES]]))
    return beyond, left_out, joined(more)


def _drawn(routes: Routes, number: int) -> Floats:
    """Return a number from 0 to 1 for each route, another one in every round, the same in every computation."""
    mixed = (routes.lot * 73_856_093) ^ (routes.need * 19_349_663) ^ (number * 83_492_791)
    mixed = (mixed ^ (mixed >> 13)) * 1_274_126_177 & 0xFFFF_FFFF
    return ((mixed ^ (mixed >> 16)) & 0xFFFF) / 0x10000


def _keys(routes: Routes) -> Ints:
    """Return a number for lot and hub of each route, which is its own among the routes of one need."""
    return routes.lot * 4096 + routes.hub
