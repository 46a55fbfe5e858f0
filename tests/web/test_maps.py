"""Maps: everything is inside the frame, what would overlap is one marker, and nothing is told that is not known."""

from itertools import combinations
from math import hypot

import pytest

from marketplace.kit.places import Point
from marketplace.web.maps import Spot, area_of, frame_of, map_of
from tests.factories import place


def spot(name: str, kind: str = "stock", count: int = 1, **more) -> Spot:
    return Spot(place(name).point, name, kind, name=f"Partij in {name}", url=f"/{name}", count=count, **more)


@pytest.fixture
def page(context):
    """A page in Dutch, for the words on the markers."""
    with context.test_request_context("/", headers={"Accept-Language": "nl"}):
        yield


def by_label(drawn) -> dict:
    return {marker.label: marker for marker in drawn.markers}


def test_a_frame_holds_all_points_and_keeps_its_shape():
    assen, zwolle = place("Assen").point, place("Zwolle").point
    frame = frame_of([assen, zwolle], width=640, height=480)
    for x, y in (frame.at(assen), frame.at(zwolle)):
        assert 0 < x < 640
        assert 0 < y < 480
    middle = frame.at(Point((assen.x_km + zwolle.x_km) / 2, (assen.y_km + zwolle.y_km) / 2))
    assert middle == pytest.approx((320, 240), abs=0.2)


def test_north_is_up_and_east_is_right():
    frame = frame_of([place("Assen").point, place("Zwolle").point], width=640, height=480)
    assert frame.at(place("Assen").point)[1] < frame.at(place("Zwolle").point)[1]
    assert frame.at(place("Assen").point)[0] > frame.at(place("Zwolle").point)[0]


def test_one_point_gets_surroundings():
    frame = frame_of([place("Assen").point], width=640, height=480)
    assert frame.width / frame.scale == pytest.approx(16)


def test_no_point_at_all_shows_the_north(page):
    drawn = map_of([])
    assert drawn.markers == []
    assert {"Assen", "Groningen", "Zwolle"} <= {name.name for name in drawn.places}


def test_one_thing_leads_to_itself_and_several_to_their_place(page):
    drawn = map_of([spot("Assen"), spot("Zwolle", count=3)], url_of_area=lambda name, km: f"/rond/{name}/{km}")
    markers = by_label(drawn)
    assert markers["Partij in Assen, Assen"].url == "/Assen"
    assert markers["3 partijen op voorraad in Zwolle"].url == "/rond/Zwolle/5"


def test_what_would_overlap_is_one_marker_with_the_sum(page):
    apart = map_of([spot("Assen"), spot("Zwolle")])
    assert [marker.count for marker in apart.markers] == [1, 1]
    together = map_of([spot("Assen"), spot("Assen", count=4), spot("Zwolle"), spot("Groningen")])
    assert by_label(together)["5 partijen op voorraad in Assen"].count == 5
    assert len(together.markers) == 3


def test_neighbours_from_afar_are_told_as_in_and_around(page):
    far = [spot("Eindhoven"), spot("Utrecht")]
    drawn = map_of([spot("Assen", count=2), spot("Rolde"), *far])
    assert "3 partijen op voorraad in en om Assen" in by_label(drawn)


def test_kinds_never_share_a_marker_and_never_cover_each_other(page):
    drawn = map_of([spot("Assen", kind) for kind in ("stock", "expected", "need")] + [spot("Zwolle")])
    assert sorted(marker.kind for marker in drawn.markers) == ["expected", "need", "stock", "stock"]
    for one, other in combinations(drawn.markers, 2):
        assert hypot(one.x - other.x, one.y - other.y) > 25


def test_a_chosen_radius_is_one_ring_that_fits(page):
    drawn = map_of([spot("Assen")], near=place("Hoogeveen").point, radius_km=50)
    (ring,) = drawn.rings
    assert ring.label == "50 km"
    for edge in (ring.x - ring.radius, ring.y - ring.radius):
        assert edge >= 0
    assert ring.x + ring.radius <= drawn.width
    assert ring.y + ring.radius <= drawn.height


def test_a_place_without_a_radius_has_the_rings_that_fit(page):
    near = place("Hoogeveen").point
    drawn = map_of([spot("Assen"), spot("Zwolle")], near=near)
    assert [ring.label for ring in drawn.rings] == ["10 km", "25 km"]


def test_names_of_towns_do_not_run_into_each_other_where_it_is_drawn_narrow(page):
    drawn = map_of([])
    assert 3 <= len(drawn.places) <= 14
    for one, other in combinations(drawn.places, 2):
        left = min(one, other, key=lambda name: name.x)
        apart = abs(one.x - other.x) / 2 >= 6.5 * len(left.name) or max(one.x, other.x) > 0.82 * drawn.width
        assert apart or abs(one.y - other.y) / 2 >= 15, (one, other)


def test_a_name_is_not_written_under_a_marker_of_elsewhere(page):
    far = [spot("Meppel"), spot("Emmen")]
    assert "Beilen" in {name.name for name in map_of(far).places}
    beilen = place("Beilen").point
    covering = Spot(Point(beilen.x_km + 3, beilen.y_km + 1.5), "Westerbork", "stock")
    assert "Beilen" not in {name.name for name in map_of([*far, covering]).places}


def test_the_surroundings_tell_no_exact_place_unless_asked(page):
    assert area_of(place("Sleen").point).markers == []
    assert area_of(place("Sleen").point).area is not None
    exact = area_of(place("Sleen").point, exact=True)
    assert len(exact.markers) == 1
    assert exact.area is None


def test_the_ground_is_measured(page):
    drawn = map_of([spot("Assen"), spot("Zwolle")])
    assert drawn.grid_km in {10, 20}
    corners = [float(number) for _, points in drawn.shapes for pair in points.split() for number in pair.split(",")]
    assert min(corners) <= 0
    assert max(corners) >= drawn.height
