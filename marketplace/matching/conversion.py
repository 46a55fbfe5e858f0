"""Rows as the matcher sees them: a listing as a lot, a need as what it asks for, each in its own unit.

Time is counted in whole weeks from a Monday, so that two windows meet where they share a week.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal
from functools import lru_cache
from math import inf
from typing import Final

from marketplace.kit.places import ROAD_FACTOR, Point
from marketplace.kit.quantities import Unit
from marketplace.listings.models import Listing
from marketplace.matching import problem
from marketplace.matching.avoided import Avoided, avoided
from marketplace.matching.models import OwnRates
from marketplace.matching.rules import CLEAN, UNTESTED, cuts_per_unit, params_for
from marketplace.materials.dimensions import DimensionName, DimensionRule, Dimensions, Fit, Slot
from marketplace.materials.hazards import relevant_hazards
from marketplace.materials.masses import mass_per_unit
from marketplace.materials.vocabulary import get_category
from marketplace.passports.gate import HazardStatus
from marketplace.passports.models import Passport
from marketplace.projects.models import Hub, Need

FIRST_MONDAY: Final = date(2024, 1, 1)
"""The Monday from which weeks are counted; any would do, as long as it is one."""

PARAMS: Final = problem.Params(eur_per_tkm=0.12, trip_eur=95, kerf_mm=5, road=ROAD_FACTOR)
"""What a tonne-kilometre, a trip and a saw cut count for: the figures of the published matching problem.

Assumptions, the same for every match and shown beside every value; nobody's tariff.
"""

PRESENT: Final = "present"
UNMEASURED: Final = -1.0
"""The size of what is not measured: no size is below zero, so it fails every window but one without ends."""

_FOREVER: Final = 100_000
_MM3_PER_M3: Final = Decimal(1_000_000_000)
# Where neither sizes nor density are known, room is taken as for light, bulky goods: better too much than too little.
_USUAL_DENSITY: Final = Decimal(500)
_OPEN: Final = (-inf, inf)
_THOUSANDTH: Final = Decimal("0.001")
_REMEMBERED: Final = 50_000
"""Kinds and sizes of which the masses are kept: those of a large market."""

Masses = Mapping[Unit, Decimal]


def week_of(day: date) -> int:
    """Return the number of the week of a day, counted from `FIRST_MONDAY`; earlier weeks are negative."""
    return (day - FIRST_MONDAY).days // 7


def hazard_of(passport: Passport) -> str:
    """Return 'present', 'clean', or 'untested' where nobody stated anything of a relevant hazard: unknown is not clean.

    Anything found is present, relevant or not. That a hazard is absent may be declared or tested: who needs a test
    reads on the page how each is known.
    """
    found = {finding.hazard: finding.status for finding in passport.hazards}
    if HazardStatus.PRESENT in found.values():
        return PRESENT
    suspected = relevant_hazards(get_category(passport.category), passport.building_year)
    known = all(found.get(hazard, HazardStatus.UNKNOWN) is not HazardStatus.UNKNOWN for hazard in suspected)
    return CLEAN if known else UNTESTED


def units_per(listing: Listing, unit: Unit) -> Decimal | None:
    """Return how many of `unit` one unit of the listing holds, through mass, or None where that cannot be known."""
    if listing.unit is unit:
        return Decimal(1)
    masses = _masses_of(listing.passport)
    own, other = masses.get(listing.unit), masses.get(unit)
    return own / other if own and other else None


def lot_of(listing: Listing, *, available: Decimal | None = None) -> problem.Lot:
    """Return a listing as a lot, in its own unit, with how much of other units one of it holds.

    Needs its passport and findings to be loaded. `available` stands for what is left of it.
    """
    left = listing.available if available is None else available
    return problem.Lot(
        id=str(listing.id),
        category=listing.passport.category,
        quantity=float(left),
        price=float(listing.price_eur),
        kg=float(listing.passport.kg_per_unit),
        m3=float(_m3_of_one(listing)),
        xy=_xy(listing.point),
        weeks=_weeks_of(listing),
        dims=_sizes(listing.passport),
        grade=listing.grade.value,
        hazard=hazard_of(listing.passport),
        min_take=float(min(listing.min_take, left)),
        divisible=not listing.unit.whole,
        unit=listing.unit.value,
        holds=_held_in(listing),
    )


def in_need(listing: Listing, need: Need, amount: Decimal, rates: OwnRates | None) -> Decimal:
    """Return how much of a need this amount of a listing fills, in the need's unit; nothing where that cannot be known.

    Needs its passport and findings, and the project of the need, to be loaded. A piece that is cut counts for as many
    as it yields, with the saw of its `rates`.
    """
    factor = units_per(listing, need.unit)
    if factor is None:
        return Decimal(0)
    asked = need_of(need, rates=rates)
    return need.unit.round(amount * factor * cuts_per_unit(lot_of(listing), asked, params_for(asked, PARAMS)))


def need_of(need: Need, *, remaining: Decimal | None = None, rates: OwnRates | None = None) -> problem.Need:
    """Return a need as the matcher sees it, in its own unit; `remaining` is what is still to be found of it.

    Needs its project to be loaded. Sizes fit by the rules of its category, see `_window`; where pieces are counted, a
    longer one may be cut to the least length that will do. `rates` are those of its organisation, if it has its own.
    """
    quantity = need.quantity if remaining is None else remaining
    may_cut = need.unit.whole and _rule(need, Slot.LENGTH).fit is Fit.CUT
    shortest = need.length_min or need.length_max
    return problem.Need(
        id=str(need.id),
        categories=frozenset(need.categories),
        quantity=float(quantity),
        new_eur=float(need.new_eur),
        mki_eur=float(avoided_by(need).eur) * _weight(rates),
        xy=_xy(need.project.point),
        weeks=(week_of(need.wanted_from), week_of(need.wanted_until)),
        windows=_windows(need, may_cut=may_cut),
        grade=need.grade.value,
        max_km=float(need.max_km),
        cut_mm=float(shortest) if may_cut and shortest else None,
        max_price=None if need.max_price is None else float(need.max_price),
        accepts_untested=need.accepts_untested,
        min_batch=float(min(need.min_batch, quantity)),
        unit=need.unit.value,
        whole=need.unit.whole,
        params=params_of(rates),
        posted=need.created_at.timestamp(),
    )


def params_of(rates: OwnRates | None) -> problem.Params | None:
    """Return what counts for the needs of an organisation with rates of its own; None where the usual ones count."""
    if rates is None:
        return None
    own = {
        "eur_per_tkm": None if rates.eur_per_1000_tkm is None else float(rates.eur_per_1000_tkm) / 1000,
        "trip_eur": None if rates.trip_eur is None else float(rates.trip_eur),
        "kerf_mm": None if rates.kerf_mm is None else float(rates.kerf_mm),
    }
    stated = {name: rate for name, rate in own.items() if rate is not None}
    return replace(PARAMS, **stated) if stated else None


def _weight(rates: OwnRates | None) -> float:
    return 1.0 if rates is None or rates.mki_percent is None else rates.mki_percent / 100


def hub_of(hub: Hub) -> problem.Hub:
    """Return a hub with its room in m3 and its tariffs in EUR."""
    cost = (float(hub.capacity_m3), float(hub.handle_eur_per_m3), float(hub.store_eur_per_m3_week))
    return problem.Hub(str(hub.id), _xy(hub.point), *cost)


def avoided_by(need: Need) -> Avoided:
    """Return the environmental cost of one new unit of what is needed, in the middle of its windows. Indicative."""
    return _avoided(need.category, need.unit, tuple(_middle(_asked(need, slot)) for slot in Slot))


@lru_cache(maxsize=_REMEMBERED)
def _avoided(category_id: str, unit: Unit, sizes: tuple[Decimal | None, ...]) -> Avoided:
    return avoided(category_id, unit, Dimensions(*sizes))


def _held_in(listing: Listing) -> tuple[tuple[str, float], ...]:
    masses = _masses_of(listing.passport)
    own = masses.get(listing.unit)
    return tuple((unit.value, float(own / mass)) for unit, mass in masses.items() if own and mass)


def _masses_of(passport: Passport) -> Masses:
    weighed = (passport.unit, passport.kg_per_unit)
    return _masses(passport.category, passport.dimensions, weighed, is_estimate=passport.mass_is_estimate)


@lru_cache(maxsize=_REMEMBERED)
def _masses(
    category_id: str, dims: tuple[int | None, ...], weighed: tuple[Unit, Decimal], *, is_estimate: bool
) -> Masses:
    sizes = Dimensions(*(None if size is None else Decimal(size) for size in dims))
    category = get_category(category_id)
    # From the passport's own mass the other units follow through the sizes alone, so that three metres are exactly
    # one piece of three metres. The usual masses only fill in what that leaves open.
    own = mass_per_unit(category, sizes, weighed=dict([weighed]))
    return {**mass_per_unit(category, sizes), **own} if is_estimate else own


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


def _sizes(passport: Passport) -> tuple[float, ...] | None:
    if not any(passport.dimensions):
        return None
    return tuple(UNMEASURED if size is None else float(size) for size in passport.dimensions)


def rounded(amount: Decimal, unit: Unit, rounding: str) -> Decimal:
    """Return an amount as its unit can hold it; a third of a piece has no exact decimal, so three make a whole."""
    return round(amount, 6).quantize(Decimal(1) if unit.whole else _THOUSANDTH, rounding)


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
    windows = tuple(_window(_rule(need, slot), _asked(need, slot), may_cut=may_cut) for slot in Slot)
    return None if all(window == _OPEN for window in windows) else windows


def _window(rule: DimensionRule, asked: tuple[int | None, int | None], *, may_cut: bool) -> problem.Window:
    """Return the sizes that do. Two ends are the window itself; one number is the wanted size, with its tolerance.

    What will do when it is larger, or is cut where metres are counted instead of pieces, has no greatest size.
    """
    given = sorted({float(size) for size in asked if size is not None})
    if not given:
        return _OPEN
    slack = rule.tolerance_mm if len(given) == 1 else 0
    larger_is_fine = (rule.fit is Fit.AT_LEAST and len(given) == 1) or (rule.fit is Fit.CUT and not may_cut)
    return max(given[0] - slack, 0), inf if larger_is_fine else given[-1] + slack
