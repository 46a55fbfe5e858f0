"""Timber: beams, boards, studs, sheets, trusses and stairs."""

import math

from marketplace.web.drawings.hatches import grain, rings
from marketplace.web.drawings.palettes import PALETTES, mix
from marketplace.web.drawings.projection import Plane, Space, front, level, side
from marketplace.web.drawings.scene import Scene
from marketplace.web.drawings.solids import bearers, extrude, strut


def _length(scene: Scene, *, slot: int = 0, default: float = 26.0) -> float:
    millimetres = scene.dims[slot]
    return min(max(millimetres / 190, 19.0), 31.0) if millimetres else default


def _piece(scene: Scene, corner: Space, size: Space, *, strokes: int, gap: float) -> None:
    x, y, z = corner
    length, breadth, height = size
    scene.box(corner, size)
    rings(scene, x + length, (y, z), (breadth, height), gap=gap)
    grain(scene, front(y + breadth), (x + length, z + height), strokes, start=(x, z))
    grain(scene, level(z + height), (x + length, y + breadth), strokes, start=(x, y))


def beams(scene: Scene, *, rows: tuple[int, ...] = (3, 2), square: bool = False) -> None:
    """This will stack sawn beams with year rings on their ends, on bearers between the rows."""
    length = _length(scene)
    upright = scene.ratio(2, 1, 1.0 if square else 1.7, (0.5, 2.4))
    breadth, height = (3.2 / math.sqrt(upright), 3.2 * math.sqrt(upright))
    _stack(scene, rows, (length, breadth, height), gap=0.42, strokes=3, spacer=0.55)
    far = max(rows) * (breadth + 0.5) - 0.5
    scene.measure(0, (0, far, 0), (length, far, 0), (0, 2.8, 0))
    scene.measure(1, (length, far - breadth, 0), (length, far, 0), (2.2, 0, 0))
    scene.measure(2, (length, 0, 0), (length, 0, height), (1.5, -1.5, 0))


def _stack(scene: Scene, rows: tuple[int, ...], size: Space, *, gap: float, strokes: int, spacer: float) -> None:
    length, breadth, height = size
    widest, z = max(rows), 0.0
    for number, count in enumerate(rows):
        indent = (widest - count) * (breadth + 0.5) / 2
        for i in range(count):
            shift = scene.random.uniform(-0.6, 0.6) if number or i < count - 1 else 0.0
            corner = (shift, indent + i * (breadth + 0.5), z)
            _piece(scene, corner, size, strokes=strokes, gap=gap)
        z += height
        if number < len(rows) - 1:
            bearers(scene, (3, length - 5), widest * (breadth + 0.5) - 0.5, under=z + spacer, height=spacer)
            z += spacer


def boards(scene: Scene, *, rows: tuple[int, ...] = (3, 3, 3, 3), size: tuple[float, float] = (3.6, 0.7)) -> None:
    """This will stack boards, wider than thick."""
    length = _length(scene, default=24.0)
    _stack(scene, rows, (length, *size), gap=0.3, strokes=2, spacer=0.45)
    far = max(rows) * (size[0] + 0.5) - 0.5
    scene.measure(0, (0, far, 0), (length, far, 0), (0, 2.8, 0))
    scene.measure(1, (length, far - size[0], 0), (length, far, 0), (2.2, 0, 0))


def studs(scene: Scene) -> None:
    """This will draw a strapped bundle of studs and battens."""
    length, breadth, height, across, layers = 27.0, 1.5, 1.0, 6, 5
    for layer in range(layers):
        for i in range(across):
            shift = scene.random.uniform(-0.5, 0.5)
            y, z = i * (breadth + 0.08), layer * (height + 0.08)
            scene.box((shift, y, z), (length, breadth, height), width=1.0)
            grain(scene, side(shift + length), (y + breadth, z + height), 2, start=(y, z))
    far, top = across * (breadth + 0.08), layers * (height + 0.08)
    for x in (5.0, 20.0):
        scene.line([(x, 0, top), (x, far, top), (x, far, 0)], width=2.2)
    scene.measure(0, (0, far, 0), (length, far, 0), (0, 2.6, 0))


def glulam(scene: Scene) -> None:
    """This will draw two laminated beams with their glue lines and finger joints."""
    length, breadth = _length(scene, default=27.0), 2.6
    height = breadth * scene.ratio(2, 1, 2.8, (1.4, 3.6))
    bearers(scene, (3, length - 4), 2 * breadth + 1.0)
    for y in (0.0, breadth + 1.0):
        scene.box((0, y, 0), (length, breadth, height))
        layers = max(round(height / 0.9), 3)
        for i in range(1, layers):
            z = height * i / layers
            scene.line([(0, y + breadth, z), (length, y + breadth, z), (length, y, z)], width=0.7)
            x, step = scene.random.uniform(3, length - 4), height / layers
            zigzag = [(x + 0.18 * k, y + breadth, z - step * (0.15 if k % 2 else 0.85)) for k in range(7)]
            scene.line(zigzag, width=0.6)
        grain(scene, level(height), (length, y + breadth), 4, start=(0, y))
    far = 2 * breadth + 1.0
    scene.measure(0, (0, far, 0), (length, far, 0), (0, 2.8, 0))
    scene.measure(2, (length, 0, 0), (length, 0, height), (1.6, -1.6, 0))


def cross_laminated(scene: Scene) -> None:
    """This will draw a panel of crosswise layers: long grain and end grain by turns along each cut edge."""
    length, breadth, layer = 24.0, 13.0, 0.95
    pale, dark = scene.palette.left, scene.palette.right
    bearers(scene, (2.5, length - 4), breadth)
    for panel in range(2):
        for i in range(5):
            z = panel * 5.3 + i * layer
            crosswise = i % 2 == 1
            tones = scene.palette._replace(left=dark if crosswise else pale, right=pale if crosswise else dark)
            scene.box((0, 0, z), (length, breadth, layer), paint=tones, width=0.9)
            for k in range(1, 12):
                at = k / 12
                if crosswise:
                    scene.line([(length * at, breadth, z + 0.15), (length * at, breadth, z + layer - 0.15)], width=0.6)
                else:
                    scene.line([(length, breadth * at, z + 0.15), (length, breadth * at, z + layer - 0.15)], width=0.6)
    top = 5.3 + 5 * layer
    for k in range(1, 6):
        scene.line([(0, breadth * k / 6, top), (length, breadth * k / 6, top)], width=0.7)
    grain(scene, level(top), (length, breadth), 10)
    scene.measure(0, (0, breadth, 0), (length, breadth, 0), (0, 2.8, 0))
    scene.measure(1, (length, 0, 0), (length, breadth, 0), (2.8, 0, 0))


def floorboards(scene: Scene) -> None:
    """This will draw tongued and grooved boards, laid against each other and a few loose on top."""
    length, breadth, thick = 25.0, 2.7, 0.75
    for z, count, first in ((0.0, 5, 0.0), (1.3, 2, 4.2)):
        for i in range(count):
            y = first + i * (breadth + 0.06)
            profile = [
                (y, z), (y + breadth, z), (y + breadth, z + 0.2), (y + breadth + 0.32, z + 0.2),
                (y + breadth + 0.32, z + 0.45), (y + breadth, z + 0.45), (y + breadth, z + thick), (y, z + thick),
                (y, z + 0.5), (y + 0.3, z + 0.5), (y + 0.3, z + 0.15), (y, z + 0.15),
            ]  # fmt: skip
            shift = scene.random.uniform(-0.8, 0.8) + (1.5 if z else 0.0)
            extrude(scene, profile, "x", shift, length - (3 if z else 0), width=1.0)
            grain(scene, level(z + thick), (shift + length - 4, y + breadth), 3, start=(shift, y))
            if not z:
                knot = scene.random.uniform(3, length - 4)
                scene.detail(
                    [(knot + 0.4 * math.cos(a), y + 1.3 + 0.22 * math.sin(a), thick) for a in range(6)],
                    scene.palette.right,
                )
    far = 5 * (breadth + 0.06)
    scene.measure(0, (0, far, 0), (length, far, 0), (0, 2.6, 0))
    scene.measure(1, (length, far - breadth, 0), (length, far, 0), (2.4, 0, 0))


def _leaning(foot: float) -> Plane:
    """The face of a weatherboard, which leans back from its foot."""
    return lambda u, v: (u, 1.15 - (v - foot) * 0.42, v)


def cladding(scene: Scene) -> None:
    """This will draw weatherboards that overlap on two battens, as they hang on a façade."""
    length, count, rise = 21.0, 7, 1.9
    for x in (2.5, length - 4.0):
        scene.box((x, -1.0, -0.4), (1.4, 1.0, count * rise + 1.4), paint=PALETTES["board"])
    for i in range(count):
        z = i * rise
        profile = [(0.0, z + 0.35), (1.15, z), (1.15, z + 0.5), (0.35, z + rise + 0.35), (0.0, z + rise + 0.35)]
        shift = scene.random.uniform(-0.25, 0.25)
        extrude(scene, profile, "x", shift, length, width=1.0)
        grain(scene, _leaning(z), (length, z + rise), 2, start=(0, z + 0.4))
        for x in (3.2, length - 3.3):
            scene.dots([(x, 0.85, z + 0.75)], width=1.8)
    scene.measure(0, (0, 1.15, 0), (length, 1.15, 0), (0, 2.6, 0))


def sheets(scene: Scene, *, pattern: str = "veneer", count: int = 7, thick: float = 0.62) -> None:
    """This will stack building boards; the pattern shows veneers, strands, chips or paper on a gypsum core."""
    breadth = 24.0 * scene.ratio(1, 0, 0.5, (0.34, 0.75))
    length, pitch = 24.0, thick + 0.1
    bearers(scene, (2.5, length - 4), breadth)
    for i in range(count):
        shift, z = scene.random.uniform(-0.35, 0.35), i * pitch
        scene.box((shift, 0, z), (length, breadth, thick), width=1.0)
        if pattern == "veneer":
            for part in (0.35, 0.68):
                level_z = z + thick * part
                scene.line(
                    [(shift, breadth, level_z), (shift + length, breadth, level_z), (shift + length, 0, level_z)],
                    width=0.5,
                )
    top = (count - 1) * pitch + thick
    _sheet_top(scene, pattern, length, breadth, top)
    scene.measure(0, (0, breadth, 0), (length, breadth, 0), (0, 2.8, 0))
    scene.measure(1, (length, 0, 0), (length, breadth, 0), (2.8, 0, 0))


def _sheet_top(scene: Scene, pattern: str, length: float, breadth: float, top: float) -> None:
    if pattern == "veneer":
        grain(scene, level(top), (length, breadth), 16)
    elif pattern == "gypsum":
        for y in (0.8, breadth - 0.8):
            scene.line([(0.3, y, top), (length - 0.3, y, top)], width=0.7)
        scene.line([(length * 0.36, 0.3, top), (length * 0.36, breadth - 0.3, top)], width=0.5)
    elif pattern == "plain":
        for x in (0.08, 0.16):
            scene.line([(length * x, breadth * 0.7, top), (length * (x + 0.2), breadth * 0.25, top)], width=0.7)
    else:
        _strands(scene, length, breadth, top, long=pattern == "strands")


def _strands(scene: Scene, length: float, breadth: float, top: float, *, long: bool) -> None:
    reach, tones = (1.5, (scene.palette.left, scene.palette.right)) if long else (0.35, (scene.palette.right,))
    for i in range(90 if long else 110):
        x, y = scene.random.uniform(1.6, length - 1.6), scene.random.uniform(1.2, breadth - 1.2)
        angle = scene.random.uniform(-0.7, 0.7)
        dx, dy = reach * math.cos(angle) / 2, min(reach * math.sin(angle) / 2, 1.0)
        if long and i % 3:
            nx, ny = -dy * 0.3, dx * 0.3
            quad = [
                (x - dx, y - dy, top),
                (x + dx, y + dy, top),
                (x + dx + nx, y + dy + ny, top),
                (x - dx + nx, y - dy + ny, top),
            ]
            scene.facet(quad, mix(scene.palette.top, tones[i % 2], 0.7))
        else:
            scene.line([(x - dx, y - dy, top), (x + dx, y + dy, top)], width=0.6)


def truss(scene: Scene) -> None:
    """This will draw three roof trusses behind each other: rafters, tie beam, king post and struts."""
    span, height = 26.0, 10.0
    middle = span / 2
    members = [
        ((0.6, 0.5), (span - 0.6, 0.5), 1.1),
        ((middle, 0.9), (middle, height - 0.5), 1.0),
        ((middle, 1.4), (span * 0.26, height * 0.5), 0.8),
        ((middle, 1.4), (span * 0.74, height * 0.5), 0.8),
        ((-1.2, -0.35), (middle + 0.2, height), 1.1),
        ((span + 1.2, -0.35), (middle - 0.2, height), 1.1),
    ]
    for y in (0.0, 4.2, 8.4):
        for start, end, thickness in members:
            extrude(scene, strut(start, end, thickness), "y", y, 1.0, width=1.0)
        for x, z in ((middle, 1.0), (middle, height - 0.9), (1.2, 0.7), (span - 1.2, 0.7)):
            scene.dots([(x - 0.35, y + 1, z), (x + 0.35, y + 1, z)], width=2.0)
    scene.measure(0, (0, 9.4, 0), (span, 9.4, 0), (0, 2.4, 0))
    scene.measure(2, (0, 9.4, 0), (0, 9.4, height), (-2.4, 0, 0))


def sleepers(scene: Scene) -> None:
    """This will stack railway sleepers with the plates and bolts of the rails."""
    beams(scene, rows=(3,), square=True)
    length = _length(scene)
    upright = scene.ratio(2, 1, 1.0, (0.5, 2.4))
    breadth, height = 3.2 / math.sqrt(upright), 3.2 * math.sqrt(upright)
    for i in range(3):
        y = i * (breadth + 0.5)
        for x in (length * 0.2, length * 0.7):
            scene.box((x, y + 0.3, height), (2.4, breadth - 0.6, 0.3), paint=PALETTES["rust"], width=0.9)
            places = [(x + 0.5, y + breadth / 2, height + 0.3), (x + 1.9, y + breadth / 2, height + 0.3)]
            scene.dots(places, width=2.6)


def stairs(scene: Scene) -> None:
    """This will draw an open wooden flight: two strings and the treads between them."""
    run, rise, count, breadth = 1.9, 1.75, 9, 8.0
    length, height = run * count, rise * count

    def string(y: float) -> None:
        profile = [
            (length + 1.6, 0.0),
            (length - 0.6, 0.0),
            (-0.6, height - 0.9),
            (-0.6, height + 1.5),
            (0.0, height + 1.5),
        ]
        extrude(scene, profile, "y", y, 0.7)

    string(0.0)
    for i in range(count, 0, -1):
        x, z = length - i * run, i * rise
        scene.box((x, 0.7, z - 0.4), (run + 0.5, breadth - 1.4, 0.5), width=1.0)
    string(breadth - 0.7)
    scene.line([(length + 0.7, breadth, 0.6), (0.2, breadth, height + 0.6)], width=0.6)
    scene.measure(2, (-0.6, breadth, 0), (length + 1.6, breadth, 0), (0, 2.2, 0))
    scene.measure(1, (length + 1.6, 0, 0), (length + 1.6, breadth, 0), (2.2, 0, 0))
    scene.measure(0, (-0.6, breadth, 0), (-0.6, breadth, height + 1.5), (-2.2, 0, 0))
