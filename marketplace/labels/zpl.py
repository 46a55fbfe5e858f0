"""Labels for Zebra printers, in their own language: ZPL II. Pure.

The printer draws the QR code itself and sets the text in its own font 0. Whatever a person typed reaches it as
hexadecimal (`^FH`), so that no `^`, `~` or control character can become a command; what is sent is plain ASCII.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from marketplace.kit.errors import N_, InvalidInputError
from marketplace.labels import qr
from marketplace.labels.content import Blank, Label, rules, texts
from marketplace.labels.layout import Layout, enough, layout
from marketplace.labels.media import Kind, Medium
from marketplace.labels.setting import Text

RESOLUTIONS: Final = (203, 300)
"""Dots per inch of the printers that are sold."""

NO_ROLL: Final = N_("Een labelprinter print op rollen; kies een rol.")

_MM_PER_INCH: Final = 25.4
_LARGEST_MODULE: Final = 10
"""Dots to a module, the most that every firmware takes."""

_DROP: Final = 10
"""Dots by which the printer sets a QR code below the place it is told."""

_PLAIN: Final = frozenset(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789 .,:/()-")
_ALPHANUMERIC: Final = frozenset("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:")
_IN_FONT_0: Final = str.maketrans({"\u00a0": " ", "\u202f": " ", "…": "...", "×": "x"})
"""Signs that the printer's font may lack, in others that it has."""

_NARROW: Final = frozenset("iljIt.,:;'|!()[] -/f")
_BROAD: Final = frozenset("mwMW@%&—…")


@dataclass(frozen=True, slots=True)
class _Printer:
    dpi: int
    medium: Medium

    def dots(self, mm: float) -> int:
        return round(mm * self.dpi / _MM_PER_INCH)


def render(labels: Sequence[Label | Blank], medium: Medium, dpi: int) -> str:
    """Return the labels as one job for a printer of `dpi` dots per inch (203 or 300), loaded with `medium`.

    Raise InvalidInputError where the medium is no roll, the resolution unknown, nothing chosen, or a code too small.
    """
    if medium.kind is not Kind.ROLL:
        raise InvalidInputError(NO_ROLL, field="medium")
    if dpi not in RESOLUTIONS:
        raise InvalidInputError(N_("Kies een printer van 203 of 300 punten per inch."), field="dpi")
    if not labels:
        raise InvalidInputError(N_("Kies minstens één label om te printen."))
    printer = _Printer(dpi, medium)
    symbols = qr.symbols([label.address for label in labels])
    return "".join(_label(*each, printer) for each in zip(labels, symbols, strict=True))


def module_mm(medium: Medium, symbol: qr.Symbol, dpi: int) -> float:
    """Return the side of a module as this printer draws it, which is a whole number of dots.

    Raise InvalidInputError where it is too small to be read.
    """
    return enough(_magnification(symbol, _Printer(dpi, medium)) * _MM_PER_INCH / dpi)


def escaped(text: str) -> str:
    """Return `text` for a field after `^FH`: UTF-8, with every byte that could mean something as `_` and its number."""
    return "".join(chr(byte) if byte in _PLAIN else f"_{byte:02X}" for byte in text.encode())


def width_in_font_0(text: str, is_bold: bool) -> float:  # noqa: ARG001 (the shape of Measure; the font has one weight)
    """Return an upper estimate of the width of `text` in the printer's font 0, as a share of its height."""
    return sum(_share(character) for character in text)


def _share(character: str) -> float:
    if character in _BROAD:
        return 0.9
    if character in _NARROW:
        return 0.36
    return 0.62 if character.isupper() or not character.isascii() else 0.54


def _label(label: Label | Blank, symbol: qr.Symbol, printer: _Printer) -> str:
    medium, boxes = printer.medium, layout(printer.medium)
    module_mm(medium, symbol, printer.dpi)
    start = f"^XA^CI28^LH0,0^PW{printer.dots(medium.width)}^LL{printer.dots(medium.height)}"
    set_texts = texts(label, boxes, width_in_font_0)
    parts = [start, _code(label.address, symbol, boxes, printer), *_lines(set_texts, printer)]
    parts += [
        f"^FO{printer.dots(rule.x)},{printer.dots(rule.y)}^GB{printer.dots(rule.width)},2,2^FS"
        for rule in rules(label, boxes, width_in_font_0)
    ]
    return "\n".join([*parts, "^XZ\n"])


def _magnification(symbol: qr.Symbol, printer: _Printer) -> int:
    room = printer.dots(layout(printer.medium).qr.width)
    return min(_LARGEST_MODULE, room // (symbol.size + 2 * qr.QUIET_ZONE))


def _code(address: str, symbol: qr.Symbol, boxes: Layout, printer: _Printer) -> str:
    """Return the QR code in the middle of its box.

    Capitals are sent in the manual mode for letters and digits, so that every firmware makes the same small code.
    """
    magnification = _magnification(symbol, printer)
    inset = (printer.dots(boxes.qr.width) - magnification * symbol.size) // 2
    x, y = printer.dots(boxes.qr.x) + inset, printer.dots(boxes.qr.y) + inset - _DROP
    mode = "M,A" if set(address) <= _ALPHANUMERIC else "A,"
    return f"^FO{x},{y}^BQN,2,{magnification}^FH^FD{symbol.level}{mode}{escaped(address)}^FS"


def _lines(set_texts: Iterable[Text], printer: _Printer) -> Iterable[str]:
    for text in set_texts:
        for number, line in enumerate(text.lines):
            yield _line(text, number, line, printer)


def _line(text: Text, number: int, line: str, printer: _Printer) -> str:
    height = printer.dots(text.size)
    shift = width_in_font_0(line, text.is_bold) * text.size / 2 if text.is_centred else 0
    x, y = printer.dots(text.x - shift), printer.dots(text.y + 1.12 * text.size * number)
    return f"^FO{max(x, 0)},{max(y, 0)}^A0N,{height},{height}^FH^FD{escaped(line.translate(_IN_FONT_0))}^FS"
