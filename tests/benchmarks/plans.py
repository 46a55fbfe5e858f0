"""What plans are worth: against bounds that none can exceed, and against how people go about it without a plan.

Times are seconds of one core. The regions come from the generator beside the project, and are judged by its judge.
"""

import importlib
import json
import math
import resource
import sys
import time
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from marketplace.matching import optimizer
from marketplace.matching.draft import FIRST_PART, Draft
from marketplace.matching.files import read_instance, write_plan
from marketplace.matching.optimizer import fill, plan
from marketplace.matching.problem import Instance, Plan
from marketplace.matching.relaxation import promising
from marketplace.matching.rules import QUANTITY_SLACK
from marketplace.matching.screening import DIRECT, Market, Routes
from tests.benchmarks.timing import Row

FOLDER: Final = Path(__file__).parents[3] / "shared" / "matching"
MILP_BOUNDS: Final = {1: 458_169.22, 2: 342_970.65, 3: 433_483.10, 4: 463_034.05, 5: 530_169.94}
"""Of the seeds with 1,000 lots and 300 needs: `bound.py --milp 60` of the folder beside the project."""

LP_BOUND: Final = 6_887_296
"""Of seed 1 with 10,000 lots and 2,000 needs, says the README of that folder."""

_BROWSED: Final = 3
"""Lots with which somebody who looks through offers fills one need."""


def planning() -> Iterator[Row]:
    """Measure plans for three sizes of region."""
    if not FOLDER.is_dir():
        yield Row("plans", "not measured", "the optional folder ../shared/matching is not there")
        return
    sys.path.insert(0, str(FOLDER))
    yield _hand_cases()
    yield from _small_regions()
    yield from _region(10_000, 2_000, bound=LP_BOUND)
    yield _fairness()
    yield from _region(100_000, 10_000)


def _hand_cases() -> Row:
    cases = json.loads((FOLDER / "hand_cases.json").read_text(encoding="utf-8"))
    exact = [abs(_solved(case, read_instance(json.dumps(case))).value - case["expect_value"]) <= 0.01 for case in cases]
    return Row("plan: hand cases", f"{sum(exact)} of {len(exact)} exact")


def _small_regions() -> Iterator[Row]:
    shares, taken = [], []
    for seed, bound in MILP_BOUNDS.items():
        found = _solve(seed, 1_000, 300)
        shares.append(found.value / bound)
        taken.append(found.seconds)
    figure = f"mean {sum(shares) / len(shares):.2%}, least {min(shares):.2%} of the MILP bound"
    yield Row("plan: 1,000 lots, 300 needs", figure, f"seeds 1 to 5, at most {max(taken):.1f} s")
    yield from _compared(*_region_of(1, 1_000, 300))


def _region(lots: int, needs: int, *, bound: float | None = None) -> Iterator[Row]:
    document, instance = _region_of(1, lots, needs)
    found = _solved(document, instance)
    share = f"{found.value / (bound or found.bound):.2%} of the LP bound"
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6
    yield Row(f"plan: {lots:,} lots, {needs:,} needs", share, f"{found.seconds:.0f} s, {memory:.2f} GB at most so far")
    yield from _compared(document, instance, found)


def _fairness() -> Row:
    """Measure what counting a first part of each need does, and costs."""
    _document, instance = _region_of(1, 10_000, 2_000)
    bonus, found = optimizer.BONUS, {}
    for counted in (0.0, bonus):
        optimizer.BONUS = counted
        found[counted] = plan(instance)
    first = {need.id: FIRST_PART * need.quantity for need in instance.needs}
    short = {counted: len(first) - len(_met(one, first)) for counted, one in found.items()}
    cost = 1 - found[bonus].value / found[0.0].value
    figure = f"{short[bonus]} instead of {short[0.0]} needs lack it, costs {cost:.2%}"
    return Row("plan: a first quarter of each need", figure, "of 2,000 needs, of which 485 have no lot at all")


def _met(found: Plan, first: dict[str, float]) -> set[str]:
    given: defaultdict[str, float] = defaultdict(float)
    for match in found.matches:
        given[match.need] += match.quantity
    return {need for need, amount in given.items() if amount >= first[need] - QUANTITY_SLACK}


@dataclass(frozen=True, slots=True)
class Solved:
    """A plan that the judge found no fault with: its value and bound in EUR, and how long it took."""

    value: float
    bound: float
    seconds: float


def _region_of(seed: int, lots: int, needs: int) -> tuple[dict[str, Any], Instance]:
    document = importlib.import_module("make_instance").make_instance(seed, lots, needs)
    return document, read_instance(json.dumps(document))


def _solve(seed: int, lots: int, needs: int) -> Solved:
    return _solved(*_region_of(seed, lots, needs))


def _solved(document: dict[str, Any], instance: Instance) -> Solved:
    before = time.process_time()
    found = plan(instance)
    taken = time.process_time() - before
    value, faults = importlib.import_module("judge").judge(document, json.loads(write_plan(found)))
    assert not faults, faults[0]
    return Solved(value, found.bound or math.inf, taken)


def _compared(document: dict[str, Any], instance: Instance, found: Solved | None = None) -> Iterator[Row]:
    """Compare with what comes of it without a plan, in the order in which needs are posted."""
    best = found or _solved(document, instance)
    market = Market(instance)
    names = {"browsing": _browse, "first come": _first_come, "greedy": _greedy}
    for name, way in names.items():
        value = way(market)
        yield Row(
            f"  against {name}", f"{best.value / value:.2f} times", f"EUR {value:,.0f}, plan EUR {best.value:,.0f}"
        )


def _browse(market: Market) -> float:
    """Let each need take what lies nearest and is worth anything, without a hub, from three lots at most."""
    draft, routes = _empty(market)
    kilometres = _kilometres(market, routes)
    for number in range(len(market.needs)):
        direct = [at for at in draft.of_need[number] if routes.hub[at] == DIRECT]
        taken = 0
        for at in sorted(direct, key=lambda at: (kilometres[at], at)):
            taken += _take(draft, at)
            if taken == _BROWSED:
                break
    return draft.value


def _first_come(market: Market) -> float:
    """Let each need in turn take what is worth most to it."""
    draft, _routes = _empty(market)
    for number in range(len(market.needs)):
        fill(draft, draft.of_need[number])
    return draft.value


def _greedy(market: Market) -> float:
    """Take the most valuable match of all, again and again."""
    draft, _routes = _empty(market)
    fill(draft, range(len(draft)))
    return draft.value


def _empty(market: Market) -> tuple[Draft, Routes]:
    routes = promising(market)
    return Draft(market, routes), routes


def _take(draft: Draft, at: int) -> bool:
    more = draft.addable(at)
    if more <= QUANTITY_SLACK or draft.gain(at, more) <= 0:
        return False
    draft.put(at, more)
    return True


def _kilometres(market: Market, routes: Routes) -> list[float]:
    pairs = zip(routes.lot.tolist(), routes.need.tolist(), strict=True)
    return [math.dist(market.lots[lot].xy, market.needs[need].xy) for lot, need in pairs]
