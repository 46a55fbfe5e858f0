"""A plan in the making: how much goes over each route, and what is left of every lot, need and week in a hub."""

import math
from typing import Final

import numpy as np

from marketplace.kit.errors import N_, ConflictError
from marketplace.matching.programme import Prices
from marketplace.matching.rules import QUANTITY_SLACK
from marketplace.matching.screening import Ints, Market, Routes

# Divisible lots are dealt out in thousandths, so that quantities stay readable; reservations keep what was agreed.
STEPS: Final = 1000
AGREED_STEPS: Final = 10**9
# Differences that are only rounding: in m3, and in EUR as a share of the greatest match.
ROOM_SLACK: Final = 1e-7
ROUNDING: Final = 1e-9
# The first part of each need counts a little more than the rest, so that many get something before a few get all.
FIRST_PART: Final = 0.25
# What the need that was posted first is worth more than the last, as a share of the value: it decides between equals.
TIE: Final = 1e-6


class Draft:
    """The quantity on each route, in the order of the routes, and what is left.

    `value` is EUR as the search counts it: with the `bonus` for each need of which the first part is met, and a trace
    more for needs that were posted earlier; differences below `slack` are only rounding. With `prices`, `used` is what
    one piece over a route takes from others.
    """

    def __init__(self, market: Market, routes: Routes, prices: Prices | None = None, bonus: float = 0.0) -> None:
        used = prices.used(routes) if prices else np.zeros(len(routes))
        self.used: list[float] = used.tolist()
        self.lot: list[int] = routes.lot.tolist()
        self.need: list[int] = routes.need.tolist()
        self.hub: list[int] = routes.hub.tolist()
        self.pieces: list[float] = routes.pieces.tolist()
        first = TIE * (1 - routes.need / max(1, len(market.needs)))
        self.worth: list[float] = (routes.value + first * np.abs(routes.value)).tolist()
        self.trips: list[float] = routes.trips.tolist()
        self.least: list[float] = routes.least.tolist()
        self.m3: list[float] = routes.m3.tolist()
        self.start: list[int] = routes.start.tolist()
        self.end: list[int] = routes.end.tolist()
        self.whole: list[bool] = routes.whole.tolist()
        self.market = market
        self.slack = ROUNDING * float(np.abs(routes.greatest).max(initial=0))
        self.quantity: dict[int, float] = {}
        self.locked: dict[int, float] = {}
        self.value = 0.0
        self.bonus = bonus
        self.undo: list[tuple[int, float]] = []
        self.lot_left = [lot.quantity for lot in market.lots]
        self.need_left = [need.quantity for need in market.needs]
        self.first_part = [FIRST_PART * need.quantity for need in market.needs]
        self.room = [[hub.capacity_m3] * len(market.weeks) for hub in market.hubs]
        self.of_lot = _grouped(routes.lot, len(market.lots))
        self.of_need = _grouped(routes.need, len(market.needs))
        self.on_lot: list[set[int]] = [set() for _ in market.lots]
        self.on_need: list[set[int]] = [set() for _ in market.needs]
        self.on_hub: list[list[int]] = [[] for _ in market.hubs]
        self._place: dict[int, int] = {}

    def __len__(self) -> int:
        return len(self.lot)

    def addable(self, at: int, steps: int = STEPS) -> float:
        """Return how much more can go over this route, 0 where that would stay below the least quantity."""
        more = min(self.need_left[self.need[at]], self.lot_left[self.lot[at]] * self.pieces[at])
        lacking = self.least[at] - self.quantity.get(at, 0.0) - QUANTITY_SLACK
        if more < lacking or more <= QUANTITY_SLACK:
            return 0
        if self.hub[at] >= 0 and self.m3[at] > 0:
            free = min(self.room[self.hub[at]][self.start[at] : self.end[at]])
            more = min(more, (free + ROOM_SLACK) / self.m3[at])
        more = round_down(more, 1 if self.whole[at] else steps)
        return more if more >= lacking else 0

    def sparing(self, at: int, more: float) -> float:
        """Return a little less, where the rest of the need or of the lot would be too small for another match."""
        need, lot = self.market.needs[self.need[at]], self.market.lots[self.lot[at]]
        need_rest = self.need_left[self.need[at]] - more
        lot_rest = self.lot_left[self.lot[at]] * self.pieces[at] - more
        short = [need.min_batch - need_rest] if need_rest > QUANTITY_SLACK else []
        short += [lot.min_take * self.pieces[at] - lot_rest] if lot_rest > QUANTITY_SLACK else []
        less = round_down(more - max([0, *short]), 1 if self.whole[at] else STEPS)
        return less if less >= max(self.least[at] - self.quantity.get(at, 0.0), QUANTITY_SLACK) else more

    def enough(self, at: int, more: float) -> float:
        """Return no more than what the first part of the need still lacks, where that can go over the route."""
        lacking = (
            self.first_part[self.need[at]] - self.market.needs[self.need[at]].quantity + self.need_left[self.need[at]]
        )
        least = max(lacking, self.least[at] - self.quantity.get(at, 0.0))
        return min(more, math.ceil(least - QUANTITY_SLACK) if self.whole[at] else least) if lacking > 0 else more

    def gain(self, at: int, more: float) -> float:
        """Return what this much more over the route is worth to the search, the bonus for a first part included."""
        worth = more * self.worth[at] - (0 if at in self.quantity else self.trips[at])
        return worth + self._first_part(self.need[at], more) if self.bonus else worth

    def _first_part(self, need: int, more: float) -> float:
        """Return the bonus for this much more of the first part of a need."""
        first = self.first_part[need]
        met = self.market.needs[need].quantity - self.need_left[need]
        if met >= first and met + more >= first:
            return 0.0
        return self.bonus * (min(met + more, first) - min(met, first)) / max(first, QUANTITY_SLACK)

    def put(self, at: int, quantity: float) -> None:
        """Set the quantity on a route, and note the one that it had."""
        before = self.quantity.get(at, 0.0)
        self.undo.append((at, before))
        more = quantity - before
        if self.bonus:
            self.value += self._first_part(self.need[at], more)
        self.lot_left[self.lot[at]] -= more / self.pieces[at]
        self.need_left[self.need[at]] -= more
        if self.hub[at] >= 0:
            room, m3 = self.room[self.hub[at]], more * self.m3[at]
            for week in range(self.start[at], self.end[at]):
                room[week] -= m3
        self.value += more * self.worth[at]
        if quantity and not before:
            self._enter(at)
        elif before and not quantity:
            self._leave(at)
        if quantity:
            self.quantity[at] = quantity

    def _enter(self, at: int) -> None:
        self.value -= self.trips[at]
        self.on_lot[self.lot[at]].add(at)
        self.on_need[self.need[at]].add(at)
        if self.hub[at] >= 0:
            self._place[at] = len(self.on_hub[self.hub[at]])
            self.on_hub[self.hub[at]].append(at)

    def _leave(self, at: int) -> None:
        self.value += self.trips[at]
        del self.quantity[at]
        self.on_lot[self.lot[at]].discard(at)
        self.on_need[self.need[at]].discard(at)
        if self.hub[at] >= 0:
            # The last takes its place, so that one of them can be drawn at random at once.
            stored, place = self.on_hub[self.hub[at]], self._place.pop(at)
            if (last := stored.pop()) != at:
                stored[place], self._place[last] = last, place

    def clear(self, need: int) -> None:
        """Take everything but the reservations of one need out of the plan."""
        for at in sorted(self.on_need[need]):
            self.put(at, self.locked.get(at, 0))

    def roll_back(self) -> None:
        """Undo everything since the notes were last emptied."""
        for at, before in reversed(self.undo.copy()):
            self.put(at, before)
        self.undo.clear()

    def reserve(self) -> None:
        """Put the reservations in the plan, over the most valuable route that has room, or over several.

        Raises ConflictError where that does not succeed.
        """
        ways = {pair: [at for at in self.of_need[pair[1]] if self.lot[at] == pair[0]] for pair in self.market.agreed}
        for pair in sorted(ways, key=lambda pair: (len(ways[pair]), pair)):
            self._reserve_pair(pair, self.market.agreed[pair], ways[pair])
        self.locked = dict(self.quantity)

    def _reserve_pair(self, pair: tuple[int, int], wanted: float, ways: list[int]) -> None:
        while wanted > QUANTITY_SLACK:
            free = [at for at in ways if at not in self.quantity]
            found = [(min(wanted, self.addable(at, AGREED_STEPS)), self.worth[at], -at) for at in free]
            amount, _, negative = max(found, default=(0, 0, 0))
            if amount <= 0:
                message = N_("De reservering van %(lot)s voor %(need)s past niet binnen de regels van het plan.")
                lot, need = self.market.lots[pair[0]], self.market.needs[pair[1]]
                raise ConflictError(message, lot=lot.id, need=need.id)
            amount = max(amount, self.least[-negative])
            self.put(-negative, math.ceil(amount - QUANTITY_SLACK) if self.whole[-negative] else amount)
            wanted -= amount


def _grouped(numbers: Ints, count: int) -> list[list[int]]:
    """Return, for each number below `count`, the positions where it stands."""
    order = np.argsort(numbers, kind="stable")
    return [part.tolist() for part in np.split(order, np.searchsorted(numbers[order], np.arange(1, count)))]


def round_down(quantity: float, steps: int) -> float:
    """Return the greatest multiple of one `steps`-th that is not above a quantity, but for rounding."""
    return math.floor((quantity + QUANTITY_SLACK) * steps) / steps
