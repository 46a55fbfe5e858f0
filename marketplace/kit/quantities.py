"""Amounts with units: pieces, m, m2, m3, kg and t, in exact decimals, converted through mass."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum
from typing import Final

from marketplace.kit.errors import N_, InvalidInputError

LARGEST: Final = Decimal(1_000_000_000)
_THOUSANDTH: Final = Decimal("0.001")
_ONE: Final = Decimal(1)


class UnknownMassError(InvalidInputError):
    """Say that an amount cannot be converted because the mass per unit is not known."""


class Unit(StrEnum):
    """Name what an amount counts. The value is what is stored and what files and the API use."""

    PIECE = "piece"
    M = "m"
    M2 = "m2"
    M3 = "m3"
    KG = "kg"
    T = "t"

    @property
    def rec20(self) -> str:
        """Return the code of UN/ECE Recommendation 20 for this unit."""
        return _REC20[self]

    @property
    def whole(self) -> bool:
        """Tell whether only whole numbers count: there is no half door. Other units go to three decimals."""
        return self is Unit.PIECE

    def label(self, locale: str = "nl") -> str:
        """Return the short sign beside a number: 'st' (English 'pcs'), 'm', 'm²', 'm³', 'kg', 't'."""
        if self is Unit.PIECE:
            return "pcs" if locale.startswith("en") else "st"
        return _SIGNS.get(self, self.value)

    def round(self, value: Decimal) -> Decimal:
        """Return the value rounded half up to what this unit can hold: whole pieces, otherwise three decimals."""
        return value.quantize(_ONE if self.whole else _THOUSANDTH, ROUND_HALF_UP)


_REC20: Final = {
    Unit.PIECE: "C62",
    Unit.M: "MTR",
    Unit.M2: "MTK",
    Unit.M3: "MTQ",
    Unit.KG: "KGM",
    Unit.T: "TNE",
}
_SIGNS: Final = {Unit.M2: "m²", Unit.M3: "m³"}
_MASS_UNITS: Final = {Unit.KG: Decimal(1), Unit.T: Decimal(1000)}


@dataclass(frozen=True, slots=True)
class Quantity:
    """Hold an amount that can exist: from zero to a thousand million, whole pieces, otherwise at most three decimals.

    Raises InvalidInputError for any other value. The value is kept without trailing zeros.
    """

    value: Decimal
    unit: Unit

    def __post_init__(self) -> None:
        _check(self.value, self.unit)
        object.__setattr__(self, "value", _without_trailing_zeros(self.value))

    def __str__(self) -> str:
        return self.label()

    def label(self, locale: str = "nl") -> str:
        """Return the number with its unit, as the language writes both: '2,5 m²', in English '2.5 m²'."""
        return f"{written_decimal(self.value, locale[:2])} {self.unit.label(locale)}"


def amount_of(value: Decimal, unit: Unit, *, field: str) -> Quantity:
    """Return a quantity that was filled in at a field of a form. Raises InvalidInputError, at the field, as it does."""
    try:
        return Quantity(value, unit)
    except InvalidInputError as error:
        raise InvalidInputError(error.message, field=field, **error.params) from error


def _check(value: Decimal, unit: Unit) -> None:
    if not value.is_finite():
        raise InvalidInputError(N_("Vul een getal in."))
    if value < 0:
        raise InvalidInputError(N_("Een hoeveelheid kan niet negatief zijn."))
    if value > LARGEST:
        raise InvalidInputError(N_("Een hoeveelheid kan niet groter zijn dan een miljard."))
    if unit.whole and value != value.to_integral_value():
        raise InvalidInputError(N_("Een aantal stuks is een heel getal."))
    if value != value.quantize(_THOUSANDTH):
        raise InvalidInputError(N_("Een hoeveelheid heeft ten hoogste drie cijfers achter de komma."))


def _without_trailing_zeros(value: Decimal) -> Decimal:
    # normalize() writes 100 as 1E+2; a whole number is therefore written out first. abs() makes an end of minus zero.
    return abs(value.quantize(_ONE) if value == value.to_integral_value() else value.normalize())


_NUMBER: Final = re.compile(
    r"""[+-]?(?:
        (?P<thousands>[1-9][0-9]{0,2}(?:\.[0-9]{3})+)(?:,(?P<after_thousands>[0-9]+))?
      | (?P<whole>[0-9]+)(?:[.,](?P<after>[0-9]+))?
    )""",
    re.VERBOSE,
)
_GROUPING_SPACE: Final = re.compile(r"(?<=[0-9])[ \u00a0\u2009\u202f](?=[0-9]{3}(?![0-9]))")
_SWAPPED: Final = str.maketrans(".,", ",.")
_LONGEST: Final = 40


def parse_decimal(text: str, *, field: str | None = None, language: str = "nl") -> Decimal:
    """Return the exact number that a person typed: Dutch '1.234,5', '1234,5' and '0,5', or plain '1234.5'.

    A point before exactly three digits separates thousands, as Dutch does, so '1.234' is 1234; only after a
    leading zero it must be a decimal point ('0.250'). In English ('en') point and comma change places. A programme
    should therefore never send its numbers through text: see `written_decimal` for the way there and back.
    Raises InvalidInputError, for `field`, for anything else, such as '1,234.5' or '1e5', and for '1,000', which is one
    to some and a thousand to others.
    """
    stripped = text.strip().replace("\u2212", "-")
    plain = stripped.translate(_SWAPPED) if language == "en" else stripped
    match = _NUMBER.fullmatch(_GROUPING_SPACE.sub("", plain)) if len(plain) <= _LONGEST else None
    if match is None:
        message = N_("“%(text)s” is geen getal. Schrijf het als 1234,5 of 1.234,5.")
        raise InvalidInputError(message, field=field, text=stripped[:_LONGEST])
    if match["after"] == "000" and match["whole"].strip("0"):
        message = N_("“%(text)s” kan %(few)s zijn of %(many)s. Schrijf het zonder punt of komma.")
        raise InvalidInputError(message, field=field, text=stripped, few=match["whole"], many=f"{match['whole']}000")
    sign = "-" if stripped.startswith("-") else ""
    whole = (match["thousands"] or match["whole"]).replace(".", "")
    after = match["after_thousands"] or match["after"]
    return Decimal(f"{sign}{whole}.{after}" if after else f"{sign}{whole}")


def written_decimal(value: Decimal, language: str = "nl") -> str:
    """Return the number as '1234,5', in English '1234.5', which `parse_decimal` reads back as exactly this value.

    Needs a finite value.
    """
    plain = f"{value:.0f}" if value == value.to_integral_value() else f"{value:f}"
    return plain if language == "en" else plain.replace(".", ",")


def kg_per_unit(unit: Unit, kg_per: Mapping[Unit, Decimal]) -> Decimal:
    """Return the mass in kg of one unit; kg and t are what they are, the others come from `kg_per`.

    Raises UnknownMassError where `kg_per` has no mass above zero for the unit.
    """
    mass = _MASS_UNITS.get(unit) or kg_per.get(unit)
    if mass is None or not mass > 0:
        message = N_("Het gewicht per %(unit)s is niet bekend. Vul maten of een gewicht in.")
        raise UnknownMassError(message, unit=unit.label())
    return mass


def mass_kg(quantity: Quantity, kg_per: Mapping[Unit, Decimal]) -> Decimal:
    """Return the mass of a quantity in kg, rounded half up to the gram. Raises UnknownMassError."""
    return Unit.KG.round(quantity.value * kg_per_unit(quantity.unit, kg_per))


def convert(quantity: Quantity, to_unit: Unit, kg_per: Mapping[Unit, Decimal]) -> Quantity:
    """Return the quantity with the same mass in another unit, rounded half up to whole pieces or three decimals.

    `kg_per` gives the mass in kg of one unit; see `materials.masses.mass_per_unit`.
    Nothing is rounded on the way and the same unit comes back unchanged. Raises UnknownMassError.
    """
    if quantity.unit is to_unit:
        return quantity
    mass = quantity.value * kg_per_unit(quantity.unit, kg_per)
    return Quantity(to_unit.round(mass / kg_per_unit(to_unit, kg_per)), to_unit)
