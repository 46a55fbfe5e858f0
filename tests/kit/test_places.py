"""Places: the grid agrees with known points, and names are found as people type them."""

import pytest

from marketplace.kit import places


def test_the_reference_point_of_the_grid_is_the_tower_of_amersfoort():
    point = places.to_grid(52.15517440, 5.38720621)
    assert (point.x_km, point.y_km) == (155.0, 463.0)


@pytest.mark.parametrize(
    ("latitude", "longitude", "x_km", "y_km"),
    [
        (53.21938317, 6.56820053, 233.88306, 582.065167),
        (52.37453253, 4.88352559, 120.700723, 487.525502),
    ],  # Martinitoren, Westertoren
)
def test_positions_come_out_on_the_grid(latitude, longitude, x_km, y_km):
    point = places.to_grid(latitude, longitude)
    assert point.x_km == pytest.approx(x_km, abs=0.002)
    assert point.y_km == pytest.approx(y_km, abs=0.002)


def test_hoogeveen_and_assen_lie_some_thirty_kilometres_apart():
    hoogeveen, assen = places.find_place("hoogeveen"), places.find_place(" ASSEN ")
    assert hoogeveen.point.km_to(assen.point) == pytest.approx(31, abs=1)
    assert hoogeveen.point.road_km_to(assen.point) == pytest.approx(40, abs=1.5)


def test_an_unknown_place_is_not_guessed():
    assert places.find_place("Boomklompdorp") is None


def test_suggestions_begin_with_what_was_typed_and_the_largest_comes_first():
    names = [place.name for place in places.suggest_places("hoo")]
    assert names
    assert all(name.lower().startswith("hoo") for name in names)
    assert places.suggest_places("  ") == []


@pytest.mark.parametrize("name", ["Sleen", "Schoonoord", "Odoorn", "Meppel", "Zwolle", "Emmen"])
def test_the_places_of_drenthe_and_the_north_are_known(name):
    assert places.find_place(name)
