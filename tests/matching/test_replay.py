"""Whatever the problem: replaying its plan breaks no limit, however it was written and whatever money is called.

The replay adds up from scratch what the plan takes, and asks the rules of single pairs; it shares nothing with the
search.
"""

import random
from collections import defaultdict
from dataclasses import astuple, replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from marketplace.matching import rules, scoring
from marketplace.matching.optimizer import plan
from marketplace.matching.problem import Fixed, Params
from tests.matching.examples import hub, instance, lot, need

SLACK = 1e-6
PARAMS = Params(0.1, 20, 5, 1.3)


def replay(problem, found):
    """Return every limit that the plan breaks, as sentences; none where it is sound."""
    lots, needs, hubs = ({part.id: part for part in parts} for parts in (problem.lots, problem.needs, problem.hubs))
    taken, met, stored, faults = defaultdict(float), defaultdict(float), defaultdict(float), []
    for match in found.matches:
        its_lot, its_need = lots[match.lot], needs[match.need]
        way = [hubs[match.hub]] if match.hub else []
        routes = [
            route
            for route in scoring.routes(its_lot, its_need, way or problem.hubs, problem.params)
            if (route.hub and route.hub.id) == match.hub
        ]
        if not routes or (match.lot, match.need) in problem.excluded:
            faults.append(f"{match.lot} to {match.need} is no route")
            continue
        (route,) = routes
        if rules.in_whole_pieces(its_lot, its_need) and match.quantity != round(match.quantity):
            faults.append(f"{match.quantity} of {match.lot} is not whole")
        if match.quantity / route.pieces < its_lot.min_take - SLACK or match.quantity < its_need.min_batch - SLACK:
            faults.append(f"{match.quantity} of {match.lot} is too little")
        if abs(sum(astuple(match.terms)) - match.value) > 0.001 or match.value != scoring.value(route, match.quantity):
            faults.append(f"the terms of {match.lot} to {match.need} do not add up")
        taken[match.lot] += match.quantity / route.pieces
        met[match.need] += match.quantity
        for week in range(*route.stored):
            stored[match.hub, week] += match.quantity * route.m3
    faults += [f"lot {name} gives {amount}" for name, amount in taken.items() if amount > lots[name].quantity + SLACK]
    faults += [f"need {name} gets {amount}" for name, amount in met.items() if amount > needs[name].quantity + SLACK]
    faults += [
        f"hub {name} is full in {week}" for (name, week), m3 in stored.items() if m3 > hubs[name].capacity_m3 + SLACK
    ]
    for fixed in problem.fixed:
        kept = sum(match.quantity for match in found.matches if (match.lot, match.need) == (fixed.lot, fixed.need))
        if kept < fixed.quantity - SLACK:
            faults.append(f"the reservation of {fixed.lot} for {fixed.need} is not kept")
    if abs(found.value - sum(match.value for match in found.matches)) > 0.005 or found.value > found.bound:
        faults.append(f"{found.value} is not what it adds up to, or above {found.bound}")
    return faults


def _lot(chance, number):
    first = chance.randrange(12)
    return lot(
        f"l{number}",
        category=chance.choice(["beam", "door"]),
        quantity=chance.choice([1, 2, 7, 30, 12.5]),
        price=chance.choice([0, 5, 30, 80]),
        kg=chance.choice([0, 30, 400]),
        m3=chance.choice([0, 0.1, 0.7]),
        xy=(chance.randrange(40), chance.randrange(40)),
        weeks=(first, first + chance.randrange(4)),
        dims=(chance.choice([2000.0, 3000.0, 6010.0]), 100.0),
        hazard=chance.choice(["clean", "clean", "clean", "tar", "untested"]),
        min_take=chance.choice([0, 1, 3]),
        divisible=chance.random() < 0.3,
        unit=chance.choice(["piece", "m"]),
        holds=(("m2", 1.7),),
    )


def _need(chance, number):
    first, unit = chance.randrange(12), chance.choice(["piece", "piece", "m", "m2"])
    length = chance.choice([1500.0, 2000.0, 3000.0])
    return need(
        f"n{number}",
        categories=frozenset(chance.choice([["beam"], ["door", "beam"]])),
        quantity=chance.choice([1, 5, 12, 40, 7.5]),
        new_eur=chance.choice([20, 60, 200]),
        mki_eur=chance.choice([0, 4]),
        xy=(chance.randrange(40), chance.randrange(40)),
        weeks=(first, first + chance.randrange(4)),
        windows=chance.choice([None, ((length, length), (90.0, 110.0))]),
        cut_mm=chance.choice([None, length]),
        accepts_untested=chance.random() < 0.3,
        min_batch=chance.choice([0, 1, 4]),
        unit=unit,
        whole=unit == "piece",
        max_price=chance.choice([None, 40]),
        params=chance.choice([None, None, Params(0.4, 5, 0, 1)]),
        posted=number % 3,
    )


def some_problem(chance):
    """Return a problem with up to twelve lots and eight needs, now and then with reservations that a plan once kept."""
    lots = [_lot(chance, number) for number in range(chance.randrange(13))]
    needs = [_need(chance, number) for number in range(chance.randrange(9))]
    hubs = [
        hub(f"h{at}", xy=(10 * at, 5), capacity_m3=chance.choice([0, 1, 20]), store=0.2)
        for at in range(chance.randrange(3))
    ]
    excluded = frozenset({(lots[0].id, needs[0].id)}) if lots and needs and chance.random() < 0.2 else frozenset()
    problem = replace(instance(lots, needs, hubs=hubs, params=PARAMS), excluded=excluded)
    kept = plan(problem, effort=0).matches[::3] if chance.random() < 0.4 else ()
    return replace(problem, fixed=tuple(Fixed(match.lot, match.need, match.quantity) for match in kept))


def _times(problem, factor):
    """Return the problem in another currency."""

    def rates(params):
        return params and replace(params, eur_per_tkm=params.eur_per_tkm * factor, trip_eur=params.trip_eur * factor)

    return replace(
        problem,
        params=rates(problem.params),
        lots=tuple(replace(one, price=one.price * factor) for one in problem.lots),
        needs=tuple(
            replace(
                one,
                new_eur=one.new_eur * factor,
                mki_eur=one.mki_eur * factor,
                max_price=one.max_price and one.max_price * factor,
                params=rates(one.params),
            )
            for one in problem.needs
        ),
        hubs=tuple(replace(one, handle=one.handle * factor, store=one.store * factor) for one in problem.hubs),
    )


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.randoms(use_true_random=False))
def test_a_plan_breaks_no_limit_and_hangs_on_nothing_but_the_problem(chance):
    problem = some_problem(random.Random(chance.randrange(2**32)))  # noqa: S311 (a repeatable problem)
    found = plan(problem, effort=10)
    assert replay(problem, found) == []
    mixed = replace(problem, lots=problem.lots[::-1], needs=problem.needs[::-1], hubs=problem.hubs[::-1])
    assert plan(mixed, effort=10) == found
    assert plan(_times(problem, 4), effort=10).value == pytest.approx(4 * found.value, rel=1e-3, abs=0.1)
    if problem.lots:
        first = problem.lots[0]
        more = replace(problem, lots=(*problem.lots, replace(first, id="extra")))
        assert plan(more, effort=10).value >= found.value * 0.998 - 0.01


@pytest.mark.parametrize(
    ("changes", "fault"),
    [
        ({"quantity": 11}, "gives"),
        ({"quantity": 2.5}, "not whole"),
        ({"quantity": 1}, "too little"),
        ({"value": 1.0}, "add up"),
        ({"hub": "h"}, "no route"),
    ],
)
def test_the_replay_notices_what_is_wrong(changes, fault):
    problem = instance([lot(min_take=2)], [need(quantity=20)], hubs=(hub("h"),))
    found = plan(problem)
    assert replay(problem, found) == []
    broken = replace(found, matches=(replace(found.matches[0], **changes),))
    assert fault in "; ".join(replay(problem, broken))
