"""The typeface of everything that is printed, and which characters it can show. Pure, but for reading its files."""

import struct
import unicodedata
from functools import cache
from typing import Final

from marketplace.kit.typesetter import FONTS

_MISSING: Final = "\N{REPLACEMENT CHARACTER}"
_INVISIBLE: Final = frozenset({"Cc", "Cf", "Cs", "Co", "Cn"})


def printable(text: str) -> str:
    """Return `text` with only what the typeface can show.

    Line ends and other controls become spaces, marks that steer the direction of text go, and what has no letter here
    becomes a replacement sign: a file for archives may hold no empty boxes.
    """
    return "".join(sign if ord(sign) < 127 and sign.isprintable() else _shown(sign) for sign in text)


def _shown(sign: str) -> str:
    kind = unicodedata.category(sign)
    if kind in _INVISIBLE:
        return " " if kind == "Cc" else ""
    known = _characters()
    if ord(sign) in known:
        return sign
    return _MISSING if ord(_MISSING) in known else "?"


@cache
def _characters() -> frozenset[int]:
    """Return the characters of which both weights have a letter."""
    regular, bold = (_mapped((FONTS / f"SourceSans3-{style}.ttf").read_bytes()) for style in ("Regular", "Bold"))
    return regular & bold


def _mapped(font: bytes) -> frozenset[int]:
    """Return the characters in the segmented coverage (format 12) of the `cmap` table of a font (OpenType 1.9)."""
    tables = [struct.unpack_from(">4sLLL", font, 12 + 16 * n) for n in range(struct.unpack_from(">H", font, 4)[0])]
    start = next(offset for tag, _sum, offset, _length in tables if tag == b"cmap")
    count = struct.unpack_from(">H", font, start + 2)[0]
    parts = [start + struct.unpack_from(">HHL", font, start + 4 + 8 * n)[2] for n in range(count)]
    whole = next(part for part in parts if struct.unpack_from(">H", font, part)[0] == 12)
    groups = struct.unpack_from(">L", font, whole + 12)[0]
    ranges = [struct.unpack_from(">LLL", font, whole + 16 + 12 * n) for n in range(groups)]
    return frozenset(code for first, last, _glyph in ranges for code in range(first, last + 1))
