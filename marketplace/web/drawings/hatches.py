"""The marks that say what a face is made of: grain, rings, aggregate, insulation waves and the glint of glass."""

import math
from collections.abc import Callable

from marketplace.web.drawings.projection import Plane, Point, Space
from marketplace.web.drawings.scene import Scene


def _everywhere(_u: float, _v: float) -> bool:
    return True


def speckle(
    scene: Scene,
    plane: Plane,
    end: Point,
    count: int,
    *,
    start: Point = (0.0, 0.0),
    stones: bool = True,
    size: float = 0.16,
    colour: str | None = None,
    allowed: Callable[[float, float], bool] = _everywhere,
) -> None:
    """This will scatter the dots and small triangles of concrete over a rectangle of a plane."""
    dots: list[Space] = []
    for _ in range(count):
        u = scene.random.uniform(start[0] + size * 1.4, end[0] - size * 1.4)
        v = scene.random.uniform(start[1] + size * 1.4, end[1] - size * 1.4)
        if not allowed(u, v):
            continue
        if stones and scene.random.random() < 0.35:
            turn, radius = scene.random.uniform(0, 6.28), size * scene.random.uniform(0.8, 1.5)
            corners = [
                (u + radius * math.cos(turn + i * 2.09), v + radius * math.sin(turn + i * 2.09)) for i in range(3)
            ]
            scene.line([plane(*corner) for corner in (*corners, corners[0])], width=0.7, colour=colour)
        else:
            dots.append(plane(u, v))
    scene.dots(dots, colour=colour)


def grain(scene: Scene, plane: Plane, end: Point, count: int, *, start: Point = (0.0, 0.0)) -> None:
    """This will draw long, slightly slanted strokes of wood grain along u."""
    length, breadth = end[0] - start[0], end[1] - start[1]
    for _ in range(count):
        v = start[1] + breadth * scene.random.uniform(0.15, 0.85)
        u = start[0] + length * scene.random.uniform(0.04, 0.5)
        stop = u + length * scene.random.uniform(0.15, 0.42)
        scene.line([plane(u, v), plane(stop, v + breadth * scene.random.uniform(-0.05, 0.05))], width=0.6)


def rings(scene: Scene, x: float, corner: Point, size: Point, *, gap: float = 0.42) -> None:
    """This will draw the year rings on the end of a beam that lies along x."""
    centre = (scene.random.uniform(0.2, 0.8) * size[0], scene.random.uniform(-0.6, -0.1))
    reach = int(math.hypot(*size) / gap) + 2
    for ring in range(2, reach):
        arc: list[Space] = []
        for step in range(25):
            angle = math.pi * step / 24
            u, v = centre[0] + ring * gap * math.cos(angle), centre[1] + ring * gap * math.sin(angle)
            if 0.12 < u < size[0] - 0.12 and 0.12 < v < size[1] - 0.12:
                arc.append((x, corner[0] + u, corner[1] + v))
                continue
            _stroke(scene, arc)
            arc = []
        _stroke(scene, arc)


def _stroke(scene: Scene, arc: list[Space]) -> None:
    if len(arc) > 2:
        scene.line(arc, width=0.7)


def wave(scene: Scene, plane: Plane, start: Point, end: Point, loops: int) -> None:
    """This will draw the looped line by which building drawings show soft insulation."""
    length, height = end[0] - start[0], end[1] - start[1]
    points = []
    for step in range(loops * 10 + 1):
        turn = step / 10
        u = min(max((turn + 0.22 * math.sin(2 * math.pi * turn)) / loops, 0.0), 1.0)
        v = 0.5 - 0.42 * math.cos(2 * math.pi * turn)
        points.append(plane(start[0] + u * length, start[1] + v * height))
    scene.line(points, width=0.9)


def glint(scene: Scene, plane: Plane, start: Point, end: Point) -> None:
    """This will draw two slanted strokes of light on a pane."""
    u, v = start
    w, h = end[0] - u, end[1] - v
    rise = min(h * 0.35, w * 0.6)
    for left, low in ((0.22, 0.3), (0.4, 0.26)):
        foot = (u + w * left, v + h * low)
        scene.line([plane(*foot), plane(foot[0] + w * 0.3, foot[1] + rise)], width=0.7)


def pane(scene: Scene, plane: Plane, start: Point, end: Point, fill: str) -> None:
    """This will draw a pane of glass with its glint."""
    scene.panel(plane, start, end, fill)
    glint(scene, plane, start, end)


def joints(
    scene: Scene, plane: Plane, start: Point, end: Point, *, columns: int, rows: int, width: float = 0.7
) -> None:
    """This will divide a rectangle of a plane by straight joints."""
    (u, v), (far_u, far_v) = start, end
    for i in range(1, columns):
        at = u + (far_u - u) * i / columns
        scene.line([plane(at, v), plane(at, far_v)], width=width)
    for j in range(1, rows):
        at = v + (far_v - v) * j / rows
        scene.line([plane(u, at), plane(far_u, at)], width=width)
