"""Digital Links: what is written is read back the same, by us and by an outside reader; a slip is told."""

import pytest
from biip.gs1_digital_link_uris import GS1DigitalLinkURI
from hypothesis import given
from hypothesis import strategies as st

from marketplace.kit.errors import InvalidInputError
from marketplace.passports.gs1.digital_link import LONGEST, Element, generate, parse

CSET_82 = "!\"%&'()*+,-./0123456789:;<=>?ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz"
TEXT = st.text(CSET_82, min_size=1, max_size=20)
ITEM = "https://hub.example/01/09521234000013/21/A1"


def biip_reads(uri):
    return tuple(Element(found.ai.ai, found.value) for found in GS1DigitalLinkURI.parse(uri).element_strings)


def sentence(uri):
    with pytest.raises(InvalidInputError) as error:
        parse(uri)
    return str(error.value)


@given(lot=TEXT, serial=TEXT, note=TEXT)
def test_what_is_written_is_read_back_the_same_here_and_by_biip(lot, serial, note):
    stated = (Element("01", "09521234000013"), Element("10", lot), Element("21", serial), Element("99", note))
    uri = generate(stated, "https://hub.example/id")
    assert parse(uri).elements == biip_reads(uri) == stated


def test_the_order_of_what_is_stated_does_not_matter_for_the_path():
    stated = (Element("21", "A1"), Element("11", "260131"), Element("10", "L7"), Element("01", "09521234000013"))
    uri = generate(stated, "https://hub.example/")
    assert uri == "https://hub.example/01/09521234000013/10/L7/21/A1?11=260131"


def test_a_link_answers_what_it_is_about():
    link = parse(ITEM + "?11=260131&linkType=gs1:dpp")
    assert link.key == Element("01", "09521234000013")
    assert (link.find("21"), link.find("11"), link.find("10")) == ("A1", "260131", None)
    assert link.attributes == (Element("11", "260131"),)
    assert link.element_string == "^010952123400001321A1^11260131"


@pytest.mark.parametrize(
    ("uri", "expected"),
    [
        ("https://hub.example/01/09521234000014/21/A1", "Het controlecijfer van (01) GTIN klopt niet"),
        ("https://hub.example/01/0952123400001/21/A1", "(01) GTIN is te kort"),
        ("https://hub.example/01/095212340000130/21/A1", "(01) GTIN is te lang"),
        ("https://hub.example/01/0952123400001X/21/A1", "een teken dat daar niet mag"),
        ("https://hub.example/01/09521234000013/21/" + "A" * 21, "(21) SERIAL is te lang"),
        ("https://hub.example/01/09521234000013/21/%C3%A9", "een teken dat daar niet mag"),
        ("https://hub.example/01/09521234000013/21/A%0A", "een teken dat daar niet mag"),
        ("https://hub.example/01/09521234000013/21/A/10/L", "niet in deze volgorde in het adres: (01) (21) (10)"),
        ("https://hub.example/01/09521234000013?10=L7", "(10) hoort voor het vraagteken"),
        ("https://hub.example/01/09521234000013?8200=a", "(8200) mag niet achter het vraagteken"),
        ("https://hub.example/01/09521234000013?11=260131&11=260131", "(11) staat er twee keer"),
        ("https://hub.example/01/09521234000013?11=260231", "(11) PROD DATE kan niet kloppen"),
        ("https://hub.example/01/09521234000013?89=a", "GS1 kent geen gegeven met het nummer (89)"),
        ("https://hub.example/01/09521234000013?37=5", "(01) mag niet samen met (37)"),
        ("https://hub.example/00/095212340000000013?3922=0299", "(3922) mag alleen samen met: 01+30 / 01+31nn"),
        ("https://hub.example/ID/7KQ9M2FX4HTB8WPN", "geen sleutel van GS1"),
        ("ftp://hub.example/01/09521234000013", "geen webadres"),
        ("javascript:alert(1)//01/09521234000013", "geen webadres"),
        (ITEM + "\n", "geen webadres"),
        (ITEM + "?x=" + "a" * LONGEST, "geen webadres"),
        ("", "geen webadres"),
    ],
)
def test_a_slip_is_told_in_a_sentence(uri, expected):
    assert expected in sentence(uri)


def test_day_zero_is_a_month_and_the_29th_of_february_depends_on_the_year():
    for day in ("260200", "240229"):
        assert parse(f"{ITEM}?11={day}").find("11") == day
    for day in ("261300", "260229"):
        assert "kan niet kloppen" in sentence(f"{ITEM}?11={day}")


@pytest.mark.parametrize("base", ["https://hub.example?x=", "https://hub.example/#", "hub.example", "https://a b/", ""])
def test_a_link_is_only_written_below_a_web_address(base):
    with pytest.raises(InvalidInputError, match="geen webadres"):
        generate((Element("00", "095212340000000013"),), base)


def test_two_values_for_one_identifier_are_refused_but_the_same_twice_is_one():
    one, other = Element("01", "09521234000013"), Element("01", "09521234000020")
    assert generate((one, one), "https://hub.example") == "https://hub.example/01/09521234000013"
    with pytest.raises(InvalidInputError, match="twee keer"):
        generate((one, other))
