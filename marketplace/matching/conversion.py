"""Rows as the matcher sees them: a listing as a lot, a need as what it asks for, both in one unit.

Time is counted in whole weeks from a Monday, so that two windows meet where they share a week.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from math import inf
from typing import Final

from marketplace.impact.factors import Boundary, co2_price, gwp_of, mki_of
from marketplace.kit.places import ROAD_FACTOR, Point
from marketplace.kit.quantities import Unit
from marketplace.listings.models import Listing
from marketplace.matching import problem
from marketplace.matching.rules import CLEAN, UNTESTED
from marketplace.materials.dimensions import DimensionName, DimensionRule, Dimensions, Fit, Slot
from marketplace.materials.hazards import relevant_hazards
from marketplace.materials.masses import mass_per_unit
from marketplace.materials.vocabulary import get_category
from marketplace.passports.models import HazardStatus, Passport
from marketplace.projects.models import Hub, Need

FIRST_MONDAY: Final = date(2024, 1, 1)
"""The Monday from which weeks are counted; any would do, as long as it is one."""

PARAMS: Final = problem.Params(eur_per_tkm=0.1, trip_eur=100, kerf_mm=5, road=ROAD_FACTOR)
"""What a tonne-kilometre, a trip and a saw cut count for: the figures of the published matching problem. Indicative."""

PRESENT: Final = "present"
_FOREVER: Final = 100_000
_MM3_PER_M3: Final = Decimal(1_000_000_000)
# Where neither sizes nor density are known, room is taken as for light, bulky goods: better too much than too little.
_USUAL_DENSITY: Final = Decimal(500)
_OPEN: Final = (0.0, inf)

Masses = Mapping[Unit, Decimal]


@dataclass(frozen=True, slots=True)
class Avoided:
    """Hold the environmental cost in EUR of one new unit; `by_co2` where only its CO2 is known and priced."""

    eur: Decimal
    by_co2: bool = False


def week_of(day: date) -> int:
    """Return the number of the week of a day, counted from `FIRST_MONDAY`; earlier weeks are negative."""
    return (day - FIRST_MONDAY).days // 7


def hazard_of(passport: Passport) -> str:
    """Return 'present', 'clean', or 'untested' where a relevant hazard is unknown or ruled out by mere declaration."""
    found = {finding.hazard: finding.status for finding in passport.hazards}
    if HazardStatus.PRESENT in found.values():
        return PRESENT
    suspected = relevant_hazards(get_category(passport.category), passport.building_year)
    tested = all(found.get(hazard) is HazardStatus.ABSENT_TESTED for hazard in suspected)
    return CLEAN if tested else UNTESTED


def asked_slots(needs: Iterable[Need]) -> frozenset[Slot]:
    """Return the dimensions that at least one of these needs asks for."""
    return frozenset(slot for need in needs for slot in Slot if _asked(need, slot) != (None, None))


def units_per(listing: Listing, unit: Unit) -> Decimal | None:
    """Return how many of `unit` one unit of the listing holds, through mass, or None where that cannot be known."""
    if listing.unit is unit:
        return Decimal(1)
    masses = _masses_of(listing.passport)
    own, other = masses.get(listing.unit), masses.get(unit)
    return own / other if own and other else None


def lot_of(
    listing: Listing, unit: Unit, asked: frozenset[Slot] = frozenset(Slot), *, available: Decimal | None = None
) -> problem.Lot | None:
    """Return a listing as a lot that is counted in `unit`, or None where its amount cannot be converted.

    Needs its passport and findings to be loaded. A size that is `asked` and unknown ends the dimensions, so that the
    rules can say so. `available` stands for what is left of it.
    """
    factor = units_per(listing, unit)
    if factor is None:
        return None
    left = listing.available if available is None else available
    return problem.Lot(
        id=str(listing.id),
        category=listing.passport.category,
        quantity=float(left * factor),
        price=float(listing.price_eur / factor),
        kg=float(listing.passport.kg_per_unit / factor),
        m3=float(_m3_of_one(listing) / factor),
        xy=_xy(listing.point),
        weeks=_weeks_of(listing),
        dims=_known_sizes(listing.passport, asked),
        grade=listing.grade.value,
        hazard=hazard_of(listing.passport),
        min_take=float(min(listing.min_take, left) * factor),
        divisible=not unit.whole,
    )


def need_of(need: Need, *, remaining: Decimal | None = None) -> problem.Need:
    """Return a need as the matcher sees it, in its own unit; `remaining` is what is still to be found of it.

    Needs its project to be loaded. Sizes fit by the rules of its category: with one size in the window the tolerance
    of the category counts, and what may be cut or be larger has no greatest size.
    """
    quantity = need.quantity if remaining is None else remaining
    may_cut = need.unit.whole and _rule(need, Slot.LENGTH).fit is Fit.CUT
    least, most = need.length_min, need.length_max
    return problem.Need(
        id=str(need.id),
        categories=frozenset(need.categories),
        quantity=float(quantity),
        new_eur=float(need.new_eur),
        mki_eur=float(avoided_by(need).eur),
        xy=_xy(need.project.point),
        weeks=(week_of(need.wanted_from), week_of(need.wanted_until)),
        windows=_windows(need, may_cut=may_cut),
        grade=need.grade.value,
        max_km=float(need.max_km),
        cut_mm=float(least or most or 0) or None if may_cut else None,
        max_price=None if need.max_price is None else float(need.max_price),
        accepts_untested=need.accepts_untested,
        min_batch=float(min(need.min_batch, quantity)),
    )


def hub_of(hub: Hub) -> problem.Hub:
    """Return a hub with its room in m3 and its tariffs in EUR."""
    cost = (float(hub.capacity_m3), float(hub.handle_eur_per_m3), float(hub.store_eur_per_m3_week))
    return problem.Hub(str(hub.id), _xy(hub.point), *cost)


def avoided_by(need: Need) -> Avoided:
    """Return the environmental cost of one new unit of what is needed: its MKI, or else its CO2 at 0.13 EUR/kg.

    The CO2 price is that of CE Delft, Handboek Milieuprijzen 2023. Nothing where no figure or no mass is known.
    Indicative: it follows from the usual mass, and from the middle of the windows where those are given.
    """
    sizes = Dimensions(*(_middle(_asked(need, slot)) for slot in Slot))
    masses = mass_per_unit(get_category(need.category), sizes)
    kg = masses.get(need.unit)
    mki = mki_of(need.category, sizes.height)
    if kg and mki and (per := masses.get(mki.per)):
        return Avoided(mki.value_eur * kg / per)
    gwp = gwp_of(need.category)
    if kg and gwp and gwp.boundary is Boundary.A1_A3 and (per := masses.get(gwp.per)):
        return Avoided(gwp.value * kg / per * co2_price().value, by_co2=True)
    return Avoided(Decimal(0))


def _masses_of(passport: Passport) -> Masses:
    sizes = Dimensions(*(None if size is None else Decimal(size) for size in passport.dimensions))
    return mass_per_unit(get_category(passport.category), sizes, weighed={passport.unit: passport.kg_per_unit})


def _m3_of_one(listing: Listing) -> Decimal:
    passport = listing.passport
    length, width, height = passport.dimensions
    if listing.unit is Unit.PIECE and length and width and height:
        return length * width * height / _MM3_PER_M3
    category = get_category(passport.category)
    return passport.kg_per_unit / (category.gross_density_kg_m3 or category.density_kg_m3 or _USUAL_DENSITY)


def _xy(point: Point) -> tuple[float, float]:
    return point.x_km, point.y_km


def _weeks_of(listing: Listing) -> tuple[int, int]:
    ends = [end for end in (listing.available_until, listing.crusher_on) if end is not None]
    first = week_of(listing.available_from)
    return first, max(first, week_of(min(ends))) if ends else _FOREVER


def _known_sizes(passport: Passport, asked: frozenset[Slot]) -> tuple[float, ...] | None:
    known: list[float] = []
    for slot, size in zip(Slot, passport.dimensions, strict=True):
        if size is None and slot in asked:
            break
        known.append(float(size or 0))
    return tuple(known) if any(known) else None


def _asked(need: Need, slot: Slot) -> tuple[int | None, int | None]:
    least, most = getattr(need, f"{slot.value}_min"), getattr(need, f"{slot.value}_max")
    return least, most


def _middle(window: tuple[int | None, int | None]) -> Decimal | None:
    known = [Decimal(size) for size in window if size is not None]
    return sum(known, Decimal(0)) / len(known) if known else None


def _rule(need: Need, slot: Slot) -> DimensionRule:
    """Return how one dimension must fit; one that the category does not have must be equal."""
    known = get_category(need.category).dimension(slot)
    return known or DimensionRule(slot, DimensionName(slot.value), Fit.EQUAL, 0)


def _windows(need: Need, *, may_cut: bool) -> tuple[problem.Window, ...] | None:
    asked = asked_slots([need])
    windows = [_window(_rule(need, slot), _asked(need, slot), may_cut=may_cut) for slot in Slot]
    while windows and list(Slot)[len(windows) - 1] not in asked:
        windows.pop()
    return tuple(windows) or None


def _window(rule: DimensionRule, asked: tuple[int | None, int | None], *, may_cut: bool) -> problem.Window:
    least, most = asked
    if least is None and most is None:
        return _OPEN
    slack = rule.tolerance_mm if least == most else 0
    low = 0.0 if least is None else float(least - slack)
    larger_is_fine = rule.fit is Fit.AT_LEAST or (rule.fit is Fit.CUT and not may_cut)
    return low, inf if most is None or larger_is_fine else float(most + slack)
