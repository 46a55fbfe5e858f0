"""What is left of the parts of a work: counted to the piece, weighed to a tenth."""

from decimal import Decimal

import pytest

from marketplace.kit.errors import ConflictError, InvalidInputError
from marketplace.kit.quantities import Unit
from marketplace.passports.balance import Gone, adds_up, check_amount, check_part, left_of, mass_of
from marketplace.passports.details import Element, Section, Work
from tests.passports.lineages import layer

WORK = Work(
    sections=(Section("V1", Decimal(1), Decimal(2), layers=(layer("D1", 100), layer("O1", 50))),),
    elements=(Element("deur", "door_interior", "Deur", Decimal(20), Unit.PIECE, Decimal(500)),),
)


def left(part, *gone):
    return left_of(WORK, [Gone(part, Decimal(quantity)) for quantity in gone])[part]


def test_every_part_is_there_in_the_order_of_the_document_and_whole_at_first():
    assert [(each.part, each.left, each.unit) for each in left_of(WORK, []).values()] == [
        ("V1/D1", 100, Unit.T),
        ("V1/O1", 50, Unit.T),
        ("deur", 20, Unit.PIECE),
    ]


def test_what_went_out_of_one_part_is_missing_from_no_other():
    after = left_of(WORK, [Gone("V1/D1", Decimal(30)), Gone("V1/D1", Decimal(5)), Gone("", Decimal(7))])
    assert [each.left for each in after.values()] == [65, 50, 20]


@pytest.mark.parametrize(("gone", "most", "wrong"), [(100, 10, False), (110, 0, False), ("110.001", 0, True)])
def test_a_layer_may_weigh_a_tenth_more_than_was_computed(gone, most, wrong):
    layer_left = left("V1/D1", gone)
    assert (layer_left.left, layer_left.most, layer_left.is_out_of_balance) == (0, most, wrong)


def test_what_is_counted_has_no_tolerance():
    assert (left("deur", 20).most, left("deur", 21).is_out_of_balance) == (0, True)
    with pytest.raises(ConflictError, match="Van deur is nog maar 5 st over"):
        check_part(left("deur", 15), Decimal(6))
    assert check_part(left("deur", 15), Decimal(5)).value == 5


def test_the_sentence_for_a_layer_names_what_is_left_and_what_the_scales_may_say():
    with pytest.raises(ConflictError, match=r"nog 40 t over\. Gewogen mag het ten hoogste 50 t zijn"):
        check_part(left("V1/D1", 60), Decimal(51))
    with pytest.raises(ConflictError, match="niets meer over"):
        check_part(left("V1/D1", 110), Decimal(1))


@pytest.mark.parametrize("wrong", ["0", "-1", "1.5", "NaN", "Infinity"])
def test_what_is_no_amount_is_refused_at_its_field(wrong):
    with pytest.raises(InvalidInputError) as refused:
        check_amount(Decimal(wrong), Unit.PIECE, field="lost")
    assert refused.value.field == "lost"


def test_masses_are_the_same_up_to_a_gram_for_each_rounding():
    assert adds_up(Decimal("1.002"), Decimal(1), roundings=2)
    assert not adds_up(Decimal("1.003"), Decimal(1), roundings=2)
    assert mass_of(Decimal("0.001"), Decimal("0.001")) == Decimal("0.001"), "what is there weighs something"
