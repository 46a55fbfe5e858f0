"""Roofs: tiles, slates, panels, rolls, domes and gutters."""

import math
from itertools import pairwise

from marketplace.web.drawings.hatches import glint, wave
from marketplace.web.drawings.palettes import PALETTES, mix
from marketplace.web.drawings.projection import Point, Space, circle, convex_hull, front, project_all, side
from marketplace.web.drawings.scene import Scene
from marketplace.web.drawings.solids import bearers, extrude, tube

SLOPE = 0.52


def _roll_height(turn: float, *, bold: float) -> float:
    turn %= 1
    if turn < 0.6:
        return -0.28 * math.sin(math.pi * turn / 0.6)
    return bold * math.sin(math.pi * (turn - 0.6) / 0.4)


def _double_roll(turn: float, *, bold: float) -> float:
    return bold * math.pow(max(math.sin(4 * math.pi * turn), 0.0), 1.4)


def tiles(scene: Scene, *, bold: float = 0.62, double: bool = False, across: int = 5, down: int = 4) -> None:
    """This will lay roof tiles on a slope; `bold` is the height of the roll, `double` the flat two-roll tile."""
    breadth, length = 3.0, 4.2
    shape = _double_roll if double else _roll_height

    def edge(y: float, lift: float, column: int) -> list[Space]:
        xs = [(column + k / 8) * breadth for k in range(9)]
        return [(x, y, shape(x / breadth, bold=bold) - SLOPE * y + lift) for x in xs]

    for row in reversed(range(down)):
        low, high = row * length + length, row * length - 0.5
        for column in range(across):
            top, bottom = edge(high, 0.05, column), edge(low, 0.5, column)
            _tile(scene, top, bottom, first=column == 0, folds=(2, 4, 6) if double else (5,))
            scene.face([*bottom, *edge(low, 0.08, column)[::-1]], scene.palette.right, width=1.0)
        if row == 0:
            for column in range(across):
                scene.line(edge(high, 0.05, column), width=1.2)
    foot = length * down
    scene.measure(0, (0, foot - length, -SLOPE * (foot - length) + 0.5), (0, foot, -SLOPE * foot + 0.5), (-2, 0, 0))
    scene.measure(1, (0, foot, -SLOPE * foot), (breadth, foot, -SLOPE * foot), (0, 1.6, -0.8))


def _tile(scene: Scene, top: list[Space], bottom: list[Space], *, first: bool, folds: tuple[int, ...]) -> None:
    tones = (scene.palette.top, scene.palette.left, scene.palette.right)
    scene.facet([*top, *bottom[::-1]], tones[0])
    for k in range(8):
        rise = top[k + 1][2] - top[k][2]
        if abs(rise) > 0.09:
            tone = mix(tones[0], tones[1], 0.8) if rise > 0 else tones[2]
            scene.facet([*top[k : k + 2], *bottom[k : k + 2][::-1]], tone)
    scene.line([top[-1], bottom[-1]], width=0.9, outline=True)
    for fold in folds:
        scene.line([top[fold], bottom[fold]], width=0.5)
    if first:
        scene.line([top[0], bottom[0]], width=1.2, outline=True)


def slates(scene: Scene, *, across: int = 7, down: int = 7) -> None:
    """This will hang slates on a slope, each row half a slate over from the last."""
    breadth, gauge, slope = 3.0, 2.3, 0.6
    tones = (
        scene.palette.top,
        scene.palette.left,
        mix(scene.palette.top, scene.palette.left, 0.5),
        mix(scene.palette.top, "#FFFFFF", 0.14),
    )
    for row in reversed(range(down)):
        low, high = (row + 1) * gauge, row * gauge - 1.4
        for column in range(across + row % 2):
            x = (column - (row % 2) / 2) * breadth
            start, end = max(x, 0.0), min(x + breadth, across * breadth)
            nick = 0.5 if end - start > 2 else 0.0
            corners = [
                (start, high),
                (end, high),
                (end, low - nick),
                (end - nick, low),
                (start + nick, low),
                (start, low - nick),
            ]
            lift = 0.0 if row % 2 else 0.02
            places = [(u, v, -slope * v + lift + 0.28 * (v - high) / 3.7) for u, v in corners]
            scene.face(
                [*places[2:6], *[(u, v, w - 0.24) for u, v, w in places[2:6]][::-1]], scene.palette.right, width=0.7
            )
            scene.face(places, scene.random.choice(tones), width=0.9)
    foot = down * gauge
    scene.measure(0, (0, foot - 3.7, -slope * (foot - 3.7)), (0, foot, -slope * foot), (-1.8, 0, 0))
    scene.measure(1, (0, foot, -slope * foot), (breadth, foot, -slope * foot), (0, 1.8, -1))


def sandwich_panel(scene: Scene) -> None:
    """This will stack insulated panels: profiled steel skins around a foam core."""
    length, breadth, thick, steel = 25.0, 12.0, 2.2, PALETTES["steel"]
    bearers(scene, (2.5, length - 4), breadth)
    for i in range(3):
        z = i * (thick + 0.75)
        scene.box((0, 0, z), (length, breadth, 0.22), paint=steel, width=0.9)
        scene.box((0, 0, z + 0.22), (length, breadth, thick - 0.22), paint=scene.palette, top=steel.top)
        dots = [
            (length, scene.random.uniform(0.4, breadth - 0.4), z + scene.random.uniform(0.5, thick - 0.2))
            for _ in range(45)
        ]
        scene.dots(dots, width=1.1)
        for k in range(5):
            y = k * (breadth - 1.0) / 4
            ridge = [(y, z + thick), (y + 0.25, z + thick + 0.6), (y + 0.75, z + thick + 0.6), (y + 1.0, z + thick)]
            extrude(scene, ridge, "x", 0.0, length, paint=steel, width=0.8)
    scene.measure(0, (0, breadth, 0), (length, breadth, 0), (0, 2.6, 0))
    scene.measure(1, (length, 0, 0), (length, breadth, 0), (2.6, 0, 0))


def rolls(scene: Scene, *, count: int = 3, loose: bool = True, marks: bool = False) -> None:
    """This will stack rolls of sheet material; one lies partly unrolled in front."""
    radius, length = 2.6, 15.0
    places = [(radius, radius), (3.05 * radius, radius), (2.02 * radius, 2.75 * radius)][:count]
    for y, z in places:
        _roll(scene, (y, z), radius, length, marks=marks)
    if loose:
        y = 5.4 * radius
        reach = y + 7.0
        flat = [(0, y, 0), (length, y, 0), (length, reach, 0), (0, reach, 0)]
        scene.face(flat, scene.palette.top)
        scene.face(
            [(length, y, 0), (length, reach, 0), (length, reach, -0.3), (length, y, -0.3)],
            scene.palette.right,
            width=0.9,
        )
        scene.face(
            [(0, reach, 0), (length, reach, 0), (length, reach, -0.3), (0, reach, -0.3)], scene.palette.left, width=0.9
        )
        speck = [
            (scene.random.uniform(0.6, length - 0.6), scene.random.uniform(y + 2.4, reach - 0.4), 0.0)
            for _ in range(70 if marks else 0)
        ]
        scene.dots(speck, width=1.1)
        _roll(scene, (y, radius * 0.8), radius * 0.8, length, marks=marks)
        scene.measure(0, (0, reach, 0), (length, reach, 0), (0, 2.4, 0))
        return
    scene.measure(0, (0, 4.1 * radius, 0), (length, 4.1 * radius, 0), (0, 2.4, 0))


def _roll(scene: Scene, centre: tuple[float, float], radius: float, length: float, *, marks: bool) -> None:
    tube(scene, "x", 0.0, length, centre, radius=radius)
    spiral = []
    for k in range(50):
        reach = radius * (0.96 - 0.72 * k / 50)
        spiral.append((length, centre[0] + reach * math.cos(k * 0.52), centre[1] + reach * math.sin(k * 0.52)))
    scene.line(spiral, width=0.7)
    if marks:
        for x in (3.0, length - 4.0):
            tube(scene, "x", x, 0.8, centre, radius=radius * 1.01, paint=PALETTES["board"], width=0.7)


def dome(scene: Scene) -> None:
    """This will draw a rooflight: a clear dome on an insulated kerb."""
    size, height, centre = 14.0, 3.2, 7.0
    scene.box((0, 0, 0), (size, size, height))
    for v in (0.9, 1.8):
        scene.line([(0, size, v), (size, size, v), (size, 0, v)], width=0.5)
    scene.box((-0.5, -0.5, height), (size + 1.0, size + 1.0, 0.7), paint=PALETTES["alu"])
    base = height + 0.7
    rings = []
    for k in range(6):
        lift = base + 4.6 * math.sin(k * math.pi / 12)
        outline = _rounded(6.6 * math.cos(k * math.pi / 12), k / 5)
        rings.append([(centre + u, centre + v, lift) for u, v in outline])
    glass = PALETTES["glass"]
    scene.on_paper(convex_hull(project_all(p for ring in rings for p in ring)), glass.left, width=1.2, outline=True)
    for ring in rings:
        scene.line([*ring, ring[0]], width=0.5)
    scene.line(
        [(centre - 3.2, centre + 3.4, base + 2.2), (centre - 0.6, centre + 2.2, base + 4.2)],
        width=2.2,
        colour="#FFFFFF",
    )
    scene.line(
        [(centre - 1.4, centre + 4.4, base + 1.8), (centre + 1.4, centre + 3.0, base + 3.6)],
        width=1.4,
        colour="#FFFFFF",
    )
    scene.measure(0, (0, size, 0), (size, size, 0), (0, 2.4, 0))
    scene.measure(1, (size, 0, 0), (size, size, 0), (2.4, 0, 0))


def _rounded(half: float, share: float) -> list[Point]:
    """An outline between a square (share 0) and a circle (share 1)."""
    stretched = [(point, half / max(abs(point[0]), abs(point[1]))) for point in circle(half, 24)]
    return [(u * (s * (1 - share) + share), v * (s * (1 - share) + share)) for (u, v), s in stretched]


def gutter(scene: Scene) -> None:
    """This will draw half-round gutters with a rolled bead, nested beside each other, on brackets."""
    length, radius = 27.0, 3.2
    for i in range(2):
        y0 = radius + i * 7.6
        arc = [
            (y0 + radius * math.cos(a), radius + radius * math.sin(a))
            for a in (math.pi + k * math.pi / 12 for k in range(13))
        ]
        inner, outer = arc[:7], arc[6:]
        _trough(scene, inner, length, scene.palette.right)
        _trough(scene, outer, length, scene.palette.left)
        scene.line([(length, *point) for point in arc], width=2.0, outline=True)
        scene.line([(0, *point) for point in arc[:7]], width=1.0, outline=True)
        for x in (5.0, 19.0):
            scene.line([(x, arc[0][0], arc[0][1]), (x, arc[-1][0], arc[-1][1])], width=2.0)
        tube(scene, "x", 0.0, length, (arc[-1][0] + 0.3, arc[-1][1]), radius=0.4, width=1.0, segments=12)
    far = radius * 2 + 7.6
    scene.measure(0, (0, far + 0.7, 2.0), (length, far + 0.7, 2.0), (0, 2.4, 0))


def _trough(scene: Scene, arc: list[tuple[float, float]], length: float, tone: str) -> None:
    for k, (a, b) in enumerate(pairwise(arc)):
        corners = [(0, *a), (length, *a), (length, *b), (0, *b)]
        scene.facet(corners, mix(tone, scene.palette.top, 0.14 * k))
    for point in (arc[0], arc[-1]):
        scene.line([(0, *point), (length, *point)], width=1.0, outline=True)


def insulated_boards(scene: Scene, *, mark: str = "wave", count: int = 4, thick: float = 2.5) -> None:
    """This will stack insulation boards: waves for wool, beads for EPS, foil-faced foam, or plain cells."""
    length, breadth = 20.0, 12.0
    for i in range(count):
        z, shift = i * (thick + 0.12), (0.0, 0.5, -0.3, 0.2)[i % 4]
        scene.box((shift, 0, z), (length, breadth, thick))
        end = shift + length
        if mark == "wave":
            wave(scene, side(end), (0, z), (breadth, z + thick), 9)
            wave(scene, front(breadth), (shift, z), (end, z + thick), 15)
        elif mark == "layers":
            for part in (0.25, 0.5, 0.75):
                w = z + thick * part
                scene.line([(shift, breadth, w), (end, breadth, w), (end, 0, w)], width=0.5)
        else:
            _beads(scene, mark, (shift, breadth, z), (length, thick))
    top = count * (thick + 0.12) - 0.12
    if mark == "foil":
        for k in range(1, 6):
            scene.line([(length * k / 6, 0.4, top), (length * k / 6 - 2.5, breadth - 0.4, top)], width=0.5)
    scene.measure(0, (0.2, breadth, 0), (length + 0.2, breadth, 0), (0, 2.8, 0))
    scene.measure(1, (length, 0, 0), (length, breadth, 0), (2.6, 0, 0))
    scene.measure(2, (0, breadth, 0), (0, breadth, thick), (-1.8, 0, 0))


def _beads(scene: Scene, mark: str, corner: Space, size: tuple[float, float]) -> None:
    (x, breadth, z), (length, thick) = corner, size
    if mark == "foil":
        for w in (z + 0.2, z + thick - 0.2):
            scene.line([(x, breadth, w), (x + length, breadth, w), (x + length, 0, w)], width=1.0)
    count = {"beads": 60, "foil": 30, "cells": 46}[mark]
    for plane, reach in ((front(breadth), (x, x + length)), (side(x + length), (0.0, breadth))):
        for _ in range(count):
            u, v = scene.random.uniform(reach[0] + 0.3, reach[1] - 0.3), z + scene.random.uniform(0.4, thick - 0.4)
            if mark == "beads":
                scene.line(
                    [plane(u + 0.22 * math.cos(a), v + 0.22 * math.sin(a)) for a in (0, 1.26, 2.51, 3.77, 5.03, 6.28)],
                    width=0.5,
                )
            else:
                scene.dots([plane(u, v)], width=1.1, colour="#B9BCBE" if mark == "cells" else None)


def cassettes(scene: Scene) -> None:
    """This will draw aluminium façade cassettes with open joints on a wall."""
    width, height, columns, rows = 19.0, 15.0, 3, 3
    scene.box((0, -1.0, 0), (width, 1.0, height), paint=PALETTES["anthracite"])
    for i in range(columns):
        for j in range(rows):
            if (i, j) == (2, 2):
                continue
            x, z = width * i / columns + 0.2, height * j / rows + 0.2
            scene.box((x, 0.3, z), (width / columns - 0.4, 0.8, height / rows - 0.4))
            glint(scene, front(1.1), (x, z), (x + width / columns, z + height / rows))
    scene.box((width * 0.8, 5.0, 0), (width / columns - 0.4, 0.8, height / rows - 0.4))
    scene.measure(0, (0.2, 1.1, 0.2), (width / columns - 0.2, 1.1, 0.2), (0, 2.4, 0))
