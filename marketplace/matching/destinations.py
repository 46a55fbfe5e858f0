"""What share of what comes free has a destination, and what share of what is needed can be reused material.

What comes free counts by mass and by asking price, what is needed by what it would cost new.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from marketplace.kit.database import session
from marketplace.listings.models import Listing, ListingStatus
from marketplace.matching.board import Coverage, coverage_of
from marketplace.matching.models import Proposal
from marketplace.projects.models import Need, Project

_NOTHING: Final = Decimal(0)


@dataclass(frozen=True, slots=True)
class Parts:
    """Hold an amount of one measure: all of it, and what of it is reserved or fetched, and proposed."""

    total: Decimal = _NOTHING
    reserved: Decimal = _NOTHING
    proposed: Decimal = _NOTHING

    @property
    def share(self) -> Decimal | None:
        """Return which part is reserved or proposed, 0 to 1, or None of nothing."""
        return (self.reserved + self.proposed) / self.total if self.total else None

    def __add__(self, other: "Parts") -> "Parts":
        return Parts(self.total + other.total, self.reserved + other.reserved, self.proposed + other.proposed)


@dataclass(frozen=True, slots=True)
class Freed:
    """Hold what comes free, by kind of material: its mass in kg, and its asking price in EUR."""

    kg: Mapping[str, Parts]
    eur: Mapping[str, Parts]


def freed(project_ids: Collection[int] | None = None) -> Freed:
    """Return what came free or will out of these projects, or all that was ever offered, and what has a destination.

    Left out is what was lost, and what nobody can reserve because it is not published.
    """
    query = select(Listing).where(Listing.status == ListingStatus.PUBLISHED).options(joinedload(Listing.passport))
    if project_ids is not None:
        query = query.where(Listing.project_id.in_(project_ids))
    listings = session.scalars(query.order_by(Listing.id)).all()
    taken = _taken(session.scalars(select(Proposal).where(Proposal.listing_id.in_([each.id for each in listings]))))
    kg: dict[str, Parts] = {}
    eur: dict[str, Parts] = {}
    for listing in listings:
        proposed = min(taken.get(listing.id, _NOTHING), listing.available)
        parts = Parts(listing.total - listing.written_off, listing.held + listing.handed_over, proposed)
        kind = listing.passport.category
        kg[kind] = kg.get(kind, Parts()) + _times(parts, listing.passport.kg_per_unit)
        eur[kind] = eur.get(kind, Parts()) + _times(parts, listing.price_eur)
    return Freed(kg, eur)


def needed(project_ids: Collection[int] | None = None, *, on: date) -> dict[str, Parts]:
    """Return by kind what is still wanted, counted at its price when new in EUR, and what of it reuse can cover."""
    query = select(Need).where(Need.wanted_until >= on).options(joinedload(Need.project, Project.organisation))
    if project_ids is not None:
        query = query.where(Need.project_id.in_(project_ids))
    found: dict[str, Parts] = {}
    for one in coverage_of(session.scalars(query.order_by(Need.id)).all(), on=on):
        found[one.need.category] = found.get(one.need.category, Parts()) + _at_new(one)
    return found


def total_of(parts: Iterable[Parts]) -> Parts:
    """Return several amounts of one measure as one."""
    return sum(parts, Parts())


def _at_new(one: Coverage) -> Parts:
    reserved = min(one.reserved, one.need.quantity)
    proposed = min(one.proposed, one.need.quantity - reserved)
    return _times(Parts(one.need.quantity, reserved, proposed), one.need.new_eur)


def _times(parts: Parts, factor: Decimal) -> Parts:
    return Parts(parts.total * factor, parts.reserved * factor, parts.proposed * factor)


def _taken(proposals: Iterable[Proposal]) -> dict[int, Decimal]:
    taken: dict[int, Decimal] = {}
    for proposal in proposals:
        taken[proposal.listing_id] = taken.get(proposal.listing_id, _NOTHING) + proposal.take
    return taken
