"""Building services: heating, air, power and light."""

import math

from marketplace.web.drawings.hatches import joints
from marketplace.web.drawings.palettes import DARK, PALETTES, mix
from marketplace.web.drawings.projection import circle, front, level, side
from marketplace.web.drawings.scene import Scene
from marketplace.web.drawings.solids import extrude, tube, turned

ALU = PALETTES["alu"]


def _louvres(scene: Scene, start: tuple[float, float], end: tuple[float, float], y: float, count: int) -> None:
    for k in range(count):
        v = start[1] + (end[1] - start[1]) * (k + 0.5) / count
        scene.line([(start[0], y, v), (end[0], y, v)], width=1.0)


def _measure_case(scene: Scene, width: float, depth: float, height: float) -> None:
    scene.measure(0, (0, depth, 0), (0, depth, height), (-2.2, 0, 0))
    scene.measure(1, (0, depth, 0), (width, depth, 0), (0, 2.6, 0))
    scene.measure(2, (width, 0, 0), (width, depth, 0), (2.6, 0, 0))


def _fan(scene: Scene, centre: tuple[float, float], y: float, radius: float) -> None:
    scene.detail([(u, y, v) for u, v in circle(radius, centre=centre)], DARK, width=1.0)
    for k in range(5):
        angle = 2 * math.pi * k / 5
        blade = [
            (centre[0] + r * radius * math.cos(angle + t), centre[1] + r * radius * math.sin(angle + t))
            for r, t in ((0.2, 0.0), (0.85, 0.25), (0.9, 0.7), (0.22, 0.8))
        ]
        scene.detail([(u, y, v) for u, v in blade], "#8C978F", width=0.6)
    for share in (1.0, 0.7, 0.4):
        ring = circle(radius * share, centre=centre)
        scene.line([(u, y, v) for u, v in (*ring, ring[0])], width=0.6, colour="#E6EBE4")
    scene.detail([(u, y, v) for u, v in circle(radius * 0.2, 12, centre=centre)], "#C9CFCA")


def radiator(scene: Scene) -> None:
    """This will draw a panel radiator with convector fins, grille and valves."""
    length, thick = 20.0, 1.9
    height = length * scene.ratio(1, 0, 0.5, (0.22, 0.85))
    for x in (3, length - 4):
        scene.box((x, 0.4, -1.4), (0.7, 1.0, 1.4), width=1.0)
    scene.box((0, 0, 0), (length, thick, height))
    for k in range(1, 27):
        x = length * k / 27
        scene.line([(x, thick, 0.7), (x, thick, height - 0.7)])
    for z in (0.7, height - 0.7):
        scene.line([(0, thick, z), (length, thick, z)], width=0.7)
    for k in range(1, 40):
        x = length * k / 40
        scene.line([(x, 0.35, height), (x, thick - 0.35, height)], width=0.7)
    middle = thick / 2
    scene.line([(length, middle, 1.1), (length + 1.5, middle, 1.1), (length + 1.5, middle, -1.6)], width=2.6)
    scene.line([(length, middle, height - 1.4), (length + 1.0, middle, height - 1.4)], width=3.4)
    scene.measure(0, (0, thick, 0), (length, thick, 0), (0, 3, 0))
    scene.measure(1, (0, thick, 0), (0, thick, height), (-2.4, 0, 0))


def cast_radiator(scene: Scene) -> None:
    """This will draw a cast-iron radiator of rounded columns on feet."""
    pitch, count, height, depth = 1.7, 10, 10.0, 3.4
    for i in range(count):
        x = i * pitch
        if i in {0, count - 1}:
            for y in (0.3, depth - 0.9):
                scene.box((x + 0.4, y, -1.2), (0.7, 0.6, 1.4), width=1.0)
        for y in (0.0, depth / 2):
            bulge = [
                (x + 0.1, 0.9),
                (x + 0.5, 0.1),
                (x + 1.2, 0.1),
                (x + 1.55, 0.9),
                (x + 1.55, height - 0.9),
                (x + 1.2, height),
                (x + 0.5, height),
                (x + 0.1, height - 0.9),
            ]
            extrude(scene, bulge, "y", y, depth / 2 - 0.15, width=1.0)
        plane = front(depth - 0.15)
        scene.line([plane(x + 0.82, 1.4), plane(x + 0.82, height - 1.4)], width=0.7)
    end = count * pitch
    scene.line([(end, depth / 2, 1.2), (end + 1.6, depth / 2, 1.2), (end + 1.6, depth / 2, -1.4)], width=2.8)
    scene.line([(end, depth / 2, height - 1.4), (end + 1.2, depth / 2, height - 1.4)], width=3.6)
    scene.measure(0, (0, depth, 0), (end, depth, 0), (0, 2.8, 0))
    scene.measure(1, (0, depth, 0), (0, depth, height), (-2.2, 0, 0))


def boiler(scene: Scene) -> None:
    """This will draw a wall boiler with its flue, display and the pipes below."""
    width, depth, height = 9.0, 6.0, 14.0
    for k, x in enumerate((1.6, 3.2, 4.8, 6.4, 7.6)):
        tube(
            scene,
            "z",
            -3.4,
            3.4,
            (x, depth * 0.55),
            radius=0.34,
            paint=PALETTES["zinc" if k == 2 else "copper"],
            segments=12,
            width=0.9,
        )
    scene.box((0, 0, 0), (width, depth, height))
    plane = front(depth)
    scene.panel(plane, (0.0, 0.0), (width, 2.8), mix(scene.palette.right, scene.palette.line, 0.12))
    scene.panel(plane, (3.2, 0.8), (5.8, 2.1), DARK)
    for u in (1.6, 7.4):
        scene.detail([plane(*point) for point in circle(0.55, 14, centre=(u, 1.45))], "#FFFFFF")
    flame = [(4.5, 8.4), (5.4, 7.2), (5.2, 6.2), (4.5, 5.8), (3.8, 6.2), (3.6, 7.0), (4.2, 7.3)]
    scene.detail([plane(*point) for point in flame], "#F2B705")
    tube(scene, "z", height, 3.4, (width / 2, depth / 2), radius=1.5, bore=1.0, paint=ALU)
    scene.measure(0, (0, depth, 0), (0, depth, height), (-2.2, 0, 0))
    scene.measure(1, (0, depth, -3.4), (width, depth, -3.4), (0, 1.2, 0))


def heat_pump(scene: Scene) -> None:
    """This will draw the outdoor unit of a heat pump: a fan behind its guard, on rubber feet."""
    width, depth, height = 16.0, 5.6, 12.5
    for x in (1.4, width - 3.0):
        scene.box((x, -0.4, -0.8), (1.6, depth + 0.8, 0.8), paint=PALETTES["rubber"], width=1.0)
    scene.box((0, 0, 0), (width, depth, height))
    _fan(scene, (6.2, height / 2), depth, 4.9)
    scene.line([(12.2, depth, 0), (12.2, depth, height)])
    _louvres(scene, (12.9, 2.0), (15.3, 7.0), depth, 8)
    plane = side(width)
    for k in range(1, 9):
        scene.line([plane(0.8 + 0.5 * k, 2.6), plane(0.8 + 0.5 * k, height - 1.6)], width=0.7)
    scene.line([(width, 1.0, 1.4), (width + 2.2, 1.0, 1.4), (width + 2.2, 1.0, -0.8)], width=3.0)
    _measure_case(scene, width, depth, height)


def air_handler(scene: Scene) -> None:
    """This will draw an air-handling unit of two decks with doors, a fan section, filters and duct collars."""
    width, depth, deck = 24.0, 8.0, 5.6
    scene.box((0, 0, -0.7), (width, depth, 0.7), paint=PALETTES["iron"], width=1.0)
    for level_z in (0.0, deck):
        for k in range(4):
            scene.box((k * width / 4, 0, level_z), (width / 4, depth, deck))
    plane = front(depth)
    for row in range(2):
        for k in range(4):
            u, v = k * width / 4, row * deck
            scene.panel(plane, (u + 0.5, v + 0.5), (u + width / 4 - 0.5, v + deck - 0.5), scene.palette.top)
            scene.line([plane(u + 1.0, v + 2.2), plane(u + 1.0, v + 3.4)], width=2.2)
    _fan(scene, (width * 0.625, deck / 2), depth, 1.7)
    zigzag = [plane(width * 0.25 + 1.6 + 0.4 * k, deck + (1.4 if k % 2 else 4.2)) for k in range(9)]
    scene.line(zigzag, width=0.8)
    for v in (deck * 0.5, deck * 1.5):
        tube(scene, "x", width, 1.8, (depth / 2, v), radius=2.1, bore=1.8, paint=ALU)
    scene.box((3.0, depth * 0.3, 2 * deck), (3.4, 3.4, 1.6), paint=ALU)
    _measure_case(scene, width, depth, 2 * deck)


def duct(scene: Scene) -> None:
    """This will draw a rectangular duct with flanges and a round spiral duct beside it."""
    length, breadth, height = 22.0, 6.4, 4.6
    for x in (0.0, 11.0):
        scene.box((x, 0, 0), (10.6, breadth, height))
        scene.line([(x, breadth, 0), (x + 10.6, breadth, height), (x + 10.6, 0, height)], width=0.5)
        scene.line([(x, breadth, height), (x + 10.6, breadth, 0)], width=0.5)
        scene.box((x + 10.4, -0.4, -0.4), (0.6, breadth + 0.8, height + 0.8), width=1.0)
    scene.panel(side(length), (0.4, 0.4), (breadth - 0.4, height - 0.4), DARK)
    tube(scene, "x", 1.0, length - 1.0, (breadth + 4.0, 2.4), radius=2.4, bore=2.15)
    for k in range(12):
        x = 2.0 + k * (length - 3.0) / 12
        arc = [
            (x + 1.1 * a / 10, breadth + 4.0 + 2.4 * math.cos(a * 0.314 - 0.9), 2.4 + 2.4 * math.sin(a * 0.314 - 0.9))
            for a in range(11)
        ]
        scene.line(arc, width=0.6)
    far = breadth + 6.4
    scene.measure(0, (0, far, 0), (length, far, 0), (0, 2.4, 0))


def cable_tray(scene: Scene) -> None:
    """This will draw perforated cable trays with a bend of cables in the upper one."""
    length, breadth, rim = 26.0, 6.0, 1.7
    for y in (0.0, breadth + 1.4):
        scene.face([(0, y, 0), (length, y, 0), (length, y, rim), (0, y, rim)], scene.palette.right)
        scene.face([(0, y, 0), (length, y, 0), (length, y + breadth, 0), (0, y + breadth, 0)])
        for k in range(13):
            for j in range(3):
                u, v = 1.0 + 1.95 * k, y + 1.3 + 1.7 * j
                scene.line([(u, v, 0), (u + 0.9, v, 0)], width=2.2)
        if y:
            for j, tone in enumerate(("#4E545B", "#B5472A", "#3B5B73")):
                scene.line([(-1.5, y + 1.6 + j, 0.5), (length + 1.5, y + 1.6 + j, 0.5)], width=4.0, colour=tone)
        scene.face(
            [(0, y + breadth, 0), (length, y + breadth, 0), (length, y + breadth, rim), (0, y + breadth, rim)],
            scene.palette.left,
        )
        for k in range(9):
            scene.line([(2 + 2.7 * k, y + breadth, 0.85), (3.2 + 2.7 * k, y + breadth, 0.85)], width=1.8)
        scene.line(
            [(length, y, rim), (length, y, 0), (length, y + breadth, 0), (length, y + breadth, rim)],
            width=2.0,
            outline=True,
        )
    far = 2 * breadth + 1.4
    scene.measure(0, (0, far, 0), (length, far, 0), (0, 2.4, 0))
    scene.measure(1, (length, far - breadth, 0), (length, far, 0), (2.6, 0, 0))


def cable_drum(scene: Scene) -> None:
    """This will draw a cable on a wooden drum, its end loose."""
    wood, radius, core = PALETTES["board"], 7.0, 5.2
    centre = (0.0, radius)
    tube(scene, "y", -5.0, 0.9, centre, radius=radius, paint=wood, segments=36)
    tube(scene, "y", -4.1, 7.2, centre, radius=core, segments=32)
    for k in range(1, 10):
        arc = [
            (core * math.cos(a), -4.1 + 0.72 * k, radius + core * math.sin(a))
            for a in (-0.5 + 0.2 * i for i in range(15))
        ]
        scene.line(arc, width=0.8, colour="#9AA0A2")
    tube(scene, "y", 3.1, 0.9, centre, radius=radius, paint=wood, segments=36)
    for k in range(1, 7):
        x = -radius + 2 * radius * k / 7
        reach = math.sqrt(radius**2 - x**2)
        scene.line([(x, 4.0, radius - reach), (x, 4.0, radius + reach)], width=0.7)
    for share, fill in ((0.34, wood.right), (0.12, DARK)):
        scene.detail([(u, 4.0, v) for u, v in circle(radius * share, 18, centre=centre)], fill)
    for k in range(6):
        angle = math.pi * k / 3
        scene.dots([(radius * 0.24 * math.cos(angle), 4.0, radius + radius * 0.24 * math.sin(angle))], width=2.6)
    tail = [(core * 0.9, 1.0, radius * 0.5), (7.4, 1.0, 0.4), (10.5, 2.5, 0.0), (12.5, 6.5, 0.0), (10.5, 8.5, 0.0)]
    scene.line(tail, width=5.0)
    scene.line(tail, width=3.0, colour=scene.palette.top)


def luminaire(scene: Scene) -> None:
    """This will draw lay-in ceiling luminaires with louvres, and a long batten before them."""
    size = 10.0
    for k in range(2):
        z = k * 1.9
        scene.box((0, 0, z), (size * 1.5, size, 1.3))
    top = level(3.2)
    for k in range(3):
        start, end = (0.7 + k * 4.75, 0.7), (4.7 + k * 4.75, size - 0.7)
        scene.panel(top, start, end, "#FFF6D0")
        joints(scene, top, start, end, columns=1, rows=9, width=0.6)
    scene.box((-1.0, 13.0, 0), (18.0, 1.8, 1.0))
    tube(scene, "x", -0.4, 16.8, (13.9, 1.6), radius=0.6, paint=PALETTES["glasswool"])
    scene.measure(0, (0, 0, 3.2), (size * 1.5, 0, 3.2), (0, -2.2, 0))
    scene.measure(1, (size * 1.5, 0, 0), (size * 1.5, size, 0), (2.2, 0, 0))


def switchgear(scene: Scene) -> None:
    """This will draw a distribution cabinet: one door open on rows of breakers."""
    width, depth, height = 14.0, 4.6, 16.0
    scene.box((0, 0, 0), (width, depth, height))
    plane = front(depth)
    scene.panel(plane, (0.5, 0.6), (width / 2 - 0.2, height - 0.6), scene.palette.top, width=1.0)
    scene.line([plane(width / 2 - 1.0, 7.0), plane(width / 2 - 1.0, 9.2)], width=2.6)
    sign = [(3.5, 13.6), (2.3, 11.4), (4.7, 11.4)]
    scene.detail([plane(*point) for point in sign], "#F2B705", width=1.0)
    scene.line([plane(3.6, 13.0), plane(3.3, 12.3), plane(3.7, 12.3), plane(3.4, 11.7)], width=0.9)
    scene.panel(plane, (width / 2 + 0.2, 0.6), (width - 0.5, height - 0.6), DARK, width=1.0)
    for row in range(5):
        v = 1.8 + row * 2.7
        for k in range(6):
            u = width / 2 + 0.7 + 0.93 * k
            scene.panel(plane, (u, v), (u + 0.75, v + 1.6), "#E8EBE6", width=0.6)
            scene.line([plane(u + 0.38, v + 0.7), plane(u + 0.38, v + 1.2)], width=1.4)
    door = [
        (width - 0.5, depth, 0.6),
        (width + 5.4, depth + 2.2, 0.6),
        (width + 5.4, depth + 2.2, height - 0.6),
        (width - 0.5, depth, height - 0.6),
    ]
    scene.face(door, scene.palette.right)
    scene.measure(0, (0, depth, 0), (0, depth, height), (-2.2, 0, 0))
    scene.measure(1, (0, depth, 0), (width, depth, 0), (0, 2.6, 0))


def pv_panels(scene: Scene) -> None:
    """This will draw solar panels on a sloping frame, cells and busbars."""
    for i, x in enumerate((0.0, 10.6)):
        _pv_panel(scene, x, length=15.0, width=10.0, last=i == 1)
    scene.measure(0, (0, 15, 0), (0, 0, 7.5), (-2.2, 0, 0))
    scene.measure(1, (0, 15, 0), (10.0, 15, 0), (0, 2.4, 0))


def _pv_panel(scene: Scene, x: float, *, length: float, width: float, last: bool) -> None:
    def lie(u: float, v: float) -> tuple[float, float, float]:
        return (x + u, v, (length - v) * 0.5)

    if last:
        scene.face(
            [(x + width, 1.0, 0), (x + width, length, 0), (x + width, 1.0, 7.0)], scene.palette.ground, width=1.0
        )
    frame = [(length, 0.0), (length, 0.7), (0.0, length * 0.5 + 0.7), (0.0, length * 0.5)]
    extrude(scene, frame, "x", x, width, paint=ALU)
    face = [lie(0.4, 0.4), lie(width - 0.4, 0.4), lie(width - 0.4, length - 0.4), lie(0.4, length - 0.4)]
    scene.detail([(u, v, w + 0.7) for u, v, w in face], scene.palette.left, width=1.0)

    def cell(u: float, v: float) -> tuple[float, float, float]:
        a, b, c = lie(u, v)
        return (a, b, c + 0.7)

    for k in range(1, 6):
        u = 0.4 + (width - 0.8) * k / 6
        scene.line([cell(u, 0.4), cell(u, length - 0.4)], width=0.7, colour="#C7D6E8")
    for k in range(1, 10):
        v = 0.4 + (length - 0.8) * k / 10
        scene.line([cell(0.4, v), cell(width - 0.4, v)], width=0.7, colour="#C7D6E8")
    shine = [cell(1.0, length * 0.55), cell(width * 0.55, 0.8), cell(width * 0.75, 0.8), cell(1.0, length * 0.78)]
    scene.facet(shine, mix(scene.palette.left, "#FFFFFF", 0.16))


def hose_reel(scene: Scene) -> None:
    """This will draw a fire-hose reel in its open cabinet, with an extinguisher beside it."""
    red = PALETTES["sign"]._replace(top="#D2624A", left="#B5472A", right="#93361E")
    scene.box((0, 0, 0), (12.0, 3.0, 12.0), paint=red)
    plane = front(3.0)
    scene.panel(plane, (0.7, 0.7), (11.3, 11.3), "#F7E4DC", width=1.0)
    for k in range(9):
        ring = circle(4.8 - 0.36 * k, centre=(6.0, 6.0))
        scene.line([plane(*point) for point in (*ring, ring[0])], width=2.0, colour="#93361E" if k % 2 else "#B5472A")
    scene.detail([plane(*point) for point in circle(1.6, centre=(6.0, 6.0))], "#F2EEE5")
    scene.line([plane(10.4, 6.0), plane(10.6, 2.0), plane(9.4, 1.2)], width=3.0)
    turned(scene, (17.5, 1.5, 0), [(2.2, 0.0), (2.2, 8.0), (1.6, 9.4), (0.7, 9.8), (0.7, 10.8)], paint=red)
    scene.line([(17.5, 1.5, 10.8), (19.4, 1.5, 11.4)], width=3.0)
    scene.line([(17.5, 2.0, 10.2), (16.0, 4.4, 7.0), (16.2, 4.4, 3.4)], width=2.6)
    scene.measure(0, (0, 3, 0), (0, 3, 12), (-2.2, 0, 0))
    scene.measure(1, (0, 3, 0), (12, 3, 0), (0, 2.4, 0))
