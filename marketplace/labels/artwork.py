"""The label as it is printed: 50 by 50 mm, with what must be readable without a phone beside the code."""

import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Literal

from marketplace.labels import qr

SIDE_MM = 50
PIXELS_PER_INCH = 300

_FOLDER = Path(__file__).parent
_FONTS = str(_FOLDER / "fonts")
_TEMPLATE = (_FOLDER / "label.typ").read_bytes()

Format = Literal["svg", "png", "pdf"]


@dataclass(frozen=True, slots=True)
class Label:
    """What stands on a label, in the language of who prints it; empty texts are left out.

    `address` goes into the QR code, `code` is printed in groups under it.
    """

    address: str
    code: str
    name: str
    dimensions: str
    quantity: str
    place: str
    owner: str
    language: str


def render(label: Label, form: Format) -> bytes:
    """Return the label as a PDF page of 50 by 50 mm, as SVG with outlined text, or as PNG at 300 dots per inch.

    All three come from one drawing, so that they cannot differ.
    """
    # Loaded at the first label: most requests print none, and the typesetter takes a while to load.
    import typst  # noqa: PLC0415

    facts = asdict(label) | {"qr": qr.svg(qr.symbol(label.address))}
    return typst.compile(  # type: ignore[misc]  # mypy also tries the overload that writes a file
        _TEMPLATE,
        format=form,
        font_paths=[_FONTS],
        ignore_system_fonts=True,
        sys_inputs={"label": json.dumps(facts)},
        ppi=PIXELS_PER_INCH if form == "png" else None,
    )
