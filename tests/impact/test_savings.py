"""A saving names the figures that it was made of, or is not given."""

from decimal import Decimal

import pytest

from marketplace.impact.savings import saving_by_reuse
from marketplace.kit.quantities import Unit, UnknownMassError

A_TONNE = Decimal(1000)


def test_a_steel_beam_saves_a_range():
    estimate = saving_by_reuse("steel_hea", mass_kg=A_TONNE, km=Decimal(40))
    assert estimate.typical.total_kg == Decimal("2510.48")
    assert estimate.lowest.total_kg == Decimal("890.48")
    assert estimate.truck.key == "truck_local_fossil_diesel"
    assert estimate.value_eur == Decimal("326.36")


@pytest.mark.parametrize("category_id", ["azobe_beam", "parquet", "boomklomp"])
def test_no_value_or_another_boundary_gives_no_saving(category_id):
    assert saving_by_reuse(category_id, mass_kg=A_TONNE, km=Decimal(40)) is None


def test_a_factor_per_square_metre_needs_the_mass_of_one():
    panel = saving_by_reuse("pv_panel", mass_kg=Decimal(20), km=Decimal(0), kg_per={Unit.M2: Decimal(10)})
    assert panel.typical.new_kg == 190
    with pytest.raises(UnknownMassError):
        saving_by_reuse("pv_panel", mass_kg=Decimal(20), km=Decimal(0))
