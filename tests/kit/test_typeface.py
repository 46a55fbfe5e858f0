"""Which characters can be printed."""

import pytest

from marketplace.kit.typeface import printable
from marketplace.kit.typesetter import FONTS


@pytest.mark.parametrize("text", ["Deur 2.115 × 930 mm", "≥ 5 m², −12,5 °C – €", "Čeština, Ελληνικά, Русский", ""])
def test_what_has_letters_stays_as_it_is(text):
    assert printable(text) == text


@pytest.mark.parametrize(
    ("text", "printed"),
    [("a\nb\tc", "a b c"), ("a\u202eb\u200dc", "abc"), ("漢", "?"), ("\ue000x", "x"), ("\x7f", " "), ("\x00", " ")],
)
def test_what_has_none_does_not_reach_the_paper(text, printed):
    assert printable(text) == printed


def test_the_fonts_are_there():
    assert {font.name for font in FONTS.glob("*.ttf")} == {"SourceSans3-Bold.ttf", "SourceSans3-Regular.ttf"}
