"""Whole columns of lots are screened by the same rules, and get the same values, as one pair at a time."""

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from marketplace.matching import scoring
from marketplace.matching.problem import Params
from marketplace.matching.screening import Market
from tests.matching.examples import hub, instance, lot, need

PLACES = st.tuples(st.integers(0, 30), st.integers(0, 30))
WEEKS = st.tuples(st.integers(0, 8), st.integers(0, 6)).map(lambda pair: (pair[0], pair[0] + pair[1]))
SIZES = st.none() | st.tuples(*[st.sampled_from([900.0, 1000.0, 1005.0, 2010.0, 3020.0])] * 2) | st.just((1000.0,))
WINDOWS = st.sampled_from(
    [None, ((995.0, 1005.0), (900.0, 1010.0)), ((1000.0, 1000.0), (0.0, math.inf)), ((1000, 4000),)]
)
LOTS = st.fixed_dictionaries(
    {
        "category": st.sampled_from(["beam", "door"]),
        "quantity": st.sampled_from([0, 0.5, 1, 7, 12.5]),
        "price": st.sampled_from([0, 5, 30]),
        "xy": PLACES,
        "weeks": WEEKS,
        "dims": SIZES,
        "grade": st.sampled_from("ABCD"),
        "hazard": st.sampled_from(["clean", "clean", "untested", "tar"]),
        "min_take": st.sampled_from([0, 1, 3]),
        "divisible": st.booleans(),
        "unit": st.sampled_from(["", "piece"]),
        "holds": st.sampled_from([(), (("m2", 2.5), ("", 0.4))]),
    }
)
NEEDS = st.fixed_dictionaries(
    {
        "categories": st.sampled_from([frozenset({"beam"}), frozenset({"beam", "door"})]),
        "quantity": st.sampled_from([0.5, 4, 9]),
        "xy": PLACES,
        "weeks": WEEKS,
        "windows": WINDOWS,
        "cut_mm": st.sampled_from([None, 1000.0]),
        "grade": st.sampled_from("ABCD"),
        "max_km": st.sampled_from([0, 5, 13, 40]),
        "max_price": st.sampled_from([None, 5, 10]),
        "accepts_untested": st.booleans(),
        "min_batch": st.sampled_from([0, 1, 2]),
        "unit": st.sampled_from(["", "m2"]),
        "whole": st.booleans(),
        "params": st.sampled_from([None, Params(0.3, 10, 0, 1)]),
    }
)


@settings(max_examples=150, deadline=None)
@given(st.lists(LOTS, max_size=6), NEEDS, st.integers(0, 2))
def test_the_same_routes_with_the_same_values(lots, asked, hubs):
    """Places lie on a grid and prices on a scale, so that many a pair is exactly on the edge of a rule."""
    problem = instance(
        [lot(str(number), **facts) for number, facts in enumerate(lots)],
        [need(**asked)],
        hubs=[hub(str(number), xy=(number * 10, 5), handle=2, store=0.1) for number in range(hubs)],
        params=Params(0.1, 95, 5, 1.3),
    )
    market = Market(problem)
    found = market.routes(0)
    expected = {
        (route.lot.id, route.hub and route.hub.id): route
        for each in market.lots
        for route in scoring.routes(each, market.needs[0], market.hubs, market.params)
    }
    names = [
        (market.lots[lot].id, market.hubs[hub].id if hub >= 0 else None)
        for lot, hub in zip(found.lot.tolist(), found.hub.tolist(), strict=True)
    ]
    assert sorted(names, key=str) == sorted(expected, key=str)
    for at, name in enumerate(names):
        route = expected[name]
        told = (found.pieces[at], found.value[at], found.trips[at], found.least[at], found.most[at], found.m3[at])
        m3 = route.m3 if route.hub else 0
        assert told == pytest.approx((route.pieces, route.unit_value, route.trips, route.least, route.most, m3))
        if route.hub:
            assert (market.weeks[found.start[at]], market.weeks[found.end[at]]) == route.stored
