"""What may still be corrected in a passport of which something came out, or that came out of another."""

from dataclasses import replace
from decimal import Decimal

import msgspec
import pytest

from marketplace.kit.errors import ConflictError
from marketplace.kit.journal import By
from marketplace.kit.quantities import Quantity, Unit
from marketplace.passports import actions, lineage, queries
from marketplace.passports.audit import lineage_imbalances
from marketplace.passports.details import Element, Work
from marketplace.passports.facts import PassportFacts
from marketplace.passports.harvesting import harvest, mill
from marketplace.passports.levels import Granularity
from marketplace.passports.models import PassportStatus
from tests.passports.lineages import ACT, layer, make_building, make_clean, make_road
from tests.sealing import SEAL

pytestmark = pytest.mark.usefixtures("context")


def facts_of(passport, **changed) -> PassportFacts:
    names = ("category", "name", "kg_per_unit", "length_mm", "width_mm", "height_mm", "building_year", "origin")
    stated = {name: getattr(passport, name) for name in names} | {"details": passport.details}
    return PassportFacts(**stated | {"quantity": Quantity(passport.quantity, passport.unit)} | changed)


def change(passport, **changed):
    actions.change(passport, facts_of(passport, **changed), By())


def refused(passport, **changed):
    with pytest.raises(ConflictError) as error:
        change(passport, **changed)
    return error.value


def pieces(number) -> Quantity:
    return Quantity(Decimal(number), Unit.PIECE)


def with_parts(work, *, sections=None, elements=None):
    before = work.details.work
    parts = Work(before.sections if sections is None else sections, before.elements if elements is None else elements)
    return msgspec.structs.replace(work.details, work=parts)


def test_until_something_happens_with_it_every_figure_may_be_corrected():
    passport = make_clean()
    change(passport, quantity=pieces(41), kg_per_unit=Decimal(21))
    assert (passport.quantity, passport.kg_per_unit) == (41, 21)


def test_the_amount_of_what_was_split_is_that_of_the_split():
    passport = make_clean()
    (child,) = lineage.split(passport, [Decimal(12)], ACT)
    for each, too_many in ((passport, 40), (child, 13)):
        assert refused(each, quantity=pieces(too_many)).field == "quantity"
    assert (passport.quantity, child.quantity, lineage_imbalances()) == (28, 12, [])


def test_what_was_lost_does_not_come_back_by_a_correction():
    passport = make_clean()
    lineage.lose(passport, Decimal(3), "gebroken", ACT)
    assert refused(passport, quantity=pieces(40)).field == "quantity"


def test_all_else_may_still_be_corrected():
    passport = make_clean()
    (child,) = lineage.split(passport, [Decimal(12)], ACT)
    change(child, name="Deuren van boven", building_year=2019)
    assert (child.name, child.building_year, child.quantity) == ("Deuren van boven", 2019, 12)


def test_what_came_out_of_another_weighs_what_it_weighed_there():
    passport = make_clean(mass_is_estimate=True)
    (child,) = lineage.split(passport, [Decimal(12)], ACT)
    assert refused(child, kg_per_unit=Decimal(21)).field == "kg_per_unit"
    change(child, kg_per_unit=None, length_mm=2000)
    assert (child.kg_per_unit, child.mass_is_estimate, child.length_mm) == (20, True, 2000)
    assert lineage_imbalances() == []


@pytest.mark.parametrize("status", [status for status in PassportStatus if status.is_over])
def test_what_is_over_stays_as_it_is(status):
    passport = make_clean(status=status)
    assert "geldt niet meer" in str(refused(passport, name="Iets anders"))
    assert actions.restate(passport, By(), seal=SEAL) is None
    assert queries.versions_of(passport.id) == []


def test_a_layer_out_of_which_something_was_milled_stays_and_holds_at_least_that():
    road = make_road(layer("D1", 100), layer("D2", 80))
    mill(road, {"V1/D1": Decimal(60)}, ACT)
    (section,) = road.details.work.sections
    first, second = section.layers

    def layers(*these):
        return with_parts(road, sections=(msgspec.structs.replace(section, layers=these),))

    assert "V1/D1" in str(refused(road, details=layers(second)))
    assert "60" in str(refused(road, details=layers(msgspec.structs.replace(first, mass_t=Decimal(50)), second)))
    assert "V1/D1" in str(refused(road, details=msgspec.structs.replace(road.details, work=None)))
    within_the_tolerance_of_weighing = msgspec.structs.replace(first, mass_t=Decimal(55))
    change(road, details=layers(within_the_tolerance_of_weighing))
    assert lineage_imbalances() == []


def test_an_element_out_of_which_something_was_harvested_keeps_its_unit_and_others_may_go():
    window = Element("raam", "door_interior", "Raam", Decimal(4), Unit.PIECE, Decimal(80))
    doors = Element("deur", "door_interior", "Binnendeur", Decimal(20), Unit.PIECE, Decimal(500))
    school = make_building(doors, window)
    harvest(school, quantity=Decimal(8), part="deur", act=ACT)
    other_unit = msgspec.structs.replace(doors, unit=Unit.M2)
    assert "deur" in str(refused(school, details=with_parts(school, elements=(other_unit,))))
    change(school, details=with_parts(school, elements=(doors,)))
    assert [each.id for each in school.details.work.elements] == ["deur"]


def test_facts_without_a_granularity_leave_it_as_it_is():
    passport = make_clean(granularity=Granularity.ITEM, quantity=Decimal(1))
    change(passport, name="De deur")
    assert passport.granularity is Granularity.ITEM
    actions.change(passport, replace(facts_of(passport), granularity=Granularity.BATCH), By())
    assert passport.granularity is Granularity.BATCH


def test_of_what_was_replaced_the_versions_can_still_be_withdrawn():
    passport = make_clean(quantity=Decimal(2))
    lineage.split(passport, [Decimal(1), Decimal(1)], ACT)
    actions.withdraw(passport, By(), reason="Vals rapport")
    assert passport.status is PassportStatus.REPLACED
    assert queries.find_withdrawal(passport.id).reason == "Vals rapport"
    with pytest.raises(ConflictError, match="al ingetrokken"):
        actions.withdraw(passport, By())
