"""Unknown is not clean: what must be ruled out follows from category and year."""

import pytest

from marketplace.materials.hazards import Hazard, relevant_hazards
from marketplace.materials.vocabulary import get_category


@pytest.mark.parametrize(
    ("category_id", "year", "hazard", "relevant"),
    [
        ("facade_fibrecement", 1993, Hazard.ASBESTOS, True),
        ("facade_fibrecement", 1994, Hazard.ASBESTOS, False),
        ("facade_fibrecement", None, Hazard.ASBESTOS, True),
        ("asphalt_granulate", 1994, Hazard.PAK, True),
        ("asphalt_granulate", 1995, Hazard.PAK, False),
        ("asphalt_granulate", 1995, Hazard.ASBESTOS, False),
        ("steel_hea", 1988, Hazard.CHROMIUM6, True),
        ("steel_hea", 1988, Hazard.LEAD, True),
        ("steel_hea", 2000, Hazard.LEAD, False),
        ("sleeper", 2024, Hazard.PRESERVATIVES, True),
        ("soil", 2024, Hazard.PFAS, True),
        ("ins_pir", 2002, Hazard.CFC, True),
        ("ins_pir", 2003, Hazard.CFC, False),
    ],
)
def test_a_hazard_is_suspected_until_its_year(category_id, year, hazard, relevant):
    assert (hazard in relevant_hazards(get_category(category_id), year)) is relevant


def test_some_materials_have_nothing_to_rule_out():
    assert relevant_hazards(get_category("brick_waal"), None) == ()


def test_every_hazard_has_a_name_and_belongs_to_a_material():
    from marketplace.materials.vocabulary import categories

    assert {rule.hazard for category in categories() for rule in category.hazards} == set(Hazard)
    assert Hazard.PAK.label() == "PAK (teer)"
    assert Hazard.PAK.label("en") == "PAH (tar)"
