"""The keys that an operator gives out: the right check digit, within the licensed prefix, read alike by biip."""

import pytest
from biip.gln import Gln
from biip.gs1_digital_link_uris import GS1DigitalLinkURI
from biip.gtin import Gtin
from biip.sscc import Sscc
from hypothesis import given
from hypothesis import strategies as st

from marketplace.kit.codes import new_passport_code
from marketplace.kit.errors import InvalidInputError
from marketplace.passports.gs1 import keys
from marketplace.passports.gs1.check_digits import check_digit, check_pair, has_check_digit, has_check_pair
from marketplace.passports.gs1.digital_link import Element, parse

BASE = "https://hub.example"
PREFIXES = st.text("0123456789", min_size=4, max_size=9)


@pytest.mark.parametrize(
    "key", ["09506000134352", "09520123456788", "952012345678912345", "9520123456788", "4006381333931"]
)
def test_published_keys_have_the_check_digit_that_is_computed(key):
    assert check_digit(key[:-1]) == key[-1]


@given(st.text("0123456789", min_size=7, max_size=17), st.integers(0, 17), st.sampled_from("0123456789"))
def test_one_wrong_digit_is_always_found(body, place, digit):
    key = body + check_digit(body)
    wrong = key[:place] + digit + key[place + 1 :] if place < len(key) else key
    assert has_check_digit(wrong) == (wrong == key)


def test_the_published_model_number_has_its_check_characters():
    assert check_pair("1987654Ad4X4bL5ttr2310c") == "2K"
    assert has_check_pair("1987654Ad4X4bL5ttr2310c2K")
    assert not has_check_pair("1987654Ad4X4bL5ttr2310d2K")
    assert not has_check_pair("2K")


@given(PREFIXES, st.integers(0, 999), st.integers(0, 9))
def test_biip_takes_what_is_made(prefix, number, leading):
    assert Gtin.parse(keys.gtin(prefix, number, leading)).check_digit is not None
    assert Sscc.parse(keys.sscc(prefix, number, leading)).extension_digit == leading
    assert Gln.parse(keys.gln(prefix, number)).as_gln() == keys.gln(prefix, number)


def test_a_number_fills_the_room_behind_the_prefix():
    assert keys.gtin("9521234", 1) == "09521234000013"
    assert keys.gtin("9521234", 99_999)[:13] == "0952123499999"
    assert keys.gln("952123456789", 0)[:12] == "952123456789"
    for make in (keys.gtin, keys.gln):
        with pytest.raises(InvalidInputError, match="een nummer van 5 cijfers"):
            make("9521234", 100_000)
    with pytest.raises(InvalidInputError, match="een nummer van 9 cijfers"):
        keys.sscc("9521234", -1)


@pytest.mark.parametrize("prefix", ["", "952", "9521234567890", "95A1234", "٩٥٢١", "9521 "])
def test_what_is_no_company_prefix_makes_no_key(prefix):
    with pytest.raises(InvalidInputError, match="4 tot 12 cijfers"):
        keys.gln(prefix, 1)


@pytest.mark.parametrize("leading", [-1, 10])
def test_before_a_key_stands_one_digit(leading):
    for make in (keys.gtin, keys.sscc):
        with pytest.raises(InvalidInputError, match="één cijfer"):
            make("9521234", 1, leading)


def test_links_are_what_they_are_named_for_and_biip_reads_them():
    code = new_passport_code()
    article, place = keys.gtin("9521234", 7), keys.gln("9521234", 9)
    links = {
        keys.item_link(BASE, article, code): (("01", article), ("21", code)),
        keys.batch_link(BASE, article, "L/7"): (("01", article), ("10", "L/7")),
        keys.place_link(BASE, place, "HAL-3"): (("414", place), ("254", "HAL-3")),
        keys.place_link(BASE, place): (("414", place),),
    }
    for uri, stated in links.items():
        assert parse(uri).elements == tuple(Element(*element) for element in stated)
        assert [(found.ai.ai, found.value) for found in GS1DigitalLinkURI.parse(uri).element_strings] == list(stated)
    assert next(iter(links)) == f"https://hub.example/01/{article}/21/{code}"


def test_no_link_is_made_of_a_key_that_is_wrong():
    with pytest.raises(InvalidInputError, match="controlecijfer"):
        keys.item_link(BASE, "09521234000018", "7")
    with pytest.raises(InvalidInputError, match="een teken dat daar niet mag"):
        keys.batch_link(BASE, "09521234000013", "lot 7")


@pytest.mark.parametrize(
    ("ai", "value", "own"),
    [
        ("01", "09521234000013", True),
        ("01", "95212340000006", False),
        ("00", keys.sscc("9521234", 1, 9), True),
        ("414", keys.gln("9521234", 1), True),
        ("414", keys.gln("9521235", 1), False),
        ("8003", "09521234000006", True),
        ("8004", "9521234ABC", True),
        ("8004", "8952123400", False),
        ("21", "9521234", False),
        ("77", "9521234", False),
    ],
)
def test_only_a_key_within_the_prefix_is_ones_own(ai, value, own):
    assert keys.is_of("9521234", ai, value) is own


def test_an_empty_prefix_owns_nothing():
    assert not keys.is_of("", "01", "09521234000013")
