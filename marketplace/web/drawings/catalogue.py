"""The measured drawing of a category: what the pages show where a lot has no photo, and beside it where it has."""

from functools import lru_cache
from typing import TYPE_CHECKING
from zlib import crc32

from marketplace.web.drawings.palettes import PALETTES
from marketplace.web.drawings.rendering import render
from marketplace.web.drawings.scene import NO_DIMS, Dims, Scene

if TYPE_CHECKING:
    from marketplace.web.drawings.table import Entry


@lru_cache(maxsize=1024)
def drawing(
    category_id: str,
    *,
    dims: Dims = NO_DIMS,
    expected: bool = False,
    width: int = 320,
    height: int = 240,
    with_dimensions: bool = True,
) -> str:
    """This will return a category's drawing as a complete SVG element of `width` by `height` units.

    `dims` are the slots of the vocabulary in whole millimetres; they are written on the dimension lines and steer the
    proportions, and a slot that is None has no line. `expected` draws with dashes what still stands in its building.
    A group's id gives the group's drawing, an unknown id a crate.
    """
    palette, figure = _entry(category_id, expected=expected)
    scene = Scene(PALETTES[palette], seed=crc32(category_id.encode()), dims=dims)
    figure(scene)
    return render(scene, expected=expected, width=width, height=height, with_dimensions=with_dimensions)


def _entry(id_: str, *, expected: bool) -> "Entry":
    # Loaded at the first drawing: the start of the server need not wait for seventy figures.
    from marketplace.web.drawings.table import CATEGORIES, GROUPS, STILL_IN_PLACE, UNKNOWN  # noqa: PLC0415 (slow to import, and not every process makes one)

    category_id = GROUPS.get(id_, id_)
    entry = CATEGORIES.get(category_id, UNKNOWN)
    return STILL_IN_PLACE.get(category_id, entry) if expected else entry


def group_drawing(group_id: str, *, width: int = 320, height: int = 240) -> str:
    """This will return the drawing that stands for a whole group, without dimensions."""
    return drawing(group_id, width=width, height=height, with_dimensions=False)
