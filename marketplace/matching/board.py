"""The board: which proposals stand for a need, how far it is met by them, and what else there is to say of them.

What was reserved since a proposal was made is no proposal any more, whether or not the planner has seen it yet.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Final

from sqlalchemy import func, or_, select

from marketplace.accounts.models import Organisation
from marketplace.kit import clock
from marketplace.kit.database import session
from marketplace.kit.journal import JournalEntry
from marketplace.matching import standing
from marketplace.matching.models import Improvement, MarketCursor, Occasion, PlanRun, Proposal
from marketplace.matching.queries import reserved_for
from marketplace.matching.rates import RATES_CHANGED
from marketplace.projects.models import Need
from marketplace.reservations.models import Reservation

_OF_THE_MARKET: Final = (
    *("listing.", "need.", "project.", "proposal.", "reservation.", "hub.", "passport."),
    RATES_CHANGED,
)
"""How the names of actions begin by which a plan may come out otherwise."""


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

    `asked_by` is who asked for the latter, and `has_failed` tells whether one came to nothing since the former. `bound`
    is what no plan could be worth more than at the beginning of the former, in EUR, and `has_changed` whether something
    happened since by which that may be otherwise. `worth` is what stands, or where that is so, what stood at its end.
    """

    last: PlanRun | None
    under_way: PlanRun | None
    asked_by: Organisation | None = None
    worth: Decimal | None = None
    bound: Decimal | None = None
    has_failed: bool = False
    has_changed: bool = False

    @property
    def found_nothing(self) -> bool:
        """Tell whether the last run was asked for, and found nothing to propose or to do better."""
        last = self.last
        return last is not None and last.occasion is Occasion.ASKED and last.standing_eur == last.value_eur

    @property
    def room(self) -> Decimal | None:
        """Return by which share of its worth the plan could be better at most, or None where that is not known.

        Of what is worth nothing there is no share.
        """
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
    has_changed = _has_changed_since(last.started_at or last.requested_at)
    worth = _stood_at_the_end_of(last) if has_changed else session.scalar(select(func.sum(Proposal.value_eur)))
    return PlanStanding(last, under_way, asked_by, worth, last.bound_eur, failed, has_changed)


def sought(needs: Collection[Need]) -> set[int]:
    """Return the needs, by id, of which the planner has not read yet what happened last: it still looks what fits.

    None before a first plan stands, for until then nothing is looked for.
    """
    if not needs or standing.last_run() is None:
        return set()
    subjects = {f"need:{need.id}": need.id for need in needs}
    read_to = select(MarketCursor.journal_number).scalar_subquery()
    query = select(JournalEntry.subject).where(JournalEntry.subject.in_(subjects), JournalEntry.number > read_to)
    return {subjects[subject] for subject in session.scalars(query)}


def _stood_at_the_end_of(run: PlanRun) -> Decimal:
    """Return what stood when a run ended, in EUR: its plan without what was only offered, whatever became of that."""
    forgone = select(func.sum(Improvement.gain_eur)).where(Improvement.run_id == run.id)
    return (run.value_eur or Decimal(0)) - (session.scalar(forgone) or 0)


def _has_changed_since(moment: datetime) -> bool:
    """Tell whether anything happened to what a plan is made of; read from the end of the journal, and no further."""
    latest = select(JournalEntry.at).where(or_(*(JournalEntry.action.startswith(kind) for kind in _OF_THE_MARKET)))
    at = session.scalar(latest.order_by(JournalEntry.number.desc()).limit(1))
    return at is not None and at > moment


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
