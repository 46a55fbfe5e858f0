"""What was reserved for a project as the matcher sees it: its way, its terms, and what they come to."""

from collections.abc import Sequence
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import contains_eager, joinedload, selectinload

from marketplace.kit.database import session
from marketplace.listings.models import Listing
from marketplace.matching.queries import Fit, fits_of
from marketplace.passports.models import Passport
from marketplace.projects.models import Need, Project
from marketplace.reservations.models import Reservation

_PASSPORT: Final = (
    selectinload(Passport.hazards),
    selectinload(Passport.claims),
    selectinload(Passport.photos),
)


def settled_of(project_id: int) -> Sequence[Fit]:
    """Return what is kept or was fetched for the needs of a project, with its value by the rates of now.

    Left out is what a rule would not allow any more: its value cannot be told.
    """
    amount = Reservation.held + Reservation.handed_over
    query = (
        select(Reservation)
        .join(Reservation.need)
        .where(Need.project_id == project_id, amount > 0)
        .options(
            contains_eager(Reservation.need).joinedload(Need.project).joinedload(Project.organisation),
            joinedload(Reservation.listing).options(
                joinedload(Listing.passport).options(*_PASSPORT),
                joinedload(Listing.organisation),
                joinedload(Listing.hub),
                joinedload(Listing.project),
            ),
        )
        .order_by(Reservation.id)
    )
    rows = session.scalars(query).all()
    return fits_of([(row.listing, row.need, row.held + row.handed_over) for row in rows if row.need is not None])
