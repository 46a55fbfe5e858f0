"""A longer beam is fine and a longer door is not."""

from decimal import Decimal

import pytest

from marketplace.materials.dimensions import DimensionName, Fit, Slot
from marketplace.materials.vocabulary import get_category


def accepts(category_id: str, slot: Slot, offered: int, wanted: int) -> bool:
    rule = get_category(category_id).dimension(slot)
    assert rule is not None
    return rule.accepts(Decimal(offered), Decimal(wanted))


def test_a_longer_beam_is_cut_and_a_shorter_one_is_useless():
    assert accepts("timber_joist", Slot.LENGTH, 5000, 4000)
    assert not accepts("timber_joist", Slot.LENGTH, 3999, 4000)


@pytest.mark.parametrize(("offered", "fits"), [(2115, True), (2125, True), (2126, False), (2315, False), (2104, False)])
def test_a_door_must_have_its_own_height(offered, fits):
    assert accepts("door_interior", Slot.LENGTH, offered, 2115) is fits


def test_a_wider_board_is_fine_and_a_thicker_one_is_not():
    assert accepts("plywood", Slot.WIDTH, 1220, 600)
    assert not accepts("plywood", Slot.HEIGHT, 18, 12)


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
