"""Maps as drawings of our own: no tiles, no script, every marker a link. Positions are SVG units, north is up."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from math import floor, hypot
from typing import Final, Literal, NamedTuple

from flask_babel import gettext, ngettext

from marketplace.kit.places import Point, all_places

Kind = Literal["stock", "expected", "need"]

WIDTH: Final = 640
HEIGHT: Final = 480
_NARROWEST_KM: Final = 16.0
_MARGIN: Final = 0.14
_PHONE: Final = 320
"""The narrowest that a map is drawn, in pixels, where nothing else is said. Markers and names do not shrink with it."""

_TOGETHER_PX: Final = 24
_ASIDE_PX: Final = 22
_LETTER_PX: Final = 6.5
_LINE_PX: Final = 16
_RADIUS_PX: Final = 13
_OUTER: Final = 0.82
_MOST_PLACES: Final = 14
_GRIDS_KM: Final = (1, 2, 5, 10, 20, 50, 100)
_RINGS_KM: Final = (10, 25, 50, 100)


@dataclass(frozen=True, slots=True)
class Spot:
    """Hold what lies somewhere: `count` things of one kind, at a place of this name.

    `name` and `url` are those of the thing itself and only count where it is one.
    """

    point: Point
    place: str
    kind: Kind
    name: str = ""
    url: str | None = None
    count: int = 1


@dataclass(frozen=True, slots=True)
class Marker:
    """Hold a marker as it is drawn."""

    x: float
    y: float
    count: int
    kind: Kind
    url: str | None
    label: str


class Ring(NamedTuple):
    """Hold a circle around the chosen place."""

    x: float
    y: float
    radius: float
    label: str


class Name(NamedTuple):
    """Hold the name of a town where it lies."""

    x: float
    y: float
    name: str


@dataclass(frozen=True, slots=True)
class MapView:
    """Hold a map as the macro `map` draws it. `grid_km` is how wide one square of its ground is."""

    markers: list[Marker]
    rings: list[Ring]
    places: list[Name]
    shapes: list[tuple[str, str]]
    width: int
    height: int
    grid_km: int
    area: tuple[float, float, float] | None = None


@dataclass(frozen=True, slots=True)
class Frame:
    """Hold which part of the country is drawn: its north-west corner in km, and how many units a km is."""

    west: float
    north: float
    scale: float
    width: int
    height: int
    narrowest_px: int = _PHONE

    def units(self, px: float) -> float:
        """Return how many units of the drawing this many pixels are where it is drawn narrowest."""
        return px * self.width / self.narrowest_px

    def at(self, point: Point) -> tuple[float, float]:
        """Return where a point of the national grid lies on the drawing."""
        return round((point.x_km - self.west) * self.scale, 1), round((self.north - point.y_km) * self.scale, 1)

    def shows(self, x: float, y: float) -> bool:
        """Tell whether a position lies on the drawing, with room for a name."""
        edge = self.units(10)
        return edge <= x <= self.width - edge and 2 * edge <= y <= self.height - edge


@dataclass(slots=True)
class _Cluster:
    x: float
    y: float
    kind: Kind
    spots: list[Spot] = field(default_factory=list)

    @property
    def count(self) -> int:
        return sum(spot.count for spot in self.spots)


AreaUrl = Callable[[str, int], str]
"""Gives the address where a heap is looked at closely, from its place and a radius in km."""

LabelOf = Callable[[Sequence[Spot]], str]
"""Says in words what the spots under one marker are."""


def map_of(
    spots: Sequence[Spot],
    *,
    near: Point | None = None,
    radius_km: int | None = None,
    url_of_area: AreaUrl | None = None,
    width: int = WIDTH,
    height: int = HEIGHT,
    narrowest_px: int = _PHONE,
) -> MapView:
    """Return a map that fits these spots, and the circle around `near` where there is one.

    Spots that would cover each other become one marker with their number, which leads to `url_of_area`.
    `narrowest_px` is the width on the narrowest screen where it is shown.
    """
    points = [spot.point for spot in spots]
    fitted = frame_of([*points, *_ends(near, radius_km)], width=width, height=height)
    frame = replace(fitted, narrowest_px=narrowest_px)
    markers = [_marker(cluster, frame, url_of_area) for cluster in _clusters(spots, frame)]
    return _view(frame, markers, _rings(frame, near, radius_km) if near else [])


def map_of_things(spots: Sequence[Spot], *, label_of: LabelOf, url_of_area: AreaUrl) -> MapView:
    """Return a map of things that each have a number of their own, such as projects with their needs.

    A thing by itself leads to itself, whatever its number; several that would cover each other to `url_of_area`.
    """
    frame = frame_of([spot.point for spot in spots], width=WIDTH, height=HEIGHT)
    markers = []
    for cluster in _clusters(spots, frame):
        first, is_one = cluster.spots[0], len(cluster.spots) == 1
        url = first.url if is_one else url_of_area(first.place, _reach_km(cluster, frame))
        markers.append(Marker(cluster.x, cluster.y, cluster.count, cluster.kind, url, label_of(cluster.spots)))
    return _view(frame, markers, [])


def area_of(point: Point, *, exact: bool = False, width: int = WIDTH, height: int = 360) -> MapView:
    """Return a map of the surroundings of a point: a marker where it lies, or only the area, without a marker."""
    frame = frame_of([point], width=width, height=height)
    x, y = frame.at(point)
    here = [Marker(x, y, 1, "stock", None, str(gettext("Hier ligt het")))] if exact else []
    area = None if exact else (x, y, 3 * frame.scale)
    grid_km = _grid_km(frame)
    return MapView(here, [], _names(frame, here), _ground(frame, grid_km), width, height, grid_km, area)


def frame_of(points: Iterable[Point], *, width: int, height: int) -> Frame:
    """Return the smallest frame of this shape that shows all points with a margin; without points, the North."""
    known = list(points) or [Point(205.0, 500.0), Point(270.0, 590.0)]
    xs, ys = [point.x_km for point in known], [point.y_km for point in known]
    wide = max((max(xs) - min(xs)) * (1 + 2 * _MARGIN), _NARROWEST_KM)
    high = max((max(ys) - min(ys)) * (1 + 2 * _MARGIN), _NARROWEST_KM * height / width)
    scale = min(width / wide, height / high)
    middle_x, middle_y = (max(xs) + min(xs)) / 2, (max(ys) + min(ys)) / 2
    return Frame(middle_x - width / scale / 2, middle_y + height / scale / 2, scale, width, height)


def _view(frame: Frame, markers: list[Marker], rings: list[Ring]) -> MapView:
    grid_km = _grid_km(frame)
    return MapView(
        markers=markers,
        rings=rings,
        places=_names(frame, markers),
        shapes=_ground(frame, grid_km),
        width=frame.width,
        height=frame.height,
        grid_km=grid_km,
    )


def _ends(near: Point | None, radius_km: int | None) -> list[Point]:
    if near is None:
        return []
    # The circle may touch the edge, although the frame adds its margin to these points.
    reach = (radius_km or 0) / (1 + 2 * _MARGIN) * 1.06
    return [Point(near.x_km + side * reach, near.y_km + up * reach) for side, up in ((-1, -1), (1, 1))]


def _clusters(spots: Sequence[Spot], frame: Frame) -> list[_Cluster]:
    found: list[_Cluster] = []
    near = frame.units(_TOGETHER_PX)
    for spot in sorted(spots, key=lambda spot: (-spot.count, spot.place, spot.kind, spot.name)):
        x, y = frame.at(spot.point)
        home = next((each for each in found if each.kind == spot.kind and hypot(each.x - x, each.y - y) < near), None)
        if home is None:
            home = _Cluster(x, y, spot.kind)
            found.append(home)
        home.spots.append(spot)
    return _apart(found, frame.units(_ASIDE_PX))


def _apart(clusters: list[_Cluster], step: float) -> list[_Cluster]:
    """Move markers of other kinds aside where they would cover an earlier one."""
    placed: list[_Cluster] = []
    for cluster in sorted(clusters, key=lambda each: -each.count):
        own = (cluster.x, cluster.y)
        for aside, up in ((0, 0), (1, 0), (0, 1), (-1, 0), (0, -1), (1, 1), (-1, -1)):
            cluster.x, cluster.y = own[0] + aside * step, own[1] - up * step
            if all(hypot(cluster.x - other.x, cluster.y - other.y) >= step for other in placed):
                break
        placed.append(cluster)
    return placed


def _marker(cluster: _Cluster, frame: Frame, url_of_area: AreaUrl | None) -> Marker:
    first = cluster.spots[0]
    if cluster.count == 1:
        label = f"{first.name}, {first.place}" if first.name else _label(cluster)
        return Marker(cluster.x, cluster.y, 1, cluster.kind, first.url, label)
    url = url_of_area(first.place, _reach_km(cluster, frame)) if url_of_area else None
    return Marker(cluster.x, cluster.y, cluster.count, cluster.kind, url, _label(cluster))


def _reach_km(cluster: _Cluster, frame: Frame) -> int:
    positions = [frame.at(spot.point) for spot in cluster.spots]
    first = positions[0]
    farthest = max(hypot(x - first[0], y - first[1]) for x, y in positions) / frame.scale
    return max(5, floor(farthest) + 2)


def _label(cluster: _Cluster) -> str:
    count = cluster.count
    told = {
        "stock": ngettext("%(num)s partij op voorraad", "%(num)s partijen op voorraad", count),
        "expected": ngettext("%(num)s partij nog in een gebouw", "%(num)s partijen nog in een gebouw", count),
        "need": ngettext("%(num)s behoefte", "%(num)s behoeften", count),
    }[cluster.kind]
    place = cluster.spots[0].place
    alone = all(spot.place == place for spot in cluster.spots)
    where = gettext("in %(place)s", place=place) if alone else gettext("in en om %(place)s", place=place)
    return f"{told} {where}"


def _rings(frame: Frame, near: Point, radius_km: int | None) -> list[Ring]:
    x, y = frame.at(near)
    wanted = (radius_km,) if radius_km else _RINGS_KM
    inside = [km for km in wanted if radius_km or y - km * frame.scale > 12]
    return [Ring(x, y, round(km * frame.scale, 1), f"{km} km") for km in inside]


@lru_cache
def _towns() -> list[tuple[Point, str]]:
    """Return every place with where it lies, the largest first."""
    return [(place.point, place.name) for place in sorted(all_places(), key=lambda place: -place.population)]


def _names(frame: Frame, markers: Sequence[Marker]) -> list[Name]:
    """Return the largest places whose names run neither into each other nor under a marker of elsewhere."""
    named: list[Name] = []
    taken: list[_Box] = []
    for point, name in _towns():
        x, y = frame.at(point)
        box = _box_of(name, x, y, frame, markers)
        if not frame.shows(x, y) or box.right > frame.width or any(box.meets(other) for other in taken):
            continue
        if any(box.meets(_box_around(marker, frame)) for marker in markers if not _is_at(marker, x, y)):
            continue
        named.append(Name(x, y, name))
        taken.append(box)
        if len(named) == _MOST_PLACES:
            break
    return named


class _Box(NamedTuple):
    left: float
    top: float
    right: float
    bottom: float

    def meets(self, other: "_Box") -> bool:
        beside = self.right < other.left or other.right < self.left
        return not beside and self.top < other.bottom and other.top < self.bottom


def _box_of(name: str, x: float, y: float, frame: Frame, markers: Sequence[Marker]) -> _Box:
    """Return the room that a name takes as the macro `map` writes it: above its dot, or below its own marker.

    In the outer part of the map it stands to the left.
    """
    length = frame.units(_LETTER_PX * len(name) + 8)
    left = x - length if x > _OUTER * frame.width else x
    base = y + frame.units(16 if any(_is_at(marker, x, y) for marker in markers) else -7)
    return _Box(left, base - frame.units(_LINE_PX * 0.75), left + length, base + frame.units(_LINE_PX * 0.25))


def _box_around(marker: Marker, frame: Frame) -> _Box:
    reach = frame.units(_RADIUS_PX)
    return _Box(marker.x - reach, marker.y - reach, marker.x + reach, marker.y + reach)


def _is_at(marker: Marker, x: float, y: float) -> bool:
    return abs(marker.x - x) < 16 and abs(marker.y - y) < 16


def _grid_km(frame: Frame) -> int:
    wanted = frame.width / frame.scale / 9
    return next((km for km in _GRIDS_KM if km >= wanted), _GRIDS_KM[-1])


def _ground(frame: Frame, grid_km: int) -> list[tuple[str, str]]:
    """Return the ground as the squares of the national grid, which give the map its measure."""
    east, south = frame.west + frame.width / frame.scale, frame.north - frame.height / frame.scale
    columns = range(floor(frame.west / grid_km), floor(east / grid_km) + 1)
    rows = range(floor(south / grid_km), floor(frame.north / grid_km) + 1)
    return [("land", _square(frame, column, row, grid_km)) for row in rows for column in columns]


def _square(frame: Frame, column: int, row: int, grid_km: int) -> str:
    corners = ((column, row), (column + 1, row), (column + 1, row + 1), (column, row + 1))
    points = [frame.at(Point(float(x * grid_km), float(y * grid_km))) for x, y in corners]
    return " ".join(f"{x:g},{y:g}" for x, y in points)
