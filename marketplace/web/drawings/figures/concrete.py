"""Structural concrete: slabs, walls, columns, girders, stairs and piles, with aggregate on the cut faces."""

import math

from marketplace.web.drawings.hatches import speckle
from marketplace.web.drawings.palettes import DARK, PALETTES
from marketplace.web.drawings.projection import Point, circle, front, level, side
from marketplace.web.drawings.scene import Scene
from marketplace.web.drawings.solids import bearers, extrude, tube

STEEL = PALETTES["rust"]


def _plan(scene: Scene, *, default: float = 0.46, limits: tuple[float, float] = (0.3, 0.85)) -> tuple[float, float]:
    ratio = scene.ratio(1, 0, default, limits)
    return 26.0, 26.0 * ratio


def _measure_plan(scene: Scene, length: float, breadth: float, top: float) -> None:
    scene.measure(0, (0, 0, top), (length, 0, top), (0, -2.6, 0))
    scene.measure(1, (length, 0, 0), (length, breadth, 0), (2.6, 0, 0))


def hollow_core(scene: Scene) -> None:
    """This will stack hollow-core slabs: six round cores in a hatched end, timber bearers between the slabs."""
    length, breadth = 26.0, 12.0
    height = min(max((scene.dims[2] or 200) / 70, 2.6), 4.4)
    count = 3 if height < 3.6 else 2
    pitch = height + 0.9
    for i in range(count):
        z = i * pitch
        bearers(scene, (2.2, length - 4), breadth, under=z)
        scene.box((0, 0, z), (length, breadth, height))
        for part in (0.3, 0.62):
            scene.line([(0, breadth, z + height * part), (length, breadth, z + height * part)], width=0.7)
        _cored_end(scene, length, (breadth, height), z)
    top = (count - 1) * pitch + height
    speckle(scene, level(top), (length, breadth), 40, stones=False)
    _measure_plan(scene, length, breadth, top)
    scene.measure(2, (0, breadth, 0), (0, breadth, height), (-1.8, 0, 0))


def _cored_end(scene: Scene, x: float, size: Point, z: float) -> None:
    breadth, height = size
    middle, radius = z + height / 2, min(0.82, height * 0.31)
    cores = [breadth * (j + 0.5) / 6 for j in range(6)]

    def massive(u: float, v: float) -> bool:
        return all(math.hypot(u - core, v - middle) > radius + 0.2 for core in cores)

    speckle(scene, side(x), (breadth, z + height), 46, start=(0, z), allowed=massive)
    for core in cores:
        scene.detail([(x, u, v) for u, v in circle(radius, 22, centre=(core, middle))], DARK, width=1.0)
        turns = [a / 3 for a in range(-3, 6)]
        rim = [(x, core + 0.78 * radius * math.cos(a), middle + 0.8 * radius * math.sin(a)) for a in turns]
        scene.line(rim, width=0.6, colour="#8C978F")


def solid_slab(scene: Scene) -> None:
    """This will stack sawn slabs: aggregate in the cut, the ends of the reinforcement as dots."""
    length, breadth = _plan(scene, default=0.55)
    height, pitch = 2.6, 3.5
    for i in range(2):
        z = i * pitch
        bearers(scene, (2.5, length - 4), breadth, under=z)
        scene.box((0, 0, z), (length, breadth, height))
        speckle(scene, side(length), (breadth, z + height), 60, start=(0, z), size=0.2)
        speckle(scene, front(breadth), (length, z + height), 90, start=(0, z), size=0.2)
        bars = [(length, breadth * (k + 0.5) / 9, z + 0.5) for k in range(9)]
        bars += [(length * (k + 0.5) / 16, breadth, z + 0.5) for k in range(16)]
        scene.dots(bars, width=2.4, colour=STEEL.right)
    speckle(scene, level(pitch + height), (length, breadth), 40, stones=False)
    _measure_plan(scene, length, breadth, pitch + height)
    scene.measure(2, (0, breadth, 0), (0, breadth, height), (-1.8, 0, 0))


def wide_slab(scene: Scene) -> None:
    """This will draw thin wide-slab planks with lattice girders standing out of the upper face."""
    length, breadth, height = 26.0, 13.0, 1.2
    for z in (0.0, 2.0):
        bearers(scene, (2.5, length - 4), breadth, under=z)
        scene.box((0, 0, z), (length, breadth, height))
        speckle(scene, side(length), (breadth, z + height), 26, start=(0, z), size=0.14)
    top = 2.0 + height
    speckle(scene, level(top), (length, breadth), 40, stones=False)
    for k in range(4):
        y = breadth * (k + 0.5) / 4
        zigzag = [
            (1 + j * (length - 2) / 24, y + (0.5 if j % 2 else -0.5) * (j % 4 - 2), top + (1.9 if j % 2 else 0))
            for j in range(25)
        ]
        upper = [(x, y, z) if z > top else (x, y - 0.5, z) for x, _, z in zigzag]
        lower = [(x, y, z) if z > top else (x, y + 0.5, z) for x, _, z in zigzag]
        scene.line(upper, width=0.8, colour=STEEL.line)
        scene.line([(0.6, y, top + 1.9), (length - 0.6, y, top + 1.9)], width=1.8, colour=STEEL.line)
        scene.line(lower, width=0.8, colour=STEEL.line)
    scene.measure(0, (0, breadth, 0), (length, breadth, 0), (0, 2.6, 0))
    scene.measure(1, (length, 0, 0), (length, breadth, 0), (2.6, 0, 0))


def ribbed_slab(scene: Scene, *, ribs: float = 4.0, feet: float = 1.3) -> None:
    """This will draw a slab on two ribs, seen at its end: a TT slab, or low and broad a ribbed ground floor."""
    length, breadth, plate = 27.0, 12.0, 1.2
    rib, taper = feet, 0.25
    profile: list[Point] = [(0.0, ribs), (0.0, ribs + plate), (breadth, ribs + plate), (breadth, ribs)]
    for middle in (breadth * 0.76, breadth * 0.24):
        profile += [
            (middle + rib / 2 + taper, ribs),
            (middle + rib / 2, 0.0),
            (middle - rib / 2, 0.0),
            (middle - rib / 2 - taper, ribs),
        ]
    bearers(scene, (3, length - 5), breadth)
    extrude(scene, profile, "x", 0.0, length)
    speckle(scene, side(length), (breadth, ribs + plate), 44, start=(0, ribs), size=0.15)
    for middle in (breadth * 0.76, breadth * 0.24):
        speckle(scene, side(length), (middle + rib / 2, ribs), 16, start=(middle - rib / 2, 0), size=0.15)
    speckle(scene, level(ribs + plate), (length, breadth), 46, stones=False)
    _measure_plan(scene, length, breadth, ribs + plate)
    scene.measure(2, (length, breadth, 0), (length, breadth, ribs + plate), (1.6, 1.6, 0))


def wall(scene: Scene, *, window: bool = False) -> None:
    """This will draw a standing wall unit with lifting loops; a façade unit shows its layers and an opening."""
    length, thick = 20.0, 2.6
    height = 20.0 * scene.ratio(1, 0, 0.66, (0.4, 1.0))
    scene.box((0, 0, 0), (length, thick, height))
    if window:
        for y, width in ((0.9, 1.0), (1.7, 1.0)):
            scene.line([(0, y, height), (length, y, height), (length, y, 0)], width=width)
        _opening(scene, thick, (length * 0.3, height * 0.3), (length * 0.72, height * 0.78))
    speckle(scene, side(length), (thick, height), 34, size=0.18)
    speckle(scene, front(thick), (length, height * (0.26 if window else 1.0)), 50, stones=False)
    for x in (length * 0.22, length * 0.78):
        loop = [
            (x + 0.8 * math.cos(a * math.pi / 8), thick / 2, height + 1.3 * math.sin(a * math.pi / 8)) for a in range(9)
        ]
        scene.line(loop, width=2.0)
    scene.measure(0, (0, thick, 0), (length, thick, 0), (0, 2.6, 0))
    scene.measure(1, (0, thick, 0), (0, thick, height), (-2.4, 0, 0))
    scene.measure(2, (length, 0, 0), (length, thick, 0), (2.2, 0, 0))


def _opening(scene: Scene, y: float, start: Point, end: Point) -> None:
    (u, v), (far_u, far_v) = start, end
    scene.panel(front(y), start, end, scene.palette.ground, width=1.1)
    scene.detail([(u, y, v), (far_u, y, v), (far_u, y - 2.2, v), (u, y - 2.2, v)], scene.palette.top)
    scene.detail([(u, y, v), (u, y - 2.2, v), (u, y - 2.2, far_v - 2.2), (u, y, far_v)], scene.palette.right)


def members(scene: Scene, *, corbel: bool = False) -> None:
    """This will lay precast beams or columns side by side, bars sticking out of the ends; columns have a corbel."""
    length, breadth = 26.0, 3.4
    height = breadth * (1.0 if corbel else scene.ratio(2, 1, 1.5, (0.8, 2.2)))
    bearers(scene, (3, length - 5), 2 * breadth + 1.4)
    for y in (0.0, breadth + 1.4):
        scene.box((0, y, 0), (length, breadth, height))
        if corbel:
            profile = [(16.0, height), (20.5, height), (19.2, height + 1.7), (16.0, height + 1.7)]
            extrude(scene, profile, "y", y, breadth)
        speckle(scene, side(length), (y + breadth, height), 30, start=(y, 0), size=0.18)
        speckle(scene, front(y + breadth), (length, height), 24, stones=False)
        for u, v in ((0.6, 0.6), (breadth - 0.6, 0.6), (0.6, height - 0.6), (breadth - 0.6, height - 0.6)):
            scene.line([(length, y + u, v), (length + 1.6, y + u, v)], width=2.2, colour=STEEL.line)
    far = 2 * breadth + 1.4
    scene.measure(0, (0, far, 0), (length, far, 0), (0, 2.6, 0))
    scene.measure(1, (length + 1.6, far - breadth, 0), (length + 1.6, far, 0), (1.6, 0, 0))
    scene.measure(2, (length + 1.6, 0, 0), (length + 1.6, 0, height), (1.2, -1.2, 0))


def bridge_girder(scene: Scene) -> None:
    """This will draw a long prestressed girder with a broad lower flange and strands in its end."""
    length = 32.0
    half = [(3.2, 0.0), (3.2, 1.5), (1.0, 2.8), (1.0, 6.0), (2.0, 7.0), (2.0, 8.0)]
    bearers(scene, (3, length - 5), 6.4)
    for y in (3.2, 11.2):
        profile = [(y + u, v) for u, v in half] + [(y - u, v) for u, v in reversed(half)]
        extrude(scene, profile, "x", 0.0, length)
        speckle(scene, side(length), (y + 2.8, 1.5), 20, start=(y - 2.8, 0.0), size=0.15)
        strands = [(length, y - 2.4 + 0.6 * k, v) for k in range(9) for v in (0.4, 1.0)]
        scene.dots(strands, width=2.0, colour=STEEL.line)
        scene.line([(1.0, y + 1.0, 5.5), (length - 1.0, y + 1.0, 5.5)], width=0.6)
    scene.measure(0, (0, 14.4, 0), (length, 14.4, 0), (0, 2.6, 0))
    scene.measure(2, (length, 0, 0), (length, 0, 8), (1.6, -1.6, 0))


def stairs(scene: Scene) -> None:
    """This will draw a precast flight: the steps against the light, aggregate in its side."""
    run, rise, count, breadth = 2.1, 1.6, 8, 8.5
    length, height = run * count, rise * count
    steps: list[Point] = [(length, 0.0)]
    for i in range(count):
        steps += [(length - i * run, (i + 1) * rise), (length - (i + 1) * run, (i + 1) * rise)]
    profile = [*steps, (-2.6, height), (-2.6, height - 1.7), (-0.6, height - 1.7), (length - 2.4, 0.0)]
    extrude(scene, profile, "y", 0.0, breadth)
    for i in range(count):
        low = (length - i * run, i * rise)
        speckle(scene, front(breadth), (low[0], low[1] + rise), 7, start=(low[0] - run, low[1] - 0.2), size=0.17)
        edge = low[0] - 0.35
        scene.line([(edge, 0.4, low[1] + rise), (edge, breadth - 0.4, low[1] + rise)], width=0.6)
    scene.measure(2, (-2.6, breadth, 0), (length, breadth, 0), (0, 2.4, 0))
    scene.measure(1, (length, 0, 0), (length, breadth, 0), (2.2, 0, 0))
    scene.measure(0, (-2.6, breadth, 0), (-2.6, breadth, height), (-2.2, 0, 0))


def balcony(scene: Scene) -> None:
    """This will draw a balcony slab with an upstand, a drain and the bars that tied it to the floor."""
    length, breadth, height = 24.0, 11.0, 2.0
    for k in range(12):
        x = length * (k + 0.5) / 12
        scene.line([(x, -2.0, 1.0), (x, 0, 1.0)], width=2.0, colour=STEEL.line)
    bearers(scene, (2.5, length - 4), breadth)
    scene.box((0, 0, 0), (length, breadth, height))
    scene.box((0, 0, height), (0.9, breadth, 1.2))
    speckle(scene, level(height), (length - 1.5, breadth - 1.5), 44, start=(1.4, 0.4), stones=False)
    scene.detail([(x, y, height) for x, y in circle(0.6, 16, centre=(3.4, breadth - 2.6))], DARK)
    scene.box((0.9, breadth - 0.9, height), (length - 0.9, 0.9, 1.2))
    scene.box((length - 0.9, 0, height), (0.9, breadth, 1.2))
    speckle(scene, side(length), (breadth, height), 30, size=0.16)
    speckle(scene, front(breadth), (length, height), 40, stones=False)
    scene.measure(0, (0, breadth, 0), (length, breadth, 0), (0, 2.6, 0))
    scene.measure(1, (length, 0, 0), (length, breadth, 0), (2.6, 0, 0))


def piles(scene: Scene) -> None:
    """This will lay driven piles beside each other, each with a pointed toe towards the viewer."""
    length, breadth = 27.0, 2.5
    bearers(scene, (3, length - 6), 3 * breadth + 1.2)
    for i in range(3):
        y = i * (breadth + 0.6)
        scene.box((0, y, 0), (length, breadth, breadth))
        toe = (length + 3.6, y + breadth / 2, breadth / 2)
        corners = [(length, y, breadth), (length, y + breadth, breadth), (length, y + breadth, 0.0)]
        scene.face([corners[1], corners[2], toe], scene.palette.right)
        scene.face([corners[0], corners[1], toe], scene.palette.left)
        speckle(scene, front(y + breadth), (length, breadth), 18, stones=False)
        for x in (1.2, 2.2, 3.2):
            scene.line([(x, y, breadth), (x, y + breadth, breadth), (x, y + breadth, 0)], width=0.6)
    far = 3 * breadth + 1.2
    scene.measure(0, (0, far, 0), (length + 3.6, far, 0), (0, 2.4, 0))
    scene.measure(1, (0, 0, breadth), (0, breadth, breadth), (-1.8, 0, 0))


def barrier(scene: Scene) -> None:
    """This will draw step barriers of a motorway, coupled end to end."""
    half = [(3.0, 0.0), (3.0, 0.9), (1.9, 2.6), (1.3, 8.0)]
    for x in (0.0, 13.4):
        profile = [(3 + u, v) for u, v in half] + [(3 - u, v) for u, v in reversed(half)]
        extrude(scene, profile, "x", x, 13.0)
        speckle(scene, front(5.9), (x + 13.0, 0.9), 10, start=(x, 0.0), stones=False)
        for at in (2.4, 9.0):
            scene.panel(front(6.0), (x + at, 0.0), (x + at + 1.6, 0.55), DARK)
    speckle(scene, side(26.4), (4.2, 7.8), 34, start=(1.8, 0.2), size=0.18)
    scene.measure(0, (0, 6, 0), (26.4, 6, 0), (0, 2.6, 0))
    scene.measure(2, (26.4, 0, 0), (26.4, 0, 8), (1.6, -1.6, 0))


def culvert(scene: Scene) -> None:
    """This will draw box culvert units, open from end to end."""
    breadth, height, wall_thick = 11.0, 10.0, 1.3
    for x in (0.0, 7.4, 14.8):
        scene.box((x, 0, 0), (7.0, breadth, height))
    end = 21.8
    hole = _chamfered((wall_thick, wall_thick), (breadth - wall_thick, height - wall_thick), 1.2)
    speckle(
        scene,
        side(end),
        (breadth, height),
        110,
        size=0.18,
        allowed=lambda u, v: not (1 < u < breadth - 1 and 1 < v < height - 1),
    )
    scene.detail([(end, u, v) for u, v in hole], DARK, width=1.1)
    floor = [
        (end, hole[0][0], wall_thick),
        (end, hole[1][0], wall_thick),
        (end - 5, hole[1][0], wall_thick),
        (end - 5, hole[0][0] + 1.5, wall_thick),
    ]
    scene.detail([p for p in floor if p[1] >= 0], "#6F7A73", width=0.7)
    speckle(scene, level(height), (end, breadth), 40, stones=False)
    scene.measure(1, (end, 0, 0), (end, breadth, 0), (2.4, 0, 0))
    scene.measure(2, (end, 0, 0), (end, 0, height), (1.6, -1.6, 0))
    scene.measure(0, (0, breadth, 0), (end, breadth, 0), (0, 2.4, 0))


def _chamfered(start: Point, end: Point, cut: float) -> list[Point]:
    (u, v), (far_u, far_v) = start, end
    return [
        (u + cut, v), (far_u - cut, v), (far_u, v + cut), (far_u, far_v - cut),
        (far_u - cut, far_v), (u + cut, far_v), (u, far_v - cut), (u, v + cut),
    ]  # fmt: skip


def sewer_pipes(scene: Scene) -> None:
    """This will stack concrete sewer pipes with thick walls and a collar."""
    radius, length = 4.0, 17.0
    for y, z in ((radius, radius), (3.1 * radius, radius), (2.05 * radius, radius * 2.78)):
        tube(scene, "x", 0.0, 2.6, (y, z), radius=radius * 1.16)
        tube(scene, "x", 2.6, length, (y, z), radius=radius, bore=radius * 0.74)
    scene.measure(0, (0, 4.1 * radius, 0), (length + 2.6, 4.1 * radius, 0), (0, 2.4, 0))
    scene.measure(1, (length + 2.6, 0, 0), (length + 2.6, 2 * radius, 0), (2.2, 0, 0), prefix="Ø ")
