"""Who gets how much: of what is released to a queue, and of a harvest that falls short."""

from decimal import Decimal
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marketplace.kit.quantities import Unit
from marketplace.reservations.sharing import Wish, allot, first_come, proportional

_STEPS = {Unit.PIECE: Decimal(1), Unit.M2: Decimal("0.001")}
_AMOUNTS = st.one_of(st.integers(1, 12), st.integers(1, 10**9))


@st.composite
def harvests(draw):
    """A unit, what was promised to each, and what was counted: anything up to a little more than all of it."""
    unit = draw(st.sampled_from(list(_STEPS)))
    promised = [_STEPS[unit] * each for each in draw(st.lists(_AMOUNTS, min_size=1, max_size=12))]
    most = int(sum(promised) / _STEPS[unit])
    return unit, promised, _STEPS[unit] * draw(st.integers(0, most + 3))


@given(harvests())
def test_a_share_is_never_more_than_promised_and_all_of_them_are_what_was_counted(harvest):
    unit, promised, counted = harvest
    for shares in (first_come(counted, promised), proportional(counted, promised, unit)):
        assert all(0 <= share <= amount for share, amount in zip(shares, promised, strict=True))
        assert sum(shares) == min(counted, sum(promised))
        assert all(unit.round(share) == share for share in shares)


@given(harvests())
def test_a_proportional_share_is_within_one_step_of_the_exact_one(harvest):
    unit, promised, counted = harvest
    found, total = min(counted, sum(promised)), sum(promised)
    for share, amount in zip(proportional(counted, promised, unit), promised, strict=True):
        assert abs(share * total - amount * found) < _STEPS[unit] * total


@given(harvests(), st.randoms(use_true_random=False))
def test_the_order_of_options_matters_only_for_ties(harvest, random):
    unit, promised, counted = harvest
    order = list(range(len(promised)))
    random.shuffle(order)
    shares = proportional(counted, promised, unit)
    shuffled = proportional(counted, [promised[at] for at in order], unit)
    step = _STEPS[unit]
    lost = [int(amount / step) * int(counted / step) % int(sum(promised) / step) for amount in promised]
    for there, at in enumerate(order):
        if shuffled[there] != shares[at]:
            assert lost.count(lost[at]) > 1, "only who lost as much by rounding down may swap"


@given(harvests())
def test_who_was_promised_more_never_gets_less(harvest):
    unit, promised, counted = harvest
    shares = proportional(counted, promised, unit)
    ordered = sorted(zip(promised, shares, strict=True))
    gaps = [later[1] - earlier[1] for earlier, later in pairwise(ordered) if later > earlier]
    assert all(gap >= 0 for gap in gaps)


@given(harvests())
def test_by_first_come_only_one_gets_a_part(harvest):
    _unit, promised, counted = harvest
    shares = first_come(counted, promised)
    full = [share == amount for share, amount in zip(shares, promised, strict=True)]
    served = full.index(False) if False in full else len(full)
    assert all(not share for share in shares[served + 1 :]), "nobody is served before who came earlier"


@pytest.mark.parametrize(
    ("counted", "promised", "shares"),
    [
        (33, [20, 20], [17, 16]),  # a tie goes to the earliest
        (33, [20, 12, 7], [17, 10, 6]),
        (33, [7, 12, 20], [6, 10, 17]),
        (2, [1, 1, 1], [1, 1, 0]),
        (0, [5, 3], [0, 0]),
        (8, [5, 3], [5, 3]),
        (9, [5, 3], [5, 3]),
        (3, [], []),
    ],
)
def test_pieces_are_shared_whole(counted, promised, shares):
    amounts = [Decimal(each) for each in promised]
    assert proportional(Decimal(counted), amounts, Unit.PIECE) == shares


@pytest.mark.parametrize(
    ("available", "queue", "shares"),
    [
        (10, [(4, 4), (4, 4), (4, 4)], [4, 4, 0]),
        (10, [(12, 12), (4, 4)], [0, 4]),
        (10, [(12, 6), (4, 4)], [10, 0]),
        (10, [(8, 8), (4, 2)], [8, 2]),
        (0, [(1, 1)], [0]),
    ],
)
def test_the_queue_is_served_in_order_by_who_can_use_it(available, queue, shares):
    wishes = [Wish(Decimal(wanted), Decimal(least)) for wanted, least in queue]
    assert allot(Decimal(available), wishes) == shares
