"""Masonry and paving: bricks, blocks, tiles, clinkers, setts, kerbs and plates."""

import math

from marketplace.web.drawings.hatches import speckle
from marketplace.web.drawings.palettes import PALETTES, mix
from marketplace.web.drawings.projection import circle, front, level, project, side
from marketplace.web.drawings.scene import Scene
from marketplace.web.drawings.solids import bearers, extrude

BED = 0.14


def bricks(
    scene: Scene, *, size: tuple[float, float, float] = (4.2, 2.0, 1.1), courses: tuple[int, ...] = (5, 5, 5, 4, 4, 3)
) -> None:
    """This will stack cleaned bricks in bond, two deep, the last courses stepping back."""
    length, breadth, height = size
    if scene.dims[0] and scene.dims[2]:
        height = length * scene.ratio(2, 0, height / length, (0.16, 0.42))
    for number, count in enumerate(courses):
        indent, z = (length + BED) / 2 * (number % 2), number * (height + BED)
        for y in (0.0, breadth + BED):
            for i in range(count):
                _brick(scene, (indent + i * (length + BED), y, z), (length, breadth, height))
    far = 2 * breadth + BED
    end = courses[0] * (length + BED) - BED
    scene.measure(0, (0, far, 0), (length, far, 0), (0, 2.2, 0))
    scene.measure(1, (end, far - breadth, 0), (end, far, 0), (2.0, 0, 0))
    scene.measure(2, (0, far, 0), (0, far, height), (-1.8, 0, 0))


def _brick(scene: Scene, corner: tuple[float, float, float], size: tuple[float, float, float]) -> None:
    x, y, z = corner
    tone = mix(scene.palette.left, scene.palette.right, scene.random.uniform(0.0, 0.45))
    scene.box(corner, size, paint=scene.palette._replace(left=tone), width=1.0)
    if scene.random.random() < 0.6:
        u, v = scene.random.uniform(0.3, size[0] - 0.9), scene.random.uniform(0.25, size[2] - 0.25)
        scene.line(
            [(x + u, y + size[1], z + v), (x + u + scene.random.uniform(0.2, 0.6), y + size[1], z + v)], width=0.7
        )


def blocks(
    scene: Scene,
    *,
    size: tuple[float, float, float] = (5.4, 3.0, 3.2),
    courses: tuple[int, ...] = (4, 4, 3),
    pores: int = 0,
    groove: bool = True,
) -> None:
    """This will stack wall blocks; the groove is the tongue joint of glued blocks, pores show cellular concrete."""
    length, breadth, height = size
    bearers(scene, (2.0, 4 * length - 4), breadth, height=0.8)
    for number, count in enumerate(courses):
        indent = (length + 0.1) / 2 * (number % 2)
        for i in range(count):
            x, z = indent + i * (length + 0.1), number * (height + 0.1)
            scene.box((x, 0, z), size)
            if pores:
                speckle(scene, front(breadth), (x + length, z + height), pores, start=(x, z), stones=False)
                speckle(scene, side(x + length), (breadth, z + height), pores // 2, start=(0, z), stones=False)
            if groove:
                scene.panel(
                    side(x + length), (breadth * 0.38, z), (breadth * 0.62, z + height), scene.palette.left, width=0.7
                )
    scene.measure(0, (0, breadth, 0), (length, breadth, 0), (0, 2.4, 0))
    end = 4 * (length + 0.1)
    scene.measure(2, (end, 0, 0), (end, breadth, 0), (2.2, 0, 0))
    scene.measure(1, (0, breadth, 0), (0, breadth, height), (-2.0, 0, 0))


def stacking_blocks(scene: Scene) -> None:
    """This will stack large concrete blocks with studs, as for storage bays."""
    for x, z in ((0.0, 0.0), (11.0, 0.0), (5.5, 5.0)):
        length, breadth, height = 10.8, 5.4, 5.0
        scene.box((x, 0, z), (length, breadth, height))
        if z:
            for k in range(4):
                _stud(scene, x + 1.4 + 2.65 * k, breadth / 2, z + height)
        else:
            for k in (0, 1) if x < 1 else (2, 3):
                _stud(scene, x + 1.4 + 2.65 * k, breadth / 2, z + height)
        speckle(scene, front(breadth), (x + length, z + height), 34, start=(x, z), stones=False)
        speckle(scene, side(x + length), (breadth, z + height), 20, start=(0, z), size=0.17)
        scene.detail(
            [(x + length, breadth / 2 + u, z + 1.4 + v) for u, v in circle(0.5, 14)], PALETTES["concrete"].line
        )
    scene.measure(0, (0, 5.4, 0), (10.8, 5.4, 0), (0, 2.4, 0))
    scene.measure(1, (21.8, 0, 0), (21.8, 5.4, 0), (2.2, 0, 0))
    scene.measure(2, (0, 5.4, 0), (0, 5.4, 5.0), (-2.0, 0, 0))


def _stud(scene: Scene, x: float, y: float, z: float) -> None:
    foot = [(-0.8, -0.8), (0.8, -0.8), (0.8, 0.8), (-0.8, 0.8)]
    head = [(0.72 * u, 0.72 * v) for u, v in foot]
    low = [(x + u, y + v, z) for u, v in foot]
    high = [(x + u, y + v, z + 0.9) for u, v in head]
    scene.face([low[3], low[2], high[2], high[3]], scene.palette.left, width=0.9)
    scene.face([low[2], low[1], high[1], high[2]], scene.palette.right, width=0.9)
    scene.face(high, width=0.9)


def sills(scene: Scene) -> None:
    """This will lay natural-stone sills with a drip groove on bearers."""
    length, breadth, thick = 25.0, 4.0, 1.1
    for z in (0.0, 2.0):
        bearers(scene, (3, length - 5), 2 * breadth + 0.8, under=z)
        for y in (0.0, breadth + 0.8):
            shift = scene.random.uniform(-0.6, 0.6)
            scene.box((shift, y, z), (length, breadth, thick))
            scene.line([(shift, y + breadth, z + 0.3), (shift + length, y + breadth, z + 0.3)], width=0.6)
            speckle(scene, level(z + thick), (shift + length, y + breadth), 40, start=(shift, y), stones=False)
    far = 2 * breadth + 0.8
    scene.measure(0, (0, far, 0), (length, far, 0), (0, 2.6, 0))
    scene.measure(1, (length, far - breadth, 0), (length, far, 0), (2.4, 0, 0))


def herringbone(scene: Scene, *, thick: float = 0.75, grain_lines: bool = False) -> None:
    """This will lay clinkers, or parquet where they are thin, in herringbone with two loose pieces on top."""
    cells = []
    for a in range(-2, 15):
        for b in range(-2, 15):
            turn = (a - b) % 4
            if turn in {0, 3}:
                cells.append((a, b, 2, 1) if turn == 0 else (a, b, 1, 2))
    tones = [mix(scene.palette.top, scene.palette.left, share) for share in (0.0, 0.2, 0.4, 0.1)] + [
        mix(scene.palette.top, "#FFFFFF", 0.2)
    ]
    for a, b, w, h in sorted(filter(_in_field, cells), key=lambda c: c[0] + c[1] + (c[2] + c[3]) / 2):
        gap = 0.01 if grain_lines else 0.05
        scene.box((a + gap, b + gap, 0), (w - 2 * gap, h - 2 * gap, thick), top=scene.random.choice(tones), width=1.0)
        if grain_lines:
            line = (
                [(a + 0.3, b + h * 0.5, thick), (a + w - 0.3, b + h * 0.5, thick)]
                if w > h
                else [(a + 0.5, b + 0.3, thick), (a + 0.5, b + h - 0.3, thick)]
            )
            scene.line(line, width=0.5)
    scene.box((9.6, 9.6, 0), (2, 1, thick), width=1.0, top=tones[4])
    scene.box((9.9, 9.7, thick), (1.9, 1, thick), width=1.0)
    scene.measure(0, (9.6, 10.6, 0), (11.6, 10.6, 0), (0, 1.7, 0))


def _in_field(cell: tuple[int, int, int, int]) -> bool:
    x, y = cell[0] + cell[2] / 2 - 6.5, cell[1] + cell[3] / 2 - 6.5
    return abs(x) < 6.3 and abs(y) < 4.6 and x + y < 8.4 and not (x > 2.2 and y > 2.2)


def laid_tiles(
    scene: Scene, *, size: float = 4.0, thick: float = 0.5, mark: str = "plain", columns: int = 5, rows: int = 3
) -> None:
    """This will lay square tiles with a joint, a small stack of loose ones in front."""
    tones = [
        scene.palette.top,
        mix(scene.palette.top, scene.palette.left, 0.25),
        mix(scene.palette.top, scene.palette.left, 0.12),
    ]
    for j in range(rows):
        for i in range(columns):
            if (i, j) == (columns - 1, rows - 1):
                continue
            corner = (i * (size + 0.12), j * (size + 0.12), 0.0)
            scene.box(corner, (size, size, thick), top=scene.random.choice(tones), width=1.0)
            _tile_mark(scene, mark, (corner[0], corner[1], thick), size)
    x, y = (columns - 1) * (size + 0.12) + 0.8, (rows - 1) * (size + 0.12) + 0.8
    for k in range(4):
        shift = scene.random.uniform(-0.2, 0.2)
        scene.box((x + shift, y - shift, k * (thick + 0.06)), (size, size, thick), width=1.0)
    _tile_mark(scene, mark, (x, y, 4 * (thick + 0.06)), size)
    scene.measure(0, (x, y + size, 0), (x + size, y + size, 0), (0, 1.9, 0))
    scene.measure(1, (x + size, y, 0), (x + size, y + size, 0), (1.9, 0, 0))


def _tile_mark(scene: Scene, mark: str, corner: tuple[float, float, float], size: float) -> None:
    x, y, z = corner
    if mark == "aggregate":
        speckle(scene, level(z), (x + size, y + size), 9, start=(x, y), stones=False)
    elif mark == "pile":
        strokes = [(x + size * (k + 0.5) / 7, y + size * (0.15 + 0.1 * (k % 3)), z) for k in range(7)]
        for u, v, w in strokes:
            scene.line([(u, v, w), (u, v + size * 0.5, w)], width=0.6)
    elif mark == "vein":
        bend = [scene.random.uniform(0.1, 0.9) for _ in range(4)]
        scene.line([(x + size * (0.08 + 0.28 * k), y + size * bend[k], z) for k in range(4)], width=0.6)
    elif mark == "shine":
        scene.line([(x + size * 0.15, y + size * 0.55, z), (x + size * 0.5, y + size * 0.15, z)], width=0.6)
    elif mark == "holes":
        for u, v in ((a, b) for a in range(3) for b in range(3)):
            hole = circle(size * 0.09, 10, centre=(x + size * (u + 0.5) / 3, y + size * (v + 0.5) / 3))
            scene.detail([(a, b, z) for a, b in hole], scene.palette.line, width=0.5)
    elif mark == "perforated":
        scene.dots([(x + size * (a + 1) / 7, y + size * (b + 1) / 7, z) for a in range(6) for b in range(6)], width=1.0)


def grass_pavers(scene: Scene) -> None:
    """This will lay open paving grids with grass in the openings."""
    length, breadth, thick = 6.6, 4.4, 1.3
    for j in range(3):
        for i in range(3):
            x, y = i * (length + 0.12), j * (breadth + 0.12)
            scene.box((x, y, 0), (length, breadth, thick), width=1.0)
            for a in range(4):
                for b in range(2):
                    u, v = x + length * (a + 0.5) / 4, y + breadth * (b + 0.5) / 2
                    hole = circle(0.62, 8, centre=(u, v))
                    scene.detail([(p, q, thick) for p, q in hole], "#7FA36B", width=0.7)
                    scene.line([(u - 0.3, v, thick), (u - 0.4, v, thick + 0.45)], width=0.6, colour="#2F5A2A")
                    scene.line([(u + 0.2, v, thick), (u + 0.35, v, thick + 0.5)], width=0.6, colour="#2F5A2A")
    far = 3 * (breadth + 0.12)
    scene.measure(0, (0, far, 0), (length, far, 0), (0, 2.2, 0))
    end = 3 * (length + 0.12)
    scene.measure(1, (end, far - breadth, 0), (end, far, 0), (2.2, 0, 0))


def plates(scene: Scene) -> None:
    """This will stack heavy-duty plates with a steel edge around them."""
    size, thick = 18.0, 1.5
    breadth = size * scene.ratio(1, 0, 1.0, (0.5, 1.0))
    steel = PALETTES["steel"].line
    for i in range(4):
        z = i * (thick + 0.6)
        bearers(scene, (2.5, size - 4), breadth, under=z, height=0.6)
        scene.box((0, 0, z), (size, breadth, thick))
        for w in (z + 0.08, z + thick - 0.08):
            scene.line([(0, breadth, w), (size, breadth, w), (size, 0, w)], width=2.0, colour=steel)
    top = 3 * (thick + 0.6) + thick
    speckle(scene, level(top), (size - 0.6, breadth - 0.6), 60, start=(0.6, 0.6), stones=False)
    edge = 0.5
    rim = [(edge, edge), (size - edge, edge), (size - edge, breadth - edge), (edge, breadth - edge), (edge, edge)]
    scene.line([(u, v, top) for u, v in rim], width=1.4, colour=steel)
    for u, v in ((2.2, 2.2), (size - 2.2, breadth - 2.2)):
        scene.detail([(x, y, top) for x, y in circle(0.55, 14, centre=(u, v))], steel)
    scene.measure(0, (0, breadth, 0), (size, breadth, 0), (0, 2.4, 0))
    scene.measure(1, (size, 0, 0), (size, breadth, 0), (2.4, 0, 0))


def kerbs(scene: Scene) -> None:
    """This will lay kerb units in a row with their bevelled face, two loose ones behind."""
    length, breadth, height = 10.0, 2.6, 4.4
    for first, y in (((0.4, 10.6), -4.4), ((0.0, 10.15, 20.3), 0.0)):
        for x in first:
            profile = [
                (y, 0.0),
                (y + breadth, 0.0),
                (y + breadth, height * 0.45),
                (y + breadth - 0.7, height - 0.4),
                (y + breadth - 1.1, height),
                (y, height),
            ]
            extrude(scene, profile, "x", x, length - 0.1)
            speckle(scene, front(y + breadth), (x + length, height * 0.42), 16, start=(x, 0), stones=False)
            speckle(scene, level(height), (x + length, y + 1.4), 14, start=(x, y), stones=False)
    speckle(scene, side(30.2), (breadth - 0.8, height - 0.3), 26, size=0.18)
    scene.measure(0, (0, breadth, 0), (length, breadth, 0), (0, 2.4, 0))
    scene.measure(2, (30.2, 0, 0), (30.2, 0, height), (1.4, -1.4, 0))


def setts(scene: Scene) -> None:
    """This will lay rounded natural setts in rows."""
    tones = [
        scene.palette.top,
        scene.palette.left,
        mix(scene.palette.top, "#FFFFFF", 0.3),
        mix(scene.palette.top, scene.palette.left, 0.5),
    ]
    bed = [(-0.4, -0.4), (20.8, -0.4), (20.8, 7.4), (14.2, 14.2), (-0.4, 14.2)]
    scene.detail([(x, y, -0.9) for x, y in bed], mix(scene.palette.ground, scene.palette.line, 0.35))
    for row in range(8):
        for column in range(8):
            u = column * 2.5 + (row % 2) * 1.25 + scene.random.uniform(-0.1, 0.1)
            v = row * 1.75 + scene.random.uniform(-0.08, 0.08)
            if u + v * 0.95 > 26.5:
                continue
            _sett(scene, u, v, scene.random.choice(tones))
    for u, v in ((17.5, 15.0), (20.6, 13.2)):
        _sett(scene, u, v, tones[0])
    scene.measure(0, (0, 14.2, 0), (2.4, 14.2, 0), (0, 1.6, 0))


def _sett(scene: Scene, u: float, v: float, tone: str) -> None:
    outline = []
    for k in range(10):
        angle = 2 * math.pi * k / 10
        swell = scene.random.uniform(0.94, 1.06)
        outline.append(
            (u + 1.22 + 1.3 * swell * _squircle(math.cos(angle)), v + 0.85 + 0.92 * swell * _squircle(math.sin(angle)))
        )
    scene.face([(x, y, -0.9) for x, y in outline], scene.palette.right, width=1.0)
    scene.face([(x, y, 0.0) for x, y in outline], tone, width=1.0)
    x, y = project((u + 0.8, v + 0.6, 0.0))
    scene.on_paper([(x, y), (x + 0.5, y + 0.12), (x + 0.15, y + 0.3)], mix(tone, "#FFFFFF", 0.35), width=0.0)


def _squircle(value: float) -> float:
    return math.copysign(abs(value) ** 0.72, value)
