"""Reports as PDF: checked before they are kept, and kept exactly as they came, so that their hash stays comparable.

What a stranger sent is opened in a process of its own with little memory and time: a file that brings down or holds up
the library takes only that process along.
"""

import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from marketplace.kit.confined import run_confined
from marketplace.kit.errors import N_, InvalidInputError

MAX_BYTES: Final = 20_000_000
MAX_PAGES: Final = 2_000

_HEAD: Final = b"%PDF-"
_TAIL: Final = b"%%EOF"
_SECONDS: Final = 5
"""Of the processor. A large report takes half a second; the database waits meanwhile."""
_INSPECTION: Final = Path(__file__).with_name("pdf_inspection.py")

_WEB_PAGE: Final = N_("Dit is een webpagina, geen PDF. Open het rapport zelf, bewaar het als PDF en kies dat bestand.")
_PICTURE: Final = N_("Dit is een foto, geen PDF. Stuur hem als .jpg, .png, .webp of .heic, of bewaar hem als PDF.")
_ARCHIVE: Final = N_("Dit is een zip-, Word- of Excelbestand, geen PDF. Bewaar het als PDF en kies dat bestand.")
_OFFICE: Final = N_("Dit is een oud Word- of Excelbestand, geen PDF. Bewaar het als PDF en kies dat bestand.")
_PROGRAM: Final = N_("Dit is een programma, geen PDF. Dat bewaren we niet.")
_TEXT: Final = N_("Dit is gewone tekst, geen PDF. Bewaar het rapport als PDF en kies dat bestand.")
_OTHER: Final = N_("Dit is geen PDF. Bewaar het rapport als PDF en kies dat bestand.")

_STARTS: Final = (
    (b"\xff\xd8\xff", _PICTURE),
    (b"\x89PNG", _PICTURE),
    (b"GIF8", _PICTURE),
    (b"II*\0", _PICTURE),
    (b"MM\0*", _PICTURE),
    (b"PK", _ARCHIVE),
    (b"Rar!", _ARCHIVE),
    (b"7z\xbc\xaf", _ARCHIVE),
    (b"\x1f\x8b", _ARCHIVE),
    (b"\xd0\xcf\x11\xe0", _OFFICE),
    (b"{\\rtf", _OFFICE),
    (b"MZ", _PROGRAM),
    (b"\x7fELF", _PROGRAM),
    (b"#!", _PROGRAM),
)
_PAGE_SIGNS: Final = (b"<!doctype html", b"<html", b"<head", b"<body", b"<script", b"<svg", b"<?xml")

_REFUSED: Final = {
    "damaged": N_("Deze PDF is beschadigd. Open het rapport, bewaar het opnieuw als PDF en kies dat bestand."),
    "encrypted": N_("Op deze PDF zit een wachtwoord of beveiliging. Bewaar hem zonder en kies dat bestand."),
    "empty": N_("Deze PDF heeft geen bladzijde."),
    "long": N_("Deze PDF heeft meer dan 2.000 bladzijden. Stuur alleen het deel dat het bewijs is."),
    "script": N_("In deze PDF zit een script. Druk hem af als PDF en kies dat bestand."),
    "launch": N_("Deze PDF wil een programma starten. Druk hem af als PDF en kies dat bestand."),
    "program": N_("In deze PDF zit een programma als bijlage. Druk hem af als PDF en kies dat bestand."),
}
_TOO_MUCH: Final = N_("Deze PDF vraagt te veel om hem te controleren. Druk hem af als PDF en kies dat bestand.")


@dataclass(frozen=True, slots=True)
class Pdf:
    """A PDF ready to be stored: the bytes as they came, their SHA-256, and how many pages it has."""

    content: bytes
    sha256: str
    pages: int


def is_pdf(content: bytes) -> bool:
    """Tell whether these bytes say that they are a PDF."""
    return content.startswith(_HEAD)


def read_pdf(content: bytes, *, field: str = "document") -> Pdf:
    """Return `content` as a PDF to keep.

    Raises InvalidInputError, for `field`, with a sentence where it is too large, is something else, cannot be opened,
    or holds what runs: scripts, launch actions, programs.
    """
    if len(content) > MAX_BYTES:
        message = N_("Deze PDF is %(size)s MB. Ten hoogste 20 MB past: stuur het deel dat het bewijs is.")
        raise InvalidInputError(message, field=field, size=-(-len(content) // 1_000_000))
    if not is_pdf(content):
        raise InvalidInputError(_what_it_is(content), field=field)
    if _TAIL not in content[-2048:]:
        raise InvalidInputError(N_("Deze PDF is niet compleet: het einde ontbreekt. Stuur hem opnieuw."), field=field)
    verdict = _inspect(content)
    if not verdict.isdecimal():
        raise InvalidInputError(_REFUSED.get(verdict, _TOO_MUCH), field=field)
    return Pdf(content, hashlib.sha256(content).hexdigest(), int(verdict))


def _what_it_is(content: bytes) -> str:
    """Return the sentence that says what a file that is no PDF is instead."""
    if not content.strip():
        return N_("Dit bestand is leeg.")
    if any(sign in content[:1024].lower() for sign in _PAGE_SIGNS):
        return _WEB_PAGE
    if (content[:4] == b"RIFF" and content[8:12] == b"WEBP") or content[4:8] == b"ftyp":
        return _PICTURE
    known = next((sentence for start, sentence in _STARTS if content.startswith(start)), None)
    return known or (_TEXT if _is_text(content[:4096]) else _OTHER)


def _is_text(start: bytes) -> bool:
    return all(byte >= 32 or byte in b"\t\n\r\f" for byte in start)


def _inspect(content: bytes) -> str:
    """Return the number of pages as text, or the word for why it is refused; empty where the inspection gave up."""
    done = run_confined(_INSPECTION, str(MAX_PAGES), content=content, seconds=_SECONDS)
    return done.stdout.decode("ascii", "replace").strip() if done and done.returncode == 0 else ""
