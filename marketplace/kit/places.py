"""Where things are: coordinates, distance, and the names of places in the Netherlands."""

import csv
from dataclasses import dataclass
from functools import lru_cache
from math import hypot
from pathlib import Path

_PLACES = Path(__file__).parent / "data" / "places_nl.csv"

ROAD_FACTOR = 1.3
"""Kilometres by road for one as the crow flies; the value of the matching problem, a common rule of thumb."""

# Coefficients (p, q, value) of the polynomials from WGS84 to RD New around Amersfoort, accurate to about a metre.
# Source: F.H. Schreutelkamp and G.L. Strang van Hees, "Benaderingsformules voor de transformatie tussen RD- en
# WGS84-kaartcoordinaten", Geodesia 43 (2001).
_EAST = (
    (0, 1, 190094.945),
    (1, 1, -11832.228),
    (2, 1, -114.221),
    (0, 3, -32.391),
    (1, 0, -0.705),
    (3, 1, -2.340),
    (1, 3, -0.608),
    (0, 2, -0.008),
    (2, 3, 0.148),
)
_NORTH = (
    (1, 0, 309056.544),
    (0, 2, 3638.893),
    (2, 0, 73.077),
    (1, 2, -157.984),
    (3, 0, 59.788),
    (0, 1, 0.433),
    (2, 2, -6.439),
    (1, 1, -0.032),
    (0, 4, 0.092),
    (1, 4, -0.054),
)


@dataclass(frozen=True, slots=True)
class Point:
    """A place on the Dutch national grid (RD New, EPSG:28992), in kilometres east and north."""

    x_km: float
    y_km: float

    def km_to(self, other: "Point") -> float:
        """Return the straight distance in km."""
        return hypot(self.x_km - other.x_km, self.y_km - other.y_km)

    def road_km_to(self, other: "Point") -> float:
        """Return an estimate of the distance by road in km."""
        return ROAD_FACTOR * self.km_to(other)


@dataclass(frozen=True, slots=True)
class NamedPlace:
    """A town or village with its position."""

    name: str
    latitude: float
    longitude: float
    population: int

    @property
    def point(self) -> Point:
        return to_grid(self.latitude, self.longitude)


def to_grid(latitude: float, longitude: float) -> Point:
    """Return the grid point of a WGS84 position in degrees, valid in and near the Netherlands."""
    north, east = 0.36 * (latitude - 52.15517440), 0.36 * (longitude - 5.38720621)
    x = 155000 + sum(value * north**p * east**q for p, q, value in _EAST)
    y = 463000 + sum(value * north**p * east**q for p, q, value in _NORTH)
    return Point(x / 1000, y / 1000)


@lru_cache
def all_places() -> tuple[NamedPlace, ...]:
    """Return every known place in order of name; the larger of two namesakes comes first."""
    with _PLACES.open(encoding="utf-8", newline="") as file:
        return tuple(
            NamedPlace(row["name"], float(row["latitude"]), float(row["longitude"]), int(row["population"]))
            for row in csv.DictReader(file)
        )


@lru_cache
def _by_name() -> dict[str, NamedPlace]:
    return {place.name.casefold(): place for place in reversed(all_places())}


def find_place(name: str) -> NamedPlace | None:
    """Return the place of this name in any case, or None."""
    return _by_name().get(" ".join(name.casefold().split()))


def suggest_places(start: str, limit: int = 6) -> list[NamedPlace]:
    """Return the largest places whose name begins with `start`."""
    wanted = start.strip().casefold()
    if not wanted:
        return []
    hits = [place for place in all_places() if place.name.casefold().startswith(wanted)]
    return sorted(hits, key=lambda place: (-place.population, place.name))[:limit]
