"""Doors, windows and glass: they stand upright, so slot 0 is the height and slot 1 the width."""

import math

from marketplace.web.drawings.hatches import glint, joints, pane
from marketplace.web.drawings.palettes import DARK, GLASS, PALETTES, Palette, mix
from marketplace.web.drawings.projection import Plane, Point, circle, front
from marketplace.web.drawings.scene import Scene
from marketplace.web.drawings.solids import extrude, tube


def _measure_front(scene: Scene, y: float, width: float, height: float) -> None:
    scene.measure(0, (0, y, 0), (0, y, height), (-2.4, 0, 0))
    scene.measure(1, (0, y, 0), (width, y, 0), (0, 2.6, 0))


def _handle(scene: Scene, y: float, width: float, *, at: float = 9.2) -> None:
    plane = front(y)
    scene.panel(plane, (width - 0.85, at), (width - 0.4, at + 2.0), scene.palette.line)
    scene.line([plane(width - 0.6, at + 1.4), (width - 2.2, y + 0.5, at + 1.4)], width=2.0)


def _hinges(scene: Scene, y: float, height: float) -> None:
    for v in (height * 0.11, height * 0.5, height * 0.88):
        scene.line([(0, y, v), (0, y, v + 1)], width=2.4)


def _raised(scene: Scene, plane: Plane, start: Point, end: Point, fill: str) -> None:
    scene.panel(plane, start, end, fill, width=0.9)
    (u, v), (far_u, far_v) = start, end
    inset = 0.45
    corners = [
        (u + inset, v + inset),
        (far_u - inset, v + inset),
        (far_u - inset, far_v - inset),
        (u + inset, far_v - inset),
    ]
    scene.line([plane(*corner) for corner in (*corners, corners[0])], width=0.6)


def doors(scene: Scene, *, look: str = "panels", count: int = 4) -> None:
    """This will draw doors that lean behind each other; the look tells inner, fire, front and steel doors apart."""
    height, thick = 20.0, 0.55
    width = height * scene.ratio(1, 0, 0.42, (0.3, 0.75))
    for i in range(count):
        scene.box((0, i * 2.0, 0), (width, thick, height))
    y = (count - 1) * 2.0 + thick
    {"panels": _panels, "fire": _fire, "front": _front_door, "steel": _steel_door}[look](scene, y, width, height)
    _handle(scene, y, width)
    _hinges(scene, y, height)
    _measure_front(scene, y, width, height)


def _panels(scene: Scene, y: float, width: float, height: float) -> None:
    for low, high in ((1.3, 9.0), (10.2, height - 1.3)):
        _raised(scene, front(y), (1.1, low), (width - 1.1, high), mix(scene.palette.left, scene.palette.right, 0.2))


def _fire(scene: Scene, y: float, width: float, height: float) -> None:
    plane = front(y)
    start, end = (width * 0.42, height * 0.56), (width - 1.4, height - 2.4)
    pane(scene, plane, start, end, GLASS)
    joints(scene, plane, start, end, columns=5, rows=8, width=0.5)
    scene.panel(plane, (1.2, height - 1.5), (width * 0.62, height - 0.7), scene.palette.right)
    scene.panel(plane, (0.8, 13.4), (2.6, 15.2), "#B5472A")
    scene.panel(plane, (0.5, 0.4), (width - 0.5, 2.4), scene.palette.right)


def _front_door(scene: Scene, y: float, width: float, height: float) -> None:
    plane = front(y)
    for u in (1.2, width / 2 + 0.35):
        pane(scene, plane, (u, height * 0.56), (u + width / 2 - 1.55, height - 1.4), GLASS)
    _raised(scene, plane, (1.2, 1.4), (width - 1.2, height * 0.36), scene.palette.top)
    scene.panel(plane, (width * 0.25, height * 0.42), (width * 0.75, height * 0.47), "#D9D5C9")


def _steel_door(scene: Scene, y: float, width: float, height: float) -> None:
    plane = front(y)
    for k in range(1, 6):
        u = width * k / 6
        scene.line([plane(u, 0.5), plane(u, height - 0.5)], width=0.5)
    for v in (2.6, height - 3.4):
        for k in range(4):
            scene.line([plane(width * 0.3, v + 0.35 * k), plane(width * 0.7, v + 0.35 * k)], width=0.9)


def window(scene: Scene, *, bar: float = 1.0, sill: bool = True) -> None:
    """This will draw a window frame with a fixed light and an opening one, a second frame behind it."""
    width, height, thick = _window_size(scene)
    scene.box((0, -2.6, 0), (width, thick, height))
    scene.box((0, 0, 0), (width, thick, height))
    plane, mid = front(thick), width * 0.6
    lights = (
        ((bar, bar), (mid - bar * 0.4, height - bar)),
        ((mid + bar * 0.4, bar), (width - bar, height * 0.68)),
        ((mid + bar * 0.4, height * 0.68 + bar * 0.8), (width - bar, height - bar)),
    )
    for start, end in lights:
        scene.panel(plane, start, end, mix(scene.palette.left, scene.palette.right, 0.2), width=1.0)
        inset = bar * 0.55
        pane(scene, plane, (start[0] + inset, start[1] + inset), (end[0] - inset, end[1] - inset), GLASS)
    scene.line([plane(mid + bar * 0.65, height * 0.3), plane(mid + bar * 0.65, height * 0.42)], width=2.2)
    if sill:
        scene.box((-0.4, thick, -0.35), (width + 0.8, 0.9, 0.35), width=1.0)
    _measure_front(scene, thick, width, height)


def _window_size(scene: Scene) -> tuple[float, float, float]:
    ratio = scene.ratio(1, 0, 1.1, (0.45, 2.0))
    return 13.8 * math.sqrt(ratio), 13.8 / math.sqrt(ratio), 1.2


def curtain_wall(scene: Scene) -> None:
    """This will draw a glazed façade of mullions and transoms, with one solid band."""
    ratio = scene.ratio(1, 0, 1.05, (0.5, 1.8))
    width, height, columns, rows, thick = 17.0 * math.sqrt(ratio), 17.0 / math.sqrt(ratio), 4, 3, 1.0
    scene.box((0, 0, 0), (width, thick, height))
    for i in range(columns):
        for j in range(rows):
            start = (width * i / columns + 0.3, height * j / rows + 0.3)
            end = (width * (i + 1) / columns - 0.3, height * (j + 1) / rows - 0.3)
            if j == 0:
                scene.panel(front(thick), start, end, scene.palette.right)
            else:
                pane(scene, front(thick), start, end, GLASS)
    for i in range(columns + 1):
        scene.box((width * i / columns - 0.2, thick, 0), (0.4, 0.6, height), width=0.9)
    _measure_front(scene, thick, width, height)


def glass(scene: Scene, *, panes: int = 2) -> None:
    """This will draw glass units on a rack; the edge shows one, two or three panes with spacers."""
    ratio = scene.ratio(1, 0, 0.8, (0.4, 1.6))
    width, height = 14.5 * math.sqrt(ratio), 14.5 / math.sqrt(ratio)
    wood = PALETTES["board"]
    for x in (1.0, width - 2.2):
        scene.box((x, -1.5, -0.9), (1.2, 9.0, 0.9), paint=wood, width=1.0)
    for unit in range(3):
        y = unit * 2.4
        for k in range(panes):
            scene.box((0, y + k * 0.55, 0), (width, 0.22, height), width=1.0)
            if k < panes - 1:
                scene.box(
                    (0.15, y + k * 0.55 + 0.22, height - 0.35),
                    (width - 0.15, 0.33, 0.3),
                    paint=PALETTES["zinc"],
                    width=0.7,
                )
        _glass_edge(scene, y + (panes - 1) * 0.55 + 0.22, width, height, spacer=panes > 1)
    _measure_front(scene, 2 * 2.4 + (panes - 1) * 0.55 + 0.22, width, height)


def _glass_edge(scene: Scene, y: float, width: float, height: float, *, spacer: bool) -> None:
    plane = front(y)
    if spacer:
        corners = [(0.5, 0.5), (width - 0.5, 0.5), (width - 0.5, height - 0.5), (0.5, height - 0.5), (0.5, 0.5)]
        scene.line(
            [plane(*corner) for corner in corners], width=1.4, colour=mix(scene.palette.line, scene.palette.left, 0.4)
        )
    glint(scene, plane, (width * 0.1, height * 0.3), (width * 0.7, height * 0.9))


def partition(scene: Scene) -> None:
    """This will draw a glazed office partition with slender frames and a glass door."""
    width, height = 22.0, 13.0
    for i, share in enumerate((0.0, 0.36, 0.7)):
        end = (0.36, 0.7, 1.0)[i]
        start_u, end_u = width * share, width * end
        scene.box((start_u, 0, 0), (end_u - start_u, 0.7, height), paint=PALETTES["anthracite"])
        pane(scene, front(0.7), (start_u + 0.35, 0.6), (end_u - 0.35, height - 0.4), GLASS)
    plane = front(0.7)
    scene.line([plane(width * 0.73, 5.0), plane(width * 0.73, 8.0)], width=2.6)
    for u in (0.5, width * 0.36 + 0.4, width * 0.7 + 0.4):
        span = width * 0.28
        scene.line([plane(u + 0.2, 6.3), plane(u + span, 6.3)], width=2.4, colour="#FFFFFF")
    _measure_front(scene, 0.7, width, height)


def stained_glass(scene: Scene) -> None:
    """This will draw a leaded light: small coloured panes between thick lead cames."""
    ratio = scene.ratio(1, 0, 0.72, (0.4, 1.6))
    width, height = 14.5 * math.sqrt(ratio), 14.5 / math.sqrt(ratio)
    scene.box((0, 0, 0), (width, 0.8, height), paint=PALETTES["oak"])
    plane, tones = front(0.8), ("#CFE3E0", "#E9C46A", "#B5472A", "#8DB9A2", "#DCECEA", "#7FA3C7")
    columns, rows = 4, 6
    for i in range(columns):
        for j in range(rows):
            u, v = 0.8 + (width - 1.6) * i / columns, 0.8 + (height - 1.6) * j / rows
            du, dv = (width - 1.6) / columns, (height - 1.6) / rows
            edge = i in {0, columns - 1} or j in {0, rows - 1}
            tone = tones[(i + 2 * j) % 6] if edge else "#DCECEA"
            scene.panel(plane, (u, v), (u + du, v + dv), tone, width=1.8)
    middle = (width / 2, height / 2)
    for size, tone in ((2.9, "#E9C46A"), (1.7, "#B5472A")):
        diamond = [
            (middle[0] - size, middle[1]),
            (middle[0], middle[1] - size * 1.3),
            (middle[0] + size, middle[1]),
            (middle[0], middle[1] + size * 1.3),
        ]
        scene.detail([plane(*point) for point in diamond], tone, width=1.8)
    _measure_front(scene, 0.8, width, height)


def overhead_door(scene: Scene) -> None:
    """This will draw a sectional door in its tracks, with a row of lights and the drum above it."""
    ratio = scene.ratio(1, 0, 1.0, (0.6, 1.5))
    width, height, rows = 16.0 * math.sqrt(ratio), 16.0 / math.sqrt(ratio), 6
    for x in (-1.0, width):
        scene.box((x, -0.2, 0), (1.0, 1.0, height + 1.8), width=1.0)
    tube(scene, "x", -0.4, width + 0.8, (-1.2, height + 1.1), radius=0.9)
    for j in range(rows):
        v = height * j / rows
        scene.box((0, 0, v), (width, 0.6, height / rows))
        plane = front(0.6)
        if j == 3:
            for i in range(4):
                start, end = (width * (i + 0.12) / 4, v + 0.55), (width * (i + 0.88) / 4, v + height / rows - 0.55)
                scene.panel(plane, start, end, GLASS)
        else:
            for part in (0.33, 0.66):
                w = v + height / rows * part
                scene.line([plane(0.4, w), plane(width - 0.4, w)], width=0.5)
    scene.panel(front(0.6), (width * 0.45, 0.7), (width * 0.55, 1.2), DARK)
    _measure_front(scene, 0.6, width, height)


def frame(scene: Scene) -> None:
    """This will draw empty steel door frames behind each other."""
    height, width, bar = 20.0, 9.0, 1.0
    for y in (0.0, 5.2):
        scene.box((0, y, 0), (bar, 1.4, height), width=1.0)
        scene.box((bar, y, height - bar), (width - 2 * bar, 1.4, bar), width=1.0)
        scene.box((width - bar, y, 0), (bar, 1.4, height), width=1.0)
        for v in (3.0, 10.0, 16.5):
            scene.line([(0.8, y + 1.4, v), (0.8, y + 1.4, v + 1.1)], width=2.2)
        scene.panel(front(y + 1.4), (width - bar + 0.2, 9.2), (width - bar + 0.6, 10.8), DARK)
    _measure_front(scene, 6.6, width, height)


def hardware(scene: Scene) -> None:
    """This will draw a door handle on its plate, a mortise lock and two hinges."""
    plane = front(0.5)
    scene.box((0, 0, 0), (3.4, 0.5, 14))
    scene.detail([plane(u, v) for u, v in circle(0.75, centre=(1.7, 4.6))], scene.palette.line)
    scene.panel(plane, (1.4, 2.6), (2.0, 4.6), scene.palette.line)
    tube(scene, "y", 0.5, 1.8, (1.7, 10.0), radius=0.7)
    tube(scene, "x", 1.4, 7.0, (2.2, 10.0), radius=0.65)
    lock: Palette = PALETTES["zinc"]
    scene.box((11.0, 0, 1.0), (5.6, 1.2, 10.0), paint=lock)
    scene.box((16.6, -0.3, 0.0), (0.5, 1.8, 12.0), paint=lock)
    scene.panel(front(1.2), (12.6, 3.0), (13.4, 5.4), DARK)
    scene.detail([(u, 1.2, v) for u, v in circle(0.8, centre=(13.4, 8.2))], DARK)
    scene.box((17.1, 0.2, 8.0), (1.1, 0.8, 1.4), paint=lock, width=1.0)
    for x in (21.0, 25.0):
        scene.box((x, 0, 2.0), (2.2, 0.3, 6.0), paint=lock)
        tube(scene, "z", 1.6, 6.8, (x + 2.4, 0.3), radius=0.5, paint=lock)


def roof_window(scene: Scene) -> None:
    """This will draw a pitched roof window, tilted open in its frame with flashing."""
    width, length, slope = 11.0, 13.0, 0.62
    ratio = scene.ratio(1, 0, 0.8, (0.5, 1.2))
    width = length * ratio

    def lie(u: float, v: float, lift: float = 0.0) -> tuple[float, float, float]:
        return (u, v, (length - v) * slope + lift)

    def band(inset: float, lift: float, fill: str) -> None:
        corners = [
            lie(inset, inset, lift),
            lie(width - inset, inset, lift),
            lie(width - inset, length - inset, lift),
            lie(inset, length - inset, lift),
        ]
        scene.face(corners, fill)

    flashing = PALETTES["anthracite"]
    band(-1.8, 0.0, flashing.left)
    profile = [(length, 0.0), (length, 1.3), (0.0, length * slope + 1.3), (0.0, length * slope)]
    extrude(scene, profile, "x", 0.0, width)
    band(1.0, 1.3, GLASS)
    glint(scene, lambda u, v: lie(u, length - v, 1.3), (1.5, 2.0), (width - 1.0, length - 2.0))
    scene.line([lie(width * 0.3, 0.55, 1.3), lie(width * 0.7, 0.55, 1.3)], width=2.4)
    scene.measure(0, lie(0, 0, 1.3), lie(0, length, 1.3), (-3.0, 0, 0))
    scene.measure(1, lie(0, length), lie(width, length), (0, 2.8, 0))
