"""Whether one label was seen at two places between which nobody can have carried it: a copy, perhaps. Pure rules."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Final

from marketplace.kit.places import Point

WITHIN: Final = timedelta(hours=1)
_FASTEST_KM_H: Final = 100.0
"""What a lorry or van does on the best of roads."""
_NEAR_KM: Final = 5.0
"""A place is known by its town, so that two ends of one town are no two places."""
_SAME_KM: Final = 1.0


@dataclass(frozen=True, slots=True)
class Sighting:
    """Hold when and where a label was seen; `place` is what people call it."""

    at: datetime
    place: str
    point: Point


def find_impossible(sightings: Iterable[Sighting], lots: Collection[Point] = ()) -> tuple[Sighting, Sighting] | None:
    """Return the last two sightings, the earlier first, between which no lorry can have brought the thing; or None.

    Of a batch that lies at several places every part carries the label: two sightings where `lots` of it lie are right.
    """
    in_time = sorted(sightings, key=lambda sighting: sighting.at, reverse=True)
    for later, earlier in pairwise(in_time):
        if _is_impossible(earlier, later) and not (_lies_at(earlier, lots) and _lies_at(later, lots)):
            return earlier, later
    return None


def _is_impossible(earlier: Sighting, later: Sighting) -> bool:
    hours = (later.at - earlier.at) / timedelta(hours=1)
    km = earlier.point.road_km_to(later.point)
    return later.at - earlier.at <= WITHIN and km > _NEAR_KM and km > _FASTEST_KM_H * hours


def _lies_at(sighting: Sighting, lots: Collection[Point]) -> bool:
    return any(sighting.point.km_to(point) <= _SAME_KM for point in lots)
