"""Label stock: every label lies on the page, none on another, and used-up places are left out."""

from itertools import combinations

import pytest

from marketplace.kit.errors import InvalidInputError, NotFoundError
from marketplace.labels import media
from marketplace.labels.media import MEDIA, Kind

every_medium = pytest.mark.parametrize("medium", MEDIA.values(), ids=MEDIA)


@every_medium
def test_all_labels_lie_on_the_page_and_none_on_another(medium):
    places = [medium.position(n) for n in range(medium.per_page)]
    for place in places:
        assert place.page == 0
        assert 0 <= place.x <= medium.page_width - medium.width + 0.001
        assert 0 <= place.y <= medium.page_height - medium.height + 0.001
    for one, other in combinations(places, 2):
        assert abs(one.x - other.x) >= medium.width - 0.001 or abs(one.y - other.y) >= medium.height - 0.001


@pytest.mark.parametrize(
    ("medium_id", "grid"),
    [
        ("l7159", (24, 7.25, 12.9, 66, 33.9)),
        ("l7160", (21, 7.25, 15.15, 66, 38.1)),
        ("l7163", (14, 4.65, 15.15, 101.6, 38.1)),
        ("l7165", (8, 4.65, 13.1, 101.6, 67.7)),
        ("l7173", (10, 4.65, 6, 101.6, 57)),
        ("l7167", (1, 5.2, 3.95, 199.6, 289.1)),
    ],
)
def test_sheets_have_the_margins_of_the_maker(medium_id, grid):
    medium = media.get(medium_id)
    measured = (medium.per_page, medium.margin_left, medium.margin_top, medium.pitch_x, medium.pitch_y)
    assert measured == pytest.approx(grid, abs=0.05)


def test_labels_go_by_row_and_on_to_the_next_page():
    medium = media.get("l7160")
    assert [medium.position(n).x for n in range(3)] == [7.25, 73.25, 139.25]
    assert medium.position(3).x == 7.25
    assert medium.position(3).y == pytest.approx(15.15 + 38.1)
    assert (medium.position(20).page, medium.position(21).page) == (0, 1)


def test_skipped_places_are_left_out_on_the_first_page_only():
    medium = media.get("l7160")
    assert medium.position(0, skip=4) == medium.position(4)
    assert medium.position(17, skip=4).page == 1
    assert [medium.pages(count, skip=4) for count in (17, 18, 38, 39)] == [1, 2, 2, 3]


@pytest.mark.parametrize(("medium_id", "skip"), [("l7160", 21), ("l7160", -1), ("62x50", 1)])
def test_a_place_that_is_not_on_the_page_cannot_be_skipped_to(medium_id, skip):
    with pytest.raises(InvalidInputError) as refused:
        media.get(medium_id).position(0, skip)
    assert refused.value.field == "skip"


def test_an_unknown_medium_is_refused():
    with pytest.raises(NotFoundError):
        media.get("l9999")


@every_medium
def test_every_medium_has_a_name_in_both_languages(medium):
    assert medium.name("nl") != medium.name("en_GB")


def test_rolls_sheets_and_crane_sizes_are_all_there():
    assert {medium.kind for medium in MEDIA.values()} == set(Kind)
    assert {(m.width, m.height) for m in MEDIA.values() if m.kind is Kind.CRANE} == {(148, 210), (210, 297)}
