"""The board: which proposals stand for a need, how far it is met by them, and what else there is to say of them.

What was reserved since a proposal was made is no proposal any more, whether or not the planner has seen it yet.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from sqlalchemy import Select, exists, func, select
from sqlalchemy.orm import contains_eager, joinedload, selectinload

from marketplace.accounts.models import Organisation
from marketplace.kit import clock
from marketplace.kit.database import session
from marketplace.kit.journal import JournalEntry
from marketplace.listings.models import Listing
from marketplace.listings.queries import is_open
from marketplace.matching.models import (
    Dismissal,
    Improvement,
    ImprovementLine,
    ImprovementState,
    MarketCursor,
    PlanRun,
    Proposal,
    RunState,
)
from marketplace.matching.queries import reserved_for
from marketplace.passports.models import Passport
from marketplace.projects.models import Need, Project
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

    `asked_by` is who asked for the latter. `worth` is what the proposals that were left standing were worth at the end
    of the former, and `bound` what no plan could be worth more than, both in EUR.
    """

    last: PlanRun | None
    under_way: PlanRun | None
    asked_by: Organisation | None = None
    worth: Decimal | None = None
    bound: Decimal | None = None

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
    """Return the proposals that stand for these needs, each need's most valuable first, with all a page shows."""
    if not need_ids:
        return []
    query = standing(on or clock.today()).where(Proposal.need_id.in_(need_ids))
    return session.scalars(query.order_by(Proposal.need_id, Proposal.value_eur.desc(), Proposal.id)).all()


def standing(on: date) -> Select[Proposal]:
    """Return the query for the proposals that stand on a day: not past, not taken by others, not reserved since."""
    seen = select(JournalEntry.at).join(MarketCursor, MarketCursor.journal_number == JournalEntry.number)
    reserved_since = exists().where(
        Reservation.listing_id == Proposal.listing_id,
        Reservation.need_id == Proposal.need_id,
        Reservation.created_at > func.coalesce(seen.scalar_subquery(), Proposal.proposed_at),
        Reservation.held + Reservation.waiting + Reservation.handed_over > 0,
    )
    listing = contains_eager(Proposal.listing)
    passport = listing.contains_eager(Listing.passport)
    return (
        select(Proposal)
        .join(Proposal.listing)
        .join(Listing.passport)
        .join(Proposal.need)
        .where(is_open(on), Proposal.take <= Listing.available, Need.wanted_until >= on, ~reserved_since)
        .options(
            passport.selectinload(Passport.hazards),
            passport.selectinload(Passport.claims),
            passport.selectinload(Passport.photos),
            listing.joinedload(Listing.organisation),
            listing.joinedload(Listing.hub),
            contains_eager(Proposal.need).joinedload(Need.project).joinedload(Project.organisation),
            joinedload(Proposal.hub),
        )
    )


def plan_standing() -> PlanStanding:
    """Return where the plan as a whole stands."""
    last = session.scalars(_runs(RunState.DONE)).first()
    under_way = session.scalars(_runs(RunState.RUNNING, RunState.WAITING)).first()
    asked_by = session.get(Organisation, under_way.requested_by_id) if under_way and under_way.requested_by_id else None
    if last is None or last.value_eur is None:
        return PlanStanding(last, under_way, asked_by)
    forgone = select(func.sum(Improvement.gain_eur)).where(
        Improvement.run_id == last.id, Improvement.state == ImprovementState.OFFERED
    )
    return PlanStanding(last, under_way, asked_by, last.value_eur - (session.scalar(forgone) or 0), last.bound_eur)


def improvements_for(need_ids: Collection[int]) -> Sequence[Improvement]:
    """Return the better plans on offer that change something for one of these needs, the greatest gain first."""
    touching = select(ImprovementLine.improvement_id).where(ImprovementLine.need_id.in_(need_ids))
    query = _improvements().where(Improvement.state == ImprovementState.OFFERED, Improvement.id.in_(touching))
    return session.scalars(query.order_by(Improvement.gain_eur.desc(), Improvement.id)).all() if need_ids else []


def find_improvement(improvement_id: int) -> Improvement | None:
    """Return a better plan with its lines, whatever became of it, or None."""
    return session.scalars(_improvements().where(Improvement.id == improvement_id)).one_or_none()


def dismissed_for(need_ids: Collection[int]) -> Mapping[int, list[Dismissal]]:
    """Return what is not to be proposed again, by the need that it was dismissed for."""
    query = (
        select(Dismissal)
        .where(Dismissal.need_id.in_(need_ids))
        .options(
            joinedload(Dismissal.listing).joinedload(Listing.passport),
            joinedload(Dismissal.listing).joinedload(Listing.organisation),
        )
        .order_by(Dismissal.id)
    )
    found: dict[int, list[Dismissal]] = {}
    for dismissal in session.scalars(query) if need_ids else ():
        found.setdefault(dismissal.need_id, []).append(dismissal)
    return found


def find_dismissal(need_id: int, listing_id: int) -> Dismissal | None:
    """Return that a lot is not to be proposed for a need, or None where it may be."""
    query = select(Dismissal).where(Dismissal.need_id == need_id, Dismissal.listing_id == listing_id)
    return session.scalars(query).one_or_none()


def _improvements() -> Select[Improvement]:
    lines = selectinload(Improvement.lines)
    return select(Improvement).options(
        lines.joinedload(ImprovementLine.listing).joinedload(Listing.passport),
        lines.joinedload(ImprovementLine.listing).joinedload(Listing.organisation),
        lines.joinedload(ImprovementLine.need).joinedload(Need.project).joinedload(Project.organisation),
        lines.joinedload(ImprovementLine.hub),
    )


def _runs(*states: RunState) -> Select[PlanRun]:
    return select(PlanRun).where(PlanRun.state.in_(states)).order_by(PlanRun.id.desc()).limit(1)
