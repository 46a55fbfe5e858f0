from dataclasses import astuple

import pytest

from marketplace.matching import scoring
from tests.matching.examples import COSTLY, FREE, beams, cut_to, hub, lot, need


def only_route(a_lot, a_need, hubs=(), params=COSTLY):
    found = list(scoring.routes(a_lot, a_need, hubs, params))
    assert len(found) == 1
    return found[0]


def test_a_direct_match_is_worth_what_it_avoids_less_what_it_costs():
    route = only_route(lot(xy=(0, 30), kg=1000, price=6), need(new_eur=38, mki_eur=4.5))
    assert route.unit_value == pytest.approx(33.5)
    assert scoring.value(route, 500) == 16_650
    assert astuple(scoring.terms(route, 500)) == (19_000, 2250, -3000, -1500, 0, -100)


def test_a_match_on_the_same_site_makes_no_trip():
    assert only_route(lot(), need()).trips == 0


def test_a_lot_that_must_wait_goes_through_a_hub_and_only_so():
    route = only_route(
        lot(weeks=(10, 12), m3=0.2, kg=210, price=60),
        need(weeks=(30, 34), xy=(0, 10), new_eur=420, mki_eur=38),
        [hub(xy=(0, 5), handle=4, store=0.5)],
    )
    assert route.storage_weeks == 18
    assert route.trips == 200
    assert route.unit_terms == pytest.approx((420, 38, -60, -0.21, -0.2 * (8 + 9)))


def test_no_hub_is_used_where_the_weeks_meet():
    assert only_route(lot(weeks=(0, 5)), need(weeks=(5, 8)), [hub()]).hub is None


def test_every_hub_is_a_route():
    routes = scoring.routes(lot(weeks=(0, 2)), need(weeks=(5, 8)), [hub(), hub("Zwolle")], FREE)
    assert [route.hub.id for route in routes] == ["Hoogeveen", "Zwolle"]


def test_there_is_no_route_without_a_hub_or_against_a_rule():
    assert not list(scoring.routes(lot(weeks=(0, 2)), need(weeks=(5, 8)), [], FREE))
    assert not list(scoring.routes(lot(hazard="tar"), need(), [hub()], FREE))


def test_half_a_beam_costs_half_a_beam():
    route = only_route(beams(), cut_to(2900), params=FREE)
    assert (route.take, route.unit_value) == (0.5, 27)
    assert (route.least, route.most) == (2, 20)


@pytest.mark.parametrize("quantity", [1, 3, 7, 0.333, 12.345, 99_999.999])
def test_the_terms_add_up_to_the_value_to_the_cent(quantity):
    awkward = lot(price=3.333, kg=7.77, xy=(1, 2), m3=0.0371, divisible=True, quantity=1e6)
    for route in (
        only_route(awkward, need(mki_eur=1.005)),
        only_route(awkward, cheap_and_later(), [hub(handle=4.567)]),
    ):
        cents = sum(round(term * 100) for term in astuple(scoring.terms(route, quantity)))
        assert cents == round(scoring.value(route, quantity) * 100)


def cheap_and_later():
    return need(new_eur=0.015, weeks=(20, 21), xy=(5, 5), quantity=1e6)
