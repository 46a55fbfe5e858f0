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
from dataclasses import dataclass
from random import Random
from typing import Final

from marketplace.kit.errors import N_, ConflictError
from marketplace.matching import rules, scoring
from marketplace.matching.problem import Hub, Instance, Lot, Need, Plan
from marketplace.matching.rules import QUANTITY_SLACK
from marketplace.matching.scoring import Route

# Tries of the search for each need.
EFFORT: Final = 20
# Tries on a problem of any size, so that a small one comes out at its best.
LEAST_TRIES: Final = 2_000
# Lots considered for each need: more add hardly any value.
LOTS_PER_NEED: Final = 40
# How far chance may change the order in which a try puts matches back; these four were chosen by measuring.
NOISE: Final = 0.8
# How often a try leaves enough of a need or a lot for another match.
SPARING: Final = 0.1
# The loss that a try may bring at the start and at the end, as a share of the value per need.
START_HEAT: Final = 0.01
END_HEAT: Final = 0.0002
# Differences in EUR and m3 that are only rounding.
VALUE_SLACK: Final = 1e-6
ROOM_SLACK: Final = 1e-7
# Divisible lots are dealt out in thousandths, so that quantities stay readable; reservations keep what was agreed.
STEPS: Final = 1000
AGREED_STEPS: Final = 10**9


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
    """A route with what the search asks most often; lots, needs and hubs are numbered in the order of their ids.

    `start` and `end` are positions in the list of weeks in which any storage starts or ends.
    """

    route: Route
    lot: int
    need: int
    hub: int
    pieces: float
    value: float
    trips: float
    least: float
    m3: float
    start: int
    end: int
    whole: bool


def _arcs(instance: Instance) -> list[_Arc]:
    lots, needs, hubs = _sorted_parts(instance)
    numbers = (_numbers(lots), _numbers(needs), _numbers(hubs))
    found = list(_worthwhile_routes(instance))
    weeks = sorted({week for route in found for week in route.stored})
    positions = {week: at for at, week in enumerate(weeks)}
    return [_arc(route, numbers, positions) for route in found]


def _numbers(parts: Iterable[Lot | Need | Hub]) -> dict[str, int]:
    return {part.id: number for number, part in enumerate(parts)}


def _arc(route: Route, numbers: Sequence[dict[str, int]], positions: dict[int, int]) -> _Arc:
    lots, needs, hubs = numbers
    return _Arc(
        route=route,
        lot=lots[route.lot.id],
        need=needs[route.need.id],
        hub=hubs[route.hub.id] if route.hub else -1,
        pieces=route.pieces,
        value=route.unit_value,
        trips=route.trips,
        least=route.least,
        m3=route.m3,
        start=positions[route.stored[0]],
        end=positions[route.stored[1]],
        whole=rules.in_whole_pieces(route.lot, route.need),
    )


def _sorted_parts(instance: Instance) -> tuple[list[Lot], list[Need], list[Hub]]:
    lots = sorted(instance.lots, key=lambda lot: lot.id)
    needs = sorted(instance.needs, key=lambda need: need.id)
    return lots, needs, sorted(instance.hubs, key=lambda hub: hub.id)


def _worthwhile_routes(instance: Instance) -> Iterator[Route]:
    """Yield, for each need, the profitable routes of its best lots, and every route of a reserved pair."""
    lots, needs, hubs = _sorted_parts(instance)
    reserved = {(fixed.lot, fixed.need) for fixed in instance.fixed}
    index = LotIndex(lots)
    for need in needs:
        pairs = [list(scoring.routes(lot, need, hubs, instance.params)) for lot in index.candidates(need)]
        ranked = sorted((-max(map(_greatest_value, pair)), pair[0].lot.id, pair) for pair in pairs if pair)
        for rank, (_, lot_id, pair) in enumerate(ranked):
            if (lot_id, need.id) in reserved:
                yield from pair
            elif rank < LOTS_PER_NEED:
                yield from (route for route in pair if _greatest_value(route) > 0)


def _greatest_value(route: Route) -> float:
    return route.most * route.unit_value - route.trips


class _State:
    """A plan in the making: the quantity on each arc, and what is left of every lot, need and hub week."""

    def __init__(self, arcs: list[_Arc], instance: Instance) -> None:
        lots, needs, hubs = _sorted_parts(instance)
        self.arcs = arcs
        self.quantity: dict[int, float] = {}
        self.locked: dict[int, float] = {}
        self.value = 0.0
        self.undo: list[tuple[int, float]] = []
        self.lot_left = [lot.quantity for lot in lots]
        self.need_left = [need.quantity for need in needs]
        positions = 1 + max((arc.end for arc in arcs), default=0)
        self.room = [[hub.capacity_m3] * positions for hub in hubs]
        self.of_lot: list[list[int]] = [[] for _ in lots]
        self.of_need: list[list[int]] = [[] for _ in needs]
        self.on_lot: list[set[int]] = [set() for _ in lots]
        self.on_need: list[set[int]] = [set() for _ in needs]
        self.on_hub: list[set[int]] = [set() for _ in hubs]
        for at, arc in enumerate(arcs):
            self.of_lot[arc.lot].append(at)
            self.of_need[arc.need].append(at)

    def addable(self, at: int, steps: int = STEPS) -> float:
        """Return how much more can go over this arc, 0 where that would stay below the least quantity."""
        arc = self.arcs[at]
        more = min(self.need_left[arc.need], self.lot_left[arc.lot] * arc.pieces)
        lacking = arc.least - self.quantity.get(at, 0) - QUANTITY_SLACK
        if more < lacking or more <= QUANTITY_SLACK:
            return 0
        if arc.hub >= 0 and arc.m3 > 0:
            more = min(more, (min(self.room[arc.hub][arc.start : arc.end]) + ROOM_SLACK) / arc.m3)
        more = _round_down(more, 1 if arc.whole else steps)
        return more if more >= lacking else 0

    def sparing(self, at: int, more: float) -> float:
        """Return a little less, where the rest of the need or of the lot would be too small for another match."""
        arc, route = self.arcs[at], self.arcs[at].route
        need_rest = self.need_left[arc.need] - more
        lot_rest = self.lot_left[arc.lot] * arc.pieces - more
        short = [route.need.min_batch - need_rest] if need_rest > QUANTITY_SLACK else []
        short += [route.lot.min_take * arc.pieces - lot_rest] if lot_rest > QUANTITY_SLACK else []
        less = _round_down(more - max([0, *short]), 1 if arc.whole else STEPS)
        return less if less >= max(arc.least - self.quantity.get(at, 0), QUANTITY_SLACK) else more

    def gain(self, at: int, more: float) -> float:
        """Return what this much more over the arc is worth."""
        arc = self.arcs[at]
        return more * arc.value - (0 if at in self.quantity else arc.trips)

    def put(self, at: int, quantity: float) -> None:
        """Set the quantity on an arc, and note the one that it had."""
        arc, before = self.arcs[at], self.quantity.get(at, 0)
        self.undo.append((at, before))
        more = quantity - before
        self.lot_left[arc.lot] -= more / arc.pieces
        self.need_left[arc.need] -= more
        if arc.hub >= 0:
            room, m3 = self.room[arc.hub], more * arc.m3
            for week in range(arc.start, arc.end):
                room[week] -= m3
        self.value += more * arc.value
        if quantity and not before:
            self._enter(at, arc)
        elif before and not quantity:
            self._leave(at, arc)
        if quantity:
            self.quantity[at] = quantity

    def _enter(self, at: int, arc: _Arc) -> None:
        self.value -= arc.trips
        self.on_lot[arc.lot].add(at)
        self.on_need[arc.need].add(at)
        if arc.hub >= 0:
            self.on_hub[arc.hub].add(at)

    def _leave(self, at: int, arc: _Arc) -> None:
        self.value += arc.trips
        del self.quantity[at]
        self.on_lot[arc.lot].discard(at)
        self.on_need[arc.need].discard(at)
        if arc.hub >= 0:
            self.on_hub[arc.hub].discard(at)

    def clear(self, need: int) -> None:
        """Take everything but the reservations of one need out of the plan."""
        for at in sorted(self.on_need[need]):
            self.put(at, self.locked.get(at, 0))

    def roll_back(self) -> None:
        """Undo everything since the notes were last emptied."""
        for at, before in reversed(self.undo.copy()):
            self.put(at, before)
        self.undo.clear()


def _round_down(quantity: float, steps: int) -> float:
    return math.floor((quantity + QUANTITY_SLACK) * steps) / steps


def _reserve(state: _State, instance: Instance) -> None:
    """Put the reservations in the plan, over the most valuable route that has room, or over several."""
    asked: dict[tuple[str, str], float] = {}
    for fixed in instance.fixed:
        pair = fixed.lot, fixed.need
        asked[pair] = max(asked.get(pair, 0), fixed.quantity)
    ways: dict[tuple[str, str], list[int]] = {pair: [] for pair in asked}
    for at, arc in enumerate(state.arcs):
        pair = arc.route.lot.id, arc.route.need.id
        if pair in ways:
            ways[pair].append(at)
    for pair in sorted(asked, key=lambda pair: (len(ways[pair]), pair)):
        _reserve_pair(state, pair, asked[pair], ways[pair])
    state.locked = dict(state.quantity)


def _reserve_pair(state: _State, pair: tuple[str, str], wanted: float, ways: list[int]) -> None:
    while wanted > QUANTITY_SLACK:
        free = [at for at in ways if at not in state.quantity]
        found = [(min(wanted, state.addable(at, AGREED_STEPS)), state.arcs[at].value, -at) for at in free]
        amount, _, negative = max(found, default=(0, 0, 0))
        if amount <= 0:
            message = N_("De reservering van %(lot)s voor %(need)s past niet binnen de regels van het plan.")
            raise ConflictError(message, lot=pair[0], need=pair[1])
        arc = state.arcs[-negative]
        amount = max(amount, arc.least)
        state.put(-negative, math.ceil(amount - QUANTITY_SLACK) if arc.whole else amount)
        wanted -= amount


def _fill(state: _State, arcs: Iterable[int]) -> None:
    """Add whatever has the greatest value at the moment, until nothing more pays."""
    queue = [(-state.gain(at, state.addable(at)), at) for at in arcs]
    heapq.heapify(queue)
    while queue and queue[0][0] < 0:
        promised, at = heapq.heappop(queue)
        more = state.addable(at)
        gain = state.gain(at, more)
        if gain >= -promised - VALUE_SLACK:
            state.put(at, state.quantity.get(at, 0) + more)
        elif gain > 0:
            heapq.heappush(queue, (-gain, at))


def _improve(state: _State, random: Random, effort: int) -> None:
    """Search around the plan; keep the best one found."""
    busy = [need for need, arcs in enumerate(state.of_need) if arcs]
    tries = effort and max(effort * len(busy), LEAST_TRIES)
    best, best_value = dict(state.quantity), state.value
    heat = START_HEAT * abs(state.value) / max(1, len(busy))
    cooling = (END_HEAT / START_HEAT) ** (1 / max(1, tries))
    for _ in range(tries if busy else 0):
        state.undo.clear()
        before = state.value
        _rebuild(state, random, _related(state, random, random.choice(busy)))
        if state.value < before + heat * math.log(1 - random.random()):
            state.roll_back()
        elif state.value > best_value + VALUE_SLACK:
            best, best_value = dict(state.quantity), state.value
        heat *= cooling
    for at in sorted(set(state.quantity) - set(best)):
        state.put(at, 0)
    for at in sorted(best):
        state.put(at, best[at])


def _related(state: _State, random: Random, need: int) -> list[int]:
    """Return a need and a few that compete with it for its lots or for room in its hubs."""
    size = random.randint(2, 6)
    rivals: list[int] = []
    arcs = state.of_need[need]
    for at in random.sample(arcs, min(len(arcs), 12)):
        arc = state.arcs[at]
        rivals += [state.arcs[other].need for other in sorted(state.on_lot[arc.lot])]
        if arc.hub >= 0 and state.on_hub[arc.hub]:
            near = state.arcs[random.choice(sorted(state.on_hub[arc.hub]))]
            if near.start < arc.end and arc.start < near.end:
                rivals.append(near.need)
    random.shuffle(rivals)
    return list(dict.fromkeys([need, *rivals]))[:size]


def _rebuild(state: _State, random: Random, needs: list[int]) -> None:
    """Take the needs out of the plan and fill what comes free, with a little chance in the order."""
    freed = {state.arcs[at].lot for need in needs for at in state.on_need[need]}
    for need in needs:
        state.clear(need)
    arcs = [at for need in needs for at in state.of_need[need]]
    arcs += _newly_possible(state, freed, set(needs))
    offers = [
        (gain * (1 - NOISE * random.random()), at) for at in arcs if (gain := state.gain(at, state.addable(at))) > 0
    ]
    for _, at in sorted(offers, reverse=True):
        more = state.addable(at)
        if more and random.random() < SPARING:
            more = state.sparing(at, more)
        if state.gain(at, more) > 0:
            state.put(at, state.quantity.get(at, 0) + more)


def _newly_possible(state: _State, lots: set[int], needs: set[int]) -> Iterator[int]:
    """Yield the arcs from these lots to what other needs still lack."""
    for lot in sorted(lots):
        for at in state.of_lot[lot]:
            need = state.arcs[at].need
            if need not in needs and state.need_left[need] > 0:
                yield at
