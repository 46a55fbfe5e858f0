"""A plan as a linear programme, and with whole pieces as a mixed integer programme; HiGHS solves both.

The linear programme leaves out whole pieces and least quantities, and spreads the trips of a match over the most that
it can hold, which never makes a plan look worse than it is. Its solution is a good start for the search, its prices say
which lots, needs and weeks in a hub are scarce, and from them follows what no plan at all can be worth more than.
"""

from dataclasses import dataclass

import highspy
import numpy as np

from marketplace.matching.rules import QUANTITY_SLACK
from marketplace.matching.screening import DIRECT, Floats, Ints, Market, Routes


@dataclass(frozen=True, slots=True)
class Prices:
    """What one more unit of each lot, one more piece of each need and one more m3 in each hub and week is worth, EUR.

    `agreed` is what one more reserved piece is worth, in the order of `Market.agreed`; that is never positive.
    """

    market: Market
    lot: Floats
    need: Floats
    week: Floats
    agreed: Floats

    def used(self, routes: Routes) -> Floats:
        """Return what all that one piece over each route uses is worth to others, in EUR."""
        weeks = np.pad(np.cumsum(self.week, axis=1), ((0, 1), (1, 0)))
        storing = weeks[routes.hub, routes.end] - weeks[routes.hub, routes.start]
        used = self.lot[routes.lot] / routes.pieces + self.need[routes.need] + routes.m3 * storing
        agreed: Floats = np.append(self.agreed, 0.0)[self.market.reservation_of(routes)]
        return used + agreed

    def left_over(self, routes: Routes) -> Floats:
        """Return what one piece over each route is worth beyond that."""
        return spread(routes) - self.used(routes)


def spread(routes: Routes) -> Floats:
    """Return what one piece over each route is worth where its trips are spread over the most that it can hold, EUR."""
    return routes.value - routes.trips / np.maximum(routes.most, QUANTITY_SLACK)


class Programme:
    """A column for each route and for what lies in each hub each week, a row for each limit.

    What lies in a hub is what lay there before, and what comes, less what goes: so a route has two entries, however
    long it stores. Money is counted in the greatest value of a piece, so that no tolerance depends on the currency.
    """

    def __init__(self, market: Market, routes: Routes) -> None:
        self.market = market
        quantities = [lot.quantity for lot in market.lots] + [need.quantity for need in market.needs]
        self.limits = np.array(quantities, float)
        self.agreed = np.array(list(market.agreed.values()), float)
        self.weeks = len(market.weeks)
        self.stock = len(market.hubs) * self.weeks
        self.scale = float(np.abs(spread(routes)).max(initial=0)) or 1.0
        self.solver = highspy.Highs()  # type: ignore[no-untyped-call]  # only its constructor has no annotations
        self._set(output_flag=False, threads=1, presolve="off", solver="simplex")
        self.solver.changeObjectiveSense(highspy.ObjSense.kMaximize)
        self._add_rows()
        self._add_stock()
        self.add(routes)

    def _set(self, **options: bool | float | str) -> None:
        for name, value in options.items():
            self.solver.setOptionValue(name, value)

    def _add_rows(self) -> None:
        free = [np.full(len(self.limits), -np.inf), np.full(len(self.agreed), np.inf)]
        lower = np.concatenate([free[0], np.zeros(self.stock), self.agreed])
        upper = np.concatenate([self.limits, np.zeros(self.stock), free[1]])
        numbers = np.zeros(len(lower), np.int32)
        self.solver.addRows(len(lower), lower, upper, 0, numbers, numbers[:0], np.zeros(0))

    def _add_stock(self) -> None:
        """Let what lies in a hub in one week go out of its row, and into that of the next."""
        at = np.arange(self.stock)
        onward = at[at % self.weeks != self.weeks - 1]
        rows = len(self.limits) + np.concatenate([at, onward + 1])
        entries = np.concatenate([-np.ones(self.stock), np.ones(len(onward))])
        upper = np.repeat(self.market.room, self.weeks)
        self._add_columns(np.zeros(self.stock), upper, np.concatenate([at, onward]), rows, entries)

    def add(self, routes: Routes) -> None:
        """Add a column for each of these routes."""
        count, at = len(routes), np.arange(len(routes))
        stored = np.flatnonzero(routes.hub != DIRECT)
        lies = len(self.limits) + routes.hub[stored] * self.weeks
        reservation = self.market.reservation_of(routes)
        kept = np.flatnonzero(reservation < len(self.agreed))
        columns = [at, at, stored, stored, kept]
        rows = [
            routes.lot,
            len(self.market.lots) + routes.need,
            lies + routes.start[stored],
            lies + routes.end[stored],
            len(self.limits) + self.stock + reservation[kept],
        ]
        m3 = routes.m3[stored]
        entries = [1 / routes.pieces, np.ones(count), m3, -m3, np.ones(len(kept))]
        cost = spread(routes) / self.scale
        self._add_columns(cost, routes.most, np.concatenate(columns), np.concatenate(rows), np.concatenate(entries))

    def _add_columns(self, cost: Floats, upper: Floats, columns: Ints, rows: Ints, entries: Floats) -> None:
        order = np.lexsort((rows, columns))
        starts = np.searchsorted(columns[order], np.arange(len(cost))).astype(np.int32)
        places = rows[order].astype(np.int32)
        self.solver.addCols(len(cost), cost, np.zeros(len(cost)), upper, len(order), starts, places, entries[order])

    def solve(self) -> tuple[Floats, Prices, float]:
        """Return the pieces over each route, the prices, and the value in EUR, of the linear programme."""
        self.solver.run()
        solution = self.solver.getSolution()
        duals = np.array(solution.row_dual) * self.scale
        lots, after, kept = len(self.market.lots), len(self.limits), len(self.limits) + self.stock
        # The price of a week is what its limit costs: the difference between having stock at its start and at its end.
        lying = np.pad(duals[after:kept].reshape(-1, self.weeks), ((0, 0), (0, 1)))
        prices = Prices(
            market=self.market,
            lot=np.maximum(duals[:lots], 0),
            need=np.maximum(duals[lots:after], 0),
            week=np.maximum(lying[:, :-1] - lying[:, 1:], 0),
            agreed=np.minimum(duals[kept:], 0),
        )
        pieces = np.array(solution.col_value)[self.stock :]
        return pieces, prices, self.solver.getInfo().objective_function_value * self.scale

    def worth(self, prices: Prices) -> float:
        """Return what all lots, needs and hubs are worth at these prices, in EUR.

        With what routes are worth beyond their prices that is more than any plan, whatever the prices are (duality).
        """
        limits = float(np.concatenate([prices.lot, prices.need]) @ self.limits)
        return limits + float(self.market.room @ prices.week.sum(axis=1)) + float(prices.agreed @ self.agreed)

    def reward(self, routes: Routes, first: Floats, bonus: float) -> None:
        """Count a bonus in EUR for meeting the `first` pieces of each need, a part of it for a part of them.

        `routes` must be all that were added.
        """
        needs = np.unique(routes.need)
        amounts = np.maximum(first[needs], QUANTITY_SLACK)
        row = self.solver.getNumRow()
        order = np.argsort(routes.need, kind="stable")
        starts = np.searchsorted(routes.need[order], needs).astype(np.int32)
        self.solver.addRows(
            len(needs), np.zeros(len(needs)), np.full(len(needs), np.inf), len(order),
            starts, (self.stock + order).astype(np.int32), np.ones(len(order)),
        )  # fmt: skip
        for number, amount in enumerate(amounts.tolist()):
            place = np.array([row + number], np.int32)
            self.solver.addCol(bonus / amount / self.scale, 0, amount, 1, place, np.array([-1.0]))

    def solve_whole(self, routes: Routes, start: Floats, nodes: int) -> tuple[Floats, float]:
        """Return the pieces over each route in the best plan, and what none can be worth more than, in EUR.

        Now with whole pieces and least quantities, and trips that count whole: a yes or no for each of `routes`, which
        must be all that were added. `start` is a plan to begin with, the best one where so many `nodes` of the search
        find none better.
        """
        count, integer = len(routes), highspy.HighsVarType.kInteger
        pieces = self.stock + np.arange(count, dtype=np.int32)
        chosen = self.solver.getNumCol() + np.arange(count, dtype=np.int32)
        numbers = np.zeros(count, np.int32)
        costs = -routes.trips / self.scale
        self.solver.changeColsCost(count, pieces, routes.value / self.scale)
        self.solver.addCols(count, costs, np.zeros(count), np.ones(count), 0, numbers, numbers[:0], np.zeros(0))
        for column in (*pieces[routes.whole], *chosen):
            self.solver.changeColIntegrality(int(column), integer)
        for limit, low, high in ((routes.most, -np.inf, 0.0), (routes.least, 0.0, np.inf)):
            places = np.stack([pieces, chosen], axis=1).ravel()
            entries = np.stack([np.ones(count), -limit], axis=1).ravel()
            starts = np.arange(0, 2 * count, 2, dtype=np.int32)
            self.solver.addRows(count, np.full(count, low), np.full(count, high), 2 * count, starts, places, entries)
        self._set(presolve="choose", solver="choose", mip_max_nodes=nodes, mip_rel_gap=0.0, mip_abs_gap=0.0)
        given = np.concatenate([pieces, chosen])
        self.solver.setSolution(len(given), given, np.concatenate([start, start > 0]).astype(float))
        self.solver.run()
        found = np.array(self.solver.getSolution().col_value)[pieces]
        return found, self.solver.getInfo().mip_dual_bound * self.scale
