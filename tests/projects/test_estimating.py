"""What a building may give: ranges that are careful, consistent, and no more than such buildings hold."""

import csv
from collections import defaultdict
from decimal import Decimal
from pathlib import Path

import pytest

from marketplace.kit.quantities import Unit
from marketplace.kit.tables import read_table
from marketplace.materials.dimensions import Dimensions
from marketplace.materials.masses import mass_per_unit
from marketplace.materials.vocabulary import find_category, get_category
from marketplace.projects.buildings import Building, BuildingType
from marketplace.projects.estimating import MARGIN, ExpectedItem, after_another, basis_after, basis_of, estimate

RASMI = Path(__file__).parents[3] / "shared" / "data" / "massintensity" / "rasmi_eu15_kg_per_m2.csv"

YEARS = (1905, 1935, 1958, 1975, 1989, 1998, 2004, 2015)
ALL = [(kind, year) for kind in BuildingType for year in YEARS]

# Under which function and structures of RASMI a type comes, the usual one first, and under which material a category.
LIKE = {
    BuildingType.TERRACED_HOUSE: ("RS", "MC"),
    BuildingType.DETACHED_HOUSE: ("RS", "MC"),
    BuildingType.FLAT: ("RM", "CM"),
    BuildingType.SCHOOL: ("NR", "CM"),
    BuildingType.OFFICE: ("NR", "CS"),
    BuildingType.HALL: ("NR", "S"),
    BuildingType.FARM: ("RS", "TM"),
}
MATERIAL_OF = {
    "roof_tile_clay_vh": "brick",
    "roof_tile_clay_oh": "brick",
    "brick_waal": "brick",
    "roof_tile_concrete": "concrete",
    "hollowcore_slab": "concrete",
    "balcony": "concrete",
    "concrete_stairs": "concrete",
    "timber_joist": "wood",
    "timber_oak_beam": "wood",
    "timber_truss": "wood",
    "timber_stairs": "wood",
    "timber_cladding": "wood",
    "floorboard": "wood",
    "glulam": "wood",
    "door_interior": "wood",
    "steel_hea": "steel",
    "steel_ipe": "steel",
    "roof_steel_sheet": "steel",
    "facade_steel": "steel",
    "balustrade": "steel",
    "radiator": "steel",
    "glass_partition": "glass",
}


def building(kind=BuildingType.TERRACED_HOUSE, area=1020, dwellings=12, year=1958):
    return Building(kind, area, dwellings, year)


def by_category(items):
    return {item.category: item for item in items}


def kg(item):
    sizes = Dimensions(*(size and Decimal(size) for size in (item.length_mm, item.width_mm, item.height_mm)))
    return mass_per_unit(get_category(item.category), sizes)[item.unit]


def test_every_row_names_a_kind_in_one_of_its_units_and_a_range_and_years():
    rows = read_table("marketplace.projects", "harvest_estimates")
    assert {row["building_type"] for row in rows} == {kind.value for kind in BuildingType}
    for row in rows:
        category = find_category(row["category"])
        assert category, row
        assert not category.banned, row
        assert Unit(row["unit"]) in category.units, row
        assert row["per"] in {"m2", "dwelling"}, row
        assert 0 < Decimal(row["low"]) < Decimal(row["high"]), row
        assert int(row["built_from"] or 0) < int(row["built_before"] or 9999), row
        assert bool(row["only_if_nl"]) == bool(row["only_if_en"]), row
        for slot in ("length", "width", "height"):
            if row[f"{slot}_mm"]:
                assert slot in {rule.slot.value for rule in category.dimensions}, row


@pytest.mark.parametrize(("kind", "year"), ALL)
def test_each_kind_comes_up_once_with_a_mass_and_a_range_above_nothing(kind, year):
    items = estimate(building(kind, 1500, 15, year))
    assert items
    assert len({item.key for item in items}) == len(items)
    for item in items:
        assert 0 < item.low <= item.high, item
        assert kg(item) > 0, item
        assert not item.unit.whole or item.low == item.low.to_integral_value(), item


def test_twelve_terraced_houses_of_1958():
    items = by_category(estimate(building()))
    tiles, doors, toilets = items["roof_tile_clay_vh"], items["door_interior"], items["toilet"]
    assert (tiles.low, tiles.high) == (5100, 9200)
    assert (doors.low, doors.high) == (40, 72)
    assert (toilets.low, toilets.high) == (9, 22)
    assert "roof_tile_concrete" not in items
    assert "brick_waal" not in items


@pytest.mark.parametrize(("year", "tiles"), [(1959, "roof_tile_clay_vh"), (1960, "roof_tile_concrete")])
def test_a_year_belongs_to_one_kind_of_roof(year, tiles):
    assert {key for key in by_category(estimate(building(year=year))) if key.startswith("roof_tile")} == {tiles}


def test_what_is_not_known_is_not_guessed():
    whole = by_category(estimate(building()))
    assert {"toilet", "kitchen"} & by_category(estimate(building(dwellings=None))).keys() == set()
    without_year = by_category(estimate(building(year=None)))
    assert "radiator" in without_year
    assert not [key for key in without_year if key.startswith(("roof_tile", "timber_joist", "brick"))]
    assert without_year.keys() < whole.keys() | {"door_interior"}


def test_a_building_too_small_for_one_piece_promises_none():
    assert "overhead_door" not in by_category(estimate(building(BuildingType.HALL, 900, None, 1998)))
    assert by_category(estimate(building(BuildingType.HALL, 1000, None, 1998)))["overhead_door"].low == 1


@pytest.mark.parametrize(("kind", "year"), ALL)
def test_a_larger_building_never_gives_less(kind, year):
    small, large = (by_category(estimate(building(kind, area, 20, year))) for area in (1000, 1010))
    for category, item in small.items():
        assert large[category].low >= item.low, category
        assert large[category].high >= item.high, category


def test_after_another_building_it_is_scaled_with_a_margin_that_holds_what_is_likely():
    item = ExpectedItem("X1", "radiator", Unit.PIECE, Decimal(47), Decimal(47))
    half = after_another(item, Decimal("0.5"))
    assert half is not None
    assert (half.low, half.high) == (18, 29)
    assert half.low <= Decimal("23.5") * (1 - MARGIN)
    assert half.high >= Decimal("23.5") * (1 + MARGIN)
    assert after_another(item, Decimal("0.01")) is None


def test_on_what_it_rests_fits_where_it_is_kept_whatever_the_names():
    most = building(BuildingType.DETACHED_HOUSE, 1_000_000, 5_000, 1958)
    for basis in (basis_of(most), basis_after("Sloop " * 20, 1_000_000, 1_000_000)):
        assert len(basis.source) <= 120
        assert len(basis.method) <= 120
    assert basis_of(building()).method == "rijwoningen, 1.020 m² bvo, 12 woningen, bouwjaar 1958"


@pytest.fixture(scope="module")
def spread():
    """kg per m2 by material, function and structure, from the 5th to the 95th percentile."""
    if not RASMI.exists():
        pytest.skip(f"the mass intensities of RASMI are not here: {RASMI}")
    with RASMI.open(encoding="utf-8") as rows:
        return {
            (row["material"], row["function"], row["structure"]): (Decimal(row["p5"]), Decimal(row["p95"]))
            for row in csv.DictReader(rows)
        }


def implied(kind, year):
    """Return the kg per m2 of each material, at the least and at the most, of a building of 10,000 m2."""
    least, most = defaultdict(Decimal), defaultdict(Decimal)
    for item in estimate(building(kind, 10_000, 100, year)):
        material = MATERIAL_OF.get(item.category)
        least[material] += item.low * kg(item) / 10_000
        most[material] += item.high * kg(item) / 10_000
    return least, most


@pytest.mark.parametrize(("kind", "year"), ALL)
def test_no_more_comes_out_of_a_building_than_such_buildings_hold(spread, kind, year):
    function, structures = LIKE[kind]
    _least, most = implied(kind, year)
    for material in set(MATERIAL_OF.values()):
        held = max(spread[material, function, structure][1] for structure in structures)
        assert most[material] <= held, (material, most[material], held)


@pytest.mark.parametrize(
    ("kind", "year", "material"),
    [
        (BuildingType.TERRACED_HOUSE, 1958, "wood"),
        (BuildingType.DETACHED_HOUSE, 1935, "wood"),
        (BuildingType.FLAT, 1975, "concrete"),
        (BuildingType.OFFICE, 1989, "concrete"),
        (BuildingType.HALL, 1998, "steel"),
        (BuildingType.FARM, 1935, "wood"),
    ],
)
def test_of_what_is_mostly_taken_out_whole_it_is_not_next_to_nothing_either(spread, kind, year, material):
    function, structures = LIKE[kind]
    _least, most = implied(kind, year)
    held, _p95 = spread[material, function, structures[0]]
    assert most[material] >= held / 4 > 0, (material, most[material], held)
