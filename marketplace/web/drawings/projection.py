"""One isometric projection for every drawing: x runs to the lower right, y to the lower left, z upwards."""

import math
from collections.abc import Callable, Iterable, Sequence
from itertools import pairwise

Point = tuple[float, float]
Space = tuple[float, float, float]
Plane = Callable[[float, float], Space]

_COS = math.cos(math.radians(30))
_SIN = math.sin(math.radians(30))


def project(place: Space) -> Point:
    """This will return where a place in space lands on paper, in the same unit, with y growing downwards."""
    x, y, z = place
    return (x - y) * _COS, (x + y) * _SIN - z


def project_all(places: Iterable[Space]) -> tuple[Point, ...]:
    """This will project each place in turn."""
    return tuple(project(place) for place in places)


def faces_viewer(normal: Space) -> bool:
    """This will tell whether a face with this outward normal can be seen; the viewer looks along (-1, -1, -1)."""
    return sum(normal) > 1e-9


def front(y: float) -> Plane:
    """This will return the upright plane that faces lower left: (u, v) is (x, z)."""
    return lambda u, v: (u, y, v)


def side(x: float) -> Plane:
    """This will return the upright plane that faces lower right: (u, v) is (y, z)."""
    return lambda u, v: (x, u, v)


def level(z: float) -> Plane:
    """This will return a horizontal plane: (u, v) is (x, y)."""
    return lambda u, v: (u, v, z)


def circle(radius: float, segments: int = 28, *, centre: Point = (0.0, 0.0)) -> list[Point]:
    """This will return a circle as a closed polygon in plane coordinates, counter-clockwise."""
    step = 2 * math.pi / segments
    return [(centre[0] + radius * math.cos(i * step), centre[1] + radius * math.sin(i * step)) for i in range(segments)]


def signed_area(polygon: Sequence[Point]) -> float:
    """This will return the area of a polygon, positive where it runs counter-clockwise."""
    closed = [*polygon, polygon[0]]
    return sum(a[0] * b[1] - b[0] * a[1] for a, b in pairwise(closed)) / 2


def _half_hull(points: list[Point]) -> list[Point]:
    hull: list[Point] = []
    for point in points:
        while len(hull) > 1 and signed_area([hull[-2], hull[-1], point]) <= 0:
            hull.pop()
        hull.append(point)
    return hull[:-1]


def convex_hull(points: Iterable[Point]) -> tuple[Point, ...]:
    """This will return the outline around points on paper (Andrew's monotone chain)."""
    ordered = sorted(set(points))
    return (*_half_hull(ordered), *_half_hull(ordered[::-1]))
