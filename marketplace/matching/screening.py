"""The routes of a problem in columns: all pairs are screened by the rules at once, and the most promising are kept.

These are the rules of `rules` and the values of `scoring`, for whole columns of lots. What lies on the edge of a rule
is decided by `rules` itself, so that both always agree.
"""

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields
from functools import cached_property
from typing import Final

import numpy as np
from numpy.typing import NDArray

from marketplace.matching import rules
from marketplace.matching.problem import Instance, Lot, Need, Params
from marketplace.matching.rules import CLEAN, QUANTITY_SLACK, UNTESTED

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]

DIRECT: Final = -1
"""The number of the hub on a route without one."""

_EDGE: Final = 1e-6
"""The relative distance to the edge of a rule within which rounding could decide."""


@dataclass(frozen=True, slots=True)
class Routes:
    """Routes in columns, each with the numbers that its lot, need and hub have in the `Market`.

    `pieces` per unit of the lot; `value` in EUR for each needed piece without trips, `trips` in EUR for each match;
    `least` and `most` are pieces in one match; `m3` is the room of one piece, from week `start` until week `end`, both
    as positions in `Market.weeks`; `whole` tells that the quantity is a whole number.
    """

    lot: Ints
    need: Ints
    hub: Ints
    pieces: Floats
    value: Floats
    trips: Floats
    least: Floats
    most: Floats
    m3: Floats
    start: Ints
    end: Ints
    whole: Flags

    def __len__(self) -> int:
        return len(self.lot)

    @property
    def greatest(self) -> Floats:
        """What a match over each route is worth at most, in EUR."""
        return self.most * self.value - self.trips

    def take(self, at: Ints | Flags) -> "Routes":
        """Return some of these routes, in the order of `at`."""
        return Routes(*(getattr(self, field.name)[at] for field in fields(self)))


def joined(parts: Sequence[Routes]) -> Routes:
    """Return several sets of routes as one."""
    return Routes(*(np.concatenate([getattr(part, field.name) for part in parts]) for field in fields(Routes)))


class _Shelf:
    """The lots of one category in columns, in the order of their first size."""

    def __init__(self, lots: Sequence[Lot], numbers: Sequence[int]) -> None:
        order = sorted(range(len(lots)), key=lambda at: (_first_size(lots[at]), numbers[at]))
        self.lots = [lots[at] for at in order]
        self.number = np.array([numbers[at] for at in order], np.int64)
        self.sizes = np.full((len(order), max(len(lot.dims or ()) for lot in lots)), np.nan)
        for row, lot in enumerate(self.lots):
            self.sizes[row, : len(lot.dims or ())] = lot.dims or ()
        self.measured = np.array([lot.dims is not None for lot in self.lots])
        self.first_size = np.array([_first_size(lot) for lot in self.lots])
        self.quantity = self._column(lambda lot: lot.quantity)
        self.price = self._column(lambda lot: lot.price)
        self.tonnes = self._column(lambda lot: lot.kg / 1000)
        self.m3 = self._column(lambda lot: lot.m3)
        self.x = self._column(lambda lot: lot.xy[0])
        self.y = self._column(lambda lot: lot.xy[1])
        self.first_week = np.array([lot.weeks[0] for lot in self.lots], np.int64)
        self.last_week = np.array([lot.weeks[1] for lot in self.lots], np.int64)
        self.min_take = self._column(lambda lot: lot.min_take)
        self.grade = np.array([lot.grade for lot in self.lots])
        self.clean = np.array([lot.hazard == CLEAN for lot in self.lots])
        self.untested = np.array([lot.hazard == UNTESTED for lot in self.lots])
        self.divisible = np.array([lot.divisible for lot in self.lots])
        self.unit = np.array([lot.unit for lot in self.lots])
        self._held: dict[str, Floats] = {}

    def _column(self, of: Callable[[Lot], float]) -> Floats:
        return np.array([of(lot) for lot in self.lots], float)

    def held(self, need: Need) -> Floats:
        """Return how much of the need's unit is in one unit of each lot, 0 where that is not known."""
        if need.unit not in self._held:
            self._held[need.unit] = self._column(lambda lot: rules.held(lot, need))
        return self._held[need.unit]

    def long_enough(self, need: Need) -> slice:
        """Return which lots may be of the right first size."""
        if not need.windows:
            return slice(0, len(self.lots))
        low, high = need.windows[0]
        end = len(self.lots) if need.cut_mm is not None else np.searchsorted(self.first_size, high, "right")
        return slice(int(np.searchsorted(self.first_size, low, "left")), int(end))


def _first_size(lot: Lot) -> float:
    return lot.dims[0] if lot.dims else -np.inf


class Market:
    """A problem ready to be screened. Lots and hubs are numbered in the order of their ids, needs as they were posted.

    `agreed` holds what is reserved by the numbers of lot and need, in their order.
    """

    def __init__(self, instance: Instance) -> None:
        self.params: Params = instance.params
        self.lots = sorted(instance.lots, key=lambda lot: lot.id)
        self.needs = sorted(instance.needs, key=lambda need: (need.posted, need.id))
        self.hubs = sorted(instance.hubs, key=lambda hub: hub.id)
        self.lot_numbers = {lot.id: number for number, lot in enumerate(self.lots)}
        self.need_numbers = {need.id: number for number, need in enumerate(self.needs)}
        self.weeks = np.unique(
            [lot.weeks[1] for lot in self.lots] + [need.weeks[0] for need in self.needs] or [0]
        ).astype(np.int64)
        self.hub_x = np.array([hub.xy[0] for hub in self.hubs])
        self.hub_y = np.array([hub.xy[1] for hub in self.hubs])
        self.handle = np.array([hub.handle for hub in self.hubs])
        self.store = np.array([hub.store for hub in self.hubs])
        self.room = np.array([hub.capacity_m3 for hub in self.hubs])
        agreed: dict[tuple[int, int], float] = {}
        for one in instance.fixed:
            pair = self.lot_numbers[one.lot], self.need_numbers[one.need]
            agreed[pair] = max(agreed.get(pair, 0), one.quantity)
        self.agreed = dict(sorted(agreed.items()))
        self._agreed_keys = np.array([self._key(*pair) for pair in self.agreed], np.int64)
        self._excluded: dict[str, set[str]] = defaultdict(set)
        for lot, need in instance.excluded:
            self._excluded[need].add(lot)

    def _key(self, lot: int, need: int) -> int:
        return lot * (len(self.needs) + 1) + need

    def reservation_of(self, routes: Routes) -> Ints:
        """Return the position in `agreed` of the pair of each route, or its length where nothing is reserved."""
        keys = routes.lot * (len(self.needs) + 1) + routes.need
        at: Ints = np.searchsorted(self._agreed_keys, keys)
        if not len(self._agreed_keys):
            return at
        found = self._agreed_keys[np.minimum(at, len(self._agreed_keys) - 1)] == keys
        at[~found] = len(self._agreed_keys)
        return at

    @cached_property
    def none(self) -> Routes:
        """No routes at all, to which others can be joined."""
        whole, number, amount = np.zeros(0, bool), np.zeros(0, np.int64), np.zeros(0)
        types = {"whole": whole, "lot": number, "need": number, "hub": number, "start": number, "end": number}
        return Routes(**{field.name: types.get(field.name, amount) for field in fields(Routes)})

    @cached_property
    def _shelves(self) -> dict[str, _Shelf]:
        by_category: dict[str, list[int]] = defaultdict(list)
        for number, lot in enumerate(self.lots):
            by_category[lot.category].append(number)
        return {name: _Shelf([self.lots[at] for at in some], some) for name, some in by_category.items()}

    def routes(self, number: int) -> Routes:
        """Return every route to one need that keeps all rules, whatever it is worth."""
        need = self.needs[number]
        shelves = [self._shelves[name] for name in sorted(need.categories) if name in self._shelves]
        return joined([self.none, *(self._routes_from(shelf, number, need) for shelf in shelves)])

    def _routes_from(self, shelf: _Shelf, number: int, need: Need) -> Routes:
        at = _fitting(shelf, need, rules.params_for(need, self.params))
        if excluded := self._excluded.get(need.id):
            at = at[[shelf.lots[row].id not in excluded for row in at]]
        waits = need.weeks[0] > shelf.last_week[at]
        parts = [self._by(shelf, at[~waits], number, need, DIRECT)]
        parts += [self._by(shelf, at[waits], number, need, hub) for hub in range(len(self.hubs)) if waits.any()]
        return joined(parts)

    def _by(self, shelf: _Shelf, at: Ints, number: int, need: Need, hub: int) -> Routes:
        params = rules.params_for(need, self.params)
        pieces = shelf.held(need)[at] * _cuts(shelf, at, need, params)
        legs, storage = self._way(shelf, at, need, hub, params.road)
        spent = shelf.price[at] + sum(legs) * shelf.tonnes[at] * params.eur_per_tkm + storage
        whole = need.whole | ((shelf.unit[at] == need.unit) & ~shelf.divisible[at])
        weeks = shelf.last_week[at] if hub != DIRECT else np.full(len(at), self.weeks[0])
        least, most = _least_and_most(shelf, at, need, pieces, whole)
        return Routes(
            lot=shelf.number[at],
            need=np.full(len(at), number),
            hub=np.full(len(at), hub),
            pieces=pieces,
            value=need.new_eur + need.mki_eur - spent / pieces,
            trips=params.trip_eur * sum(leg > 0 for leg in legs) + np.zeros(len(at)),
            least=least,
            most=most,
            m3=shelf.m3[at] / pieces if hub != DIRECT else np.zeros(len(at)),
            start=np.searchsorted(self.weeks, weeks),
            end=np.full(len(at), np.searchsorted(self.weeks, need.weeks[0]))
            if hub != DIRECT
            else np.zeros(len(at), int),
            whole=whole,
        )

    def _way(self, shelf: _Shelf, at: Ints, need: Need, hub: int, road: float) -> tuple[list[Floats], Floats | float]:
        """Return the legs by road in km, and what storing one unit costs."""
        x, y = shelf.x[at], shelf.y[at]
        if hub == DIRECT:
            return [road * np.hypot(x - need.xy[0], y - need.xy[1])], 0.0
        hub_x, hub_y = self.hub_x[hub], self.hub_y[hub]
        onward = np.full(len(at), road * np.hypot(hub_x - need.xy[0], hub_y - need.xy[1]))
        weeks = need.weeks[0] - shelf.last_week[at]
        cost = shelf.m3[at] * (2 * self.handle[hub] + self.store[hub] * weeks)
        return [road * np.hypot(x - hub_x, y - hub_y), onward], cost


def _fitting(shelf: _Shelf, need: Need, params: Params) -> Ints:
    """Return the rows of the lots that keep every rule of the need but that of a hub."""
    within = shelf.long_enough(need)
    at: Ints = np.arange(within.start, max(within.start, within.stop))
    at = at[(shelf.first_week[at] <= need.weeks[1]) & (shelf.grade[at] <= need.grade) & (shelf.held(need)[at] > 0)]
    at = at[shelf.clean[at] | shelf.untested[at]] if need.accepts_untested else at[shelf.clean[at]]
    if need.windows:
        at = at[shelf.measured[at]]
    for slot, (low, high) in enumerate((need.windows or ())[: shelf.sizes.shape[1]]):
        size = shelf.sizes[at, slot]
        fits = (size >= low) & ((size <= high) | (slot == 0 and need.cut_mm is not None))
        at = at[fits | np.isnan(size)]
    km = params.road * np.hypot(shelf.x[at] - need.xy[0], shelf.y[at] - need.xy[1])
    edge = np.abs(km - need.max_km) <= _EDGE * (1 + need.max_km)
    keep = (km <= need.max_km) | edge
    at, edge = at[keep], edge[keep]
    pieces = shelf.held(need)[at] * _cuts(shelf, at, need, params)
    whole = need.whole | ((shelf.unit[at] == need.unit) & ~shelf.divisible[at])
    least, most = _least_and_most(shelf, at, need, pieces, whole)
    keep = least <= most + QUANTITY_SLACK
    if need.max_price is not None:
        price = shelf.price[at] / pieces
        near = np.abs(price - need.max_price) <= _EDGE * (1 + need.max_price)
        keep, edge = keep & ((price <= need.max_price) | near), edge | near
    at, edge = at[keep], edge[keep]
    sure = [not near or rules.fits(shelf.lots[row], need, params) for row, near in zip(at, edge, strict=True)]
    return np.asarray(at[sure], np.int64)


def _cuts(shelf: _Shelf, at: Ints, need: Need, params: Params) -> Floats:
    """Return how many needed pieces come out of one piece of each lot; see `rules.cuts_per_unit`."""
    if need.cut_mm is None:
        return np.ones(len(at))
    sizes = np.nan_to_num(shelf.sizes[at, 0]) if shelf.sizes.shape[1] else np.zeros(len(at))
    cuts: Floats = np.maximum(1, np.floor((sizes + params.kerf_mm) / (need.cut_mm + params.kerf_mm)))
    return cuts


def _least_and_most(shelf: _Shelf, at: Ints, need: Need, pieces: Floats, whole: Flags) -> tuple[Floats, Floats]:
    least = np.maximum(shelf.min_take[at] * pieces, need.min_batch)
    most = np.minimum(shelf.quantity[at] * pieces, need.quantity)
    least = np.where(whole, np.ceil(least - QUANTITY_SLACK), least)
    return least, np.where(whole, np.floor(most + QUANTITY_SLACK), most)
