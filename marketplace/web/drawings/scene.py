"""What a figure draws on: faces, lines and measures in the order in which they cover each other."""

import random
from collections.abc import Iterable
from dataclasses import dataclass

from marketplace.web.drawings.palettes import Palette
from marketplace.web.drawings.projection import Plane, Point, Space, project, project_all

Dims = tuple[int | None, int | None, int | None]
NO_DIMS: Dims = (None, None, None)
OUTLINE = 1.2
DETAIL = 0.8


@dataclass(frozen=True, slots=True)
class Shape:
    """One polygon or polyline on paper; `outline` marks the edges that are dashed while a thing is still in place."""

    points: tuple[Point, ...]
    width: float
    fill: str | None = None
    stroke: str | None = None
    closed: bool = True
    outline: bool = False

    @property
    def facet(self) -> bool:
        """This will tell whether it is a part of a curved face, whose line only closes the seam beside it."""
        return self.fill is not None and self.fill == self.stroke


@dataclass(frozen=True, slots=True)
class Measure:
    """A dimension line for one slot: the two ends on the thing, and the same two on the line beside it."""

    slot: int
    ends: tuple[Point, Point]
    beside: tuple[Point, Point]
    prefix: str


class Scene:
    """Collects the shapes of one drawing; the random numbers are seeded, so a category always looks the same."""

    def __init__(self, palette: Palette, *, seed: int, dims: Dims = NO_DIMS) -> None:
        self.palette = palette
        self.dims = dims
        self.random = random.Random(seed)  # noqa: S311 - chance decides about grain and stones, not about secrets
        self.shapes: list[Shape] = []
        self.measures: list[Measure] = []

    def ratio(self, over: int, under: int, default: float, limits: tuple[float, float]) -> float:
        """This will return the proportion between two slots, kept within limits that still look good."""
        a, b = self.dims[over], self.dims[under]
        value = a / b if a and b else default
        return min(max(value, limits[0]), limits[1])

    def face(self, places: Iterable[Space], fill: str | None = None, *, width: float = OUTLINE) -> None:
        """This will draw a face with an outline."""
        self.shapes.append(Shape(project_all(places), width, fill or self.palette.top, outline=True))

    def facet(self, places: Iterable[Space], fill: str) -> None:
        """This will draw a part of a curved face: colour without a line."""
        self.shapes.append(Shape(project_all(places), 0.5, fill, fill))

    def detail(self, places: Iterable[Space], fill: str | None = None, *, width: float = DETAIL) -> None:
        """This will draw a closed shape that lies on a face, such as a pane or a hole."""
        self.shapes.append(Shape(project_all(places), width, fill))

    def line(
        self, places: Iterable[Space], *, width: float = DETAIL, colour: str | None = None, outline: bool = False
    ) -> None:
        """This will draw an open line."""
        self.shapes.append(Shape(project_all(places), width, None, colour, closed=False, outline=outline))

    def on_paper(self, points: Iterable[Point], fill: str | None, *, width: float, outline: bool = False) -> None:
        """This will draw a closed shape given on paper, for stones and silhouettes that have no flat faces."""
        self.shapes.append(Shape(tuple(points), width, fill, outline=outline))

    def dots(self, places: Iterable[Space], *, width: float = 1.4, colour: str | None = None) -> None:
        """This will draw points as lines of almost no length, which round caps turn into dots."""
        for place in places:
            x, y = project(place)
            self.shapes.append(Shape(((x, y), (x + 0.01, y)), width, None, colour, closed=False))

    def box(
        self,
        corner: Space,
        size: Space,
        *,
        paint: Palette | None = None,
        top: str | None = None,
        width: float = OUTLINE,
    ) -> None:
        """This will draw a block by its lowest corner and its size along x, y and z."""
        (x, y, z), paint = corner, paint or self.palette
        far_x, far_y, far_z = x + size[0], y + size[1], z + size[2]
        left = ((x, far_y, far_z), (far_x, far_y, far_z), (far_x, far_y, z), (x, far_y, z))
        right = ((far_x, y, far_z), (far_x, far_y, far_z), (far_x, far_y, z), (far_x, y, z))
        upper = ((x, y, far_z), (far_x, y, far_z), (far_x, far_y, far_z), (x, far_y, far_z))
        self.face(left, paint.left, width=width)
        self.face(right, paint.right, width=width)
        self.face(upper, top or paint.top, width=width)

    def panel(self, plane: Plane, start: Point, end: Point, fill: str | None = None, *, width: float = DETAIL) -> None:
        """This will draw a rectangle on a plane, between two opposite corners."""
        (u, v), (far_u, far_v) = start, end
        self.detail([plane(u, v), plane(far_u, v), plane(far_u, far_v), plane(u, far_v)], fill, width=width)

    def measure(self, slot: int, start: Space, end: Space, offset: Space, *, prefix: str = "") -> None:
        """This will place the dimension line of a slot from start to end, moved aside by the offset."""
        beside = [project((p[0] + offset[0], p[1] + offset[1], p[2] + offset[2])) for p in (start, end)]
        self.measures.append(Measure(slot, (project(start), project(end)), (beside[0], beside[1]), prefix))
