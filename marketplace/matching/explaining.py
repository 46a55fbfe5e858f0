"""Why a lot is proposed for a need or not: the ways with their terms, the rules that fail, and its next best use."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import String, cast, or_, select
from sqlalchemy.orm import joinedload

from marketplace.kit.database import session
from marketplace.listings.models import Listing
from marketplace.matching import rules, scoring
from marketplace.matching.allotting import Allotment, Allotted
from marketplace.matching.conversion import PARAMS, lot_of, need_of
from marketplace.matching.market import Market, read_part
from marketplace.matching.models import Dismissal, Proposal
from marketplace.matching.neighbourhood import Search
from marketplace.matching.rates import rates_of_all
from marketplace.matching.rules import Breach
from marketplace.matching.scoring import Route
from marketplace.passports.models import Passport
from marketplace.projects.models import Hub, Need, Project


@dataclass(frozen=True, slots=True)
class Way:
    """One way for as much of a lot as a need can use, with what that is worth term by term."""

    route: Route
    allotment: Allotment
    hub: Hub | None


@dataclass(frozen=True, slots=True)
class Explanation:
    """Hold all that is to be said of a lot and a need.

    `ways` are all that keep the rules, the most valuable first, as if nothing else stood; `broken` are the rules that
    fail where there is none. `is_own` where who plans the need offers the lot, so that it is never proposed.
    `next_best` is the most valuable way of the lot to another need.
    """

    ways: Sequence[Way] = ()
    broken: Sequence[Breach] = ()
    proposal: Proposal | None = None
    dismissal: Dismissal | None = None
    is_own: bool = False
    next_best: Way | None = None
    next_need: Need | None = None


def explain(listing_id: int, need_id: int) -> Explanation:
    """Return why this listing is proposed for this need or not, today."""
    market = read_part([listing_id], {need_id, *_needs_of_kind(listing_id)})
    proposal = session.scalars(
        select(Proposal).where(Proposal.listing_id == listing_id, Proposal.need_id == need_id).limit(1)
    ).one_or_none()
    dismissal = session.scalars(
        select(Dismissal).where(Dismissal.listing_id == listing_id, Dismissal.need_id == need_id)
    ).one_or_none()
    ways = _ways(market, str(listing_id), str(need_id))
    broken = () if ways else _broken(market, listing_id, need_id)
    best = _next_best(market, str(listing_id), str(need_id))
    other = session.get(Need, int(best.route.need.id), options=[joinedload(Need.project)]) if best else None
    return Explanation(ways, broken, proposal, dismissal, _is_own(listing_id, need_id), best, other)


def _is_own(listing_id: int, need_id: int) -> bool:
    planner = select(Project.organisation_id).join(Need, Need.project_id == Project.id).where(Need.id == need_id)
    offering = select(Listing.organisation_id).where(Listing.id == listing_id)
    return session.scalar(planner) == session.scalar(offering)


def _needs_of_kind(listing_id: int) -> Sequence[int]:
    """Return the needs that accept the kind of material of a listing."""
    kind = select(Passport.category).join(Listing, Listing.passport_id == Passport.id).where(Listing.id == listing_id)
    category = session.scalar(kind) or ""
    as_substitute = cast(Need.substitutes, String).contains(f'"{category}"', autoescape=True)
    return session.scalars(select(Need.id).where(or_(Need.category == category, as_substitute))).all()


def _ways(market: Market, lot: str, need: str) -> list[Way]:
    if lot not in market.supplies or need not in market.demands:
        return []
    supply, demand = market.supplies[lot].lot, market.demands[need].need
    routes = scoring.routes(supply, demand, market.hubs, PARAMS)
    ways = [_way(route, allotment) for route in routes if (allotment := Allotted(market).greatest(route))]
    return sorted(ways, key=lambda way: (-way.allotment.value, way.allotment.key[2] or ""))


def _broken(market: Market, listing_id: int, need_id: int) -> list[Breach]:
    """Return every rule that fails, also where one of the two is not open any more."""
    passport = joinedload(Listing.passport)
    listing = session.get_one(Listing, listing_id, options=[passport, passport.selectinload(Passport.hazards)])
    need = session.get_one(Need, need_id, options=[joinedload(Need.project)])
    rates = rates_of_all([need.project.organisation_id]).get(need.project.organisation_id)
    return rules.breaches(lot_of(listing), need_of(need, rates=rates), PARAMS, hub=bool(market.hubs))


def _next_best(market: Market, lot: str, need: str) -> Way | None:
    """Return the most valuable use of a lot for another need that still lacks something."""
    if lot not in market.supplies:
        return None
    alone = Allotted(market)
    for route in Search(alone).ways_of_lot(market.supplies[lot].lot):
        if route.need.id != need and (allotment := alone.greatest(route)):
            return _way(route, allotment)
    return None


def _way(route: Route, allotment: Allotment) -> Way:
    return Way(route, allotment, session.get(Hub, int(route.hub.id)) if route.hub else None)
