"""Reading hand-overs and appointments."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import contains_eager, joinedload

from marketplace.kit.database import session
from marketplace.kit.errors import N_, NotFoundError
from marketplace.listings.models import Listing
from marketplace.reservations.models import HandOver, HandOverState, PickUp, Reservation
from marketplace.reservations.states import State


def of_reservation(reservation_id: int) -> Sequence[HandOver]:
    """Return what was handed over of a reservation, and what waits to be confirmed, the newest first."""
    counts = (HandOver.reservation_id == reservation_id, HandOver.state != HandOverState.REJECTED)
    query = select(HandOver).where(*counts).options(joinedload(HandOver.passport))
    return session.scalars(query.order_by(HandOver.id.desc())).all()


def get(reservation_id: int, reference: str) -> HandOver:
    """Return a hand-over of a reservation, with the passport that went along. Raises NotFoundError."""
    among = (HandOver.reservation_id == reservation_id, HandOver.reference == reference.upper())
    found = session.scalars(select(HandOver).where(*among).options(joinedload(HandOver.passport))).one_or_none()
    if found is None:
        raise NotFoundError(N_("Deze overdracht bestaat niet, of niet voor u."))
    return found


def find_open(reservation_id: int) -> HandOver | None:
    """Return what one side reported of a reservation and the other has not confirmed yet, or None."""
    waiting = (HandOver.reservation_id == reservation_id, HandOver.state == HandOverState.REPORTED)
    return session.scalars(select(HandOver).where(*waiting)).one_or_none()


def last_pick_up(reservation_id: int) -> PickUp | None:
    """Return the newest appointment of a reservation, called off or not, or None."""
    query = select(PickUp).where(PickUp.reservation_id == reservation_id)
    return session.scalars(query.order_by(PickUp.id.desc()).limit(1)).one_or_none()


def find_pick_up(reference: str) -> PickUp | None:
    """Return the appointment of this reference, or None."""
    return session.scalars(select(PickUp).where(PickUp.reference == reference)).one_or_none()


def pick_ups_of(organisation_id: int, *, most: int = 500) -> Sequence[PickUp]:
    """Return the appointments of an organisation, of either side, the latest first, with all that they are about.

    Those of what was fetched already, given up or lapsed are not among them; those that were called off are.
    """
    query = (
        select(PickUp)
        .join(PickUp.reservation)
        .join(Reservation.listing)
        .where((Reservation.organisation_id == organisation_id) | (Listing.organisation_id == organisation_id))
        .where(Reservation.state == State.CONFIRMED)
        .options(
            contains_eager(PickUp.reservation).contains_eager(Reservation.listing).joinedload(Listing.passport),
            contains_eager(PickUp.reservation).contains_eager(Reservation.listing).joinedload(Listing.organisation),
            contains_eager(PickUp.reservation).joinedload(Reservation.organisation),
        )
    )
    return session.scalars(query.order_by(PickUp.starts_at.desc(), PickUp.id.desc()).limit(most)).all()
