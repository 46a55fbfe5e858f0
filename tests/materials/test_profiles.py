"""Steel sections are found by every way in which people write them."""

from decimal import Decimal

import pytest

from marketplace.materials.profiles import find_by_section, find_profile, find_profile_in, profiles


@pytest.mark.parametrize("name", ["HEA200", "HE 200 A", "he-a 200", "HE200A", "hea 200"])
def test_a_section_has_many_spellings(name):
    profile = find_profile(name)
    assert profile is not None
    assert (profile.name, profile.kg_per_m, profile.h_mm) == ("HE 200 A", Decimal("42.3"), Decimal(190))


def test_ipe_sections_are_found():
    assert find_profile("ipe 240").kg_per_m == Decimal("30.7")


@pytest.mark.parametrize("name", ["", "HEA", "HEA 201", "IPE", "balk", "HEA200B"])
def test_what_is_no_section_is_not_found(name):
    assert find_profile(name) is None


def test_a_section_is_found_in_a_sentence():
    assert find_profile_in("Stalen ligger HEA 200, lengte 6 m").name == "HE 200 A"
    assert find_profile_in("kolommen he 30 of anders IPE300").name == "IPE 300"
    assert find_profile_in("200 dakpannen") is None


def test_a_section_is_found_by_its_sizes_within_its_series():
    sizes = {"height_mm": Decimal(200), "width_mm": Decimal(200)}
    assert find_by_section("HEB", **sizes).name == "HE 200 B"
    assert find_by_section("HEA", **sizes) is None


def test_no_two_sections_share_a_name():
    assert len(profiles()) == 167
    assert find_profile("HE 1000 AA").h_mm == 970
    assert find_profile("HE 1000 A").h_mm == 990


def test_the_mass_of_every_section_agrees_with_its_area():
    from marketplace.kit.tables import read_table

    rows = read_table("marketplace.materials", "steel_profiles")
    by_area = {row["profile"]: Decimal(row["A_cm2"]) * Decimal("0.785") for row in rows}
    assert all(abs(by_area[profile.name] - profile.kg_per_m) < 1 for profile in profiles().values())
