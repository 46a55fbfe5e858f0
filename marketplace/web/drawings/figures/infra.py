"""Infrastructure and temporary works: masts, signs and site cabins."""

import math

from marketplace.web.drawings.hatches import joints, pane
from marketplace.web.drawings.palettes import GLASS, PALETTES, mix
from marketplace.web.drawings.projection import circle, front
from marketplace.web.drawings.scene import Scene
from marketplace.web.drawings.solids import tube, turned

ZINC = PALETTES["galvanised"]


def lamp_posts(scene: Scene) -> None:
    """This will draw two street lamps with an arm and a flat luminaire."""
    for x, y in ((0.0, 0.0), (8.0, -2.0)):
        turned(scene, (x, y, 0), [(0.75, 0.0), (0.75, 4.6), (0.45, 5.0), (0.3, 20.0)])
        scene.line([(x, y + 0.75, 1.4), (x, y + 0.75, 3.6)], width=1.8)
        scene.line([(x, y, 20.0), (x + 0.6, y, 21.0), (x + 3.2, y, 21.6)], width=4.0)
        scene.line([(x, y, 20.0), (x + 0.6, y, 21.0), (x + 3.2, y, 21.6)], width=2.2, colour=scene.palette.top)
        scene.box((x + 2.8, y - 0.8, 21.2), (4.0, 1.6, 0.6))
        scene.box((x + 3.2, y - 0.6, 21.0), (3.2, 1.2, 0.2), paint=PALETTES["glasswool"], width=0.8)
    scene.measure(0, (-0.8, 0.8, 0), (-0.8, 0.8, 20.8), (-2.4, 0, 0))


def signs(scene: Scene) -> None:
    """This will draw traffic signs on posts: a round, a triangular and a direction sign."""
    for x in (2.0, 10.0, 18.0, 24.0):
        tube(scene, "z", 0.0, 11.5 if x > 15 else 14.0, (x, 0.0), radius=0.35, paint=ZINC, segments=12, width=1.0)
    plane = front(0.6)
    for share, fill in ((1.0, "#B5472A"), (0.74, "#FFFFFF")):
        scene.detail([plane(u, v) for u, v in circle(3.0 * share, 32, centre=(2.0, 12.5))], fill, width=1.2)
    scene.line([plane(0.9, 12.5), plane(3.1, 12.5)], width=3.6)
    for share, fill in ((1.0, "#B5472A"), (0.66, "#FFFFFF")):
        triangle = [
            (10.0 + 3.8 * share * math.cos(a), 12.2 + 3.8 * share * math.sin(a))
            for a in (math.pi / 2, math.pi * 7 / 6, math.pi * 11 / 6)
        ]
        scene.detail([plane(*point) for point in triangle], fill, width=1.2)
    scene.line([plane(10.0, 12.0), plane(10.0, 13.4)], width=2.4)
    scene.dots([plane(10.0, 11.1)], width=2.6)
    scene.box((15.5, 0.3, 6.4), (11.0, 0.4, 6.0))
    board = front(0.7)
    scene.panel(board, (16.0, 6.9), (26.0, 11.9), mix(scene.palette.left, "#FFFFFF", 0.08))
    for u, v, reach in ((17.0, 10.6, 6.0), (17.0, 9.2, 4.4), (17.0, 7.8, 5.2)):
        scene.line([board(u, v), board(u + reach, v)], width=2.2, colour="#FFFFFF")
    scene.line([board(24.4, 7.8), board(24.4, 10.8), board(23.6, 9.9)], width=1.8, colour="#FFFFFF")
    scene.line([board(24.4, 10.8), board(25.2, 9.9)], width=1.8, colour="#FFFFFF")
    scene.measure(0, (26.5, 0.7, 6.4), (26.5, 0.7, 12.4), (1.6, -1.0, 0))
    scene.measure(1, (15.5, 0.7, 0), (26.5, 0.7, 0), (0, 1.6, 0))


def cabins(scene: Scene) -> None:
    """This will draw two stacked site cabins with door, windows and corner castings."""
    width, depth, height = 22.0, 9.0, 8.6
    for z in (0.0, height + 0.3):
        scene.box((0, 0, z), (width, depth, height))
        plane = front(depth)
        joints(scene, plane, (0.6, z + 0.8), (width - 0.6, z + height - 0.8), columns=30, rows=1, width=0.5)
        for v in (z + 0.8, z + height - 0.8):
            scene.line([(0, depth, v), (width, depth, v), (width, 0, v)], width=1.0)
        for x in (0.0, width):
            scene.line([(x, depth, z), (x, depth, z + height)], width=2.6)
        for u in (3.0, 8.6) if z else (8.6, 15.0):
            scene.panel(plane, (u - 0.3, z + 3.3), (u + 4.3, z + 7.3), "#FFFFFF", width=1.0)
            pane(scene, plane, (u, z + 3.6), (u + 4.0, z + 7.0), GLASS)
        door = 16.0 if z else 2.6
        scene.panel(plane, (door, z + 0.5), (door + 3.6, z + 7.4), PALETTES["front_door"].top, width=1.0)
        scene.line([plane(door + 3.0, z + 3.6), plane(door + 2.3, z + 3.6)], width=2.0)
        joints(
            scene,
            lambda u, v: (width, u, v),
            (0.6, z + 0.8),
            (depth - 0.4, z + height - 0.8),
            columns=13,
            rows=1,
            width=0.5,
        )
    scene.measure(0, (0, depth, 0), (width, depth, 0), (0, 2.4, 0))
    scene.measure(1, (width, 0, 0), (width, depth, 0), (2.4, 0, 0))
