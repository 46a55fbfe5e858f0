"""Loose material: heaps of stones, rubble, sand and soil, and asphalt still in its layers."""

import math

from marketplace.web.drawings.hatches import speckle
from marketplace.web.drawings.palettes import PALETTES, mix, shade
from marketplace.web.drawings.projection import Point, Space, convex_hull, front, level, project, project_all, side
from marketplace.web.drawings.scene import Scene
from marketplace.web.drawings.solids import tube

RADIUS, HEIGHT = 10.0, 13.0


def _height(reach: float, *, top: float = HEIGHT) -> float:
    return top * max(0.0, 1 - math.pow(reach, 1.08))


def _ring(reach: float, *, top: float = HEIGHT, count: int = 32) -> list[Space]:
    return [
        (RADIUS * reach * math.cos(a), RADIUS * reach * math.sin(a), _height(reach, top=top)) for a in _turns(count)
    ]


def _mound(scene: Scene, tone: str, *, top: float = HEIGHT) -> None:
    scene.facet(
        ((1.09 * x, 1.09 * y, 0.0) for x, y, _ in _ring(1.0)), mix(scene.palette.ground, scene.palette.line, 0.13)
    )
    places = [place for step in range(11) for place in _ring(step / 10, top=top)]
    scene.on_paper(convex_hull(project_all(places)), tone, width=1.2, outline=True)


def _turns(count: int) -> list[float]:
    return [2 * math.pi * k / count for k in range(count)]


def stones(
    scene: Scene,
    *,
    count: int = 260,
    size: tuple[float, float] = (0.95, 1.75),
    mixed: tuple[str, ...] = (),
    core: bool = False,
    corners: tuple[int, ...] = (5, 6, 7),
) -> None:
    """This will heap broken stones on a mound; other colours are mixed in, and a drill core may stand beside it."""
    palette = scene.palette
    _mound(scene, palette.right)
    tones = [
        palette.top,
        palette.left,
        palette.right,
        mix(palette.top, palette.left, 0.5),
        mix(palette.top, "#FFFFFF", 0.16),
        *mixed,
    ]
    places = []
    for _ in range(count):
        reach = scene.random.random() ** 0.6
        angle = scene.random.uniform(-0.95, 2.52)
        x, y = RADIUS * reach * math.cos(angle), RADIUS * reach * math.sin(angle)
        places.append((x, y, _height(reach)))
    for _ in range(22):
        angle, reach = scene.random.uniform(-0.8, 2.4), scene.random.uniform(10.1, 11.0)
        places.append((reach * math.cos(angle), reach * math.sin(angle), 0.0))
    for x, y, z in sorted(places, key=lambda place: place[0] + place[1]):
        radius = scene.random.uniform(*size) * (0.5 if math.hypot(x, y) > RADIUS else 1.0)
        _stone(scene, project((x, y, z)), radius, scene.random.choice(tones), scene.random.choice(corners))
    if core:
        _drill_core(scene)


def _stone(scene: Scene, centre: Point, radius: float, tone: str, corners: int) -> None:
    turn = scene.random.uniform(0, 6)
    outline = []
    for k in range(corners):
        reach, angle = radius * scene.random.uniform(0.75, 1.1), turn + 2 * math.pi * k / corners
        outline.append((centre[0] + reach * math.cos(angle), centre[1] + 0.8 * reach * math.sin(angle)))
    scene.on_paper(outline, tone, width=0.8)


def _drill_core(scene: Scene) -> None:
    for low, high, paint in ((0.0, 2.4, "mixed"), (2.4, 4.6, "asphalt"), (4.6, 5.4, "tar"), (5.4, 7.2, "asphalt")):
        tube(scene, "z", low, high - low, (10.4, 4.6), radius=1.7, paint=PALETTES[paint], width=1.0)


def rubble(scene: Scene) -> None:
    """This will heap broken concrete: large slabs at all angles with bent bars sticking out."""
    _mound(scene, scene.palette.right, top=11.5)
    lumps = []
    for _ in range(66):
        reach, angle = scene.random.random() ** 0.6, scene.random.uniform(-0.95, 2.52)
        lumps.append((reach, angle))
    for reach, angle in sorted(lumps, key=lambda lump: lump[0] * (math.cos(lump[1]) + math.sin(lump[1]))):
        x, y = 9.6 * reach * math.cos(angle), 9.6 * reach * math.sin(angle)
        _lump(scene, project((x, y, _height(reach, top=11.3))), scene.random.uniform(1.6, 3.1))


def _lump(scene: Scene, centre: Point, size: float) -> None:
    turn, corners = scene.random.uniform(0, 6), scene.random.choice((4, 5, 5))
    top = []
    for k in range(corners):
        angle, reach = turn + 2 * math.pi * k / corners, size * scene.random.uniform(0.8, 1.15)
        top.append((centre[0] + reach * math.cos(angle), centre[1] + 0.55 * reach * math.sin(angle)))
    depth = size * scene.random.uniform(0.35, 0.6)
    lower = [(x, y + depth) for x, y in top]
    if scene.random.random() < 0.3:
        x, y = top[0]
        bar = [(x, y + depth / 2), (x + size * 0.5, y - size * 0.1), (x + size * 0.9, y - size * 0.7)]
        scene.on_paper([*bar, bar[1]], None, width=1.4)
    for k in range(corners):
        a, b = top[k], top[(k + 1) % corners]
        if b[0] < a[0]:
            tone = scene.palette.left if (a[0] + b[0]) / 2 < centre[0] else scene.palette.right
            scene.on_paper([a, b, lower[(k + 1) % corners], lower[k]], tone, width=0.9)
    scene.on_paper(
        top, scene.random.choice((scene.palette.top, mix(scene.palette.top, scene.palette.left, 0.4))), width=0.9
    )
    dots = [
        (centre[0] + scene.random.uniform(-0.4, 0.4) * size, centre[1] + scene.random.uniform(-0.2, 0.2) * size)
        for _ in range(3)
    ]
    for x, y in dots:
        scene.on_paper([(x, y), (x + 0.01, y)], None, width=1.2)


def fine_heap(scene: Scene, *, clods: int = 0, grains: int = 150) -> None:
    """This will heap sand or soil: a smooth mound, lit from the left, with grains or clods and run-off at the foot."""
    palette = scene.palette
    _mound(scene, palette.left)
    for k in range(24):
        start, end = (math.pi * (j - 8) / 24 for j in (k, k + 1))
        middle = (start + end) / 2
        tone = shade(palette, (max(math.cos(middle), 0.02), max(math.sin(middle), 0.02), 0.62))
        slope = [(reach / 6, angle) for angle, order in ((start, range(7)), (end, range(6, -1, -1))) for reach in order]
        scene.facet(
            [(0.985 * RADIUS * r * math.cos(a), 0.985 * RADIUS * r * math.sin(a), 0.99 * _height(r)) for r, a in slope],
            tone,
        )
    _scatter(scene, grains)
    for _ in range(clods):
        angle, reach = scene.random.uniform(-0.9, 2.5), scene.random.random() ** 0.5
        x, y = 10 * reach * math.cos(angle), 10 * reach * math.sin(angle)
        tone = scene.random.choice((palette.top, palette.left, palette.right))
        _stone(scene, project((x, y, _height(reach))), scene.random.uniform(0.25, 0.8), tone, 6)


def _scatter(scene: Scene, grains: int) -> None:
    for _ in range(grains):
        angle, reach = scene.random.uniform(-0.9, 2.5), scene.random.random() ** 0.5
        x, y = 9.8 * reach * math.cos(angle), 9.8 * reach * math.sin(angle)
        scene.dots([(x, y, _height(reach))], width=1.1)


def layers(scene: Scene) -> None:
    """This will draw a road in its layers: base, binder and surface course, with the road marking."""
    length, breadth = 24.0, 13.0
    courses = (
        (3.2, "mixed", 0.0, 26, 0.26),
        (2.6, "asphalt", 3.6, 30, 0.2),
        (1.9, "tar", 7.4, 40, 0.13),
    )
    z = 0.0
    for thick, paint, cut, count, size in courses:
        scene.box((0, 0, z), (length - cut, breadth, thick), paint=PALETTES[paint])
        light = "#CFCBBE" if paint != "mixed" else None
        speckle(scene, side(length - cut), (breadth, z + thick), count, start=(0, z), size=size, colour=light)
        speckle(
            scene, front(breadth), (length - cut, z + thick), int(count * 1.7), start=(0, z), size=size, colour=light
        )
        z += thick
    for start, end in ((1.0, 5.0), (8.0, 12.0), (15.0, 16.6)):
        scene.panel(level(z), (start, breadth * 0.46), (end, breadth * 0.54), "#F4F1E8")
    speckle(scene, level(z), (16.6, breadth * 0.44), 26, stones=False, colour="#A9ABA3")
    speckle(scene, level(z), (16.6, breadth), 26, start=(0, breadth * 0.56), stones=False, colour="#A9ABA3")
    scene.measure(0, (0, breadth, 0), (length, breadth, 0), (0, 2.6, 0))
    scene.measure(2, (0, breadth, 0), (0, breadth, z), (-2, 0, 0))
