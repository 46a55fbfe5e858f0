"""Reading what stands: the proposals of needs or listings, better plans, what was dismissed, and the last run."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from decimal import Decimal

from sqlalchemy import ColumnElement, Select, func, or_, select
from sqlalchemy.orm import contains_eager, joinedload, selectinload

from marketplace.kit.database import session
from marketplace.kit.errors import N_, NotFoundError
from marketplace.listings.models import Listing
from marketplace.matching.models import (
    Dismissal,
    Improvement,
    ImprovementAgreement,
    ImprovementLine,
    ImprovementState,
    PlanRun,
    Proposal,
    RunState,
)
from marketplace.passports.models import Passport
from marketplace.projects.models import Need, Project


@dataclass(frozen=True, slots=True)
class Summary:
    """Hold how many proposals stand, and what they are worth together, in EUR."""

    value_eur: Decimal
    proposals: int


def proposals_of_needs(need_ids: Collection[int]) -> dict[int, list[Proposal]]:
    """Return what is proposed for each of these needs, the most valuable first."""
    found: dict[int, list[Proposal]] = {need_id: [] for need_id in need_ids}
    for proposal in _proposals(Proposal.need_id.in_(found)) if found else ():
        found[proposal.need_id].append(proposal)
    return found


def proposals_of_listings(listing_ids: Collection[int]) -> Sequence[Proposal]:
    """Return for which needs these listings are proposed, the most valuable first."""
    return _proposals(Proposal.listing_id.in_(listing_ids))


def summary() -> Summary:
    """Return what stands, all together."""
    value, count = session.execute(select(func.sum(Proposal.value_eur), func.count(Proposal.id))).one()
    return Summary(value or Decimal(0), count)


def last_run() -> PlanRun | None:
    """Return the run that was done last, or None."""
    done = select(PlanRun).where(PlanRun.state == RunState.DONE)
    return session.scalars(done.order_by(PlanRun.finished_at.desc(), PlanRun.id.desc()).limit(1)).one_or_none()


def has_failed_since(run: PlanRun | None) -> bool:
    """Tell whether a run came to nothing after this one was done, or ever where there is none."""
    failed = select(PlanRun.id).where(PlanRun.state == RunState.FAILED)
    if run is not None:
        failed = failed.where(PlanRun.finished_at > run.finished_at)
    return session.scalar(failed.limit(1)) is not None


def present_run() -> PlanRun | None:
    """Return the run that is being computed or waits, or None."""
    under_way = select(PlanRun).where(PlanRun.state.in_([RunState.RUNNING, RunState.WAITING]))
    return session.scalars(under_way.order_by(PlanRun.state, PlanRun.id).limit(1)).one_or_none()


def improvements(*, project_ids: Collection[int] | None = None) -> Sequence[Improvement]:
    """Return the better plans on offer with all they change, the best first: all, or those that touch these projects.

    A project is touched where one of its needs, or something that comes out of it, is in a line.
    """
    query = select(Improvement).where(Improvement.state == ImprovementState.OFFERED).options(*_LINES)
    if project_ids is not None:
        query = query.where(Improvement.id.in_(_touching(project_ids)))
    return session.scalars(query.order_by(Improvement.gain_eur.desc(), Improvement.id)).all()


def get_improvement(improvement_id: int) -> Improvement:
    """Return one better plan with all it changes, whatever became of it, or raise NotFoundError."""
    query = select(Improvement).where(Improvement.id == improvement_id).options(*_LINES)
    if found := session.scalars(query).one_or_none():
        return found
    raise NotFoundError(N_("Dit betere plan bestaat niet."))


def dismissals_of(need_ids: Collection[int]) -> dict[int, list[Dismissal]]:
    """Return what was dismissed for each of these needs, the latest first, with the listing."""
    found: dict[int, list[Dismissal]] = {need_id: [] for need_id in need_ids}
    query = (
        select(Dismissal).where(Dismissal.need_id.in_(found)).options(joinedload(Dismissal.listing, Listing.passport))
    )
    for row in session.scalars(query.order_by(Dismissal.dismissed_at.desc(), Dismissal.id.desc())) if found else ():
        found[row.need_id].append(row)
    return found


def _touching(project_ids: Collection[int]) -> Select[int]:
    return (
        select(ImprovementLine.improvement_id)
        .join(ImprovementLine.need)
        .join(ImprovementLine.listing)
        .where(or_(Need.project_id.in_(project_ids), Listing.project_id.in_(project_ids)))
    )


def _proposals(*which: ColumnElement[bool]) -> Sequence[Proposal]:
    """Return proposals with all that pages show of them: the offer with its passport, the need with its project."""
    listing, need = contains_eager(Proposal.listing), contains_eager(Proposal.need)
    passport = listing.joinedload(Listing.passport)
    project = need.contains_eager(Need.project)
    query = (
        select(Proposal)
        .join(Proposal.listing)
        .join(Proposal.need)
        .join(Need.project)
        .where(*which)
        .options(
            passport.selectinload(Passport.hazards),
            passport.selectinload(Passport.claims),
            passport.selectinload(Passport.photos),
            listing.joinedload(Listing.organisation),
            listing.joinedload(Listing.hub),
            listing.joinedload(Listing.project),
            project.joinedload(Project.organisation),
            project.joinedload(Project.client),
            project.joinedload(Project.programme),
            joinedload(Proposal.hub),
        )
        .order_by(Proposal.value_eur.desc(), Proposal.id)
    )
    return session.scalars(query).all()


_LINES = (
    selectinload(Improvement.lines).options(
        joinedload(ImprovementLine.listing).joinedload(Listing.passport),
        joinedload(ImprovementLine.listing).joinedload(Listing.organisation),
        joinedload(ImprovementLine.need).joinedload(Need.project).joinedload(Project.organisation),
        joinedload(ImprovementLine.hub),
    ),
    selectinload(Improvement.agreements).joinedload(ImprovementAgreement.organisation),
)
