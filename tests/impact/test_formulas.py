"""Savings show all their terms."""

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from marketplace.impact.formulas import co2_value_eur, saving

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
