"""What a printed passport consists of: texts that are ready to be read, in the order in which they are read. Pure.

The door makes a sheet in the language of the reader; `pdf` sets it. Nothing here knows what the texts mean.
"""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

TICKS: Final = 4
"""The ticks of a whole ruler of evidence; a level with none is drawn as unknown."""


@dataclass(frozen=True, slots=True)
class Cell:
    """A text in a table, with a smaller one under it; with `ticks` it is a level of evidence, from 0 to TICKS."""

    text: str
    more: str = ""
    ticks: int | None = None


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its head, its share of the width that is left (0: as wide as its text), and if it holds numbers."""

    title: str
    share: float = 1
    is_number: bool = False


@dataclass(frozen=True, slots=True)
class Terms:
    """Facts, each with its name."""

    items: tuple[tuple[str, str], ...]
    kind: str = field(default="terms", init=False)


@dataclass(frozen=True, slots=True)
class Table:
    """Rows under a head, which is repeated on every page; `title` stands over it where a section has several."""

    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell | str, ...], ...]
    title: str = ""
    kind: str = field(default="table", init=False)


@dataclass(frozen=True, slots=True)
class Note:
    """A remark; a warning stands in the colour of attention."""

    text: str
    is_warning: bool = False
    kind: str = field(default="note", init=False)


@dataclass(frozen=True, slots=True)
class Section:
    """A part with its head, and on the line of the head how much there is of it."""

    title: str
    count: str
    blocks: tuple[Terms | Table | Note, ...]


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture and what it shows, for who cannot see it; `form` is svg or jpg."""

    content: bytes
    form: str
    alt: str


@dataclass(frozen=True, slots=True)
class Sheet:
    """A whole passport to print. `band` is its first line, left and right; `at` is when what it says became valid.

    `code` is written under the QR code and `address` is what that code says. `page` names a page number, with places
    for `{page}` and `{pages}`; `attachment` describes the file that goes along.
    """

    language: str
    at: datetime
    band: tuple[str, str]
    name: str
    author: str
    lead: str
    description: str
    code: str
    address: str
    picture: Picture | None
    qr: Picture
    issued: Terms
    sections: tuple[Section, ...]
    page: str
    attachment: str
    warning: str = ""
