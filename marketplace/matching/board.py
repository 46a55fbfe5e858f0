"""The board: which proposals stand for a need, how far it is met by them, and what else there is to say of them.

What was reserved since a proposal was made is no proposal any more, whether or not the planner has seen it yet.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from sqlalchemy import func, select

from marketplace.accounts.models import Organisation
from marketplace.kit import clock
from marketplace.kit.database import session
from marketplace.kit.journal import JournalEntry
from marketplace.matching import standing
from marketplace.matching.models import Improvement, ImprovementState, MarketCursor, Occasion, PlanRun, Proposal
from marketplace.matching.queries import reserved_for
from marketplace.projects.models import Need
from marketplace.reservations.models import Reservation


@dataclass(frozen=True, slots=True)
class Coverage:
    """How far a need is met: reserved, proposed, and missing, all in its own unit."""

    need: Need
    reserved: Decimal
    proposals: list[Proposal] = field(default_factory=list)

    @property
    def proposed(self) -> Decimal:
        return sum((proposal.quantity for proposal in self.proposals), Decimal(0))

    @property
    def missing(self) -> Decimal:
        return max(self.need.quantity - self.reserved - self.proposed, Decimal(0))


@dataclass(frozen=True, slots=True)
class PlanStanding:
    """Where the plan as a whole stands: the last run that came to an end, and the one that waits or runs.

    `asked_by` is who asked for the latter, and `has_failed` tells whether one came to nothing since the former. `worth`
    is what the proposals that were left standing were worth at the end of the former, and `bound` what no plan could be
    worth more than, both in EUR.
    """

    last: PlanRun | None
    under_way: PlanRun | None
    asked_by: Organisation | None = None
    worth: Decimal | None = None
    bound: Decimal | None = None
    has_failed: bool = False

    @property
    def found_nothing(self) -> bool:
        """Tell whether the last run was asked for, and found nothing to propose or to do better."""
        last = self.last
        return last is not None and last.occasion is Occasion.ASKED and last.standing_eur == last.value_eur

    @property
    def room(self) -> Decimal | None:
        """Return by which share of its worth the plan could be better at most, or None where that is not known."""
        if not self.worth or self.bound is None or self.worth <= 0:
            return None
        return max(self.bound / self.worth - 1, Decimal(0))


def coverage_of(needs: Sequence[Need], *, on: date | None = None) -> list[Coverage]:
    """Return how far each need is met, in their order, with its proposals, the most valuable first.

    Needs their projects to be loaded.
    """
    reserved = reserved_for(needs)
    coverage = {need.id: Coverage(need, reserved[need.id]) for need in needs}
    wanting = [need.id for need in needs if need.quantity > reserved[need.id]]
    for proposal in standing_for(wanting, on=on):
        coverage[proposal.need_id].proposals.append(proposal)
    return [coverage[need.id] for need in needs]


def standing_for(need_ids: Collection[int], *, on: date | None = None) -> Sequence[Proposal]:
    """Return the proposals that stand for these needs on a day, each need's most valuable first, with all a page shows.

    Left out is what is past, what was taken by others, and what was reserved for the need since the planner looked.
    """
    found = standing.proposals_of_needs(need_ids)
    return _still_standing([each for proposals in found.values() for each in proposals], on or clock.today())


def standing_of(listing_ids: Collection[int], *, on: date | None = None) -> Sequence[Proposal]:
    """Return the proposals that stand of these listings on a day, as `standing_for` does, the most valuable first."""
    return _still_standing(standing.proposals_of_listings(listing_ids), on or clock.today())


def plan_standing() -> PlanStanding:
    """Return where the plan as a whole stands."""
    last, under_way = standing.last_run(), standing.present_run()
    asked_by = session.get(Organisation, under_way.requested_by_id) if under_way and under_way.requested_by_id else None
    failed = standing.has_failed_since(last)
    if last is None or last.value_eur is None:
        return PlanStanding(last, under_way, asked_by, has_failed=failed)
    forgone = select(func.sum(Improvement.gain_eur)).where(
        Improvement.run_id == last.id, Improvement.state == ImprovementState.OFFERED
    )
    worth = last.value_eur - (session.scalar(forgone) or 0)
    return PlanStanding(last, under_way, asked_by, worth, last.bound_eur, failed)


def _still_standing(proposals: Sequence[Proposal], on: date) -> list[Proposal]:
    reserved = _reserved_since({proposal.need_id for proposal in proposals}) if proposals else set()
    return [
        proposal
        for proposal in proposals
        if _may_stand(proposal, on) and (proposal.listing_id, proposal.need_id) not in reserved
    ]


def _may_stand(proposal: Proposal, on: date) -> bool:
    listing, need = proposal.listing, proposal.need
    until = listing.available_until
    is_there = listing.is_open and proposal.take <= listing.available and (until is None or until >= on)
    # The lot may have become the own of who plans since, and nobody reserves of themselves.
    is_own = listing.organisation_id == need.project.organisation_id
    return is_there and not is_own and need.wanted_until >= on


def _reserved_since(need_ids: Collection[int]) -> set[tuple[int, int]]:
    """Return for which lots and needs something was reserved after the last row of the journal the planner has read."""
    seen = select(JournalEntry.at).join(MarketCursor, MarketCursor.journal_number == JournalEntry.number)
    query = select(Reservation.listing_id, Reservation.need_id).where(
        Reservation.need_id.in_(need_ids),
        Reservation.held + Reservation.waiting + Reservation.handed_over > 0,
        Reservation.created_at > seen.scalar_subquery(),
    )
    return {(listing_id, need_id) for listing_id, need_id in session.execute(query) if need_id is not None}
