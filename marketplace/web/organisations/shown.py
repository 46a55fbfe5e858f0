"""What the page of an organisation shows of its offers, projects and hubs."""

from dataclasses import dataclass

from sqlalchemy import func, or_, select
from sqlalchemy.orm import joinedload

from marketplace.kit.database import session
from marketplace.listings.models import Listing, ListingStatus
from marketplace.projects.models import Hub, Project

_NEWEST = 6


@dataclass(frozen=True, slots=True)
class Offered:
    """The number of published offers, and the newest of them with their passports."""

    count: int
    newest: list[Listing]


def offered_by(organisation_id: int) -> Offered:
    """Return what an organisation offers in public, the newest first."""
    of_it = (Listing.organisation_id == organisation_id, Listing.status == ListingStatus.PUBLISHED)
    newest = (
        select(Listing)
        .where(*of_it)
        .options(joinedload(Listing.passport))
        .order_by(Listing.published_at.desc(), Listing.id.desc())
        .limit(_NEWEST)
    )
    count = session.scalar(select(func.count()).select_from(Listing).where(*of_it))
    return Offered(count or 0, list(session.scalars(newest)))


def projects_of(organisation_id: int) -> list[Project]:
    """Return the projects that an organisation plans or has planned for it, the earliest first."""
    its = or_(Project.organisation_id == organisation_id, Project.client_id == organisation_id)
    return list(session.scalars(select(Project).where(its).order_by(Project.starts_on, Project.id)))


def hubs_of(organisation_id: int) -> list[Hub]:
    """Return the hubs that an organisation runs, in order of name."""
    return list(session.scalars(select(Hub).where(Hub.organisation_id == organisation_id).order_by(Hub.name, Hub.id)))
