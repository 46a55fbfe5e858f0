"""A label that was seen at two places between which nobody can have carried it."""

from datetime import UTC, datetime, timedelta

import pytest

from marketplace.kit.places import Point
from marketplace.scanning.sightings import Sighting, find_impossible

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)


def seen(minute, km, place="Assen"):
    return Sighting(NOON + timedelta(minutes=minute), place, Point(200 + km, 550))


@pytest.mark.parametrize(
    ("minutes", "km", "impossible"),
    [
        (10, 60, True),
        (45, 60, True),
        (50, 60, False),  # 78 km by road in fifty minutes
        (10, 3, False),  # two ends of one town
        (0, 30, True),
        (61, 300, False),  # longer ago than an hour says nothing
        (60, 300, True),
    ],
)
def test_what_no_lorry_can_do_within_an_hour_is_noticed(minutes, km, impossible):
    pair = (seen(0, 0), seen(minutes, km))
    assert find_impossible(reversed(pair)) == (pair if impossible else None)


def test_one_sighting_or_none_is_no_pair():
    assert find_impossible([]) is None
    assert find_impossible([seen(0, 0)]) is None


def test_the_last_pair_is_told_although_it_was_seen_again_later():
    first, second, again = seen(0, 0), seen(10, 80, "Hoogeveen"), seen(300, 80, "Hoogeveen")
    assert find_impossible([first, second, again]) == (first, second)


def test_parts_of_a_batch_may_lie_at_two_places_but_not_at_a_third():
    lots = [Point(200, 550), Point(280, 550)]
    assert find_impossible([seen(0, 0), seen(10, 80)], lots) is None
    assert find_impossible([seen(0, 0), seen(10, 60)], lots) is not None
