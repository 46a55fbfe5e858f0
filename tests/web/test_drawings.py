"""Every category has a drawing that a strict page may show: sound, small, always the same, and measured in Dutch."""

import re
from xml.etree import ElementTree as ET

import pytest

from marketplace.materials.vocabulary import categories, groups
from marketplace.web.drawings.catalogue import drawing, group_drawing
from marketplace.web.drawings.palettes import PALETTES, mix
from marketplace.web.drawings.rendering import dutch, path_data
from marketplace.web.drawings.table import CATEGORIES, GROUPS, STILL_IN_PLACE, UNKNOWN

HEAPS = {"asphalt_granulate", "asphalt_tar", "mixed_granulate", "concrete_granulate", "concrete_rubble", "roof_gravel"}
SIZES = (5400, 1196, 200)
SVG = "{http://www.w3.org/2000/svg}"


def parse(svg: str) -> ET.Element:
    return ET.fromstring(svg.replace("<svg", '<svg xmlns="http://www.w3.org/2000/svg"', 1))  # noqa: S314 - our own drawing, not a document from outside


def labels(svg: str) -> set[str]:
    return {text.text or "" for text in parse(svg).iter(f"{SVG}text")}


def numbers(svg: str) -> list[float]:
    return [float(n) for path in parse(svg).iter(f"{SVG}path") for n in re.findall(r"-?\d*\.?\d+", path.get("d") or "")]


def test_the_vocabulary_and_the_drawings_name_the_same_categories():
    assert {category.id for category in categories()} == set(CATEGORIES)
    assert {group.id for group in groups()} == set(GROUPS)


def test_each_of_the_151_categories_and_15_groups_has_a_figure():
    assert len(CATEGORIES) == 151
    assert len(GROUPS) == 15
    assert set(GROUPS.values()) | set(STILL_IN_PLACE) <= set(CATEGORIES)
    assert {palette for palette, _ in (*CATEGORIES.values(), UNKNOWN)} <= set(PALETTES)


@pytest.mark.parametrize("expected", [False, True])
def test_a_drawing_is_sound_small_and_safe_under_a_strict_policy(expected):
    for category in CATEGORIES:
        svg = drawing(category, dims=SIZES, expected=expected)
        root = parse(svg)
        told = (root.get("class"), root.get("aria-hidden"), root.get("viewBox"))
        assert told == ("art", "true", "0 0 320 240"), category
        assert sum(1 for _ in root.iter(f"{SVG}path")) > 5, category
        assert len(svg) < (40_000 if category in HEAPS else 25_000), category
        assert not re.search(r"style|<script|href|url\(|\bon\w+=|nan|inf", svg), category


def test_a_drawing_stays_on_its_paper():
    for category in CATEGORIES:
        corners = re.findall(r'd="M(-?\d*\.?\d+)[ ]?(-?\d*\.?\d+)', drawing(category, dims=SIZES))
        assert len(corners) > 5, category
        beside = [(x, y) for x, y in corners if not (-1 <= float(x) <= 321 and -1 <= float(y) <= 241)]
        assert [corner for corner in beside if not corner[0].startswith("-")] == [], category


def test_a_drawing_is_the_same_each_time_it_is_made():
    first = {category: drawing(category, dims=SIZES) for category in CATEGORIES}
    drawing.cache_clear()
    assert [category for category in CATEGORIES if drawing(category, dims=SIZES) != first[category]] == []


@pytest.mark.parametrize("sizes", [(1, 60_000, 1), (60_000, 1, 60_000), (0, 0, 0), (None, 900, None)])
def test_sizes_beyond_reason_still_give_a_drawing(sizes):
    far = {category: max(map(abs, numbers(drawing(category, dims=sizes)))) for category in CATEGORIES}
    assert {category: reach for category, reach in far.items() if reach >= 1000} == {}


def test_sizes_are_written_the_dutch_way():
    assert labels(drawing("hollowcore_slab", dims=SIZES)) == {"5.400", "1.196", "200"}
    assert [dutch(n) for n in (0, 999, 1000, 1234567)] == ["0", "999", "1.000", "1.234.567"]


def test_a_size_that_is_not_known_has_no_dimension_line():
    assert labels(drawing("hollowcore_slab", dims=(5400, None, None))) == {"5.400"}
    assert labels(drawing("hollowcore_slab")) == set()


def test_a_thumbnail_leaves_the_dimensions_out_but_keeps_the_proportions():
    thumbnail = drawing("door_interior", dims=(2015, 830, None), with_dimensions=False)
    assert labels(thumbnail) == set()
    assert thumbnail != drawing("door_interior", dims=(2315, 830, None), with_dimensions=False)


def test_a_door_carries_its_height_along_the_upright_line_and_its_width_below():
    turned = re.findall(r"rotate\((-?[\d.]+)\).*?>([\d.]+)</text>", drawing("door_interior", dims=(2015, 830, 40)))
    assert {label: float(angle) for angle, label in turned} == {"2.015": -90.0, "830": 30.0}


def test_what_still_stands_in_its_building_is_dashed_and_pale():
    stock, expected = (drawing("azobe_beam", dims=SIZES, expected=flag) for flag in (False, True))
    assert "stroke-dasharray" not in stock
    assert "stroke-dasharray" in expected
    assert PALETTES["azobe"].left in stock
    assert PALETTES["azobe"].left not in expected
    assert labels(stock) == labels(expected)


def test_every_category_can_be_dashed():
    for expected in (True, False):
        dashed = {category for category in CATEGORIES if "stroke-dasharray" in drawing(category, expected=expected)}
        assert dashed == (set(CATEGORIES) if expected else set())


def test_asphalt_lies_in_its_layers_until_it_is_milled():
    assert labels(drawing("asphalt_granulate", dims=(None, None, 180), expected=True)) == {"180"}
    assert labels(drawing("asphalt_granulate", dims=(None, None, 180))) == set()


@pytest.mark.parametrize("group", GROUPS)
def test_a_group_shows_one_of_its_categories_without_sizes(group):
    assert labels(group_drawing(group)) == set()
    assert group_drawing(group) != group_drawing("nothing we know")


def test_an_unknown_category_gets_the_crate():
    assert parse(drawing("no_such_category", dims=SIZES)).get("class") == "art"
    assert labels(drawing("no_such_category", dims=SIZES)) == {"5.400", "1.196"}


def test_the_paper_takes_the_size_that_is_asked_for():
    assert parse(drawing("kerb", width=640, height=360)).get("viewBox") == "0 0 640 360"


def test_path_data_keeps_rounding_from_adding_up():
    steps = path_data([(i / 3, 0.0) for i in range(31)], closed=False)
    start, *moves = re.findall(r"-?\d*\.?\d+", steps)[::2]
    assert float(start) + sum(map(float, moves)) == pytest.approx(10.0)


def test_colours_mix_from_one_end_to_the_other():
    assert mix("#000000", "#FFFFFF", 0) == "#000000"
    assert mix("#000000", "#FFFFFF", 0.5) == "#808080"
    assert mix("#000000", "#FFFFFF", 1) == "#FFFFFF"
