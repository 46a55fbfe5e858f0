"""Labels to print in tests: a common one, one with all too much on it, one with hardly anything, and blank ones."""

from dataclasses import replace
from typing import Any

from marketplace.kit.codes import ALPHABET, check_character, grouped
from marketplace.labels import qr
from marketplace.labels.content import Blank, Label

BASE = "https://materialenhub.example"


def code(number: int = 0) -> str:
    """Return a passport code that is always the same for the same number."""
    body = "7KQ9M2FX4HTB" + "".join(ALPHABET[number // size % len(ALPHABET)] for size in (900, 30, 1))
    return body + check_character(body)


def label(number: int = 0, **changes: Any) -> Label:
    common = Label(
        address=qr.address(BASE, code(number)),
        code=grouped(code(number)),
        name="Kanaalplaat 200, 5,40 m",
        dimensions="5.400 × 1.196 × 200 mm",
        quantity="96 st",
        place="Stadterij Hoogeveen",
        owner="Bork Groep",
        language="nl",
    )
    return replace(common, **changes)


def long(number: int = 0, **changes: Any) -> Label:
    texts = {
        "name": "Gelamineerde ligger met stalen kopplaten uit de sporthal " * 3,
        "dimensions": "12.400 × 1.196 × 1.200 mm",
        "quantity": "12.345,75 m²",
        "place": "Gemeentelijk materialendepot Emmen-Bargermeer, loods 14",
        "owner": "Aannemersbedrijf Gebroeders Van der Veen-Oosterhuis B.V.",
    }
    return label(number, **texts | changes)


def unbroken(number: int = 0, **changes: Any) -> Label:
    return label(number, **dict.fromkeys(("name", "dimensions", "quantity", "place", "owner"), "W" * 120) | changes)


def bare(number: int = 0, **changes: Any) -> Label:
    return label(number, **{"dimensions": "", "place": "", **changes})


def blank(number: int = 0, language: str = "nl") -> Blank:
    return Blank(qr.address(BASE, code(number)), grouped(code(number)), language)
