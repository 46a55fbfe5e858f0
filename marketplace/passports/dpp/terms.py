"""The small words of a UNTP credential: numbers, measures, links, countries, and what things are called. Pure."""

import base64
from decimal import Context, Decimal
from typing import Any, Final
from urllib.parse import urlsplit

from marketplace.passports.document import Figure, PassportDocument

_DIGITS: Final = Context(prec=15)
"""As many digits as every double holds exactly, so that a number reads the same wherever it is signed or checked."""
_LARGEST_INTEGER: Final = Decimal(10) ** 15
_SHA2_256: Final = b"\x12\x20"

UNKNOWN: Final = "onbekend (unknown)"
UNKNOWN_COUNTRY: Final = "ZZ"
"""The code that ISO 3166 leaves to its users, and that CLDR uses, for a country nobody knows."""


def number(value: Decimal) -> int | float:
    """Return the number of at most 15 digits that JSON carries. Raises ValueError where it is not finite."""
    if not value.is_finite():
        raise ValueError(f"{value} is no number that can be signed")
    rounded = _DIGITS.plus(value)
    whole = abs(rounded) < _LARGEST_INTEGER and rounded == rounded.to_integral_value()
    return int(rounded) if whole else float(rounded)


def measure(value: Decimal, unit: str, tolerance: Decimal | None = None) -> dict[str, Any]:
    """Return a figure with its unit of UN/ECE Recommendation 20, and plus or minus how much."""
    margin = {} if tolerance is None else dict.fromkeys(("lowerTolerance", "upperTolerance"), number(tolerance))
    return {"value": number(value), "unit": unit, **margin}


def measure_of(figure: Figure) -> dict[str, Any]:
    """Return the measure of a figure of the passport."""
    return measure(figure.value, figure.unit, figure.tolerance)


def country(code: str) -> dict[str, Any]:
    """Return a country by its ISO 3166 code; an empty code is a country that nobody knows, and says so."""
    return {"countryCode": code} if code else {"countryCode": UNKNOWN_COUNTRY, "countryName": UNKNOWN}


def classification(code: str, name: str, scheme_id: str, scheme: str) -> dict[str, Any]:
    """Return a code with the scheme that it comes out of."""
    return {"code": code, "name": name, "schemeId": scheme_id, "schemeName": scheme}


def file_link(sha256: str, name: str, kind: str) -> dict[str, Any]:
    """Return a link to a file by what is in it (RFC 6920), so that it can be recognised wherever it is kept."""
    digest = bytes.fromhex(sha256)
    return {
        "linkURL": f"ni:///sha-256;{_base64url(digest)}",
        "linkName": name,
        "digestMultibase": f"u{_base64url(_SHA2_256 + digest)}",
        "linkType": kind,
    }


def _base64url(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()


def named(kind: str, address: str, name: str, **more: object) -> dict[str, Any]:
    """Return a thing of a UNTP type that has an address and a name."""
    return {"type": [kind], "id": address, "name": name, **more}


def hub_of(document: PassportDocument) -> str:
    """Return the web address of the hub that a passport stands at: `https://host`."""
    parts = urlsplit(document.uri)
    return f"{parts.scheme}://{parts.netloc}".lower()


def term(document: PassportDocument, name: str) -> str:
    """Return the address of a word of our own: a criterion, a kind of link, the document itself."""
    return f"{hub_of(document)}/ns/passport#{name}"


def passport_address(document: PassportDocument, code: str) -> str:
    """Return where another passport of the same hub is found."""
    return f"{hub_of(document)}/ID/{code}"
