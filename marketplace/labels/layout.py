"""Where things come on a label of a given size: one rule for every renderer. Pure; all sizes in mm.

Three arrangements: a wide label has the code on the left and the text beside it, a label that is about square has the
name above and the facts beside the code, and a tall one, down to the page for the crane driver, has all below another.
"""

from dataclasses import dataclass
from typing import Final

from marketplace.kit.errors import N_, InvalidInputError
from marketplace.labels import qr
from marketplace.labels.media import Medium

LEAST_MODULE_MM: Final = 0.5
"""Below this a phone at arm's length, on paper that has been out in the rain, no longer reads a code with certainty."""

_CODE_LENGTH = 19
_CHARACTER = 0.6
"""Width of a character of a printed code as a share of its size: the letters and digits of our codes in bold."""


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle on the label, from its upper left corner."""

    x: float
    y: float
    width: float
    height: float

    @property
    def right(self) -> float:
        """Return where it ends to the right."""
        return self.x + self.width

    @property
    def bottom(self) -> float:
        """Return where it ends below."""
        return self.y + self.height


@dataclass(frozen=True, slots=True)
class Layout:
    """Boxes for the parts; `qr` includes the quiet zone, `code_size` is the size of the printed code's letters.

    `facts_follow` tells that the facts stand under the name, so that they may begin where a short name ends.
    """

    name: Box
    qr: Box
    facts: Box
    code: Box
    code_lines: int
    code_size: float
    code_is_centred: bool = True
    fact_columns: int = 1
    facts_follow: bool = False


def layout(medium: Medium) -> Layout:
    """Return where the parts come on a label of this medium."""
    ratio = medium.width / medium.height
    if ratio >= 1.35:
        return _wide(medium.width, medium.height)
    return _square(medium.width, medium.height) if ratio > 0.8 else _tall(medium.width, medium.height)


def module_mm(medium: Medium, symbol: qr.Symbol) -> float:
    """Return the side of a module on this medium; raise InvalidInputError where it is too small to be read."""
    module = layout(medium).qr.width / (symbol.size + 2 * qr.QUIET_ZONE)
    return enough(module)


def enough(module: float) -> float:
    """Return `module`, in mm, or raise InvalidInputError where a code of such modules cannot be trusted to be read."""
    if module < LEAST_MODULE_MM:
        raise InvalidInputError(
            N_(
                "Op dit papier wordt de QR-code te klein om te scannen: %(module)s mm per blokje, "
                "waar %(least)s mm nodig is. Kies een groter label of een korter openbaar adres."
            ),
            field="medium",
            module=f"{module:.2f}".replace(".", ","),
            least=f"{LEAST_MODULE_MM:g}".replace(".", ","),
        )
    return round(module, 3)


def _wide(width: float, height: float) -> Layout:
    edge = 0.03 * height
    side = min(height - 2 * edge, 0.5 * width)
    left, top = side + edge, 2 * edge
    inner = width - left - 2 * edge
    lines, size = _code(inner, 0.24 * height, prefers_two=height > 45)
    code_height, name_height = lines * size * 1.1, 0.27 * height
    bottom = height - 1.5 * edge - code_height
    facts = Box(left, top + name_height + edge, inner, bottom - top - name_height - 2 * edge)
    return Layout(
        name=Box(left, top, inner, name_height),
        qr=Box(edge, (height - side) / 2, side, side),
        facts=facts,
        code=Box(left, bottom, inner, code_height),
        code_lines=lines,
        code_size=size,
        code_is_centred=False,
        fact_columns=2 if inner > 1.9 * facts.height else 1,
        facts_follow=True,
    )


def _square(width: float, height: float) -> Layout:
    edge = 0.04 * height
    inner = width - 2 * edge
    lines, size = _code(inner, 0.1 * height)
    name_height, code_height = 0.18 * height, lines * size * 1.15
    top = edge + name_height + 0.25 * edge
    side = min(0.63 * width, height - top - code_height - edge)
    left = 0.5 * edge + side
    return Layout(
        name=Box(edge, edge, inner, name_height),
        qr=Box(0.5 * edge, top, side, side),
        facts=Box(left, top + edge, width - left - edge, side - 1.5 * edge),
        code=Box(edge, height - edge - code_height, inner, code_height),
        code_lines=lines,
        code_size=size,
    )


def _tall(width: float, height: float) -> Layout:
    edge = 0.045 * width
    inner = width - 2 * edge
    size = 0.118 * width
    name_height, code_height, side = 0.125 * height, 2 * size * 1.05, 0.5 * height
    side = min(side, width - edge)
    below = edge + name_height + side
    bottom = height - edge - code_height
    return Layout(
        name=Box(edge, edge, inner, name_height),
        qr=Box((width - side) / 2, edge + name_height, side, side),
        facts=Box(edge, below, inner, bottom - below - 0.4 * edge),
        code=Box(edge, bottom, inner, code_height),
        code_lines=2,
        code_size=size,
        fact_columns=2,
    )


def _code(width: float, most: float, *, prefers_two: bool = False) -> tuple[int, float]:
    """Return the lines and the letter size of the code: on one line where that stays as large as a book's text."""
    in_one = width / (_CODE_LENGTH * _CHARACTER)
    if in_one >= 3 and not prefers_two:
        return 1, min(in_one, most)
    return 2, min(1.8 * in_one, most / 2)
