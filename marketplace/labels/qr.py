"""The QR code of a label: what it says, how strong it is, and its modules. Pure."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final

Modules = tuple[tuple[bool, ...], ...]

QUIET_ZONE: Final = 4
"""Modules of white around the code, the least that ISO/IEC 18004 asks."""

_LEVELS: Final = {"Q": 3, "H": 2}
"""The two bits by which ISO/IEC 18004 names the levels, as the library takes them."""

_BLACK: Final = 0


@dataclass(frozen=True, slots=True)
class Symbol:
    """A QR code: dark modules by row, and its level of error correction (Q restores 25 %, H 30 %)."""

    modules: Modules
    level: str

    @property
    def size(self) -> int:
        """Return the number of modules along a side, without the quiet zone."""
        return len(self.modules)


def address(base: str, code: str) -> str:
    """Return what a label says: the address of the passport, in capitals, which need less room in a QR code.

    Scheme and host are the same in capitals (RFC 3986, 6.2.2.1), and the path is ours.
    """
    return f"{base}/ID/{code}".upper()


@lru_cache(maxsize=256)
def symbol(text: str) -> Symbol:
    """Return the QR code of `text` at level Q, or at H where that makes it no larger.

    Measured on dirty labels: with over 4 % of the data soiled, Q and H were always read, M only in 58 to 83 %.
    """
    return _stronger(text, _drawn)


def symbols(texts: Sequence[str]) -> list[Symbol]:
    """Return the QR codes of many texts, each of the size and level of `symbol`, in a tenth of its time.

    The mask, one of eight patterns laid over the code, may be another: the makers weigh them differently.
    """
    made = {text: _stronger(text, _drawn_fast) for text in dict.fromkeys(texts)}
    return [made[text] for text in texts]


def svg(code: Symbol) -> str:
    """Return the code with its quiet zone as an SVG of one path, a module to a unit; dark runs are drawn as one."""
    side = code.size + 2 * QUIET_ZONE
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {side} {side}" shape-rendering="crispEdges">'
        f'<rect width="{side}" height="{side}" fill="#fff"/><path d="{_path(code)}" fill="#000"/></svg>'
    )


def _path(code: Symbol) -> str:
    parts = []
    for y, row in enumerate(code.modules, QUIET_ZONE):
        start = None
        for x, dark in enumerate((*row, False), QUIET_ZONE):
            if dark and start is None:
                start = x
            elif not dark and start is not None:
                parts.append(f"M{start} {y}h{x - start}v1H{start}z")
                start = None
    return "".join(parts)


def _stronger(text: str, draw: Callable[[str, str], Modules]) -> Symbol:
    strong, stronger = draw(text, "Q"), draw(text, "H")
    return Symbol(stronger, "H") if len(stronger) == len(strong) else Symbol(strong, "Q")


def _drawn(text: str, level: str) -> Modules:
    # Loaded at the first code: the library brings its picture makers along, which a start need not wait for.
    from qrcode.main import QRCode  # noqa: PLC0415 (slow to import, and not every process makes one)

    code: QRCode[Any] = QRCode(error_correction=_LEVELS[level], border=0)
    code.add_data(text, optimize=0)  # one segment: the library then takes the mode with the smallest alphabet
    code.make(fit=True)
    return tuple(tuple(bool(module) for module in row) for row in code.get_matrix())


def _drawn_fast(text: str, level: str) -> Modules:
    # Loaded at the first code: most requests draw none.
    import zxingcpp  # noqa: PLC0415 (slow to import, and not every process makes one)

    code = zxingcpp.create_barcode(text, zxingcpp.BarcodeFormat.QRCode, ec_level=level)
    picture: Any = code.to_image(scale=1, add_quiet_zones=False)  # Any: its annotations leave out the buffer
    rows: list[list[int]] = memoryview(picture).tolist()  # type: ignore[assignment]  # it has two dimensions
    return tuple(tuple(shade == _BLACK for shade in row) for row in rows)
