"""A plan to test with: proposals as a run of the planner leaves them, for all that is open and needed."""

from datetime import datetime
from decimal import ROUND_UP, Decimal
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload

from marketplace.kit import clock
from marketplace.kit.database import session
from marketplace.listings.models import Listing
from marketplace.listings.queries import is_open
from marketplace.matching import problem, scoring
from marketplace.matching.conversion import PARAMS, hub_of, in_need, lot_of, need_of, rounded
from marketplace.matching.models import Occasion, PlanRun, Proposal, RunState
from marketplace.matching.optimizer import plan
from marketplace.matching.queries import reserved_for
from marketplace.passports.models import Passport
from marketplace.projects.models import Hub, Need

_CENT = Decimal("0.01")


def plan_all(at: datetime | None = None) -> list[Proposal]:
    """Propose by one quick plan, as done now, for every need that is open; what stood before goes."""
    now = at or clock.now()
    session.flush()
    for old in session.scalars(select(Proposal)):
        session.delete(old)
    needs = {str(need.id): need for need in session.scalars(select(Need).options(joinedload(Need.project)))}
    loaded = joinedload(Listing.passport).options(selectinload(Passport.hazards))
    query = select(Listing).where(is_open(clock.today())).options(loaded)
    lots = {str(listing.id): listing for listing in session.scalars(query)}
    hubs = tuple(hub_of(hub) for hub in session.scalars(select(Hub)))
    reserved = reserved_for(list(needs.values()))
    asked = [
        need_of(need, remaining=need.quantity - reserved[need.id])
        for need in needs.values()
        if need.quantity > reserved[need.id] and need.wanted_until >= clock.today()
    ]
    instance = problem.Instance(PARAMS, tuple(lot_of(lot) for lot in lots.values()), tuple(asked), hubs)
    found = plan(instance, effort=0)
    for match in found.matches:
        _propose(lots[match.lot], needs[match.need], match, now)
    value = sum((Decimal(str(match.value)) for match in found.matches), Decimal(0)).quantize(_CENT)
    make_run(value_eur=value, bound_eur=value, finished_at=now)
    session.flush()
    return list(session.scalars(select(Proposal).order_by(Proposal.id)))


def make_proposal(listing: Listing, need: Need, quantity: Decimal | int, hub: Hub | None = None) -> Proposal:
    """Propose this quantity of a lot for a need, over its own route, with what that is worth."""
    session.refresh(need, ["project"])
    session.refresh(listing, ["passport"])
    session.refresh(listing.passport, ["hazards"])
    lot, asked = lot_of(listing), need_of(need)
    routes = scoring.routes(lot, asked, [hub_of(hub)] if hub else [], PARAMS)
    match = scoring.match(next(routes), float(quantity))
    proposal = _propose(listing, need, match, clock.now())
    session.flush()
    return proposal


def make_run(**overrides: Any) -> PlanRun:
    """Add a run that came to its end today, with a plan that could be no better."""
    values = {
        "occasion": Occasion.FIRST,
        "state": RunState.DONE,
        "effort": 1,
        "percent": 100,
        "requested_at": clock.now(),
        "finished_at": clock.now(),
        "value_eur": Decimal(1000),
        "bound_eur": Decimal(1000),
    }
    run = PlanRun(**values | overrides)
    session.add(run)
    session.flush()
    return run


def _propose(listing: Listing, need: Need, match: problem.Match, at: datetime) -> Proposal:
    each = in_need(listing, need, Decimal(1)) or Decimal(1)
    lot, asked = lot_of(listing), need_of(need)
    stored = (lot.weeks[1], asked.weeks[0]) if match.hub else (None, None)
    terms = {f"{name}_eur": Decimal(str(getattr(match.terms, name))).quantize(_CENT) for name in _TERMS}
    proposal = Proposal(
        listing_id=listing.id,
        need_id=need.id,
        hub_id=int(match.hub) if match.hub else None,
        quantity=Decimal(str(match.quantity)),
        take=rounded(Decimal(str(match.quantity)) / each, listing.unit, ROUND_UP),
        value_eur=sum(terms.values(), Decimal(0)),
        stored_from=stored[0],
        stored_until=stored[1],
        proposed_at=at,
        **terms,
    )
    session.add(proposal)
    return proposal


_TERMS = ("new", "mki", "price", "transport", "storage", "trips")
