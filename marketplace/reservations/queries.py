"""Reading reservations."""

from collections.abc import Collection
from decimal import Decimal

from sqlalchemy import Select, func, select
from sqlalchemy.orm import joinedload

from marketplace.kit.database import session
from marketplace.kit.errors import N_, NotFoundError
from marketplace.listings.models import Listing
from marketplace.passports.models import Passport
from marketplace.projects.models import Need
from marketplace.reservations.models import Basket, Reservation
from marketplace.reservations.states import State


def _with_its_world() -> Select[Reservation]:
    return select(Reservation).options(
        joinedload(Reservation.listing).joinedload(Listing.passport),
        joinedload(Reservation.listing).joinedload(Listing.organisation),
        joinedload(Reservation.listing).joinedload(Listing.hub),
        joinedload(Reservation.organisation),
        joinedload(Reservation.project),
        joinedload(Reservation.need),
        joinedload(Reservation.basket),
    )


def get(reference: str) -> Reservation:
    """Return the reservation of this reference with its listing, or raise NotFoundError."""
    found = session.scalar(_with_its_world().where(Reservation.reference == reference.upper()))
    if found is None:
        raise NotFoundError(N_("Deze reservering bestaat niet, of niet voor u."))
    return found


def made_by(organisation_ids: list[int]) -> list[Reservation]:
    """Return what these organisations reserved, the newest first."""
    query = _with_its_world().where(Reservation.organisation_id.in_(organisation_ids))
    return list(session.scalars(query.order_by(Reservation.created_at.desc(), Reservation.id.desc())))


def received_by(organisation_ids: list[int]) -> list[Reservation]:
    """Return what others reserved of these organisations: what waits for an answer first, then the newest."""
    query = _with_its_world().join(Reservation.listing).where(Listing.organisation_id.in_(organisation_ids))
    waiting_first = Reservation.state != State.REQUESTED
    return list(session.scalars(query.order_by(waiting_first, Reservation.created_at.desc(), Reservation.id.desc())))


def of_listing(listing_id: int) -> list[Reservation]:
    """Return the reservations of a listing, the oldest first."""
    query = _with_its_world().where(Reservation.listing_id == listing_id)
    return list(session.scalars(query.order_by(Reservation.created_at, Reservation.id)))


def of_project(project_id: int) -> list[Reservation]:
    """Return the reservations for a project, the oldest first."""
    query = _with_its_world().where(Reservation.project_id == project_id)
    return list(session.scalars(query.order_by(Reservation.created_at, Reservation.id)))


def get_basket(reference: str) -> Basket:
    """Return the basket of this reference with what it is for, or raise NotFoundError."""
    found = session.scalar(_baskets().where(Basket.reference == reference.upper()))
    if found is None:
        raise NotFoundError(N_("Dit mandje bestaat niet, of niet voor u."))
    return found


def baskets_of(organisation_ids: Collection[int]) -> list[Basket]:
    """Return the baskets of these organisations, the newest first."""
    query = _baskets().where(Basket.organisation_id.in_(organisation_ids))
    return list(session.scalars(query.order_by(Basket.created_at.desc(), Basket.id.desc())))


def of_basket(basket_id: int) -> list[Reservation]:
    """Return the reservations of a basket in the order in which they were made, with what the matcher asks of them."""
    passport = joinedload(Reservation.listing).joinedload(Listing.passport)
    query = _with_its_world().options(passport.selectinload(Passport.hazards))
    return list(session.scalars(query.where(Reservation.basket_id == basket_id).order_by(Reservation.id)))


def _baskets() -> Select[Basket]:
    need = joinedload(Basket.need)
    return select(Basket).options(
        joinedload(Basket.organisation), joinedload(Basket.project), need.joinedload(Need.project)
    )


def reserved_per_need(need_ids: list[int]) -> dict[int, Decimal]:
    """Return per need what is kept for it or was handed over for it, in the units of the listings."""
    query = (
        select(Reservation.need_id, func.sum(Reservation.held + Reservation.handed_over))
        .where(Reservation.need_id.in_(need_ids), Reservation.held + Reservation.handed_over > 0)
        .group_by(Reservation.need_id)
    )
    return {need_id: total for need_id, total in session.execute(query) if need_id is not None}


def refusals_of(need_id: int) -> dict[int, str]:
    """Return the lots, by id, of which the owner declined a request for this need, each with the latest reason."""
    query = (
        select(Reservation.listing_id, Reservation.reason)
        .where(Reservation.need_id == need_id, Reservation.state == State.DECLINED, Reservation.reason != "")
        .order_by(Reservation.decided_at, Reservation.id)
    )
    return {row.listing_id: row.reason for row in session.execute(query)}


def holds_something(organisation_id: int, listing_id: int) -> bool:
    """Tell whether this organisation has a confirmed reservation on the listing, so that it may see the address."""
    query = select(Reservation.id).where(
        Reservation.organisation_id == organisation_id,
        Reservation.listing_id == listing_id,
        Reservation.state.in_([State.CONFIRMED, State.HANDED_OVER]),
    )
    return session.scalar(query.limit(1)) is not None


def queue_of(listing_id: int) -> list[Reservation]:
    """Return who waits for a listing, the first in the queue first."""
    query = _with_its_world().where(Reservation.listing_id == listing_id, Reservation.state == State.WAITING)
    return list(session.scalars(query.order_by(Reservation.created_at, Reservation.id)))
