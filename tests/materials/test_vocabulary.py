"""Every category is whole: known codes, units, masses, fits and hazards; and people find it by its names."""

from decimal import Decimal

import pytest

from marketplace.kit.quantities import Unit
from marketplace.materials.dimensions import Fit, Slot
from marketplace.materials.eural import find_eural
from marketplace.materials.vocabulary import (
    UnknownCategoryError,
    categories,
    find_category,
    get_category,
    groups,
    search_categories,
)

WITHOUT_SIZES = {
    "roof_gravel",
    "asphalt_granulate",
    "asphalt_tar",
    "mixed_granulate",
    "concrete_granulate",
    "concrete_rubble",
    "sand",
    "soil",
    "door_hardware",
}


def test_the_vocabulary_has_its_151_categories_in_15_groups():
    assert len(categories()) == 151
    assert len(groups()) == 15
    assert sorted(c.id for group in groups() for c in group.categories) == sorted(c.id for c in categories())


def test_groups_have_dutch_and_english_names():
    assert [group.name() for group in groups()][2] == "Hout"
    assert [group.name("en") for group in groups()][2] == "Timber"
    assert all(group.categories for group in groups())


def test_a_category_has_names_units_and_a_known_eural_code():
    for category in categories():
        assert category.name_nl, category.id
        assert category.name("en") == category.name_en
        assert category.name("de_DE") == category.name_de
        assert category.unit == category.units[0], category.id
        assert len(set(category.units)) == len(category.units), category.id
        assert find_eural(category.eural), category.id
        assert category.kg_per_unit or category.id == "steel_hall", category.id


def test_sizes_are_in_slot_order_and_only_the_first_may_be_cut():
    for category in categories():
        slots = [rule.slot for rule in category.dimensions]
        assert slots == [slot for slot in Slot if slot in slots], category.id
        cut = [rule.slot for rule in category.dimensions if rule.fit is Fit.CUT]
        assert set(cut) <= {Slot.LENGTH}, category.id
        assert all(rule.tolerance_mm >= 0 for rule in category.dimensions), category.id
        assert len({rule.name for rule in category.dimensions}) == len(slots), category.id
        assert bool(slots) != (category.id in WITHOUT_SIZES), category.id


def test_a_solid_thing_has_the_sizes_that_its_mass_needs():
    solid = [category for category in categories() if category.gross_density_kg_m3 and category.dimensions]
    assert len(solid) > 20
    for category in solid:
        assert [rule.slot for rule in category.dimensions] == list(Slot), category.id


def test_hazards_are_named_once_and_their_years_are_of_our_time():
    for category in categories():
        hazards = [rule.hazard for rule in category.hazards]
        assert len(set(hazards)) == len(hazards), category.id
        years = [rule.before_year for rule in category.hazards if rule.before_year is not None]
        assert all(1975 <= year <= 2025 for year in years), category.id


def test_a_check_for_a_named_substance_has_a_hazard():
    substances = {"asbestos": "asbestos", "chromium-6": "chromium6", "pak": "pak", "creosote": "preservatives"}
    substances |= {"pfas": "pfas", "hbcd": "hbcd", "lead paint": "lead", "cfc": "cfc", "pcb": "pcb"}
    for category in categories():
        checks = " ".join(category.checks).lower()
        named = {hazard for word, hazard in substances.items() if word in checks}
        assert named <= {rule.hazard.value for rule in category.hazards}, category.id


def test_each_name_finds_its_own_category_among_the_first_three():
    lost = [
        (category.id, name)
        for category in categories()
        for name in (category.name_nl, category.name_en, category.name_de, *category.synonyms_nl, *category.synonyms_en)
        if category not in search_categories(name)[:3]
    ]
    assert lost == []


@pytest.mark.parametrize(
    ("typed", "first"),
    [
        ("kanaalplaat", "hollowcore_slab"),
        ("kanaalplaten", "hollowcore_slab"),
        ("kanaalpl", "hollowcore_slab"),
        ("binnendeur", "door_interior"),
        ("BINNENDEUREN", "door_interior"),
        ("steenwol", "ins_stonewool"),
        ("dakpannen", "roof_tile_clay_vh"),
        ("balken", "timber_joist"),
        ("houten balken", "timber_joist"),
        ("vurenbalken", "timber_joist"),
        ("een balk van 71x196 mm", "timber_joist"),
        ("HEA 200", "steel_hea"),
        ("hea200", "steel_hea"),
        ("ipe 300", "steel_ipe"),
        ("azobé", "azobe_beam"),
        ("brick", "brick_waal"),
        ("roof tiles", "roof_tile_clay_vh"),
        ("hollow core slab", "hollowcore_slab"),
        ("30x30", "concrete_tile"),
    ],
)
def test_people_find_first_what_they_mean(typed, first):
    assert search_categories(typed)[0].id == first


@pytest.mark.parametrize("typed", ["boomklomp", "", "   ", "de", "205", "xyz", "e", "?!", "klomp"])
def test_what_is_no_material_finds_nothing(typed):
    assert search_categories(typed) == ()


def test_part_of_a_compound_finds_it_after_the_whole_words():
    found = [category.id for category in search_categories("deur", limit=20)]
    assert found[0] == "door_interior"
    assert "overhead_door" in found


def test_the_limit_holds():
    assert len(search_categories("stalen", limit=3)) == 3


def test_an_unknown_category_is_an_error_or_none():
    assert find_category("boomklomp") is None
    with pytest.raises(UnknownCategoryError, match="boomklomp"):
        get_category("boomklomp")


def test_tar_may_never_be_offered_and_its_clean_neighbour_may():
    assert get_category("asphalt_tar").banned
    assert "thermisch" in get_category("asphalt_tar").ban_reason()
    assert "thermally" in get_category("asphalt_tar").ban_reason("en")
    assert [category.id for category in categories() if category.banned] == ["asphalt_tar"]
    assert get_category("asphalt_granulate").ban_reason() == ""


def test_a_guess_of_a_mass_is_called_one():
    assert get_category("roof_tile_clay_vh").mass_is_estimate
    assert get_category("bridge_girder").mass_is_estimate
    assert not get_category("brick_waal").mass_is_estimate


def test_units_begin_with_the_default():
    joist = get_category("timber_joist")
    assert joist.units == (Unit.M, Unit.PIECE, Unit.M3)
    assert joist.kg_per_unit == Decimal("6.7")
