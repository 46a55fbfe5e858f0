"""The GS1 keys that an operator with a licensed company prefix may give out, and their Digital Links. Pure."""

import re
from typing import Final

from marketplace.kit.errors import N_, InvalidInputError
from marketplace.passports.gs1.check_digits import check_digit
from marketplace.passports.gs1.digital_link import Element, generate
from marketplace.passports.gs1.identifiers import find_identifier

EXAMPLE_PREFIX: Final = "952"
"""Keys that begin with it are for examples and belong to nobody (GS1 General Specifications, section 1.4.2)."""

_PREFIX_RULES: Final = {"gcppos1": 0, "gcppos2": 1}
_PREFIX: Final = re.compile(r"[0-9]{4,12}")


def gtin(prefix: str, number: int, indicator: int = 0) -> str:
    """Return the GTIN-14 of article `number`; `indicator` 1 to 8 is a packing, 9 a trade item of variable measure."""
    _check_leading(indicator)
    return _with_check_digit(f"{indicator}{_numbered(prefix, number, 12)}")


def sscc(prefix: str, number: int, extension: int = 0) -> str:
    """Return the SSCC of pallet `number`, 18 digits; each extension digit begins a series of its own."""
    _check_leading(extension)
    return _with_check_digit(f"{extension}{_numbered(prefix, number, 16)}")


def gln(prefix: str, number: int) -> str:
    """Return the GLN of place or party `number`, 13 digits."""
    return _with_check_digit(_numbered(prefix, number, 12))


def is_of(prefix: str, ai: str, value: str) -> bool:
    """Tell whether a key carries this company prefix, so that its holder may print it.

    False for what is no key of a company. Where the prefix begins in the value stands in the syntax dictionary.
    """
    start = _prefix_start(ai)
    return start is not None and _PREFIX.fullmatch(prefix) is not None and value.startswith(prefix, start)


def item_link(base: str, gtin: str, serial: str) -> str:
    """Return the Digital Link of one thing: `/01/GTIN/21/SERIAL`."""
    return generate((Element("01", gtin), Element("21", serial)), base)


def batch_link(base: str, gtin: str, lot: str) -> str:
    """Return the Digital Link of a batch: `/01/GTIN/10/LOT`."""
    return generate((Element("01", gtin), Element("10", lot)), base)


def place_link(base: str, gln: str, extension: str = "") -> str:
    """Return the Digital Link of a place, or of a spot in it: `/414/GLN/254/EXTENSION`."""
    spot = (Element("254", extension),) if extension else ()
    return generate((Element("414", gln), *spot), base)


def _with_check_digit(digits: str) -> str:
    return digits + check_digit(digits)


def _check_leading(digit: int) -> None:
    if not 0 <= digit <= 9:
        raise InvalidInputError(N_("Voor een nummer van GS1 staat één cijfer van 0 tot 9."))


def _numbered(prefix: str, number: int, length: int) -> str:
    if not _PREFIX.fullmatch(prefix):
        raise InvalidInputError(N_("Een bedrijfsprefix van GS1 heeft 4 tot 12 cijfers."))
    room = length - len(prefix)
    if not 0 <= number < 10**room:
        message = N_("Achter dit bedrijfsprefix is plaats voor een nummer van %(room)s cijfers.")
        raise InvalidInputError(message, room=room)
    return prefix + (str(number).zfill(room) if room else "")


def _prefix_start(ai: str) -> int | None:
    identifier, place = find_identifier(ai), 0
    for component in identifier.components if identifier else ():
        for rule in component.rules:
            if rule in _PREFIX_RULES:
                return place + _PREFIX_RULES[rule]
        place += component.length
    return None
