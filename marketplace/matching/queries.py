"""What fits what: for a need the lots, for a listing the needs.

Rows become a problem in `conversion`; the rules and the value are those of the pure modules. A budget counts as a
rule for everyone, but only its own organisation is told that a lot is too dear.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_UP, Decimal
from typing import Final

from sqlalchemy import ColumnElement, String, and_, cast, or_, select
from sqlalchemy.orm import contains_eager, joinedload, selectinload
from sqlalchemy.sql.base import ExecutableOption

from marketplace.kit import clock
from marketplace.kit.database import session
from marketplace.kit.places import ROAD_FACTOR
from marketplace.listings.models import Listing
from marketplace.listings.queries import is_open
from marketplace.matching import account, problem, scoring
from marketplace.matching.conversion import PARAMS, hub_of, in_need, lot_of, need_of, rounded, units_per
from marketplace.matching.mending import Mend
from marketplace.matching.models import OwnRates
from marketplace.matching.near import mends, near_miss
from marketplace.matching.rates import rates_for
from marketplace.matching.rules import Breach, Rule
from marketplace.passports.models import Passport
from marketplace.projects.models import Hub, Need, Project
from marketplace.projects.queries import hubs as all_hubs
from marketplace.reservations.models import Reservation

_LATE: Final = timedelta(weeks=8)
_FAR_KM: Final = 15
"""How far beyond a need's own limits lots are looked at, for what is nearly right."""

_MOST_NEAR_MISSES: Final = 8
_MOST_NEEDS: Final = 200
_SHOWN: Final = (
    selectinload(Listing.passport, Passport.claims),
    selectinload(Listing.passport, Passport.photos),
)


@dataclass(frozen=True, slots=True)
class Fit:
    """A lot that keeps every rule of a need: a proposal, never a claim.

    `quantity` is how much can go to the need, in its unit, and `take` how much of the listing that is, in the unit of
    the listing. `route` holds the value of one unit of the need and its terms, in EUR; `hub` stores it on the way.
    """

    listing: Listing
    need: Need
    quantity: Decimal
    take: Decimal
    route: scoring.Route
    hub: Hub | None

    @property
    def value(self) -> float:
        """Return what all of it is worth, in EUR, trips counted once."""
        return account.value(self.route, self.quantity, self.take)

    @property
    def unit_value(self) -> float:
        """Return what one unit is worth, in EUR, with its share of the trips."""
        return self.value / float(self.quantity)

    @property
    def terms(self) -> problem.Terms:
        """Return the parts of the value of all of it, in signed EUR."""
        return account.terms(self.route, self.quantity, self.take)


@dataclass(frozen=True, slots=True)
class NearMiss:
    """A lot that fails one rule of a need, by little; `lot` and `asked` are what the rule compared.

    `hubs` are those that could store it.
    """

    listing: Listing
    need: Need
    breach: Breach
    lot: problem.Lot
    asked: problem.Need
    hubs: tuple[problem.Hub, ...] = ()

    @property
    def mends(self) -> tuple[Mend, ...]:
        """Return what would make it fit and be worth something, the most valuable first."""
        return mends(self.lot, self.asked, self.breach, self.hubs)


@dataclass(frozen=True, slots=True)
class Fits:
    """What there is for a need: matches with the most valuable first, near misses with the nearest first.

    `covered` is what was already reserved for it, in its own unit. Each match holds as much as the need can use of it.
    """

    need: Need
    covered: Decimal
    matches: list[Fit]
    near_misses: list[NearMiss]

    @property
    def own(self) -> list[Fit]:
        """Return the matches with lots of the organisation that plans it, which it need not and cannot reserve."""
        return [fit for fit in self.matches if fit.listing.organisation_id == self.need.project.organisation_id]

    @property
    def remaining(self) -> Decimal:
        """Return what is still lacking of the need, in its unit."""
        return max(self.need.quantity - self.covered, Decimal(0))


@dataclass(frozen=True, slots=True)
class _Stores:
    """The hubs, as rows and as the matcher sees them."""

    rows: Mapping[str, Hub]
    hubs: tuple[problem.Hub, ...]

    def of(self, route: scoring.Route) -> Hub | None:
        return self.rows[route.hub.id] if route.hub else None


def fits_for_need(
    need: Need, *, sees_budget: bool = False, without: Collection[int] = (), on: date | None = None
) -> Fits:
    """Return what fits a need on the day `on`, and what nearly does.

    Needs its project to be loaded. `sees_budget` is for its own organisation: without it a lot that is only too dear
    is not told. The lots of the organisations `without` are left out.
    """
    budgets_of = {need.project.organisation_id} if sees_budget else ()
    return fits_for_needs([need], budgets_of=budgets_of, without=without, on=on)[need.id]


def fits_for_needs(
    needs: Sequence[Need],
    *,
    budgets_of: Collection[int] = (),
    without: Collection[int] = (),
    on: date | None = None,
) -> dict[int, Fits]:
    """Return by the id of each need what fits it and what nearly does, in as many statements as for one need.

    Needs their projects to be loaded. `budgets_of` are the organisations whose budgets the reader may know.
    """
    candidates = _candidates(needs, on or clock.today(), _SHOWN) if needs else []
    listings = [listing for listing in candidates if listing.organisation_id not in without]
    lots = {listing.id: lot_of(listing) for listing in listings}
    covered, stores, own = reserved_for(needs), _stores(), rates_for(needs)
    found: dict[int, Fits] = {}
    for need in needs:
        remaining = max(need.quantity - covered[need.id], Decimal(0))
        asked = need_of(need, remaining=remaining or need.quantity, rates=own[need.id])
        pairs = (
            _judge(listing, need, asked, lots[listing.id], stores)
            for listing in listings
            if need.accepts(listing.passport.category)
        )
        fits, misses = _sorted(pairs, budgets_of=budgets_of)
        found[need.id] = Fits(need, covered[need.id], fits if remaining else [], misses)
    return found


def needs_for_listing(
    listing: Listing, *, organisations: Collection[int] = (), on: date | None = None
) -> list[Fit | NearMiss]:
    """Return the open needs that a listing fits, the most valuable first, and then those that it nearly fits.

    Needs its passport and findings to be loaded. `organisations` are those whose budgets the reader may know.
    """
    return needs_for_listings([listing], organisations=organisations, on=on)[listing.id]


def needs_for_listings(
    listings: Sequence[Listing], *, organisations: Collection[int] = (), on: date | None = None
) -> dict[int, list[Fit | NearMiss]]:
    """Return by the id of each listing what `needs_for_listing` does, in as many statements as for one.

    Of more needs than 200 for each kind among the listings, those that are wanted first are looked at.
    """
    needs = _open_needs_of(listings, on or clock.today()) if listings else []
    stores, covered, own = _stores(), reserved_for(needs), rates_for(needs)
    asked = [
        (need, need_of(need, remaining=need.quantity - covered[need.id], rates=own[need.id]))
        for need in needs
        if need.quantity > covered[need.id]
    ]
    found: dict[int, list[Fit | NearMiss]] = {}
    for listing in listings:
        lot = lot_of(listing)
        pairs = (_judge(listing, need, shape, lot, stores) for need, shape in asked if lot.category in shape.categories)
        fits, misses = _sorted(pairs, budgets_of=organisations)
        found[listing.id] = [*fits, *misses]
    return found


def reserved_for(needs: Collection[Need]) -> dict[int, Decimal]:
    """Return what is kept for each need or was handed over for it, in the need's own unit.

    A piece that is cut counts for as many as it yields. What cannot be converted counts for nothing.
    """
    by_id = {need.id: need for need in needs}
    found = dict.fromkeys(by_id, Decimal(0))
    query = (
        select(Reservation)
        .where(Reservation.need_id.in_(by_id), Reservation.held + Reservation.handed_over > 0)
        .options(joinedload(Reservation.listing).joinedload(Listing.passport).selectinload(Passport.hazards))
        .order_by(Reservation.id)
    )
    rows = session.scalars(query).all() if by_id else []
    own = rates_for([by_id[row.need_id] for row in rows if row.need_id is not None])
    for reservation in rows:
        if reservation.need_id is not None:
            amount = reservation.held + reservation.handed_over
            need = by_id[reservation.need_id]
            found[need.id] += in_need(reservation.listing, need, amount, own[need.id])
    return found


def fits_of(taken: Sequence[tuple[Listing, Need, Decimal]]) -> list[Fit]:
    """Return amounts of listings, each in its own unit, as matches for needs; without those that a rule forbids now.

    Needs passports, findings and projects to be loaded.
    """
    own, stores = rates_for([need for _, need, _ in taken]), _stores()
    found = (_taken(listing, need, take, own[need.id], stores) for listing, need, take in taken)
    return [fit for fit in found if fit is not None]


def _taken(listing: Listing, need: Need, take: Decimal, rates: OwnRates | None, stores: _Stores) -> Fit | None:
    filled = in_need(listing, need, take, rates)
    lot, asked = lot_of(listing, available=take), need_of(need, remaining=max(filled, need.min_batch), rates=rates)
    routes = scoring.routes(lot, asked, stores.hubs, PARAMS)
    best = max(routes, key=lambda route: scoring.value(route, float(filled)), default=None)
    return Fit(listing, need, filled, take, best, stores.of(best)) if best and filled else None


def _fit(listing: Listing, need: Need, route: scoring.Route, stores: _Stores) -> Fit:
    amount = need.unit.round(Decimal(str(route.most)))
    factor = units_per(listing, need.unit) or Decimal(1)
    return Fit(listing, need, amount, _take(listing, amount / factor / route.cuts), route, stores.of(route))


def _take(listing: Listing, amount: Decimal) -> Decimal:
    """Return an amount as the listing counts it: never less, and whole where it counts whole pieces."""
    return min(rounded(amount, listing.unit, ROUND_UP), listing.available)


def _best_route(lot: problem.Lot, asked: problem.Need, stores: _Stores) -> scoring.Route | None:
    routes = scoring.routes(lot, asked, stores.hubs, PARAMS)
    return max(routes, key=lambda route: scoring.value(route, route.most), default=None)


def _judge(
    listing: Listing, need: Need, asked: problem.Need, lot: problem.Lot, stores: _Stores
) -> Fit | NearMiss | None:
    if route := _best_route(lot, asked, stores):
        return _fit(listing, need, route, stores)
    breach = near_miss(lot, asked, hub=bool(stores.hubs))
    return NearMiss(listing, need, breach, lot, asked, stores.hubs) if breach else None


def _sorted(pairs: Iterable[Fit | NearMiss | None], *, budgets_of: Collection[int]) -> tuple[list[Fit], list[NearMiss]]:
    """Return what fits, the most valuable first, and the nearest of what nearly does.

    That a lot is only too dear is told of the needs of `budgets_of` alone.
    """
    fits: list[Fit] = []
    misses: list[NearMiss] = []
    for pair in pairs:
        if isinstance(pair, Fit):
            fits.append(pair)
        elif pair and (pair.breach.rule is not Rule.PRICE or pair.need.project.organisation_id in budgets_of):
            misses.append(pair)
    fits.sort(key=lambda fit: (-fit.value, fit.listing.id, fit.need.id))
    misses.sort(key=lambda miss: (miss.breach.rule, miss.breach.margin, miss.listing.id, miss.need.id))
    return fits, misses[:_MOST_NEAR_MISSES]


def _stores() -> _Stores:
    rows = {str(hub.id): hub for hub in all_hubs()}
    return _Stores(rows, tuple(hub_of(hub) for hub in rows.values()))


def _candidates(needs: Sequence[Need], on: date, shown: Sequence[ExecutableOption] = ()) -> Sequence[Listing]:
    """Return the open listings that may suit one of these needs, with what the matcher and, by `shown`, a page ask."""
    query = (
        select(Listing)
        .join(Listing.passport)
        .where(is_open(on), or_(*(_may_suit(need) for need in needs)))
        .options(
            contains_eager(Listing.passport),
            selectinload(Listing.passport, Passport.hazards),
            joinedload(Listing.organisation),
            joinedload(Listing.hub),
            *shown,
        )
        .order_by(Listing.id)
    )
    return session.scalars(query).all()


def _may_suit(need: Need) -> ColumnElement[bool]:
    """Return the conditions that an index can answer: the kind, the time, and a square around the site."""
    reach = (need.max_km + _FAR_KM) / ROAD_FACTOR
    return and_(
        Passport.category.in_(need.categories),
        Listing.available_from <= need.wanted_until + _LATE,
        Listing.x_km.between(need.project.x_km - reach, need.project.x_km + reach),
        Listing.y_km.between(need.project.y_km - reach, need.project.y_km + reach),
    )


def _open_needs_of(listings: Sequence[Listing], on: date) -> Sequence[Need]:
    """Return the needs that one of these listings may suit: by kind, by time, and by a square around where they lie."""
    kinds = {listing.passport.category for listing in listings}
    substitutes = [cast(Need.substitutes, String).contains(f'"{kind}"', autoescape=True) for kind in sorted(kinds)]
    reach = (Need.max_km + _FAR_KM) / ROAD_FACTOR
    east, north = [listing.x_km for listing in listings], [listing.y_km for listing in listings]
    query = (
        select(Need)
        .join(Need.project)
        .where(
            Need.wanted_until >= max(on, min(listing.available_from for listing in listings) - _LATE),
            or_(Need.category.in_(kinds), *substitutes),
            and_(Project.x_km >= min(east) - reach, Project.x_km <= max(east) + reach),
            and_(Project.y_km >= min(north) - reach, Project.y_km <= max(north) + reach),
        )
        .options(contains_eager(Need.project).joinedload(Project.organisation))
        .order_by(Need.wanted_from, Need.id)
        .limit(_MOST_NEEDS * len(kinds))
    )
    return session.scalars(query).all()
