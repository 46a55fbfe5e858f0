"""Whether a value may stand behind a GS1 application identifier: its characters, its length and its rules. Pure.

Codes from long lists (countries, currencies, packages, media) are held to their form alone, coupons to their length.
"""

import re
from collections.abc import Callable, Mapping
from datetime import date
from typing import Final

from marketplace.kit.errors import N_, InvalidInputError
from marketplace.passports.gs1.check_digits import has_check_digit, has_check_pair
from marketplace.passports.gs1.identifiers import Component, Identifier

_CHARACTERS: Final = {
    "N": re.compile(r"[0-9]+"),
    "X": re.compile(r"[!\"%&'()*+,\-./0-9:;<=>?A-Z_a-z]+"),
    "Y": re.compile(r"[#\-/0-9A-Z]+"),
    "Z": re.compile(r"[A-Za-z0-9_\-]+={0,2}"),
}


def check_value(identifier: Identifier, value: str) -> None:
    """Check one value against its identifier; raises InvalidInputError with what is wrong with it."""
    rest = value
    for component in identifier.components:
        if not rest and component.optional:
            break
        part, rest = rest[: component.length], rest[component.length :]
        _check_part(identifier, component, part)
    if rest:
        message = N_("De waarde van (%(ai)s) %(title)s is te lang.")
        raise InvalidInputError(message, ai=identifier.ai, title=identifier.title)


def _check_part(identifier: Identifier, component: Component, part: str) -> None:
    names = {"ai": identifier.ai, "title": identifier.title}
    if not part or (len(part) < component.length and not component.variable):
        raise InvalidInputError(N_("De waarde van (%(ai)s) %(title)s is te kort."), **names)
    if not _CHARACTERS[component.kind].fullmatch(part):
        message = N_("In de waarde van (%(ai)s) %(title)s staat een teken dat daar niet mag.")
        raise InvalidInputError(message, **names)
    for rule in component.rules:
        if rule in CHECK_RULES and not CHECK_RULES[rule](part):
            message = N_("Het controlecijfer van (%(ai)s) %(title)s klopt niet. Vergelijk het met het label.")
            raise InvalidInputError(message, **names)
        if rule in RULES and not RULES[rule](part):
            raise InvalidInputError(N_("De waarde van (%(ai)s) %(title)s kan niet kloppen."), **names)


def _is_day(text: str) -> bool:
    try:
        date(int(text[:4]), int(text[4:6]), int(text[6:8]))
    except ValueError:
        return False
    return True


def _is_day_of_century(text: str) -> bool:
    return _is_day(f"20{text}")


def _is_month_or_day(text: str) -> bool:
    return _is_day_of_century(text[:4] + "01") if text.endswith("00") else _is_day_of_century(text)


def _is_iban(text: str) -> bool:
    if not re.fullmatch(r"[A-Z]{2}[0-9]{2}[A-Z0-9]{1,30}", text):
        return False
    return int("".join(str(int(character, 36)) for character in text[4:] + text[:4])) % 97 == 1


def _is_piece_of_total(text: str) -> bool:
    piece, total = int(text[: len(text) // 2]), int(text[len(text) // 2 :])
    return 0 < piece <= total


def _is_place_in_sequence(text: str) -> bool:
    return bool(re.fullmatch(r"[1-9]/[1-9]", text)) and text[0] <= text[2]


def _matches(pattern: str) -> Callable[[str], bool]:
    compiled = re.compile(pattern)
    return lambda text: compiled.fullmatch(text) is not None


CHECK_RULES: Final[Mapping[str, Callable[[str], bool]]] = {"csum": has_check_digit, "csumalpha": has_check_pair}
"""The rules by which a value checks itself, so that a slip in it can be told from what never was one."""

RULES: Final[Mapping[str, Callable[[str], bool]]] = {
    "gcppos1": _matches(r"[0-9]{4}.*"),
    "gcppos2": _matches(r".[0-9]{4}.*"),
    "yymmdd": _is_day_of_century,
    "yymmd0": _is_month_or_day,
    "yyyymmdd": _is_day,
    "hh": _matches(r"[01][0-9]|2[0-3]"),
    "mi": _matches(r"[0-5][0-9]"),
    "ss": _matches(r"[0-5][0-9]"),
    "hhmi": _matches(r"([01][0-9]|2[0-3])[0-5][0-9]"),
    "iso3166alpha2": _matches(r"[A-Z]{2}"),
    "iso5218": _matches(r"[0129]"),
    "latitude": lambda text: int(text) <= 1_800_000_000,
    "longitude": lambda text: int(text) <= 3_600_000_000,
    "pcenc": _matches(r"(%[0-9A-Fa-f]{2}|[^%])+"),
    "yesno": _matches(r"[01]"),
    "zero": _matches(r"0+"),
    "nonzero": lambda text: int(text) > 0,
    "nozeroprefix": _matches(r"0|[1-9][0-9]*"),
    "hyphen": _matches(r"-+"),
    "winding": _matches(r"[019]"),
    "importeridx": _matches(r"[A-Za-z0-9_-]"),
    "hasnondigit": _matches(r".*[^0-9].*"),
    "iban": _is_iban,
    "pieceoftotal": _is_piece_of_total,
    "posinseqslash": _is_place_in_sequence,
}
"""The rules of the syntax dictionary, other than check digits, by name: what each asks of its part of a value."""
