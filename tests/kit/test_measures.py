"""Sizes, money and units as people type them."""

import pytest

from marketplace.kit.errors import InvalidInputError
from marketplace.kit.measures import parse_unit, parse_window
from marketplace.kit.quantities import Unit


@pytest.mark.parametrize(
    ("text", "window"),
    [
        ("2115", (2115, None)),
        ("5.300-5.600", (5300, 5600)),
        ("5300 – 5600 mm", (5300, 5600)),
        ("5,3-5,6 m", (5300, 5600)),
        ("tussen 530 cm en 5600", (5300, 5600)),
        ("van 5300 t/m 5600", (5300, 5600)),
        ("min. 5300", (5300, None)),
        ("≥ 5,3 m", (5300, None)),
        ("tot 40", (None, 40)),
        ("2115 ± 5", (2110, 2120)),
        ("3±5", (1, 8)),
    ],
)
def test_a_size_is_one_number_or_two_ends(text, window):
    assert parse_window(text) == window


def test_the_language_decides_between_point_and_comma():
    assert parse_window("5.3-5.6 m", language="en") == (5300, 5600)
    assert parse_window("5,300 to 5,600", language="en") == (5300, 5600)


@pytest.mark.parametrize("text", ["", "-5", "lang", "1-2-3", "5,3-5,6", "0-10", "min", "300 m"])
def test_what_is_no_size_is_refused_at_its_field(text):
    with pytest.raises(InvalidInputError) as refused:
        parse_window(text, field="length")
    assert refused.value.field == "length"


@pytest.mark.parametrize(
    ("text", "unit"),
    [("st.", Unit.PIECE), ("M²", Unit.M2), ("m^3", Unit.M3), ("ton", Unit.T), ("strekkende  meter", Unit.M)],
)
def test_a_unit_has_many_names(text, unit):
    assert parse_unit(text) is unit


def test_a_dozen_is_no_unit():
    with pytest.raises(InvalidInputError, match="dozijn"):
        parse_unit("dozijn")
