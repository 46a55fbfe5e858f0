"""What comes free in a programme against what it needs, per kind of material: above the line and below it."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Final

from flask_babel import gettext

from marketplace.kit.quantities import Unit
from marketplace.listings.models import Listing, Stage
from marketplace.matching.board import Coverage
from marketplace.matching.conversion import units_per
from marketplace.projects.models import Need
from marketplace.web.filters import number
from marketplace.web.projects.axis import Span, next_quarter

_TALLEST: Final = 20
"""Pixels of the highest column of a row; the row leaves room for the words above and below it."""

_SHARE: Final = 0.62
"""Which part of its quarter a column takes."""

_NOTHING: Final = Decimal(0)


@dataclass(slots=True)
class Heap:
    """Hold what comes free or is needed in one quarter; `sure` is in stock, or covered."""

    sure: Decimal = _NOTHING
    unsure: Decimal = _NOTHING

    @property
    def total(self) -> Decimal:
        return self.sure + self.unsure


@dataclass(frozen=True, slots=True)
class Column:
    """Hold a column of the chart: position in percent, heights in pixels from the line outwards."""

    x: float
    width: float
    sure: float
    unsure: float
    text: str
    short_text: str

    @property
    def height(self) -> float:
        return self.sure + self.unsure

    @property
    def middle(self) -> float:
        return round(self.x + self.width / 2, 2)


@dataclass(slots=True)
class Balance:
    """Hold one kind of material in one unit, with its heaps by the first day of their quarter.

    `surplus` is what comes free within the programme and that no proposal takes.
    """

    category: str
    unit: Unit
    free: dict[date, Heap] = field(default_factory=lambda: defaultdict(Heap))
    needed: dict[date, Heap] = field(default_factory=lambda: defaultdict(Heap))
    coverage: list[Coverage] = field(default_factory=list)
    listings: list[Listing] = field(default_factory=list)
    surplus: Decimal = _NOTHING

    @property
    def asked(self) -> Decimal:
        return sum((one.need.quantity for one in self.coverage), _NOTHING)

    @property
    def missing(self) -> Decimal:
        return sum((one.missing for one in self.coverage), _NOTHING)

    @property
    def covered(self) -> Decimal:
        return self.asked - self.missing

    @property
    def percent(self) -> int:
        """Return which part is covered, rounded down: only what is whole is a hundred."""
        return int(self.covered * 100 / self.asked) if self.asked else 0

    @property
    def first_short(self) -> Need | None:
        """Return the need that is wanted first of those that are not met."""
        short = [one.need for one in self.coverage if one.missing]
        return min(short, key=lambda need: (need.wanted_from, need.id)) if short else None

    def above(self, span: Span) -> list[Column]:
        """Return what comes free as columns."""
        return [self._column(heap, first, span, _NOTHING) for first, heap in sorted(self.free.items())]

    def below(self, span: Span) -> list[Column]:
        """Return what is needed as columns, with what is short at the end of each."""
        return [self._column(heap, first, span, heap.unsure) for first, heap in sorted(self.needed.items())]

    def _column(self, heap: Heap, first: date, span: Span, short: Decimal) -> Column:
        start = span.at(first)
        room = max(span.at(next_quarter(first)) - start, 1.0)
        most = max(each.total for heaps in (self.free, self.needed) for each in heaps.values())
        scale = _TALLEST / float(most or 1)
        return Column(
            x=round(start + room * (1 - _SHARE) / 2, 2),
            width=round(room * _SHARE, 2),
            sure=_tall(heap.sure, scale),
            unsure=_tall(heap.unsure, scale),
            text=number(heap.total),
            short_text=gettext("%(amount)s te kort", amount=number(short)) if short else "",
        )


def balances_of(listings: Iterable[Listing], coverage: Sequence[Coverage], span: Span) -> list[Balance]:
    """Return one balance per kind that is needed, the shortest first, and then the kinds that only come free."""
    found: dict[tuple[str, Unit], Balance] = {}
    for one in coverage:
        balance = _in(found, one.need.category, one.need.unit)
        balance.coverage.append(one)
        heap = balance.needed[span.quarter_of(one.need.wanted_from)]
        heap.sure += one.need.quantity - one.missing
        heap.unsure += one.missing
    _add_free(found, listings, _taken(coverage), span)
    return sorted(found.values(), key=_order)


def _add_free(
    found: dict[tuple[str, Unit], Balance], listings: Iterable[Listing], taken: dict[int, Decimal], span: Span
) -> None:
    for listing in listings:
        unit, factor = _counted_as(listing, found)
        balance = _in(found, listing.passport.category, unit)
        balance.listings.append(listing)
        balance.surplus += unit.round(max(listing.available - taken[listing.id], _NOTHING) * factor)
        heap, amount = balance.free[span.quarter_of(listing.available_from)], unit.round(listing.available * factor)
        if listing.stage is Stage.EXPECTED:
            heap.unsure += amount
        else:
            heap.sure += amount


def _counted_as(listing: Listing, found: dict[tuple[str, Unit], Balance]) -> tuple[Unit, Decimal]:
    """Return the unit in which its kind is asked for and how many of it one unit holds, or else its own unit."""
    asked_in = [unit for category, unit in found if category == listing.passport.category]
    for unit in sorted(asked_in, key=lambda unit: unit is not listing.unit):
        if factor := units_per(listing, unit):
            return unit, factor
    return listing.unit, Decimal(1)


def _taken(coverage: Iterable[Coverage]) -> dict[int, Decimal]:
    taken: dict[int, Decimal] = defaultdict(Decimal)
    for one in coverage:
        for proposal in one.proposals:
            taken[proposal.listing_id] += proposal.take
    return taken


def _in(found: dict[tuple[str, Unit], Balance], category: str, unit: Unit) -> Balance:
    return found.setdefault((category, unit), Balance(category, unit))


def _order(balance: Balance) -> tuple[bool, int, str, str]:
    return (not balance.asked, balance.percent, balance.category, balance.unit)


def _tall(amount: Decimal, scale: float) -> float:
    return round(max(float(amount) * scale, 2.0), 1) if amount else 0.0
