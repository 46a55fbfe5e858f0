"""The fit-out: ceilings, raised floors, movable walls, kitchens, sanitary ware and furniture."""

import math

from marketplace.web.drawings.hatches import joints, pane
from marketplace.web.drawings.palettes import DARK, GLASS, PALETTES, mix
from marketplace.web.drawings.projection import Space, circle, convex_hull, front, level, project_all
from marketplace.web.drawings.scene import Scene
from marketplace.web.drawings.solids import extrude, tube, turned

ALU = PALETTES["alu"]


def ceiling(scene: Scene, *, tiles: bool = True) -> None:
    """This will draw a ceiling grid on hangers, with its tiles or bare."""
    size, columns, rows = 4.2, 5, 3
    for j in range(rows + 1):
        y = j * size
        scene.box((0, y - 0.12, 0), (columns * size, 0.24, 0.5), paint=ALU, width=0.9)
        if j < rows:
            for i in range(columns + 1):
                scene.box((i * size - 0.12, y + 0.12, 0), (0.24, size - 0.24, 0.5), paint=ALU, width=0.9)
            for i in range(columns if tiles else 0):
                if (i, j) in {(3, 1), (4, 2)}:
                    continue
                _ceiling_tile(scene, (i * size + 0.2, y + 0.2, 0.2), size - 0.4)
    for x, y in ((0, 0), (columns * size / 2, 0), (columns * size, 0), (columns * size, rows * size), (0, rows * size)):
        scene.line([(x, y, 0.5), (x, y, 5.0)], width=1.0)
        scene.line([(x - 0.4, y, 5.0), (x + 0.4, y, 5.0)], width=1.8)
    if tiles:
        for k in range(3):
            scene.box((columns * size - 3.2 + 0.1 * k, rows * size + 1.8, k * 0.55 - 1.0), (size, size, 0.5), width=1.0)
        _perforations(scene, (columns * size - 3.0, rows * size + 1.8, 0.6), size)
    scene.measure(0, (0, rows * size, 0), (size, rows * size, 0), (0, 2.0, 0))


def _ceiling_tile(scene: Scene, corner: Space, size: float) -> None:
    scene.box(corner, (size, size, 0.4), width=0.9)
    _perforations(scene, (corner[0], corner[1], corner[2] + 0.4), size)


def _perforations(scene: Scene, corner: Space, size: float) -> None:
    x, y, z = corner
    places = [
        (x + scene.random.uniform(0.3, size - 0.3), y + scene.random.uniform(0.3, size - 0.3), z) for _ in range(16)
    ]
    scene.dots(places, width=0.9)


def raised_floor(scene: Scene) -> None:
    """This will draw floor panels on pedestals, one lifted out."""
    size, columns, rows, deck = 4.6, 4, 3, 3.4
    for j in range(rows + 1):
        for i in range(columns + 1):
            x, y = i * size, j * size
            scene.box((x - 0.5, y - 0.5, 0), (1.0, 1.0, 0.15), paint=ALU, width=0.8)
            tube(scene, "z", 0.15, deck - 0.3, (x, y), radius=0.28, paint=ALU, segments=10, width=0.9)
            if i and j and (i, j) != (columns, rows):
                scene.box((x - size + 0.05, y - size + 0.05, deck), (size - 0.1, size - 0.1, 0.7), width=1.0)
    x, y = (columns - 1) * size, (rows - 1) * size
    scene.box((x + 3.0, y + 3.0, 0.0), (size, size, 0.7))
    scene.measure(0, (x + 3.0, y + 3.0 + size, 0), (x + 3.0 + size, y + 3.0 + size, 0), (0, 1.8, 0))
    scene.measure(1, (x + 3.0 + size, y + 3.0, 0), (x + 3.0 + size, y + 3.0 + size, 0), (1.8, 0, 0))


def system_wall(scene: Scene) -> None:
    """This will draw a movable wall: solid panels, a panel with glass and a door, in slender posts."""
    width, height, thick = 22.0, 13.0, 1.0
    spans = ((0.0, 6.0, "solid"), (6.0, 11.5, "glass"), (11.5, 16.0, "door"), (16.0, 22.0, "solid"))
    for start, end, kind in spans:
        scene.box((start, 0, 0), (end - start, thick, height), width=1.0)
        plane = front(thick)
        if kind == "glass":
            pane(scene, plane, (start + 0.5, 4.2), (end - 0.5, height - 0.7), GLASS)
        elif kind == "door":
            scene.panel(plane, (start + 0.4, 0.0), (end - 0.4, 11.0), PALETTES["oak"].top, width=1.0)
            scene.line([plane(end - 1.0, 5.2), plane(end - 2.0, 5.2)], width=2.2)
        else:
            scene.line([plane((start + end) / 2, 0.8), plane((start + end) / 2, height - 0.5)], width=0.7)
    scene.panel(front(thick), (0, 0), (11.5, 0.7), scene.palette.right)
    scene.panel(front(thick), (16.0, 0), (width, 0.7), scene.palette.right)
    scene.measure(1, (0, thick, 0), (width, thick, 0), (0, 2.4, 0))
    scene.measure(0, (0, thick, 0), (0, thick, height), (-2.2, 0, 0))


def kitchen(scene: Scene) -> None:
    """This will draw a kitchen block: worktop, sink and tap, hob, drawers, doors and wall units."""
    width, depth, height = 20.0, 6.0, 8.2
    scene.box((0, -0.6, 13.5), (width * 0.62, 3.4, 6.0))
    plane = front(2.8)
    for k in range(1, 3):
        u = width * 0.62 * k / 3
        scene.line([plane(u, 13.5), plane(u, 19.5)], width=0.8)
    scene.box((0.4, 0, 0), (width - 0.8, depth - 0.8, 1.0), paint=PALETTES["anthracite"], width=0.9)
    scene.box((0, 0, 1.0), (width, depth, height - 1.0))
    plane = front(depth)
    for k in range(1, 4):
        scene.line([plane(width * k / 4, 1.0), plane(width * k / 4, height)], width=0.9)
    for v in (3.2, 5.6):
        scene.line([plane(width * 0.5, v), plane(width * 0.75, v)], width=0.9)
    for u, v in ((0.05, 7.2), (0.3, 7.2), (0.57, 7.4), (0.57, 5.0), (0.57, 2.6), (0.82, 7.2)):
        scene.line([plane(width * u, v), plane(width * u + 2.0, v)], width=2.0)
    scene.box((-0.3, -0.2, height), (width + 0.6, depth + 0.6, 0.6), paint=PALETTES["stone"])
    top = level(height + 0.6)
    scene.panel(top, (2.4, 1.4), (7.4, 4.6), "#E9EEF0")
    scene.panel(top, (3.0, 2.0), (6.8, 4.2), "#BFC9CE")
    scene.line(
        [(4.9, 0.8, height + 0.6), (4.9, 0.8, height + 3.2), (4.9, 2.6, height + 3.4), (4.9, 2.6, height + 2.8)],
        width=2.2,
    )
    scene.panel(top, (12.0, 1.2), (17.4, 4.8), "#2F3638")
    for u, v in ((13.4, 2.2), (16.0, 2.2), (13.4, 3.9), (16.0, 3.9)):
        scene.line([top(x, y) for x, y in circle(0.62, 14, centre=(u, v))], width=0.7, colour="#C9CFCA")
    scene.measure(0, (0, depth, 0), (width, depth, 0), (0, 2.4, 0))
    scene.measure(1, (width, 0, 0), (width, depth, 0), (2.4, 0, 0))


def _oval(centre: Space, radii: tuple[float, float], count: int = 28) -> list[Space]:
    x, y, z = centre
    return [(x + radii[0] * u, y + radii[1] * v, z) for u, v in circle(1.0, count)]


def _bowl(scene: Scene, low: list[Space], high: list[Space]) -> None:
    scene.on_paper(convex_hull(project_all([*low, *high])), scene.palette.left, width=1.2, outline=True)
    quarter = len(low) // 4
    scene.facet([*low[:quarter], *high[:quarter][::-1]], scene.palette.right)


def toilet(scene: Scene) -> None:
    """This will draw a close-coupled toilet with its cistern and seat."""
    scene.box((-0.6, -3.6, 5.6), (3.0, 7.2, 6.2))
    scene.box((-0.8, -3.8, 11.8), (3.4, 7.6, 0.6))
    scene.detail([(u, v, 12.4) for u, v in circle(0.8, 16, centre=(0.9, 0))], scene.palette.right)
    _bowl(scene, _oval((3.6, 0, 0), (3.4, 2.2)), _oval((3.6, 0, 1.0), (3.2, 2.0)))
    _bowl(scene, _oval((3.8, 0, 1.0), (2.6, 1.8)), _oval((5.0, 0, 5.0), (4.8, 3.4)))
    _bowl(scene, _oval((5.0, 0, 5.0), (4.8, 3.4)), _oval((5.0, 0, 5.7), (4.8, 3.4)))
    scene.face(_oval((5.0, 0, 5.7), (4.8, 3.4)))
    scene.face(_oval((5.0, 0, 6.2), (4.9, 3.5)))
    scene.detail(_oval((5.5, 0, 6.2), (3.1, 2.1)), mix(scene.palette.right, scene.palette.line, 0.1))
    scene.detail(_oval((5.9, 0.2, 6.2), (2.0, 1.3)), GLASS)
    scene.measure(0, (9.9, -3.5, 0), (9.9, 3.5, 0), (2.0, 0, 0))
    scene.measure(1, (-0.6, 3.6, 0), (9.9, 3.6, 0), (0, 2.4, 0))


def washbasin(scene: Scene) -> None:
    """This will draw a washbasin on a pedestal with its tap."""
    turned(scene, (4.6, 4.2, 0), [(2.0, 0.0), (1.5, 0.8), (1.1, 6.0), (1.5, 8.4)])
    _bowl(scene, _oval((4.6, 4.0, 8.2), (2.2, 1.8)), _oval((5.0, 4.6, 11.0), (6.0, 4.4)))
    _bowl(scene, _oval((5.0, 4.6, 11.0), (6.0, 4.4)), _oval((5.0, 4.6, 12.0), (6.0, 4.4)))
    scene.face(_oval((5.0, 4.6, 12.0), (6.0, 4.4)))
    scene.detail(_oval((5.2, 5.3, 12.0), (4.6, 2.9)), mix(scene.palette.left, scene.palette.right, 0.6))
    scene.detail(_oval((5.3, 5.8, 12.0), (3.2, 1.7)), GLASS)
    scene.dots([(5.3, 5.8, 12.0)], width=3.0)
    tube(scene, "z", 12.0, 2.0, (5.0, 1.3), radius=0.5)
    tube(scene, "y", 1.3, 2.4, (5.0, 14.0), radius=0.45)
    scene.line([(5.0, 1.3, 14.4), (5.0, 0.4, 15.4)], width=2.4)
    scene.measure(0, (-1.0, 7.0, 0), (11.0, 7.0, 0), (0, 1.6, 0))


def bath(scene: Scene) -> None:
    """This will draw a bath with its taps and waste."""
    length, breadth, height = 20.0, 9.0, 5.6
    scene.box((0.5, 0.5, 0), (length - 1.0, breadth - 1.0, height - 0.8))
    scene.box((0, 0, height - 0.8), (length, breadth, 0.8))
    scene.detail(_rounded(height, (1.0, 1.0), (length - 2.2, breadth - 1.0), 3.0), scene.palette.right, width=1.0)
    scene.detail(_rounded(height, (2.0, 2.3), (length - 3.2, breadth - 1.4), 2.4), scene.palette.left)
    scene.detail(_rounded(height, (3.0, 3.4), (length - 4.2, breadth - 1.9), 1.8), GLASS)
    scene.dots([(5.0, 5.4, height)], width=3.6)
    for y in (3.4, 5.6):
        tube(scene, "z", height, 1.3, (length - 1.1, y), radius=0.4, paint=PALETTES["zinc"])
    scene.line(
        [(length - 1.1, 4.5, height + 0.6), (length - 1.1, 4.5, height + 2.0), (length - 3.0, 4.5, height + 2.0)],
        width=3.0,
    )
    scene.measure(0, (0, breadth, 0), (length, breadth, 0), (0, 2.4, 0))
    scene.measure(1, (length, 0, 0), (length, breadth, 0), (2.4, 0, 0))


def _rounded(z: float, start: tuple[float, float], end: tuple[float, float], radius: float) -> list[Space]:
    (x, y), (far_x, far_y) = start, end
    places = []
    for index, (u, v) in enumerate(
        (
            (far_x - radius, far_y - radius),
            (x + radius, far_y - radius),
            (x + radius, y + radius),
            (far_x - radius, y + radius),
        )
    ):
        for k in range(7):
            angle = math.pi / 2 * (index + k / 6)
            places.append((u + radius * math.cos(angle), v + radius * math.sin(angle), z))
    return places


def furniture(scene: Scene) -> None:
    """This will draw a desk with drawers and an office chair."""
    scene.box((0.4, 0.6, 0), (0.7, 6.8, 8.0), paint=ALU, width=1.0)
    scene.box((13.0, 0.4, 0), (4.6, 7.2, 8.0), paint=PALETTES["appliance"])
    for v in (2.7, 5.3):
        scene.line([(13.0, 7.6, v), (17.6, 7.6, v), (17.6, 0.4, v)], width=0.8)
    for v in (1.4, 4.0, 6.7):
        scene.line([(14.6, 7.6, v), (16.0, 7.6, v)], width=2.0)
    scene.box((0, 0, 8.0), (18.0, 8.0, 0.7), paint=PALETTES["oak"])
    scene.box((7.0, 1.0, 8.7), (2.6, 1.8, 0.3), paint=PALETTES["anthracite"], width=0.9)
    scene.box((8.0, 1.6, 9.0), (0.6, 0.4, 1.4), paint=PALETTES["anthracite"], width=0.9)
    scene.box((4.6, 1.6, 10.2), (7.4, 0.4, 4.6), paint=PALETTES["anthracite"])
    scene.panel(front(2.0), (5.0, 10.6), (11.6, 14.4), GLASS)
    _chair(scene, (7.4, 14.0))
    scene.measure(0, (0, 0, 8.7), (18, 0, 8.7), (0, -5.4, 0))
    scene.measure(1, (18, 0, 0), (18, 8, 0), (2.2, 0, 0))


def _chair(scene: Scene, centre: tuple[float, float]) -> None:
    x, y = centre
    paint = PALETTES["carpet"]
    for k in range(5):
        angle = 2 * math.pi * k / 5 + 0.4
        foot = (x + 2.8 * math.cos(angle), y + 2.8 * math.sin(angle), 0.4)
        scene.line([(x, y, 1.2), foot], width=2.4)
        scene.dots([(foot[0], foot[1], 0.0)], width=4.0)
    tube(scene, "z", 1.0, 3.4, (x, y), radius=0.4, paint=ALU)
    scene.box((x - 2.6, y - 2.6, 4.4), (5.2, 5.0, 0.9), paint=paint)
    scene.line([(x, y + 2.4, 4.6), (x, y + 3.0, 6.2)], width=3.0)
    scene.box((x - 2.4, y + 2.6, 6.0), (4.8, 0.7, 5.4), paint=paint)
    joints(scene, front(y + 3.3), (x - 2.4, 6.0), (x + 2.4, 11.4), columns=3, rows=1, width=0.6)


def lift_cabin(scene: Scene) -> None:
    """This will draw a lift: the landing doors with the cabin half open and its panel."""
    width, height, depth = 11.0, 17.0, 9.0
    scene.box((0, -depth, 0), (width, depth, height), paint=ALU)
    plane = front(0.0)
    scene.panel(plane, (1.6, 0.4), (width - 1.6, height - 3.2), DARK, width=1.0)
    scene.detail([(1.6, 0, 0.4), (width - 1.6, 0, 0.4), (width - 1.6, -4, 0.4)], "#6F7A73")
    scene.panel(plane, (1.6, 0.4), (4.2, height - 3.2), scene.palette.left, width=1.0)
    scene.panel(plane, (width - 4.2, 0.4), (width - 1.6, height - 3.2), scene.palette.left, width=1.0)
    scene.panel(plane, (3.8, height - 2.4), (width - 3.8, height - 1.0), DARK)
    scene.line(
        [plane(5.0, height - 2.1), plane(5.5, height - 1.4), plane(6.0, height - 2.1)], width=1.2, colour="#F2B705"
    )
    scene.panel(plane, (width - 1.1, 6.6), (width - 0.5, 8.8), DARK)
    for x in (2.0, width - 2.0):
        scene.line([(x, -depth / 2, height), (x, -depth / 2, height + 4.2)], width=2.0)
    tube(scene, "y", -depth / 2 - 0.5, 1.0, (width / 2, height + 4.0), radius=1.8, paint=ALU)
    scene.line([(2.0, -depth / 2, height + 4.2), (width - 2.0, -depth / 2, height + 4.2)], width=2.4)
    scene.measure(0, (0, 0, 0), (width, 0, 0), (0, 2.4, 0))
    scene.measure(1, (width, -depth, 0), (width, 0, 0), (2.4, 0, 0))
    scene.measure(2, (0, 0, 0), (0, 0, height), (-2.2, 0, 0))


def crate(scene: Scene) -> None:
    """This will draw a plain crate, for things that have no figure of their own."""
    size = (14.0, 10.0, 9.0)
    scene.box((0, 0, 0), size)
    for part in (0.08, 0.92):
        z = size[2] * part
        scene.line([(0, size[1], z), (size[0], size[1], z), (size[0], 0, z)], width=0.8)
    extrude(scene, [(5.5, 9.0), (8.5, 9.0), (8.5, 9.15), (5.5, 9.15)], "y", 0.0, 10.0, width=0.8)
    scene.measure(0, (0, size[1], 0), (size[0], size[1], 0), (0, 2.4, 0))
    scene.measure(1, (size[0], 0, 0), (size[0], size[1], 0), (2.4, 0, 0))
