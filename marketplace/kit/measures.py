"""What people type for money, sizes and units, read exactly. Pure."""

import re
from decimal import Decimal
from typing import Final

from marketplace.kit.errors import N_, InvalidInputError
from marketplace.kit.quantities import LARGEST, Unit, parse_decimal
from marketplace.kit.words import fold

LARGEST_MM: Final = 200_000
_MM_PER: Final = {"mm": 1, "cm": 10, "m": 1000}
_SIZE: Final = re.compile(r"(?P<number>.*?)\s*(?P<unit>mm|cm|m)?\.?", re.IGNORECASE)
_EURO: Final = re.compile(r"^(?:€|eur)?\s*(?P<amount>.*?)(?:,(?:-{1,2}|–|—))?\s*(?:€|eur|euro)?$", re.IGNORECASE)
_LEAST: Final = re.compile(r"(?:>=?|≥|min(?:\.|imaal|imum)?|vanaf|from|at least|ten minste|minstens)\s*")
_MOST: Final = re.compile(r"(?:<=?|≤|max(?:\.|imaal|imum)?|tot|t/m|up to|at most|ten hoogste|hoogstens)\s*")
_BETWEEN: Final = re.compile(r"(?:van|from|tussen|between)\s+")
_SEPARATOR: Final = re.compile(r"(?<=\S)\s*(?:[-–—…]|\.\.+|\bt/m\b|\btot\b|\bto\b|\ben\b|\band\b)\s*(?=\S)")
_MARGIN: Final = re.compile(r"\s*(?:±|\+/-)\s*")
_UNITS: Final = {
    Unit.PIECE: "st stk stuk stuks pc pcs piece pieces each ea",
    Unit.M: "m m1 lm meter meters metre metres",
    Unit.M2: "m2 sqm",
    Unit.M3: "m3 cbm kuub",
    Unit.KG: "kg kilo kilogram",
    Unit.T: "t ton tonne tonnes tons",
}
_UNIT_PHRASES: Final = {
    "strekkende meter": Unit.M,
    "vierkante meter": Unit.M2,
    "kubieke meter": Unit.M3,
    "square metres": Unit.M2,
    "cubic metres": Unit.M3,
}
_UNIT_OF: Final = {word: unit for unit, words in _UNITS.items() for word in words.split()} | _UNIT_PHRASES

Window = tuple[int | None, int | None]
"""The least and the most in mm; None where there is no such end."""


def parse_money(text: str, *, field: str | None = None, language: str = "nl") -> Decimal:
    """Return an amount in euros: '12,50', '€ 1.234,50', '12,-' or 'gratis'. Raises InvalidInputError, for `field`."""
    if text.strip().casefold() in {"gratis", "free"}:
        return Decimal(0)
    match = _EURO.match(text.strip())
    amount = parse_decimal(match["amount"] if match else text, field=field, language=language)
    if amount < 0:
        raise InvalidInputError(N_("Een prijs kan niet negatief zijn."), field=field)
    if amount > LARGEST:
        raise InvalidInputError(N_("Dit getal is te groot."), field=field)
    if amount != round(amount, 2):
        raise InvalidInputError(N_("Gebruik ten hoogste %(most)s cijfers achter de komma."), field=field, most=2)
    return amount


def parse_millimetres(text: str, *, field: str | None = None, language: str = "nl") -> int:
    """Return a size in whole mm; 'cm' or 'm' behind the number is understood. Raises InvalidInputError, for `field`."""
    match = _SIZE.fullmatch(text.strip())
    unit = (match["unit"] or "mm").casefold() if match else "mm"
    size = parse_decimal(match["number"] if match else text, field=field, language=language) * _MM_PER[unit]
    if size != int(size):
        message = N_("Vul hele millimeters in, of schrijf de eenheid erbij, zoals 2,115 m.")
        raise InvalidInputError(message, field=field)
    if not 0 < size <= LARGEST_MM:
        raise InvalidInputError(N_("Een maat ligt tussen 1 en 200.000 mm."), field=field)
    return int(size)


def parse_window(text: str, *, field: str | None = None, language: str = "nl") -> Window:
    """Return a wanted size: '2115', '5.300-5.600', '5,3 tot 5,6 m', 'min 5300', 'max 40' or '2115 ± 5'.

    One number is the least, without a greatest. A unit behind the second number also counts for the first.
    Raises InvalidInputError, for `field`.
    """
    plain = _BETWEEN.sub("", text.strip().casefold(), count=1)
    if least := _LEAST.match(plain):
        return parse_millimetres(plain[least.end() :], field=field, language=language), None
    if most := _MOST.match(plain):
        return None, parse_millimetres(plain[most.end() :], field=field, language=language)
    if len(parts := _MARGIN.split(plain)) == 2:
        middle, margin = _both(parts[0], parts[1], field, language)
        return max(middle - margin, 1), middle + margin
    if len(parts := _SEPARATOR.split(plain)) == 2:
        return _both(parts[0], parts[1], field, language)
    return parse_millimetres(plain, field=field, language=language), None


def parse_unit(text: str, *, field: str | None = None) -> Unit:
    """Return the unit that is meant by 'st', 'stuks', 'm²', 'kuub' or 'ton'. Raises InvalidInputError, for `field`."""
    name = " ".join(fold(text).replace("^", "").rstrip(". ").split())
    unit = _UNIT_OF.get(name)
    if unit is None:
        message = N_("“%(text)s” is geen eenheid. Schrijf st, m, m², m³, kg of ton.")
        raise InvalidInputError(message, field=field, text=text.strip()[:40])
    return unit


def _both(first: str, second: str, field: str | None, language: str) -> tuple[int, int]:
    own, behind = _SIZE.fullmatch(first), _SIZE.fullmatch(second)
    if own and behind and not own["unit"]:
        first += behind["unit"] or ""
    ends = [parse_millimetres(part, field=field, language=language) for part in (first, second)]
    return ends[0], ends[1]
