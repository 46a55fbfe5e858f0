"""What is left of a thing, or of a part of a work, after what came out of it and what was lost. Pure.

A part is a layer `SECTION/LAYER`, in t, or an element, in its own unit. What was counted adds up exactly. What is
weighed need not: the mass of a layer was computed from thickness and area, and a mill keeps its depth to about 5 mm,
which on a layer of 50 mm is 10 percent. Up to that share more may come out of a layer than was put down for it; beyond
it somebody milled another layer too, or made a typing error.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from marketplace.kit.errors import N_, ConflictError, InvalidInputError
from marketplace.kit.quantities import Quantity, Unit, amount_of
from marketplace.passports.details import Work

WEIGHED_TOLERANCE: Final = Decimal("0.10")
"""The share of a layer's stated mass that may come out of it on top."""

ROUNDING_KG: Final = Decimal("0.001")
"""By how much a mass in kg may be off for each time that it was rounded to the gram."""

_KG_PER_T: Final = Decimal(1000)
_NOTHING: Final = Decimal(0)


@dataclass(frozen=True, slots=True)
class Gone:
    """Hold one quantity that went out: into another passport or lost, of a part or (part empty) of the whole."""

    part: str
    quantity: Decimal


@dataclass(frozen=True, slots=True)
class Left:
    """Hold what is left of a part: stated when it was made, gone since; `may_exceed` is allowed on top when weighed."""

    part: str
    unit: Unit
    stated: Decimal
    gone: Decimal
    may_exceed: Decimal = _NOTHING

    @property
    def left(self) -> Decimal:
        """Return what is left, never less than nothing."""
        return max(self.stated - self.gone, _NOTHING)

    @property
    def most(self) -> Decimal:
        """Return the most that may still come out, the tolerance of weighing included."""
        return max(self.stated + self.may_exceed - self.gone, _NOTHING)

    @property
    def is_out_of_balance(self) -> bool:
        """Tell whether more came out than there can have been."""
        return self.gone > self.stated + self.may_exceed


def left_of(work: Work, gone: Iterable[Gone]) -> dict[str, Left]:
    """Return what is left of every part of a work, by part, in the order of the document."""
    taken = dict[str, Decimal]()
    for each in gone:
        taken[each.part] = taken.get(each.part, _NOTHING) + each.quantity
    layers = [
        _layer(f"{section.id}/{layer.id}", layer.mass_t, taken) for section in work.sections for layer in section.layers
    ]
    elements = [
        Left(element.id, element.unit, element.quantity, taken.get(element.id, _NOTHING)) for element in work.elements
    ]
    return {left.part: left for left in (*layers, *elements)}


def _layer(part: str, mass_t: Decimal, taken: dict[str, Decimal]) -> Left:
    may_exceed = Unit.T.round(mass_t * WEIGHED_TOLERANCE)
    return Left(part, Unit.T, mass_t, taken.get(part, _NOTHING), may_exceed)


def check_amount(quantity: Decimal, unit: Unit, *, field: str = "quantity") -> Quantity:
    """Return an amount that can be taken. Raises InvalidInputError, at the field, for nothing and for what is none."""
    if quantity.is_finite() and quantity <= 0:
        raise InvalidInputError(N_("Vul een hoeveelheid groter dan nul in."), field=field)
    return amount_of(quantity, unit, field=field)


def check_part(left: Left, quantity: Decimal, *, field: str = "quantity") -> Quantity:
    """Return an amount that can come out of this part.

    Raises ConflictError, at the field, where less is left of it, the tolerance of weighing included.
    """
    amount = check_amount(quantity, left.unit, field=field)
    if amount.value <= left.most:
        return amount
    said = Quantity(left.left, left.unit)
    if not left.left:
        raise ConflictError(N_("Van %(part)s is niets meer over."), field=field, part=left.part)
    if left.may_exceed:
        message = N_("Van %(part)s is nog %(left)s over. Gewogen mag het ten hoogste %(most)s zijn.")
        most = Quantity(left.most, left.unit)
        raise ConflictError(message, field=field, part=left.part, left=said, most=most)
    raise ConflictError(N_("Van %(part)s is nog maar %(left)s over."), field=field, part=left.part, left=said)


def check_parts(before: Work | None, after: Work | None, gone: Iterable[Gone]) -> None:
    """Raise ConflictError where a part of a work of which something came out is no more, or not so much, afterwards."""
    gone = [each for each in gone if each.part]
    old, new = ({} if work is None else left_of(work, gone) for work in (before, after))
    for part in dict.fromkeys(each.part for each in gone):
        left = new.get(part)
        if left is None or (part in old and left.unit is not old[part].unit):
            raise ConflictError(N_("Uit %(part)s is al iets gekomen. Laat dit onderdeel staan."), part=part)
        if left.is_out_of_balance:
            message = N_("Uit %(part)s kwam al %(gone)s. Minder kan het niet zijn geweest.")
            raise ConflictError(message, part=part, gone=Quantity(left.gone, left.unit))


def mass_of(quantity: Decimal, kg_per_unit: Decimal) -> Decimal:
    """Return a mass in kg to the gram, and never nothing: what is there weighs something."""
    return max(Unit.KG.round(quantity * kg_per_unit), ROUNDING_KG)


def adds_up(mass_kg: Decimal, other_kg: Decimal, *, roundings: int) -> bool:
    """Tell whether two masses in kg are the same, given how often they were rounded on the way."""
    return abs(mass_kg - other_kg) <= ROUNDING_KG * max(roundings, 1)


def tonnes(mass_kg: Decimal) -> Decimal:
    """Return a mass in t, to the kilogram."""
    return Unit.T.round(mass_kg / _KG_PER_T)


def kilograms(mass_t: Decimal) -> Decimal:
    """Return a mass in t as kg."""
    return mass_t * _KG_PER_T
