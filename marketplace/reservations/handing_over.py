"""Handing over what was reserved."""

from datetime import datetime
from decimal import Decimal

from marketplace.kit.database import session
from marketplace.kit.journal import By
from marketplace.listings import stock
from marketplace.listings.models import Listing
from marketplace.passports.admission import require_open_gate_of
from marketplace.reservations.models import Reservation
from marketplace.reservations.settling import overtaken, settle, step
from marketplace.reservations.states import State
from marketplace.reservations.telling import tell


def hand_over(reservation: Reservation, *, by: By, at: datetime) -> None:
    """Record that the reserved quantity has been fetched. Raises BlockedError where it may not leave."""
    settle([reservation.listing_id], at)
    if reservation.state is not State.CONFIRMED:
        raise overtaken()
    require_open_gate_of(session.get_one(Listing, reservation.listing_id).passport_id)
    held = reservation.held
    step(reservation, State.HANDED_OVER, at, held=Decimal(0), handed_over=reservation.handed_over + held)
    stock.hand_over(reservation.listing_id, held)
    tell(reservation, "reservation.handed_over", by, held)
