"""Savings show all their terms and never mix what may not be mixed."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marketplace.impact.formulas import (
    MixedSetsError,
    MkiAmount,
    add_mki,
    co2_value_eur,
    mki_of_amount,
    mki_saving_eur,
    saving,
)

numbers = st.decimals(min_value=0, max_value=10_000, places=3)


def test_the_saving_is_new_minus_transport():
    reused = saving(
        gwp_new_per_kg=Decimal("2.52"), mass_kg=Decimal(1000), km=Decimal(40), truck_kg_per_tkm=Decimal("0.238")
    )
    assert (reused.new_kg, reused.reused_kg, reused.transport_kg) == (Decimal(2520), 0, Decimal("9.52"))
    assert reused.total_kg == Decimal("2510.48")


def test_far_transport_of_a_light_burden_saves_less_than_nothing():
    rubble = saving(
        gwp_new_per_kg=Decimal("0.01"), mass_kg=Decimal(1000), km=Decimal(60), truck_kg_per_tkm=Decimal("0.238")
    )
    assert rubble.total_kg < 0


@given(numbers, numbers, numbers, numbers)
def test_the_terms_sum_to_the_total(gwp, mass, km, truck):
    parts = saving(gwp_new_per_kg=gwp, mass_kg=mass, km=km, truck_kg_per_tkm=truck)
    assert parts.total_kg + parts.transport_kg + parts.reused_kg == parts.new_kg


def test_carbon_is_worth_thirteen_cents_a_kilogram():
    assert co2_value_eur(Decimal("2510.48"), Decimal("0.13")) == Decimal("326.36")


def test_mki_of_one_set_adds_up():
    floor = mki_of_amount(Decimal("2.87"), Decimal(72), "A1")
    assert floor == MkiAmount(Decimal("206.64"), "A1")
    assert add_mki([floor, floor]) == MkiAmount(Decimal("413.28"), "A1")
    assert add_mki([]) is None


def test_mki_of_different_sets_is_never_added():
    with pytest.raises(MixedSetsError, match="A1, A2"):
        add_mki([MkiAmount(Decimal(1), "A1"), MkiAmount(Decimal(1), "A2")])


def test_the_mki_saving_takes_off_what_harvest_and_transport_cost():
    new = MkiAmount(Decimal(100), "A1")
    assert mki_saving_eur(new=new, process=[MkiAmount(Decimal(12), "A1"), MkiAmount(Decimal(3), "A1")]) == 85
    assert mki_saving_eur(new=new, process=[]) == 100
    with pytest.raises(MixedSetsError):
        mki_saving_eur(new=new, process=[MkiAmount(Decimal(12), "A2")])
