"""Amounts are exact, can exist, and convert through mass."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marketplace.kit.errors import InvalidInputError
from marketplace.kit.quantities import (
    LARGEST,
    Quantity,
    Unit,
    UnknownMassError,
    convert,
    mass_kg,
    parse_decimal,
    written_decimal,
)

A_DOOR = {Unit.PIECE: Decimal(30), Unit.M2: Decimal("16.5")}


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1.234,5", "1234.5"),
        ("1234,5", "1234.5"),
        ("1234.5", "1234.5"),
        ("0,5", "0.5"),
        ("0.250", "0.250"),
        ("1.234", "1234"),
        ("1,234", "1.234"),
        ("1234.567", "1234.567"),
        ("12.345.678", "12345678"),
        (" 1 234,5 ", "1234.5"),
        ("1\u00a0234", "1234"),
        ("-3", "-3"),
        ("\u22123,5", "-3.5"),
        ("007", "7"),
    ],
)
def test_numbers_read_as_dutch_people_write_them(text, value):
    assert parse_decimal(text) == Decimal(value)


@pytest.mark.parametrize(
    ("text", "value"),
    [("1,234.5", "1234.5"), ("1,300", "1300"), ("1.3", "1.3"), ("2,5", "2.5"), ("0.250", "0.25"), ("1.234", "1.234")],
)
def test_numbers_read_as_english_people_write_them(text, value):
    assert parse_decimal(text, language="en") == Decimal(value)


@pytest.mark.parametrize(("text", "language"), [("1,000", "nl"), ("1.000", "en"), ("1234,000", "nl")])
def test_what_is_one_to_some_and_a_thousand_to_others_is_refused(text, language):
    with pytest.raises(InvalidInputError, match="zonder punt of komma"):
        parse_decimal(text, language=language)


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "1,234.5",
        "1.23.4",
        "1.2345.678",
        "1e5",
        "NaN",
        "inf",
        "12 st",
        "1,2,3",
        ".5",
        "5,",
        "12 34",
        "٣",
        "1" * 41,
    ],
)
def test_what_is_no_clear_number_is_refused_with_a_sentence(text):
    with pytest.raises(InvalidInputError, match="is geen getal") as refused:
        parse_decimal(text, field="amount")
    assert refused.value.field == "amount"


@given(
    st.decimals(allow_nan=False, allow_infinity=False, min_value=-LARGEST, max_value=LARGEST, places=3),
    st.sampled_from(["nl", "en"]),
)
def test_a_number_that_was_written_reads_back_as_itself(value, language):
    assert parse_decimal(written_decimal(value, language), language=language) == value


@pytest.mark.parametrize("value", ["-0.001", "NaN", "sNaN", "Infinity", "0.0001", "1000000000.001", "1E+30", "1E-40"])
def test_an_amount_that_cannot_exist_is_refused(value):
    with pytest.raises(InvalidInputError):
        Quantity(Decimal(value), Unit.M)


def test_half_a_piece_is_refused_and_half_a_metre_is_not():
    with pytest.raises(InvalidInputError, match="heel getal"):
        Quantity(Decimal("0.5"), Unit.PIECE)
    assert Quantity(Decimal("0.5"), Unit.M).value == Decimal("0.5")


def test_the_largest_amount_and_nothing_at_all_can_exist():
    assert Quantity(LARGEST, Unit.PIECE).value == LARGEST
    assert str(Quantity(Decimal("-0.0"), Unit.KG).value) == "0"


def test_amounts_are_kept_without_trailing_zeros():
    assert str(Quantity(Decimal("1E+2"), Unit.M).value) == "100"
    assert str(Quantity(Decimal("2.500"), Unit.M)) == "2,5 m"
    assert Quantity(Decimal("2.50"), Unit.M) == Quantity(Decimal("2.5"), Unit.M)


def test_every_unit_has_its_own_code_and_label():
    assert {unit.rec20 for unit in Unit} == {"C62", "MTR", "MTK", "MTQ", "KGM", "TNE"}
    assert [unit.label() for unit in Unit] == ["st", "m", "m²", "m³", "kg", "t"]
    assert Unit.PIECE.label("en_GB") == "pcs"
    assert [unit for unit in Unit if unit.whole] == [Unit.PIECE]


def test_pieces_become_kilograms_tonnes_and_square_metres():
    doors = Quantity(Decimal(11), Unit.PIECE)
    assert convert(doors, Unit.KG, A_DOOR) == Quantity(Decimal(330), Unit.KG)
    assert convert(doors, Unit.T, A_DOOR) == Quantity(Decimal("0.33"), Unit.T)
    assert convert(doors, Unit.M2, A_DOOR) == Quantity(Decimal(20), Unit.M2)


def test_tonnes_need_no_table_and_a_wrong_one_does_not_change_them():
    tonne = Quantity(Decimal(1), Unit.T)
    assert convert(tonne, Unit.KG, {Unit.KG: Decimal(7)}) == Quantity(Decimal(1000), Unit.KG)


def test_pieces_are_rounded_half_up():
    assert convert(Quantity(Decimal("74.999"), Unit.KG), Unit.PIECE, A_DOOR).value == 2
    assert convert(Quantity(Decimal(75), Unit.KG), Unit.PIECE, A_DOOR).value == 3


@pytest.mark.parametrize("kg_per", [{}, {Unit.M: Decimal(0)}, {Unit.M2: Decimal(3)}])
def test_an_unknown_mass_is_named_and_not_guessed(kg_per):
    with pytest.raises(UnknownMassError, match="per m is niet bekend"):
        convert(Quantity(Decimal(3), Unit.M), Unit.KG, kg_per)


def test_the_same_unit_needs_no_mass():
    metres = Quantity(Decimal(3), Unit.M)
    assert convert(metres, Unit.M, {}) == metres


amounts = st.decimals(min_value=Decimal("0.001"), max_value=Decimal(100_000), places=3)
masses = st.decimals(min_value=Decimal("0.1"), max_value=Decimal(5_000), places=3)


@given(amounts, masses, masses)
def test_there_and_back_differs_by_no_more_than_the_rounding(amount, kg_per_m, kg_per_m2):
    kg_per = {Unit.M: kg_per_m, Unit.M2: kg_per_m2}
    there = convert(Quantity(amount, Unit.M), Unit.M2, kg_per)
    back = convert(there, Unit.M, kg_per)
    half_a_step = Decimal("0.0005")
    assert abs(back.value - amount) <= half_a_step * (kg_per_m2 / kg_per_m + 1)


@given(st.integers(min_value=0, max_value=100_000), masses)
def test_pieces_survive_a_journey_through_tonnes_of_enough_digits(count, kg_per_piece):
    pieces = Quantity(Decimal(count), Unit.PIECE)
    kg_per = {Unit.PIECE: kg_per_piece}
    kilograms = convert(pieces, Unit.KG, kg_per)
    assert convert(kilograms, Unit.PIECE, kg_per) == pieces
    assert kilograms.value == mass_kg(pieces, kg_per)
