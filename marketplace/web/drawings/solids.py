"""Bodies built from a profile: extruded along an axis, round, turned, or a sheet that follows a line."""

import math
from collections.abc import Sequence
from itertools import pairwise
from typing import Literal

from marketplace.web.drawings.palettes import BEARER, Palette, mix, shade
from marketplace.web.drawings.projection import (
    Point,
    Space,
    circle,
    convex_hull,
    faces_viewer,
    project_all,
    signed_area,
)
from marketplace.web.drawings.scene import OUTLINE, Scene

Axis = Literal["x", "y", "z"]


def place(axis: Axis, along: float, point: Point) -> Space:
    """This will return where a profile point lies at a distance along the axis; profiles are (y,z), (x,z) or (x,y)."""
    u, v = point
    return {"x": (along, u, v), "y": (u, along, v), "z": (u, v, along)}[axis]


def _edge_normal(axis: Axis, start: Point, end: Point) -> Space:
    du, dv = end[0] - start[0], end[1] - start[1]
    length = math.hypot(du, dv) or 1.0
    return place(axis, 0.0, (dv / length, -du / length))


def _edges(profile: Sequence[Point]) -> list[tuple[Point, Point]]:
    turned = list(profile) if signed_area(profile) > 0 else list(profile)[::-1]
    return list(zip(turned, turned[1:] + turned[:1], strict=True))


def extrude(
    scene: Scene,
    profile: Sequence[Point],
    axis: Axis,
    start: float,
    length: float,
    *,
    paint: Palette | None = None,
    cap: str | None = None,
    width: float = OUTLINE,
) -> None:
    """This will draw a profile drawn out along an axis; the cut face (`cap`) closes the near end."""
    paint = paint or scene.palette
    end = start + length
    seen = [(a, b, n) for a, b in _edges(profile) if faces_viewer(n := _edge_normal(axis, a, b))]
    for a, b, normal in sorted(seen, key=lambda edge: sum(edge[0]) + sum(edge[1])):
        corners = (place(axis, start, a), place(axis, end, a), place(axis, end, b), place(axis, start, b))
        scene.face(corners, shade(paint, normal), width=width)
    near = place(axis, 1.0, (0.0, 0.0))
    scene.face([place(axis, end, point) for point in profile], cap or shade(paint, near), width=width)


def sheet(
    scene: Scene,
    line: Sequence[Point],
    axis: Axis,
    start: float,
    length: float,
    *,
    paint: Palette | None = None,
    folded: bool = True,
) -> None:
    """This will draw a thin sheet whose cross-section is a line from left to right; `folded` shows its sharp edges."""
    paint = paint or scene.palette
    end = start + length
    for a, b in pairwise(line):
        normal = _edge_normal(axis, b, a)
        if not faces_viewer(normal):
            continue
        scene.facet(
            [place(axis, along, p) for along, p in ((start, a), (end, a), (end, b), (start, b))], shade(paint, normal)
        )
        if folded:
            scene.line([place(axis, start, b), place(axis, end, b)], width=0.6)
    for along, weight in ((start, 1.0), (end, 1.8)):
        scene.line([place(axis, along, point) for point in line], width=weight, outline=True)
    for point in (line[0], line[-1]):
        scene.line([place(axis, start, point), place(axis, end, point)], width=OUTLINE, outline=True)


def tube(
    scene: Scene,
    axis: Axis,
    start: float,
    length: float,
    centre: Point,
    *,
    radius: float,
    bore: float = 0.0,
    paint: Palette | None = None,
    segments: int = 24,
    width: float = OUTLINE,
) -> None:
    """This will draw a round bar, or a pipe where `bore` is the inner radius, with its near end open to view."""
    paint = paint or scene.palette
    end = start + length
    ring = circle(radius, segments, centre=centre)
    ends = [place(axis, along, point) for along in (start, end) for point in ring]
    scene.on_paper(convex_hull(project_all(ends)), paint.left, width=width, outline=True)
    for a, b in _edges(ring):
        normal = _edge_normal(axis, a, b)
        if sum(normal) > 0.25:
            corners = (place(axis, start, a), place(axis, end, a), place(axis, end, b), place(axis, start, b))
            scene.facet(corners, shade(paint, normal))
    near = shade(paint, place(axis, 1.0, (0.0, 0.0)))
    scene.face([place(axis, end, point) for point in ring], near, width=width)
    if bore:
        hole = [place(axis, end, point) for point in circle(bore, segments, centre=centre)]
        scene.detail(hole, mix(paint.line, paint.right, 0.25), width=width * 0.8)


def turned(
    scene: Scene, foot: Space, outline: Sequence[Point], *, paint: Palette | None = None, lit: bool = True
) -> None:
    """This will draw a turned body upwards from its foot; the outline is (radius, height) from low to high."""
    paint = paint or scene.palette
    x, y, z = foot
    for (low_r, low), (high_r, high) in pairwise(outline):
        lower = [(x + u, y + v, z + low) for u, v in circle(low_r)]
        upper = [(x + u, y + v, z + high) for u, v in circle(high_r)]
        scene.on_paper(convex_hull(project_all(lower + upper)), paint.left, width=OUTLINE, outline=True)
        if lit and high > low:
            _turned_facets(scene, foot, ((low_r, low), (high_r, high)), paint)
    radius, height = outline[-1]
    scene.face([(x + u, y + v, z + height) for u, v in circle(radius)], paint.top)


def _turned_facets(scene: Scene, foot: Space, band: tuple[Point, Point], paint: Palette) -> None:
    x, y, z = foot
    (low_r, low), (high_r, high) = band
    slope = (low_r - high_r) / (math.hypot(low_r - high_r, high - low) or 1.0)
    for i in range(-3, 9):
        a, b = (math.pi * k / 12 for k in (i + 0.2, i + 1.0))
        normal = (math.cos((a + b) / 2), math.sin((a + b) / 2), max(slope, 0.0))
        if normal[0] + normal[1] < 0.3:
            continue
        corners = [
            (x + r * math.cos(angle), y + r * math.sin(angle), z + h)
            for r, h, angle in ((low_r, low, a), (low_r, low, b), (high_r, high, b), (high_r, high, a))
        ]
        scene.facet(corners, shade(paint, normal))


def strut(start: Point, end: Point, thickness: float) -> list[Point]:
    """This will return the profile of a straight member between two points of a truss."""
    du, dv = end[0] - start[0], end[1] - start[1]
    length = math.hypot(du, dv)
    nu, nv = -dv / length * thickness / 2, du / length * thickness / 2
    return [
        (start[0] + nu, start[1] + nv),
        (start[0] - nu, start[1] - nv),
        (end[0] - nu, end[1] - nv),
        (end[0] + nu, end[1] + nv),
    ]


def bearers(scene: Scene, places: Sequence[float], breadth: float, *, under: float = 0.0, height: float = 0.9) -> None:
    """This will lay timber bearers across y under a stack; `places` are their positions along x."""
    for x in places:
        scene.box((x, -0.3, under - height), (1.1, breadth + 0.6, height), paint=BEARER, width=1.0)
