"""What Dutch people type, read as values; and what they mean by a word for a material."""

from datetime import date
from decimal import Decimal

import pytest
from flask_wtf import FlaskForm
from werkzeug.datastructures import MultiDict

from marketplace.materials.meaning import resolve
from marketplace.materials.vocabulary import get_category
from marketplace.web import fields
from tests.conftest import one_database


def read(field, text, **more):
    """Return the value and the errors of one field to which `text` was sent."""

    class Form(FlaskForm):
        one = field("Iets", **more)

    form = Form(MultiDict({"one": text}), meta={"csrf": False})
    form.validate()
    assert form.one._value() == text
    return form.one.data, list(form.one.errors)


@one_database
@pytest.mark.parametrize(
    ("field", "text", "value"),
    [
        (fields.DecimalField, "1.234,5", Decimal("1234.5")),
        (fields.DecimalField, "-3", Decimal(-3)),
        (fields.QuantityField, "0,001", Decimal("0.001")),
        (fields.MoneyField, "€ 1.234,50", Decimal("1234.50")),
        (fields.MoneyField, "12,-", Decimal(12)),
        (fields.MoneyField, "12 euro", Decimal(12)),
        (fields.MoneyField, "gratis", Decimal(0)),
        (fields.MillimetreField, "2.115", 2115),
        (fields.MillimetreField, "2115 mm", 2115),
        (fields.MillimetreField, "211,5 cm", 2115),
        (fields.MillimetreField, "2,115 m", 2115),
        (fields.MillimetreField, "200000", 200_000),
        (fields.DayField, "2027-03-12", date(2027, 3, 12)),
        (fields.DayField, "12-3-2027", date(2027, 3, 12)),
        (fields.OptionalIntField, "1978", 1978),
        (fields.OptionalIntField, "1.250", 1250),
        (fields.OptionalIntField, "", None),
        (fields.QuantityField, " ", None),
    ],
)
def test_what_people_type_is_read_exactly(context, field, text, value):
    with context.test_request_context():
        assert read(field, text) == (value, [])


@one_database
@pytest.mark.parametrize(
    ("field", "text", "sentence"),
    [
        (fields.DecimalField, "1,234.5", "geen getal"),
        (fields.DecimalField, "0,0001", "3 cijfers"),
        (fields.DecimalField, "1000000001", "te groot"),
        (fields.QuantityField, "0", "groter dan nul"),
        (fields.QuantityField, "-1", "groter dan nul"),
        (fields.MoneyField, "1,005", "2 cijfers"),
        (fields.MoneyField, "-1", "negatief"),
        (fields.MoneyField, "€", "geen getal"),
        (fields.MillimetreField, "2,115", "hele millimeters"),
        (fields.MillimetreField, "0", "tussen 1 en 200.000"),
        (fields.MillimetreField, "200001", "tussen 1 en 200.000"),
        (fields.MillimetreField, "2 km", "geen getal"),
        (fields.DayField, "31-2-2027", "dag-maand-jaar"),
        (fields.DayField, "morgen", "dag-maand-jaar"),
        (fields.OptionalIntField, "1978,5", "heel getal"),
        (fields.OptionalIntField, "²", "heel getal"),
        (fields.PlaceField, "Hoogeven", "Vul een woonplaats"),
        (fields.PlaceField, "Hoogeve", "Bedoelt u Hoogeveen"),
    ],
)
def test_what_cannot_be_right_is_kept_and_told_in_a_sentence(context, field, text, sentence):
    with context.test_request_context():
        value, errors = read(field, text)
    assert value is None
    assert len(errors) == 1
    assert sentence in errors[0]


def test_a_number_between_two_ends_that_count(context):
    with context.test_request_context():
        assert read(fields.OptionalIntField, "10", least=10, most=20) == (10, [])
        assert read(fields.OptionalIntField, "20", least=10, most=20) == (20, [])
        assert read(fields.OptionalIntField, "21", least=10, most=20)[1] == [
            "Vul een heel getal in van 10 tot en met 20."
        ]


def test_a_place_is_known_by_its_name_in_any_case(context):
    with context.test_request_context():
        place, errors = read(fields.PlaceField, "hoogeveen")
    assert (place.name, errors) == ("Hoogeveen", [])


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("binnendeur", "door_interior"),
        ("Kanaalplaten", "hollowcore_slab"),
        ("steenwol", "ins_stonewool"),
        ("HEA 200", "steel_hea"),
        ("wc", "toilet"),
        ("Interior door leaf", "door_interior"),
    ],
)
def test_a_name_or_a_synonym_of_one_kind_is_that_kind(text, kind):
    assert resolve(text, None)[0].id == kind


@pytest.mark.parametrize("text", ["deur", "trap", "betontegel", "balk"])
def test_a_general_word_is_a_question(text):
    kind, hits = resolve(text, None)
    assert kind is None
    assert len(hits) > 1


def test_a_word_for_nothing_has_no_hits():
    assert resolve("boomklomp", None) == (None, ())


def test_a_choice_counts_while_the_word_may_mean_it():
    exterior = get_category("door_exterior")
    assert resolve("deur", exterior)[0] is exterior
    assert resolve("", exterior)[0] is exterior
    assert resolve("kanaalplaat", exterior)[0].id == "hollowcore_slab"
    assert resolve("boomklomp", exterior) == (None, ())
