"""Loose material: heaps of stones, rubble, sand and soil, and asphalt still in its layers."""

import math

from marketplace.web.drawings.hatches import speckle
from marketplace.web.drawings.palettes import PALETTES, mix
from marketplace.web.drawings.projection import Point, front, level, project, side
from marketplace.web.drawings.scene import Scene
from marketplace.web.drawings.solids import tube

RADIUS, HEIGHT = 10.0, 7.6


def _mound(scene: Scene, *, radius: float = RADIUS, height: float = HEIGHT, steps: int = 40) -> list[Point]:
    """The outline of a heap on paper: an ellipse below, a rounded top above."""
    foot = [project((radius * math.cos(a), radius * math.sin(a), 0.0)) for a in _turns(steps)]
    half = max(x for x, _ in foot)
    below = [(half * math.cos(a), half * 0.577 * math.sin(a)) for a in (math.pi * k / steps for k in range(steps + 1))]
    above = []
    for k in range(1, steps):
        x = -half + 2 * half * k / steps
        bell = (1 - (abs(x) / half) ** 1.7) ** 1.15
        above.append((x, -height * bell * (1 + scene.random.uniform(-0.025, 0.025))))
    return below + above


def _turns(count: int) -> list[float]:
    return [2 * math.pi * k / count for k in range(count)]


def stones(scene: Scene, *, count: int = 330, size: tuple[float, float] = (0.6, 1.25), mixed: tuple[str, ...] = (), core: bool = False, corners: tuple[int, ...] = (5, 6, 7)) -> None:
    """This will heap broken stones on a mound; other colours are mixed in, and a drill core may stand beside it."""
    palette = scene.palette
    shadow = mix(palette.ground, palette.line, 0.14)
    scene.facet([(12 * math.cos(a), 12 * math.sin(a), 0.0) for a in _turns(30)], shadow)
    scene.on_paper(_mound(scene), palette.right, width=1.2, outline=True)
    tones = [palette.top, palette.left, palette.right, mix(palette.top, palette.left, 0.5), mix(palette.top, "#FFFFFF", 0.16), *mixed]
    places = []
    for _ in range(count):
        reach = scene.random.random() ** 0.55
        angle = scene.random.uniform(-0.95, 2.52)
        x, y = RADIUS * reach * math.cos(angle), RADIUS * reach * math.sin(angle)
        places.append((x, y, HEIGHT * max(0.0, 1 - reach) ** 0.9))
    for _ in range(22):
        angle, reach = scene.random.uniform(-0.8, 2.4), scene.random.uniform(10.2, 11.8)
        places.append((reach * math.cos(angle), reach * math.sin(angle), 0.0))
    for x, y, z in sorted(places, key=lambda place: place[0] + place[1]):
        radius = scene.random.uniform(*size) * (0.6 if math.hypot(x, y) > RADIUS else 1.0)
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
        tube(scene, "z", low, high - low, (10.0, 4.0), 1.5, paint=PALETTES[paint], width=1.0)


def rubble(scene: Scene) -> None:
    """This will heap broken concrete: large slabs at all angles with bent bars sticking out."""
    scene.facet([(12 * math.cos(a), 12 * math.sin(a), 0.0) for a in _turns(30)], mix(scene.palette.ground, scene.palette.line, 0.14))
    scene.on_paper(_mound(scene, height=6.4), scene.palette.right, width=1.2, outline=True)
    lumps = []
    for _ in range(58):
        reach, angle = scene.random.random() ** 0.6, scene.random.uniform(-0.95, 2.52)
        lumps.append((reach, angle))
    for reach, angle in sorted(lumps, key=lambda lump: lump[0] * (math.cos(lump[1]) + math.sin(lump[1]))):
        x, y = 9.6 * reach * math.cos(angle), 9.6 * reach * math.sin(angle)
        _lump(scene, project((x, y, 6.2 * max(0.0, 1 - reach) ** 0.9)), scene.random.uniform(1.1, 2.3))


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
    scene.on_paper(top, scene.random.choice((scene.palette.top, mix(scene.palette.top, scene.palette.left, 0.4))), width=0.9)
    dots = [(centre[0] + scene.random.uniform(-0.4, 0.4) * size, centre[1] + scene.random.uniform(-0.2, 0.2) * size) for _ in range(3)]
    for x, y in dots:
        scene.on_paper([(x, y), (x + 0.01, y)], None, width=1.2)


def fine_heap(scene: Scene, *, clods: int = 0, grains: int = 150) -> None:
    """This will heap sand or soil: a smooth mound, lit from the left, with grains or clods and run-off at the foot."""
    palette = scene.palette
    scene.facet([(12 * math.cos(a), 12 * math.sin(a), 0.0) for a in _turns(30)], mix(palette.ground, palette.line, 0.1))
    outline = _mound(scene, steps=44)
    scene.on_paper(outline, palette.left, width=1.2, outline=True)
    ridge = [(0.3, -HEIGHT * 0.985), (1.2, -3.2), (0.4, 0.6), (1.8, 4.2), (1.2, RADIUS * 0.7)]
    right = [point for point in outline if point[0] > 0.4]
    lit = sorted((p for p in right if p[1] > 0), key=lambda p: p[0]) + sorted((p for p in right if p[1] <= 0), key=lambda p: -p[0])
    scene.on_paper([*ridge[::-1], *lit[::-1]], palette.right, width=0.0)
    scene.on_paper([(-8, 1.0), (-3.2, -4.2), (0.2, -HEIGHT * 0.95), (-0.6, -3.0), (-2.6, 1.6)], palette.top, width=0.0)
    _scatter(scene, grains)
    for _ in range(clods):
        angle, reach = scene.random.uniform(-0.9, 2.5), scene.random.random() ** 0.5
        x, y = 10.6 * reach * math.cos(angle), 10.6 * reach * math.sin(angle)
        tone = scene.random.choice((palette.top, palette.left, palette.right))
        _stone(scene, project((x, y, HEIGHT * max(0.0, 1 - reach) ** 0.95)), scene.random.uniform(0.25, 0.8), tone, 6)


def _scatter(scene: Scene, grains: int) -> None:
    for _ in range(grains):
        angle, reach = scene.random.uniform(-0.9, 2.5), scene.random.random() ** 0.5
        x, y = 10.4 * reach * math.cos(angle), 10.4 * reach * math.sin(angle)
        scene.dots([(x, y, HEIGHT * 0.94 * max(0.0, 1 - reach) ** 0.95)], width=1.1)


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
        speckle(scene, front(breadth), (length - cut, z + thick), int(count * 1.7), start=(0, z), size=size, colour=light)
        z += thick
    for start, end in ((1.0, 5.0), (8.0, 12.0), (15.0, 16.6)):
        scene.panel(level(z), (start, breadth * 0.46), (end, breadth * 0.54), "#F4F1E8")
    speckle(scene, level(z), (16.6, breadth * 0.44), 26, stones=False, colour="#A9ABA3")
    speckle(scene, level(z), (16.6, breadth), 26, start=(0, breadth * 0.56), stones=False, colour="#A9ABA3")
    scene.measure(0, (0, breadth, 0), (length, breadth, 0), (0, 2.6, 0))
    scene.measure(2, (0, breadth, 0), (0, breadth, z), (-2, 0, 0))
