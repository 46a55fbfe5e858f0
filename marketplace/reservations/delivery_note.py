"""The delivery note on paper: a tagged PDF/A that goes along with what is handed over. Pure.

Every text comes ready, in the language of the reader, and goes in as data, so that nothing that people typed is read
as markup. The same note gives the same bytes.
"""

import json
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from marketplace.kit.typeface import printable
from marketplace.kit.typesetter import typeset

_TEMPLATE: Final = (Path(__file__).parent / "delivery_note.typ").read_text(encoding="utf-8")


@dataclass(frozen=True, slots=True)
class Party:
    """One of the two sides: what it is in this (`Van`, `Aan`), who it is, and lines of where."""

    role: str
    name: str
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Row:
    """One line of what went along or was written off, with a smaller text under it."""

    what: str
    amount: str
    mass: str
    price: str = ""
    more: str = ""


@dataclass(frozen=True, slots=True)
class DeliveryNote:
    """A whole note. `heads` are those of the columns of `Row`; without `code` no passport went along.

    `qr` is the QR code of the passport as SVG, `alt` says where it leads, and `page` has places for `{page}` and
    `{pages}`. `signatures` are the captions of the lines to sign on.
    """

    language: str
    at: datetime
    title: str
    number: str
    author: str
    date: str
    parties: tuple[Party, Party]
    facts: tuple[tuple[str, str], ...]
    heads: tuple[str, str, str, str]
    rows: tuple[Row, ...]
    notes: tuple[str, ...]
    signatures: tuple[str, str]
    page: str
    code_title: str = ""
    code: str = ""
    qr: str = ""
    alt: str = ""


def delivery_note_pdf(note: DeliveryNote) -> bytes:
    """Return the note as PDF/A-2a."""
    told = _set(asdict(note)) | {"at": note.at.timetuple()[:6]}
    pictures = {"qr.svg": note.qr} if note.qr else {}
    return typeset(_TEMPLATE, {"note": json.dumps(told)}, standard="a-2a", pictures=pictures)


def _set(value: Any) -> Any:  # noqa: ANN401 (whatever a note is made of)
    """Return the same with every text made printable; the drawing goes along as a file."""
    if isinstance(value, str):
        return printable(value)
    if isinstance(value, dict):
        return {name: _set(each) for name, each in value.items() if name not in {"qr", "at"}}
    return [_set(each) for each in value] if isinstance(value, (list, tuple)) else value
