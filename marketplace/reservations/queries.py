"""Reading reservations."""

from collections.abc import Collection

from sqlalchemy import Select, select
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


def of_listing(listing_id: int) -> list[Reservation]:
    """Return the reservations of a listing, the oldest first."""
    query = _with_its_world().where(Reservation.listing_id == listing_id)
    return list(session.scalars(query.order_by(Reservation.created_at, Reservation.id)))


def of_project(project_id: int) -> list[Reservation]:
    """Return the reservations for a project, the oldest first."""
    query = _with_its_world().where(Reservation.project_id == project_id)
    return list(session.scalars(query.order_by(Reservation.created_at, Reservation.id)))


def of_need(need_id: int) -> list[Reservation]:
    """Return the reservations for a need, whatever became of them, the oldest first."""
    query = _with_its_world().where(Reservation.need_id == need_id)
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
    return of_baskets([basket_id])[basket_id]


def of_baskets(basket_ids: Collection[int]) -> dict[int, list[Reservation]]:
    """Return the same of several baskets, by their ids, in the statements that one takes."""
    passport = joinedload(Reservation.listing).joinedload(Listing.passport)
    site = joinedload(Reservation.need).joinedload(Need.project)
    query = _with_its_world().options(passport.selectinload(Passport.hazards), site)
    found: dict[int, list[Reservation]] = {basket_id: [] for basket_id in basket_ids}
    for row in session.scalars(query.where(Reservation.basket_id.in_(found)).order_by(Reservation.id)):
        if row.basket_id is not None:
            found[row.basket_id].append(row)
    return found


def _baskets() -> Select[Basket]:
    need = joinedload(Basket.need)
    return select(Basket).options(
        joinedload(Basket.organisation), joinedload(Basket.project), need.joinedload(Need.project)
    )


def refusals_of(need_id: int) -> dict[int, str]:
    """Return the lots, by id, of which the owner declined a request for this need, each with the latest reason."""
    query = (
        select(Reservation.listing_id, Reservation.reason)
        .where(Reservation.need_id == need_id, Reservation.state == State.DECLINED, Reservation.reason != "")
        .order_by(Reservation.decided_at, Reservation.id)
    )
    return {row.listing_id: row.reason for row in session.execute(query)}


def holds_something(organisation_ids: Collection[int], listing_id: int) -> bool:
    """Tell whether one of these has a confirmed reservation on the listing, so that it may see the address."""
    if not organisation_ids:
        return False
    query = select(Reservation.id).where(
        Reservation.organisation_id.in_(organisation_ids),
        Reservation.listing_id == listing_id,
        Reservation.state.in_([State.CONFIRMED, State.HANDED_OVER]),
    )
    return session.scalar(query.limit(1)) is not None


def has_reserved(organisation_ids: Collection[int], listing_id: int) -> bool:
    """Tell whether one of these organisations reserved something of the listing, whatever became of it."""
    among = (Reservation.organisation_id.in_(organisation_ids), Reservation.listing_id == listing_id)
    return session.scalar(select(Reservation.id).where(*among).limit(1)) is not None


def find_offered_part(waiting: Reservation) -> Reservation | None:
    """Return what is offered of the wish that this one waits for the rest of, with its listing, or None."""
    query = _with_its_world().where(
        Reservation.listing_id == waiting.listing_id,
        Reservation.organisation_id == waiting.organisation_id,
        Reservation.created_at == waiting.created_at,
        Reservation.state == State.OFFERED,
    )
    return session.scalars(query.order_by(Reservation.id).limit(1)).one_or_none()
