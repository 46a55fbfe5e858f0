"""A longer beam is fine and a longer door is not."""

import pytest

from marketplace.materials.dimensions import DimensionName, Fit, Slot
from marketplace.materials.vocabulary import get_category


@pytest.mark.parametrize(
    ("category_id", "slot", "fit", "tolerance_mm"),
    [
        ("timber_joist", Slot.LENGTH, Fit.CUT, 0),
        ("door_interior", Slot.LENGTH, Fit.EQUAL, 10),
        ("plywood", Slot.WIDTH, Fit.AT_LEAST, 0),
        ("plywood", Slot.HEIGHT, Fit.EQUAL, 1),
    ],
)
def test_a_size_fits_as_the_trade_uses_it(category_id, slot, fit, tolerance_mm):
    rule = get_category(category_id).dimension(slot)
    assert (rule.fit, rule.tolerance_mm) == (fit, tolerance_mm)


def test_a_thing_has_no_rule_for_a_size_that_it_does_not_have():
    assert get_category("rebar").dimension(Slot.HEIGHT) is None


@pytest.mark.parametrize(
    ("category_id", "names"),
    [
        ("door_interior", ["hoogte", "breedte", "dikte"]),
        ("window_frame_wood", ["hoogte", "breedte", "diepte"]),
        ("steel_hea", ["lengte", "breedte", "hoogte"]),
        ("sewer_pipe", ["lengte", "diameter"]),
        ("sand", []),
    ],
)
def test_sizes_are_called_what_the_trade_calls_them(category_id, names):
    assert [rule.name.label() for rule in get_category(category_id).dimensions] == names


def test_labels_exist_in_english():
    assert DimensionName.THICKNESS.label("en") == "thickness"
    assert {fit.value for fit in Fit} == {"cut", "equal", "at_least"}
