"""Every factor comes with its source, and where none is known there is none."""

from decimal import Decimal

import pytest

from marketplace.impact.factors import (
    Boundary,
    co2_price,
    gwp_of,
    mki_of,
    truck_factor,
)
from marketplace.kit.quantities import Unit
from marketplace.materials.vocabulary import categories


def test_a_factor_names_its_source_boundary_and_year():
    factor = gwp_of("hollowcore_slab")
    assert (factor.value, factor.per, factor.boundary) == (Decimal("0.15"), Unit.KG, Boundary.A1_A3)
    assert (factor.source_id, factor.year) == ("6000000059", "2025")
    assert factor.conservative == Decimal("0.188")


def test_every_factor_is_positive_and_belongs_to_a_category():
    found = [factor for category in categories() if (factor := gwp_of(category.id))]
    assert len(found) == 151 - 27
    assert all(factor.value > 0 and factor.source and factor.source_id for factor in found)
    assert sum(factor.boundary is Boundary.PRODUCTION_AND_DISPOSAL for factor in found) == 24


@pytest.mark.parametrize("category_id", ["azobe_beam", "sleeper", "lift", "boomklomp"])
def test_a_blank_stays_a_blank(category_id):
    assert gwp_of(category_id) is None


def test_structural_steel_has_a_range_and_roof_tiles_have_not():
    assert (gwp_of("steel_hea").lowest, gwp_of("steel_hea").value) == (Decimal("0.90"), Decimal("2.52"))
    assert gwp_of("roof_tile_clay_vh").lowest == gwp_of("roof_tile_clay_vh").value


def test_the_mki_of_the_nearest_thickness_counts():
    assert mki_of("hollowcore_slab", Decimal(265)).description == "Kanaalplaat 260"
    assert mki_of("hollowcore_slab", Decimal(200)).value_eur == Decimal("2.87")
    assert mki_of("roof_steel_sheet", Decimal(106)).thickness_mm == 110


def test_a_thickness_far_from_every_declared_one_has_no_mki():
    assert mki_of("hollowcore_slab", Decimal(900)) is None
    assert mki_of("hollowcore_slab") is None


def test_a_value_per_kilogram_serves_where_thickness_is_unknown_or_too_far():
    assert mki_of("precast_wall").per is Unit.KG
    assert mki_of("precast_wall", Decimal(1000)).per is Unit.KG
    assert mki_of("precast_wall", Decimal(200)).value_eur == Decimal("8.96")
    assert mki_of("steel_hea").value_eur == Decimal("0.12")


def test_a_floor_element_says_nothing_of_a_loose_stud():
    assert mki_of("timber_stud", Decimal(200)).per is Unit.KG


def test_every_mki_names_its_set():
    assert mki_of("clt", Decimal(120)).norm_set == "A1"
    assert mki_of("brick_waal") is None


@pytest.mark.parametrize(("km", "value"), [(0, "0.238"), (59, "0.238"), (60, "0.0951"), (300, "0.0951")])
def test_short_rounds_cost_more_per_tonne_kilometre(km, value):
    assert truck_factor(Decimal(km)).value == Decimal(value)


def test_the_price_is_known():
    assert co2_price().value == Decimal("0.13")
