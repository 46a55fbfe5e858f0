"""The plan: which quantity of which lot goes to which need, directly or through which hub.

First the reservations, then what the linear programme would do as far as whole pieces and least quantities allow. Then
a search takes a few related needs out of the plan and puts them back better (ruin and recreate: Schrimpf et al.,
Journal of Computational Physics 159, 2000; with the cooling of simulated annealing). It is bounded by tries, not by
time, so that a plan can be repeated. A small problem is solved to the end by the mixed integer programme.
"""

import heapq
import math
from collections.abc import Callable, Iterable, Iterator
from random import Random
from typing import Final

import numpy as np

from marketplace.kit.errors import ConflictError
from marketplace.matching import scoring
from marketplace.matching.draft import AGREED_STEPS, STEPS, Draft
from marketplace.matching.problem import Instance, Match, Plan
from marketplace.matching.programme import Programme
from marketplace.matching.relaxation import Relaxed, promising, relax
from marketplace.matching.rules import QUANTITY_SLACK
from marketplace.matching.screening import Market, Routes

# Tries of the search for each need.
EFFORT: Final = 20
# The search counts at least so many needs, so that a small problem comes out at its best; fewer where they have very
# many routes.
LEAST_NEEDS: Final = 500
# Problems with no more routes than this are solved to the end, or until so many branches were looked into.
EXACT_ROUTES: Final = 600
EXACT_NODES: Final = 100
# How far chance may change the order in which a try puts matches back; these were chosen by measuring.
NOISE: Final = 0.5
# How much a try may heed the prices of the linear programme: what a match uses, others could use as well.
HEED: Final = (0.0, 0.5, 0.8, 0.95)
# How often a try leaves enough of a need or a lot for another match.
SPARING: Final = 0.1
# The loss that a try may bring at the start and at the end, as a share of the value per need.
START_HEAT: Final = 0.002
END_HEAT: Final = 0.0002
# What meeting the first part of a need counts more than its value, as a share of the value per need.
BONUS: Final = 0.002
# Routes of a lot or matches on it that a try looks at: more would take long where one lot serves thousands of needs.
LOOKED_AT: Final = 100

Told = Callable[[float], None]


def plan(instance: Instance, *, effort: int = EFFORT, seed: int = 0, progress: Told = lambda _share: None) -> Plan:
    """Return a good plan that keeps to every rule, and what no plan can be worth more than.

    It is the same for the same problem, effort and seed, in whatever order the problem is written. `effort` is the
    number of improvements tried for each need, 0 for none; `progress` hears which share of the work is done. Raises
    ConflictError where a reservation cannot be kept within the rules.
    """
    market = Market(instance)
    routes = promising(market)
    reserve(Draft(market, routes), routes)
    relaxed = relax(market, routes, told=lambda share: progress(0.2 * share))
    draft = Draft(market, relaxed.routes, relaxed.prices, BONUS * relaxed.bound / max(1, len(market.needs)))
    reserve(draft, relaxed.routes)
    _round(draft, relaxed)
    fill(draft, range(len(draft)))
    random = Random(seed)  # noqa: S311 (a search wants a repeatable sequence, not secrecy)
    improve(draft, random, effort, lambda share: progress(0.2 + 0.8 * share))
    small = relaxed.complete and len(relaxed.routes) <= EXACT_ROUTES
    bound = _finish(draft, relaxed) if effort and small else relaxed.bound
    matches = tuple(_match(draft, at) for at in sorted(draft.quantity))
    progress(1)
    # Every match is rounded to cents by itself.
    cents = math.ceil(100 * bound + len(matches) / 2)
    return Plan(round(math.fsum(match.value for match in matches), 2), matches, cents / 100)


def reserve(draft: Draft, routes: Routes) -> None:
    """Put the reservations in an empty plan: one after the other, or where that does not succeed all at once.

    Raises ConflictError where they cannot be kept within the rules.
    """
    try:
        draft.reserve()
    except ConflictError:
        _restore(draft, {})
        kept = np.flatnonzero(draft.market.reservation_of(routes) < len(draft.market.agreed))
        programme = Programme(draft.market, routes.take(kept))
        pieces, _bound = programme.solve_whole(routes.take(kept), np.zeros(len(kept)), EXACT_NODES)
        _replace(
            draft, {int(at): float(amount) for at, amount in zip(kept, pieces, strict=True) if amount > QUANTITY_SLACK}
        )
        if not _keeps_reservations(draft):
            raise
        draft.locked = dict(draft.quantity)


def _match(draft: Draft, at: int) -> Match:
    market = draft.market
    lot, need, hub = market.lots[draft.lot[at]], market.needs[draft.need[at]], draft.hub[at]
    route = next(scoring.routes(lot, need, market.hubs[hub : hub + 1] if hub >= 0 else market.hubs, market.params))
    return scoring.match(route, draft.quantity[at])


def _finish(draft: Draft, relaxed: Relaxed) -> float:
    """Replace the plan by the best one where that is better, and return what no plan can be worth more than, in EUR."""
    start = np.zeros(len(draft))
    start[list(draft.quantity)] = list(draft.quantity.values())
    programme = Programme(draft.market, relaxed.routes)
    programme.reward(relaxed.routes, np.array(draft.first_part), draft.bonus)
    pieces, bound = programme.solve_whole(relaxed.routes, start, EXACT_NODES)
    before, value = dict(draft.quantity), draft.value
    _replace(draft, {at: float(pieces[at]) for at in np.flatnonzero(pieces > QUANTITY_SLACK).tolist()})
    if draft.value < value + draft.slack or not _keeps_reservations(draft):
        _restore(draft, before)
    return min(bound, relaxed.bound)


def _replace(draft: Draft, wanted: dict[int, float]) -> None:
    """Do another plan instead, as far as it can be in whole pieces."""
    _restore(draft, {})
    agreed = draft.market.agreed
    for at, pieces in wanted.items():
        steps = AGREED_STEPS if (draft.lot[at], draft.need[at]) in agreed else STEPS
        exact = round(pieces) if draft.whole[at] else round(pieces * steps) / steps
        if more := min(exact, draft.addable(at, steps)):
            draft.put(at, more)


def _keeps_reservations(draft: Draft) -> bool:
    kept = dict.fromkeys(draft.market.agreed, QUANTITY_SLACK)
    for at, quantity in draft.quantity.items():
        pair = draft.lot[at], draft.need[at]
        if pair in kept:
            kept[pair] += quantity
    return all(kept[pair] >= quantity for pair, quantity in draft.market.agreed.items())


def _restore(draft: Draft, quantity: dict[int, float]) -> None:
    for at in sorted(set(draft.quantity) - set(quantity)):
        draft.put(at, 0)
    for at in sorted(quantity):
        draft.put(at, quantity[at])


def _round(draft: Draft, relaxed: Relaxed) -> None:
    """Do what the linear programme does, as far as it can be: the routes that it uses most fully come first."""
    share = relaxed.pieces / np.maximum(relaxed.routes.most, QUANTITY_SLACK)
    for at in np.argsort(-share, kind="stable")[: int((share > QUANTITY_SLACK).sum())].tolist():
        if (more := draft.addable(at)) and draft.gain(at, more) > 0:
            draft.put(at, draft.quantity.get(at, 0) + more)


def fill(draft: Draft, arcs: Iterable[int]) -> None:
    """Add whatever has the greatest value at the moment, until nothing more pays."""
    queue = [(-gain, at) for at in arcs if (more := draft.addable(at)) and (gain := draft.gain(at, more)) > 0]
    heapq.heapify(queue)
    while queue:
        promised, at = heapq.heappop(queue)
        more = draft.addable(at)
        gain = draft.gain(at, more) if more else 0
        if gain >= -promised - draft.slack:
            draft.put(at, draft.quantity.get(at, 0) + more)
        elif gain > 0:
            heapq.heappush(queue, (-gain, at))


def improve(draft: Draft, random: Random, effort: int, told: Told) -> None:
    """Search around the plan; keep the best one found."""
    busy = [need for need, arcs in enumerate(draft.of_need) if arcs]
    least = 0 if len(draft) <= EXACT_ROUTES else min(LEAST_NEEDS, LEAST_NEEDS * LOOKED_AT * len(busy) // len(draft))
    tries = effort * max(len(busy), least)
    best, best_value = dict(draft.quantity), draft.value
    heat = START_HEAT * abs(draft.value) / max(1, len(busy))
    cooling = (END_HEAT / START_HEAT) ** (1 / max(1, tries))
    for number in range(tries if busy else 0):
        draft.undo.clear()
        before = draft.value
        _rebuild(draft, random, _related(draft, random, random.choice(busy)))
        if draft.value < before + heat * math.log(1 - random.random()):
            draft.roll_back()
        elif draft.value > best_value + draft.slack:
            best, best_value = dict(draft.quantity), draft.value
        heat *= cooling
        if not number % 256:
            told(number / tries)
    _restore(draft, best)


def _related(draft: Draft, random: Random, need: int) -> list[int]:
    """Return a need and a few that compete with it for its lots or for room in its hubs."""
    size = random.randint(2, 6)
    rivals: list[int] = []
    arcs = draft.of_need[need]
    for at in random.sample(arcs, min(len(arcs), 12)):
        rivals += [draft.need[other] for other in _some(random, sorted(draft.on_lot[draft.lot[at]]))]
        hub = draft.hub[at]
        if hub >= 0 and draft.on_hub[hub]:
            near = random.choice(draft.on_hub[hub])
            if draft.start[near] < draft.end[at] and draft.start[at] < draft.end[near]:
                rivals.append(draft.need[near])
    random.shuffle(rivals)
    return list(dict.fromkeys([need, *rivals]))[:size]


def _rebuild(draft: Draft, random: Random, needs: list[int]) -> None:
    """Take the needs out of the plan and fill what comes free, with a little chance in the order."""
    freed = {draft.lot[at] for need in needs for at in draft.on_need[need]}
    for need in needs:
        draft.clear(need)
    arcs = [at for need in needs for at in draft.of_need[need]]
    arcs += _newly_possible(draft, random, freed, set(needs))
    heed = random.choice(HEED)
    offers = [
        ((gain - heed * more * draft.used[at]) * (1 - NOISE * random.random()), at)
        for at in arcs
        if (more := draft.addable(at)) and (gain := draft.gain(at, more)) > 0
    ]
    for _, at in sorted(offers, reverse=True):
        more = draft.addable(at)
        if more and random.random() < SPARING:
            more = draft.sparing(at, more) if random.random() < 0.5 else draft.enough(at, more)
        if more and draft.gain(at, more) > 0:
            draft.put(at, draft.quantity.get(at, 0) + more)


def _newly_possible(draft: Draft, random: Random, lots: set[int], needs: set[int]) -> Iterator[int]:
    """Yield the routes from these lots to what other needs still lack."""
    for lot in sorted(lots):
        for at in _some(random, draft.of_lot[lot]):
            need = draft.need[at]
            if need not in needs and draft.need_left[need] > 0:
                yield at


def _some(random: Random, routes: list[int]) -> list[int]:
    return routes if len(routes) <= LOOKED_AT else random.sample(routes, LOOKED_AT)
