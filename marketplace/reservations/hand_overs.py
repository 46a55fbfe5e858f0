"""Reading hand-overs."""

from collections.abc import Collection, Sequence
from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from marketplace.kit.database import session
from marketplace.kit.errors import N_, NotFoundError
from marketplace.reservations.models import HandOver, HandOverState, Reservation


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
    return open_of([reservation_id]).get(reservation_id)


def find_of_passport(passport_id: int) -> HandOver | None:
    """Return the latest hand-over with which a passport went along, with its reservation and project, or None."""
    query = select(HandOver).where(HandOver.passport_id == passport_id).order_by(HandOver.confirmed_at.desc())
    project = joinedload(HandOver.reservation).joinedload(Reservation.project)
    return session.scalars(query.options(project).limit(1)).one_or_none()


def open_of(reservation_ids: Collection[int]) -> dict[int, HandOver]:
    """Return what was reported of these reservations and not confirmed yet, by the ids of those of which it was."""
    waiting = (HandOver.reservation_id.in_(reservation_ids), HandOver.state == HandOverState.REPORTED)
    return {row.reservation_id: row for row in session.scalars(select(HandOver).where(*waiting))}


def left_to_fetch(reservation: Reservation, reported: HandOver | None) -> Decimal:
    """Return how much of what is held nobody reported as fetched, broken or lost, nor as given back."""
    if reported is None:
        return reservation.held
    left = reservation.held - reported.quantity - reported.broken - reported.lost
    return Decimal(0) if reported.releases_rest else max(left, Decimal(0))
