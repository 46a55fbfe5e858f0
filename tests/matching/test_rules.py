import pytest

from marketplace.matching.rules import Breach, Rule, breaches, fits, near_miss, pieces_per_unit, storage_weeks
from tests.matching.examples import FREE, beams, cut_to, lot, need


def only_breach(a_lot, a_need, **options):
    found = breaches(a_lot, a_need, FREE, **options)
    assert len(found) == 1
    return found[0]


def test_a_matching_door_breaks_no_rule():
    assert breaches(lot(), need(), FREE) == []
    assert fits(lot(), need(), FREE)


@pytest.mark.parametrize("slot", [0, 1, 2])
@pytest.mark.parametrize("side", [-1, 1])
def test_exactly_on_tolerance_fits_and_one_millimetre_more_does_not(slot, side):
    on_edge, over_edge = list(lot().dims), list(lot().dims)
    on_edge[slot] += side * 10
    over_edge[slot] += side * 11
    assert fits(lot(dims=tuple(on_edge)), need(), FREE)
    rule = Rule.TOO_LONG if side > 0 else Rule.TOO_SHORT
    assert only_breach(lot(dims=tuple(over_edge)), need()) == Breach(rule, 1, "mm", slot)


def test_a_door_five_millimetres_too_short_says_so():
    breach = near_miss(lot(dims=(2100, 930, 40)), need(), FREE)
    assert breach == Breach(Rule.TOO_SHORT, 5, "mm", 0)
    assert breach.sentence % {"margin": 5} == "5 mm te kort"


def test_a_window_with_two_different_sides_is_kept():
    window = need(windows=((5300, 5600), (0, 1000), (0, 50)))
    assert fits(lot(dims=(5300, 930, 40)), window, FREE)
    assert fits(lot(dims=(5600, 930, 40)), window, FREE)
    assert only_breach(lot(dims=(5601, 930, 40)), window).rule == Rule.TOO_LONG


def test_two_wrong_dimensions_are_no_near_miss():
    askew = lot(dims=(2100, 900, 40))
    assert [breach.slot for breach in breaches(askew, need(), FREE)] == [0, 1]
    assert near_miss(askew, need(), FREE) is None


def test_dimensions_are_oriented():
    assert not fits(lot(dims=(930, 2115, 40)), need(), FREE)


def test_a_lot_without_sizes_suits_only_a_need_that_asks_none():
    assert only_breach(lot(dims=None), need()).rule == Rule.UNMEASURED
    assert fits(lot(dims=None), need(windows=None), FREE)


def test_sizes_are_compared_as_far_as_both_sides_state_them():
    assert only_breach(lot(dims=None), need()) == Breach(Rule.UNMEASURED, 0, "", 0)
    assert fits(lot(dims=(2115, 930)), need(), FREE)
    assert only_breach(lot(dims=(2115, 830)), need()).rule == Rule.TOO_SHORT


def test_a_longer_beam_may_be_cut_but_a_longer_door_may_not():
    assert fits(beams(), cut_to(2900), FREE)
    assert only_breach(lot(dims=(2500, 930, 40)), need()).rule == Rule.TOO_LONG


def test_a_beam_to_cut_has_no_tolerance_at_the_short_end():
    assert fits(beams(), cut_to(6000), FREE)
    assert only_breach(beams(), cut_to(6001)) == Breach(Rule.TOO_SHORT, 1, "mm", 0)


def test_cutting_helps_the_length_only():
    assert only_breach(lot(category="beam", dims=(6000, 86, 200)), cut_to(2900)).slot == 1


@pytest.mark.parametrize(
    ("length", "pieces"), [(2900, 2), (2997, 2), (2997.5, 2), (2998, 1), (3000, 1), (1996, 3), (1997, 2), (6000, 1)]
)
def test_each_cut_but_the_last_costs_a_kerf(length, pieces):
    assert pieces_per_unit(beams(), cut_to(length), FREE) == pieces


def test_an_uncut_need_takes_whole_pieces():
    assert pieces_per_unit(lot(dims=(6000, 930, 40)), need(), FREE) == 1


@pytest.mark.parametrize("found", ["tar", "asbestos", "present", "unknown", ""])
def test_a_hazard_is_never_matched_and_never_nearly(found):
    tainted = lot(hazard=found)
    assert only_breach(tainted, need(accepts_untested=True)).rule == Rule.HAZARD
    assert near_miss(tainted, need(accepts_untested=True), FREE) is None


def test_an_untested_lot_suits_only_who_accepts_that():
    assert fits(lot(hazard="untested"), need(accepts_untested=True), FREE)
    assert near_miss(lot(hazard="untested"), need(), FREE).rule == Rule.UNTESTED


def test_another_category_is_never_a_near_miss():
    assert only_breach(lot(category="outer_door"), need()).rule == Rule.CATEGORY
    assert near_miss(lot(category="outer_door"), need(), FREE) is None


def test_a_substitute_is_accepted():
    assert fits(lot(category="outer_door"), need(categories=frozenset({"inner_door", "outer_door"})), FREE)


def test_a_lower_grade_misses_by_its_steps():
    assert fits(lot(grade="C"), need(grade="C"), FREE)
    assert near_miss(lot(grade="D"), need(grade="B"), FREE) == Breach(Rule.GRADE, 2, "grade")


def test_distance_counts_up_to_its_limit():
    assert fits(lot(xy=(60, 80)), need(max_km=100), FREE)
    assert near_miss(lot(xy=(60, 80)), need(max_km=98), FREE) == Breach(Rule.DISTANCE, 2, "km")


def test_price_counts_per_needed_piece():
    assert fits(lot(price=70), need(max_price=70), FREE)
    assert near_miss(lot(price=72), need(max_price=70), FREE) == Breach(Rule.PRICE, 2, "eur")
    assert fits(beams(), cut_to(2900, max_price=15), FREE)
    assert only_breach(beams(), cut_to(3000, max_price=15)).margin == 15


def test_a_harvest_in_the_last_week_is_in_time_and_one_week_later_is_not():
    assert fits(lot(weeks=(10, 12)), need(weeks=(8, 10)), FREE)
    assert near_miss(lot(weeks=(11, 12)), need(weeks=(8, 10)), FREE) == Breach(Rule.TOO_LATE, 1, "week")


def test_a_lot_that_must_wait_needs_a_hub():
    early, late = lot(weeks=(0, 2)), need(weeks=(6, 8))
    assert storage_weeks(early, late) == 4
    assert fits(early, late, FREE)
    assert near_miss(early, late, FREE, hub=False) == Breach(Rule.NEEDS_HUB, 4, "week")
    assert fits(lot(weeks=(0, 6)), late, FREE, hub=False)


def test_the_least_take_of_a_lot_may_exceed_the_need():
    assert fits(lot(min_take=10), need(quantity=10), FREE)
    assert near_miss(lot(min_take=10), need(quantity=8), FREE) == Breach(Rule.MINIMUM_TAKE, 2, "piece")


def test_the_least_batch_of_a_need_may_exceed_the_lot():
    assert fits(lot(quantity=5), need(min_batch=5), FREE)
    assert near_miss(lot(quantity=5), need(min_batch=8), FREE) == Breach(Rule.MINIMUM_BATCH, 3, "piece")


def test_the_least_take_counts_in_pieces_after_cutting():
    assert fits(beams(min_take=5), cut_to(2900, quantity=10), FREE)
    assert near_miss(beams(min_take=6), cut_to(2900, quantity=10), FREE) == Breach(Rule.MINIMUM_TAKE, 2, "piece")


def test_whole_pieces_are_rounded_to_the_safe_side():
    assert not fits(lot(min_take=2.5), need(quantity=2.9), FREE)
    assert fits(lot(min_take=2.5, divisible=True), need(quantity=2.9), FREE)


def test_every_breach_is_reported():
    wrong = lot(category="beam", hazard="tar", grade="D", weeks=(20, 21), dims=(1, 1, 1), xy=(900, 0), price=99)
    found = {breach.rule for breach in breaches(wrong, need(max_price=1, min_batch=11), FREE)}
    assert found == set(Rule) - {
        Rule.UNIT,
        Rule.UNTESTED,
        Rule.NEEDS_HUB,
        Rule.UNMEASURED,
        Rule.TOO_LONG,
        Rule.MINIMUM_TAKE,
    }


def test_no_margin_is_negative():
    wrong = lot(grade="D", weeks=(20, 21), dims=(1, 9999, 1), xy=(900, 0), price=99)
    assert all(breach.margin > 0 for breach in breaches(wrong, need(max_price=1, min_batch=11), FREE))
