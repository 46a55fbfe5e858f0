"""Reading offers: one, those of somebody, and those out of a project; what is looked for is found in `catalogue`."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TypeVar

from sqlalchemy import ColumnElement, Select, and_, func, or_, select
from sqlalchemy.orm import contains_eager, joinedload, selectinload
from sqlalchemy.sql.base import ExecutableOption

from marketplace.kit import clock
from marketplace.kit.codes import normalise
from marketplace.kit.database import session
from marketplace.kit.errors import N_, NotFoundError
from marketplace.listings.models import ON_OFFER, Listing, ListingStatus, Stage
from marketplace.passports.models import Claim, HazardFinding, Passport
from marketplace.projects.models import Hub, Project, ProjectKind

Found = TypeVar("Found")


def find(reference: str) -> Listing | None:
    """Return the offer of this reference in any case, with everything that its page shows, or None."""
    query = select(Listing).where(Listing.reference == normalise(reference)).options(*_whole())
    return session.scalars(query).one_or_none()


def get(reference: str) -> Listing:
    """Return the offer of this reference in any case, with everything that its page shows. Raises NotFoundError."""
    return _found(find(reference))


def id_of(reference: str) -> int:
    """Return the id of the offer of this reference in any case. Raises NotFoundError."""
    return _found(session.scalar(select(Listing.id).where(Listing.reference == normalise(reference))))


def ids_of(references: Sequence[str]) -> dict[str, int]:
    """Return the ids of the offers with these references, no drafts, in the order in which they are asked for."""
    query = select(Listing.reference, Listing.id).where(Listing.reference.in_(references))
    rows = session.execute(query.where(Listing.status != ListingStatus.DRAFT))
    found = {row.reference: row.id for row in rows}
    return {reference: found[reference] for reference in references if reference in found}


def get_named(reference: str) -> Listing:
    """Return the offer of this reference in any case, with its owner and the passport's row. Raises NotFoundError."""
    query = select(Listing).where(Listing.reference == normalise(reference))
    options = (joinedload(Listing.passport), joinedload(Listing.organisation))
    return _found(session.scalars(query.options(*options)).one_or_none())


def _found(found: Found | None) -> Found:
    if found is None:
        raise NotFoundError(N_("Deze partij bestaat niet, of niet meer."))
    return found


def of_passport(passport_id: int) -> Sequence[Listing]:
    """Return the offers of what a passport describes, the newest first, with owner and hub."""
    query = select(Listing).where(Listing.passport_id == passport_id)
    options = (joinedload(Listing.organisation), joinedload(Listing.hub))
    return session.scalars(query.options(*options).order_by(Listing.created_at.desc(), Listing.id.desc())).all()


def newest_of_passports(passport_ids: Collection[int]) -> dict[int, Listing]:
    """Return the newest offer of each of these passports that has one, by their ids, with owner and hub."""
    query = select(Listing).where(Listing.passport_id.in_(passport_ids))
    options = (joinedload(Listing.organisation), joinedload(Listing.hub))
    rows = session.scalars(query.options(*options).order_by(Listing.created_at, Listing.id))
    return {listing.passport_id: listing for listing in rows}


def cards_of(ids: Sequence[int]) -> list[Listing]:
    """Return these offers in the order of their ids, ready to be shown as cards."""
    rows = session.scalars(select(Listing).where(Listing.id.in_(ids)).options(*_card()))
    found = {listing.id: listing for listing in rows}
    return [found[id_] for id_ in ids if id_ in found]


def of_organisation(organisation_id: int) -> Sequence[Listing]:
    """Return every offer of an organisation, drafts too, the newest first, ready to be shown as cards."""
    query = select(Listing).where(Listing.organisation_id == organisation_id).options(*_card())
    return session.scalars(query.order_by(Listing.created_at.desc(), Listing.id.desc())).all()


def of_project(project_id: int) -> Sequence[Listing]:
    """Return the published offers that come out of a project, the first to come free first, ready to be shown."""
    return of_projects([project_id])


def of_projects(project_ids: Collection[int]) -> Sequence[Listing]:
    """Return the published offers out of these projects, the first to come free first, ready to be shown as cards."""
    query = select(Listing).where(Listing.project_id.in_(project_ids), Listing.status == ListingStatus.PUBLISHED)
    return session.scalars(query.options(*_card()).order_by(Listing.available_from, Listing.id)).all()


def harvest_of(project_id: int, *, drafts_of: Collection[int] = ()) -> Sequence[Listing]:
    """Return what comes out of a project and is not gone, the first to come free first, ready to be shown as cards.

    Drafts belong to it where they are of the organisations `drafts_of`; what was withdrawn does not.
    """
    is_draft = and_(Listing.status == ListingStatus.DRAFT, Listing.organisation_id.in_(drafts_of))
    query = select(Listing).where(
        Listing.project_id == project_id,
        Listing.stage != Stage.GONE,
        or_(Listing.status == ListingStatus.PUBLISHED, is_draft),
    )
    return session.scalars(query.options(*_card()).order_by(Listing.available_from, Listing.id)).all()


def lots_per_hub(*, on: date | None = None) -> dict[int, int]:
    """Return how many open offers lie at each hub, by its id."""
    query = select(Listing.hub_id, func.count()).where(is_open(on or clock.today()), Listing.hub_id.is_not(None))
    return {hub_id: count for hub_id, count in session.execute(query.group_by(Listing.hub_id)) if hub_id is not None}


@dataclass(frozen=True, slots=True)
class Harvest:
    """Hold what is on offer out of one project: how many lots, how many still in place, and the next crusher day."""

    lots: int
    expected: int
    crusher_on: date | None


def harvest_per_project(project_ids: Collection[int], *, on: date | None = None) -> dict[int, Harvest]:
    """Return what is on offer out of each of these projects, by their ids; one statement."""
    today = on or clock.today()
    expected = func.count(Listing.id).filter(Listing.stage == Stage.EXPECTED)
    crusher = func.min(Listing.crusher_on).filter(Listing.crusher_on >= today)
    query = select(Listing.project_id, func.count(), expected, crusher).where(
        is_open(today), Listing.project_id.in_(project_ids)
    )
    rows = session.execute(query.group_by(Listing.project_id))
    return {id_: Harvest(lots, waiting, on_day) for id_, lots, waiting, on_day in rows if id_ is not None}


@dataclass(frozen=True, slots=True)
class Places:
    """Hold where an offer may lie and come from: every hub, and the organisations' own projects that yield material."""

    hubs: Sequence[Hub]
    projects: Sequence[Project]


def drafts_of_project(project_id: int, organisation_id: int) -> Sequence[Listing]:
    """Return what an organisation holds ready to offer out of a project, with passport and hazards, by name."""
    query = (
        select(Listing)
        .join(Listing.passport)
        .where(
            Listing.project_id == project_id,
            Listing.organisation_id == organisation_id,
            Listing.status == ListingStatus.DRAFT,
            Listing.stage != Stage.GONE,
        )
    )
    options = (contains_eager(Listing.passport), selectinload(Listing.passport, Passport.hazards))
    return session.scalars(query.options(*options).order_by(Passport.name, Listing.id)).all()


def templates_for(project: Project) -> Sequence[Project]:
    """Return the buildings of which a project can take over the harvest: its organisation's own, then the examples.

    Only those whose floor area is known, and out of which something is or was on offer.
    """
    own = Project.organisation_id == project.organisation_id
    lots = _to_copy(project.organisation_id).where(Listing.project_id == Project.id)
    query = select(Project).where(
        Project.id != project.id,
        Project.kind.in_((ProjectKind.DEMOLITION, ProjectKind.RENOVATION)),
        Project.floor_area_m2.is_not(None),
        or_(own, Project.is_example),
        lots.exists(),
    )
    return session.scalars(query.order_by(own.desc(), Project.name, Project.id)).all()


def lots_to_copy(template_id: int, organisation_id: int) -> Sequence[Listing]:
    """Return what came or will come out of a building, as far as this organisation may see it, with passports."""
    query = _to_copy(organisation_id).where(Listing.project_id == template_id).join(Listing.passport)
    return session.scalars(query.options(contains_eager(Listing.passport)).order_by(Passport.name, Listing.id)).all()


def _to_copy(organisation_id: int) -> Select[Listing]:
    own_draft = (Listing.status == ListingStatus.DRAFT) & (Listing.organisation_id == organisation_id)
    return select(Listing).where(or_(Listing.status == ListingStatus.PUBLISHED, own_draft))


def places_for(organisation_ids: Sequence[int]) -> Places:
    """Return the hubs in order of name, and these organisations' projects, the latest first."""
    own = or_(Project.organisation_id.in_(organisation_ids), Project.client_id.in_(organisation_ids))
    projects = select(Project).where(own, Project.kind != ProjectKind.CONSTRUCTION)
    return Places(
        hubs=session.scalars(select(Hub).order_by(Hub.name, Hub.id)).all(),
        projects=session.scalars(projects.order_by(Project.starts_on.desc(), Project.id)).all(),
    )


def published_since(moment: datetime) -> int:
    """Return how many of the open offers were published at or after this moment."""
    query = select(func.count()).select_from(Listing).where(is_open(clock.today()), Listing.published_at >= moment)
    return session.scalar(query) or 0


def is_open(on: date) -> ColumnElement[bool]:
    """Return the condition that others can reserve of an offer on the day `on`."""
    return and_(
        ON_OFFER,
        or_(Listing.available_until.is_(None), Listing.available_until >= on),
    )


def _card() -> tuple[ExecutableOption, ...]:
    return (
        joinedload(Listing.passport),
        selectinload(Listing.passport, Passport.photos),
        selectinload(Listing.passport, Passport.hazards),
        selectinload(Listing.passport, Passport.claims),
        joinedload(Listing.organisation),
        joinedload(Listing.hub),
    )


def _whole() -> tuple[ExecutableOption, ...]:
    passport = joinedload(Listing.passport)
    return (
        passport.joinedload(Passport.issuer),
        passport.joinedload(Passport.origin_project),
        passport.selectinload(Passport.hazards).joinedload(HazardFinding.document),
        passport.selectinload(Passport.claims).joinedload(Claim.document),
        passport.selectinload(Passport.photos),
        joinedload(Listing.organisation),
        joinedload(Listing.hub),
        joinedload(Listing.project),
    )
