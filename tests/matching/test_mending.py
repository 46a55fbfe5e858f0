"""What would mend a near miss: it does, nothing less would, and it is worth what the pair then is."""

from dataclasses import replace
from math import inf

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from marketplace.matching import rules, scoring
from marketplace.matching.mending import OF_LISTER, OF_PLANNER, USUAL_HANDLE, USUAL_STORE, Means, mends
from marketplace.matching.rules import Breach, Rule
from tests.matching.examples import COSTLY, FREE, beams, cut_to, hub, lot, need

# Per means what is changed, and by what: (of the lot or of the need, field, how far back from the mended value).
_BACK = {
    Means.EARLIER: ("lot", lambda was: {"weeks": (was.weeks[0] + 1, was.weeks[1] + 1)}),
    Means.LATER: ("need", lambda was: {"weeks": (was.weeks[0], was.weeks[1] - 1)}),
    Means.STAY: ("lot", lambda was: {"weeks": (was.weeks[0], was.weeks[1] - 1)}),
    Means.SOONER: ("need", lambda was: {"weeks": (was.weeks[0] + 1, was.weeks[1] + 1)}),
    Means.FURTHER: ("need", lambda was: {"max_km": was.max_km - 0.001}),
    Means.LOWER_GRADE: ("need", lambda was: {"grade": chr(ord(was.grade) - 1)}),
    Means.CHEAPER: ("lot", lambda was: {"price": was.price + 0.001}),
    Means.DEARER: ("need", lambda was: {"max_price": was.max_price - 0.001}),
    Means.TAKE_LESS: ("lot", lambda was: {"min_take": was.min_take + (0.001 if was.divisible else 1)}),
    Means.ORDER_MORE: ("need", lambda was: {"quantity": was.quantity - 0.001}),
    Means.SMALLER_BATCH: ("need", lambda was: {"min_batch": was.min_batch + 0.001}),
    Means.TEST: ("lot", lambda _: {"hazard": rules.UNTESTED}),
}


def mended(a_lot, a_need, hubs=(), params=FREE, **options):
    """Return the mends of a pair that breaks one rule, by what they change."""
    breach = rules.near_miss(a_lot, a_need, params, hub=bool(hubs))
    assert breach
    return {mend.means: mend for mend in mends(a_lot, a_need, breach, hubs, params, **options)}


def slightly_less(mend):
    """Return the mended pair with a little less of the change; None where the change has no size."""
    pair = {"lot": mend.route.lot, "need": mend.route.need}
    if mend.means in {Means.SMALLER, Means.LARGER}:
        windows = list(pair["need"].windows)
        low, high = windows[mend.slot]
        windows[mend.slot] = (low + 0.001, high) if mend.means is Means.SMALLER else (low, high - 0.001)
        return pair["lot"], replace(pair["need"], windows=tuple(windows))
    if mend.means not in _BACK:
        return None
    side, back = _BACK[mend.means]
    pair[side] = replace(pair[side], **back(pair[side]))
    return pair["lot"], pair["need"]


lots = st.builds(
    lot,
    quantity=st.integers(6, 40),
    price=st.integers(0, 3000).map(lambda cents: cents / 100),
    xy=st.tuples(st.floats(0, 30), st.floats(0, 30)),
    weeks=st.tuples(st.integers(0, 10), st.integers(10, 30)),
    dims=st.just((2700, 930, 40)),
    grade=st.sampled_from("AB"),
    min_take=st.integers(0, 3),
    divisible=st.booleans(),
)
needs = st.builds(
    need,
    quantity=st.integers(6, 40),
    new_eur=st.integers(20, 200),
    weeks=st.tuples(st.integers(0, 12), st.integers(12, 30)),
    windows=st.integers(1300, 2700).map(lambda low: ((low, 2700), (-inf, inf), (0, 60))),
    grade=st.sampled_from("BC"),
    max_km=st.integers(45, 90),
    max_price=st.none() | st.integers(30, 90),
    min_batch=st.integers(1, 4),
)
stores = st.sampled_from([(), (hub(handle=4, store=0.5),), (hub(), hub("Zwolle", xy=(9, 9)))])
# How a pair that fits is spoilt, by a number from 1 to 12, so that it breaks one rule.
SPOILT = [
    lambda a_lot, a_need, by: (replace(a_lot, weeks=(a_need.weeks[1] + by, 99)), a_need),
    lambda a_lot, a_need, by: (replace(a_lot, weeks=(0, 9)), replace(a_need, weeks=(9 + by, 40))),
    lambda a_lot, a_need, _: (replace(a_lot, grade="D"), a_need),
    lambda a_lot, a_need, _: (replace(a_lot, hazard="untested"), a_need),
    lambda a_lot, a_need, _: (replace(a_lot, dims=None), a_need),
    lambda a_lot, a_need, by: (replace(a_lot, dims=(a_need.windows[0][0] - by / 7, 930, 40)), a_need),
    lambda a_lot, a_need, by: (replace(a_lot, dims=(2700 + by * 300.1, 930, 40)), a_need),
    lambda a_lot, a_need, by: (replace(a_lot, dims=(2700, 930, 60 + by)), a_need),
    lambda a_lot, a_need, by: (replace(a_lot, xy=(50, 60 + by)), replace(a_need, max_km=70)),
    lambda a_lot, a_need, by: (replace(a_lot, price=19 + by), replace(a_need, max_price=19)),
    lambda a_lot, a_need, by: (replace(a_lot, min_take=5 + by, quantity=40), replace(a_need, quantity=5, min_batch=1)),
    lambda a_lot, a_need, by: (replace(a_lot, quantity=4, min_take=1), replace(a_need, min_batch=4 + by)),
]


def cuttable(a_need):
    return replace(a_need, cut_mm=a_need.windows[0][0])


pairs = st.builds(
    lambda a_lot, a_need, spoilt, by: spoilt(a_lot, a_need, by),
    lots,
    needs | needs.map(cuttable),
    st.sampled_from(SPOILT),
    st.integers(1, 12),
)


@settings(max_examples=500, deadline=None)
@given(pairs, stores, st.booleans())
def test_a_mend_is_enough_and_no_more_than_that_and_worth_what_the_pair_then_is(pair, hubs, may_cut):
    breach = rules.near_miss(*pair, COSTLY, hub=bool(hubs))
    for mend in mends(*pair, breach, hubs, COSTLY, may_cut=may_cut) if breach else ():
        fixed = mend.route.lot, mend.route.need
        with_hub = bool(hubs) or mend.means is Means.HUB
        assert not rules.breaches(*fixed, COSTLY, hub=with_hub)
        if less := slightly_less(mend):
            assert rules.breaches(*less, COSTLY, hub=with_hub)
        known = hubs or ((mend.route.hub,) if mend.is_assumed else ())
        worth = [scoring.value(route, route.most) for route in scoring.routes(*fixed, known, COSTLY)]
        assert mend.value == max(worth) > 0
        assert may_cut or mend.means is not Means.CUT


@given(lots, needs, st.sampled_from([Rule.HAZARD, Rule.CATEGORY, Rule.UNIT]))
def test_a_hazard_and_another_kind_are_never_mended(a_lot, a_need, rule):
    assert mends(a_lot, a_need, Breach(rule, 0, ""), (hub(),), FREE, may_cut=True) == ()


def test_every_other_rule_has_a_mend_and_every_mend_has_an_owner():
    late, early = lot(weeks=(14, 20)), lot(weeks=(0, 2))
    found = [
        mended(late, need()),
        mended(early, need(weeks=(5, 9))),
        mended(lot(grade="D"), need()),
        mended(lot(hazard="untested"), need()),
        mended(lot(dims=None), need()),
        mended(lot(dims=(2100, 930, 40)), need()),
        mended(lot(dims=(2500, 930, 40)), need(), may_cut=True),
        mended(lot(xy=(60, 80)), need(max_km=98)),
        mended(lot(price=72), need(max_price=70)),
        mended(lot(min_take=10), need(quantity=8)),
        mended(lot(quantity=5), need(min_batch=8)),
    ]
    assert all(found)
    everything = {means for one in found for means in one}
    assert everything == set(Means) == OF_LISTER | OF_PLANNER | {Means.HUB}
    assert not OF_LISTER & OF_PLANNER


def test_weeks_are_counted_on_either_side():
    found = mended(lot(weeks=(12, 20)), need(weeks=(8, 10)))
    assert {means: mend.amount for means, mend in found.items()} == {Means.EARLIER: 2, Means.LATER: 2}
    assert found[Means.EARLIER].value == found[Means.LATER].value == 900


def test_the_best_of_the_hubs_is_named_and_where_there_is_none_an_assumed_one_at_the_lot():
    early, later = lot(weeks=(0, 2), m3=0.1, xy=(3, 4)), need(weeks=(6, 8), quantity=10)
    breach = Breach(Rule.NEEDS_HUB, 4, "week")
    dear, cheap = hub("duur", handle=20, store=9), hub("goedkoop", handle=1)
    best = next(mend for mend in mends(early, later, breach, (dear, cheap), FREE) if mend.means is Means.HUB)
    assert (best.route.hub, best.is_assumed) == (cheap, False)
    alone = mended(early, later)[Means.HUB]
    assert (alone.is_assumed, alone.route.hub.xy) == (True, (3, 4))
    assert alone.value == pytest.approx(900 - 10 * 0.1 * (2 * USUAL_HANDLE + 4 * USUAL_STORE))


def test_what_is_worth_nothing_is_not_offered():
    assert mended(lot(grade="D", price=99), need())
    assert not mended(lot(grade="D", price=100), need())


def test_a_shorter_beam_that_is_allowed_is_cut_to_its_own_length():
    found = mended(beams(), cut_to(6100))[Means.SMALLER]
    assert (found.amount, found.route.need.cut_mm, found.route.pieces) == (100, 6000, 1)


def test_cutting_may_give_more_than_allowing_what_is_longer():
    found = mended(lot(dims=(6000, 930, 40)), need(windows=((2900, 3000), (0, inf), (0, inf))), may_cut=True)
    assert (found[Means.CUT].route.pieces, found[Means.LARGER].route.pieces) == (2, 1)
    assert next(iter(found)) is Means.CUT


def test_what_the_lot_itself_lacks_cannot_be_ordered():
    assert set(mended(lot(quantity=5), need(min_batch=8))) == {Means.SMALLER_BATCH}
    both = mended(lot(min_take=10), need(quantity=8))
    assert {means: mend.amount for means, mend in both.items()} == {Means.TAKE_LESS: 2, Means.ORDER_MORE: 2}


def test_boards_are_taken_whole_for_square_metres_and_never_less_than_one():
    boards = lot(min_take=3, unit="piece", holds=(("m2", 3.0),))
    found = mended(boards, need(quantity=8, unit="m2"))
    assert {means: mend.amount for means, mend in found.items()} == {Means.TAKE_LESS: 1, Means.ORDER_MORE: 1}
    assert set(mended(replace(boards, min_take=1), need(quantity=2, unit="m2", new_eur=50))) == {Means.ORDER_MORE}


def test_who_counts_otherwise_is_told_by_their_own_rates():
    dear = replace(COSTLY, eur_per_tkm=9)
    far = need(xy=(0, 30), max_km=29, params=dear)
    assert mended(lot(kg=100, xy=(0, 0)), far)[Means.FURTHER].value == pytest.approx(10 * (90 - 30 * 0.1 * 9) - 100)
