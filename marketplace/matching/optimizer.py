"""The plan: which quantity of which lot goes to which need, directly or through which hub.

First the reservations, then the greatest match value first, then a search that takes a few related needs out of the
plan and puts them back better (ruin and recreate: Schrimpf et al., Journal of Computational Physics 159, 2000; with
the cooling of simulated annealing). The search is bounded by tries, not by time, so a plan can be repeated.
"""

import heapq
import math
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from random import Random
from typing import Final

from marketplace.kit.errors import N_, ConflictError
from marketplace.matching import rules, scoring
from marketplace.matching.problem import Instance, Lot, Match, Need, Plan
from marketplace.matching.rules import QUANTITY_SLACK
from marketplace.matching.scoring import Route

EFFORT: Final = 20
"""Tries of the search for each need."""
LEAST_TRIES: Final = 2_000
"""Tries of the search on a problem of any size, so that small ones are solved exactly."""
LOTS_PER_NEED: Final = 40
"""Lots that are considered for each need; with 40 hardly any value is lost."""
STEPS: Final = 1000
"""Divisible lots are dealt out in thousandths of a piece, so that quantities stay readable and sums exact."""


def plan(instance: Instance, *, effort: int = EFFORT, seed: int = 0) -> Plan:
    """Return a good plan that keeps to every rule; the same for the same problem and seed, in whatever order.

    `effort` is the number of improvements tried for each need, 0 for none. Raises ConflictError where a reservation
    cannot be kept within the rules.
    """
    state = _State(_arcs(instance), instance)
    _reserve(state, instance)
    _fill(state, range(len(state.arcs)))
    _improve(state, Random(seed), effort)  # noqa: S311 (a search wants a repeatable sequence, not secrecy)
    matches = tuple(scoring.match(state.arcs[at].route, state.quantity[at]) for at in sorted(state.quantity))
    return Plan(round(math.fsum(match.value for match in matches), 2), matches)


class LotIndex:
    """Lots by category, and within it by length and by first week, to find those that may suit a need."""

    def __init__(self, lots: Iterable[Lot]) -> None:
        by_category: dict[str, list[Lot]] = defaultdict(list)
        for lot in lots:
            by_category[lot.category].append(lot)
        self._by_week = {name: sorted(some, key=lambda lot: lot.weeks[0]) for name, some in by_category.items()}
        self._by_length = {
            name: sorted((lot for lot in some if lot.dims), key=_length) for name, some in by_category.items()
        }

    def candidates(self, need: Need) -> Iterator[Lot]:
        """Yield every lot that can suit the need, and some that cannot; see `rules.fits`."""
        for category in sorted(need.categories):
            if need.windows:
                yield from self._long_enough(category, need, need.windows[0])
            else:
                lots = self._by_week.get(category, [])
                yield from lots[: bisect_right(lots, need.weeks[1], key=lambda lot: lot.weeks[0])]

    def _long_enough(self, category: str, need: Need, window: tuple[float, float]) -> list[Lot]:
        lots = self._by_length.get(category, [])
        start = bisect_left(lots, window[0], key=_length)
        end = len(lots) if need.cut_mm is not None else bisect_right(lots, window[1], key=_length)
        return lots[start:end]


def _length(lot: Lot) -> float:
    return lot.dims[0] if lot.dims else 0


@dataclass(slots=True)
class _Arc:
    """A route with what the search asks most often."""

    route: Route
    lot: int
    need: int
    hub: str | None
    pieces: int
    value: float
    trips: float
    least: float
    m3: float
    start: int
    end: int
    whole: bool


def _arcs(instance: Instance) -> list[_Arc]:
    lots = sorted(instance.lots, key=lambda lot: lot.id)
    lot_numbers = {lot.id: number for number, lot in enumerate(lots)}
    hubs = sorted(instance.hubs, key=lambda hub: hub.id)
    index = LotIndex(lots)
    reserved = {(fixed.lot, fixed.need) for fixed in instance.fixed}
    result: list[_Arc] = []
    for number, need in enumerate(sorted(instance.needs, key=lambda need: need.id)):
        pairs = [list(scoring.routes(lot, need, hubs, instance.params)) for lot in index.candidates(need)]
        for route in _worthwhile([pair for pair in pairs if pair], reserved):
            result.append(_arc(route, lot_numbers[route.lot.id], number))  # noqa: PERF401 (a nested comprehension hides the steps)
    return result


def _worthwhile(pairs: list[list[Route]], reserved: set[tuple[str, str]]) -> Iterator[Route]:
    """Yield the profitable routes of the best lots for one need, and every route of a reserved pair."""
    ranked = sorted((-max(map(_greatest_value, pair)), pair[0].lot.id, pair) for pair in pairs)
    for rank, (_, lot_id, pair) in enumerate(ranked):
        if (lot_id, pair[0].need.id) in reserved:
            yield from pair
        elif rank < LOTS_PER_NEED:
            yield from (route for route in pair if _greatest_value(route) > 0)


def _greatest_value(route: Route) -> float:
    return route.most * route.unit_value - route.trips


def _arc(route: Route, lot: int, need: int) -> _Arc:
    return _Arc(
        route=route,
        lot=lot,
        need=need,
        hub=route.hub.id if route.hub else None,
        pieces=route.pieces,
        value=route.unit_value,
        trips=route.trips,
        least=route.least,
        m3=route.m3,
        start=route.stored[0],
        end=route.stored[1],
        whole=not route.lot.divisible,
    )


@dataclass(slots=True)
class _State:
    """A plan in the making: the quantity on each arc, and what is left of every lot, need and hub week."""

    arcs: list[_Arc]
    instance: Instance
    quantity: dict[int, float] = field(default_factory=dict)
    locked: dict[int, float] = field(default_factory=dict)
    value: float = 0.0
    undo: list[tuple[int, float]] = field(default_factory=list)
    lot_left: list[float] = field(init=False)
    need_left: list[float] = field(init=False)
    room: dict[str, list[float]] = field(init=False)
    of_need: list[list[int]] = field(init=False)
    of_lot: list[list[int]] = field(init=False)

    def __post_init__(self) -> None:
        instance = self.instance
        self.lot_left = [lot.quantity for lot in sorted(instance.lots, key=lambda lot: lot.id)]
        self.need_left = [need.quantity for need in sorted(instance.needs, key=lambda need: need.id)]
        self.of_lot = [[] for _ in self.lot_left]
        self.of_need = [[] for _ in self.need_left]
        for at, arc in enumerate(self.arcs):
            self.of_lot[arc.lot].append(at)
            self.of_need[arc.need].append(at)
        self.room = self._empty_hubs()
