"""Eural codes are found in the ways in which they are written."""

import pytest

from marketplace.materials.eural import eural_codes, find_eural


@pytest.mark.parametrize("code", ["17 03 01", "17 03 01*", "170301"])
def test_a_code_is_found_with_its_star(code):
    found = find_eural(code)
    assert str(found) == "17 03 01*"
    assert found.name() == "bitumineuze mengsels die koolteer bevatten"
    assert found.name("en") == "bituminous mixtures containing coal tar"


def test_a_harmless_code_has_no_star():
    assert str(find_eural("17 01 01")) == "17 01 01"


def test_other_digits_are_no_code():
    assert find_eural("99 99 99") is None
    assert find_eural("") is None
    assert len(eural_codes()) == 44
