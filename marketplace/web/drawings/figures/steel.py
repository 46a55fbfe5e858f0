"""Metal: rolled sections with a dark cut face, hollow sections, bars, sheet piles, a truss, stairs and rails."""

import math
from itertools import pairwise

from marketplace.web.drawings.palettes import PALETTES
from marketplace.web.drawings.projection import Point, circle
from marketplace.web.drawings.scene import Scene
from marketplace.web.drawings.solids import bearers, extrude, sheet, strut, tube, turned

LENGTH = 26.0


def _measure_length(scene: Scene, far: float, length: float = LENGTH) -> None:
    scene.measure(0, (0, far, 0), (length, far, 0), (0, 2.8, 0))


def i_sections(scene: Scene, *, breadth: float = 6.0, height: float = 5.8, flange: float = 0.62) -> None:
    """This will lay two I or H sections side by side; the proportions tell IPE, HEA and HEB apart."""
    web = flange * 0.72
    bearers(scene, (3, LENGTH - 5), 2 * breadth + 1.0)
    for first, shift in ((0.0, -0.7), (breadth + 1.2, 0.0)):
        middle = first + breadth / 2
        near, far = middle - web / 2, middle + web / 2
        profile = [
            (first, 0.0), (first + breadth, 0.0), (first + breadth, flange), (far, flange), (far, height - flange),
            (first + breadth, height - flange), (first + breadth, height), (first, height), (first, height - flange),
            (near, height - flange), (near, flange), (first, flange),
        ]  # fmt: skip
        extrude(scene, profile, "x", shift, LENGTH, cap=scene.palette.line)
        scene.line([(shift + 1.5, middle, height), (shift + 9, middle, height)], width=0.6)
    _measure_length(scene, 2 * breadth + 1.2)
    scene.measure(2, (LENGTH, 0, 0), (LENGTH, 0, height), (1.6, -1.6, 0))


def channels(scene: Scene) -> None:
    """This will stack channel sections with their flanges towards the viewer."""
    breadth, height, thick = 3.2, 5.2, 0.55
    bearers(scene, (3, LENGTH - 5), 3 * (breadth + 0.8))
    for i in range(3):
        y = i * (breadth + 0.8)
        profile = [
            (y, 0.0), (y + breadth, 0.0), (y + breadth, thick), (y + thick, thick), (y + thick, height - thick),
            (y + breadth, height - thick), (y + breadth, height), (y, height),
        ]  # fmt: skip
        extrude(scene, profile, "x", scene.random.uniform(-0.8, 0.0), LENGTH, cap=scene.palette.line)
    _measure_length(scene, 3 * (breadth + 0.8) - 0.8)
    scene.measure(2, (LENGTH, 0, 0), (LENGTH, 0, height), (1.6, -1.6, 0))


def studs(scene: Scene) -> None:
    """This will bundle thin metal-stud channels, lying in each other."""
    breadth, thick = 4.4, 0.22
    for layer in range(3):
        for i in range(3):
            y, z = i * (breadth + 0.3), layer * 1.9
            profile = [
                (y, z), (y + breadth, z), (y + breadth, z + 1.6), (y + breadth - thick, z + 1.6),
                (y + breadth - thick, z + thick), (y + thick, z + thick), (y + thick, z + 1.6), (y, z + 1.6),
            ]  # fmt: skip
            shift = scene.random.uniform(-0.7, 0.0)
            extrude(scene, profile, "x", shift, LENGTH, cap=scene.palette.line, width=0.9)
            if layer == 2:
                for x in (5.0, 12.0, 19.0):
                    slot = circle(0.5, 14, centre=(x, y + breadth / 2))
                    scene.detail([(u, v, z + thick) for u, v in slot], scene.palette.right)
    _measure_length(scene, 3 * (breadth + 0.3))


def hollow_sections(scene: Scene) -> None:
    """This will stack square hollow sections and one round pipe."""
    size, thick = 3.0, 0.42
    bearers(scene, (3, LENGTH - 5), 3 * size + 1.0)
    for row, count in enumerate((3, 2)):
        for i in range(count):
            y, z = (i + row / 2) * (size + 0.35), row * (size + 0.15)
            shift = scene.random.uniform(-0.8, 0.0)
            scene.box((shift, y, z), (LENGTH, size, size))
            end = LENGTH + shift
            rim = [
                (end, y + u, z + v)
                for u, v in ((thick, thick), (size - thick, thick), (size - thick, size - thick), (thick, size - thick))
            ]
            scene.detail(rim, scene.palette.line)
    tube(scene, "x", 2.0, LENGTH - 3, (3 * size + 2.6, 1.5), radius=1.5, bore=1.15)
    _measure_length(scene, 3 * size + 4.4)


def angles(scene: Scene, *, count: int = 4, size: float = 4.0) -> None:
    """This will lay angle sections beside each other; one or two stand for lintels."""
    thick, pitch = 0.5, size + 0.6
    bearers(scene, (3, LENGTH - 5), count * pitch)
    for i in range(count):
        y = i * pitch
        profile = [(y, 0.0), (y + size, 0.0), (y + size, thick), (y + thick, thick), (y + thick, size), (y, size)]
        extrude(scene, profile, "x", scene.random.uniform(-0.8, 0.0), LENGTH, cap=scene.palette.line)
    _measure_length(scene, count * pitch - 0.6)
    scene.measure(2, (LENGTH, 0, 0), (LENGTH, 0, size), (1.6, -1.6, 0))


def truss(scene: Scene) -> None:
    """This will draw a lattice truss: two chords and a zigzag of diagonals, a second one behind it."""
    span, height, bays = 30.0, 6.5, 6
    for y in (0.0, 6.0):
        extrude(scene, strut((0, 0.4), (span, 0.4), 0.8), "y", y, 1.0, width=1.0)
        for k in range(bays + 1):
            x = 0.4 + (span - 0.8) * k / bays
            if k < bays:
                step = (span - 0.8) / bays
                ends = ((x, 0.8), (x + step, height - 0.8)) if k < bays / 2 else ((x, height - 0.8), (x + step, 0.8))
                extrude(scene, strut(*ends, 0.45), "y", y + 0.25, 0.5, width=0.9)
            extrude(scene, strut((x, 0.8), (x, height - 0.8), 0.5), "y", y + 0.2, 0.6, width=0.9)
        extrude(scene, strut((0, height - 0.4), (span, height - 0.4), 0.8), "y", y, 1.0, width=1.0)
    scene.measure(0, (0, 7, 0), (span, 7, 0), (0, 2.4, 0))
    scene.measure(2, (0, 7, 0), (0, 7, height), (-2.2, 0, 0))


def hall(scene: Scene) -> None:
    """This will draw the frame of a demountable hall: portals, purlins and a few roof sheets."""
    span, eaves, ridge, bay, frames = 20.0, 8.0, 11.6, 7.0, 4
    middle = span / 2

    def portal(y: float) -> None:
        for x in (0.0, span - 0.9):
            scene.box((x, y, 0), (0.9, 0.7, eaves), width=1.0)
        extrude(scene, strut((0, eaves), (middle, ridge), 0.9), "y", y, 0.7, width=1.0)
        extrude(scene, strut((span, eaves), (middle, ridge), 0.9), "y", y, 0.7, width=1.0)

    for i in range(frames):
        portal(i * bay)
        if i < frames - 1:
            for part in (0.12, 0.5, 0.9):
                start, end = i * bay + 0.7, (i + 1) * bay
                for x in (middle * part, span - middle * part):
                    z = eaves + (ridge - eaves) * part + 0.5
                    scene.line([(x, start, z), (x, end, z)], width=1.6, outline=True)
            if i == 0:
                roof = [
                    (middle, 0, ridge + 0.6),
                    (span + 0.6, 0, eaves + 0.5),
                    (span + 0.6, bay, eaves + 0.5),
                    (middle, bay, ridge + 0.6),
                ]
                scene.face(roof, scene.palette.top)
                for k in range(1, 12):
                    y = bay * k / 12
                    scene.line([(middle, y, ridge + 0.6), (span + 0.6, y, eaves + 0.5)], width=0.5)
            scene.line([(span, i * bay + 0.7, 0.3), (span, (i + 1) * bay, eaves - 0.4)], width=0.8)
    far = (frames - 1) * bay + 0.7
    scene.measure(1, (0, far, 0), (span, far, 0), (0, 2.4, 0))
    scene.measure(0, (span, 0, 0), (span, far, 0), (2.2, 0, 0))
    scene.measure(2, (0, far, 0), (0, far, eaves), (-2.0, 0, 0))


def sheet_piles(scene: Scene) -> None:
    """This will draw interlocking sheet piles standing as a wall."""
    pitch, depth, height, count = 5.2, 3.0, 15.0, 4
    line: list[Point] = []
    for i in range(count):
        x, inner = i * pitch, (i % 2) * depth
        line += [(x, depth - inner), (x + 0.9, inner), (x + pitch - 0.9, inner)]
    line.append((count * pitch, depth / 2))
    for a, b in pairwise(line):
        faces_right = b[1] < a[1]
        flat = a[1] == b[1]
        fill = scene.palette.left if flat else scene.palette.right if faces_right else scene.palette.top
        scene.face([(*a, 0.0), (*b, 0.0), (*b, height), (*a, height)], fill)
    scene.line([(*point, height) for point in line], width=3.0, outline=True)
    scene.measure(0, (0, depth, 0), (0, depth, height), (-2.2, 0, 0))
    scene.measure(1, (0, depth, 0), (pitch, depth, 0), (0, 2.0, 0))


def rebar(scene: Scene) -> None:
    """This will draw a tied bundle of ribbed bars."""
    radius, length = 0.62, 27.0
    for row, count in enumerate((8, 7, 6, 5)):
        for i in range(count):
            y, z = (i + row / 2) * 2 * radius, radius + row * radius * 1.75
            shift = scene.random.uniform(-1.0, 0.6)
            tube(scene, "x", shift, length, (y, z), radius=radius, segments=10, width=0.9)
            if row == 3 or i == count - 1:
                ribs = [(shift + 0.9 * k, y + radius * 0.5, z + radius * 0.7) for k in range(1, 29)]
                for x, u, v in ribs:
                    scene.line([(x, u, v), (x + 0.25, u + 0.35, v - 0.4)], width=0.7)
    for x in (4.0, 21.0):
        scene.line([(x, 1.6, 4.0), (x + 0.1, 8.0, 4.0), (x + 0.2, 9.4, 0.0)], width=2.6, colour=PALETTES["iron"].line)
    scene.measure(0, (0, 9.6, 0), (length, 9.6, 0), (0, 2.6, 0))


def stairs(scene: Scene) -> None:
    """This will draw a steel flight with open grating treads and a handrail."""
    run, rise, count, breadth = 1.9, 1.7, 8, 7.0
    length, height = run * count, rise * count

    def string(y: float) -> None:
        extrude(scene, strut((length + 0.8, 0.3), (-0.4, height + 0.3), 1.3), "y", y, 0.4)

    def rail(y: float) -> None:
        for k in (0.5, 3.5, 6.5):
            x, z = length - k * run, (k + 0.5) * rise
            scene.line([(x, y, z), (x, y, z + 6.0)], width=2.0, outline=True)
        for lift, width in ((3.0, 1.4), (6.0, 2.6)):
            scene.line(
                [(length - 0.5 * run, y, rise + lift), (length - 6.5 * run, y, 7 * rise + lift)],
                width=width,
                outline=True,
            )

    string(0.0)
    rail(0.2)
    for i in range(count, 0, -1):
        x, z = length - i * run, i * rise
        scene.box((x, 0.4, z - 0.3), (run, breadth - 0.8, 0.35), width=0.9)
        for k in range(1, 12):
            y = 0.4 + (breadth - 0.8) * k / 12
            scene.line([(x + 0.1, y, z + 0.05), (x + run - 0.1, y, z + 0.05)], width=0.5)
    string(breadth - 0.4)
    rail(breadth - 0.2)
    scene.measure(2, (0, breadth, 0), (length, breadth, 0), (0, 2.2, 0))
    scene.measure(1, (length, 0, 0), (length, breadth, 0), (2.4, 0, 0))
    scene.measure(0, (-0.4, breadth, 0), (-0.4, breadth, height), (-2.2, 0, 0))


def rails(scene: Scene, *, mesh: bool = False) -> None:
    """This will draw railing panels with vertical bars; as a fence it has a mesh and posts in the ground."""
    length, height, panels = 13.0, 9.0, 2
    for i in range(panels + 1):
        x = i * length
        scene.box((x - 0.3, -0.3, 0), (0.6, 0.6, height + (0.9 if mesh else 0.0)), width=1.0)
    for i in range(panels):
        x = i * length + 0.3
        end = x + length - 0.6
        _infill(scene, x, end, height, mesh=mesh)
        for z in (0.9, height):
            scene.box((x, -0.25, z - 0.2), (end - x, 0.5, 0.4), width=1.0)
    scene.measure(0, (0, 0.3, 0), (panels * length, 0.3, 0), (0, 2.4, 0))
    scene.measure(1, (0, 0.3, 0), (0, 0.3, height), (-2.0, 0, 0))


def _infill(scene: Scene, start: float, end: float, height: float, *, mesh: bool) -> None:
    bars = 18 if mesh else 11
    for k in range(1, bars):
        x = start + (end - start) * k / bars
        scene.line([(x, 0, 0.9), (x, 0, height - 0.2)], width=0.8 if mesh else 1.6, outline=True)
    for k in range(1, 8 if mesh else 0):
        z = 0.9 + (height - 1.1) * k / 8
        scene.line([(start, 0, z), (end, 0, z)], width=0.8)


def aluminium(scene: Scene) -> None:
    """This will draw extruded profiles with chambers, as windows and curtain walls use them."""
    for row, first in ((0, 0.0), (0, 5.4), (1, 2.7)):
        z = row * 5.0
        y = first
        profile = [(y, z), (y + 4.6, z), (y + 4.6, z + 1.2), (y + 3.4, z + 1.2), (y + 3.4, z + 4.4), (y, z + 4.4)]
        shift = scene.random.uniform(-0.8, 0.0)
        extrude(scene, profile, "x", shift, LENGTH)
        end = shift + LENGTH
        for u, v, w, h in ((0.35, 0.35, 3.9, 0.6), (0.35, 1.3, 1.2, 2.7), (1.9, 1.3, 1.15, 1.2), (1.9, 2.8, 1.15, 1.2)):
            scene.detail(
                [(end, y + u, z + v), (end, y + u + w, z + v), (end, y + u + w, z + v + h), (end, y + u, z + v + h)],
                scene.palette.line,
            )
    _measure_length(scene, 10.0)


def pipes(scene: Scene, *, radius: float = 1.3, rows: tuple[int, ...] = (4, 3, 2), bracket: bool = False) -> None:
    """This will bundle pipes; with a bracket they are rainwater pipes."""
    for row, count in enumerate(rows):
        for i in range(count):
            y, z = radius + (i + row / 2) * 2.1 * radius, radius + row * 1.82 * radius
            shift = scene.random.uniform(-1.2, 0.4)
            tube(scene, "x", shift, LENGTH, (y, z), radius=radius, bore=radius * 0.82, segments=14)
            if bracket:
                x = shift + LENGTH * 0.93
                tube(scene, "x", x, 0.5, (y, z), radius=radius * 1.12, segments=14)
                tube(
                    scene,
                    "x",
                    x + 0.5,
                    shift + LENGTH - x - 0.5,
                    (y, z),
                    radius=radius,
                    bore=radius * 0.82,
                    segments=14,
                )
    far = rows[0] * 2.1 * radius
    scene.measure(0, (0, far, 0), (LENGTH, far, 0), (0, 2.6, 0))
    scene.measure(1, (LENGTH, far - 2 * radius, 0), (LENGTH, far, 0), (2.0, 0, 0), prefix="Ø ")


def cast_columns(scene: Scene) -> None:
    """This will draw two ornamental cast-iron columns with base and capital."""
    outline = [
        (2.0, 0.0),
        (2.0, 1.0),
        (1.5, 1.4),
        (1.5, 2.0),
        (1.15, 2.6),
        (0.95, 14.0),
        (1.4, 14.6),
        (1.2, 15.2),
        (2.0, 16.4),
        (2.0, 17.2),
    ]
    for place in ((0.0, 0.0, 0.0), (7.5, -1.5, 0.0)):
        turned(scene, place, outline)
    scene.measure(0, (-1.6, 1.6, 0), (-1.6, 1.6, 17.2), (-2.0, 0.6, 0))


def guardrail(scene: Scene) -> None:
    """This will draw a W-beam guardrail on posts."""
    length = 30.0
    for x in (3.0, 14.0, 25.0):
        scene.box((x, -1.4, 0), (1.0, 1.2, 7.4), width=1.0)
    wave = [(0.25, 3.2), (0.9, 3.6), (0.9, 4.4), (0.1, 5.0), (0.1, 5.5), (0.9, 6.1), (0.9, 6.9), (0.25, 7.3)]
    for a, b in pairwise(wave):
        slope = b[0] - a[0]
        fill = scene.palette.left if slope == 0 else scene.palette.right if slope > 0 else scene.palette.top
        scene.face([(0, *a), (length, *a), (length, *b), (0, *b)], fill, width=0.8)
    for x in (0.0, length):
        scene.line([(x, *point) for point in wave], width=2.0, outline=True)
    scene.line([(13.2, *point) for point in wave], width=1.2)
    bolts = [(x, 0.15, 5.25) for x in (3.5, 12.4, 14.0, 25.5)]
    scene.dots(bolts, width=3.0)
    scene.measure(0, (0, 0.9, 2.4), (length, 0.9, 2.4), (0, 2.6, 0))


def profiled_sheet(scene: Scene, *, wave: str = "trapezium", count: int = 3) -> None:
    """This will stack profiled sheets: trapezoidal steel or sinusoidal fibre cement."""
    length = 24.0
    line: list[Point] = []
    if wave == "trapezium":
        for i in range(6):
            y = i * 2.6
            line += [(y, 0.0), (y + 0.9, 0.0), (y + 1.25, 1.25), (y + 2.25, 1.25)]
        line.append((15.6, 0.0))
    else:
        line = [(k * 0.2, 0.55 - 0.55 * math.cos(2 * math.pi * k * 0.2 / 2.2)) for k in range(67)]
    for i in range(count):
        shift = scene.random.uniform(-0.5, 0.5)
        lifted = [(u, v + i * 0.55) for u, v in line]
        sheet(scene, lifted, "x", shift, length, folded=wave == "trapezium")
    far = line[-1][0]
    scene.measure(0, (0, far, 0), (length, far, 0), (0, 2.6, 0))
    scene.measure(1, (length, 0, 0), (length, far, 0), (2.6, 0, 0))
