"""The passport on paper: PDF/A-3a, tagged for who cannot see it, with the signed file attached byte for byte.

Every text goes in as data, so that nothing that people typed is read as markup. The same sheet gives the same bytes.
"""

import base64
import json
import re
from dataclasses import asdict
from pathlib import Path
from typing import Any, Final

from marketplace.kit.typeface import printable
from marketplace.kit.typesetter import typeset
from marketplace.passports.sheet import Picture, Sheet

ATTACHMENT: Final = "paspoort.json"

_TEMPLATE: Final = (Path(__file__).parent / "passport.typ").read_text(encoding="utf-8")
_LONG_WORD: Final = re.compile(r"\S{25,}")
_HASH: Final = re.compile(r"[0-9a-f]{64}")
_OF_UNIT: Final = re.compile(r"(?<=[0-9]) (?=(?:mm|m|m²|m³|kg|t|st|mg/kg|%)(?!\w))")
_PIECE: Final = 12
_HELD: Final = "\N{NO-BREAK SPACE}"
_MAY_BREAK: Final = "\N{ZERO WIDTH SPACE}"


def passport_pdf(sheet: Sheet, signed: bytes) -> bytes:
    """Return the sheet as PDF/A-3a, with `signed`, the credential in UTF-8, attached as `paspoort.json`."""
    pictures = {"qr.svg": sheet.qr} | ({"picture.svg": sheet.picture} if sheet.picture else {})
    return typeset(
        _TEMPLATE,
        {"sheet": json.dumps(_told(sheet)), "signed": signed.decode(), "attachment": ATTACHMENT},
        standard="a-3a",
        pictures={name: _drawn(picture) for name, picture in pictures.items()},
    )


def _drawn(picture: Picture) -> str:
    """Return a picture as SVG; a photo stands in it as it is, because the typesetter takes only texts from memory."""
    if picture.form == "svg":
        return picture.content.decode()
    photo = base64.b64encode(picture.content).decode()
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 400 300"><image width="400" height="300" '
        f'preserveAspectRatio="xMidYMid slice" href="data:image/jpeg;base64,{photo}"/></svg>'
    )


def _told(sheet: Sheet) -> dict[str, Any]:
    told: dict[str, Any] = _set(asdict(sheet))
    return told | {"title": printable(sheet.name), "at": sheet.at.timetuple()[:6]}


def _set(value: Any) -> Any:  # noqa: ANN401 (whatever a sheet is made of)
    """Return the same with every text made printable; pictures go along as files."""
    if isinstance(value, str):
        return _OF_UNIT.sub(_HELD, _LONG_WORD.sub(_broken, printable(value)))
    if isinstance(value, dict):
        return {name: _set(each) for name, each in value.items() if not isinstance(each, bytes)}
    if isinstance(value, (list, tuple)):
        return [_set(each) for each in value]
    return value


def _broken(word: re.Match[str]) -> str:
    """Return a long word with places where it may end a line; a hash stays whole, to be copied."""
    text = word.group()
    if _HASH.fullmatch(text):
        return text
    return _MAY_BREAK.join(text[start : start + _PIECE] for start in range(0, len(text), _PIECE))
